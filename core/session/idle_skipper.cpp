#include "session/idle_skipper.h"

#include <algorithm>

#include "session/run.h"
#include "session/trigger_set.h"

namespace coldframe::session {

namespace {
constexpr Duration kInstant{1}; ///< the engine runs a deadline once time has passed it
} // namespace

IdleSkipper::IdleSkipper(Run& run, const SkipIdle& settings, TimePoint begun)
    : m_run(run), m_begun(std::chrono::steady_clock::now() - (run.driver().now() - begun))
{
    if (!settings.length)
        return;
    m_end = begun + *settings.length;
    run.driver().endAt(*m_end);
}

std::optional<TimePoint> IdleSkipper::due() const
{
    live::Driver& driver = m_run.driver();
    const auto deadline = driver.engine().nextDeadline();
    if (!m_end) // instances that end their keep-alive are nothing to wait for
        return deadline && driver.pending() > 0 ? std::optional(*deadline + kInstant)
                                                : std::nullopt;
    TimePoint first = *m_end;
    if (deadline)
        first = std::min(first, *deadline + kInstant);
    if (const auto schedule = m_run.triggers().nextDue())
        first = std::min(first, *schedule);
    return first;
}

bool IdleSkipper::skip()
{
    if (m_over || !m_run.atRest())
        return false;
    const auto next = due();
    if (!next)
        return false;
    m_skipped += m_run.driver().skipTo(*next);
    m_run.triggers().beat();
    beat();
    return true;
}

void IdleSkipper::beat()
{
    if (m_end && m_run.driver().now() >= *m_end)
        end();
}

void IdleSkipper::end()
{
    if (m_over)
        return;
    m_run.driver().endAt(m_run.driver().now());
    m_run.triggers().stop();
    m_run.publish();
    m_over = true;
}

TimePoint IdleSkipper::civilNow() const
{
    const TimePoint now = m_run.driver().now();
    return m_end ? std::min(now, *m_end - kInstant) : now;
}

void IdleSkipper::worked(Duration length)
{
    const TimePoint now = m_run.driver().engine().now();
    m_worked.add(now - length, now);
}

SkippedTime IdleSkipper::time() const
{
    return {m_skipped, std::chrono::steady_clock::now() - m_begun, m_worked.total()};
}

} // namespace coldframe::session
