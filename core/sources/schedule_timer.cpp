#include "sources/schedule_timer.h"

#include <algorithm>

namespace coldframe::sources {

namespace {

/// More than this late, or back, means that the machine slept or the clock was set: looks come
/// several times a second, and clocks are corrected by less.
constexpr Duration kJump = std::chrono::seconds(30);

/// The first `count` moments at which a schedule fires that is due at `first` next, ascending. With
/// a window they are not in the order of what they stand for.
std::vector<TimePoint> firesFrom(const Schedule& schedule, const FlexibleWindow& window,
                                 std::optional<TimePoint> first, std::vector<TimePoint> fires,
                                 std::size_t count)
{
    std::ranges::sort(fires);
    for (auto time = first; time; time = schedule.next(*time)) {
        if (fires.size() >= count && (count == 0 || fires[count - 1] <= *time))
            break;
        const TimePoint at = window.fires(*time);
        fires.insert(std::ranges::upper_bound(fires, at), at);
    }
    fires.resize(std::min(fires.size(), count));
    return fires;
}

} // namespace

void ScheduleTimer::start(TimePoint now)
{
    if (std::exchange(m_started, true))
        return;
    m_lookedAt = m_anchor = now;
    m_schedule = m_schedule.anchoredAt(m_anchor);
    m_open.clear();
    m_next = m_schedule.next(now - m_window.length);
    openWindows(now);
    m_open.erase(m_open.begin(), m_open.upper_bound(now)); // fired in an earlier run, or missed
}

/// Takes up the windows that have begun; of those that ended long ago, the first alone.
void ScheduleTimer::openWindows(TimePoint now)
{
    while (m_next && *m_next <= now) {
        m_open.emplace(m_window.fires(*m_next), *m_next);
        m_next = m_schedule.next(std::max(*m_next, now - m_window.length - kJump));
    }
}

std::optional<ScheduleTimer::Due> ScheduleTimer::look(TimePoint now)
{
    if (!m_started || m_over)
        return std::nullopt;
    if (now < m_lookedAt - kJump)
        setBack(now);
    m_lookedAt = now;
    openWindows(now);
    if (m_open.empty() || m_open.begin()->first > now)
        return std::nullopt;
    const auto [fires, at] = *m_open.begin();
    const Due due{at, now - fires > kJump};
    m_open.erase(m_open.begin());
    if (due.missed || m_window.length.count() == 0) // what came after it meanwhile is not told
        m_open.erase(m_open.begin(), m_open.upper_bound(now));
    return due;
}

/// A rate goes on with what is left of its interval: counted from the old anchor, which lies in
/// the future now, it would be silent for as long as the clock went back. One that begins at a
/// date goes by the clock, as a cron expression does: its times come again, as the clock on the
/// wall shows them again.
void ScheduleTimer::setBack(TimePoint now)
{
    const Duration by = m_lookedAt - now;
    m_anchor -= by;
    m_schedule = m_schedule.anchoredAt(m_anchor);
    if (m_next && m_schedule.countsFromStart()) {
        m_next = *m_next - by;
        std::multimap<TimePoint, TimePoint> open;
        for (const auto& [fires, at] : m_open)
            open.emplace(fires - by, at - by);
        m_open = std::move(open);
    } else {
        m_open.clear();
        m_next = m_schedule.next(now);
    }
}

std::optional<TimePoint> ScheduleTimer::next() const
{
    const auto times = m_started ? nextTimes(m_lookedAt, 1) : std::vector<TimePoint>();
    return times.empty() ? std::nullopt : std::optional(times.front());
}

std::vector<TimePoint> ScheduleTimer::nextTimes(TimePoint now, std::size_t count) const
{
    if (m_over)
        return {};
    if (!m_started) {
        ScheduleTimer started = *this;
        started.start(now);
        return started.nextTimes(now, count);
    }
    std::vector<TimePoint> open;
    for (const auto& [fires, at] : m_open)
        open.push_back(fires);
    return firesFrom(m_schedule, m_window, m_next, std::move(open), count);
}

} // namespace coldframe::sources
