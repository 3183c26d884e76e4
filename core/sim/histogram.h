#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>

namespace coldframe::sim {

/// Durations by their logarithm, 64 bins an octave: a quantile is within 0.8 % of the truth.
/// Whole numbers only, so histograms of parts can be added in any order.
class Histogram {
public:
    static constexpr unsigned kSteps = 64;
    static constexpr double kRelativeError = 0.5 / kSteps;

    /// `ns` is zero or more.
    void add(std::int64_t ns)
    {
        ++m_bins[binOf(static_cast<std::uint64_t>(ns))];
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
        return middleOf(bin) * 1e-9;
    }
    bool operator==(const Histogram&) const = default;

private:
    static constexpr unsigned kBits = 6; // log2 of kSteps
    /// Below 64 ns each number has a bin of its own; above, 64 an octave, up to 2^62.
    static constexpr std::size_t kBins = kSteps + (62 - kBits) * kSteps;

    [[gnu::always_inline]] static std::size_t binOf(std::uint64_t ns)
    {
        const auto width = static_cast<unsigned>(std::bit_width(ns | (kSteps - 1)));
        const unsigned shift = width - kBits;
        // The leading bit of what is left after the shift counts one whole octave.
        return shift == 0 ? ns : (std::size_t{shift - 1} << kBits) + (ns >> (shift - 1));
    }
    static double middleOf(std::size_t bin)
    {
        if (bin < 2 * kSteps)
            return static_cast<double>(bin);
        const std::size_t octave = (bin >> kBits) - 1;
        const std::uint64_t least = ((bin & (kSteps - 1)) + kSteps) << octave;
        return static_cast<double>(least)
            + static_cast<double>((std::uint64_t{1} << octave) - 1) / 2;
    }
    std::array<std::uint64_t, kBins> m_bins{};
    std::uint64_t m_count = 0;
};

} // namespace coldframe::sim
