#include "changes/julian_day.h"

#include <cmath>

#include "model/outside_time.h"

namespace coldframe::changes {

namespace {

constexpr double kUnixEpoch = 2'440'587.5; // as a Julian day

} // namespace

TimePoint timeOfJulianDay(double day)
{
    const double ms = std::round((day - kUnixEpoch) * 86'400'000.0);
    // A clock that is far out must not reach the undefined conversion.
    if (!(std::abs(ms) < 9e12))
        return {};
    return outsideTime(static_cast<std::int64_t>(ms) * 1'000'000);
}

} // namespace coldframe::changes
