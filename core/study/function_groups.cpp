#include "study/function_groups.h"

#include <algorithm>
#include <numeric>

#include "sim/pool_kernel.h"

namespace coldframe::study {

namespace {

std::uint32_t takenBy(const engine::FunctionRules& rules)
{
    return rules.reserved.value_or(rules.provisioned);
}

/// Which group each function belongs to: the number of its first function. Two that visit the same
/// backend are in one.
std::vector<std::size_t> firstsOf(const sim::Model& model)
{
    std::vector<std::size_t> group(model.functions.size());
    std::iota(group.begin(), group.end(), std::size_t{0});
    const auto first = [&](std::size_t function) {
        while (group[function] != function)
            function = group[function] = group[group[function]];
        return function;
    };
    constexpr std::size_t kNobody = ~std::size_t{0};
    std::vector<std::size_t> visitor(model.backends.size(), kNobody);
    for (std::size_t f = 0; f < group.size(); ++f)
        for (const sim::Visits& visits : model.functions[f].visits) {
            std::size_t& other = visitor[visits.backend];
            if (other == kNobody)
                other = f;
            const std::size_t a = first(other), b = first(f);
            group[std::max(a, b)] = std::min(a, b);
        }
    for (std::size_t f = 0; f < group.size(); ++f)
        group[f] = first(f);
    return group;
}

/// Of some functions and what the account leaves to them; `backends` becomes the list of those they
/// visit.
sim::Model modelOf(const sim::Model& model, std::uint32_t open,
                   const std::vector<std::size_t>& functions, std::vector<std::size_t>& backends)
{
    sim::Model part; // not a copy of all functions: there may be many
    part.platform = model.platform;
    part.seed = model.seed;
    part.window = model.window;
    std::uint32_t taken = 0;
    for (const std::size_t f : functions) {
        sim::FunctionModel& function = part.functions.emplace_back(model.functions[f]);
        taken += takenBy(function.rules);
        for (sim::Visits& visits : function.visits) {
            auto at = std::ranges::find(backends, std::size_t{visits.backend});
            if (at == backends.end()) {
                backends.push_back(visits.backend);
                part.backends.push_back(model.backends[visits.backend]);
                at = backends.end() - 1;
            }
            visits.backend = static_cast<std::uint32_t>(at - backends.begin());
        }
    }
    if (part.platform.accountConcurrency != kUnlimited)
        part.platform.accountConcurrency = open + taken;
    return part;
}

} // namespace

std::uint32_t openCapacity(const sim::Model& model)
{
    std::uint64_t taken = 0;
    for (const sim::FunctionModel& function : model.functions)
        taken += takenBy(function.rules);
    const std::uint64_t account = model.platform.accountConcurrency;
    return static_cast<std::uint32_t>(account > taken ? account - taken : 0);
}

std::vector<FunctionGroup> groupsOf(const sim::Model& model)
{
    const auto first = firstsOf(model);
    std::vector<FunctionGroup> groups;
    std::vector<std::size_t> place(first.size());
    for (std::size_t f = 0; f < first.size(); ++f) {
        if (first[f] == f) {
            place[f] = groups.size();
            groups.emplace_back();
        }
        groups[place[first[f]]].functions.push_back(f);
    }
    const std::uint32_t open = openCapacity(model);
    for (FunctionGroup& group : groups) {
        group.model = modelOf(model, open, group.functions, group.backends);
        group.byKernel = group.functions.size() == 1
            && sim::kernelIsExact(group.model.platform, group.model.functions[0]);
    }
    return groups;
}

} // namespace coldframe::study
