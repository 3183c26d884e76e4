// Attempts whose time is not the platform's: a debugger holds them, or their init waits for a core.
#include <gtest/gtest.h>

#include "harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

TEST(DisturbedAttempts, anInitThatWaitedForACoreIsAsLongAsItWouldHaveBeenAlone)
{
    for (const auto& [wait, disturbed] : {std::pair(20ms, false), std::pair(60ms, true)}) {
        Harness h;
        h.step(at(0), Arrived{});
        const InstanceId id = h.only<Start>().instance;
        h.step(at(0), InitStarted{id});
        h.step(at(100), Ready{id, wait});
        h.step(at(100), WorkStarted{id});
        h.finish(110, id);
        EXPECT_EQ(h.only<Meter>().init, 100ms - wait);
        EXPECT_EQ(h.only<Meter>().billed, 110ms - wait);
        EXPECT_EQ(h.only<Meter>().deskWaited, disturbed) << "kept out of percentiles";
    }
}

TEST(DisturbedAttempts, anEventIsNoOlderForHavingBeenHeld)
{
    Configuration configuration = oneFunction();
    configuration.functions[0].maxEventAge = 60s;
    configuration.platform.retryDelays = {1s};
    Harness h(configuration);
    h.step(at(0), Arrived{.delivery = Delivery::Async});
    const InvocationId event = h.only<Persist>().invocation;
    h.step(at(0), Persisted{event});
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    h.step(at(100), Ready{id});
    h.step(at(100), WorkStarted{id});
    h.step(at(100), DebugPaused{id});
    h.step(at(3'600'000), WorkFinished{.instance = id, .status = WorkStatus::FunctionError});
    EXPECT_EQ(h.all<Release>().size(), 1U) << "retried, not given up";
}

TEST(DisturbedAttempts, aDebuggerStopsTheTimeoutClock)
{
    Harness h;
    const InstanceId id = h.callCold(0);
    h.step(at(1'100), DebugPaused{id});
    h.step(at(60'000), Tick{});
    EXPECT_TRUE(h.actions.empty());
    h.step(at(61'100), DebugResumed{id});
    EXPECT_EQ(h.engine.nextDeadline(), at(61'100 + 2'000));
}

TEST(DisturbedAttempts, anAttemptThatWasHeldIsMarkedAndItsInstanceServesNoOther)
{
    Harness h;
    const InstanceId id = h.callCold(0);
    h.step(at(1'100), DebugPaused{id});
    h.step(at(1'200), DebugResumed{id});
    h.finish(1'300, id);
    EXPECT_TRUE(h.only<Meter>().debugged);
    EXPECT_EQ(h.only<Meter>().desk, 10ms);
    EXPECT_EQ(h.only<Meter>().platform, 0ms);
    EXPECT_EQ(h.only<Meter>().billed, 0ms);
    EXPECT_EQ(describe(h.only<Stop>().reason), "Retired after debugging, having served 1 request");
    const InstanceId next = h.callCold(2'000);
    EXPECT_NE(next, id);
    h.finish(3'200, next);
    EXPECT_FALSE(h.only<Meter>().debugged);
}

} // namespace
