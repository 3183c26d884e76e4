#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "cost/bill.h"
#include "cost/meters.h"
#include "cost/price_book.h"
#include "engine/engine.h"
#include "session/lane_keeper.h"
#include "session/latency_histogram.h"
#include "session/snapshot.h"

namespace coldframe::session {

/// Counts what happens in a run: totals, tallies of functions and triggers, buckets for charts.
/// Told by the session on the live thread.
class Board {
public:
    void begin(TimePoint now);
    void setPrices(cost::PriceBook prices, cost::Architecture architecture);
    void setPlatform(const engine::Platform& platform) { m_sandbox = platform.sandbox; }
    void setFunctions(std::size_t functions);
    void setTriggers(std::size_t triggers);

    void stepped(TimePoint now, const engine::Engine& engine, const engine::Input& input,
                 std::span<const engine::Action> actions);
    void event(TimePoint now, std::int32_t trigger); ///< one more has come, for the totals
    void filteredOut(std::int32_t trigger); ///< one more did not match the trigger's filter
    void triggerEnded(std::int32_t trigger);
    /// An invocation; `comesAgain`: if it failed, its events come again by themselves.
    void ended(FunctionId function, bool succeeded, bool comesAgain = false);
    void gaveUp() { ++m_totals.givenUp; } ///< of those that came again
    /// An attempt ended; its share of the bill so far.
    Money attempt(TimePoint now, const engine::Meter& meter, std::uint32_t ephemeralMb);
    void throttled(TimePoint now, FunctionId function);
    void retried() { ++m_totals.retries; }
    void mark(TimePoint now, std::string text);
    void notice(TimePoint now, Notice::Severity severity, std::string text, std::string hint);

    /// Fills what it knows.
    void fill(Snapshot& snapshot, TimePoint now);
    const Totals& totals() const { return m_totals; }
    Duration sandbox() const { return m_sandbox; }

private:
    /// What happened at times, over the last ten seconds.
    class Recent {
    public:
        void add(TimePoint now) { ++slot(now); }
        std::uint64_t count(TimePoint now);

    private:
        std::uint64_t& slot(TimePoint now);
        std::array<std::uint64_t, 10> m_seconds{};
        std::int64_t m_second = 0;
    };
    struct FunctionTally {
        FunctionView view;
        engine::PoolCounts counts;
        Recent throttles;
        bool failed = false; ///< the invocation that ended last
    };
    struct TriggerTally {
        std::uint64_t events = 0, waiting = 0, filteredOut = 0;
        Recent recent;
    };

    Bucket& bucket(TimePoint now);
    void closeBucket();
    void count(Bucket& bucket, const engine::Action& action);
    void keepFullest(Bucket& bucket) const;
    void recount(const engine::Engine& engine, FunctionId function);
    void price(Bucket& bucket) const;

    TimePoint m_startedAt{}, m_firstBucketAt{};
    std::deque<Bucket> m_buckets;
    LatencyHistogram m_latencies; ///< of the bucket that is filling
    std::deque<LatencyHistogram> m_closedLatencies; ///< of the closed ones
    LatencyHistogram m_allLatencies; ///< of all shown, the filling one included
    std::vector<FunctionTally> m_functions;
    std::vector<TriggerTally> m_triggers;
    std::uint32_t m_busy = 0, m_idle = 0, m_initialising = 0;
    Totals m_totals;
    LaneKeeper m_lanes;
    cost::PriceBook m_prices;
    bool m_priced = false;
    cost::Architecture m_architecture = cost::Architecture::X86_64;
    cost::Meters m_meters;
    Duration m_sandbox{};
    std::deque<Mark> m_marks;
    std::deque<Notice> m_notices;
    std::uint64_t m_noticesDropped = 0;
};

} // namespace coldframe::session
