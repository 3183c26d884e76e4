#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "model/error.h"
#include "model/time.h"
#include "sources/cron.h"

namespace date {
class time_zone;
}

namespace coldframe::sources {

/// A date and a time of day as people write them, to the second.
struct DateTime {
    LocalMinute minute;
    std::chrono::seconds second{}; ///< 0 … 59
    bool utc = false; ///< written with a Z: of no other time zone
    bool operator==(const DateTime&) const = default;
};

/// Reads `2026-12-24T18:00:00`, optionally with a `Z`; years 1970 to 2199. Errors say which part
/// is wrong.
Result<DateTime> parseDateTime(std::string_view text);

/// When that is in a zone (null: UTC): none when the clock there goes forward over it, the first
/// of two moments when it goes back over it.
std::optional<TimePoint> momentOf(const date::time_zone* zone, const DateTime& time);

/// "24 December 2026 at 18:00", with seconds unless they are 0.
std::string describeDateTime(const DateTime& time);

} // namespace coldframe::sources
