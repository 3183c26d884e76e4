#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "sim/log_bins.h"

namespace coldframe::sim {

/// Durations by their logarithm, 64 bins an octave: a quantile is within 0.8 % of the truth.
/// Whole numbers only, so histograms of parts can be added in any order.
class Histogram {
public:
    static constexpr unsigned kSteps = LogBins::kSteps;
    static constexpr double kRelativeError = 0.5 / kSteps;

    /// `ns` is zero or more.
    void add(std::int64_t ns)
    {
        ++m_bins[LogBins::of(static_cast<std::uint64_t>(ns))];
        ++m_count;
    }
    void add(const Histogram& other)
    {
        for (std::size_t i = 0; i < kBins; ++i)
            m_bins[i] += other.m_bins[i];
        m_count += other.m_count;
    }
    std::uint64_t count() const { return m_count; }

    /// By nearest rank, the middle of its bin in seconds; nothing when empty.
    std::optional<double> quantile(double share) const
    {
        if (m_count == 0)
            return std::nullopt;
        const double wanted = std::ceil(share * static_cast<double>(m_count));
        const auto rank = static_cast<std::uint64_t>(wanted < 1 ? 1 : wanted);
        std::uint64_t seen = 0;
        std::size_t bin = 0;
        while (bin + 1 < kBins && (seen += m_bins[bin]) < rank)
            ++bin;
        return LogBins::middle(bin) * 1e-9;
    }
    bool operator==(const Histogram&) const = default;

private:
    static constexpr std::size_t kBins = LogBins::kCount;
    std::array<std::uint64_t, kBins> m_bins{};
    std::uint64_t m_count = 0;
};

} // namespace coldframe::sim
