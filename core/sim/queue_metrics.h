#pragma once

#include <span>
#include <string_view>

#include "sim/figures.h"
#include "sim/queue_figures.h"

namespace coldframe::sim {

/// What a figure of a queue is made from.
struct QueueMeasured {
    const QueueFigures& figures;
    const Window& window;
};

/// One figure of a queue, as files and tables name it.
struct QueueMetric {
    std::string_view key; ///< "deadLettered", "waitS/p95"
    std::string_view unit; ///< "s", "messages"; empty for counts and shares
    double (*of)(const QueueMeasured&); ///< NaN where the run does not say
};

/// All of them, in the order of results.
std::span<const QueueMetric> queueMetrics();
const QueueMetric* findQueueMetric(std::string_view key);

} // namespace coldframe::sim
