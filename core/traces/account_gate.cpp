#include "traces/account_gate.h"

#include <algorithm>

namespace coldframe::traces {

AccountGate::AccountGate(const Workload& workload, std::size_t limit)
    : m_wheel(workload.minutes()), m_limit(limit)
{
    m_functions.reserve(workload.functions());
    for (std::size_t i = 0; i < workload.functions(); ++i)
        m_functions.push_back({workload.serviceUs(i), 0});
}

void AccountGate::decide(MinuteArrivals& minute)
{
    for (std::size_t i = 0; i < minute.functions.size(); ++i)
        m_functions[minute.functions[i]].next = minute.first[i];
    m_wheel.beginMinute(minute.minute);
    const auto& arrivals = minute.inOrder;
    auto from = arrivals.begin();
    for (std::size_t slice = 0; slice < CompletionWheel::kSlices; ++slice) {
        const std::uint64_t end = (slice + 1) * std::uint64_t{CompletionWheel::kSliceUs};
        const auto to = std::lower_bound(
            from, arrivals.end(), end,
            [](const auto& arrival, std::uint64_t offset) { return arrival.offsetUs < offset; });
        const auto first = static_cast<std::size_t>(from - arrivals.begin());
        const auto last = static_cast<std::size_t>(to - arrivals.begin());
        // Even if none ended meanwhile there would be room for all.
        if (m_busy + (last - first) <= m_limit)
            letAllIn(minute, first, last, slice);
        else
            decideInOrder(minute, first, last, slice);
        from = to;
    }
}

/// In µs from the beginning of the minute.
std::uint64_t AccountGate::endOf(const MinuteArrivals& minute,
                                 const MinuteArrivals::Arrival& arrival,
                                 const Function& function) const
{
    const std::int64_t service
        = minute.servicesUs.empty() ? function.serviceUs : minute.servicesUs[function.next];
    return arrival.offsetUs + static_cast<std::uint64_t>(service);
}

void AccountGate::letAllIn(MinuteArrivals& minute, std::size_t from, std::size_t to,
                           std::size_t slice)
{
    m_busy += to - from;
    const std::uint64_t sliceEnd = (slice + 1) * std::uint64_t{CompletionWheel::kSliceUs};
    for (std::size_t i = from; i < to; ++i) {
        const MinuteArrivals::Arrival& arrival = minute.inOrder[i];
        Function& function = m_functions[arrival.function];
        const std::uint64_t end = endOf(minute, arrival, function);
        ++function.next;
        if (end < std::min<std::uint64_t>(sliceEnd, kMinuteUs))
            --m_busy;
        else
            m_wheel.putLater(end);
    }
    m_busy -= m_wheel.takeSlice(slice);
}

void AccountGate::decideInOrder(MinuteArrivals& minute, std::size_t from, std::size_t to,
                                std::size_t slice)
{
    const std::uint64_t sliceEnd = std::min<std::uint64_t>(
        (slice + 1) * std::uint64_t{CompletionWheel::kSliceUs}, kMinuteUs);
    m_wheel.enterSlice(slice);
    minute.rejected.resize(minute.byFunction.size());
    for (std::size_t i = from; i < to; ++i) {
        const MinuteArrivals::Arrival& arrival = minute.inOrder[i];
        Function& function = m_functions[arrival.function];
        m_busy -= m_wheel.takeUntil(arrival.offsetUs);
        if (m_busy >= m_limit) {
            minute.rejected[function.next++] = 1;
            ++minute.rejections;
            continue;
        }
        const std::uint64_t end = endOf(minute, arrival, function);
        ++function.next;
        ++m_busy;
        if (end < sliceEnd)
            m_wheel.mark(static_cast<std::uint32_t>(end));
        else
            m_wheel.putLater(end);
    }
    m_busy -= m_wheel.takeUntil(static_cast<std::uint32_t>(sliceEnd - 1));
}

} // namespace coldframe::traces
