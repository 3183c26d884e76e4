#include <gtest/gtest.h>

#include "timed_harness.h"

// Starts for calls that wait, how long those wait, and how fast instances may start where a timer
// decides how many there are.

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

TEST(OnDemand, asManyAsTheCallsThatWaitNeed)
{
    TimedHarness h(onDemand(2));
    h.call(0);
    const InstanceId first = h.only<Start>().instance;
    h.call(0);
    EXPECT_TRUE(h.all<Start>().empty()) << "the one that is starting has room for both";
    h.call(0);
    EXPECT_EQ(describe(h.only<Start>().reason),
              "Scaled up: 1 instance was there, 3 events waited for one");
    h.makeReady(500, first);
    EXPECT_EQ(h.all<Dispatch>().size(), 2U);
}

TEST(OnDemand, aCallWaitsAsLongAsStartsTake)
{
    Configuration c = onDemand(1);
    c.functions[0].maxInstances = 1;
    TimedHarness h(c);
    h.call(0);
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    h.until(15'000);
    EXPECT_TRUE(h.actions.empty()) << "10 s have passed, but a start has lasted 10 s so far";
    h.step(at(20'000), Ready{id});
    const Dispatch work = h.only<Dispatch>();
    EXPECT_EQ(describe(work.reason),
              "Cold: an instance got ready after the event had waited 20000 ms");
    h.call(21'000); // it may wait 3.5 times 20 s now
    h.until(90'999);
    EXPECT_TRUE(h.all<Reject>().empty());
    h.until(91'000);
    EXPECT_EQ(describe(h.only<Reject>().reason),
              "Refused: waited 70000 ms in the queue, its limit is 70000 ms");
}

TEST(OnDemand, tenSecondsWhereStartsAreShort)
{
    Configuration c = onDemand(1);
    c.functions[0].maxInstances = 1;
    TimedHarness h(c);
    h.call(0);
    h.makeReady(1000, h.only<Start>().instance);
    h.call(2000);
    h.until(11'999);
    EXPECT_TRUE(h.all<Reject>().empty());
    h.until(12'000);
    EXPECT_EQ(describe(h.only<Reject>().reason),
              "Refused: waited 10000 ms in the queue, its limit is 10000 ms");
}

TEST(ScaleUpBucket, oneInstanceASecondForCallsAndOneIn30SecondsForEvents)
{
    for (const auto& [other, each] : {std::pair{false, 1'000}, {true, 30'000}}) {
        Configuration c = oneASecond();
        c.functions[0].otherWork = other;
        TimedHarness h(c);
        for (int i = 0; i < 10; ++i)
            h.call(0);
        std::uint32_t alive = 1;
        for (int ms = 100; ms <= 12 * each; ms += each / 10) {
            h.until(ms);
            alive += static_cast<std::uint32_t>(h.all<Start>().size());
            ASSERT_LE(alive, 1U + static_cast<std::uint32_t>(ms / each)) << ms;
        }
        EXPECT_EQ(alive, 10U) << "as many as there are calls";
    }
}

} // namespace
