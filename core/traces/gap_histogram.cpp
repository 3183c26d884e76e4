#include "traces/gap_histogram.h"

#include <algorithm>
#include <cassert>

namespace coldframe::traces {

GapEdges::GapEdges(std::vector<std::int64_t> keepAlivesUs) : m_edges(std::move(keepAlivesUs))
{
    std::erase_if(m_edges, [](std::int64_t edge) { return edge < 1; });
    std::ranges::sort(m_edges);
    m_edges.erase(std::ranges::unique(m_edges).begin(), m_edges.end());
    if (m_edges.empty())
        return;
    const std::uint64_t steps = static_cast<std::uint64_t>(m_edges.back()) / kStepUs + 1;
    m_firstOfStep.reserve(steps);
    std::uint32_t edge = 0;
    for (std::uint64_t step = 0; step < steps; ++step) {
        while (static_cast<std::uint64_t>(m_edges[edge]) < step * kStepUs)
            ++edge;
        m_firstOfStep.push_back(edge);
    }
}

void GapHistogram::add(const GapHistogram& other)
{
    assert(other.m_buckets.size() == m_buckets.size());
    for (std::size_t i = 0; i < m_buckets.size(); ++i) {
        m_buckets[i].reuses += other.m_buckets[i].reuses;
        m_buckets[i].ends += other.m_buckets[i].ends;
        m_buckets[i].sumUs += other.m_buckets[i].sumUs;
    }
    m_opened += other.m_opened;
    m_zeros += other.m_zeros;
}

std::vector<KeepAliveFigures> GapHistogram::curve() const
{
    std::uint64_t reuses = 0, ends = 0; // with longer gaps
    for (const Bucket& bucket : m_buckets)
        reuses += bucket.reuses, ends += bucket.ends;
    std::vector<KeepAliveFigures> figures{{0, m_opened + reuses - m_zeros, 0}};
    std::int64_t shorterUs = 0;
    for (std::size_t i = 0; i < m_edges->size(); ++i) {
        const std::int64_t keepAliveUs = m_edges->at(i);
        reuses -= m_buckets[i].reuses;
        ends -= m_buckets[i].ends;
        shorterUs += m_buckets[i].sumUs;
        figures.push_back({keepAliveUs, m_opened + reuses,
                           shorterUs + static_cast<std::int64_t>(reuses + ends) * keepAliveUs});
    }
    return figures;
}

std::vector<KeepAliveFigures>
GapHistogram::figures(std::span<const std::int64_t> keepAlivesUs) const
{
    const std::vector<KeepAliveFigures> all = curve();
    std::vector<KeepAliveFigures> asked;
    for (const std::int64_t keepAliveUs : keepAlivesUs) {
        const auto found
            = std::ranges::lower_bound(all, keepAliveUs, {}, &KeepAliveFigures::keepAliveUs);
        assert(found != all.end() && found->keepAliveUs == keepAliveUs);
        asked.push_back(*found);
    }
    return asked;
}

} // namespace coldframe::traces
