#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/error.h"
#include "model/money_text.h"
#include "model/time.h"

// Amounts as people type and read them on a command line, whatever the locale.
namespace coldframe::commands {

/// Reads "500ms", "30s", "1.5m" or "2h": a decimal number above zero and its unit.
/// Errors: no unit or another one, not a number, zero, more than 1,000 hours.
Result<Duration> parseDuration(std::string_view text);

/// Reads "2026-03-29", "2026-03-29T01:30" or "2026-03-29T01:30:15Z", always in UTC.
/// Errors: another form, no such day or time, a year before 1970 or after 2200.
Result<TimePoint> parseTime(std::string_view text);

/// "850 ms", "12.4 s", "3 min 20 s", "2 h 05 min".
std::string durationText(Duration duration);

/// Reads US dollars such as "0.25", exactly. Errors: see cost::parsePicodollars().
Result<Money> parseUsd(std::string_view text);

/// "1,204,331".
std::string countText(std::uint64_t count);

/// "1 test", "2 tests".
std::string plural(std::size_t count, std::string_view what);

} // namespace coldframe::commands
