#include "study/account_pipeline.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace coldframe::study {

namespace {

using traces::MinuteArrivals;

/// Three steps for each minute: made, decided, taken. A minute's place is used again by the one
/// that comes kAhead later, so memory stays small.
class Pipeline {
public:
    Pipeline(const traces::Workload& workload, const traces::ReplayRules& rules, std::size_t limit,
             traces::AccountPools& pools, const std::stop_token& stop, Done& done)
        : m_workload(workload), m_rules(rules), m_gate(workload, limit), m_pools(pools),
          m_stop(stop), m_done(done), m_minutes(workload.minutes())
    { }

    /// What each thread does until all is done or stop is requested.
    void work()
    {
        traces::MinuteMaker maker(m_workload, m_rules);
        std::unique_lock lock(m_mutex);
        while (m_taken < m_minutes && !m_stop.stop_requested()) {
            if (!step(maker, lock))
                m_changed.wait_for(lock, std::chrono::milliseconds(50));
        }
        m_changed.notify_all();
    }

private:
    static constexpr std::size_t kAhead = 6;
    enum class State { Empty, Making, Made, Decided };

    /// Does one step that can be done now; false: there is none. What must go in order comes first.
    bool step(traces::MinuteMaker& maker, std::unique_lock<std::mutex>& lock)
    {
        if (!m_deciding && m_decided < m_minutes && is(m_decided, State::Made)) {
            m_deciding = true;
            unlocked(lock, [&] { m_gate.decide(slot(m_decided)); });
            m_states[m_decided++ % kAhead] = State::Decided;
            m_deciding = false;
        } else if (!m_taking && m_taken < m_decided) {
            m_taking = true;
            unlocked(lock, [&] { m_pools.take(slot(m_taken)); });
            m_done.units += 1;
            m_states[m_taken++ % kAhead] = State::Empty;
            m_taking = false;
        } else if (m_begun < m_minutes && m_begun < m_taken + kAhead) {
            const std::size_t minute = m_begun++;
            m_states[minute % kAhead] = State::Making;
            unlocked(lock, [&] { maker.make(minute, slot(minute)); });
            m_states[minute % kAhead] = State::Made;
        } else {
            return false;
        }
        m_changed.notify_all();
        return true;
    }
    template <typename Work>
    static void unlocked(std::unique_lock<std::mutex>& lock, const Work& work)
    {
        lock.unlock();
        work();
        lock.lock();
    }
    bool is(std::size_t minute, State state) const { return m_states[minute % kAhead] == state; }
    MinuteArrivals& slot(std::size_t minute) { return m_slots[minute % kAhead]; }

    const traces::Workload& m_workload;
    const traces::ReplayRules& m_rules;
    traces::AccountGate m_gate;
    traces::AccountPools& m_pools;
    const std::stop_token& m_stop;
    Done& m_done;
    std::size_t m_minutes;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::array<State, kAhead> m_states{};
    std::array<MinuteArrivals, kAhead> m_slots;
    std::size_t m_begun = 0, m_decided = 0, m_taken = 0; ///< minutes that came so far
    bool m_deciding = false, m_taking = false;
};

} // namespace

bool replayUnderLimit(const traces::Workload& workload, const traces::ReplayRules& rules,
                      std::size_t limit, unsigned threads, traces::AccountPools& pools,
                      const std::stop_token& stop, const Progress& progress)
{
    Done done{.all = workload.minutes()};
    Pipeline pipeline(workload, rules, limit, pools, stop, done);
    runCrew(
        threads, [&](unsigned) { pipeline.work(); }, done, progress);
    if (stop.stop_requested() && done.units < workload.minutes())
        return false;
    pools.finish();
    return true;
}

} // namespace coldframe::study
