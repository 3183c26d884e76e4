#include "ui/queues/queue_page.h"

#include <QAction>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QScrollBar>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QTreeView>

#include <algorithm>

#include "ui/charts/queue_charts.h"
#include "ui/queues/message_pane.h"
#include "ui/queues/message_text.h"
#include "ui/support/format.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/wrapped_label.h"

namespace coldframe::ui {

namespace {

constexpr int kLookMs = 250; ///< four looks a second, of which each waits for the one before
constexpr int kChartsTab = 0, kMessageTab = 1;

} // namespace

QueuePage::QueuePage(QWidget* parent) : Card(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(8);
    addActions();
    buildHead(column);
    buildList(column);
    m_look.setInterval(kLookMs);
    connect(&m_look, &QTimer::timeout, this, qOverload<>(&QueuePage::ask));
    connect(m_tabs, &QTabBar::currentChanged, m_detail, &QStackedWidget::setCurrentIndex);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &QueuePage::choose);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_updating)
            refreshActions();
    });
    connect(m_list, &QTreeView::doubleClicked, this, &QueuePage::edit);
    connect(m_list, &QWidget::customContextMenuRequested, this, &QueuePage::openMenu);
    connect(m_message, &MessagePane::saveWanted, this, &QueuePage::save);
    refreshColumns();
    refreshList();
}

void QueuePage::setPort(SessionPort* port)
{
    m_port = port;
    m_snapshot.reset();
    setQueue({});
    if (port) {
        connect(port, &SessionPort::snapshotChanged, this, &QueuePage::follow);
        follow(port->snapshot());
        m_look.start();
    } else {
        m_look.stop();
    }
}

void QueuePage::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_model.setTheme(theme);
    m_message->setTheme(theme);
    m_charts->setTheme(theme);
    m_bar->setTheme(theme);
    m_deadBar->setTheme(theme);
    m_givenUpBar->setTheme(theme);
}

void QueuePage::setQueue(const QString& name)
{
    if (name == m_name)
        return;
    m_name = name;
    m_wanted.clear();
    ++m_number;
    m_waiting = false;
    m_message->endEditing();
    m_updating = true;
    m_model.setMessages({}, {});
    m_updating = false;
    m_chosen.reset();
    m_read = 0;
    m_depth = 0;
    m_bar->hide();
    m_givenUpBar->hide();
    m_rulesShown.clear();
    m_title->setText(name);
    refreshColumns();
    showChosen();
    if (m_snapshot)
        follow(m_snapshot);
    refreshList();
    ask();
}

void QueuePage::showEvent(QShowEvent* event)
{
    Card::showEvent(event);
    if (m_snapshot)
        follow(m_snapshot);
    ask();
}

const Store* QueuePage::store() const
{
    const Workspace* workspace = m_snapshot ? m_snapshot->workspace.get() : nullptr;
    return workspace ? workspace->findStore(m_name.toStdString()) : nullptr;
}

const QueueStore* QueuePage::rules() const
{
    const Store* found = store();
    return found ? std::get_if<QueueStore>(&found->kind) : nullptr;
}

void QueuePage::follow(const SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    if (m_name.isEmpty() || !rules() || !isVisible())
        return;
    showRules();
    showGivenUp();
    const auto at = static_cast<std::size_t>(store() - snapshot->workspace->stores.data());
    if (at < snapshot->stores.size() && snapshot->stores[at].queue)
        showDepth(*snapshot->stores[at].queue);
}

void QueuePage::showRules()
{
    const QString said = rulesText(*rules());
    const QString dead = deadLettersText(*m_snapshot->workspace, m_name.toStdString());
    if (said + dead == m_rulesShown)
        return;
    m_rulesShown = said + dead;
    m_title->setText(dead.isEmpty() ? m_name : tr("%1 · dead letters").arg(m_name));
    m_rules->setText(said);
    m_rules->setToolTip(said);
    m_deadBar->setText(dead);
    m_deadBar->setVisible(!dead.isEmpty());
    refreshColumns();
    refreshList();
}

