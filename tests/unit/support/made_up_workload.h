#pragma once

#include <random>

#include "traces/placement.h"
#include "traces/replay.h"
#include "traces/service_draws.h"

namespace coldframe::traces {

inline FunctionFigures sumOf(const std::vector<FunctionFigures>& functions)
{
    FunctionFigures sum;
    for (const FunctionFigures& one : functions) {
        sum.invocations += one.invocations, sum.coldStarts += one.coldStarts;
        sum.rejected += one.rejected, sum.busyUs += one.busyUs, sum.idleUs += one.idleUs;
    }
    return sum;
}

/// A few functions with random counts and services, from milliseconds to minutes.
class MadeUpWorkload : public Workload {
public:
    MadeUpWorkload(std::uint64_t seed, std::size_t functions, std::size_t minutes)
        : m_minutes(minutes)
    {
        std::mt19937_64 random(seed);
        for (std::size_t i = 0; i < functions; ++i) {
            Function made;
            for (std::size_t minute = 0; minute < minutes; ++minute)
                if (random() % 3 != 0) {
                    made.minutes.push_back(static_cast<std::uint16_t>(minute));
                    made.counts.push_back(static_cast<std::uint32_t>(1 + random() % 20));
                }
            made.serviceUs = static_cast<std::int64_t>(
                1000 + random() % (random() % 2 ? 200'000'000 : 2'000'000));
            made.law = sim::Law::exponential(static_cast<double>(made.serviceUs) * 1e-6);
            m_functions.push_back(std::move(made));
        }
    }
    /// The same count in every minute.
    struct Steady {
        std::int64_t serviceUs;
        std::uint32_t perMinute;
    };
    MadeUpWorkload(std::initializer_list<Steady> functions, std::size_t minutes)
        : m_minutes(minutes)
    {
        for (const Steady& steady : functions) {
            Function made{.serviceUs = steady.serviceUs};
            for (std::size_t minute = 0; minute < minutes; ++minute) {
                made.minutes.push_back(static_cast<std::uint16_t>(minute));
                made.counts.push_back(steady.perMinute);
            }
            m_functions.push_back(std::move(made));
        }
    }
    std::size_t functions() const override { return m_functions.size(); }
    std::size_t minutes() const override { return m_minutes; }
    std::string name(std::size_t function) const override { return "f" + std::to_string(function); }
    std::uint64_t entity(std::size_t function) const override { return function; }
    std::int64_t serviceUs(std::size_t function) const override
    {
        return m_functions[function].serviceUs;
    }
    /// Of every other function.
    const sim::Law* serviceLaw(std::size_t function) const override
    {
        return function % 2 == 0 ? &m_functions[function].law : nullptr;
    }
    double memoryMb(std::size_t) const override { return 0; }
    Cells cells(std::size_t function, std::size_t from, std::size_t to, CellBuffer&) const override
    {
        const Function& own = m_functions[function];
        const auto begin = std::ranges::lower_bound(own.minutes, from) - own.minutes.begin();
        const auto end = std::ranges::lower_bound(own.minutes, to) - own.minutes.begin();
        const auto first = static_cast<std::size_t>(begin),
                   count = static_cast<std::size_t>(end - begin);
        return {std::span(own.minutes).subspan(first, count),
                std::span(own.counts).subspan(first, count)};
    }
    std::uint64_t expectedInvocations(std::size_t function) const override
    {
        return m_functions[function].minutes.size() * 10;
    }

private:
    struct Function {
        std::vector<std::uint16_t> minutes;
        std::vector<std::uint32_t> counts;
        std::int64_t serviceUs = 0;
        sim::Law law;
    };
    std::vector<Function> m_functions;
    std::size_t m_minutes;
};

/// All arrivals of one function.
inline std::vector<std::int64_t> timesOf(const Workload& workload, const ReplayRules& rules,
                                         std::size_t function)
{
    Placement placement(rules.arrivals, rules.seed);
    CellBuffer buffer;
    const Cells cells = workload.cells(function, 0, workload.minutes(), buffer);
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < cells.minutes.size(); ++i) {
        placement.begin(minuteCount(cells, i, workload.entity(function)));
        for (auto times = placement.next(); !times.empty(); times = placement.next())
            all.insert(all.end(), times.begin(), times.end());
    }
    return all;
}

/// How long each of them takes.
inline std::vector<std::int64_t> servicesOf(const Workload& workload, const ReplayRules& rules,
                                            std::size_t function)
{
    CellBuffer buffer;
    const Cells cells = workload.cells(function, 0, workload.minutes(), buffer);
    const sim::Law* law
        = rules.service == Service::Percentiles ? workload.serviceLaw(function) : nullptr;
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < cells.minutes.size(); ++i) {
        all.resize(all.size() + cells.counts[i], workload.serviceUs(function));
        if (law)
            ServiceDraws(*law, rules.seed, workload.entity(function))
                .fill(cells.minutes[i], 0, std::span(all).last(cells.counts[i]));
    }
    return all;
}

} // namespace coldframe::traces
