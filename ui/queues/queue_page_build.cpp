// What the page of a queue is made of.
#include "ui/queues/queue_page.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QTreeView>

#include "ui/charts/queue_charts.h"
#include "ui/queues/message_pane.h"
#include "ui/widgets/button_row.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/wrap_row.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {
constexpr int kRulesLetters
    = 30; ///< of a queue's rules; with less room they get a line of their own
} // namespace

void QueuePage::addActions()
{
    const auto add = [this](const QString& label, const QKeySequence& key, auto slot) {
        auto* action = new QAction(label, this);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_new = add(tr("New message…"), QKeySequence(Qt::CTRL | Qt::Key_N), &QueuePage::newMessage);
    m_copy = add(tr("Send copy…"), QKeySequence(), &QueuePage::sendCopy);
    m_edit = add(tr("Edit"), QKeySequence(Qt::Key_Return), &QueuePage::edit);
    m_remove = add(tr("Delete…"), QKeySequence::Delete, &QueuePage::removeSelected);
    m_sendBack = add(tr("Send back"), QKeySequence(), &QueuePage::sendBackSelected);
    m_sendAllBack = add(tr("Send all back"), QKeySequence(), &QueuePage::sendAllBack);
    m_purge = add(tr("Purge…"), QKeySequence(), &QueuePage::purge);
    m_limits = add(tr("Limits…"), QKeySequence(), &QueuePage::editWanted);
    m_limits->setToolTip(tr("Visibility timeout, receives, retention and the like: a change holds "
                            "while it runs (Alt+Enter)"));
    m_new->setToolTip(tr("Sends a message to this queue (Ctrl+N)"));
    m_copy->setToolTip(tr("Sends a new message with this body, which can be changed first"));
    m_edit->setToolTip(tr("Changes the body of the message where it lies (Enter)"));
    m_remove->setToolTip(tr("Deletes the chosen messages (Delete)"));
    m_sendAllBack->setToolTip(tr("Each message goes back to the queue it was given up in"));
    m_purge->setToolTip(tr("Deletes all messages of the queue"));
}

void QueuePage::buildHead(QVBoxLayout* column)
{
    auto* head = new QHBoxLayout;
    m_title = new QLabel(this);
    m_title->setFont(uiFont(12.0, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    m_summary = dimLabel(QString(), this);
    m_summary->setObjectName(QStringLiteral("queueSummary"));
    head->addWidget(m_title);
    head->addSpacing(6);
    head->addWidget(m_summary, 1);
    column->addLayout(head);
    m_rules = new ElidedLabel(QString(), this);
    m_rules->setProperty("dim", true);
    m_rules->setObjectName(QStringLiteral("queueRules"));
    m_rules->setMinimumWidth(fontMetrics().averageCharWidth() * kRulesLetters);
    auto* under = new WrapRow(this);
    under->add(m_rules, true);
    for (QAction* action : {m_new, m_sendAllBack, m_limits, m_purge})
        under->add(actionButton(action, this));
    column->addWidget(under);

    m_deadBar = new MessageBar(Tone::Accent, QStringLiteral("info"), this);
    m_deadBar->setObjectName(QStringLiteral("deadLetters"));
    m_deadBar->hide();
    column->addWidget(m_deadBar);
    m_givenUpBar = new MessageBar(Tone::Warning, QStringLiteral("warning"), this);
    m_openDead = m_givenUpBar->addButton(QString());
    m_openDead->setObjectName(QStringLiteral("openDeadLetters"));
    connect(m_openDead, &QPushButton::clicked, this, [this] {
        if (rules())
            Q_EMIT queueWanted(QString::fromStdString(rules()->deadLetters));
    });
    m_givenUpBar->hide();
    column->addWidget(m_givenUpBar);
    m_bar = new MessageBar(Tone::Warning, QStringLiteral("warning"), this);
    m_bar->setDismissable();
    m_bar->hide();
    connect(m_bar, &MessageBar::dismissed, m_bar, &QWidget::hide);
    column->addWidget(m_bar);
}

QWidget* QueuePage::buildListSide()
{
    m_list = new QTreeView(this);
    m_list->setObjectName(QStringLiteral("messages"));
    m_list->setModel(&m_model);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setAccessibleName(tr("Messages of the queue"));
    const QFontMetrics metrics = m_list->fontMetrics();
    QHeaderView* header = m_list->header();
    header->setFont(uiFont(8.5, QFont::DemiBold));
    header->setStretchLastSection(true);
    header->setMinimumSectionSize(40);
    const std::pair<int, const char*> widths[]
        = {{MessagesModel::Sent, "00:00:00"},
           {MessagesModel::State, "in flight, 00 s"},
           {MessagesModel::Problem, "ValueError: no such"},
           {MessagesModel::From, "a queue"},
           {MessagesModel::Body, "{\"a body\": \"of so many letters\"}"},
           {MessagesModel::Receives, "Received"},
           {MessagesModel::Size, "000 KB"},
           {MessagesModel::Sender, "sender"},
           {MessagesModel::Group, "a group"}};
    for (const auto& [section, sample] : widths)
        header->resizeSection(section, metrics.horizontalAdvance(QLatin1String(sample)) + 20);
    for (QAction* action : {m_edit, m_remove}) // for the list alone: elsewhere these keys are text
        m_list->addAction(action);
    addAction(m_new);

    auto* side = new Card(this);
    m_pages = new QStackedLayout(side);
    m_pages->setContentsMargins(2, 2, 2, 2);
    m_pages->addWidget(m_list);
    auto* blank = new QWidget(side);
    auto* inBlank = new QVBoxLayout(blank);
    inBlank->setContentsMargins(24, 24, 24, 24);
    m_empty = new WrappedLabel(blank);
    m_empty->setObjectName(QStringLiteral("queueEmpty"));
    m_empty->setProperty("dim", true);
    m_empty->setTextFormat(Qt::PlainText);
    inBlank->addStretch(1);
    inBlank->addWidget(m_empty);
    inBlank->addStretch(2);
    m_pages->addWidget(blank);
    side->setMinimumWidth(240);
    return side;
}

QWidget* QueuePage::buildDetailSide()
{
    auto* side = new Card(this);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(10, 4, 10, 8);
    column->setSpacing(8);
    m_tabs = new QTabBar(side);
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->addTab(tr("Last 120 s"));
    m_tabs->addTab(tr("Message"));
    m_tabs->setAccessibleName(tr("The queue over time, or the chosen message"));
    column->addWidget(m_tabs);
    m_detail = new QStackedWidget(side);
    m_charts = new QueueCharts(m_detail);
    m_detail->addWidget(m_charts);
    m_message = new MessagePane(m_detail);
    m_message->setActions({m_edit, m_copy, m_sendBack, m_remove});
    m_detail->addWidget(m_message);
    column->addWidget(m_detail, 1);
    m_tabs->setTabEnabled(1, false); // until one is chosen
    side->setMinimumWidth(180);
    return side;
}

void QueuePage::buildList(QVBoxLayout* column)
{
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(9);
    split->setChildrenCollapsible(false);
    split->addWidget(buildListSide());
    split->addWidget(buildDetailSide());
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({530, 400}); // the buttons of a message in one row
    column->addWidget(split, 1);
}

} // namespace coldframe::ui
