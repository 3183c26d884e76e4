#include "ui/result/files_view.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTreeView>
#include <QUrl>

#include "ui/result/outputs_model.h"
#include "ui/support/format.h"
#include "ui/widgets/card.h"
#include "ui/widgets/preview_view.h"

namespace coldframe::ui {

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
      m_open(new QPushButton(tr("Open folder"), this)), m_split(new QSplitter(Qt::Vertical)),
      m_model(new OutputsModel(this)), m_list(new QTreeView), m_preview(new PreviewView)
{
    m_summary->setWordWrap(true);
    m_list->setAccessibleName(tr("Files written by the attempt"));
    m_list->setModel(m_model);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAlternatingRowColors(true);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->header()->setFont(uiFont(8.5, QFont::DemiBold));
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setResizeContentsPrecision(50); // rows it looks at: of thousands, enough
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
    head->addWidget(m_open, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(m_split, 1);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &FilesView::showCurrent);
    connect(m_open, &QPushButton::clicked, this, &FilesView::open);
    setWork({});
}

void FilesView::setQueues(const QSet<QString>& queues)
{
    m_model->setQueues(queues);
}

void FilesView::open()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid() || !m_model->isMessage(current.row()))
        return openFolder();
    const Output& message = m_model->output(current.row());
    Q_EMIT messageWanted(text(message.store), text(message.key));
}

void FilesView::openFolder()
{
    const QString file = fileOf(m_list->currentIndex());
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

QString FilesView::summaryOf(const StoreWork& work) const
{
    std::uint64_t messages = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        messages += m_model->isMessage(row) ? 1 : 0;
    const std::uint64_t all = work.outputs.size() + work.moreOutputs, files = all - messages;
    if (all == 0)
        return tr("What an attempt writes into a store with put_object, or sends into a queue with "
                  "send_message, is listed here. Stores are S3 buckets of the same name, queues "
                  "are SQS queues; SDKs find them by themselves.");
    if (work.moreOutputs > 0)
        return tr("%1 outputs; these are the first %2.")
            .arg(countText(all), countText(work.outputs.size()));
    QStringList parts;
    if (files > 0)
        parts << (files == 1 ? tr("1 file written") : tr("%1 files written").arg(countText(files)));
    if (messages > 0)
        parts << (messages == 1 ? tr("1 message sent")
                                : tr("%1 messages sent").arg(countText(messages)));
    return parts.join(QStringLiteral(" · "));
}

void FilesView::setWork(const StoreWork& work)
{
    const std::size_t shown = work.outputs.size();
    const std::uint64_t count = shown + work.moreOutputs;
    m_model->setOutputs(work.outputs);
    m_split->setVisible(count > 0);
    m_open->setVisible(count > 0);
    m_summary->setText(summaryOf(work));
    if (shown > 0)
        m_list->setCurrentIndex(m_model->index(0, 0));
    else
        showCurrent();
}

QString FilesView::fileOf(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const Output& output = m_model->output(index.row());
    const QString folder = m_folders.value(text(output.store));
    return folder.isEmpty() ? QString() : fileInStore(folder, text(output.key));
}

void FilesView::showCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    const bool message = current.isValid() && m_model->isMessage(current.row());
    const QString file = message ? QString() : fileOf(current);
    m_open->setText(message ? tr("Open queue") : tr("Open folder"));
    m_open->setEnabled(message || !file.isEmpty());
    if (!current.isValid())
        return m_preview->showNothing({});
    if (message)
        return m_preview->showNothing(
            tr("A message in the queue “%1”. “Open queue” shows it as long as it is there.")
                .arg(text(m_model->output(current.row()).store)));
    if (file.isEmpty())
        return m_preview->showNothing(tr("Its store is no longer in the workspace."));
    m_preview->showFile(file);
}

} // namespace coldframe::ui
