#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "model/time.h"

// What charts should show, worked out from a recording on disk alone and by other means than the
// session's: a fresh engine is stepped through the recorded inputs and asked for its pools, times
// are those of the inputs, percentiles are exact, and prices are multiplied out by hand.
namespace coldframe::charts_test {

/// One slice of time as the charts have them.
struct Slice {
    std::uint32_t busy = 0, idle = 0, initialising = 0; ///< at its fullest moment
    std::set<std::uint32_t> limits; ///< all sums of limits that were in force
    std::uint32_t arrived = 0, ended = 0, throttled = 0;
    std::vector<double> latenciesMs; ///< platform time as a caller sees it, ascending
};

/// What had been used up to some time, and its price in picodollars.
struct Spent {
    TimePoint at{};
    std::int64_t requests = 0, compute = 0, provisioned = 0;
    std::int64_t total() const { return requests + compute + provisioned; }
};

/// That the run had in it what its charts are to be checked with.
struct Seen {
    std::uint32_t cold = 0, deskWaited = 0, failed = 0, timedOut = 0, retried = 0, provisioned = 0,
                  codeChanges = 0;
};

struct RecomputedRun {
    std::vector<Slice> slices; ///< from `begin`, each session::kBucketLength long; none left out
    std::vector<Spent> spent; ///< ascending, one an attempt
    Seen seen;
    std::string problem; ///< why the recording cannot be followed; empty when it can

    /// By nearest rank. The slice has latencies.
    double percentileMs(std::size_t slice, double p) const;
    /// What had been spent before this time.
    Spent spentBefore(TimePoint at) const;
};

/// `begin` is where the charts' first slice begins, `end` how far the run had come.
RecomputedRun recompute(const std::string& recording, TimePoint begin, TimePoint end);

} // namespace coldframe::charts_test
