#pragma once

#include <QMainWindow>

#include <functional>
#include <memory>

#include "ui/session_bridge/session_port.h"
#include "ui/shell/action_registry.h"
#include "ui/shell/search_box.h"

class QDockWidget;
class QLabel;
class QMenu;
class QStackedWidget;
class QToolBar;

namespace coldframe::ui {

class AttemptCommands;
class Commands;
class DebugCommands;
class ExplorerPane;
class LayoutKeeper;
class LiveDocks;
class PaneFocus;
class SimulateCommands;
class StatusStrip;
class TestCommands;
class ThemeManager;
class WelcomePage;
class WorkspaceArea;
class WorkspaceEdits;
class WorkspaceEntry;

/// The window: it puts the parts together and hands each snapshot on. What the parts do is theirs.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// Makes a running session of a folder. A test gives one that needs no folder.
    using Opener = std::function<Result<std::unique_ptr<SessionPort>>(const QString& folder)>;

    MainWindow(ThemeManager& themes, Opener opener);
    ~MainWindow() override;

    /// Closes the open workspace, if any, and opens this one; says why when it cannot.
    bool openWorkspace(const QString& folder);
    /// Opens a workspace, a scenario or a recording; of a folder of code it offers to make a
    /// workspace.
    void enter(const QString& path);
    void showWelcome(const QString& problem = {});
    ActionRegistry& actions() { return m_actions; }

Q_SIGNALS:
    /// Once, when everything visible has been drawn.
    void firstPainted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    // main_window_build.cpp: what is made once, at the start
    void addActions();
    void addMenus();
    void addTools();
    void addDocks();
    QDockWidget* addDock(const QString& id, const QString& title, QWidget* pane,
                         Qt::DockWidgetArea area);
    void fitHeadings();
    void connectActions();
    void fillRecentMenu(QMenu* menu);
    void setUpThemeActions();
    void connectTests();
    void connectScenarios();

    void closeWorkspace();
    void setPort(SessionPort* port);
    void showSnapshot(const SnapshotPtr& snapshot);
    void showDocks(bool shown);
    void applyTheme(const Theme& theme);
    void browse();
    void about();
    void openSource(const QString& file, int line = 0, int column = 0);
    void openFunctionSource(const QString& function);
    void chooseEditor();
    QList<SearchBox::Entry> searchEntries();

    ThemeManager& m_themes;
    Opener m_opener;
    ActionRegistry m_actions;
    std::unique_ptr<SessionPort> m_port;
    std::unique_ptr<LayoutKeeper> m_layout;
    QStackedWidget* m_centre = nullptr;
    WelcomePage* m_welcome = nullptr;
    WorkspaceArea* m_area = nullptr;
    ExplorerPane* m_explorer = nullptr;
    StatusStrip* m_status = nullptr;
    LiveDocks* m_live = nullptr;
    Commands* m_commands = nullptr;
    DebugCommands* m_debug = nullptr;
    AttemptCommands* m_attemptCommands = nullptr;
    TestCommands* m_tests = nullptr;
    SimulateCommands* m_simulate = nullptr;
    WorkspaceEdits* m_edits = nullptr;
    WorkspaceEntry* m_entry = nullptr;
    SearchBox* m_search = nullptr;
    PaneFocus* m_panes = nullptr;
    QLabel* m_platform = nullptr;
    QAction* m_platformAction = nullptr;
    QList<QDockWidget*> m_docks;
    bool m_painted = false;
};

} // namespace coldframe::ui
