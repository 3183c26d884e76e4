#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace coldframe::traces {

/// How often each function was invoked in each minute: only the minutes in which it was. A day of
/// 50,000 functions has 72 million minutes, most of them empty.
struct MinuteCounts {
    std::vector<std::size_t> first{0}; ///< of each function's cells; one more than functions
    std::vector<std::uint16_t> minutes; ///< rising within a function
    std::vector<std::uint32_t> counts; ///< 1 or more

    std::size_t functions() const { return first.size() - 1; }
    std::span<const std::uint16_t> minutesOf(std::size_t function) const
    {
        return std::span(minutes).subspan(first[function], first[function + 1] - first[function]);
    }
    std::span<const std::uint32_t> countsOf(std::size_t function) const
    {
        return std::span(counts).subspan(first[function], first[function + 1] - first[function]);
    }
};

} // namespace coldframe::traces
