#include "sim/backend_metrics.h"

#include <algorithm>

#include "sim/metric_parts.h"

namespace coldframe::sim {

namespace {

using B = const BackendMeasured&;

constexpr BackendMetric kBackendMetrics[] = {
    {"visits", "", [](B in) { return countOf(in.figures.visits); }},
    {"answered", "", [](B in) { return countOf(in.figures.answered); }},
    {"refused", "", [](B in) { return countOf(in.figures.refused); }},
    {"refusedProbability", "",
     [](B in) { return partOfWhole(countOf(in.figures.refused), countOf(in.figures.visits)); }},
    {"withdrawn", "", [](B in) { return countOf(in.figures.withdrawn); }},
    {"abandoned", "", [](B in) { return countOf(in.figures.abandoned); }},
    {"open", "", [](B in) { return countOf(in.figures.open); }},
    {"waitS/mean", "s",
     [](B in) { return partOfWhole(inSeconds(in.figures.waitNs), countOf(in.figures.served)); }},
    {"waitS/p50", "s", [](B in) { return percentileOf(in.figures.wait, 0.50); }},
    {"waitS/p95", "s", [](B in) { return percentileOf(in.figures.wait, 0.95); }},
    {"waitS/p99", "s", [](B in) { return percentileOf(in.figures.wait, 0.99); }},
    {"responseS/mean", "s",
     [](B in) {
         return partOfWhole(inSeconds(in.figures.responseNs), countOf(in.figures.answered));
     }},
    {"responseS/p50", "s", [](B in) { return percentileOf(in.figures.response, 0.50); }},
    {"responseS/p95", "s", [](B in) { return percentileOf(in.figures.response, 0.95); }},
    {"responseS/p99", "s", [](B in) { return percentileOf(in.figures.response, 0.99); }},
    {"busyServers", "servers", [](B in) { return averageOf(in.figures.busyNs, in.window); }},
    {"utilisation", "",
     [](B in) { return averageOf(in.figures.busyNs, in.window) / in.rules.servers; }},
    {"waitingVisits", "visits", [](B in) { return averageOf(in.figures.waitingNs, in.window); }},
    {"connections", "connections",
     [](B in) { return averageOf(in.figures.connectionNs, in.window); }},
    {"peakConnections", "connections",
     [](B in) { return static_cast<double>(in.figures.peakConnections); }},
};

} // namespace

std::span<const BackendMetric> backendMetrics()
{
    return kBackendMetrics;
}

const BackendMetric* findBackendMetric(std::string_view key)
{
    const auto found = std::ranges::find(kBackendMetrics, key, &BackendMetric::key);
    return found == std::end(kBackendMetrics) ? nullptr : found;
}

} // namespace coldframe::sim
