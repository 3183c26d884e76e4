#pragma once

#include <span>
#include <string_view>

#include "sim/figures.h"
#include "sim/stream_figures.h"

namespace coldframe::sim {

/// What a figure of a stream is made from.
struct StreamMeasured {
    const StreamFigures& figures;
    const Window& window;
};

/// One figure of a stream, as files and tables name it.
struct StreamMetric {
    std::string_view key; ///< "recordAgeExceeded", "iteratorAgeS/p95"
    std::string_view unit; ///< "s", "records", "shards"; empty for counts and shares
    double (*of)(const StreamMeasured&); ///< NaN where the run does not say
};

/// All of them, in the order of results.
std::span<const StreamMetric> streamMetrics();
const StreamMetric* findStreamMetric(std::string_view key);

} // namespace coldframe::sim
