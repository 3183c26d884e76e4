#include <QStackedLayout>
#include <QTabWidget>
#include <QTimer>

#include "ui/result/life_view.h"
#include "ui/result/result_pane.h"
#include "ui/support/format.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/log_view.h"
#include "ui/widgets/status_dot.h"
#include "ui/widgets/wrapped_label.h"

// What the pane shows while an attempt runs.
namespace coldframe::ui {

void ResultPane::showRunning(const QString& function)
{
    if (function != m_function)
        return;
    m_state->setState(Tone::Accent, tr("Running"));
    m_runningLong->start();
}

/// The figures of the one before are not this one's. Most end before anybody could tell.
void ResultPane::clearForRunning()
{
    session::Answer nothing;
    nothing.accepted = true;
    fillStats(nothing);
    m_reason->hide();
    m_life->setStages({});
    showFiles({});
    if (m_output)
        m_output->setText(QString());
}

void ResultPane::showRunningLog(const QString& function, std::uint32_t invocation,
                                const std::string& log)
{
    if (function != m_function)
        return;
    if (m_following != invocation) {
        m_following = invocation;
        m_followedBytes = 0;
        m_logs->setLog(QString(), m_folder);
        if (m_pages->currentIndex() == 0) { // nothing else to show yet
            session::Answer nothing;
            nothing.accepted = true;
            fillStats(nothing);
            m_reason->hide();
            m_life->setStages({});
            m_pages->setCurrentIndex(1);
            m_tabs->setCurrentWidget(m_logs);
            m_logsWhileRunning = true;
        }
    }
    const std::size_t end = log.rfind('\n');
    if (end == std::string::npos || end + 1 <= m_followedBytes)
        return;
    m_logs->appendLog(text(log.substr(m_followedBytes, end + 1 - m_followedBytes)));
    m_followedBytes = end + 1;
}

} // namespace coldframe::ui
