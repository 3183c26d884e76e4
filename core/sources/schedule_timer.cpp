#include "sources/schedule_timer.h"

namespace coldframe::sources {

namespace {

/// More than this late, or back, means that the machine slept or the clock was set: looks come
/// several times a second, and clocks are corrected by less.
constexpr Duration kJump = std::chrono::seconds(30);

} // namespace

void ScheduleTimer::start(TimePoint now)
{
    if (std::exchange(m_started, true))
        return;
    m_lookedAt = m_anchor = now;
    m_schedule = m_schedule.anchoredAt(m_anchor);
    m_next = m_schedule.next(now);
}

std::optional<ScheduleTimer::Due> ScheduleTimer::look(TimePoint now)
{
    if (!m_started)
        return std::nullopt;
    if (now < m_lookedAt - kJump)
        setBack(now);
    m_lookedAt = now;
    if (!m_next || now < *m_next)
        return std::nullopt;
    const Due due{*m_next, now - *m_next > kJump};
    m_next = m_schedule.next(now);
    return due;
}

/// A rate goes on with what is left of its interval: counted from the old anchor, which lies in
/// the future now, it would be silent for as long as the clock went back. Times of a cron
/// expression come again, as the clock on the wall shows them again.
void ScheduleTimer::setBack(TimePoint now)
{
    const Duration by = m_lookedAt - now;
    m_anchor -= by;
    m_schedule = m_schedule.anchoredAt(m_anchor);
    if (m_next && std::holds_alternative<Rate>(m_schedule.rule()))
        m_next = *m_next - by;
    else
        m_next = m_schedule.next(now);
}

std::vector<TimePoint> ScheduleTimer::nextTimes(TimePoint now, std::size_t count) const
{
    if (!m_started)
        return m_schedule.anchoredAt(now).nextTimes(now, count);
    std::vector<TimePoint> times;
    for (auto time = m_next; time && times.size() < count; time = m_schedule.next(*time))
        times.push_back(*time);
    return times;
}

} // namespace coldframe::sources
