#include "amount_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "cost/decimal.h"

namespace coldframe::commands {

namespace {

struct Unit {
    std::string_view name;
    double nanoseconds;
};
constexpr std::array<Unit, 4> kUnits{{{"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3'600e9}}};
constexpr double kLongest = 1'000 * 3'600e9;

Error noDuration(std::string_view text)
{
    return {.code = Error::Code::Malformed,
            .message = fmt::format("\"{}\" is no duration", text),
            .hint = "write a number and its unit: 500ms, 30s, 5m or 1h"};
}

/// Takes `digits` digits from the front of `text`, and `before` before them; -1 when it cannot.
int takeNumber(std::string_view& text, std::string_view before, std::size_t digits)
{
    if (!text.starts_with(before))
        return -1;
    const std::string_view part = text.substr(before.size(), digits);
    int number = 0;
    const auto [rest, problem] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (part.size() != digits || problem != std::errc() || rest != part.data() + digits)
        return -1;
    text.remove_prefix(before.size() + digits);
    return number;
}

} // namespace

Result<Duration> parseDuration(std::string_view text)
{
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, problem]
        = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (problem != std::errc() || !std::isfinite(number))
        return tl::unexpected(noDuration(text));
    const std::string_view name(rest, static_cast<std::size_t>(end - rest));
    for (const Unit& unit : kUnits) {
        if (unit.name != name)
            continue;
        const double nanoseconds = std::round(number * unit.nanoseconds);
        if (nanoseconds >= 1 && nanoseconds <= kLongest)
            return Duration(static_cast<Duration::rep>(nanoseconds));
        return tl::unexpected(
            Error{.code = Error::Code::OutOfRange,
                  .message = fmt::format("\"{}\" must be above zero and at most 1000h", text),
                  .hint = "leave the option out to run without an end"});
    }
    return tl::unexpected(noDuration(text));
}

Result<TimePoint> parseTime(std::string_view text)
{
    using namespace std::chrono;
    std::string_view rest = text;
    const int y = takeNumber(rest, "", 4), m = takeNumber(rest, "-", 2),
              d = takeNumber(rest, "-", 2);
    int hour = 0, minute = 0, second = 0;
    if (!rest.empty()) {
        hour = takeNumber(rest, "T", 2);
        minute = takeNumber(rest, ":", 2);
        if (rest.starts_with(':'))
            second = takeNumber(rest, ":", 2);
        if (rest == "Z")
            rest = {};
    }
    const year_month_day date(year{y}, month(static_cast<unsigned>(m)),
                              day(static_cast<unsigned>(d)));
    const auto within = [](int number, int most) { return number >= 0 && number < most; };
    if (rest.empty() && date.ok() && y >= 1970 && y <= 2200 && within(hour, 24)
        && within(minute, 60) && within(second, 60))
        return TimePoint(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second);
    return tl::unexpected(Error{.code = Error::Code::Malformed,
                                .message = fmt::format("\"{}\" is no time from 1970 to 2200", text),
                                .hint = "write it in UTC: 2026-03-29 or 2026-03-29T01:30:00Z"});
}

std::string durationText(Duration duration)
{
    using namespace std::chrono;
    if (duration < seconds(1))
        return fmt::format("{} ms", duration_cast<milliseconds>(duration).count());
    const auto whole = duration_cast<seconds>(duration).count();
    if (duration < minutes(1)) // cut, not rounded: 59.97 s is not a minute yet
        return fmt::format("{}.{} s", whole,
                           duration_cast<milliseconds>(duration).count() / 100 % 10);
    if (duration < hours(1))
        return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3'600, whole / 60 % 60);
}

Result<Money> parseUsd(std::string_view text)
{
    const auto amount = cost::parsePicodollars(text);
    if (!amount)
        return tl::unexpected(Error{.code = Error::Code::Malformed,
                                    .message = fmt::format("\"{}\" {}", text, amount.error()),
                                    .hint = "write US dollars, such as 0.25"});
    return Money::fromPicodollars(*amount);
}

std::string countText(std::uint64_t count)
{
    std::string text = std::to_string(count);
    for (std::size_t at = text.size(); at > 3;)
        text.insert(at -= 3, 1, ',');
    return text;
}

std::string plural(std::size_t count, std::string_view what)
{
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

} // namespace coldframe::commands
