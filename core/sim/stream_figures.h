#pragma once

#include <cstdint>

#include "cost/wide.h"
#include "sim/age_profile.h"
#include "sim/histogram.h"

namespace coldframe::sim {

/// What happened to one stream in one run, as whole numbers, like Figures: records count by the
/// time they came, batches by the time they were handed over or ended, integrals are cut at both
/// ends of the window. Times are nanoseconds.
struct StreamFigures {
    // records = done + exhausted + tooOld + left.
    std::uint64_t records = 0;
    std::uint64_t done = 0; ///< dealt with
    std::uint64_t exhausted = 0; ///< given up after their last retry
    std::uint64_t tooOld = 0; ///< given up past their age
    std::uint64_t left = 0; ///< at the end of the run

    std::uint64_t batches = 0; ///< handed over, again and again; refused ones, too
    std::uint64_t batched = 0; ///< records in these
    std::uint64_t retries = 0; ///< of them, with records that an attempt was made at before
    std::uint64_t throttled = 0; ///< refused, ends of windows as well
    std::uint64_t failed = 0; ///< or named records that failed; ends of windows as well
    std::uint64_t windows = 0; ///< tumbling ones that ended

    cost::Wide doneNs = 0; ///< sum over those done: from their coming
    Histogram doneAfter; ///< of those done
    AgeProfile age; ///< of the oldest record that is not done
    cost::Wide backlogNs = 0; ///< integral of records that are not done
    std::int64_t peakBacklog = 0; ///< within the window
    cost::Wide blockedNs = 0; ///< integral of shards that are held up by a batch
    std::int64_t anyBlockedNs = 0; ///< time with one of them at least
    std::int64_t peakBlocked = 0; ///< within the window

    /// What one of them takes.
    static constexpr double kBytes
        = sizeof(Histogram) + double{LogBins::kCount} * sizeof(AgeProfile::Bin);
    bool operator==(const StreamFigures&) const = default;
};

} // namespace coldframe::sim
