#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/error.h"

namespace coldframe::sources {

inline constexpr int kFirstCronYear = 1970;
inline constexpr int kLastCronYear = 2199;

/// A minute on a clock on the wall, of no particular time zone.
using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

/// The six fields of an AWS cron expression, each as the set of what it allows.
/// Source: EventBridge user guide, "Cron expressions reference", read 2026-11.
struct CronRule {
    std::uint64_t minutes = 0; ///< bit n: minute n
    std::uint32_t hours = 0; ///< bit n: hour n
    std::uint32_t months = 0; ///< bit n: month n, from 1
    std::bitset<kLastCronYear - kFirstCronYear + 1> years; ///< from kFirstCronYear

    bool byWeekday = false; ///< day-of-month is `?`, so day-of-week decides; else the reverse
    std::uint32_t days = 0; ///< bit n: day n of the month
    std::uint32_t daysBeforeLast = 0; ///< bit n: n days before the last one; L is bit 0
    std::uint32_t nearestWeekdays = 0; ///< bit n: Monday to Friday nearest to day n (nW)
    bool lastWeekday = false; ///< LW: the last Monday to Friday of the month
    std::uint32_t weekdays = 0; ///< bit n: 0 Sunday … 6 Saturday
    std::uint32_t lastOfWeekdays = 0; ///< bit n: the month's last such day (nL)
    int nthWeekday = 0, nth = 0; ///< n#k: the k-th (1…5) such day of the month; 0: none

    /// Bit n: the rule allows day n of this month. Year and month themselves are not looked at.
    std::uint32_t daysOf(std::chrono::year_month month) const;
    /// The first minute at or after `from` that all fields allow; none up to the last year.
    std::optional<LocalMinute> firstFrom(LocalMinute from) const;
};

/// Reads the six fields between the brackets of `cron(…)`.
Result<CronRule> parseCron(std::string_view fields);

} // namespace coldframe::sources
