#include "traces/account_pools.h"

namespace coldframe::traces {

AccountPools::AccountPools(const Workload& workload, const ReplayRules& rules,
                           const GapEdges& edges)
    : m_part(edges, workload.minutes()), m_rejected(workload.functions())
{
    const std::int64_t endUs = static_cast<std::int64_t>(workload.minutes()) * kMinuteUs;
    m_pools.reserve(workload.functions());
    for (std::size_t i = 0; i < workload.functions(); ++i) {
        m_servicesUs.push_back(workload.serviceUs(i));
        if (rules.service == Service::Percentiles && workload.serviceLaw(i))
            m_pools.emplace_back(std::in_place_index<1>, rules.keepAliveUs, kNoLimit, endUs,
                                 m_part.gaps);
        else
            m_pools.emplace_back(std::in_place_index<0>, rules.keepAliveUs, kNoLimit, endUs,
                                 m_part.gaps);
    }
}

void AccountPools::take(const MinuteArrivals& minute)
{
    for (std::size_t i = 0; i < minute.functions.size(); ++i)
        takeFunction(minute, i);
    m_part.series.invocations[minute.minute] += minute.byFunction.size();
    m_part.series.rejected[minute.minute] += minute.rejections;
}

void AccountPools::takeFunction(const MinuteArrivals& minute, std::size_t i)
{
    const std::size_t function = minute.functions[i], last = minute.first[i + 1];
    const std::int64_t startUs = static_cast<std::int64_t>(minute.minute) * kMinuteUs;
    const bool drawn = !minute.servicesUs.empty();
    m_times.clear();
    m_services.clear();
    for (std::size_t at = minute.first[i]; at < last; ++at) {
        if (minute.rejections > 0 && minute.rejected[at])
            continue;
        m_times.push_back(startUs + minute.byFunction[at].offsetUs);
        if (drawn)
            m_services.push_back(minute.servicesUs[at]);
    }
    m_rejected[function] += last - minute.first[i] - m_times.size();
    const std::int64_t averageUs = m_servicesUs[function];
    std::visit(
        [&](auto& pool) {
            const std::uint64_t before = pool.figures().coldStarts;
            if (drawn)
                pool.arrive(m_times, [this](std::size_t k) { return m_services[k]; });
            else
                pool.arrive(m_times, [averageUs](std::size_t) { return averageUs; });
            m_part.series.coldStarts[minute.minute] += pool.figures().coldStarts - before;
        },
        m_pools[function]);
}

void AccountPools::finish()
{
    for (std::size_t i = 0; i < m_pools.size(); ++i) {
        std::visit(
            [&](auto& pool) {
                pool.finish();
                m_figures.push_back(pool.figures());
            },
            m_pools[i]);
        m_figures.back().invocations += m_rejected[i];
        m_figures.back().rejected += m_rejected[i];
    }
}

} // namespace coldframe::traces
