#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "traces/workload.h"

namespace coldframe::traces {

inline constexpr std::int64_t kMinuteUs = 60'000'000;

/// Where within their minute the arrivals lie that a trace only counts.
enum class Arrivals {
    Even, ///< as far apart as can be, the first at the beginning: no chance in it
    Poisson, ///< each anywhere, as likely
    Empirical, ///< more where the counts of the minutes before and after are higher
};

/// One function's count in one minute, with those of its neighbours.
struct MinuteCount {
    std::uint64_t entity = 0; ///< whose draws
    std::size_t minute = 0;
    std::uint32_t count = 0, before = 0, after = 0;
};

/// The i-th of a function's cells, with its neighbours.
MinuteCount minuteCount(const Cells& cells, std::size_t i, std::uint64_t entity);

/// The moments of the arrivals of one minute after the other, rising, in blocks. They depend on
/// seed, entity and minute and on nothing else.
class Placement {
public:
    /// Drawn arrivals of one minute are drawn at once: more are refused by the reader's checks.
    static constexpr std::uint32_t kMostDrawn = 1U << 24;

    Placement(Arrivals arrivals, std::uint64_t seed) : m_arrivals(arrivals), m_seed(seed) { }

    void begin(const MinuteCount& minute);
    /// µs from the beginning of the trace; empty after the last.
    std::span<const std::int64_t> next();

private:
    void fillEven();
    void draw();

    Arrivals m_arrivals;
    std::uint64_t m_seed;
    MinuteCount m_minute;
    std::uint32_t m_left = 0;
    std::int64_t m_at = 0; ///< of the next even one
    std::uint64_t m_rest = 0; ///< in parts of `count` of a µs
    std::vector<double> m_units;
    std::vector<std::int64_t> m_times;
};

} // namespace coldframe::traces
