#include "traces/minute_arrivals.h"

#include <algorithm>
#include <array>

#include "traces/service_draws.h"

namespace coldframe::traces {

namespace {

using Arrival = MinuteArrivals::Arrival;

/// One pass of a stable radix sort by some bits of the offset. Few enough buckets that all their
/// ends stay in the first cache.
void sortByBits(const std::vector<Arrival>& from, std::vector<Arrival>& to, int shift)
{
    constexpr std::size_t kBuckets = 512;
    std::array<std::uint32_t, kBuckets> next{};
    const auto bucketOf
        = [shift](const Arrival& arrival) { return (arrival.offsetUs >> shift) % kBuckets; };
    for (const Arrival& arrival : from)
        ++next[bucketOf(arrival)];
    std::uint32_t sum = 0;
    for (std::uint32_t& count : next)
        count = (sum += count) - count;
    for (const Arrival& arrival : from)
        to[next[bucketOf(arrival)]++] = arrival;
}

} // namespace

void MinuteMaker::make(std::size_t minute, MinuteArrivals& to)
{
    to.minute = minute;
    to.functions.clear();
    to.first.clear();
    to.byFunction.clear();
    to.servicesUs.clear();
    to.rejected.clear();
    to.rejections = 0;
    for (std::size_t function = 0; function < m_workload.functions(); ++function)
        addFunction(function, to);
    to.first.push_back(static_cast<std::uint32_t>(to.byFunction.size()));
    sortByTime(to);
}

void MinuteMaker::addFunction(std::size_t function, MinuteArrivals& to)
{
    // Only a rate that runs along the neighbours' counts has to know them.
    const bool alone = m_rules.arrivals != Arrivals::Empirical;
    const std::size_t from = alone || to.minute == 0 ? to.minute : to.minute - 1;
    const std::size_t stop = std::min(to.minute + (alone ? 1 : 2), m_workload.minutes());
    const Cells cells = m_workload.cells(function, from, stop, m_cells);
    std::size_t cell = 0;
    while (cell < cells.minutes.size() && cells.minutes[cell] < to.minute)
        ++cell;
    if (cell == cells.minutes.size() || cells.minutes[cell] != to.minute)
        return;
    const auto index = static_cast<std::uint32_t>(function);
    const std::uint64_t entity = m_workload.entity(function);
    const std::size_t first = to.byFunction.size(), count = cells.counts[cell];
    to.functions.push_back(index);
    to.first.push_back(static_cast<std::uint32_t>(first));
    to.byFunction.resize(first + count);
    const std::int64_t startUs = static_cast<std::int64_t>(to.minute) * kMinuteUs;
    Arrival* next = to.byFunction.data() + first;
    m_placement.begin(minuteCount(cells, cell, entity));
    for (auto times = m_placement.next(); !times.empty(); times = m_placement.next())
        for (const std::int64_t at : times)
            *next++ = {static_cast<std::uint32_t>(at - startUs), index};
    if (m_rules.service == Service::Average)
        return;
    to.servicesUs.resize(first + count, m_workload.serviceUs(function));
    if (const sim::Law* law = m_workload.serviceLaw(function))
        ServiceDraws(*law, m_rules.seed, entity)
            .fill(to.minute, 0, std::span(to.servicesUs).subspan(first));
}

/// Three passes of nine bits are the 26 of a minute's microseconds. Stable, so functions that
/// arrive at the same moment stay in their order.
void MinuteMaker::sortByTime(MinuteArrivals& to)
{
    to.inOrder.resize(to.byFunction.size());
    m_sorting.resize(to.byFunction.size());
    sortByBits(to.byFunction, to.inOrder, 0);
    sortByBits(to.inOrder, m_sorting, 9);
    sortByBits(m_sorting, to.inOrder, 18);
}

} // namespace coldframe::traces
