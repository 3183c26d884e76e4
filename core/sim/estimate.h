#pragma once

#include <optional>
#include <span>

namespace coldframe::sim {

/// A figure as several independent runs give it.
struct Estimate {
    double mean = 0;
    /// Half the width of the 95 % confidence interval (Student's t); nothing when there was only
    /// one run.
    std::optional<double> ci95;
};

/// Of one value a run; runs in which the figure did not exist (NaN) are left out. Nothing when it
/// existed in none.
std::optional<Estimate> estimate(std::span<const double> values);

} // namespace coldframe::sim
