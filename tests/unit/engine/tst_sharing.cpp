#include <gtest/gtest.h>

#include "harness.h"
#include "poisson_world.h"

// Instances that serve several attempts at once.

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

Configuration sharing(std::uint32_t limit)
{
    Configuration c = oneFunction();
    c.functions[0].instanceConcurrency = limit;
    return c;
}

InvocationId call(Harness& h, std::int64_t ms)
{
    const InvocationId id = h.engine.nextInvocation();
    h.step(at(ms), Arrived{});
    return id;
}
/// A call that an instance takes at once; it is at work.
Dispatch served(Harness& h, std::int64_t ms)
{
    call(h, ms);
    const Dispatch dispatch = h.only<Dispatch>();
    h.step(at(ms), WorkStarted{dispatch.instance, dispatch.invocation});
    return dispatch;
}
void finish(Harness& h, std::int64_t ms, InstanceId instance, InvocationId invocation)
{
    h.step(at(ms),
           WorkFinished{.instance = instance, .wall = 10ms, .cpu = 10ms, .invocation = invocation});
}

TEST(Sharing, aBusyInstanceTakesMoreUpToItsLimit)
{
    Harness h(sharing(2));
    const InstanceId first = h.callCold(0);
    call(h, 200);
    EXPECT_EQ(h.only<Dispatch>().instance, first);
    EXPECT_FALSE(h.only<Dispatch>().cold);
    EXPECT_EQ(describe(h.only<Dispatch>().reason),
              "Warm: shares the most recently used instance with room, as a 2nd of 2 at once");
    call(h, 210);
    EXPECT_EQ(describe(h.only<Start>().reason),
              "Cold: the only instance was busy, a 2nd was started");
    EXPECT_EQ(h.engine.counts(0).busy, 1U);
    EXPECT_EQ(h.engine.counts(0).inUse, 3U);
}

TEST(Sharing, aStartingInstanceIsJoinedAndOnlyOneIsItsColdStart)
{
    Harness h(sharing(2));
    const InvocationId first = call(h, 0);
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    const InvocationId second = call(h, 30);
    EXPECT_EQ(h.only<Join>().instance, id);
    EXPECT_EQ(describe(h.only<Join>().reason),
              "Joins an instance that is starting, as a 2nd of 2 at once");
    call(h, 40);
    EXPECT_EQ(h.all<Start>().size(), 1U); // no room for a third
    h.step(at(100), Ready{id});
    const std::vector<Dispatch> dispatched = h.all<Dispatch>();
    ASSERT_EQ(dispatched.size(), 2U);
    EXPECT_EQ(dispatched[0].invocation, first);
    EXPECT_TRUE(dispatched[0].cold);
    EXPECT_EQ(dispatched[1].invocation, second);
    EXPECT_FALSE(dispatched[1].cold);
    EXPECT_EQ(describe(dispatched[1].reason),
              "The instance it joined is ready; it had waited 70 ms for it");
    finish(h, 120, id, first);
    EXPECT_EQ(h.only<Meter>().init, 100ms);
    EXPECT_EQ(h.only<Meter>().queued, 0ms);
    EXPECT_EQ(h.only<Meter>().billed, 110ms);
    finish(h, 120, id, second);
    EXPECT_EQ(h.only<Meter>().init, 0ms);
    EXPECT_EQ(h.only<Meter>().queued, 70ms);
    EXPECT_EQ(h.only<Meter>().billed, 10ms);
}

TEST(Sharing, whoJoinedBecomesTheColdStartWhenTheFirstIsCancelled)
{
    Harness h(sharing(2));
    const InvocationId first = call(h, 0);
    const InstanceId id = h.only<Start>().instance;
    const InvocationId second = call(h, 10);
    h.step(at(20), Cancelled{first});
    const InvocationId third = call(h, 30); // has the room of the first
    EXPECT_EQ(h.only<Join>().instance, id);
    h.step(at(40), InitStarted{id});
    h.step(at(140), Ready{id});
    const std::vector<Dispatch> dispatched = h.all<Dispatch>();
    ASSERT_EQ(dispatched.size(), 2U);
    EXPECT_EQ(dispatched[0].invocation, second);
    EXPECT_TRUE(dispatched[0].cold);
    EXPECT_EQ(dispatched[1].invocation, third);
    EXPECT_FALSE(dispatched[1].cold);
}

