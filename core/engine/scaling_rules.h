#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/time.h"

namespace coldframe::engine {

/// A share or a factor in millionths: exact on every machine.
using Millionths = std::uint64_t;
inline constexpr Millionths kWhole = 1'000'000;

/// What decides how many instances there are. The defaults are those of Knative Serving
/// (config-autoscaler at 98e5ef90, read 2026-08-21).
struct Scaling {
    enum class Decider : std::uint8_t {
        PerRequest, ///< an event that finds no room starts one; nothing below counts
        Kpa, ///< a timer, by the load over a long and a short window: Knative's autoscaler
        Target, ///< a timer, by the load over one window or as it is
    };
    Decider decider = Decider::PerRequest;

    Duration tick = std::chrono::seconds(2); ///< between two decisions
    /// Over which the load is averaged; of Target, zero: the load as it is.
    Duration window = std::chrono::seconds(60);
    std::uint32_t target = 100; ///< requests an instance is to have; at most what it serves at once
    Millionths targetUse = kWhole * 7 / 10; ///< of the target: what is aimed at
    Duration downDelay{}; ///< the most that was wanted in this time is kept

    // Kpa
    Duration panicWindow = std::chrono::seconds(6);
    Millionths panicThreshold = 2 * kWhole; ///< wanted over ready from which the short one decides
    Millionths maxUpRate = 1000 * kWhole; ///< wanted over ready, at most
    Millionths maxDownRate = 2 * kWhole; ///< ready over wanted, at most
    /// Requests to be kept free for a burst: below that a buffer is in the way of every request
    /// already, and going to zero need not wait for it. None: it always is.
    std::optional<std::uint32_t> burstCapacity = 211;
    Duration toZeroGrace = std::chrono::seconds(30); ///< for the buffer to be in the way

    // Target
    std::uint32_t addAtMost = 0; ///< instances a decision adds; 0: any number
    bool onDemand = false; ///< calls that wait have instances started at once, beside the timer

    /// Surplus instances are ended by the decision. Else each goes when its keep-alive is over.
    bool retires = true;

    bool operator==(const Scaling&) const = default;
    bool byTimer() const { return decider != Decider::PerRequest; }
    /// The longest step of which all its times are multiples.
    Duration step() const;
    /// What is wrong when the windows are made of more than kMostLoadSteps of these.
    std::optional<std::string> tooFine() const;
};

/// Steps that a window may be made of at most.
inline constexpr std::int64_t kMostLoadSteps = 100'000;

} // namespace coldframe::engine
