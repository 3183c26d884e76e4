#pragma once

#include <cstdint>
#include <vector>

#include "traces/replay.h"

namespace coldframe::traces {

/// All arrivals of one minute over all functions, by function and in order of time: what a limit
/// shared by them needs. Minutes are made independently of each other.
struct MinuteArrivals {
    struct Arrival {
        std::uint32_t offsetUs; ///< from the beginning of the minute
        std::uint32_t function;
    };
    std::size_t minute = 0;
    std::vector<std::uint32_t> functions; ///< those with arrivals, rising
    std::vector<std::uint32_t> first; ///< of each one's arrivals in `byFunction`; one more
    std::vector<Arrival> byFunction; ///< each function's in order of time
    std::vector<std::int64_t> servicesUs; ///< beside `byFunction`; empty when all are averages
    std::vector<Arrival> inOrder; ///< by time, then by function
    std::vector<std::uint8_t> rejected; ///< beside `byFunction`; empty when none is
    std::size_t rejections = 0;
};

/// Makes minutes; keeps what it needs from one to the next. Not for several threads at once.
class MinuteMaker {
public:
    MinuteMaker(const Workload& workload, const ReplayRules& rules)
        : m_workload(workload), m_rules(rules), m_placement(rules.arrivals, rules.seed)
    { }
    /// Replaces the contents of `to`, whose memory is used again.
    void make(std::size_t minute, MinuteArrivals& to);

private:
    void addFunction(std::size_t function, MinuteArrivals& to);
    void sortByTime(MinuteArrivals& to);

    const Workload& m_workload;
    ReplayRules m_rules;
    Placement m_placement;
    CellBuffer m_cells;
    std::vector<MinuteArrivals::Arrival> m_sorting;
};

} // namespace coldframe::traces
