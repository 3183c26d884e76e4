#include "sim/queue_metrics.h"

#include <algorithm>

#include "sim/metric_parts.h"

namespace coldframe::sim {

namespace {

using Q = const QueueMeasured&;

double cameIn(Q in)
{
    return countOf(in.figures.sent + in.figures.movedIn);
}

constexpr QueueMetric kQueueMetrics[] = {
    {"sent", "", [](Q in) { return countOf(in.figures.sent); }},
    {"movedIn", "", [](Q in) { return countOf(in.figures.movedIn); }},
    {"deleted", "", [](Q in) { return countOf(in.figures.deleted); }},
    {"received", "", [](Q in) { return countOf(in.figures.received); }},
    {"returned", "", [](Q in) { return countOf(in.figures.returned); }},
    {"deadLettered", "", [](Q in) { return countOf(in.figures.deadLettered); }},
    {"deadLetteredProbability", "",
     [](Q in) { return partOfWhole(countOf(in.figures.deadLettered), cameIn(in)); }},
    {"expired", "", [](Q in) { return countOf(in.figures.expired); }},
    {"left", "", [](Q in) { return countOf(in.figures.left); }},
    {"batches", "", [](Q in) { return countOf(in.figures.batches); }},
    {"batchSize", "messages",
     [](Q in) { return partOfWhole(countOf(in.figures.batched), countOf(in.figures.batches)); }},
    {"depth", "messages", [](Q in) { return averageOf(in.figures.depthNs, in.window); }},
    {"peakDepth", "messages", [](Q in) { return static_cast<double>(in.figures.peakDepth); }},
    {"peakAgeS", "s", [](Q in) { return static_cast<double>(in.figures.peakAgeNs) * 1e-9; }},
    {"waitS/mean", "s",
     [](Q in) { return partOfWhole(inSeconds(in.figures.waitNs), countOf(in.figures.begun)); }},
    {"waitS/p50", "s", [](Q in) { return percentileOf(in.figures.wait, 0.50); }},
    {"waitS/p95", "s", [](Q in) { return percentileOf(in.figures.wait, 0.95); }},
    {"waitS/p99", "s", [](Q in) { return percentileOf(in.figures.wait, 0.99); }},
    {"sentToDeletedS/mean", "s",
     [](Q in) { return partOfWhole(inSeconds(in.figures.doneNs), countOf(in.figures.deleted)); }},
    {"sentToDeletedS/p50", "s", [](Q in) { return percentileOf(in.figures.done, 0.50); }},
    {"sentToDeletedS/p95", "s", [](Q in) { return percentileOf(in.figures.done, 0.95); }},
    {"sentToDeletedS/p99", "s", [](Q in) { return percentileOf(in.figures.done, 0.99); }},
};

} // namespace

std::span<const QueueMetric> queueMetrics()
{
    return kQueueMetrics;
}

const QueueMetric* findQueueMetric(std::string_view key)
{
    const auto found = std::ranges::find(kQueueMetrics, key, &QueueMetric::key);
    return found == std::end(kQueueMetrics) ? nullptr : found;
}

} // namespace coldframe::sim
