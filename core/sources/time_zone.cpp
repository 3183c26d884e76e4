#include "sources/time_zone.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>

#include <date/tz.h>

#include <fmt/format.h>

namespace coldframe::sources {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// The system's tables spell out summer time up to this year; the rule that follows them is not
/// read by the library, so later years borrow the calendar of an earlier one.
constexpr int kLastTabledYear = 2037;
constexpr int kFirstLenderYear = 2027; ///< 2027 … 2037 hold a common year for each weekday

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return char(std::tolower(c)); });
    return lower;
}

/// "europe/paris" and "Paris" both mean Europe/Paris.
std::string resemblingZone(std::string_view name)
{
    const std::string wanted = lowered(name);
    for (const date::time_zone& zone : date::get_tzdb().zones) {
        const std::string known = lowered(zone.name());
        const auto slash = known.rfind('/');
        if (known == wanted || (slash != known.npos && known.substr(slash + 1) == wanted))
            return zone.name();
    }
    return {};
}

Error unknownZone(std::string_view name)
{
    Error error{.code = Error::Code::Missing,
                .message = fmt::format("the time zone \"{}\" is not known to this system", name),
                .hint = "use a name of the IANA time zone database, such as Europe/Paris or UTC"};
    try {
        const std::string close = resemblingZone(name);
        if (!close.empty())
            error.hint = fmt::format("did you mean \"{}\"?", close);
    } catch (const std::exception&) {
        error.hint = "no time-zone files were found: install the package tzdata, or use UTC";
    }
    return error;
}

/// Days to subtract from a date past the tables to reach one with the same month, day and weekday
/// in a common year within them. Rules of summer time ("the last Sunday of March") see no
/// difference; none of them lies on 29 February, for which the 28th stands in.
date::days borrowedDays(date::year_month_day wanted, date::local_days day)
{
    const date::weekday weekday(day);
    const bool leapDay = wanted.month() == date::February && wanted.day() == date::day(29);
    const date::month_day monthDay(wanted.month(), leapDay ? date::day(28) : wanted.day());
    for (int year = kLastTabledYear; year >= kFirstLenderYear; --year) {
        const date::local_days lender(date::year(year) / monthDay);
        if (!date::year(year).is_leap() && date::weekday(lender) == weekday)
            return day - lender;
    }
    return date::days(0);
}

std::optional<date::sys_seconds> resolve(const date::time_zone& zone, date::local_seconds local)
{
    const date::local_info info = zone.get_info(local);
    if (info.result == date::local_info::nonexistent)
        return std::nullopt;
    // Of a repeated time `first` is the earlier moment.
    return date::sys_seconds(local.time_since_epoch() - info.first.offset);
}

/// True when summer time goes on but the table of `zone` has ended before `local`.
bool isPastTable(const date::time_zone& zone, date::local_seconds local)
{
    const date::sys_seconds end = date::sys_days(date::year(kLastTabledYear + 1) / 1 / 1);
    const date::sys_seconds asUtc(local.time_since_epoch());
    if (asUtc < end + date::days(1))
        return false;
    const date::sys_info info = zone.get_info(asUtc);
    return info.begin >= date::sys_days(date::year(kLastTabledYear) / 1 / 1) && info.begin < end
        && info.end > date::sys_days(date::year(kLastCronYear + 1) / 1 / 1);
}

} // namespace

Result<const date::time_zone*> findTimeZone(std::string_view name)
{
    if (name.empty() || name == "UTC" || name == "Etc/UTC")
        return nullptr;
    try {
        const date::time_zone* zone = date::locate_zone(name);
        zone->get_info(date::sys_seconds{}); // reads its file now: later calls cannot fail
        return zone;
    } catch (const std::exception&) {
        return tl::unexpected(unknownZone(name));
    }
}

std::optional<TimePoint> momentOf(const date::time_zone* zone, LocalMinute local)
{
    if (!zone)
        return TimePoint(local.time_since_epoch());
    const date::local_seconds wanted(local.time_since_epoch());
    date::days shift(0);
    if (isPastTable(*zone, wanted)) {
        const auto day = date::floor<date::days>(wanted);
        shift = borrowedDays(date::year_month_day(day), day);
    }
    const auto moment = resolve(*zone, wanted - shift);
    if (!moment)
        return std::nullopt;
    return TimePoint((*moment + shift).time_since_epoch());
}

LocalMinute searchStart(const date::time_zone* zone, TimePoint moment)
{
    const auto whole = std::chrono::floor<minutes>(moment.time_since_epoch());
    if (!zone)
        return LocalMinute(whole);
    const auto offset = zone->get_info(date::sys_seconds(seconds(whole))).offset;
    return LocalMinute(whole + std::chrono::floor<minutes>(offset) - std::chrono::hours(3));
}

} // namespace coldframe::sources
