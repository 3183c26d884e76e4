#pragma once

#include <cstdint>
#include <vector>

#include "cost/wide.h"
#include "sim/histogram.h"

namespace coldframe::sim {

/// One step of a run's time series.
struct Step {
    std::uint32_t arrived = 0, cold = 0, rejected = 0;
    std::int64_t inUseNs = 0, aliveNs = 0; ///< integrals of the counts over the step
    bool operator==(const Step&) const = default;
};

/// What happened to one function in one run, as whole numbers: parts can be added in any order, and
/// two ways to simulate the same can be compared to the last bit.
///
/// A figure counts what arrived between the end of the warm-up and the end of the run; integrals
/// are cut at both. Times are nanoseconds.
struct Figures {
    // Invocations: arrived = cold + warm + rejected + expired + waiting.
    std::uint64_t arrived = 0;
    std::uint64_t cold = 0; ///< started an instance
    std::uint64_t warm = 0; ///< found one, at once or after waiting
    std::uint64_t rejected = 0; ///< for want of room, after the client's last try
    std::uint64_t expired = 0; ///< waited too long
    std::uint64_t waiting = 0; ///< at the end
    std::uint64_t unfinished = 0; ///< started, not ended at the end

    std::uint64_t attempts = 0; ///< that ended
    std::uint64_t failedAttempts = 0; ///< of these, by an error
    std::uint64_t timeouts = 0; ///< of these, by the function's timeout
    std::uint64_t coldRetries = 0; ///< attempts after the first that started an instance
    std::uint64_t deadLettered = 0; ///< given up after their last attempt
    std::uint64_t clientRetries = 0; ///< calls made again after a refusal
    std::uint64_t waited = 0; ///< of those that started, not at once

    std::uint64_t instancesStarted = 0;
    cost::Wide inUseNs = 0; ///< integral of attempts in use: initialising for one, or running
    cost::Wide initNs = 0; ///< of it, initialising
    cost::Wide aliveNs = 0; ///< integral of instances: initialising, busy or idle
    cost::Wide idleNs = 0; ///< integral of instances that do nothing
    cost::Wide waitNs = 0; ///< sum over those that started
    cost::Wide serviceNs = 0; ///< sum over attempts that ended
    cost::Wide billedNs = 0; ///< likewise
    cost::Wide provisionedNs = 0; ///< of it, on provisioned instances
    cost::Wide responseNs = 0; ///< sum over invocations that ended in an answer
    std::int64_t peakInUse = 0, peakAlive = 0;

    Histogram response; ///< of invocations that ended in an answer: wait + init + service
    Histogram wait; ///< of those that waited
    std::vector<std::int64_t> inUseHeld, aliveHeld; ///< ns at each count, from 0
    std::vector<Step> steps;

    void add(const Figures& other);
    bool operator==(const Figures&) const = default;
};

/// Where a run's time is counted.
struct Window {
    std::int64_t from = 0, to = 0; ///< ns since the run began
    std::int64_t step = 60'000'000'000; ///< of the series; 0: no series
    std::size_t steps() const
    {
        return step == 0 ? 0 : static_cast<std::size_t>((to - from + step - 1) / step);
    }
    std::int64_t clipped(std::int64_t begin, std::int64_t end) const
    {
        const std::int64_t first = begin < from ? from : begin, last = end < to ? end : to;
        return last > first ? last - first : 0;
    }
};

} // namespace coldframe::sim
