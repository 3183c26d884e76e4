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

/// Who belongs together: for each function and each queue the number of the group's first function,
/// or kNobody.
struct Firsts {
    std::vector<std::size_t> functions, queues;
};
constexpr std::size_t kNobody = ~std::size_t{0};

/// Functions, backends and queues are the nodes of a graph, in this order; its components are
/// wanted.
Firsts firstsOf(const sim::Model& model)
{
    const std::size_t functions = model.functions.size();
    const std::size_t queues = functions + model.backends.size();
    std::vector<std::size_t> group(queues + model.queues.size());
    std::iota(group.begin(), group.end(), std::size_t{0});
    const auto first = [&](std::size_t node) {
        while (group[node] != node)
            node = group[node] = group[group[node]];
        return node;
    };
    const auto join = [&](std::size_t one, std::size_t other) {
        const std::size_t a = first(one), b = first(other);
        group[std::max(a, b)] = std::min(a, b);
    };
    for (std::size_t f = 0; f < functions; ++f) {
        for (const sim::Visits& visits : model.functions[f].visits)
            join(f, functions + visits.backend);
        if (model.functions[f].reads)
            join(f, queues + model.functions[f].reads->queue);
    }
    for (std::size_t q = 0; q < model.queues.size(); ++q)
        if (const QueueId dead = model.queues[q].rules.deadLetters; dead != kNoQueue)
            join(queues + q, queues + dead);
    Firsts found;
    for (std::size_t f = 0; f < functions; ++f)
        found.functions.push_back(first(f));
    for (std::size_t q = queues; q < group.size(); ++q)
        found.queues.push_back(first(q) < functions ? first(q) : kNobody);
    return found;
}

/// Of a group's functions and queues, and what the account leaves to them; adds the backends they
/// visit and the streams that feed them to the group.
sim::Model modelOf(const sim::Model& model, std::uint32_t open, FunctionGroup& group)
{
    sim::Model part; // not a copy of all functions: there may be many
    part.platform = model.platform;
    part.seed = model.seed;
    part.window = model.window;
    const auto own = [&](std::uint32_t queue) {
        return static_cast<std::uint32_t>(std::ranges::find(group.queues, std::size_t{queue})
                                          - group.queues.begin());
    };
    for (const std::size_t q : group.queues) {
        engine::QueueRules& rules = part.queues.emplace_back(model.queues[q]).rules;
        if (rules.deadLetters != kNoQueue)
            rules.deadLetters = own(rules.deadLetters);
    }
    std::uint32_t taken = 0;
    for (const std::size_t f : group.functions) {
        sim::FunctionModel& function = part.functions.emplace_back(model.functions[f]);
        taken += takenBy(function.rules);
        if (function.reads)
            function.reads->queue = own(function.reads->queue);
        if (function.stream) {
            group.streams.push_back(*function.stream);
            part.streams.push_back(model.streams[*function.stream]);
            function.stream = static_cast<std::uint32_t>(part.streams.size() - 1);
        }
        for (sim::Visits& visits : function.visits) {
            auto at = std::ranges::find(group.backends, std::size_t{visits.backend});
            if (at == group.backends.end()) {
                group.backends.push_back(visits.backend);
                part.backends.push_back(model.backends[visits.backend]);
                at = group.backends.end() - 1;
            }
            visits.backend = static_cast<std::uint32_t>(at - group.backends.begin());
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
    const Firsts firsts = firstsOf(model);
    const std::vector<std::size_t>& first = firsts.functions;
    std::vector<FunctionGroup> groups;
    std::vector<std::size_t> place(first.size());
    for (std::size_t f = 0; f < first.size(); ++f) {
        if (first[f] == f) {
            place[f] = groups.size();
            groups.emplace_back();
        }
        groups[place[first[f]]].functions.push_back(f);
    }
    for (std::size_t q = 0; q < firsts.queues.size(); ++q)
        if (firsts.queues[q] != kNobody)
            groups[place[firsts.queues[q]]].queues.push_back(q);
    const std::uint32_t open = openCapacity(model);
    for (FunctionGroup& group : groups) {
        group.model = modelOf(model, open, group);
        group.byKernel = group.functions.size() == 1
            && sim::kernelIsExact(group.model.platform, group.model.functions[0]);
    }
    return groups;
}

} // namespace coldframe::study
