#pragma once

#include <QObject>

#include "ui/session_bridge/session_port.h"

namespace coldframe::ui {

class ActionRegistry;
class WorkspaceArea;

/// *Debug next event* of the function in front: when it can be used, and whether it is on.
class DebugCommands : public QObject {
    Q_OBJECT
public:
    DebugCommands(ActionRegistry& actions, WorkspaceArea& area);

    void setPort(SessionPort* port);

private:
    void refresh();
    void toggle(bool on);

    ActionRegistry& m_actions;
    WorkspaceArea& m_area;
    SessionPort* m_port = nullptr;
};

} // namespace coldframe::ui
