#include "traces/azure_trace.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace coldframe::traces {

namespace {

/// The published median of all functions' averages, e^-0.38 s: for a trace without any durations.
constexpr std::int64_t kPublishedMedianUs = 683'861;

sim::Law lawOf(const FunctionDurations& durations)
{
    constexpr double kSecondsOfMs = 1e-3;
    sim::Law law;
    law.kind = sim::Law::Kind::Quantiles;
    for (std::size_t i = 0; i < kDurationShares.size(); ++i)
        law.quantiles.push_back({kDurationShares[i], durations.percentilesMs[i] * kSecondsOfMs});
    return law;
}

std::int64_t medianService(const DurationsFile& durations)
{
    std::vector<std::int64_t> services;
    for (const FunctionDurations& function : durations.functions)
        services.push_back(serviceOfAverage(function.averageMs));
    if (services.empty())
        return kPublishedMedianUs;
    const auto middle = services.begin() + static_cast<std::ptrdiff_t>(services.size() / 2);
    std::ranges::nth_element(services, middle);
    return *middle;
}

} // namespace

std::int64_t serviceOfAverage(double averageMs)
{
    return std::max(kLeastServiceUs, static_cast<std::int64_t>(averageMs * 1000));
}

AzureTrace::AzureTrace(InvocationRows invocations, std::size_t minutes,
                       const DurationsFile& durations, const std::vector<AppMemory>& memory)
    : m_counts(std::move(invocations.counts)), m_minutes(minutes)
{
    for (std::size_t row = 0; row < invocations.names.size(); ++row) {
        const auto counts = m_counts.countsOf(row);
        m_functions.push_back(
            {.name = invocations.names[row],
             .entity = invocations.names[row].entity(),
             .invocations = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}),
             .row = row});
    }
    std::ranges::sort(m_functions, [&](const Function& a, const Function& b) {
        if (a.entity != b.entity)
            return a.entity < b.entity;
        return std::ranges::lexicographical_compare(m_counts.countsOf(a.row),
                                                    m_counts.countsOf(b.row));
    });
    for (std::size_t i = 1; i < m_functions.size(); ++i)
        m_notes.repeated += m_functions[i].name == m_functions[i - 1].name;
    takeDurations(durations);
    takeMemory(memory);
}

void AzureTrace::takeDurations(const DurationsFile& durations)
{
    std::unordered_map<FunctionName, std::size_t, FunctionNameHash> byName;
    for (std::size_t i = 0; i < durations.functions.size(); ++i)
        byName.try_emplace(durations.functions[i].name, i); // the first row of a name counts
    m_notes.assumedServiceUs = medianService(durations);
    std::vector<bool> taken(durations.functions.size());
    for (Function& function : m_functions) {
        const auto found = byName.find(function.name);
        if (found == byName.end()) {
            function.serviceUs = m_notes.assumedServiceUs;
            ++m_notes.withoutDuration;
            continue;
        }
        const FunctionDurations& own = durations.functions[found->second];
        taken[found->second] = true;
        function.serviceUs = serviceOfAverage(own.averageMs);
        if (durations.hasPercentiles) {
            function.law = m_laws.size();
            m_laws.push_back(lawOf(own));
        }
    }
    m_notes.neverInvoked
        = byName.size() - static_cast<std::size_t>(std::ranges::count(taken, true));
}

void AzureTrace::takeMemory(const std::vector<AppMemory>& memory)
{
    std::unordered_map<FunctionName, double, FunctionNameHash> byName;
    for (const AppMemory& app : memory)
        byName.try_emplace(app.name, app.averageMb);
    for (Function& function : m_functions) {
        auto found = byName.find(function.name);
        if (found == byName.end())
            found = byName.find({function.name.owner, function.name.app, {}});
        if (found != byName.end())
            function.memoryMb = found->second;
        else
            ++m_notes.withoutMemory;
    }
}

std::uint32_t AzureTrace::highestCount() const
{
    return m_counts.counts.empty() ? 0 : std::ranges::max(m_counts.counts);
}

std::string AzureTrace::name(std::size_t function) const
{
    return std::string(m_functions[function].name.function);
}

const sim::Law* AzureTrace::serviceLaw(std::size_t function) const
{
    const std::size_t law = m_functions[function].law;
    return law == kNoLaw ? nullptr : &m_laws[law];
}

Cells AzureTrace::cells(std::size_t function, std::size_t fromMinute, std::size_t toMinute,
                        CellBuffer&) const
{
    const std::size_t row = m_functions[function].row;
    const auto minutes = m_counts.minutesOf(row);
    const auto first = std::ranges::lower_bound(minutes, fromMinute) - minutes.begin();
    const auto last = std::ranges::lower_bound(minutes, toMinute) - minutes.begin();
    const auto from = static_cast<std::size_t>(first),
               count = static_cast<std::size_t>(last - first);
    return {minutes.subspan(from, count), m_counts.countsOf(row).subspan(from, count)};
}

} // namespace coldframe::traces
