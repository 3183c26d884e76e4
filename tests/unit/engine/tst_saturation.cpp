#include <gtest/gtest.h>

#include "harness.h"

// What a pool without room does: caps on instances, and calls that wait instead of being refused.

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

Configuration atMost(std::uint32_t instances)
{
    Configuration c = oneFunction();
    c.functions[0].maxInstances = instances;
    return c;
}

TEST(MaxInstances, aCallThatWouldNeedOneMoreIsRejectedWithTheNumbers)
{
    Harness h(atMost(2));
    const InstanceId first = h.callCold(0);
    h.step(at(150), Arrived{}); // the second is still starting
    h.step(at(160), Arrived{});
    EXPECT_EQ(describe(h.only<Reject>().reason),
              "Throttled: at most 2 instances, 2 alive and none free");
    h.finish(170, first);
    h.step(at(180), Arrived{});
    EXPECT_EQ(h.only<Dispatch>().instance, first);
}

TEST(MaxInstances, itTakesNoTokenOfTheScaleUpBucket)
{
    Configuration c = atMost(1);
    c.platform.scaleUp = {.capacity = 2, .refill = 10s};
    Harness h(c);
    h.callCold(0);
    for (int i = 0; i < 5; ++i) {
        h.step(at(200 + i), Arrived{});
        EXPECT_EQ(h.only<Reject>().reason.why, Why::ThrottledMaxInstances);
    }
    c.functions[0].maxInstances.reset();
    h.configure(at(300), c);
    h.step(at(300), Arrived{});
    EXPECT_EQ(h.all<Start>().size(), 1U);
}

TEST(MaxInstances, eventsWaitUntilAnInstanceIsFree)
{
    Harness h(atMost(1));
    const InstanceId busy = h.callCold(0);
    h.step(at(200), Arrived{.delivery = Delivery::Async});
    const InvocationId waiting = h.only<Persist>().invocation;
    h.step(at(200), Persisted{waiting});
    EXPECT_EQ(describeWait(h.only<Wait>().reason), "at most 1 instance, 1 alive and none free");
    h.finish(500, busy);
    EXPECT_EQ(h.only<Dispatch>().invocation, waiting);
}

TEST(MaxInstances, aDeadInstanceMakesRoomForANewOne)
{
    Harness h(atMost(1));
    const InstanceId busy = h.callCold(0);
    h.step(at(200), Arrived{.delivery = Delivery::Async});
    h.step(at(200), Persisted{h.only<Persist>().invocation});
    h.step(at(300), InstanceDied{.instance = busy});
    EXPECT_EQ(h.all<Stop>().size(), 1U);
    EXPECT_EQ(h.only<Start>().instance.serial, 2U);
}

TEST(MaxInstances, soDoesOneThatFailedToStartForACallNobodyWantedAnyMore)
{
    Harness h(atMost(1));
    const InvocationId unwanted = h.engine.nextInvocation();
    h.step(at(0), Arrived{});
    const InstanceId starting = h.only<Start>().instance;
    h.step(at(1), Arrived{.delivery = Delivery::Async});
    h.step(at(1), Persisted{h.only<Persist>().invocation});
    h.step(at(2), Cancelled{unwanted});
    EXPECT_TRUE(h.all<Start>().empty());
    h.step(at(3), InitFailed{starting});
    EXPECT_EQ(h.only<Start>().instance.serial, 2U);
}

TEST(MaxInstances, provisionedInstancesCountAndComeWhenThereIsRoom)
{
    Configuration c = atMost(1);
    Harness h(c);
    h.finish(200, h.callCold(0));
    c.functions[0].provisioned = 1;
    h.configure(at(300), c);
    EXPECT_TRUE(h.all<Start>().empty());
    h.step(at(301'000), Tick{}); // the keep-alive of 300 s has ended it
    EXPECT_EQ(h.only<Start>().reason.why, Why::Provisioned);
}

TEST(MaxInstances, aLoweredCapIsReachedByRetiring)
{
    Configuration c = oneFunction();
    Harness h(c);
    const InstanceId busy = h.callCold(0);
    h.callCold(150);
    c.functions[0].maxInstances = 1;
    h.configure(at(600), c);
    EXPECT_TRUE(h.all<Stop>().empty()); // both are at work
    h.finish(700, busy);
    EXPECT_EQ(h.only<Stop>().reason.why, Why::LimitLowered);
    EXPECT_EQ(h.engine.counts(0).busy, 1U);
}

} // namespace
