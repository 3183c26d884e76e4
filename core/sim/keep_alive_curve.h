#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "cost/wide.h"
#include "sim/model.h"

namespace coldframe::sim {

/// What one keep-alive comes to. Counted as in Figures: from the end of the warm-up on.
struct KeepAlivePoint {
    std::int64_t keepAliveNs = 0;
    std::uint64_t coldStarts = 0;
    cost::Wide idleNs = 0; ///< integral of idle instances
    bool operator==(const KeepAlivePoint&) const = default;
};

struct KeepAliveCurve {
    std::vector<KeepAlivePoint> points; ///< as asked for
    std::uint64_t arrived = 0;
    std::int64_t peakInUse = 0;
    /// Why the points are near what a simulation gives and not just that; empty: they are exact.
    std::string approximate;
};

/// Whether there are arrivals and services of their own that a curve can be made from: arrivals of
/// a closed loop depend on the answers, the time at a backend on who else is there, and batches of
/// a queue on who reads it and when.
bool hasKeepAliveCurve(const FunctionModel& function);

/// Cold starts and idle time of one function at every one of these keep-alives, in one pass.
///
/// The instance that went idle last serves next. How long it was idle does not depend on how long
/// instances are kept, as long as a cold start takes no time and no limit binds: so each arrival
/// and its gap say for every keep-alive whether it is cold. Where that does not hold, `approximate`
/// says why: simulate the keep-alive that was chosen.
///
/// `keepAlivesNs`: ascending, each once. Stops early, with what was counted, when asked to.
KeepAliveCurve keepAliveCurve(const engine::Platform& platform, const FunctionModel& function,
                              std::uint64_t seed, const Window& window,
                              std::span<const std::int64_t> keepAlivesNs,
                              std::stop_token stop = {});

} // namespace coldframe::sim