TEST(Sharing, theMostRecentlyUsedWithRoomComesFirstAndBusyBeforeIdle)
{
    Harness h(sharing(2));
    const InstanceId a = h.callCold(0);
    const Dispatch fillsA = served(h, 150);
    const InstanceId b = h.callCold(200); // A is full
    const Dispatch fillsB = served(h, 350);
    ASSERT_EQ(fillsA.instance, a);
    ASSERT_EQ(fillsB.instance, b);
    finish(h, 400, b, fillsB.invocation);
    finish(h, 500, a, fillsA.invocation);
    EXPECT_EQ(served(h, 600).instance, a); // ended an attempt last
    const Dispatch again = served(h, 700);
    EXPECT_EQ(again.instance, b); // A is full again
    finish(h, 800, b, again.invocation);
    h.finish(900, b); // one is left, which need not be named
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
    finish(h, 1'000, a, {}); // two are: nobody knows which one this is
    EXPECT_TRUE(h.actions.empty());
}

TEST(Sharing, idleBeginsWhenTheLastAttemptEnds)
{
    Harness h(sharing(0));
    const InstanceId id = h.callCold(0);
    const Dispatch second = served(h, 200);
    finish(h, 300, id, second.invocation);
    EXPECT_EQ(h.engine.counts(0).idle, 0U);
    h.finish(1'000, id);
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
    EXPECT_EQ(h.engine.nextDeadline(), at(1'000) + 300s);
}

TEST(Sharing, aTimeoutEndsTheAttemptAndNotTheInstance)
{
    Harness h(sharing(5));
    const InstanceId id = h.callCold(0); // at work since 100 ms, times out at 3100
    const Dispatch second = served(h, 2'000);
    h.step(at(3'101), Tick{});
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::TimedOut);
    EXPECT_TRUE(h.only<Meter>().cold);
    EXPECT_TRUE(h.all<Stop>().empty());
    finish(h, 4'000, id, second.invocation);
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::Succeeded);
    EXPECT_FALSE(h.only<Meter>().cold);
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
    const Dispatch third = served(h, 5'000);
    EXPECT_FALSE(third.cold);
    finish(h, 5'001, id, second.invocation); // told twice
    EXPECT_TRUE(h.actions.empty());
    h.step(at(8'001), Tick{}); // the last attempt times out: the instance grows idle
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::TimedOut);
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
}

TEST(Sharing, deathFailsAllAttempts)
{
    Harness h(sharing(0));
    const InstanceId id = h.callCold(0);
    served(h, 200);
    served(h, 300);
    h.step(at(1'100), InstanceDied{.instance = id, .outOfMemory = true, .wall = 7s, .cpu = 7s});
    const std::vector<Meter> meters = h.all<Meter>();
    ASSERT_EQ(meters.size(), 3U);
    EXPECT_EQ(h.all<Stop>().size(), 1U);
    const Duration own[] = {1'000ms, 900ms, 800ms}; // each by its own clock
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(meters[i].outcome, Outcome::OutOfMemory);
        EXPECT_EQ(meters[i].desk, own[i]);
        EXPECT_EQ(meters[i].platform, own[i]);
    }
    EXPECT_EQ(h.engine.counts(0).inUse, 0U);
}

TEST(Sharing, anInitThatFailsTwiceIsTheAnswerToAll)
{
    Harness h(sharing(0));
    call(h, 0);
    const InstanceId id = h.only<Start>().instance;
    call(h, 10);
    h.step(at(20), InitStarted{id});
    h.step(at(50), InitFailed{id});
    h.step(at(60), InitStarted{id}); // the clocks of both start
    call(h, 70); // and that of this one
    h.step(at(100), InitFailed{id});
    const std::vector<Meter> meters = h.all<Meter>();
    ASSERT_EQ(meters.size(), 3U);
    const Duration desk[] = {40ms, 40ms, 30ms}, queued[] = {0ms, 50ms, 0ms};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(meters[i].outcome, Outcome::InitError);
        EXPECT_EQ(meters[i].cold, i == 0);
        EXPECT_EQ(meters[i].init, i == 0 ? 30ms : 0ms);
        EXPECT_EQ(meters[i].desk, desk[i]);
        EXPECT_EQ(meters[i].queued, queued[i]);
    }
    EXPECT_EQ(h.all<Stop>().size(), 1U);
}

TEST(Sharing, aSecondInitNobodyWaitsForEndsByItself)
{
    for (const std::uint32_t limit : {1U, 2U}) {
        Harness h(sharing(limit));
        const InvocationId only = call(h, 0);
        const InstanceId id = h.only<Start>().instance;
        h.step(at(0), InitStarted{id});
        h.step(at(50), InitFailed{id});
        h.step(at(50), InitStarted{id});
        h.step(at(100), Cancelled{only});
        EXPECT_EQ(h.only<Reject>().invocation, only);
        EXPECT_EQ(h.engine.nextDeadline(), at(3'100));
        h.step(at(3'101), Tick{});
        EXPECT_EQ(h.only<Stop>().reason.why, Why::InitTimedOut);
        EXPECT_FALSE(h.engine.nextDeadline());
    }
}

TEST(Sharing, theFirstInitKeepsItsLimitWhenNobodyWaitsForItAnyMore)
{
    for (const std::uint32_t limit : {1U, 2U}) {
        Harness h(sharing(limit));
        const InvocationId only = call(h, 0);
        h.step(at(0), InitStarted{h.only<Start>().instance});
        h.step(at(100), Cancelled{only});
        EXPECT_EQ(h.engine.nextDeadline(), at(10'000));
        h.step(at(10'001), Tick{});
        EXPECT_EQ(h.only<Stop>().reason.why, Why::InitFailedStop);
    }
}

TEST(Sharing, concurrencyCountsAttemptsAndTheCapCountsInstances)
{
    Configuration c = sharing(2);
    c.functions[0].reserved = 3;
    Harness h(c);
    h.callCold(0);
    served(h, 200);
    h.callCold(300);
    call(h, 500);
    EXPECT_EQ(describe(h.only<Reject>().reason), "Throttled: reserved concurrency 3, 3 in use");
    c.functions[0].reserved.reset();
    c.functions[0].maxInstances = 2;
    h.configure(at(600), c);
    served(h, 700); // the fourth fills the second instance
    call(h, 800);
    EXPECT_EQ(describe(h.only<Reject>().reason),
              "Throttled: at most 2 instances, 2 alive and none free");
}

TEST(Sharing, aCancelledAttemptLeavesTheOthersAlone)
{
    Harness h(sharing(2));
    const InstanceId id = h.callCold(0);
    const Dispatch second = served(h, 200);
    h.step(at(300), Cancelled{second.invocation});
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::Cancelled);
    EXPECT_TRUE(h.all<Stop>().empty());
    EXPECT_EQ(served(h, 400).instance, id);
}

TEST(Sharing, changedCodeTakesNoMoreAndGoesAfterTheLast)
{
    Harness h(sharing(0));
    const InstanceId id = h.callCold(0);
    const Dispatch second = served(h, 200);
    h.step(at(300), CodeChanged{0});
    call(h, 400);
    EXPECT_EQ(h.only<Start>().instance.serial, 2U);
    finish(h, 500, id, second.invocation);
    EXPECT_TRUE(h.all<Stop>().empty());
    h.finish(600, id);
    EXPECT_EQ(describe(h.only<Stop>().reason),
              "Retired because the code changed, having served 2 requests");
}

TEST(Sharing, aProvisionedInstanceWithRoomServesPastTheAccount)
{
    Configuration c = sharing(2);
    c.platform.accountConcurrency = 1;
    c.functions[0].provisioned = 1; // leaves the account nothing
    Harness h(c);
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    h.step(at(10), Ready{id});
    EXPECT_EQ(served(h, 20).instance, id);
    EXPECT_EQ(served(h, 30).instance, id);
    call(h, 40);
    EXPECT_EQ(h.only<Reject>().reason.why, Why::ThrottledAccount);
}

TEST(SharingOracle, oneInstanceTakesAll)
{
    // P(cold) = e^(-a - λK), λ = 1/600 per s, a = λ · 30 s, K = 600 s; never two instances at once.
    Configuration c = sharing(0);
    c.platform.keepAlive.survival = {{600s, 0}};
    c.functions[0].timeout = 24h;
    PoissonWorld world(c, 1.0 / 600, 30, 3);
    BatchMeans cold(2'000);
    world.onMeter = [&](const Meter& m) {
        cold.add(m.cold ? 1 : 0);
        const PoolCounts counts = world.engine().counts(0);
        EXPECT_LE(counts.busy + counts.idle + counts.initialising, 1U);
    };
    while (cold.batches() < 50)
        world.run(1);
    expectWithin(cold, .349937749, .02);
}

} // namespace
