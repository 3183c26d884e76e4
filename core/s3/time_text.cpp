#include "s3/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace coldframe::s3 {

namespace {

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool readNumber(std::string_view text, int& number)
{
    return std::from_chars(text.data(), text.data() + text.size(), number).ptr
        == text.data() + text.size();
}

} // namespace

std::string httpDate(TimePoint time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       kDays[std::chrono::weekday(day).c_encoding()], unsigned(date.day()),
                       kMonths[unsigned(date.month()) - 1], int(date.year()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

std::optional<TimePoint> readHttpDate(std::string_view text)
{
    constexpr std::string_view kShape = "Wed, 04 Mar 2026 09:15:07 GMT";
    if (text.size() != kShape.size() || !text.ends_with(" GMT"))
        return std::nullopt;
    int day = 0, year = 0, hour = 0, minute = 0, second = 0;
    const auto month = std::ranges::find(kMonths, text.substr(8, 3));
    if (month == kMonths.end() || !readNumber(text.substr(5, 2), day)
        || !readNumber(text.substr(12, 4), year) || !readNumber(text.substr(17, 2), hour)
        || !readNumber(text.substr(20, 2), minute) || !readNumber(text.substr(23, 2), second))
        return std::nullopt;
    const std::chrono::year_month_day date(
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(month - kMonths.begin() + 1)),
        std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute)
        + std::chrono::seconds(second);
}

std::string isoTime(TimePoint time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(date.year()),
                       unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

} // namespace coldframe::s3
