#include "sources/scheduled_event.h"

#include <fmt/format.h>

namespace coldframe::sources {

std::string scheduledEvent(std::string_view trigger, TimePoint time, const EventOrigin& origin)
{
    const auto moment = static_cast<std::uint64_t>(time.time_since_epoch().count());
    const std::string name = jsonString(trigger);
    return fmt::format(
        R"({{"version":"0","id":"{}","detail-type":"Scheduled Event","source":"aws.events",)"
        R"("account":"{}","time":"{}","region":"{}","resources":["arn:aws:events:{}:{}:rule/{}],)"
        R"("detail":{{}}}})",
        eventId(trigger, moment), origin.account, isoSeconds(time), origin.region, origin.region,
        origin.account, std::string_view(name).substr(1));
}

} // namespace coldframe::sources
