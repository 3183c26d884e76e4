#pragma once

#include <variant>

#include "traces/minute_arrivals.h"

namespace coldframe::traces {

/// The pools of all functions, fed minute by minute with what the account let in.
class AccountPools {
public:
    AccountPools(const Workload& workload, const ReplayRules& rules, const GapEdges& edges);
    AccountPools(const AccountPools&) = delete; // the pools point into it
    AccountPools& operator=(const AccountPools&) = delete;

    /// Minutes from 0, one after the other.
    void take(const MinuteArrivals& minute);
    /// Once, after the last minute.
    void finish();

    const std::vector<FunctionFigures>& figures() const { return m_figures; }
    const PartFigures& part() const { return m_part; }

private:
    using Pool = std::variant<LevelPool<FifoCompletions>, LevelPool<HeapCompletions>>;
    void takeFunction(const MinuteArrivals& minute, std::size_t i);

    PartFigures m_part;
    std::vector<Pool> m_pools;
    std::vector<std::int64_t> m_servicesUs; ///< averages
    std::vector<FunctionFigures> m_figures;
    std::vector<std::uint64_t> m_rejected;
    std::vector<std::int64_t> m_times, m_services;
};

} // namespace coldframe::traces
