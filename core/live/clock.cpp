#include "live/clock.h"

#include <ctime>

namespace coldframe::live {

Clock::Clock(TimePoint notBefore)
{
    const TimePoint wall = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    m_anchor = std::max(wall, notBefore) - sinceBoot();
}

Duration Clock::skipTo(TimePoint time)
{
    const Duration by = std::max(std::min(time, m_end) - now(), Duration::zero());
    m_skipped += by;
    return by;
}

Duration Clock::sinceBoot()
{
    timespec t{};
    clock_gettime(CLOCK_BOOTTIME, &t);
    return std::chrono::seconds(t.tv_sec) + Duration(t.tv_nsec);
}

} // namespace coldframe::live
