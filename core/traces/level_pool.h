#pragma once

#include <algorithm>
#include <span>

#include "traces/completions.h"
#include "traces/gap_histogram.h"

namespace coldframe::traces {

/// What one function came to. Times are µs.
struct FunctionFigures {
    std::uint64_t invocations = 0; ///< arrived
    std::uint64_t coldStarts = 0, rejected = 0;
    std::int64_t busyUs = 0, idleUs = 0; ///< of instances, up to the end of the trace
    std::uint32_t peak = 0; ///< most instances busy at once

    bool operator==(const FunctionFigures&) const = default;
};

/// The pool of one function, where no instances need be kept: the most recently idle
/// instance serves next, init takes no time, each serves one request at a time. What serves when so
/// many are busy is then always the instance that went idle when that many were last busy: a time
/// for each level of concurrency is all there is to keep.
template <typename Completions> class LevelPool {
public:
    /// The trace ends at `endUs`: what is busy or idle then is cut.
    LevelPool(std::int64_t keepAliveUs, std::size_t maxConcurrency, std::int64_t endUs,
              GapHistogram& gaps)
        : m_keepAliveUs(keepAliveUs), m_maxConcurrency(maxConcurrency), m_endUs(endUs),
          m_gaps(&gaps)
    { }

    std::size_t busy() const { return m_completions.size(); }
    const FunctionFigures& figures() const { return m_figures; }

    /// How many are busy at a moment, once the ends up to it are known.
    std::size_t busyAt(std::int64_t atUs)
    {
        completeUntil(atUs);
        return busy();
    }

    /// Arrivals at rising times, none before those of earlier calls; each takes serviceOf(i).
    /// Returns the most that were busy at once meanwhile.
    template <typename ServiceOf>
    std::size_t arrive(std::span<const std::int64_t> timesUs, const ServiceOf& serviceOf)
    {
        const std::int64_t quickUs = std::min(m_gaps->quickUs(), m_keepAliveUs);
        std::uint64_t quick = 0, zeros = 0;
        std::size_t peak = 0;
        std::int64_t quickSumUs = 0, busyUs = 0;
        for (std::size_t i = 0; i < timesUs.size(); ++i) {
            const std::int64_t at = timesUs[i], serviceUs = serviceOf(i);
            completeUntil(at);
            const std::size_t level = m_completions.size();
            if (level == m_wentIdle.size()) [[unlikely]] {
                if (!open(level))
                    continue;
            } else {
                const std::int64_t gapUs = at - m_wentIdle[level];
                if (gapUs <= quickUs) {
                    ++quick;
                    zeros += gapUs == 0;
                    quickSumUs += gapUs;
                } else {
                    reuse(gapUs);
                }
            }
            busyUs += std::min(serviceUs, m_endUs - at);
            m_completions.push(at + serviceUs);
            peak = std::max(peak, level + 1);
        }
        m_gaps->reusedQuickly(quick, zeros, quickSumUs);
        m_figures.invocations += timesUs.size();
        m_figures.idleUs += quickSumUs;
        m_figures.busyUs += busyUs;
        return peak;
    }

    /// Once, after the last arrival: counts what is idle at the end.
    void finish()
    {
        completeUntil(m_endUs);
        for (std::size_t level = m_completions.size(); level < m_wentIdle.size(); ++level) {
            const std::int64_t gapUs = m_endUs - m_wentIdle[level];
            m_gaps->leftIdle(gapUs);
            m_figures.idleUs += std::min(gapUs, m_keepAliveUs);
        }
    }

private:
    /// An end at the moment of an arrival comes first.
    void completeUntil(std::int64_t atUs)
    {
        for (std::int64_t end; (end = m_completions.earliest()) <= atUs;) {
            m_completions.pop();
            m_wentIdle[m_completions.size()] = end;
        }
    }
    /// More at once than ever before; false: more than may be.
    bool open(std::size_t level)
    {
        if (level >= m_maxConcurrency) {
            ++m_figures.rejected;
            return false;
        }
        m_wentIdle.push_back(0);
        m_gaps->opened(1);
        ++m_figures.coldStarts;
        m_figures.peak = static_cast<std::uint32_t>(level + 1);
        return true;
    }
    void reuse(std::int64_t gapUs)
    {
        m_gaps->reused(gapUs);
        m_figures.coldStarts += gapUs > m_keepAliveUs;
        m_figures.idleUs += std::min(gapUs, m_keepAliveUs);
    }

    Completions m_completions;
    std::vector<std::int64_t> m_wentIdle; ///< by level, as many as were ever busy at once
    std::int64_t m_keepAliveUs;
    std::size_t m_maxConcurrency;
    std::int64_t m_endUs;
    GapHistogram* m_gaps;
    FunctionFigures m_figures;
};

} // namespace coldframe::traces
