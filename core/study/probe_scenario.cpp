#include "study/probe_scenario.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace coldframe::study {

namespace {

using ScenarioJson = nlohmann::ordered_json;

/// Six digits: more would claim more than was measured.
double rounded(double value)
{
    if (value <= 0)
        return 0;
    const double scale = std::pow(10, 5 - std::floor(std::log10(value)));
    return std::round(value * scale) / scale;
}

ScenarioJson lawJson(Saturation::Times times, double meanS)
{
    const bool constant = times == Saturation::Times::Constant || meanS <= 0;
    return {{"law", constant ? "constant" : "exponential"}, {"meanS", rounded(meanS)}};
}

} // namespace

std::string scenarioOf(const ProbedFunction& function, const Saturation& fit)
{
    constexpr double kLoad = 0.8, kPlainRate = 10;
    constexpr double kArrivals = 100'000, kShortestS = 60, kLongestRunS = 3600;
    const bool shared = fit.servers > 0;
    ScenarioJson own{{"memoryMb", function.memoryMb}};
    if (function.timeoutMs > 0)
        own["timeoutMs"] = function.timeoutMs;
    own["service"] = lawJson(fit.times, fit.ownS);
    if (shared)
        own["visits"] = ScenarioJson::array(
            {{{"backend", "shared"}, {"service", lawJson(fit.times, fit.serviceS)}}});
    const double rate = rounded(shared ? kLoad * fit.mostPerS() : kPlainRate);
    own["arrivals"] = {{"law", "poisson"}, {"ratePerS", rate}};
    const double seconds = std::clamp(std::ceil(kArrivals / rate), kShortestS, kLongestRunS);
    ScenarioJson document{{"format", 1},
                          {"name", function.name + ", as probed"},
                          {"seed", 1},
                          {"replications", 10},
                          {"durationS", seconds},
                          {"platform", function.platform}};
    if (shared)
        document["backends"] = {{"shared", {{"servers", fit.servers}}}};
    document["functions"] = {{function.name, own}};
    return document.dump(2) + '\n';
}

} // namespace coldframe::study
