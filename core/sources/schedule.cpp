#include "sources/schedule.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "sources/time_zone.h"

namespace coldframe::sources {

namespace {

using namespace std::chrono;

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// What stands between `name(` and `)`; none when the text is not of that form.
std::optional<std::string_view> argumentOf(std::string_view text, std::string_view name)
{
    if (!text.starts_with(name) || !text.ends_with(')'))
        return std::nullopt;
    text.remove_prefix(name.size());
    if (!text.starts_with('('))
        return std::nullopt;
    return text.substr(1, text.size() - 2);
}

Error wrongRate(std::string message)
{
    return Error{.code = Error::Code::Malformed,
                 .message = "rate: " + std::move(message),
                 .hint = "write for example rate(1 minute), rate(5 minutes), rate(1 hour) or "
                         "rate(7 days)"};
}

struct Unit {
    std::string_view singular;
    minutes length;
};
constexpr Unit kUnits[]{{"minute", minutes(1)}, {"hour", hours(1)}, {"day", hours(24)}};

/// `n unit`, the unit in the singular if and only if n is 1.
Result<Rate> parseRate(std::string_view text)
{
    // A century of minutes; keeps every sum of times far from overflowing.
    constexpr std::int64_t kMostMinutes = std::int64_t{100} * 366 * 24 * 60;
    const std::string_view all = trimmed(text);
    std::int64_t count = 0;
    const auto [end, problem] = std::from_chars(all.data(), all.data() + all.size(), count);
    const std::string_view unit = trimmed(all.substr(std::size_t(end - all.data())));
    if (problem == std::errc::result_out_of_range)
        return tl::unexpected(wrongRate("the number is too large"));
    if (problem != std::errc{} || unit.empty() || unit.data() == end)
        return tl::unexpected(
            wrongRate(fmt::format("\"{}\" is not a whole number, a space and a unit", all)));
    if (count < 1)
        return tl::unexpected(
            wrongRate(fmt::format("the number must be 1 or more, got {}", count)));
    for (const auto& [singular, length] : kUnits) {
        const std::string plural = std::string(singular) + 's';
        if (unit != singular && unit != plural)
            continue;
        if ((unit == singular) != (count == 1))
            return tl::unexpected(wrongRate(fmt::format("{} goes with \"{}\", got \"{}\"", count,
                                                        count == 1 ? singular : plural, unit)));
        if (count > kMostMinutes / length.count())
            return tl::unexpected(wrongRate("an interval of more than a century"));
        return Rate{length * count};
    }
    return tl::unexpected(
        wrongRate(fmt::format("the unit must be minute(s), hour(s) or day(s), got \"{}\"", unit)));
}

Error unknownForm(std::string_view text)
{
    Error error{.code = Error::Code::Malformed,
                .message = fmt::format("\"{}\" is not a schedule", text),
                .hint = "write rate(5 minutes), cron(0 2 * * ? *) or at(2026-12-24T18:00:00)"};
    if (text.empty())
        error.message = "the schedule is empty";
    return error;
}

Result<Once> parseOnce(std::string_view text)
{
    const auto time = parseDateTime(trimmed(text));
    if (time && !time->utc)
        return Once{*time};
    Error error = time ? Error{.code = Error::Code::Malformed,
                               .message = fmt::format("\"{}\" ends in a Z", trimmed(text))}
                       : time.error();
    error.message = "at: " + error.message;
    error.hint = "write at(2026-12-24T18:00:00): a local time of \"timezone\"";
    return tl::unexpected(error);
}

} // namespace

Result<Schedule> parseSchedule(std::string_view expression, std::string_view timezone)
{
    const std::string_view text = trimmed(expression);
    const auto zone = findTimeZone(timezone);
    if (!zone)
        return tl::unexpected(zone.error());
    if (const auto argument = argumentOf(text, "rate"))
        return parseRate(*argument).map([](Rate rate) { return Schedule(rate, "UTC", nullptr); });
    if (const auto argument = argumentOf(text, "cron"))
        return parseCron(*argument).map([&](const CronRule& rule) {
            return Schedule(rule, timezone.empty() ? "UTC" : std::string(timezone), *zone);
        });
    if (const auto argument = argumentOf(text, "at"))
        return parseOnce(*argument).map([&](const Once& once) {
            return Schedule(once, timezone.empty() ? "UTC" : std::string(timezone), *zone);
        });
    return tl::unexpected(unknownForm(text));
}

std::optional<TimePoint> Schedule::next(TimePoint after) const
{
    if (const Once* once = std::get_if<Once>(&m_rule)) {
        const auto moment = momentOf(m_zone, once->time);
        return moment && *moment > after ? moment : std::nullopt;
    }
    const auto found = nextInBounds(after);
    return found && m_bounds.until && *found >= *m_bounds.until ? std::nullopt : found;
}

std::optional<TimePoint> Schedule::nextInBounds(TimePoint after) const
{
    const auto& from = m_bounds.from;
    if (const Rate* rate = std::get_if<Rate>(&m_rule))
        return from && after < *from ? from : nextOfRate(*rate, after);
    const TimePoint begin = from ? std::max(after, *from - Duration(1)) : after;
    return nextOfCron(std::get<CronRule>(m_rule), begin);
}

std::vector<TimePoint> Schedule::nextTimes(TimePoint after, std::size_t count) const
{
    std::vector<TimePoint> times;
    for (auto time = next(after); time && times.size() < count; time = next(*time))
        times.push_back(*time);
    return times;
}

Schedule Schedule::anchoredAt(TimePoint anchor) const
{
    Schedule anchored = *this;
    if (!m_bounds.from)
        anchored.m_anchor = anchor;
    return anchored;
}

Schedule Schedule::within(const ScheduleBounds& bounds) const
{
    Schedule bounded = *this;
    if (isOnce())
        return bounded;
    bounded.m_bounds = bounds;
    if (bounds.from)
        bounded.m_anchor = *bounds.from;
    return bounded;
}

std::optional<TimePoint> Schedule::nextOfRate(const Rate& rate, TimePoint after) const
{
    if (after < m_anchor)
        return m_anchor + rate.interval;
    return m_anchor + ((after - m_anchor) / rate.interval + 1) * rate.interval;
}

std::optional<TimePoint> Schedule::nextOfCron(const CronRule& cron, TimePoint after) const
{
    // Later on the wall is later in time as well, for skipped minutes have no moment and repeated
    // ones count once: the first that lies after `after` is the answer.
    auto local = cron.firstFrom(searchStart(m_zone, after));
    for (; local; local = cron.firstFrom(*local + minutes(1))) {
        const auto moment = momentOf(m_zone, *local);
        if (moment && *moment > after)
            return moment;
    }
    return std::nullopt;
}

} // namespace coldframe::sources
