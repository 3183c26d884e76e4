#include "ui/shell/main_window.h"

#include <QActionGroup>
#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/editor/event_pane.h"
#include "ui/explorer/explorer_pane.h"
#include "ui/replay/replay_page.h"
#include "ui/result/result_pane.h"
#include "ui/shell/attempt_commands.h"
#include "ui/shell/commands.h"
#include "ui/shell/dock_heading.h"
#include "ui/shell/layout_keeper.h"
#include "ui/shell/live_docks.h"
#include "ui/shell/pane_focus.h"
#include "ui/shell/settings.h"
#include "ui/shell/simulate_commands.h"
#include "ui/shell/test_commands.h"
#include "ui/shell/workspace_area.h"
#include "ui/shell/workspace_edits.h"
#include "ui/shell/workspace_entry.h"
#include "ui/simulate/scenario_editor.h"
#include "ui/simulate/simulate_page.h"
#include "ui/theme/theme_manager.h"
#include "ui/widgets/elided_label.h"

namespace coldframe::ui {

void MainWindow::addActions()
{
    const auto add = [this](const char* id, const QString& text, const QKeySequence& key = {},
                            const char* icon = "") {
        return m_actions.add(QLatin1String(id), text, key, QLatin1String(icon));
    };
    add("file.new", tr("&New workspace…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    add("file.open", tr("&Open workspace…"), QKeySequence::Open, "folder");
    add("file.newScenario", tr("New &scenario…"));
    add("file.openScenario", tr("Open s&cenario…"));
    add("file.replay", tr("Re&play a recording…"), {}, "chart");
    add("file.close", tr("Close &workspace"));
    add("file.quit", tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    // While an editor has the focus these keys are its own.
    add("workspace.undo", tr("&Undo workspace edit"), QKeySequence::Undo);
    add("workspace.redo", tr("&Redo workspace edit"),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    add("workspace.addFunction", tr("Add f&unction…"));
    add("workspace.addTrigger", tr("Add &trigger…"));
    add("workspace.addStore", tr("Add st&ore…"));
    add("workspace.edit", tr("Ed&it what is in front…"), QKeySequence(Qt::ALT | Qt::Key_Return));
    add("workspace.remove", tr("Re&move what is in front…"));
    add("edit.format", tr("&Format event"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
        "format");
    add("edit.saveEvent", tr("&Save as test event…"), QKeySequence::Save, "save");
    add("edit.filter", tr("Filter the &explorer"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E));
    add("edit.openSource", tr("&Open function in editor"),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    add("edit.chooseEditor", tr("&Choose editor…"));
    add("run.send", tr("&Send"), QKeySequence(Qt::CTRL | Qt::Key_Return), "send");
    add("run.sendMany", tr("Send ×&N…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return),
        "repeat");
    add("run.sendAtRate", tr("Send at &rate…"), QKeySequence(Qt::CTRL | Qt::Key_R), "rate");
    add("run.debug", tr("&Debug next event"), QKeySequence(Qt::Key_F9), "bug")->setCheckable(true);
    add("run.fidelity", tr("Platform &fidelity"), QKeySequence(), "")->setCheckable(true);
    add("run.stopSending", tr("St&op sending"), QKeySequence(Qt::CTRL | Qt::Key_Period), "stop");
    add("run.cancel", tr("&Cancel attempt"), QKeySequence(Qt::SHIFT | Qt::Key_Escape), "stop");
    add("attempt.sendAgain", tr("Send a&gain"), QKeySequence(Qt::Key_F5));
    add("attempt.rerunFailed", tr("Re-run &failed"), QKeySequence(Qt::SHIFT | Qt::Key_F5));
    add("attempt.edit", tr("&Edit and send"), QKeySequence(Qt::Key_F4));
    add("attempt.copyCommand", tr("Copy as c&ommand"),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    add("attempt.compare", tr("Co&mpare with the shown result"),
        QKeySequence(Qt::CTRL | Qt::Key_D));
    add("test.all", tr("Test &all"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T));
    add("test.failed", tr("Test fai&led"));
    add("test.stop", tr("Sto&p tests"))->setIconText(tr("Stop"));
    // Of those that share a key, as Ctrl+Enter and F5, only one can be used at a time.
    add("simulate.run", tr("&Run simulation"), QKeySequence(Qt::CTRL | Qt::Key_Return), "start")
        ->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::Key_F5)});
    add("simulate.cancel", tr("&Cancel simulation"), QKeySequence(Qt::SHIFT | Qt::Key_Escape));
    add("simulate.keep", tr("&Keep for comparison"), QKeySequence(Qt::CTRL | Qt::Key_K));
    add("simulate.export", tr("&Export result…"), QKeySequence(Qt::CTRL | Qt::Key_E));
    add("run.triggers", tr("Start &triggers"), QKeySequence(Qt::CTRL | Qt::Key_T), "start");
    add("view.search", tr("&Find a command…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P));
    add("view.nextPane", tr("&Next pane"), QKeySequence(Qt::Key_F6));
    add("view.previousPane", tr("&Previous pane"), QKeySequence(Qt::SHIFT | Qt::Key_F6));
    add("view.closeTab", tr("&Close tab"), QKeySequence::Close);
    add("view.notices", tr("N&otices…"));
    add("view.toggleTheme", tr("Switch light and &dark"), {}, "moon");
    add("view.themeSystem", tr("As the &system"));
    add("view.themeLight", tr("&Light"));
    add("view.themeDark", tr("&Dark"));
    add("view.resetLayout", tr("&Reset layout"));
    add("help.shortcuts", tr("&Keyboard shortcuts"), QKeySequence(Qt::Key_F1));
    add("help.about", tr("&About Coldframe"));
}

void MainWindow::connectActions()
{
    const auto on = [this](const char* id, auto slot) {
        connect(m_actions.action(QLatin1String(id)), &QAction::triggered, this, slot);
    };
    on("file.new", [this] { m_entry->makeNew(); });
    on("file.open", &MainWindow::browse);
    on("file.close", [this] {
        closeWorkspace();
        showWelcome();
    });
    on("file.quit", [this] { close(); });
    connectScenarios();
    on("edit.filter", [this] { m_explorer->focusFilter(); });
    on("edit.openSource", [this] { openFunctionSource(m_area->currentFunction()); });
    on("edit.chooseEditor", &MainWindow::chooseEditor);
    connect(m_area->results(), &ResultPane::sourceWanted, this,
            [this](const SourceLink& link) { openSource(link.file, link.line, link.column); });
    connect(m_explorer, &ExplorerPane::sourceWanted, this, &MainWindow::openFunctionSource);
    connect(m_explorer, &ExplorerPane::addWanted, m_edits, &WorkspaceEdits::add);
    connect(m_explorer, &ExplorerPane::editWanted, m_edits, &WorkspaceEdits::edit);
    connect(m_explorer, &ExplorerPane::removeWanted, m_edits, &WorkspaceEdits::remove);
    connect(m_explorer, &ExplorerPane::sendWanted, this, [this](const QString& function) {
        m_area->openFunction(function);
        m_actions.action(QStringLiteral("run.send"))->trigger();
    });
    connect(m_area, &WorkspaceArea::fileWanted, this, &MainWindow::openSource);
    connect(m_area, &WorkspaceArea::editWanted, m_actions.action(QStringLiteral("workspace.edit")),
            &QAction::trigger);
    connect(m_commands, &Commands::sent, m_attemptCommands, &AttemptCommands::forgetSelection);
    on("view.nextPane", [this] { m_panes->move(1); });
    on("view.previousPane", [this] { m_panes->move(-1); });
    on("help.shortcuts", [this] { ShortcutsDialog(m_actions.all(), this).exec(); });
    on("view.search", [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
    on("view.closeTab", [this] { m_area->closeCurrentTab(); });
    on("view.notices", [this] { m_area->showNotices(); });
    on("view.resetLayout", [this] { m_layout->reset(); });
    on("view.toggleTheme", [this] {
        m_themes.toggle();
        Settings().setThemeMode(m_themes.mode());
    });
    on("help.about", &MainWindow::about);
    connectTests();
    setUpThemeActions();
}

/// What is formatted and saved is the event, or the scenario in front.
void MainWindow::connectScenarios()
{
    const auto on = [this](const char* id, auto ofEvent, auto ofScenario) {
        connect(m_actions.action(QLatin1String(id)), &QAction::triggered, this,
                [this, ofEvent, ofScenario] {
                    if (SimulatePage* page = m_area->currentScenario())
                        (page->*ofScenario)();
                    else
                        (m_area->events()->*ofEvent)();
                });
    };
    on("edit.format", &EventPane::format, &SimulatePage::format);
    on("edit.saveEvent", &EventPane::saveAsTestEvent, &SimulatePage::save);
    connect(m_explorer, &ExplorerPane::scenarioChosen, m_simulate, &SimulateCommands::open);
    connect(m_explorer, &ExplorerPane::recordingChosen, m_simulate, &SimulateCommands::replay);
    connect(m_explorer, &ExplorerPane::newScenarioWanted, m_simulate,
            &SimulateCommands::newScenario);
    connect(m_simulate, &SimulateCommands::scenariosChanged, m_explorer,
            &ExplorerPane::refreshFolder);
    connect(m_simulate, &SimulateCommands::pageWanted, this,
            [this] { m_centre->setCurrentWidget(m_area); });
}

void MainWindow::connectTests()
{
    connect(m_tests, &TestCommands::placeWanted, this, &MainWindow::openSource);
    connect(m_tests, &TestCommands::marksChanged, m_explorer, &ExplorerPane::setTestMarks);
    connect(m_area->events(), &EventPane::testEventsChanged, m_tests, &TestCommands::list);
}

void MainWindow::setUpThemeActions()
{
    auto* group = new QActionGroup(this);
    const std::pair<const char*, ThemeMode> modes[] = {{"view.themeSystem", ThemeMode::System},
                                                       {"view.themeLight", ThemeMode::Light},
                                                       {"view.themeDark", ThemeMode::Dark}};
    for (const auto& [id, mode] : modes) {
        QAction* action = m_actions.action(QLatin1String(id));
        action->setCheckable(true);
        action->setChecked(m_themes.mode() == mode);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, chosen = mode] {
            m_themes.setMode(chosen);
            Settings().setThemeMode(chosen);
        });
        connect(&m_themes, &ThemeManager::themeChanged, action,
                [this, action, own = mode] { action->setChecked(m_themes.mode() == own); });
    }
}

void MainWindow::addMenus()
{
    const auto fill = [this](QMenu* menu, std::initializer_list<const char*> ids) {
        for (const char* id : ids)
            if (*id)
                menu->addAction(m_actions.action(QLatin1String(id)));
            else
                menu->addSeparator();
    };
    QMenu* file = menuBar()->addMenu(tr("&File"));
    fill(file, {"file.new", "file.open"});
    QMenu* recent = file->addMenu(tr("Open &recent"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecentMenu(recent); });
    fill(file,
         {"", "file.newScenario", "file.openScenario", "file.replay", "", "file.close", "",
          "file.quit"});
    fill(menuBar()->addMenu(tr("&Edit")),
         {"workspace.undo", "workspace.redo", "", "workspace.addFunction", "workspace.addTrigger",
          "workspace.addStore", "workspace.edit", "workspace.remove", "", "edit.format",
          "edit.saveEvent", "", "edit.openSource", "edit.chooseEditor", "", "edit.filter"});
    fill(menuBar()->addMenu(tr("&Run")), {"run.send",          "run.sendMany",
                                          "run.sendAtRate",    "run.stopSending",
                                          "run.cancel",        "",
                                          "run.debug",         "",
                                          "attempt.sendAgain", "attempt.rerunFailed",
                                          "attempt.edit",      "attempt.copyCommand",
                                          "attempt.compare",   "",
                                          "test.all",          "test.failed",
                                          "test.stop",         "",
                                          "run.triggers",      "",
                                          "run.fidelity"});
    fill(menuBar()->addMenu(tr("&Simulate")),
         {"simulate.run", "simulate.cancel", "", "simulate.keep", "simulate.export", "",
          "file.newScenario", "file.openScenario", "file.replay"});
    QMenu* view = menuBar()->addMenu(tr("&View"));
    fill(
        view,
        {"view.search", "view.nextPane", "view.previousPane", "view.closeTab", "", "view.notices"});
    for (QDockWidget* dock : m_docks)
        view->addAction(dock->toggleViewAction());
    fill(view, {"view.resetLayout", ""});
    fill(view->addMenu(tr("&Theme")), {"view.themeSystem", "view.themeLight", "view.themeDark"});
    fill(menuBar()->addMenu(tr("&Help")), {"help.shortcuts", "", "help.about"});
}

void MainWindow::fillRecentMenu(QMenu* menu)
{
    menu->clear();
    for (const QString& folder : Settings().recentWorkspaces())
        menu->addAction(QDir::toNativeSeparators(folder), this,
                        [this, folder] { openWorkspace(folder); });
    if (menu->isEmpty())
        menu->addAction(tr("None yet"))->setEnabled(false);
}

void MainWindow::addTools()
{
    QToolBar* bar = QMainWindow::addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("toolbar.main"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize(QSize(16, 16));
    const auto button = [&](const char* id) {
        QAction* action = m_actions.action(QLatin1String(id));
        bar->addAction(action);
        // The style leaves too little room between icon and text.
        const auto spread = [action] {
            action->setIconText(QLatin1Char(' ') + action->text().remove(QLatin1Char('&')));
        };
        spread();
        connect(action, &QAction::changed, bar, [action, spread] {
            if (action->iconText().trimmed() != action->text().remove(QLatin1Char('&')))
                spread();
        });
        return qobject_cast<QToolButton*>(bar->widgetForAction(action));
    };
    button("run.send")->setObjectName(QStringLiteral("send"));
    button("run.sendAtRate");
    // There while something is being sent.
    auto* stop = new QToolButton(bar);
    stop->setDefaultAction(m_actions.action(QStringLiteral("run.stopSending")));
    stop->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    QAction* place = bar->addWidget(stop);
    const auto follow = [place, stop] { place->setVisible(stop->defaultAction()->isEnabled()); };
    connect(stop->defaultAction(), &QAction::changed, bar, follow);
    follow();
    bar->addSeparator();
    button("run.triggers");
    auto* replay = new QToolButton(bar); // its own name is a short one
    QAction* chooses = m_actions.action(QStringLiteral("file.replay"));
    const auto showReplay = [replay, chooses] {
        replay->setIcon(chooses->icon());
        replay->setToolTip(chooses->toolTip());
    };
    showReplay();
    replay->setText(tr(" Replay…"));
    replay->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(chooses, &QAction::changed, replay, showReplay);
    connect(replay, &QToolButton::clicked, chooses, &QAction::trigger);
    bar->addWidget(replay);
    bar->addSeparator();
    m_platform = new ElidedLabel(QString(), bar);
    m_platform->setProperty("dim", true);
    m_platform->setObjectName(QStringLiteral("platform"));
    m_platform->setToolTip(tr("The platform this workspace is played on, its region, and the date "
                              "of its figures"));
    m_platformAction = bar->addWidget(m_platform);
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    m_search = new SearchBox([this] { return searchEntries(); }, bar);
    m_search->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    bar->addWidget(m_search);
    QToolButton* theme = button("view.toggleTheme");
    theme->setToolButtonStyle(Qt::ToolButtonIconOnly);
    theme->setAccessibleName(tr("Switch light and dark"));
}

QDockWidget* MainWindow::addDock(const QString& id, const QString& title, QWidget* pane,
                                 Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(id);
    if (pane)
        dock->setWidget(pane);
    // A plain heading that still takes hold of the dock; closing is in the View menu.
    dock->setTitleBarWidget(new DockHeading(title, dock));
    addDockWidget(area, dock);
    m_docks.append(dock);
    connect(dock, &QDockWidget::topLevelChanged, this, &MainWindow::fitHeadings);
    connect(dock, &QDockWidget::visibilityChanged, this, &MainWindow::fitHeadings);
    connect(dock, &QDockWidget::dockLocationChanged, this, &MainWindow::fitHeadings);
    return dock;
}

/// Later, when the docks are where they are going to be.
void MainWindow::fitHeadings()
{
    QTimer::singleShot(0, this, [this] {
        for (QDockWidget* dock : m_docks)
            static_cast<DockHeading*>(dock->titleBarWidget())
                ->setTabbed(!dock->isFloating() && !tabifiedDockWidgets(dock).isEmpty());
    });
}

void MainWindow::addDocks()
{
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    // The columns at the sides keep the full height.
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    m_explorer = new ExplorerPane(this);
    QDockWidget* explorer = addDock(QStringLiteral("dock.explorer"), tr("Explorer"), m_explorer,
                                    Qt::LeftDockWidgetArea);
    QDockWidget* live = addDock(QStringLiteral("dock.live"), LiveDocks::liveHeading(), nullptr,
                                Qt::RightDockWidgetArea);
    QDockWidget* attempts = addDock(QStringLiteral("dock.attempts"), tr("Invocations"), nullptr,
                                    Qt::BottomDockWidgetArea);
    m_live = new LiveDocks(*live, *attempts, *m_area);
    m_live->setParent(this);
    QDockWidget* tests
        = addDock(QStringLiteral("dock.tests"), tr("Tests"), nullptr, Qt::BottomDockWidgetArea);
    m_tests = new TestCommands(m_actions, *m_area, *tests, *this);
    m_tests->setParent(this);
    tabifyDockWidget(attempts, tests);
    attempts->raise();
    m_simulate = new SimulateCommands(m_actions, *m_area, *this, {live, attempts, tests});
    m_simulate->setParent(this);
    resizeDocks({explorer, live}, {246, 378}, Qt::Horizontal);
    resizeDocks({attempts}, {330}, Qt::Vertical);
    connect(m_explorer, &ExplorerPane::functionChosen, m_area, &WorkspaceArea::openFunction);
    connect(m_explorer, &ExplorerPane::triggerChosen, m_area, &WorkspaceArea::openTrigger);
    connect(m_explorer, &ExplorerPane::storeChosen, m_area, &WorkspaceArea::openStore);
    connect(m_explorer, &ExplorerPane::eventChosen, m_area, &WorkspaceArea::openEvent);
    connect(m_area, &WorkspaceArea::currentChanged, m_explorer, [this] {
        if (const SimulatePage* page = m_area->currentScenario()) {
            m_explorer->select(Section::Scenarios, page->editor()->path());
            return;
        }
        if (const ReplayPage* page = m_area->currentReplay()) {
            m_explorer->select(Section::Recordings, page->path());
            return;
        }
        const EntryKind kind = m_area->currentKind();
        m_explorer->select(kind == EntryKind::Function    ? Section::Functions
                               : kind == EntryKind::Store ? Section::Stores
                                                          : Section::Triggers,
                           m_area->currentName());
    });
    connect(m_area->events(), &EventPane::testEventsChanged, m_explorer,
            &ExplorerPane::refreshFolder);
}

} // namespace coldframe::ui
