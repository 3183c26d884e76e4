#include "sources/schedule.h"

#include <array>
#include <bit>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace coldframe::sources {

namespace {

constexpr std::array<const char*, 7> kNamesOfWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
constexpr std::array<const char*, 13> kNamesOfMonths{
    "",     "January", "February",  "March",   "April",    "May",     "June",
    "July", "August",  "September", "October", "November", "December"};
constexpr std::array<const char*, 6> kOrdinals{"", "first", "second", "third", "fourth", "fifth"};

constexpr std::uint64_t allBits(int count)
{
    return (std::uint64_t{1} << count) - 1;
}

std::vector<int> valuesOf(std::uint64_t bits)
{
    std::vector<int> values;
    for (; bits; bits &= bits - 1)
        values.push_back(std::countr_zero(bits));
    return values;
}

/// The step of 0, n, 2n, … up to `count`; 0 when the set is not of that form.
int stepOf(const std::vector<int>& values, int count)
{
    const int step = values.size() > 1 ? values[1] - values[0] : 0;
    if (step < 2 || values[0] != 0 || int(values.size()) != (count + step - 1) / step)
        return 0;
    for (std::size_t i = 1; i < values.size(); ++i)
        if (values[i] - values[i - 1] != step)
            return 0;
    return step;
}

/// "a", "a and b", "a, b and c"; three or more in a row as "a to c".
template <typename Name> std::string listed(const std::vector<int>& values, Name name)
{
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < values.size();) {
        std::size_t end = i;
        while (end + 1 < values.size() && values[end + 1] == values[end] + 1)
            ++end;
        if (end >= i + 2) {
            parts.push_back(fmt::format("{} to {}", name(values[i]), name(values[end])));
            i = end + 1;
        } else {
            parts.push_back(name(values[i++]));
        }
    }
    if (parts.size() < 2)
        return parts.empty() ? std::string() : parts[0];
    const std::string last = parts.back();
    parts.pop_back();
    return fmt::format("{} and {}", fmt::join(parts, ", "), last);
}

std::string digits(int value)
{
    return std::to_string(value);
}
std::string monthName(int month)
{
    return kNamesOfMonths[std::size_t(month)];
}
std::string weekdayName(int day)
{
    return kNamesOfWeekdays[std::size_t(day)];
}

std::string describeTime(const CronRule& rule)
{
    const auto minutes = valuesOf(rule.minutes);
    const auto hours = valuesOf(rule.hours);
    const bool everyHour = rule.hours == allBits(24);
    if (minutes.size() * hours.size() <= 4) {
        std::vector<std::string> times;
        for (const int hour : hours)
            for (const int minute : minutes)
                times.push_back(fmt::format("{:02}:{:02}", hour, minute));
        return fmt::format("at {}", fmt::join(times, ", "));
    }
    const int step = stepOf(minutes, 60);
    std::string text = rule.minutes == allBits(60) ? "every minute"
        : step > 0 && 60 % step == 0               ? fmt::format("every {} minutes", step)
        : minutes.size() == 1                      ? fmt::format("at minute {}", minutes[0])
                              : fmt::format("at minutes {}", listed(minutes, digits));
    const bool isPoint = text.starts_with("at");
    if (everyHour)
        return isPoint ? text + " of every hour" : text;
    const int hourStep = stepOf(hours, 24);
    if (hourStep > 0 && 24 % hourStep == 0)
        return fmt::format("{} of every {} hours", text, hourStep);
    return fmt::format("{} of the hour{} {}", text, hours.size() == 1 ? "" : "s",
                       listed(hours, [](int hour) { return fmt::format("{:02}", hour); }));
}

std::string describeWeekdays(const CronRule& rule)
{
    if (rule.weekdays == allBits(7))
        return "every day";
    std::vector<std::string> parts;
    if (rule.weekdays)
        parts.push_back(listed(valuesOf(rule.weekdays), weekdayName));
    for (const int day : valuesOf(rule.lastOfWeekdays))
        parts.push_back(fmt::format("the last {} of the month", weekdayName(day)));
    if (rule.nth > 0)
        parts.push_back(fmt::format("the {} {} of the month", kOrdinals[std::size_t(rule.nth)],
                                    weekdayName(rule.nthWeekday)));
    return fmt::format("on {}", fmt::join(parts, " and "));
}

std::string describeDays(const CronRule& rule)
{
    if (rule.byWeekday)
        return describeWeekdays(rule);
    const auto days = valuesOf(rule.days);
    if (days.size() == 31)
        return "every day";
    std::vector<std::string> parts;
    if (!days.empty())
        parts.push_back(fmt::format("day{} {}", days.size() == 1 ? "" : "s", listed(days, digits)));
    for (const int before : valuesOf(rule.daysBeforeLast))
        parts.push_back(before == 0       ? std::string("the last day")
                            : before == 1 ? std::string("the day before the last")
                                          : fmt::format("the day {} days before the last", before));
    for (const int day : valuesOf(rule.nearestWeekdays))
        parts.push_back(fmt::format("the weekday nearest day {}", day));
    if (rule.lastWeekday)
        parts.push_back("the last weekday");
    return fmt::format("on {} of the month", fmt::join(parts, " and "));
}

std::string describeCron(const CronRule& rule)
{
    std::string text = describeTime(rule);
    const std::string days = describeDays(rule);
    if (rule.hours != allBits(24) || days != "every day") // "every 5 minutes every day" overdoes it
        text += ' ' + days;
    if (rule.months != (allBits(13) & ~std::uint64_t{1}))
        text += " in " + listed(valuesOf(rule.months), monthName);
    if (!rule.years.all()) {
        std::vector<int> years;
        for (std::size_t i = 0; i < rule.years.size(); ++i)
            if (rule.years.test(i))
                years.push_back(kFirstCronYear + int(i));
        text += (rule.months == (allBits(13) & ~std::uint64_t{1}) ? " in " : " ")
            + listed(years, digits);
    }
    return text;
}

std::string describeRate(Duration interval)
{
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(interval).count();
    const auto [count, unit] = minutes % 1440 == 0 ? std::pair(minutes / 1440, "day")
        : minutes % 60 == 0                        ? std::pair(minutes / 60, "hour")
                                                   : std::pair(minutes, "minute");
    return count == 1 ? fmt::format("every {}", unit) : fmt::format("every {} {}s", count, unit);
}

} // namespace

std::string describeSchedule(const Schedule& schedule)
{
    if (const Rate* rate = std::get_if<Rate>(&schedule.rule()))
        return describeRate(rate->interval);
    if (const Once* once = std::get_if<Once>(&schedule.rule()))
        return fmt::format("once, on {}, {}", describeDateTime(once->time), schedule.timezone());
    return fmt::format("{}, {}", describeCron(std::get<CronRule>(schedule.rule())),
                       schedule.timezone());
}

} // namespace coldframe::sources
