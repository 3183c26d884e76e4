#include "sources/cron.h"

#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace coldframe::sources {

namespace {

constexpr std::array<std::string_view, 12> kMonthNames{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdayNames{"SUN", "MON", "TUE", "WED",
                                                        "THU", "FRI", "SAT"};

/// What one of the six fields may hold.
struct Field {
    std::string_view name;
    int min, max;
    bool steps; ///< takes `/`
    std::string_view allowed; ///< for messages
    const std::string_view* names = nullptr; ///< of min … max
};

constexpr Field kMinutes{"minutes", 0, 59, true, "0-59 and , - * /"};
constexpr Field kHours{"hours", 0, 23, true, "0-23 and , - * /"};
constexpr Field kDays{"day-of-month", 1, 31, true, "1-31 and , - * ? / L W"};
constexpr Field kMonths{"month", 1, 12, true, "1-12 or JAN-DEC and , - * /", kMonthNames.data()};
// No `/`: the platform's reference does not list it for this field.
constexpr Field kWeekdays{"day-of-week",       1, 7, false, "1-7 or SUN-SAT and , - * ? L #",
                          kWeekdayNames.data()};
constexpr Field kYears{"year", kFirstCronYear, kLastCronYear, true, "1970-2199 and , - * /"};

Error wrong(const Field& field, std::string_view problem)
{
    return Error{.code = Error::Code::Malformed,
                 .message = fmt::format("cron: {}: {}", field.name, problem),
                 .hint = fmt::format("{} takes {}", field.name, field.allowed)};
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::vector<std::string_view> words(std::string_view text)
{
    std::vector<std::string_view> found;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t\r\n", at)) != text.npos;) {
        const auto end = std::min(text.find_first_of(" \t\r\n", at), text.size());
        found.push_back(text.substr(at, end - at));
        at = end;
    }
    return found;
}

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool all = problem == std::errc{} && end == text.data() + text.size();
    return all && text[0] != '-' ? std::optional(value) : std::nullopt;
}

bool sameLetters(std::string_view a, std::string_view b)
{
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) {
               return upper(x) == upper(y);
           });
}

/// One number or name within the field's bounds.
Result<int> readValue(const Field& field, std::string_view text)
{
    if (text.empty())
        return tl::unexpected(wrong(field, "a value is missing"));
    for (int i = 0; field.names && i <= field.max - field.min; ++i)
        if (sameLetters(field.names[i], text))
            return field.min + i;
    const auto value = number(text);
    if (!value)
        return tl::unexpected(wrong(field, fmt::format("\"{}\" is not a value", text)));
    if (*value < field.min || *value > field.max)
        return tl::unexpected(
            wrong(field, fmt::format("{} is outside {}-{}", *value, field.min, field.max)));
    return *value;
}

struct Values {
    int from, to, step;
};

/// `*`, `5`, `5-9`, and each of them with `/step`.
Result<Values> readValues(const Field& field, std::string_view text)
{
    const auto slash = text.find('/');
    const bool stepped = slash != std::string_view::npos;
    if (stepped && !field.steps)
        return tl::unexpected(wrong(field, fmt::format("\"{}\": / is not allowed here", text)));
    const std::string_view range = text.substr(0, slash);
    Values values{field.min, field.max, 1};
    if (stepped) {
        const std::string_view step = text.substr(slash + 1);
        const int most = field.max - field.min + 1;
        values.step = number(step).value_or(0);
        if (values.step < 1 || values.step > most)
            return tl::unexpected(
                wrong(field, fmt::format("\"{}\": the step after / must be 1-{}", text, most)));
    }
    if (range == "*")
        return values;
    const auto dash = range.find('-');
    const auto from = readValue(field, range.substr(0, dash));
    if (!from)
        return tl::unexpected(from.error());
    values.from = *from;
    if (dash == std::string_view::npos) {
        values.to = stepped ? field.max : *from; // "5/10" runs from 5 to the end
        return values;
    }
    const auto to = readValue(field, range.substr(dash + 1));
    if (!to)
        return tl::unexpected(to.error());
    values.to = *to;
    if (values.to < values.from)
        return tl::unexpected(wrong(field,
                                    fmt::format("\"{}\" runs backwards: write it as two "
                                                "ranges, split by a comma",
                                                range)));
    return values;
}

/// Calls `add(value)` for each value of a comma-separated list.
template <typename Add>
std::optional<Error> readList(const Field& field, std::string_view text, Add add)
{
    for (const std::string_view part : split(text, ',')) {
        if (part == "?" && &field != &kDays && &field != &kWeekdays)
            return wrong(field, "? belongs to day-of-month and day-of-week only");
        const auto values = readValues(field, part);
        if (!values)
            return values.error();
        for (int value = values->from; value <= values->to; value += values->step)
            add(value);
    }
    return std::nullopt;
}

bool endsWith(std::string_view text, char letter)
{
    return text.size() > 1 && sameLetters(text.substr(text.size() - 1), {&letter, 1});
}

