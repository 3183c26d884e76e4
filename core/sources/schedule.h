#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/error.h"
#include "model/time.h"
#include "sources/cron.h"

namespace date {
class time_zone;
}

namespace coldframe::sources {

/// `rate(n unit)`: every `interval`, counted from an anchor, not from the wall clock.
struct Rate {
    Duration interval{};
};

/// When a schedule trigger fires. A value: cheap to copy, safe to use from any thread.
///
/// In a time zone with daylight saving time, a local time that is skipped in spring does not fire,
/// and one that is repeated in autumn fires once, the first time; `rate(1 day)` is always 24 hours.
/// Source: EventBridge Scheduler user guide, "Schedule types" and "Time zones", read 2026-11.
class Schedule {
public:
    /// The first moment after `after` at which it fires; none when it never will again (a year
    /// list that is over, 31 February). Bounded: the search ends with the year 2199.
    std::optional<TimePoint> next(TimePoint after) const;
    /// Up to `count` moments after `after`, ascending.
    std::vector<TimePoint> nextTimes(TimePoint after, std::size_t count) const;

    /// The same schedule with its rate counted from `anchor`: the first time is one interval
    /// later. Until this is called the anchor is 1970-01-01T00:00Z. No effect on cron.
    Schedule anchoredAt(TimePoint anchor) const;

    const std::variant<Rate, CronRule>& rule() const { return m_rule; }
    const std::string& timezone() const { return m_timezone; } ///< IANA name; "UTC" for a rate

private:
    friend Result<Schedule> parseSchedule(std::string_view, std::string_view);
    Schedule(std::variant<Rate, CronRule> rule, std::string timezone, const date::time_zone* zone)
        : m_rule(std::move(rule)), m_timezone(std::move(timezone)), m_zone(zone)
    { }
    std::optional<TimePoint> nextOfRate(const Rate& rate, TimePoint after) const;
    std::optional<TimePoint> nextOfCron(const CronRule& cron, TimePoint after) const;

    std::variant<Rate, CronRule> m_rule;
    std::string m_timezone;
    const date::time_zone* m_zone; ///< null: UTC; the zones live as long as the program
    TimePoint m_anchor{};
};

/// Reads `rate(n unit)` or `cron(min hour day-of-month month day-of-week year)`. An empty time
/// zone is UTC. Errors say which field is wrong, how, and what is allowed; the caller knows the
/// place in the file. Reads the system's time-zone files for any zone but UTC.
Result<Schedule> parseSchedule(std::string_view expression, std::string_view timezone);

/// Short English: "at 02:00 every day, Europe/Paris"; "every 5 minutes".
std::string describeSchedule(const Schedule& schedule);

} // namespace coldframe::sources
