#include "ui/shell/workspace_area.h"

#include <QMouseEvent>
#include <QSplitter>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/dialogs/bars.h"
#include "ui/dialogs/debug_bars.h"
#include "ui/dialogs/trigger_page.h"
#include "ui/editor/event_pane.h"
#include "ui/limits/limits_bar.h"
#include "ui/queues/queue_page.h"
#include "ui/result/event_life.h"
#include "ui/result/result_pane.h"
#include "ui/simulate/study_page.h"
#include "ui/stores/database_page.h"
#include "ui/stores/store_page.h"
#include "ui/support/format.h"
#include "ui/support/resources.h"
#include "ui/widgets/page_scroll.h"

namespace coldframe::ui {

namespace {

QHash<QString, QString> storeFolders(const Workspace* workspace)
{
    QHash<QString, QString> folders;
    if (workspace)
        for (const Store& store : workspace->stores)
            if (const auto* folder = std::get_if<FolderStore>(&store.kind))
                folders.insert(text(store.name), text(folder->path.string()));
    return folders;
}

QSet<QString> queuesOf(const Workspace* workspace)
{
    QSet<QString> queues;
    if (workspace)
        for (const Store& store : workspace->stores)
            if (std::holds_alternative<QueueStore>(store.kind))
                queues.insert(text(store.name));
    return queues;
}

} // namespace

WorkspaceArea::WorkspaceArea(QWidget* parent)
    : QWidget(parent), m_bars(new AttentionBars(this)), m_debugBars(new DebugBars(this)),
      m_tabs(new QTabBar(this)), m_pages(new PageScroll(this)), m_theme(&Theme::lightTheme())
{
    auto* functionPage = new QWidget(this);
    m_limits = new LimitsBar(functionPage);
    auto* split = new QSplitter(Qt::Horizontal, functionPage);
    split->setHandleWidth(9);
    split->setChildrenCollapsible(false);
    m_events = new EventPane(resourceFolder(), split);
    m_results = new ResultPane(split);
    m_events->setMinimumWidth(m_events->narrowest());
    m_results->setMinimumWidth(fontMetrics().averageCharWidth() * 30);
    split->setSizes({440, 500});
    m_trigger = new TriggerPage(this);
    auto* inFunctionPage = new QVBoxLayout(functionPage);
    inFunctionPage->setContentsMargins(0, 0, 0, 0);
    inFunctionPage->setSpacing(8);
    inFunctionPage->addWidget(m_limits);
    inFunctionPage->addWidget(split, 1);
    m_pages->addWidget(functionPage);
    m_pages->addWidget(m_trigger);

    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setElideMode(Qt::ElideNone); // of many, buttons scroll: half a name says nothing
    m_tabs->setMovable(true);
    m_tabs->setTabsClosable(false);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setAccessibleName(tr("Open functions, triggers and stores"));
    m_tabs->setToolTip(tr("Middle click closes a tab"));
    m_tabs->installEventFilter(this);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3, 2, 3, 2);
    column->setSpacing(8);
    column->addWidget(m_tabs);
    column->addWidget(m_bars);
    column->addWidget(m_debugBars);
    column->addWidget(m_pages, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &WorkspaceArea::showTab);
    connect(m_results, &ResultPane::eventWanted, m_events, &EventPane::replaceEvent);
    connect(m_results, &ResultPane::messageWanted, this,
            [this](const QString& queue, const QString& messageId) {
                openStore(queue);
                queuePage()->lookFor(messageId);
            });
    connect(m_bars, &AttentionBars::fileWanted, this, &WorkspaceArea::fileWanted);
    connect(m_trigger, &TriggerPage::functionChosen, this, &WorkspaceArea::openFunction);
    connect(m_trigger, &TriggerPage::editWanted, this, &WorkspaceArea::editWanted);
}

void WorkspaceArea::setPort(SessionPort* port)
{
    m_port = port;
    m_workspace.reset();
    while (m_tabs->count() > 0)
        removeTab(0);
    m_results->forgetAll();
    m_bars->setPort(port);
    m_debugBars->setPort(port);
    m_trigger->setPort(port);
    m_limits->setPort(port);
    if (m_store)
        m_store->setPort(port);
    if (m_queue)
        m_queue->setPort(port);
    if (m_database)
        m_database->setPort(port);
    if (!port) {
        m_events->setWorkspace(QString());
        m_events->setModel(nullptr);
        return;
    }
    const SnapshotPtr snapshot = port->snapshot();
    m_workspace = snapshot->workspace;
    m_results->setStores(storeFolders(m_workspace.get()), queuesOf(m_workspace.get()));
    connect(port, &SessionPort::snapshotChanged, this, &WorkspaceArea::dropMissing);
    m_events->setWorkspace(m_workspace ? text(m_workspace->folder.string()) : QString());
    m_events->setModel(m_workspace);
    openFirstFunction();
    m_events->focusEditor();
}

void WorkspaceArea::showNotices()
{
    m_bars->showNotices();
}

