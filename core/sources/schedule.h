#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/error.h"
#include "model/time.h"
#include "sources/cron.h"
#include "sources/date_time.h"

namespace date {
class time_zone;
}

namespace coldframe::sources {

/// `rate(n unit)`: every `interval`, counted from an anchor, not from the wall clock.
struct Rate {
    Duration interval{};
};

/// `at(yyyy-mm-ddThh:mm:ss)`: once.
struct Once {
    DateTime time;
};

/// Between which moments a recurring schedule fires, as on the platform: from `from` on and before
/// `until`. A rate has its first time at `from`.
/// Source: EventBridge Scheduler API reference, CreateSchedule, StartDate and EndDate, read
/// 2026-11.
struct ScheduleBounds {
    std::optional<TimePoint> from, until;
};

/// When a schedule trigger fires. A value: cheap to copy, safe to use from any thread.
///
/// In a time zone with daylight saving time, a local time that is skipped in spring does not fire,
/// and one that is repeated in autumn fires once, the first time; `rate(1 day)` is always 24 hours.
/// What the platform does with an `at()` that is skipped is not documented: here it never fires.
/// Source: EventBridge Scheduler user guide, "Schedule types" and "Time zones", read 2026-11.
class Schedule {
public:
    /// The first moment after `after` at which it fires; none when it never will again (a year
    /// list that is over, 31 February). Bounded: the search ends with the year 2199.
    std::optional<TimePoint> next(TimePoint after) const;
    /// Up to `count` moments after `after`, ascending.
    std::vector<TimePoint> nextTimes(TimePoint after, std::size_t count) const;

    /// The same schedule with its rate counted from `anchor`: the first time is one interval
    /// later. Until this is called the anchor is 1970-01-01T00:00Z. No effect on cron and at, nor
    /// on a rate that is bounded from some moment on.
    Schedule anchoredAt(TimePoint anchor) const;

    /// The same schedule within these bounds. No effect on at.
    Schedule within(const ScheduleBounds& bounds) const;

    const std::variant<Rate, CronRule, Once>& rule() const { return m_rule; }
    /// A rate without a first moment: its times depend on when it is started.
    bool countsFromStart() const { return std::holds_alternative<Rate>(m_rule) && !m_bounds.from; }
    bool isOnce() const { return std::holds_alternative<Once>(m_rule); }
    const std::string& timezone() const { return m_timezone; } ///< IANA name; "UTC" for a rate

private:
    friend Result<Schedule> parseSchedule(std::string_view, std::string_view);
    Schedule(std::variant<Rate, CronRule, Once> rule, std::string timezone,
             const date::time_zone* zone)
        : m_rule(std::move(rule)), m_timezone(std::move(timezone)), m_zone(zone)
    { }
    std::optional<TimePoint> nextInBounds(TimePoint after) const;
    std::optional<TimePoint> nextOfRate(const Rate& rate, TimePoint after) const;
    std::optional<TimePoint> nextOfCron(const CronRule& cron, TimePoint after) const;

    std::variant<Rate, CronRule, Once> m_rule;
    std::string m_timezone;
    const date::time_zone* m_zone; ///< null: UTC; the zones live as long as the program
    TimePoint m_anchor{};
    ScheduleBounds m_bounds;
};

/// Reads `rate(n unit)`, `cron(min hour day-of-month month day-of-week year)` or
/// `at(yyyy-mm-ddThh:mm:ss)`. An empty time zone is UTC. Errors say which field is wrong, how, and
/// what is allowed; the caller knows the place in the file. Reads the system's time-zone files for
/// any zone but UTC.
Result<Schedule> parseSchedule(std::string_view expression, std::string_view timezone);

/// Short English: "at 02:00 every day, Europe/Paris"; "every 5 minutes"; "once, on 24 December 2026
/// at 18:00, Europe/Paris".
std::string describeSchedule(const Schedule& schedule);

} // namespace coldframe::sources
