#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace coldframe::sim {

/// Numbers of nanoseconds by their logarithm: each below 128 has a bin of its own, above there are
/// 64 an octave, up to 2^62.
struct LogBins {
    static constexpr unsigned kBits = 6, kSteps = 1U << kBits;
    static constexpr std::size_t kCount = kSteps + (62 - kBits) * kSteps;

    [[gnu::always_inline]] static std::size_t of(std::uint64_t ns)
    {
        const auto width = static_cast<unsigned>(std::bit_width(ns | (kSteps - 1)));
        const unsigned shift = width - kBits;
        // The leading bit of what is left after the shift counts one whole octave.
        return shift == 0 ? ns : (std::size_t{shift - 1} << kBits) + (ns >> (shift - 1));
    }
    static std::uint64_t least(std::size_t bin)
    {
        return bin < 2 * kSteps ? bin : ((bin & (kSteps - 1)) + kSteps) << octaveOf(bin);
    }
    /// How many numbers are of it.
    static std::uint64_t width(std::size_t bin)
    {
        return bin < 2 * kSteps ? 1 : std::uint64_t{1} << octaveOf(bin);
    }
    static double middle(std::size_t bin)
    {
        return static_cast<double>(least(bin)) + static_cast<double>(width(bin) - 1) / 2;
    }

private:
    static std::size_t octaveOf(std::size_t bin) { return (bin >> kBits) - 1; }
};

} // namespace coldframe::sim
