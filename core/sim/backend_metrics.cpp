#include "sim/backend_metrics.h"

#include <algorithm>
#include <limits>

namespace coldframe::sim {

namespace {

using B = const BackendMeasured&;

double partOfWhole(double part, double whole)
{
    return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}
double countOf(std::uint64_t number)
{
    return static_cast<double>(number);
}
double inSeconds(cost::Wide ns)
{
    return cost::toDouble(ns) * 1e-9;
}
/// Over the window.
double averageOf(cost::Wide integral, B in)
{
    return partOfWhole(cost::toDouble(integral),
                       static_cast<double>(in.window.to - in.window.from));
}
double percentileOf(const Histogram& histogram, double at)
{
    return histogram.quantile(at).value_or(std::numeric_limits<double>::quiet_NaN());
}

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
    {"busyServers", "servers", [](B in) { return averageOf(in.figures.busyNs, in); }},
    {"utilisation", "", [](B in) { return averageOf(in.figures.busyNs, in) / in.rules.servers; }},
    {"waitingVisits", "visits", [](B in) { return averageOf(in.figures.waitingNs, in); }},
    {"connections", "connections", [](B in) { return averageOf(in.figures.connectionNs, in); }},
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
