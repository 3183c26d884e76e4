#include "sources/date_time.h"

#include <array>

#include <fmt/format.h>

#include "sources/time_zone.h"

namespace coldframe::sources {

namespace {

using namespace std::chrono;

constexpr std::array<const char*, 13> kMonthsInWords{
    "",     "January", "February",  "March",   "April",    "May",     "June",
    "July", "August",  "September", "October", "November", "December"};

Error wrongDateTime(std::string_view text, std::string_view problem)
{
    return Error{.code = Error::Code::Malformed,
                 .message = fmt::format("\"{}\" {}", text, problem),
                 .hint = "write date and time as in 2026-12-24T18:00:00"};
}

/// The digits of `text` where `form` has a 0; every other character must be the same.
bool hasForm(std::string_view text, std::string_view form)
{
    if (text.size() != form.size())
        return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '0' ? !digit : text[i] != form[i])
            return false;
    }
    return true;
}

int digitsAt(std::string_view text, std::size_t at, std::size_t count)
{
    int value = 0;
    for (const char c : text.substr(at, count))
        value = value * 10 + (c - '0');
    return value;
}

} // namespace

Result<DateTime> parseDateTime(std::string_view whole)
{
    std::string_view text = whole;
    const bool utc = text.ends_with('Z');
    if (utc)
        text.remove_suffix(1);
    if (!hasForm(text, "0000-00-00T00:00:00"))
        return tl::unexpected(wrongDateTime(whole, "is not a date and a time"));
    const year_month_day day{year(digitsAt(text, 0, 4)), month(unsigned(digitsAt(text, 5, 2))),
                             std::chrono::day(unsigned(digitsAt(text, 8, 2)))};
    const int hour = digitsAt(text, 11, 2), minute = digitsAt(text, 14, 2),
              second = digitsAt(text, 17, 2);
    if (int(day.year()) < kFirstCronYear || int(day.year()) > kLastCronYear)
        return tl::unexpected(wrongDateTime(
            whole, fmt::format("lies outside the years {} to {}", kFirstCronYear, kLastCronYear)));
    if (!day.ok())
        return tl::unexpected(wrongDateTime(whole, "is no day of the calendar"));
    if (hour > 23 || minute > 59 || second > 59)
        return tl::unexpected(wrongDateTime(whole, "is no time of the day"));
    return DateTime{LocalMinute(local_days(day)) + hours(hour) + minutes(minute), seconds(second),
                    utc};
}

std::optional<TimePoint> momentOf(const date::time_zone* zone, const DateTime& time)
{
    const auto minute = momentOf(time.utc ? nullptr : zone, time.minute);
    return minute ? std::optional(*minute + time.second) : std::nullopt;
}

std::string describeDateTime(const DateTime& time)
{
    const local_days day = floor<days>(time.minute);
    const year_month_day date(day);
    const hh_mm_ss clock(time.minute - day);
    return fmt::format("{} {} {} at {:02}:{:02}{}{}", unsigned(date.day()),
                       kMonthsInWords[unsigned(date.month())], int(date.year()),
                       clock.hours().count(), clock.minutes().count(),
                       time.second.count() > 0 ? fmt::format(":{:02}", time.second.count()) : "",
                       time.utc ? " UTC" : "");
}

} // namespace coldframe::sources
