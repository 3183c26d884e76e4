#include "ui/shell/main_window.h"

#include <QCloseEvent>
#include <QCoreApplication>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QStackedWidget>
#include <QTimer>

#include "model/handler_file.h"
#include "ui/editor/event_catalog.h"
#include "ui/editor/event_pane.h"
#include "ui/explorer/explorer_pane.h"
#include "ui/replay/recording_list.h"
#include "ui/replay/replay_page.h"
#include "ui/result/result_pane.h"
#include "ui/shell/attempt_commands.h"
#include "ui/shell/commands.h"
#include "ui/shell/debug_commands.h"
#include "ui/shell/layout_keeper.h"
#include "ui/shell/live_docks.h"
#include "ui/shell/pane_focus.h"
#include "ui/shell/settings.h"
#include "ui/shell/simulate_commands.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/test_commands.h"
#include "ui/shell/welcome_page.h"
#include "ui/shell/workspace_area.h"
#include "ui/shell/workspace_edits.h"
#include "ui/shell/workspace_entry.h"
#include "ui/simulate/new_scenario.h"
#include "ui/simulate/simulate_page.h"
#include "ui/support/editor_command.h"
#include "ui/support/format.h"
#include "ui/theme/theme_manager.h"

namespace coldframe::ui {

MainWindow::MainWindow(ThemeManager& themes, Opener opener)
    : m_themes(themes), m_opener(std::move(opener)), m_centre(new QStackedWidget(this)),
      m_welcome(new WelcomePage(this)), m_area(new WorkspaceArea(this)),
      m_status(new StatusStrip(this))
{
    setObjectName(QStringLiteral("workbench"));
    setWindowTitle(tr("Coldframe"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/app.svg")));
    setAcceptDrops(true);
    resize(1600, 1000);
    m_centre->addWidget(m_area);
    m_centre->addWidget(m_welcome);
    setCentralWidget(m_centre);
    setStatusBar(m_status);
    addActions();
    addDocks();
    addMenus();
    addTools();
    m_commands = new Commands(m_actions, *m_area, *this);
    m_debug = new DebugCommands(m_actions, *m_area);
    m_debug->setParent(this);
    m_commands->setParent(this);
    m_attemptCommands = new AttemptCommands(m_actions, *m_area, *this);
    m_attemptCommands->setParent(this);
    m_edits = new WorkspaceEdits(m_actions, *m_area, *this);
    m_edits->setParent(this);
    m_entry = new WorkspaceEntry(*this, [this](const QString& folder) { openWorkspace(folder); });
    m_entry->setParent(this);
    connect(m_entry, &WorkspaceEntry::offering, this, [this] {
        if (!m_port)
            showWelcome();
    });
    m_area->results()->setCancelAction(m_actions.action(QStringLiteral("run.cancel")));
    m_panes = new PaneFocus(*this);
    QList<QWidget*> panes{m_explorer, m_centre, m_area->events(), m_area->results()};
    for (const char* dock : {"dock.attempts", "dock.tests", "dock.live"})
        panes.append(findChild<QDockWidget*>(QLatin1String(dock)));
    m_panes->setPanes(panes);
    connectActions();
    connect(m_welcome, &WelcomePage::workspaceChosen, this, &MainWindow::openWorkspace);
    connect(m_welcome, &WelcomePage::browseRequested, this, &MainWindow::browse);
    connect(m_welcome, &WelcomePage::newRequested, m_entry, &WorkspaceEntry::makeNew);
    connect(&m_themes, &ThemeManager::themeChanged, this, &MainWindow::applyTheme);
    applyTheme(m_themes.theme());
    m_layout = std::make_unique<LayoutKeeper>(*this);
    m_layout->restore();
    setPort(nullptr);
}

MainWindow::~MainWindow()
{
    closeWorkspace();
}

bool MainWindow::openWorkspace(const QString& path)
{
    const QFileInfo given(path);
    const QString folder = given.isFile() ? given.absolutePath() : given.absoluteFilePath();
    closeWorkspace(); // a folder has one owner, so reopening it must first let go
    auto opened = m_opener(folder);
    if (!opened) {
        showWelcome(tr("%1 cannot be opened. %2").arg(folder, text(describe(opened.error()))));
        return false;
    }
    m_port = std::move(*opened);
    Settings().addRecentWorkspace(folder);
    m_centre->setCurrentWidget(m_area);
    showDocks(true);
    setPort(m_port.get());
    return true;
}

void MainWindow::enter(const QString& path)
{
    const bool scenario = isScenario(path);
    if (!scenario && !isRecording(path)) {
        m_entry->enter(path);
        return;
    }
    if (!m_port)
        showWelcome(); // without a workspace there is nothing for the docks to show
    if (scenario) {
        m_simulate->open(path);
        m_area->currentScenario()->setFocus(Qt::OtherFocusReason);
    } else {
        m_simulate->replay(path);
        m_area->currentReplay()->focusForm();
    }
}

void MainWindow::showWelcome(const QString& problem)
{
    m_welcome->setProblem(problem);
    m_welcome->refresh();
    m_centre->setCurrentWidget(m_welcome);
    showDocks(false);
}

void MainWindow::showDocks(bool shown)
{
    // Hiding them one by one must not become the layout that is kept.
    if (!shown && m_port == nullptr && m_painted)
        m_layout->save();
    for (QDockWidget* dock : m_docks)
        dock->setVisible(shown);
    if (shown)
        m_layout->restore();
}

void MainWindow::closeWorkspace()
{
    if (!m_port)
        return;
    m_simulate->giveBackRoom();
    m_layout->save();
    m_area->events()->storeDrafts();
    setPort(nullptr);
    m_port.reset();
}

void MainWindow::setPort(SessionPort* port)
{
    m_explorer->setPort(port);
    m_area->setPort(port);
    m_live->setPort(port);
    m_commands->setPort(port);
    m_debug->setPort(port);
    m_attemptCommands->setPort(port, m_live->attempts());
    m_tests->setPort(port);
    m_edits->setPort(port);
    m_actions.action(QStringLiteral("file.close"))->setEnabled(port != nullptr);
    for (const char* id : {"edit.filter", "edit.openSource"})
        m_actions.action(QLatin1String(id))->setEnabled(port != nullptr);
    m_simulate->setPort(port);
    if (port) {
        connect(port, &SessionPort::snapshotChanged, this, &MainWindow::showSnapshot);
        showSnapshot(port->snapshot());
        return;
    }
    m_status->clear();
    m_platformAction->setVisible(false);
    setWindowTitle(tr("Coldframe"));
}

void MainWindow::showSnapshot(const SnapshotPtr& snapshot)
{
    m_status->show(*snapshot);
    QStringList platform;
    for (const std::string& part :
         {snapshot->platformTitle, snapshot->platformRegion, snapshot->platformAsOf})
        if (!part.empty())
            platform << text(part);
    m_platform->setText(platform.join(QStringLiteral(" · ")));
    m_platformAction->setVisible(!platform.isEmpty());
    if (snapshot->workspace)
        setWindowTitle(tr("%1 – Coldframe").arg(text(snapshot->workspace->name)));
}

void MainWindow::applyTheme(const Theme& theme)
{
    m_actions.setTheme(theme);
    m_actions.setIcon(QStringLiteral("view.toggleTheme"),
                      theme.dark ? QStringLiteral("sun") : QStringLiteral("moon"));
    m_explorer->setTheme(theme);
    m_area->setTheme(theme);
    m_live->setTheme(theme);
    m_tests->setTheme(theme);
    m_status->setTheme(theme);
    m_welcome->setTheme(theme);
    m_search->setTheme(theme);
}

void MainWindow::browse()
{
    const QString folder = QFileDialog::getExistingDirectory(
        this, tr("Open workspace: a folder with coldframe.json, or with your functions"));
    if (!folder.isEmpty())
        enter(folder);
}

void MainWindow::openSource(const QString& file, int line, int column)
{
    const QString problem = openInEditor(Settings().editor(), file, line, column);
    if (!problem.isEmpty())
        QMessageBox::warning(this, tr("Open in editor"), problem);
}

void MainWindow::openFunctionSource(const QString& name)
{
    const SnapshotPtr snapshot = m_port ? m_port->snapshot() : nullptr;
    const Function* function = snapshot && snapshot->workspace
        ? snapshot->workspace->findFunction(name.toStdString())
        : nullptr;
    if (!function)
        return;
    const auto file = sourceFile(*function);
    openSource(text((file ? *file : function->code).string()));
}

void MainWindow::chooseEditor()
{
    bool chosen = false;
    const QString command = QInputDialog::getText(
        this, tr("Choose editor"),
        tr("Command that opens source files, such as “code” or “kate”. Empty: $VISUAL or $EDITOR "
           "if it has a window, else what is installed."),
        QLineEdit::Normal, Settings().editor(), &chosen);
    if (chosen)
        Settings().setEditor(command.trimmed());
}

void MainWindow::about()
{
    QMessageBox::about(
        this, tr("About Coldframe"),
        tr("<h3>Coldframe %1</h3><p>A workbench and simulator for serverless data processing. "
           "It runs your functions as real processes on a pool that scales as the platform "
           "will.</p><p>Free software under the GNU General Public License, version 3 or "
           "later.</p>")
            .arg(QCoreApplication::applicationVersion()));
}

QList<SearchBox::Entry> MainWindow::searchEntries()
{
    QList<SearchBox::Entry> entries;
    const SnapshotPtr snapshot = m_port ? m_port->snapshot() : nullptr;
    if (snapshot && snapshot->workspace) {
        for (const Function& function : snapshot->workspace->functions) {
            if (function.removed)
                continue;
            entries.append({text(function.name), tr("function"),
                            [this, name = text(function.name)] { m_area->openFunction(name); }});
        }
        for (const Trigger& trigger : snapshot->workspace->triggers)
            entries.append({text(trigger.name), tr("trigger"),
                            [this, name = text(trigger.name)] { m_area->openTrigger(name); }});
        for (const Store& store : snapshot->workspace->stores)
            entries.append({text(store.name), tr("store"),
                            [this, name = text(store.name)] { m_area->openStore(name); }});
        for (const EventEntry& event : testEvents(text(snapshot->workspace->folder.string())))
            entries.append({event.title, tr("test event"),
                            [this, path = event.path] { m_area->openEvent(path); }});
        for (const ScenarioEntry& scenario :
             scenariosOf(text(snapshot->workspace->folder.string())))
            entries.append({scenario.title, tr("scenario"),
                            [this, path = scenario.path] { m_simulate->open(path); }});
    }
    for (QAction* action : m_actions.all())
        if (action->isEnabled() && action->objectName() != QLatin1String("view.search"))
            entries.append({action->text().remove(QLatin1Char('&')),
                            action->shortcut().isEmpty()
                                ? tr("command")
                                : action->shortcut().toString(QKeySequence::NativeText),
                            [action] { action->trigger(); }});
    return entries;
}

void MainWindow::paintEvent(QPaintEvent* event)
{
    QMainWindow::paintEvent(event);
    if (m_painted)
        return;
    m_painted = true;
    // The children draw after this, in the same pass; a queued call comes when all are done.
    QTimer::singleShot(0, this, &MainWindow::firstPainted);
}

void MainWindow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::WindowStateChange && m_port)
        m_port->setWatched(!isMinimized());
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    closeWorkspace();
    QMainWindow::closeEvent(event);
}

/// Tab, wherever it was pressed.
bool MainWindow::focusNextPrevChild(bool next)
{
    m_panes->arrange();
    return QMainWindow::focusNextPrevChild(next);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().constFirst().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    // Later: a dialog within the drop would hold up the program it comes from.
    QTimer::singleShot(
        0, this,
        [this, path = event->mimeData()->urls().constFirst().toLocalFile()] { enter(path); });
}

} // namespace coldframe::ui
