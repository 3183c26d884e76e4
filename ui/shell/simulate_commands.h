#pragma once

#include <QList>
#include <QObject>

#include "ui/session_bridge/session_port.h"

class QDockWidget;
class QMainWindow;

namespace coldframe::ui {

class ActionRegistry;
class WorkspaceArea;

/// The *Simulate* commands and when each can be used. While a scenario or a replay is in front, the
/// docks that show what runs for real make room for it.
class SimulateCommands : public QObject {
    Q_OBJECT
public:
    /// `docks`: those that make room.
    SimulateCommands(ActionRegistry& actions, WorkspaceArea& area, QMainWindow& window,
                     QList<QDockWidget*> docks);

    void setPort(SessionPort* port);
    /// Shows again the docks that made room, before the layout is kept.
    void giveBackRoom();
    void newScenario();
    void openScenario();
    void open(const QString& path);
    /// Asks which recording is to be played again.
    void chooseRecording();
    void replay(const QString& path);

Q_SIGNALS:
    /// A scenario or recording was opened: its page is wanted in front, also without a workspace.
    void pageWanted();
    void scenariosChanged();

private:
    void refresh();
    void makeRoom();

    ActionRegistry& m_actions;
    WorkspaceArea& m_area;
    QMainWindow& m_window;
    QList<QDockWidget*> m_docks, m_hidden;
    QDockWidget* m_raised = nullptr; ///< of those that are hidden
    SessionPort* m_port = nullptr;
};

} // namespace coldframe::ui