/// Of a queue that gives messages up: where they are, as long as any lies there.
void QueuePage::showGivenUp()
{
    const Workspace& workspace = *m_snapshot->workspace;
    const Store* dead = workspace.findStore(rules()->deadLetters);
    const auto at = dead ? static_cast<std::size_t>(dead - workspace.stores.data()) : 0;
    const session::QueueView* view
        = dead && at < m_snapshot->stores.size() && m_snapshot->stores[at].queue
        ? &*m_snapshot->stores[at].queue
        : nullptr;
    const std::uint32_t depth = view ? view->now.depth() : 0;
    m_givenUpBar->setVisible(depth > 0);
    if (depth == 0)
        return;
    const QString name = text(dead->name);
    m_givenUpBar->setText(
        depth == 1 ? tr("1 message lies in “%1”, where what was given up here goes.").arg(name)
                   : tr("%1 messages lie in “%2”, where what was given up here goes.")
                         .arg(countText(depth), name));
    m_openDead->setText(tr("Open %1").arg(name));
}

void QueuePage::showDepth(const session::QueueView& view)
{
    QString said = depthText(view.now);
    if (view.now.depth() > kMostListed)
        said += tr(" · the oldest %1 are listed").arg(countText(kMostListed));
    if (view.tally.filteredOut > 0)
        said += tr(" · %1 left out by a filter").arg(countText(view.tally.filteredOut));
    m_summary->setText(said);
    if (std::exchange(m_depth, view.now.depth()) != view.now.depth())
        refreshList();
    const bool warns = view.now.depth() > 0;
    m_deadBar->setTone(warns ? Tone::Warning : Tone::Accent,
                       warns ? QStringLiteral("warning") : QStringLiteral("info"));
    if (m_charts->isVisible())
        m_charts->showQueue(view, m_snapshot->now);
}

/// What is there, while somebody looks.
void QueuePage::ask()
{
    if (m_waiting || m_name.isEmpty() || !isVisible() || !queues())
        return;
    m_waiting = true;
    queues()->list(m_name.toStdString(), kMostListed, this,
                   [this, number = m_number](const std::vector<session::MessageView>& messages) {
                       if (number != m_number)
                           return;
                       m_waiting = false;
                       take(messages);
                   });
}

void QueuePage::take(const std::vector<session::MessageView>& messages)
{
    std::set<std::uint64_t> selected;
    for (const std::uint64_t key : selectedKeys())
        selected.insert(key);
    const bool scrolled = m_list->verticalScrollBar()->value() > 0;
    const QModelIndex top = scrolled ? m_list->indexAt({2, 2}) : QModelIndex();
    const std::uint64_t first = top.isValid() ? m_model.message(top.row()).key : 0;
    m_updating = true;
    m_model.setMessages(messages, m_snapshot ? m_snapshot->now : TimePoint{});
    keepChosen(selected, first);
    m_updating = false;
    refreshColumns();
    refreshList();
    showChosen();
    chooseWanted();
}

/// Messages that were received and deleted go from under the reader: what is chosen stays chosen,
/// what is read stays where it is, and nothing else takes the place of a message that went.
void QueuePage::keepChosen(const std::set<std::uint64_t>& selected, std::uint64_t first)
{
    QItemSelectionModel& selection = *m_list->selectionModel();
    const auto row = m_chosen ? m_model.find(m_chosen->key) : std::nullopt;
    const QModelIndex wanted = row ? m_model.index(*row, 0) : QModelIndex();
    if (selection.currentIndex().row() != wanted.row())
        selection.setCurrentIndex(wanted, QItemSelectionModel::NoUpdate);
    QItemSelection kept;
    std::size_t count = 0;
    for (const std::uint64_t key : selected)
        if (const auto at = m_model.find(key)) {
            kept.select(m_model.index(*at, 0), m_model.index(*at, MessagesModel::kColumns - 1));
            ++count;
        }
    if (selectedKeys().size() != count)
        selection.select(kept, QItemSelectionModel::ClearAndSelect);
    if (const auto at = first > 0 ? m_model.find(first) : std::nullopt)
        m_list->scrollTo(m_model.index(*at, 0), QAbstractItemView::PositionAtTop);
}

/// Columns that say nothing here take no room.
void QueuePage::refreshColumns()
{
    bool problems = false, given = false;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        problems = problems || !m_model.message(row).problem.empty();
        given = given || !m_model.message(row).from.empty();
    }
    const bool fifo = rules() && rules()->fifo;
    for (const auto& [column, wanted] : {std::pair{MessagesModel::Problem, problems},
                                         {MessagesModel::From, given},
                                         {MessagesModel::Group, fifo}})
        if (m_list->isColumnHidden(column) == wanted)
            m_list->setColumnHidden(column, !wanted);
}

