#include "sim/metrics.h"

#include <algorithm>
#include <limits>

#include "cost/bill.h"

namespace coldframe::sim {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : kUnknown;
}
double number(std::uint64_t count)
{
    return static_cast<double>(count);
}
double seconds(cost::Wide ns)
{
    return cost::toDouble(ns) * 1e-9;
}
double length(const Measured& in)
{
    return static_cast<double>(in.window.to - in.window.from) * 1e-9;
}
double started(const Figures& f)
{
    return number(f.cold + f.warm);
}
double quantile(const Histogram& histogram, double share)
{
    return histogram.quantile(share).value_or(kUnknown);
}
double meanResponse(const Figures& f)
{
    return ratio(seconds(f.responseNs), number(f.response.count()));
}

using M = const Measured&;
constexpr Metric kMetrics[] = {
    {"invocations", "", [](M in) { return number(in.figures.arrived); }},
    {"coldStarts", "", [](M in) { return number(in.figures.cold + in.figures.coldRetries); }},
    {"coldStartProbability", "",
     [](M in) { return ratio(number(in.figures.cold), started(in.figures)); }},
    {"rejected", "", [](M in) { return number(in.figures.rejected); }},
    {"rejectedProbability", "",
     [](M in) { return ratio(number(in.figures.rejected), number(in.figures.arrived)); }},
    {"expired", "", [](M in) { return number(in.figures.expired); }},
    {"expiredProbability", "",
     [](M in) { return ratio(number(in.figures.expired), number(in.figures.arrived)); }},
    {"attempts", "", [](M in) { return number(in.figures.attempts); }},
    {"failedAttempts", "", [](M in) { return number(in.figures.failedAttempts); }},
    {"timeouts", "", [](M in) { return number(in.figures.timeouts); }},
    {"deadLettered", "", [](M in) { return number(in.figures.deadLettered); }},
    {"clientRetries", "", [](M in) { return number(in.figures.clientRetries); }},
    {"instances", "instances", [](M in) { return ratio(seconds(in.figures.aliveNs), length(in)); }},
    {"busyInstances", "instances",
     [](M in) {
         const Figures& f = in.figures;
         return ratio(seconds(f.aliveNs - f.idleNs - f.initNs), length(in));
     }},
    {"initialisingInstances", "instances",
     [](M in) { return ratio(seconds(in.figures.initNs), length(in)); }},
    {"idleInstances", "instances",
     [](M in) { return ratio(seconds(in.figures.idleNs), length(in)); }},
    {"peakInstances", "instances", [](M in) { return static_cast<double>(in.figures.peakAlive); }},
    {"peakConcurrency", "attempts", [](M in) { return static_cast<double>(in.figures.peakInUse); }},
    // Little's law over all instances, not the mean over those that happened to end.
    {"lifespanS", "s",
     [](M in) { return ratio(seconds(in.figures.aliveNs), number(in.figures.instancesStarted)); }},
    {"queueWaitS", "s",
     [](M in) { return ratio(seconds(in.figures.waitNs), started(in.figures)); }},
    {"responseS/mean", "s", [](M in) { return meanResponse(in.figures); }},
    {"responseS/p50", "s", [](M in) { return quantile(in.figures.response, 0.50); }},
    {"responseS/p95", "s", [](M in) { return quantile(in.figures.response, 0.95); }},
    {"responseS/p99", "s", [](M in) { return quantile(in.figures.response, 0.99); }},
    {"billedGbS", "GB-s", [](M in) { return seconds(in.figures.billedNs) * in.memoryGb; }},
    {"idleGbS", "GB-s", [](M in) { return seconds(in.figures.idleNs) * in.memoryGb; }},
    {"costUsd", "USD", [](M in) { return in.costUsd; }},
};

} // namespace

std::span<const Metric> metrics()
{
    return kMetrics;
}

const Metric* findMetric(std::string_view key)
{
    const auto found = std::ranges::find(kMetrics, key, &Metric::key);
    return found == std::end(kMetrics) ? nullptr : found;
}

double costOf(const Figures& figures, const FunctionModel& function, const Window& window,
              const cost::PriceBook& book)
{
    cost::Meters meters;
    meters.attempts = figures.attempts;
    meters[cost::Resource::Requests] = figures.attempts;
    const cost::Wide memoryMb = function.rules.memoryMb;
    meters[cost::computeOf(function.architecture, false)]
        = (figures.billedNs - figures.provisionedNs) * memoryMb;
    meters[cost::computeOf(function.architecture, true)] = figures.provisionedNs * memoryMb;
    if (function.rules.provisioned > 0)
        cost::addHeld(meters, function.architecture, function.rules.memoryMb,
                      function.rules.provisioned, Duration(window.to - window.from), book);
    return cost::billTotal(meters, book, {.freeTier = false}).toDollars();
}

} // namespace coldframe::sim
