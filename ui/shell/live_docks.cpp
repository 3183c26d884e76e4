#include "ui/shell/live_docks.h"

#include <QDockWidget>

#include "ui/charts/live_column.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"

namespace coldframe::ui {

LiveDocks::LiveDocks(QDockWidget& live, WorkspaceArea& area)
    : m_liveDock(live), m_area(area), m_theme(&Theme::lightTheme())
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
    connect(m_live, &LiveColumn::invocationActivated, this, &LiveDocks::openInvocation);
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

/// The newest ended attempt of this invocation. One that still runs has nothing to show yet.
void LiveDocks::openInvocation(std::uint32_t serial)
{
    if (!m_port)
        return;
    const history::AttemptLog::View& log = m_port->snapshot()->attempts;
    for (std::uint64_t row = log.endRow(); row-- > log.firstRow();) {
        if (log[row].invocation == serial) {
            open(log[row]);
            return;
        }
    }
}

} // namespace coldframe::ui
