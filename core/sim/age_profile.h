#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "cost/wide.h"
#include "sim/log_bins.h"

namespace coldframe::sim {

/// For how long something had which age, where age grows as time passes: its mean is exact, a
/// quantile is within 0.8 % of the truth. Whole numbers only.
class AgeProfile {
public:
    AgeProfile() : m_bins(LogBins::kCount) { }

    /// For `to - from` ns it went from the one age to the other; both are zero or more.
    void add(std::int64_t from, std::int64_t to)
    {
        const auto begin = static_cast<std::uint64_t>(from), end = static_cast<std::uint64_t>(to);
        const std::size_t first = LogBins::of(begin), last = LogBins::of(end);
        ++m_bins[first].spans, --m_bins[last].spans;
        m_bins[first].ns += endOf(first) - begin;
        m_bins[last].ns -= endOf(last) - end;
        m_twice += static_cast<cost::Wide>(end) * end - static_cast<cost::Wide>(begin) * begin;
        m_known += end - begin;
        m_most = std::max(m_most, to);
    }
    std::int64_t most() const { return m_most; }
    /// Twice the integral of the age over time.
    cost::Wide twiceIntegral() const { return m_twice; }

    /// The age, in ns, that it had at most for that share of the time; what was not told of, up to
    /// `all` ns, was without age.
    double quantile(double share, std::int64_t all) const
    {
        const double wanted = share * static_cast<double>(all);
        double seen = static_cast<double>(all) - cost::toDouble(m_known);
        std::int64_t through = 0; ///< spans that pass the whole bin
        std::size_t last = 0;
        if (seen >= wanted)
            return 0;
        for (std::size_t bin = 0; bin < m_bins.size() && seen < wanted; ++bin) {
            const cost::Wide ns
                = static_cast<cost::Wide>(through) * LogBins::width(bin) + m_bins[bin].ns;
            through += m_bins[bin].spans;
            if (ns == 0)
                continue;
            seen += cost::toDouble(ns);
            last = bin;
        }
        return LogBins::middle(last);
    }
    bool operator==(const AgeProfile&) const = default;

    struct Bin {
        std::int64_t spans = 0; ///< that begin in it, less those that end there
        /// Of those that begin here the time to the end of the bin, less that of those that end
        /// here; may wrap below zero until what passes through is added.
        cost::Wide ns = 0;
        bool operator==(const Bin&) const = default;
    };

private:
    static std::uint64_t endOf(std::size_t bin)
    {
        return LogBins::least(bin) + LogBins::width(bin);
    }

    std::vector<Bin> m_bins;
    cost::Wide m_twice = 0, m_known = 0;
    std::int64_t m_most = 0;
};

} // namespace coldframe::sim
