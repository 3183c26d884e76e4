#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace coldframe::traces {

/// Keep-alive values for which idle gaps are told apart, in µs.
class GapEdges {
public:
    /// Values below 1 µs are left out (every gap but 0 is longer), doubles once. At most 10^13 µs.
    explicit GapEdges(std::vector<std::int64_t> keepAlivesUs);

    std::size_t size() const { return m_edges.size(); }
    std::int64_t at(std::size_t edge) const { return m_edges[edge]; }
    /// The first edge that is not shorter than the gap; size() when all are.
    std::size_t bucketOf(std::int64_t gapUs) const
    {
        const auto step = static_cast<std::uint64_t>(gapUs) / kStepUs;
        if (step >= m_firstOfStep.size())
            return m_edges.size();
        std::size_t edge = m_firstOfStep[step];
        while (edge != m_edges.size() && m_edges[edge] < gapUs)
            ++edge;
        return edge;
    }

private:
    static constexpr std::uint64_t kStepUs = 1'000'000;
    std::vector<std::int64_t> m_edges; ///< rising
    std::vector<std::uint32_t> m_firstOfStep; ///< the first edge at or after so many steps
};

/// What one keep-alive value comes to.
struct KeepAliveFigures {
    std::int64_t keepAliveUs = 0;
    std::uint64_t coldStarts = 0;
    std::int64_t idleUs = 0;
};

/// The idle gaps of most-recently-used pools whose init takes no time. Gaps do not depend on how
/// long instances are kept: so one pass over the arrivals gives the figures of every keep-alive
/// value, exactly at the edges (docs/TRACES.md).
class GapHistogram {
public:
    explicit GapHistogram(const GapEdges& edges) : m_edges(&edges), m_buckets(edges.size() + 1) { }

    const GapEdges& edges() const { return *m_edges; }
    /// Gaps up to this fall into the first bucket: see reusedQuickly().
    std::int64_t quickUs() const { return m_edges->size() > 0 ? m_edges->at(0) : 0; }

    /// An arrival at a level of concurrency that was never reached before: cold at any keep-alive.
    void opened(std::uint64_t arrivals) { m_opened += arrivals; }
    void reused(std::int64_t gapUs)
    {
        Bucket& bucket = m_buckets[m_edges->bucketOf(gapUs)];
        ++bucket.reuses;
        bucket.sumUs += gapUs;
        m_zeros += gapUs == 0;
    }
    /// Many gaps up to quickUs(), of which so many are 0.
    void reusedQuickly(std::uint64_t reuses, std::uint64_t zeros, std::int64_t sumUs)
    {
        m_buckets.front().reuses += reuses;
        m_buckets.front().sumUs += sumUs;
        m_zeros += zeros;
    }
    /// Idle so long when the trace ended.
    void leftIdle(std::int64_t gapUs)
    {
        Bucket& bucket = m_buckets[m_edges->bucketOf(gapUs)];
        ++bucket.ends;
        bucket.sumUs += gapUs;
    }
    /// Of the same edges.
    void add(const GapHistogram& other);

    /// For 0 and for each edge, rising.
    std::vector<KeepAliveFigures> curve() const;
    /// For the values asked for, each 0 or an edge; in their order.
    std::vector<KeepAliveFigures> figures(std::span<const std::int64_t> keepAlivesUs) const;

private:
    struct Bucket {
        std::uint64_t reuses = 0, ends = 0;
        std::int64_t sumUs = 0;
    };
    const GapEdges* m_edges;
    std::vector<Bucket> m_buckets;
    std::uint64_t m_opened = 0, m_zeros = 0;
};

} // namespace coldframe::traces