void QueuePage::refreshList()
{
    const bool empty = m_model.rowCount() == 0;
    if (empty && rules()) {
        const QString said = m_depth > 0 // the list comes a moment later
            ? tr("Listing…")
            : emptyQueueText(*m_snapshot->workspace, *store());
        if (said != m_empty->text())
            m_empty->setText(said);
    }
    m_pages->setCurrentIndex(empty ? 1 : 0);
    refreshActions();
}

void QueuePage::refreshActions()
{
    const std::vector<std::uint64_t> keys = meantKeys();
    const auto isGivenUp = [this](std::uint64_t key) {
        const auto row = m_model.find(key);
        return row && !m_model.message(*row).from.empty();
    };
    bool anyGivenUp = false;
    for (int row = 0; row < m_model.rowCount() && !anyGivenUp; ++row)
        anyGivenUp = !m_model.message(row).from.empty();
    const bool reachable = queues() && rules();
    m_new->setEnabled(reachable);
    m_copy->setEnabled(reachable && m_chosen && m_read == m_chosen->key);
    m_edit->setEnabled(reachable && current() && keys.size() <= 1);
    m_remove->setEnabled(reachable && !keys.empty());
    m_sendBack->setEnabled(reachable && std::ranges::any_of(keys, isGivenUp));
    m_sendBack->setToolTip(m_sendBack->isEnabled()
                               ? tr("Back to the queue it was given up in")
                               : tr("For messages that were given up in another queue"));
    m_sendAllBack->setEnabled(reachable && anyGivenUp);
    const bool dead = !m_deadBar->isHidden();
    m_sendAllBack->setVisible(dead || anyGivenUp);
    m_purge->setEnabled(reachable && m_model.rowCount() > 0);
}

void QueuePage::say(Tone tone, const QString& said)
{
    m_bar->setTone(tone, tone == Tone::Accent ? QStringLiteral("info") : QStringLiteral("warning"));
    m_bar->setText(said);
    m_bar->show();
}

const session::MessageView* QueuePage::current() const
{
    const auto row = m_chosen ? m_model.find(m_chosen->key) : std::nullopt;
    return row ? &m_model.message(*row) : nullptr;
}

std::vector<std::uint64_t> QueuePage::selectedKeys() const
{
    std::vector<std::uint64_t> keys;
    for (const QModelIndex& index : m_list->selectionModel()->selectedRows())
        keys.push_back(m_model.message(index.row()).key);
    std::ranges::sort(keys);
    return keys;
}

std::vector<std::uint64_t> QueuePage::meantKeys() const
{
    std::vector<std::uint64_t> keys = selectedKeys();
    if (const session::MessageView* message = keys.empty() ? current() : nullptr)
        keys.push_back(message->key);
    return keys;
}

/// By a person; not by rows that move.
void QueuePage::choose(const QModelIndex& index)
{
    if (m_updating || !index.isValid())
        return;
    m_message->endEditing();
    m_chosen = m_model.message(index.row());
    m_tabs->setTabEnabled(kMessageTab, true);
    m_tabs->setCurrentIndex(kMessageTab);
    showChosen();
}

void QueuePage::showChosen()
{
    if (!m_chosen) {
        m_tabs->setCurrentIndex(kChartsTab);
        m_tabs->setTabEnabled(kMessageTab, false);
        refreshActions();
        return;
    }
    const session::MessageView* now = current();
    const bool changed
        = now && (now->bytes != m_chosen->bytes || now->beginning != m_chosen->beginning);
    if (now)
        m_chosen = *now;
    m_message->showMessage(*m_chosen, m_model.now(), !now);
    if (now && (m_read != m_chosen->key || changed))
        readChosen();
    refreshActions();
}

void QueuePage::readChosen()
{
    if (!queues())
        return;
    m_read = m_chosen->key;
    queues()->read(m_chosen->key, this,
                   [this, key = m_chosen->key](const Result<session::MessageText>& read) {
                       if (!m_chosen || m_chosen->key != key)
                           return;
                       if (read)
                           m_message->showText(*read);
                       else
                           m_message->showProblem(text(describe(read.error())));
                       refreshActions();
                   });
}

} // namespace coldframe::ui
