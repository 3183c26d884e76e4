// What the browser of a store is made of.
#include "ui/stores/store_page.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeView>

#include "ui/widgets/button_row.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/preview_view.h"
#include "ui/widgets/wrap_row.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

/// A style sheet that gives lines room leaves out what a model says lies behind them.
class ObjectDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const QVariant behind = index.data(Qt::BackgroundRole);
        if (behind.isValid() && !(option.state & QStyle::State_Selected))
            painter->fillRect(option.rect, behind.value<QColor>());
        QStyledItemDelegate::paint(painter, option, index);
    }
};

} // namespace

void StorePage::addActions()
{
    const auto add = [this](const QString& label, const QKeySequence& key, auto slot) {
        auto* action = new QAction(label, this);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_add = add(tr("Add files…"), QKeySequence(Qt::Key_Insert), &StorePage::chooseFiles);
    m_openFolder = add(tr("Open folder"), {}, &StorePage::openFolder);
    m_useAsEvent
        = add(tr("Use as event"), QKeySequence(Qt::CTRL | Qt::Key_E), &StorePage::useAsEvent);
    m_openFile = add(tr("Open file"), QKeySequence(Qt::Key_Return), &StorePage::openFile);
    m_copyKey = add(tr("Copy key"), QKeySequence::Copy, &StorePage::copyKey);
    m_copyUri = add(tr("Copy S3 URI"), {}, &StorePage::copyUri);
    m_remove = add(tr("Delete…"), QKeySequence::Delete, &StorePage::removeSelected);
}

void StorePage::buildHead(QVBoxLayout* column)
{
    auto* head = new QHBoxLayout;
    m_title = new QLabel(this);
    m_title->setFont(uiFont(12.0, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    m_path = dimLabel(QString(), this);
    m_path->setTextFormat(Qt::PlainText);
    m_path->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_path->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_summary = dimLabel(QString(), this);
    m_summary->setObjectName(QStringLiteral("storeSummary"));
    head->addWidget(m_title);
    head->addSpacing(6);
    head->addWidget(m_path, 1);
    head->addWidget(m_summary);
    column->addLayout(head);
}

void StorePage::buildButtons(QVBoxLayout* column)
{
    auto* row = new WrapRow(this);
    m_filter = new QLineEdit(this);
    m_filter->setPlaceholderText(tr("Filter keys…"));
    m_filter->setAccessibleName(tr("Filter of the objects"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMinimumWidth(110);
    row->add(m_filter, true);
    row->add(actionButton(m_add, this));
    row->add(actionButton(m_useAsEvent, this));
    auto* open = new QPushButton(tr("Open"), this);
    auto* openMenu = new QMenu(open);
    openMenu->addActions({m_openFile, m_openFolder});
    open->setProperty("menu", true);
    open->setMenu(openMenu);
    auto* copy = new QPushButton(tr("Copy"), this);
    auto* copyMenu = new QMenu(copy);
    copyMenu->addActions({m_copyKey, m_copyUri});
    copy->setProperty("menu", true);
    copy->setMenu(copyMenu);
    row->add(open);
    row->add(copy);
    row->add(actionButton(m_remove, this));
    column->addWidget(row);

    auto* find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    find->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QAction::triggered, m_filter, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    addAction(find);
    auto* clear = new QAction(m_filter);
    clear->setShortcut(QKeySequence(Qt::Key_Escape));
    clear->setShortcutContext(Qt::WidgetShortcut);
    connect(clear, &QAction::triggered, m_filter, &QLineEdit::clear);
    m_filter->addAction(clear);
    connect(m_filter, &QLineEdit::textChanged, this, [this] { m_filterLater.start(); });
    connect(m_filter, &QLineEdit::returnPressed, this, [this] {
        m_filterLater.stop();
        m_model.setFilter(m_filter->text());
        m_list->setFocus(Qt::OtherFocusReason);
    });
}

void StorePage::buildList(QVBoxLayout* column)
{
    m_list = new QTreeView(this);
    m_list->setObjectName(QStringLiteral("objects"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new ObjectDelegate(m_list));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setAccessibleName(tr("Objects of the store"));
    m_list->setSortingEnabled(true);
    m_list->sortByColumn(StoreModel::Key, Qt::AscendingOrder);
    // Measured once, not over ten thousand rows.
    const QFontMetrics metrics = m_list->fontMetrics();
    QHeaderView* header = m_list->header();
    header->setFont(uiFont(8.5, QFont::DemiBold));
    header->setStretchLastSection(false);
    header->setSectionResizeMode(StoreModel::Key, QHeaderView::Stretch);
    header->resizeSection(StoreModel::Size, metrics.horizontalAdvance(tr("0,000 KB")) + 24);
    header->resizeSection(StoreModel::Modified, metrics.horizontalAdvance(tr("Modified")) + 48);
    // For the list alone: in the filter these keys are the text's.
    for (QAction* action : {m_openFile, m_copyKey, m_remove})
        m_list->addAction(action);
    addAction(m_add);
    addAction(m_useAsEvent);

    auto* listSide = new Card(this);
    m_pages = new QStackedLayout(listSide);
    m_pages->setContentsMargins(2, 2, 2, 2);
    m_pages->addWidget(m_list);
    auto* blank = new QWidget(listSide);
    auto* inBlank = new QVBoxLayout(blank);
    inBlank->setContentsMargins(24, 24, 24, 24);
    m_empty = new WrappedLabel(blank);
    m_empty->setObjectName(QStringLiteral("storeEmpty"));
    m_empty->setProperty("dim", true);
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setTextInteractionFlags(Qt::TextSelectableByMouse);
    inBlank->addStretch(1);
    inBlank->addWidget(m_empty);
    inBlank->addStretch(2);
    m_pages->addWidget(blank);

    auto* previewSide = new Card(this); // as white as what it shows
    auto* inPreview = new QVBoxLayout(previewSide);
    inPreview->setContentsMargins(10, 8, 10, 8);
    inPreview->setSpacing(6);
    m_previewTitle = new QLabel(previewSide);
    m_previewTitle->setFont(uiFont(9.5, QFont::DemiBold));
    m_previewTitle->setTextFormat(Qt::PlainText);
    m_previewTitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_preview = new PreviewView(previewSide);
    inPreview->addWidget(m_previewTitle);
    inPreview->addWidget(m_preview, 1);

    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(9);
    split->setChildrenCollapsible(false);
    listSide->setMinimumWidth(240);
    previewSide->setMinimumWidth(180);
    split->addWidget(listSide);
    split->addWidget(previewSide);
    split->setSizes({520, 400});
    column->addWidget(split, 1);
}

void StorePage::buildProgress(QVBoxLayout* column)
{
    m_progressRow = new QWidget(this);
    auto* row = new QHBoxLayout(m_progressRow);
    row->setContentsMargins(0, 0, 0, 0);
    m_progressText = dimLabel(QString(), m_progressRow);
    m_progressText->setTextFormat(Qt::PlainText);
    m_progressText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_progress = new QProgressBar(m_progressRow);
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of copying"));
    auto* cancel = new QPushButton(tr("Cancel"), m_progressRow);
    connect(cancel, &QPushButton::clicked, this, [this] { m_jobs.cancel(); });
    row->addWidget(m_progressText, 2);
    row->addWidget(m_progress, 1);
    row->addWidget(cancel);
    m_progressRow->hide();
    column->addWidget(m_progressRow);
}

} // namespace coldframe::ui
