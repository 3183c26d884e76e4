#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <limits>

#include "model/time.h"

// Times that nobody here has made: of files, which may carry any, and of stored bytes, which may
// have been changed. Sums and differences of unbounded ones overflow.
namespace coldframe {

/// Nanoseconds since 1970 of a time that the kernel tells, or the nearest number there is.
constexpr std::int64_t nanosecondsOf(const timespec& time)
{
    using Limits = std::numeric_limits<std::int64_t>;
    std::int64_t whole = 0;
    if (__builtin_mul_overflow(std::int64_t{time.tv_sec}, std::int64_t{1'000'000'000}, &whole)
        || __builtin_add_overflow(whole, std::int64_t{time.tv_nsec}, &whole))
        return time.tv_sec < 0 ? Limits::min() : Limits::max();
    return whole;
}

/// That time, or the nearest between 1970 and 2223: far enough from the ends of what can be counted
/// that rules may reckon with it.
constexpr TimePoint outsideTime(std::int64_t nanoseconds)
{
    return TimePoint(Duration(std::clamp<std::int64_t>(nanoseconds, 0, 8'000'000'000'000'000'000)));
}

} // namespace coldframe
