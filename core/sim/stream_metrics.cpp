#include "sim/stream_metrics.h"

#include <algorithm>

#include "sim/metric_parts.h"

namespace coldframe::sim {

namespace {

using T = const StreamMeasured&;

double ageOf(T in, double share)
{
    return in.figures.age.quantile(share, in.window.to - in.window.from) * 1e-9;
}

constexpr StreamMetric kStreamMetrics[] = {
    {"records", "", [](T in) { return countOf(in.figures.records); }},
    {"done", "", [](T in) { return countOf(in.figures.done); }},
    {"retryAttemptsExhausted", "", [](T in) { return countOf(in.figures.exhausted); }},
    {"recordAgeExceeded", "", [](T in) { return countOf(in.figures.tooOld); }},
    {"givenUpProbability", "",
     [](T in) {
         return partOfWhole(countOf(in.figures.exhausted + in.figures.tooOld),
                            countOf(in.figures.records));
     }},
    {"left", "", [](T in) { return countOf(in.figures.left); }},
    {"batches", "", [](T in) { return countOf(in.figures.batches); }},
    {"batchSize", "records",
     [](T in) { return partOfWhole(countOf(in.figures.batched), countOf(in.figures.batches)); }},
    {"retries", "", [](T in) { return countOf(in.figures.retries); }},
    {"failedBatches", "", [](T in) { return countOf(in.figures.failed); }},
    {"throttledBatches", "", [](T in) { return countOf(in.figures.throttled); }},
    {"windows", "", [](T in) { return countOf(in.figures.windows); }},
    {"iteratorAgeS/mean", "s",
     [](T in) { return averageOf(in.figures.age.twiceIntegral(), in.window) / 2 * 1e-9; }},
    {"iteratorAgeS/p50", "s", [](T in) { return ageOf(in, 0.50); }},
    {"iteratorAgeS/p95", "s", [](T in) { return ageOf(in, 0.95); }},
    {"iteratorAgeS/p99", "s", [](T in) { return ageOf(in, 0.99); }},
    {"iteratorAgeS/max", "s",
     [](T in) { return static_cast<double>(in.figures.age.most()) * 1e-9; }},
    {"recordToDoneS/mean", "s",
     [](T in) { return partOfWhole(inSeconds(in.figures.doneNs), countOf(in.figures.done)); }},
    {"recordToDoneS/p50", "s", [](T in) { return percentileOf(in.figures.doneAfter, 0.50); }},
    {"recordToDoneS/p95", "s", [](T in) { return percentileOf(in.figures.doneAfter, 0.95); }},
    {"recordToDoneS/p99", "s", [](T in) { return percentileOf(in.figures.doneAfter, 0.99); }},
    {"backlog", "records", [](T in) { return averageOf(in.figures.backlogNs, in.window); }},
    {"peakBacklog", "records", [](T in) { return static_cast<double>(in.figures.peakBacklog); }},
    {"blockedS", "s", [](T in) { return static_cast<double>(in.figures.anyBlockedNs) * 1e-9; }},
    {"blockedShards", "shards", [](T in) { return averageOf(in.figures.blockedNs, in.window); }},
    {"peakBlockedShards", "shards",
     [](T in) { return static_cast<double>(in.figures.peakBlocked); }},
};

} // namespace

std::span<const StreamMetric> streamMetrics()
{
    return kStreamMetrics;
}

const StreamMetric* findStreamMetric(std::string_view key)
{
    const auto found = std::ranges::find(kStreamMetrics, key, &StreamMetric::key);
    return found == std::end(kStreamMetrics) ? nullptr : found;
}

} // namespace coldframe::sim
