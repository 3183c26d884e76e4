#pragma once

#include <cstdint>
#include <vector>

#include "cost/wide.h"
#include "sim/histogram.h"

namespace coldframe::sim {

/// What happened to one queue in one run, as whole numbers, like Figures: messages count by the
/// time they came into it, batches by the time they were handed over, integrals are cut at both
/// ends of the window. Times are nanoseconds.
struct QueueFigures {
    // sent + movedIn = deleted + deadLettered + expired + left.
    std::uint64_t sent = 0;
    std::uint64_t movedIn = 0; ///< from a queue that gave them up
    std::uint64_t deleted = 0; ///< dealt with
    std::uint64_t deadLettered = 0; ///< given up, to another queue
    std::uint64_t expired = 0; ///< past their retention
    std::uint64_t left = 0; ///< at the end of the run

    std::uint64_t received = 0; ///< messages of batches, again and again
    std::uint64_t begun = 0; ///< messages that were in one
    std::uint64_t returned = 0; ///< given back by a batch that failed, or that named them
    std::uint64_t batches = 0;
    std::uint64_t batched = 0; ///< messages in these

    cost::Wide waitNs = 0; ///< sum over those begun: from their coming to their first batch
    cost::Wide doneNs = 0; ///< sum over those deleted: from their coming
    cost::Wide depthNs = 0; ///< integral of messages in the queue, hidden ones included
    std::int64_t peakDepth = 0; ///< within the window
    std::int64_t peakAgeNs = 0; ///< of the oldest message, since it was sent; likewise

    /// Integral of the depth over each step of the window's series.
    std::vector<std::int64_t> stepDepthNs;

    Histogram wait; ///< of those begun
    Histogram done; ///< of those deleted

    bool operator==(const QueueFigures&) const = default;
};

} // namespace coldframe::sim