/// One item of day-of-month: L, L-3, LW, 15W, or plain values.
std::optional<Error> readDayItem(std::string_view item, CronRule& rule)
{
    if (sameLetters(item, "LW")) {
        rule.lastWeekday = true;
        return std::nullopt;
    }
    if (!item.empty() && sameLetters(item.substr(0, 1), "L")) {
        int before = 0;
        if (item.size() > 1) {
            before = item[1] == '-' ? number(item.substr(2)).value_or(0) : 0;
            if (before < 1 || before > 30)
                return wrong(kDays, fmt::format("\"{}\": write L, LW, or L-1 to L-30", item));
        }
        rule.daysBeforeLast |= std::uint32_t{1} << before;
        return std::nullopt;
    }
    if (endsWith(item, 'W')) {
        const auto day = readValue(kDays, item.substr(0, item.size() - 1));
        if (!day)
            return day.error();
        rule.nearestWeekdays |= std::uint32_t{1} << *day;
        return std::nullopt;
    }
    return readList(kDays, item, [&](int day) { rule.days |= std::uint32_t{1} << day; });
}

/// One item of day-of-week: L, 6L, FRIL, 3#2, or plain values. 1 is Sunday.
std::optional<Error> readWeekdayItem(std::string_view item, CronRule& rule)
{
    if (sameLetters(item, "L")) { // the last day of the week
        rule.weekdays |= 1U << 6;
        return std::nullopt;
    }
    if (endsWith(item, 'L')) {
        const auto weekday = readValue(kWeekdays, item.substr(0, item.size() - 1));
        if (!weekday)
            return weekday.error();
        rule.lastOfWeekdays |= 1U << (*weekday - 1);
        return std::nullopt;
    }
    if (const auto hash = item.find('#'); hash != std::string_view::npos) {
        const auto weekday = readValue(kWeekdays, item.substr(0, hash));
        if (!weekday)
            return weekday.error();
        rule.nthWeekday = *weekday - 1;
        rule.nth = number(item.substr(hash + 1)).value_or(0);
        if (rule.nth < 1 || rule.nth > 5)
            return wrong(kWeekdays,
                         fmt::format("\"{}\": after # goes which one of the month, 1-5", item));
        return std::nullopt;
    }
    return readList(kWeekdays, item, [&](int day) { rule.weekdays |= 1U << (day - 1); });
}

std::optional<Error> readDays(std::string_view dayOfMonth, std::string_view dayOfWeek,
                              CronRule& rule)
{
    if ((dayOfMonth == "?") == (dayOfWeek == "?"))
        return Error{.code = Error::Code::Conflict,
                     .message = fmt::format("cron: exactly one of day-of-month and day-of-week "
                                            "must be ?, got \"{}\" and \"{}\"",
                                            dayOfMonth, dayOfWeek),
                     .hint = "write ? in the field that shall not matter, as in "
                             "cron(0 2 * * ? *) or cron(0 2 ? * MON-FRI *)"};
    rule.byWeekday = dayOfMonth == "?";
    const std::string_view field = rule.byWeekday ? dayOfWeek : dayOfMonth;
    if (rule.byWeekday && field.find('#') != field.npos && field.find(',') != field.npos)
        return wrong(kWeekdays, "a field with # takes one expression only, without commas");
    for (const std::string_view item : split(field, ',')) {
        if (item == "?")
            return wrong(rule.byWeekday ? kWeekdays : kDays, "? stands alone");
        if (auto error = rule.byWeekday ? readWeekdayItem(item, rule) : readDayItem(item, rule))
            return error;
    }
    return std::nullopt;
}

} // namespace

Result<CronRule> parseCron(std::string_view fields)
{
    const auto parts = words(fields);
    if (parts.size() != 6)
        return tl::unexpected(
            Error{.code = Error::Code::Malformed,
                  .message = fmt::format("cron needs six fields (minutes hours day-of-month month "
                                         "day-of-week year), got {}",
                                         parts.size()),
                  .hint = parts.size() == 5
                      ? "add the year and write ? for one of the days, as in cron(0 2 * * ? *)"
                      : "write for example cron(0 2 * * ? *) for 02:00 every day"});
    CronRule rule;
    if (auto error = readList(kMinutes, parts[0],
                              [&](int value) { rule.minutes |= std::uint64_t{1} << value; }))
        return tl::unexpected(*error);
    if (auto error = readList(kHours, parts[1], [&](int value) { rule.hours |= 1U << value; }))
        return tl::unexpected(*error);
    if (auto error = readDays(parts[2], parts[4], rule))
        return tl::unexpected(*error);
    if (auto error = readList(kMonths, parts[3], [&](int value) { rule.months |= 1U << value; }))
        return tl::unexpected(*error);
    if (auto error
        = readList(kYears, parts[5], [&](int value) { rule.years.set(std::size_t(value - 1970)); }))
        return tl::unexpected(*error);
    return rule;
}

} // namespace coldframe::sources
