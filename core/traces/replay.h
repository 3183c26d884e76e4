#pragma once

#include <stop_token>

#include "traces/level_pool.h"
#include "traces/placement.h"
#include "traces/workload.h"

namespace coldframe::traces {

inline constexpr std::size_t kNoLimit = ~std::size_t{0};

/// How long the invocations of a function take.
enum class Service {
    Average, ///< each as long as the average
    Percentiles, ///< drawn from the percentiles, where they are known; at least 1 ms
};

struct ReplayRules {
    Arrivals arrivals = Arrivals::Even;
    Service service = Service::Average;
    std::uint64_t seed = 1;
    std::int64_t keepAliveUs = 600'000'000;
    std::size_t maxConcurrency = kNoLimit; ///< of each function's pool
};

/// What happened in each minute, over all functions. Sums, so that parts can be added in any order.
struct MinuteSeries {
    explicit MinuteSeries(std::size_t minutes)
        : invocations(minutes), coldStarts(minutes), rejected(minutes), peaks(minutes)
    { }
    void add(const MinuteSeries& other);

    std::vector<std::uint64_t> invocations, coldStarts, rejected;
    /// Of the functions' highest concurrency in this minute: never less than that of all together.
    std::vector<std::uint64_t> peaks;
};

/// What a part of the functions came to together.
struct PartFigures {
    PartFigures(const GapEdges& edges, std::size_t minutes) : gaps(edges), series(minutes) { }
    void add(const PartFigures& other)
    {
        gaps.add(other.gaps);
        series.add(other.series);
    }
    GapHistogram gaps;
    MinuteSeries series;
};

/// Replays functions [first, last) of a workload, each in a pool of its own, and writes what each
/// came to into `figures`, from its begin. Functions share nothing: parts may be replayed at the
/// same time. False: it was stopped, and the figures are incomplete.
bool replay(const Workload& workload, const ReplayRules& rules, std::size_t first, std::size_t last,
            std::span<FunctionFigures> figures, PartFigures& part, const std::stop_token& stop);

/// Contiguous parts of about the same number of invocations: where each begins, and the end.
std::vector<std::size_t> partsOf(const Workload& workload, std::size_t parts);

} // namespace coldframe::traces
