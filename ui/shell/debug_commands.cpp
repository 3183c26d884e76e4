#include "ui/shell/debug_commands.h"

#include <QAction>

#include "ui/shell/action_registry.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"

namespace coldframe::ui {

DebugCommands::DebugCommands(ActionRegistry& actions, WorkspaceArea& area)
    : m_actions(actions), m_area(area)
{
    connect(m_actions.action(QStringLiteral("run.debug")), &QAction::triggered, this,
            &DebugCommands::toggle);
    connect(&area, &WorkspaceArea::currentChanged, this, &DebugCommands::refresh);
    refresh();
}

void DebugCommands::setPort(SessionPort* port)
{
    m_port = port;
    if (port)
        connect(port, &SessionPort::snapshotChanged, this, &DebugCommands::refresh);
    refresh();
}

void DebugCommands::refresh()
{
    QAction* debug = m_actions.action(QStringLiteral("run.debug"));
    const SnapshotPtr snapshot = m_port ? m_port->snapshot() : nullptr;
    const Workspace* workspace = snapshot ? snapshot->workspace.get() : nullptr;
    const FunctionId id
        = workspace ? workspace->functionId(m_area.currentFunction().toStdString()) : kNoFunction;
    const bool known = snapshot && id < snapshot->functions.size();
    const auto problem = known ? session::notDebuggable(workspace->functions[id]) : std::nullopt;
    debug->setEnabled(known && snapshot->trusted && !problem);
    debug->setChecked(known && snapshot->functions[id].debugNext);
    debug->setToolTip(problem ? text(describe(*problem))
                              : tr("Hold the function's next event before its handler, so that a "
                                   "debugger can attach; its timeout stands still (F9)"));
}

void DebugCommands::toggle(bool on)
{
    m_port->debugNext(m_area.currentFunction().toStdString(), on);
}

} // namespace coldframe::ui
