#include "sim/script_arrivals.h"

#include <cmath>
#include <map>

#include "sim/stream.h"

namespace coldframe::sim {

namespace {

/// The arrivals of one function that may be repeated.
struct Arrivals {
    std::vector<std::uint32_t> told; ///< indices
    TimePoint end{}; ///< of the recording

    TimePoint at(const Script& script, std::size_t i) const { return script.told[told[i]].at; }
    /// Until the next one.
    Duration gap(const Script& script, std::size_t i) const
    {
        if (i + 1 < told.size())
            return at(script, i + 1) - at(script, i);
        if (told.size() == 1)
            return end - at(script, i);
        const auto gaps = static_cast<std::int64_t>(told.size() - 1);
        return (at(script, told.size() - 1) - at(script, 0)) / gaps;
    }
};

const engine::Arrived* repeatable(const Told& told)
{
    const auto* arrived = std::get_if<engine::Arrived>(&told.input);
    return arrived && !arrived->restored ? arrived : nullptr;
}

/// How often this arrival comes, itself included.
std::uint32_t timesOf(const Script& script, const Told& told, double factor, std::uint64_t seed)
{
    const double whole = std::floor(factor);
    const FunctionId function = std::get<engine::Arrived>(told.input).function;
    const Stream luck(seed, Draw::Gap, entityOf(script.nameOf(function)));
    const bool more = unitOf(luck.bits(told.serial)) < factor - whole;
    return static_cast<std::uint32_t>(whole) + more;
}

void repeat(const Script& script, const Arrivals& arrivals, double factor, std::uint64_t seed,
            std::vector<PlannedFact>& plan)
{
    for (std::size_t i = 0; i < arrivals.told.size(); ++i) {
        const Told& told = script.told[arrivals.told[i]];
        const std::uint32_t times = timesOf(script, told, factor, seed);
        const Duration gap = arrivals.gap(script, i);
        for (std::uint32_t copy = 0; copy < times; ++copy)
            plan.push_back({told.at + gap / times * copy, told.row, copy, arrivals.told[i]});
    }
}

} // namespace

std::uint64_t plannedFacts(const Script& script, double rateFactor)
{
    const auto arrivals = std::ranges::count_if(script.told, repeatable);
    return script.told.size()
        + static_cast<std::uint64_t>(std::ceil(rateFactor * static_cast<double>(arrivals)));
}

std::vector<PlannedFact> plan(const Script& script, double rateFactor, std::uint64_t seed)
{
    std::vector<PlannedFact> plan;
    std::map<FunctionId, Arrivals> byFunction;
    for (std::uint32_t i = 0; i < script.told.size(); ++i) {
        const Told& told = script.told[i];
        const engine::Arrived* arrived = rateFactor == 1 ? nullptr : repeatable(told);
        if (arrived)
            byFunction.try_emplace(arrived->function, Arrivals{{}, script.end})
                .first->second.told.push_back(i);
        else
            plan.push_back({told.at, told.row, 0, i});
    }
    for (const auto& [function, arrivals] : byFunction)
        repeat(script, arrivals, rateFactor, seed, plan);
    std::ranges::stable_sort(plan, [](const PlannedFact& a, const PlannedFact& b) {
        return std::tie(a.at, a.copy, a.row) < std::tie(b.at, b.copy, b.row);
    });
    return plan;
}

} // namespace coldframe::sim
