#include "study/probe_simulation.h"

#include <algorithm>
#include <cmath>

#include "sim/engine_run.h"

namespace coldframe::study {

namespace {

constexpr double kCalls = 20'000; ///< that are counted, about
constexpr double kWarmUpShare = 0.1;
constexpr std::uint32_t kNoLimit = 0xffff'ffff;

sim::Law lawOfTimes(Saturation::Times times, double meanS)
{
    return times == Saturation::Times::Constant || meanS <= 0 ? sim::Law::constant(meanS)
                                                              : sim::Law::exponential(meanS);
}

/// Every caller has an instance, warm from the start; what they share is a backend.
sim::Model closedNetwork(const Saturation& fit, std::uint32_t concurrency)
{
    sim::Model model;
    model.platform.accountConcurrency = kNoLimit;
    sim::FunctionModel function;
    function.name = "probed";
    function.arrivals = sim::ClosedLoop{concurrency, sim::Law::constant(0)};
    function.service = lawOfTimes(fit.times, fit.ownS);
    function.primed = concurrency;
    if (fit.servers > 0) {
        model.backends.push_back({.name = "shared", .servers = fit.servers});
        function.visits.push_back({.service = lawOfTimes(fit.times, fit.serviceS)});
    }
    model.functions.push_back(std::move(function));
    const double counted = fit.responseS(concurrency) * kCalls / concurrency;
    model.window.from = std::llround(counted * kWarmUpShare * 1e9);
    model.window.to = model.window.from + std::llround(std::max(counted, 1e-6) * 1e9);
    model.window.step = 0;
    return model;
}

double orZero(std::optional<double> seconds)
{
    return seconds.value_or(0);
}

} // namespace

ProbePoint::Figures simulateLevel(const Saturation& fit, std::uint32_t concurrency,
                                  std::uint64_t seed)
{
    const sim::Model model = closedNetwork(fit, concurrency);
    const sim::Figures figures = sim::simulateEngine(model, seed).front();
    const double length = static_cast<double>(model.window.to - model.window.from) * 1e-9;
    const auto answered = static_cast<double>(figures.response.count());
    return {.perS = answered / length,
            .meanS = answered > 0 ? static_cast<double>(figures.responseNs) * 1e-9 / answered : 0,
            .p50S = orZero(figures.response.quantile(0.50)),
            .p95S = orZero(figures.response.quantile(0.95)),
            .p99S = orZero(figures.response.quantile(0.99))};
}

} // namespace coldframe::study
