#pragma once

#include "traces/completion_wheel.h"
#include "traces/minute_arrivals.h"

namespace coldframe::traces {

/// Lets arrivals of all functions in, in order of time, while fewer than `limit` are running;
/// rejects the others. It knows nothing of pools: whether an arrival finds a warm instance does not
/// change how many run.
class AccountGate {
public:
    AccountGate(const Workload& workload, std::size_t limit);

    /// Fills in what is rejected. Minutes from 0, one after the other.
    void decide(MinuteArrivals& minute);

private:
    struct Function {
        std::int64_t serviceUs;
        std::uint32_t next; ///< its next arrival's place in byFunction
    };
    void letAllIn(MinuteArrivals& minute, std::size_t from, std::size_t to, std::size_t slice);
    void decideInOrder(MinuteArrivals& minute, std::size_t from, std::size_t to, std::size_t slice);
    std::uint64_t endOf(const MinuteArrivals& minute, const MinuteArrivals::Arrival& arrival,
                        const Function& function) const;

    std::vector<Function> m_functions;
    CompletionWheel m_wheel;
    std::size_t m_limit, m_busy = 0;
};

} // namespace coldframe::traces
