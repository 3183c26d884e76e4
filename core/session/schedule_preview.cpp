#include "session/schedule_preview.h"

#include <fmt/format.h>

#include "session/schedule_reading.h"
#include "sources/schedule_timer.h"
#include "sources/time_zone.h"

namespace coldframe::session {

namespace {

Error at(const char* pointer, Error error)
{
    error.pointer = pointer;
    return error;
}

Result<std::optional<TimePoint>> readBound(const std::string& written, const date::time_zone* zone)
{
    if (written.empty())
        return std::nullopt;
    const auto time = sources::parseDateTime(written);
    if (!time)
        return tl::unexpected(time.error());
    if (const auto moment = sources::momentOf(zone, *time))
        return moment;
    return tl::unexpected(
        Error{.code = Error::Code::OutOfRange,
              .message = fmt::format("{} does not exist: the clock goes forward over it", written),
              .hint = "write a time before or after, or one in UTC with a Z"});
}

} // namespace

Result<sources::Schedule> readSchedule(const ScheduleTrigger& schedule)
{
    const auto form = sources::parseSchedule(schedule.expression, "UTC");
    if (!form)
        return tl::unexpected(at("/expression", form.error()));
    const auto zone = sources::findTimeZone(schedule.timezone);
    if (!zone)
        return tl::unexpected(at("/timezone", zone.error()));
    const auto parsed = sources::parseSchedule(schedule.expression, schedule.timezone);
    if (!parsed)
        return tl::unexpected(at("/expression", parsed.error()));
    const auto from = readBound(schedule.startsAt, *zone);
    if (!from)
        return tl::unexpected(at("/startsAt", from.error()));
    const auto until = readBound(schedule.endsAt, *zone);
    if (!until)
        return tl::unexpected(at("/endsAt", until.error()));
    if (*from && *until && **from >= **until)
        return tl::unexpected(at("/endsAt",
                                 {.code = Error::Code::Conflict,
                                  .message = "endsAt is not after startsAt",
                                  .hint = "it fires from startsAt on and before endsAt"}));
    return parsed->within({*from, *until});
}

sources::FlexibleWindow windowOf(const ScheduleTrigger& schedule, std::uint64_t seed,
                                 const std::string& trigger)
{
    return {std::chrono::minutes(schedule.flexibleWindowMinutes), seed, trigger};
}

Result<SchedulePreview> previewSchedule(const ScheduleTrigger& schedule, const std::string& trigger,
                                        std::uint64_t seed, TimePoint now, std::size_t count)
{
    const auto read = readSchedule(schedule);
    if (!read)
        return tl::unexpected(read.error());
    std::string words = sources::describeSchedule(*read);
    if (!schedule.startsAt.empty())
        words += ", from " + schedule.startsAt;
    if (!schedule.endsAt.empty())
        words += ", before " + schedule.endsAt;
    if (const int minutes = schedule.flexibleWindowMinutes; minutes > 0)
        words += fmt::format(", within {} minute{}", minutes, minutes == 1 ? "" : "s");
    const sources::ScheduleTimer timer(*read, windowOf(schedule, seed, trigger));
    return SchedulePreview{std::move(words), timer.nextTimes(now, count)};
}

Result<SchedulePreview> previewSchedule(const std::string& expression, const std::string& timezone,
                                        TimePoint now, std::size_t count)
{
    ScheduleTrigger schedule;
    schedule.expression = expression;
    schedule.timezone = timezone;
    return previewSchedule(schedule, {}, 0, now, count);
}

} // namespace coldframe::session