void WorkspaceArea::setTheme(const Theme& theme)
{
    m_theme = &theme;
    m_bars->setTheme(theme);
    m_debugBars->setTheme(theme);
    m_events->setTheme(theme);
    m_results->setTheme(theme);
    m_trigger->setTheme(theme);
    if (m_store)
        m_store->setTheme(theme);
    if (m_queue)
        m_queue->setTheme(theme);
    if (m_database)
        m_database->setTheme(theme);
    for (StudyPage* page : m_studies)
        page->setTheme(theme);
    tintTabs();
}

void WorkspaceArea::openFunction(const QString& name)
{
    open(Kind::Function, name);
}

QString WorkspaceArea::firstFunction() const
{
    if (!m_workspace)
        return {};
    const auto first = std::ranges::find(m_workspace->functions, false, &Function::removed);
    return first != m_workspace->functions.end() ? text(first->name) : QString();
}

void WorkspaceArea::openFirstFunction()
{
    if (const QString first = firstFunction(); !first.isEmpty())
        openFunction(first);
}

void WorkspaceArea::openTrigger(const QString& name)
{
    open(Kind::Trigger, name);
}

void WorkspaceArea::openStore(const QString& name)
{
    open(Kind::Store, name);
}

void WorkspaceArea::openScenario(const QString& path)
{
    open(Kind::Scenario, path);
}

void WorkspaceArea::openRecording(const QString& path)
{
    open(Kind::Recording, path);
}

StorePage* WorkspaceArea::storePage()
{
    if (m_store)
        return m_store;
    m_store = new StorePage(this);
    m_store->setTheme(*m_theme);
    m_store->setPort(m_port);
    m_pages->addWidget(m_store);
    connect(m_store, &StorePage::eventWanted, this,
            [this](const QString& function, const QString& event) {
                openFunction(function);
                m_events->setEventText(event);
                m_events->focusEditor();
            });
    return m_store;
}

QueuePage* WorkspaceArea::queuePage()
{
    if (m_queue)
        return m_queue;
    m_queue = new QueuePage(this);
    m_queue->setTheme(*m_theme);
    m_queue->setPort(m_port);
    m_pages->addWidget(m_queue);
    connect(m_queue, &QueuePage::editWanted, this, &WorkspaceArea::editWanted);
    connect(m_queue, &QueuePage::queueWanted, this, &WorkspaceArea::openStore);
    return m_queue;
}

DatabasePage* WorkspaceArea::databasePage()
{
    if (m_database)
        return m_database;
    m_database = new DatabasePage(this);
    m_database->setTheme(*m_theme);
    m_database->setPort(m_port);
    m_pages->addWidget(m_database);
    connect(m_database, &DatabasePage::triggerWanted, this, &WorkspaceArea::openTrigger);
    connect(m_database, &DatabasePage::functionWanted, this, &WorkspaceArea::openFunction);
    connect(m_database, &DatabasePage::editWanted, this, &WorkspaceArea::editWanted);
    return m_database;
}

bool WorkspaceArea::isQueue(const QString& store) const
{
    const Store* found = m_workspace ? m_workspace->findStore(store.toStdString()) : nullptr;
    return found && std::holds_alternative<QueueStore>(found->kind);
}

void WorkspaceArea::openEvent(const QString& path)
{
    if (currentFunction().isEmpty())
        openFirstFunction();
    m_events->loadEvent(path);
}

void WorkspaceArea::showAttempt(const QString& function, const session::Answer& answer,
                                const QString& event)
{
    openFunction(function);
    m_results->showAttempt(answer, event,
                           m_port ? eventStages(*m_port->snapshot(), answer, function.toStdString(),
                                                event.toStdString())
                                  : QList<LifeStage>());
}

QString WorkspaceArea::currentFunction() const
{
    const int tab = m_tabs->currentIndex();
    return tab >= 0 && kindOf(tab) == Kind::Function ? nameOf(tab) : QString();
}

EntryKind WorkspaceArea::currentKind() const
{
    switch (kindOf(m_tabs->currentIndex())) {
    case Kind::Store:
        return EntryKind::Store;
    case Kind::Trigger:
        return EntryKind::Trigger;
    case Kind::Function:
    case Kind::Scenario:
    case Kind::Recording:
        break;
    }
    return EntryKind::Function;
}

QString WorkspaceArea::currentName() const
{
    return currentStudy() ? QString() : nameOf(m_tabs->currentIndex());
}

bool WorkspaceArea::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_tabs && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::MiddleButton) {
            closeTab(m_tabs->tabAt(mouse->position().toPoint()));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

/// A reloaded workspace file may have lost what a tab shows.
void WorkspaceArea::dropMissing(const SnapshotPtr& snapshot)
{
    if (snapshot->workspace == m_workspace || !snapshot->workspace)
        return;
    m_workspace = snapshot->workspace;
    m_results->setStores(storeFolders(m_workspace.get()), queuesOf(m_workspace.get()));
    m_events->setModel(m_workspace);
    for (int tab = m_tabs->count() - 1; tab >= 0; --tab)
        if (!isThere(tab))
            removeTab(tab);
    if (m_tabs->count() == 0)
        openFirstFunction();
    else if (kindOf(m_tabs->currentIndex()) == Kind::Store)
        showTab(m_tabs->currentIndex()); // it may be a store of another kind now
}

} // namespace coldframe::ui
