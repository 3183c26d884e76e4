#pragma once

#include <chrono>

namespace coldframe {

using Duration = std::chrono::nanoseconds;

/// Engine time: nanoseconds since 1970-01-01T00:00Z. The pure rooms are told the time; none asks.
using TimePoint = std::chrono::sys_time<Duration>;

/// For charts and text only.
constexpr double toSeconds(Duration d)
{
    return std::chrono::duration<double>(d).count();
}
constexpr double toMilliseconds(Duration d)
{
    return std::chrono::duration<double, std::milli>(d).count();
}

} // namespace coldframe
