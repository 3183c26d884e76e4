#include "sources/flexible_window.h"

#include "sources/event_text.h"

namespace coldframe::sources {

TimePoint FlexibleWindow::fires(TimePoint scheduled) const
{
    const auto choices = std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
    if (choices <= 0)
        return scheduled;
    const auto moment = static_cast<std::uint64_t>(scheduled.time_since_epoch().count());
    const std::uint64_t drawn = scatter(name, moment ^ scatter("flexible window", seed));
    return scheduled + std::chrono::milliseconds(drawn % static_cast<std::uint64_t>(choices));
}

} // namespace coldframe::sources
