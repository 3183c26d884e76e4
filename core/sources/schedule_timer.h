#pragma once

#include <map>

#include "sources/flexible_window.h"
#include "sources/schedule.h"

namespace coldframe::sources {

/// Tells when a schedule is due, by a clock on the wall that may be set and on a machine that may
/// sleep. It is told the time and reads no clock; look() is to be called several times a second.
class ScheduleTimer {
public:
    explicit ScheduleTimer(Schedule schedule, FlexibleWindow window = {})
        : m_schedule(std::move(schedule)), m_window(std::move(window))
    { }

    /// A rate counts from now on. A window that is open now still fires if its moment is to come,
    /// so a restart in between loses nothing. Nothing happens when it is started already.
    void start(TimePoint now);
    void stop() { m_started = false; }
    /// A schedule that fires once has done so: it never will again, whatever the clock shows.
    void over() { m_over = true; }

    struct Due {
        TimePoint at{}; ///< as scheduled: with a window, it fires up to its length later
        bool missed = false; ///< noticed so late that the machine slept or its clock was set
    };
    /// A moment that has come since the last look; the latest of several is not told.
    std::optional<Due> look(TimePoint now);

    /// When it is due next, while it is started; none: never again.
    std::optional<TimePoint> next() const;
    /// The next `count` moments. While it is stopped: those that would come if it started now.
    std::vector<TimePoint> nextTimes(TimePoint now, std::size_t count) const;

private:
    void setBack(TimePoint now);
    void openWindows(TimePoint now);

    Schedule m_schedule;
    FlexibleWindow m_window;
    TimePoint m_anchor{}, m_lookedAt{};
    std::optional<TimePoint> m_next; ///< while it is started; none: never again
    std::multimap<TimePoint, TimePoint> m_open; ///< windows that have begun: when due, for which
    bool m_started = false, m_over = false;
};

} // namespace coldframe::sources
