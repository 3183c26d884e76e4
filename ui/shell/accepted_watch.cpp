#include "ui/shell/accepted_watch.h"

#include "ui/result/result_pane.h"

namespace coldframe::ui {

void AcceptedWatch::setPort(SessionPort* port)
{
    m_port = port;
    m_wanted.reset();
    if (port)
        connect(port, &SessionPort::snapshotChanged, this, &AcceptedWatch::look);
}

void AcceptedWatch::answered(const QString& function, const session::Answer& answer)
{
    m_wanted.reset();
    if (!answer.accepted || !m_port)
        return;
    m_function = function;
    m_wanted = history::parseRequestId(answer.requestId);
    // Its attempt may have ended before the acceptance was told: the last few are looked at, too.
    constexpr std::uint64_t kBefore = 1000;
    const SnapshotPtr now = m_port->snapshot();
    const auto& rows = now->attempts;
    m_from = std::max(rows.firstRow(), rows.endRow() - std::min(rows.endRow(), kBefore));
    look(now);
}

void AcceptedWatch::look(const SnapshotPtr& snapshot)
{
    if (!m_wanted || !m_port)
        return;
    const auto& rows = snapshot->attempts;
    for (std::uint64_t row = std::max(m_from, rows.firstRow()); row < rows.endRow(); ++row) {
        if (rows[row].requestId != *m_wanted)
            continue;
        // A failed one is shown and the next attempt waited for, as long as nothing else is sent.
        m_from = row + 1;
        m_port->loadAttempt(rows[row], this,
                            [this, function = m_function, wanted = *m_wanted](
                                const session::Answer& answer, const std::string&) {
                                if (m_wanted == wanted)
                                    m_results.showAnswer(function, answer);
                            });
        return;
    }
    m_from = rows.endRow();
}

} // namespace coldframe::ui
