#include "ui/shell/live_docks.h"

#include <QDockWidget>

#include "ui/attempts/attempts_pane.h"
#include "ui/charts/live_column.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"

namespace coldframe::ui {

LiveDocks::LiveDocks(QDockWidget& live, QDockWidget& attempts, WorkspaceArea& area)
    : m_liveDock(live), m_attemptsDock(attempts), m_area(area), m_theme(&Theme::lightTheme())
{ }

QString LiveDocks::liveHeading()
{
    return LiveColumn::heading();
}

void LiveDocks::build()
{
    m_live = new LiveColumn(&m_liveDock);
    m_live->setHeadingVisible(false); // the dock has one
    m_liveDock.setWidget(m_live);
    m_attempts = new AttemptsPane(&m_attemptsDock);
    m_attemptsDock.setWidget(m_attempts);
    connect(m_attempts, &AttemptsPane::attemptActivated, this, &LiveDocks::open);
    // Work chosen in a lane is chosen in the table, which then opens it.
    connect(m_live, &LiveColumn::invocationActivated, m_attempts, &AttemptsPane::selectInvocation);
    setTheme(*m_theme);
}

void LiveDocks::setPort(SessionPort* port)
{
    m_port = port;
    if (!port)
        return;
    if (!m_live)
        build();
    const auto show = [this](const SnapshotPtr& snapshot) {
        m_live->show(snapshot);
        m_attempts->show(snapshot);
    };
    connect(port, &SessionPort::snapshotChanged, this, show);
    show(port->snapshot());
}

void LiveDocks::setTheme(const Theme& theme)
{
    m_theme = &theme;
    if (!m_live)
        return;
    m_live->setTheme(theme);
    m_attempts->setTheme(theme);
}

void LiveDocks::open(const history::AttemptRow& row)
{
    if (!m_port || !m_port->snapshot()->workspace)
        return;
    const std::vector<Function>& functions = m_port->snapshot()->workspace->functions;
    if (row.function >= functions.size())
        return;
    m_port->loadAttempt(row, &m_area,
                        [this, function = text(functions[row.function].name)](
                            const session::Answer& answer, const std::string& event) {
                            m_area.showAttempt(function, answer, text(event));
                        });
}

} // namespace coldframe::ui
