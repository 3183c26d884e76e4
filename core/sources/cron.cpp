#include "sources/cron.h"

#include <algorithm>
#include <bit>

namespace coldframe::sources {

namespace {

using namespace std::chrono;

constexpr std::uint32_t bit(unsigned n)
{
    return std::uint32_t{1} << n;
}

unsigned lastDay(year_month month)
{
    return unsigned(year_month_day_last(month / last).day());
}

unsigned weekdayOf(year_month month, unsigned dayOfMonth)
{
    return weekday(local_days(month / day(dayOfMonth))).c_encoding();
}

/// The Monday to Friday nearest to a day, without leaving its month: Saturday the 1st moves
/// forward to Monday the 3rd.
unsigned nearestWorkday(year_month month, unsigned dayOfMonth)
{
    const unsigned end = lastDay(month);
    const unsigned onWeekday = weekdayOf(month, dayOfMonth);
    if (onWeekday == Saturday.c_encoding())
        return dayOfMonth > 1 ? dayOfMonth - 1 : dayOfMonth + 2;
    if (onWeekday == Sunday.c_encoding())
        return dayOfMonth < end ? dayOfMonth + 1 : dayOfMonth - 2;
    return dayOfMonth;
}

std::uint32_t daysByWeekday(const CronRule& rule, year_month month)
{
    const unsigned end = lastDay(month);
    std::uint32_t days = 0;
    for (unsigned d = 1; d <= end; ++d) {
        const unsigned onWeekday = weekdayOf(month, d);
        const bool isLast = d + 7 > end;
        const bool isNth
            = rule.nth > 0 && int(onWeekday) == rule.nthWeekday && int((d - 1) / 7) + 1 == rule.nth;
        if ((rule.weekdays & bit(onWeekday)) || (isLast && (rule.lastOfWeekdays & bit(onWeekday)))
            || isNth)
            days |= bit(d);
    }
    return days;
}

std::uint32_t daysByDate(const CronRule& rule, year_month month)
{
    const unsigned end = lastDay(month);
    std::uint32_t days = rule.days;
    for (unsigned n = 0; n < end; ++n)
        if (rule.daysBeforeLast & bit(n))
            days |= bit(end - n);
    for (unsigned d = 1; d <= end; ++d)
        if (rule.nearestWeekdays & bit(d))
            days |= bit(nearestWorkday(month, d));
    if (rule.lastWeekday)
        days |= bit(nearestWorkday(month, end));
    const std::uint32_t existing = end == 31 ? ~bit(0) : bit(end + 1) - 2;
    return days & existing;
}

/// The first set bit at or after `from`; none when there is none.
std::optional<unsigned> firstBit(std::uint64_t bits, unsigned from)
{
    if (from >= 64 || (bits >> from) == 0)
        return std::nullopt;
    return from + unsigned(std::countr_zero(bits >> from));
}

/// The first allowed minute of a day at or after `minuteOfDay`.
std::optional<minutes> firstOfDay(const CronRule& rule, unsigned minuteOfDay)
{
    const unsigned hour = minuteOfDay / 60;
    if (rule.hours & bit(hour))
        if (const auto minute = firstBit(rule.minutes, minuteOfDay % 60))
            return hours(hour) + minutes(*minute);
    const auto later = firstBit(rule.hours, hour + 1);
    if (!later)
        return std::nullopt;
    return hours(*later) + minutes(std::countr_zero(rule.minutes));
}

} // namespace

std::uint32_t CronRule::daysOf(year_month month) const
{
    return byWeekday ? daysByWeekday(*this, month) : daysByDate(*this, month);
}

std::optional<LocalMinute> CronRule::firstFrom(LocalMinute from) const
{
    const LocalMinute begin = std::max(from, LocalMinute(local_days(year(kFirstCronYear) / 1 / 1)));
    const local_days firstDay = floor<std::chrono::days>(begin);
    const year_month_day start(firstDay);
    // Month by month, at most 2,760 of them: a rule that never fires costs microseconds.
    for (year_month month(start.year(), start.month()); int(month.year()) <= kLastCronYear;
         month += std::chrono::months(1)) {
        if (!years.test(std::size_t(int(month.year()) - kFirstCronYear))
            || !(months & bit(unsigned(month.month()))))
            continue;
        const bool atStart = month == start.year() / start.month();
        const std::uint32_t allowed = daysOf(month);
        for (auto d = firstBit(allowed, atStart ? unsigned(start.day()) : 1); d;
             d = firstBit(allowed, *d + 1)) {
            const local_days date = local_days(month / day(*d));
            const auto minute = date == firstDay
                ? firstOfDay(*this, unsigned((begin - firstDay).count()))
                : firstOfDay(*this, 0);
            if (minute)
                return date + *minute;
        }
    }
    return std::nullopt;
}

} // namespace coldframe::sources
