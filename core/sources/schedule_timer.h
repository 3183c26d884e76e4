#pragma once

#include "sources/schedule.h"

namespace coldframe::sources {

/// Tells when a schedule is due, by a clock on the wall that may be set and on a machine that may
/// sleep. It is told the time and reads no clock; look() is to be called several times a second.
class ScheduleTimer {
public:
    explicit ScheduleTimer(Schedule schedule) : m_schedule(std::move(schedule)) { }

    /// A rate counts from now on. Nothing happens when it is started already.
    void start(TimePoint now);
    void stop() { m_started = false; }

    struct Due {
        TimePoint at{};
        bool missed = false; ///< noticed so late that the machine slept or its clock was set
    };
    /// A moment that has come since the last look; the latest of several is not told.
    std::optional<Due> look(TimePoint now);

    /// When it is due next, while it is started; none: never again.
    std::optional<TimePoint> next() const { return m_started ? m_next : std::nullopt; }
    /// The next `count` moments. While it is stopped: those that would come if it started now.
    std::vector<TimePoint> nextTimes(TimePoint now, std::size_t count) const;

private:
    void setBack(TimePoint now);

    Schedule m_schedule;
    TimePoint m_anchor{}, m_lookedAt{};
    std::optional<TimePoint> m_next; ///< while it is started; none: never again
    bool m_started = false;
};

} // namespace coldframe::sources
