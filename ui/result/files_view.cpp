#include "ui/result/files_view.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTreeWidget>
#include <QUrl>

#include "ui/support/format.h"
#include "ui/widgets/card.h"
#include "ui/widgets/preview_view.h"

namespace coldframe::ui {

namespace {
constexpr int kStoreRole = Qt::UserRole, kKeyRole = Qt::UserRole + 1, kBytesRole = Qt::UserRole + 2;
constexpr std::size_t kMostListed = 2000;
} // namespace

QString fileInStore(const QString& folder, const QString& key)
{
    const QString root = QDir(folder).canonicalPath();
    const QString file = QDir::cleanPath(root + QLatin1Char('/') + key);
    if (root.isEmpty() || !file.startsWith(root + QLatin1Char('/')))
        return {};
    // A link in the folder may lead anywhere: what lies elsewhere is not shown.
    const QString real = QFileInfo(file).canonicalFilePath();
    return real.isEmpty() || real.startsWith(root + QLatin1Char('/')) ? file : QString();
}

FilesView::FilesView(QWidget* parent)
    : QWidget(parent), m_summary(dimLabel(QString(), this)),
      m_openFolder(new QPushButton(tr("Open folder"), this)), m_split(new QSplitter(Qt::Vertical)),
      m_list(new QTreeWidget), m_preview(new PreviewView)
{
    m_summary->setWordWrap(true);
    m_list->setAccessibleName(tr("Files written by the attempt"));
    m_list->setHeaderLabels({tr("Object"), tr("Store"), tr("Size")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAlternatingRowColors(true);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->header()->setFont(uiFont(8.5, QFont::DemiBold));
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_split->addWidget(m_list);
    m_split->addWidget(m_preview);
    m_split->setStretchFactor(0, 2);
    m_split->setStretchFactor(1, 3);
    m_split->setChildrenCollapsible(false);
    auto* head = new QHBoxLayout;
    head->addWidget(m_summary, 1);
    head->addWidget(m_openFolder, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_split, 1);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &FilesView::showCurrent);
    connect(m_openFolder, &QPushButton::clicked, this, &FilesView::openFolder);
    setWork({});
}

void FilesView::openFolder()
{
    const QString file = fileOf(m_list->currentItem());
    if (file.isEmpty())
        return;
    const QString folder = QFileInfo(file).absolutePath();
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        m_summary->setText(tr("No program is set up to open folders. This one is %1").arg(folder));
}

void FilesView::setTheme(const Theme& theme)
{
    m_preview->setTheme(theme);
}

void FilesView::setWork(const StoreWork& work)
{
    m_list->clear();
    const std::size_t shown = std::min(work.outputs.size(), kMostListed);
    const std::uint64_t count = work.outputs.size() + work.moreOutputs;
    QList<QTreeWidgetItem*> items;
    for (std::size_t i = 0; i < shown; ++i) {
        const Output& output = work.outputs[i];
        auto* item
            = new QTreeWidgetItem({text(output.key), text(output.store), bytesText(output.bytes)});
        item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(0, text(output.key));
        item->setData(0, kStoreRole, text(output.store));
        item->setData(0, kKeyRole, text(output.key));
        item->setData(0, kBytesRole, static_cast<qulonglong>(output.bytes));
        items.append(item);
    }
    m_list->addTopLevelItems(items);
    m_split->setVisible(count > 0);
    m_openFolder->setVisible(count > 0);
    if (count == 0)
        m_summary->setText(
            tr("What an attempt writes into a store with put_object is listed here, with "
               "a preview. Stores are S3 buckets of the same name; SDKs find them by "
               "themselves."));
    else if (count > shown)
        m_summary->setText(tr("%1 files written; these are the first %2.")
                               .arg(countText(count), countText(shown)));
    else
        m_summary->setText(count == 1 ? tr("1 file written")
                                      : tr("%1 files written").arg(countText(count)));
    if (!items.isEmpty())
        m_list->setCurrentItem(items.front());
}

QString FilesView::fileOf(const QTreeWidgetItem* item) const
{
    if (!item)
        return {};
    const QString folder = m_folders.value(item->data(0, kStoreRole).toString());
    return folder.isEmpty() ? QString() : fileInStore(folder, item->data(0, kKeyRole).toString());
}

void FilesView::showCurrent()
{
    const QTreeWidgetItem* item = m_list->currentItem();
    const QString file = fileOf(item);
    m_openFolder->setEnabled(!file.isEmpty());
    if (!item)
        return m_preview->showNothing({});
    if (file.isEmpty())
        return m_preview->showNothing(tr("Its store is no longer in the workspace."));
    m_preview->showFile(file);
}

} // namespace coldframe::ui
