#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "model/time.h"

namespace coldframe::session {

/// Durations by their logarithm, 32 bins an octave: a quantile is within 1.6 % of the truth.
class LatencyHistogram {
public:
    void add(Duration d)
    {
        ++m_bins[bin(static_cast<std::uint64_t>(std::max<Duration::rep>(d.count(), 1)))];
        ++m_count;
    }
    void add(const LatencyHistogram& other)
    {
        for (std::size_t i = 0; i < kBins; ++i)
            m_bins[i] += other.m_bins[i];
        m_count += other.m_count;
    }
    void subtract(const LatencyHistogram& other)
    {
        for (std::size_t i = 0; i < kBins; ++i)
            m_bins[i] -= other.m_bins[i];
        m_count -= other.m_count;
    }
    bool empty() const { return m_count == 0; }

    /// In milliseconds, by nearest rank; NaN when there is nothing.
    float quantileMs(double p) const
    {
        if (m_count == 0)
            return std::numeric_limits<float>::quiet_NaN();
        const auto rank = static_cast<std::uint64_t>(std::ceil(p * static_cast<double>(m_count)));
        std::uint64_t seen = 0;
        std::size_t i = 0;
        while (i + 1 < kBins && (seen += m_bins[i]) < rank)
            ++i;
        return static_cast<float>(middle(i) * 1e-6);
    }

private:
    static constexpr std::size_t kSteps = 32, kBins = 44 * kSteps; ///< up to 4.8 hours
    static std::size_t bin(std::uint64_t ns)
    {
        const auto octave = static_cast<unsigned>(std::bit_width(ns)) - 1;
        const std::uint64_t fraction
            = octave >= 5 ? (ns >> (octave - 5)) & 31U : (ns << (5 - octave)) & 31U;
        return std::min<std::size_t>(octave * kSteps + fraction, kBins - 1);
    }
    static double middle(std::size_t i)
    {
        return std::ldexp(1 + (static_cast<double>(i % kSteps) + 0.5) / kSteps,
                          static_cast<int>(i / kSteps));
    }
    std::array<std::uint32_t, kBins> m_bins{};
    std::uint64_t m_count = 0;
};

} // namespace coldframe::session
