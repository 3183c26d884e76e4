#include <gtest/gtest.h>

#include "session/loop_watch.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace std::chrono_literals;

namespace {

/// A trigger in virtual time, a beat every 100 ms: files wait, events take 50 ms each.
class World {
public:
    /// Runs for `length`; every ended event writes `children` files, and from outside a file comes
    /// every `every` (zero: none).
    bool run(Duration length, int children, Duration every)
    {
        TimePoint nextOutside = m_now + every;
        const TimePoint end = m_now + length;
        for (; m_now < end; m_now += 10ms) {
            if (every > 0ms && m_now >= nextOutside) {
                appear();
                nextOutside += every;
            }
            finish(children);
            take();
            if ((m_now.time_since_epoch() / 10ms) % 10 == 0
                && m_watch.beat(m_now, !m_waiting.empty()))
                return true;
        }
        return false;
    }
    void appear() { m_waiting.push_back(std::min(m_watch.seen(m_now), 15U)); }
    std::uint64_t handled = 0;

private:
    void take()
    {
        while (!m_waiting.empty() && m_watch.mayTake() > 0) {
            m_watch.submitted(m_waiting.front());
            m_running.emplace_back(m_now + 50ms, m_waiting.front());
            m_waiting.erase(m_waiting.begin());
        }
    }
    void finish(int children)
    {
        for (std::size_t i = 0; i < m_running.size();) {
            if (m_running[i].first > m_now) {
                ++i;
                continue;
            }
            for (int c = 0; c < children; ++c)
                appear(); // written just before the end
            m_watch.ended(m_now, m_running[i].second);
            ++handled;
            m_running.erase(m_running.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    LoopWatch m_watch{16};
    TimePoint m_now{1h};
    std::vector<std::uint32_t> m_waiting;
    std::vector<std::pair<TimePoint, std::uint32_t>> m_running;
};

TEST(LoopWatch, aFunctionThatFeedsItselfIsFound)
{
    World world;
    world.appear();
    EXPECT_TRUE(world.run(60s, 1, 0ms));
    EXPECT_LT(world.handled, 40U);
}

TEST(LoopWatch, aSteadyProducerIsNot)
{
    for (const Duration every : {20ms, 40ms, 100ms, 1000ms}) {
        World world;
        EXPECT_FALSE(world.run(120s, 0, every)) << toMilliseconds(every);
        EXPECT_GT(world.handled, static_cast<std::uint64_t>(100s / every));
    }
}

TEST(LoopWatch, aBurstIsNot)
{
    World world;
    for (int i = 0; i < 500; ++i)
        world.appear();
    EXPECT_FALSE(world.run(60s, 0, 0ms));
    EXPECT_EQ(world.handled, 500U);
}

} // namespace
