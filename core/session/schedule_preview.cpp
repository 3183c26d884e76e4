#include "session/schedule_preview.h"

#include "sources/schedule.h"
#include "sources/time_zone.h"

namespace coldframe::session {

Result<SchedulePreview> previewSchedule(const std::string& expression, const std::string& timezone,
                                        TimePoint now, std::size_t count)
{
    const auto at = [](const char* pointer, Error error) {
        error.pointer = pointer;
        return tl::unexpected(std::move(error));
    };
    if (const auto form = sources::parseSchedule(expression, "UTC"); !form)
        return at("/expression", form.error());
    if (const auto zone = sources::findTimeZone(timezone); !zone)
        return at("/timezone", zone.error());
    const Result<sources::Schedule> schedule = sources::parseSchedule(expression, timezone);
    if (!schedule)
        return at("/expression", schedule.error());
    return SchedulePreview{sources::describeSchedule(*schedule),
                           schedule->anchoredAt(now).nextTimes(now, count)};
}

} // namespace coldframe::session
