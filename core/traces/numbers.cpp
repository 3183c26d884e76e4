#include "traces/numbers.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

namespace coldframe::traces {

namespace {

tl::unexpected<Error> bad(const CsvText& csv, const char* at, Error::Code code,
                          std::string_view what, std::string_view must)
{
    return tl::unexpected(errorAt(
        csv, at, code, fmt::format("{} must be {}, got {}", what, must, quotedField(csv, at)),
        "correct this value, or remove the line"));
}

} // namespace

Result<double> readNumber(const CsvText& csv, const char*& at, std::string_view what, double most)
{
    const char* const end = csv.text.data() + csv.text.size();
    if (at == end)
        return tl::unexpected(errorAt(csv, at, Error::Code::Malformed,
                                      fmt::format("the file ends where {} must stand", what),
                                      "it is cut off: download it again"));
    double value = 0;
    const auto [after, problem] = std::from_chars(at, end, value);
    const bool whole = after == end || *after == ',' || atLineEnd(after, end);
    if (problem == std::errc::result_out_of_range)
        return bad(csv, at, Error::Code::OutOfRange, what, fmt::format("at most {:g}", most));
    if (problem != std::errc() || !whole || !std::isfinite(value))
        return bad(csv, at, Error::Code::Malformed, what, "a number");
    if (value < 0)
        return bad(csv, at, Error::Code::OutOfRange, what, "0 or more");
    if (value > most)
        return bad(csv, at, Error::Code::OutOfRange, what, fmt::format("at most {:g}", most));
    at = after;
    return value;
}

Result<std::uint32_t> readCount(const CsvText& csv, const char*& at, std::string_view what)
{
    constexpr double kMost = std::numeric_limits<std::uint32_t>::max();
    const char* const start = at;
    const Result<double> value = readNumber(csv, at, what, kMost);
    if (!value)
        return tl::unexpected(value.error());
    if (*value != std::floor(*value))
        return bad(csv, start, Error::Code::Malformed, what, "a whole number");
    return static_cast<std::uint32_t>(*value);
}

Result<std::int64_t> readMicroseconds(const CsvText& csv, const char*& at, std::string_view what)
{
    constexpr double kMostSeconds = 1e9;
    const char* const end = csv.text.data() + csv.text.size();
    const char* p = at;
    std::int64_t value = 0;
    int digits = 0;
    while (p != end && *p >= '0' && *p <= '9' && digits < 10)
        value = value * 10 + (*p++ - '0'), ++digits;
    int decimals = 0;
    bool up = false;
    if (p != end && *p == '.')
        for (++p; p != end && *p >= '0' && *p <= '9'; ++p, ++decimals) {
            if (decimals < 6)
                value = value * 10 + (*p - '0');
            else if (decimals == 6)
                up = *p >= '5';
        }
    for (int i = decimals; i < 6; ++i)
        value *= 10;
    const bool plain = digits > 0 && (p == end || *p == ',' || atLineEnd(p, end));
    if (plain && value <= static_cast<std::int64_t>(kMostSeconds * 1e6)) {
        at = p;
        return value + up;
    }
    const Result<double> other = readNumber(csv, at, what, kMostSeconds); // "1e-05", or wrong
    if (!other)
        return tl::unexpected(other.error());
    return static_cast<std::int64_t>(*other * 1e6 + 0.5);
}

} // namespace coldframe::traces
