#pragma once

#include <cstdint>
#include <limits>

#include "cost/wide.h"
#include "sim/figures.h"

// What figures of backends and queues are made from: NaN where a run does not say.
namespace coldframe::sim {

inline double partOfWhole(double part, double whole)
{
    return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}
inline double countOf(std::uint64_t number)
{
    return static_cast<double>(number);
}
inline double inSeconds(cost::Wide ns)
{
    return cost::toDouble(ns) * 1e-9;
}
/// Over the window.
inline double averageOf(cost::Wide integral, const Window& window)
{
    return partOfWhole(cost::toDouble(integral), static_cast<double>(window.to - window.from));
}
inline double percentileOf(const Histogram& histogram, double at)
{
    return histogram.quantile(at).value_or(std::numeric_limits<double>::quiet_NaN());
}

} // namespace coldframe::sim
