#include "study/probe_scenario.h"

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
    const bool shared = fit.servers > 0;
    ScenarioJson own{{"memoryMb", function.memoryMb}};
    if (function.timeoutMs > 0)
        own["timeoutMs"] = function.timeoutMs;
    own["service"] = lawJson(fit.times, fit.ownS);
    if (shared)
        own["visits"] = ScenarioJson::array(
            {{{"backend", "shared"}, {"service", lawJson(fit.times, fit.serviceS)}}});
    own["arrivals"]
        = {{"law", "poisson"}, {"ratePerS", rounded(shared ? kLoad * fit.mostPerS() : kPlainRate)}};
    ScenarioJson document{{"format", 1},       {"name", function.name + ", as probed"},
                          {"seed", 1},         {"replications", 10},
                          {"durationS", 3600}, {"platform", function.platform}};
    if (shared)
        document["backends"] = {{"shared", {{"servers", fit.servers}}}};
    document["functions"] = {{function.name, own}};
    return document.dump(2) + '\n';
}

} // namespace coldframe::study
