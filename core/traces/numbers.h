#pragma once

#include <cstdint>
#include <string_view>

#include "traces/csv_text.h"

// Numbers as published files write them. `what` names the column in errors.
namespace coldframe::traces {

/// Reads a count from 0 to 4,294,967,295 at `at`, which may be written "12.0", and leaves `at`
/// after it. Errors: nothing there, no number, NaN, negative, not whole, too large.
Result<std::uint32_t> readCount(const CsvText& csv, const char*& at, std::string_view what);

/// Reads a number from 0 to `most`. Errors as above.
Result<double> readNumber(const CsvText& csv, const char*& at, std::string_view what, double most);

/// Seconds from 0 to 10^9, to the nearest microsecond, from the digits themselves: sums and
/// differences of what was read are exact.
Result<std::int64_t> readMicroseconds(const CsvText& csv, const char*& at, std::string_view what);

} // namespace coldframe::traces
