#include <algorithm>
#include <iterator>

#include <gtest/gtest.h>

#include "timed_harness.h"

// What the engine does where a timer decides how many instances there are. Times are ms.

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

TEST(Autoscaling, aCallAtZeroWaitsForAnInstanceThatIsStartedForNobody)
{
    TimedHarness h(knative());
    EXPECT_FALSE(h.engine.nextDeadline()) << "a pool scaled to zero asks for no tick";
    const InvocationId call = h.call(1000);
    const Start start = h.only<Start>();
    EXPECT_EQ(start.forInvocation.serial, 0U);
    EXPECT_EQ(describe(start.reason), "Scaled from zero: 1 instance wanted");
    EXPECT_EQ(h.only<Wait>().invocation, call);
    EXPECT_EQ(describeWait(h.only<Wait>().reason),
              "no instance has room: 0 ready, 1 starting; how many there are is up to the "
              "autoscaler");
    h.step(at(1100), InitStarted{start.instance});
    h.step(at(1900), Ready{start.instance});
    const Dispatch work = h.only<Dispatch>();
    EXPECT_EQ(work.invocation, call);
    EXPECT_TRUE(work.cold);
    EXPECT_EQ(describe(work.reason),
              "Cold: an instance got ready after the event had waited 900 ms");
    h.end(1910, work);
    const Meter meter = h.only<Meter>();
    EXPECT_TRUE(meter.cold);
    EXPECT_FALSE(meter.provisioned);
    EXPECT_EQ(meter.init, 0ms) << "the start was nobody's";
    EXPECT_EQ(meter.queued, 900ms);
    h.call(2000);
    EXPECT_FALSE(h.only<Dispatch>().cold);
}

TEST(Autoscaling, goesToZeroAndAsksForNothingThere)
{
    TimedHarness h(knative());
    h.call(0);
    const InstanceId id = h.makeReady(500, h.only<Start>().instance);
    h.end(600, h.only<Dispatch>());
    EXPECT_EQ(h.engine.nextDeadline(), at(2000));
    h.until(60'000);
    EXPECT_TRUE(h.actions.empty()) << "the window still has its load";
    h.until(62'000);
    EXPECT_EQ(h.only<Stop>().instance, id);
    EXPECT_EQ(describe(h.only<Stop>().reason),
              "Scaled down: 0 of 1 instances wanted; it served 1 request");
    EXPECT_EQ(h.engine.nextDeadline(), at(64'000));
    h.until(64'000);
    EXPECT_FALSE(h.engine.nextDeadline());
    h.call(500'000);
    EXPECT_EQ(h.all<Start>().size(), 1U);
    EXPECT_EQ(h.engine.nextDeadline(), at(502'000)) << "its timer begins with it";
}

TEST(Autoscaling, aBurstStartsInstancesAheadOfItsCalls)
{
    TimedHarness h(knative(10)); // 7 requests an instance
    for (int i = 0; i < 70; ++i)
        h.call(0);
    EXPECT_TRUE(h.all<Start>().empty()) << "one was started with the first";
    h.until(2000); // it is not ready yet; 70 / 7
    EXPECT_EQ(h.all<Start>().size(), 9U);
    EXPECT_EQ(describe(h.all<Start>().front().reason),
              "Scaled up in panic: 1 instance was there, a load of 70.000 requests wants 10");
    EXPECT_EQ(describe(h.all<Start>().back().reason),
              "Scaled up in panic: 9 instances were there, a load of 70.000 requests wants 10");
    h.until(20'000);
    EXPECT_TRUE(h.actions.empty()) << "what is starting counts";
    EXPECT_EQ(h.engine.counts(0).initialising, 10U);
    h.makeReady(20'000, h.engine.counts(0).waiting == 70 ? InstanceId{0, 1} : InstanceId{});
    const auto served = h.all<Dispatch>();
    ASSERT_EQ(served.size(), 10U) << "as many as one serves at once, in their order";
    for (std::size_t i = 0; i < served.size(); ++i) {
        EXPECT_EQ(served[i].invocation.serial, i + 1);
        EXPECT_EQ(served[i].cold, i == 0) << "one cold start an instance";
    }
}

TEST(Autoscaling, theLoadIsExactBetweenTicks)
{
    TimedHarness h(knative(10)); // 7 requests an instance
    h.call(0);
    h.makeReady(0, h.only<Start>().instance);
    std::vector<Dispatch> works = h.all<Dispatch>();
    for (int i = 0; i < 41; ++i) {
        h.call(1500);
        std::ranges::copy(h.all<Dispatch>(), std::back_inserter(works));
    }
    ASSERT_EQ(works.size(), 10U);
    h.until(2000); // (1.5 s * 1 + 0.5 s * 42) / 2 s
    EXPECT_EQ(describe(h.only<Start>().reason),
              "Scaled up in panic: 1 instance was there, a load of 11.250 requests wants 2");
    for (int i = 0; i < 5; ++i)
        h.call(2500); // all of them wait
    for (const Dispatch& work : works)
        h.end(3000, work);
    h.until(4000); // (1.5 s * 1 + 1 s * 42 + 0.5 s * 47 + 1 s * 37) / 4 s
    ASSERT_EQ(h.all<Start>().size(), 2U);
    EXPECT_EQ(describe(h.all<Start>().back().reason),
              "Scaled up in panic: 3 instances were there, a load of 26.000 requests wants 4");
}

TEST(Autoscaling, whoFindsAnInstanceThatIsReadyIsWarm)
{
    Configuration c = knative(1);
    c.functions[0].minInstances = 2;
    TimedHarness h(c);
    ASSERT_EQ(h.all<Start>().size(), 2U);
    EXPECT_EQ(describe(h.all<Start>()[1].reason),
              "Scaled up: 1 instance was there, 2 are the least");
    for (const Start& start : h.all<Start>())
        h.makeReady(100, start.instance);
    h.call(200);
    EXPECT_FALSE(h.only<Dispatch>().cold);
    h.until(1'000'000);
    EXPECT_EQ(h.engine.counts(0).idle + h.engine.counts(0).busy, 2U) << "never fewer";
}

TEST(Autoscaling, leastHoldAgainstTheKeepAliveToo)
{
    Configuration c = onDemand();
    c.platform.keepAlive.survival = {{30s, 0}};
    c.functions[0].minInstances = 1;
    TimedHarness h(c);
    h.makeReady(100, h.only<Start>().instance);
    h.call(200);
    const Dispatch first = h.only<Dispatch>();
    h.call(300);
    h.makeReady(400, h.only<Start>().instance);
    const Dispatch second = h.only<Dispatch>();
    h.end(500, first), h.end(600, second);
    h.until(40'000);
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
    h.until(10'000'000);
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
}

TEST(Autoscaling, surplusInstancesAtWorkTakeNoMoreAndGoAfterwards)
{
    Configuration c = knative(10);
    c.platform.scaling.maxDownRate = 1000 * kWhole;
    c.functions[0].minInstances = 2;
    TimedHarness h(c);
    const auto starts = h.all<Start>();
    h.makeReady(0, starts[0].instance), h.makeReady(0, starts[1].instance);
    std::vector<Dispatch> works;
    for (int i = 0; i < 11; ++i) {
        h.call(10);
        works.push_back(h.only<Dispatch>());
    }
    ASSERT_NE(works[0].instance, works[10].instance);
    const Dispatch old = works[0].instance == starts[0].instance ? works[0] : works[10];
    const Dispatch young = works[0].instance == starts[0].instance ? works[10] : works[0];
    for (const Dispatch& work : works)
        if (work.invocation != old.invocation && work.invocation != young.invocation)
            h.end(20, work);
    c.functions[0].minInstances = 0;
    h.configure(at(1000), c); // found with two: it keeps them for a window
    h.until(60'000);
    EXPECT_TRUE(h.all<Stop>().empty());
    h.until(64'000); // two requests, one instance would do: the younger takes no more
    EXPECT_TRUE(h.all<Stop>().empty());
    h.call(64'100);
    EXPECT_EQ(h.only<Dispatch>().instance, old.instance);
    h.end(64'200, young);
    EXPECT_EQ(h.only<Stop>().instance, young.instance);
    EXPECT_EQ(h.only<Stop>().reason.why, Why::ScaledDown);
}

TEST(Autoscaling, callsMayBeRefusedInsteadOfWaitingAndStartOneNonetheless)
{
    Configuration c = knative();
    c.platform.saturation = {};
    TimedHarness h(c);
    h.call(0);
    EXPECT_EQ(h.only<Reject>().reason.why, Why::NoneFree);
    EXPECT_EQ(h.all<Start>().size(), 1U);
    h.makeReady(100, h.only<Start>().instance);
    h.call(200);
    EXPECT_EQ(h.all<Dispatch>().size(), 1U);
}

TEST(Autoscaling, eventsWaitInTheSameLine)
{
    TimedHarness h(knative());
    h.step(at(0), Arrived{.delivery = Delivery::Async});
    const InvocationId event = h.only<Persist>().invocation;
    EXPECT_TRUE(h.all<Start>().empty()) << "it is not even accepted";
    h.step(at(5), Persisted{event});
    h.makeReady(100, h.only<Start>().instance);
    EXPECT_EQ(h.only<Dispatch>().invocation, event);
}

TEST(Autoscaling, anInitThatFailsIsTriedAgainWithTheNextTick)
{
    TimedHarness h(knative());
    h.call(0);
    h.step(at(100), InitStarted{h.only<Start>().instance});
    h.step(at(200), InitFailed{h.all<Start>().empty() ? InstanceId{0, 1} : InstanceId{}});
    EXPECT_EQ(h.only<Stop>().reason.why, Why::InitFailedStop);
    h.until(2000);
    EXPECT_EQ(h.all<Start>().size(), 1U);
}

TEST(Autoscaling, aChangeOfThePlatformTakesOverWhatIsThere)
{
    Configuration plain = oneFunction();
    plain.functions[0].timeout = 300s;
    TimedHarness h(plain);
    std::vector<InstanceId> ids;
    for (int i = 0; i < 8; ++i)
        ids.push_back(h.callCold(i * 200));
    Configuration timed = knative(1);
    h.configure(at(3000), timed);
    EXPECT_TRUE(h.all<Stop>().empty());
    EXPECT_EQ(h.all<Start>().size(), 12U - 8U); // 8 / 0.7
    h.call(3100); // all are busy: it waits for the timer
    EXPECT_EQ(h.only<Wait>().reason.why, Why::NoneFree);
    h.until(5000); // (8 * 0.1 s + 9 * 1.9 s) / 2 s = 8.95; 8.95 / 0.7
    EXPECT_EQ(h.all<Start>().size(), 13U - 12U);
    h.configure(at(6000), plain);
    EXPECT_EQ(h.all<Start>().size(), 1U) << "an instance of its own for the one that waits";
    for (const InstanceId id : ids)
        h.finish(6500, id);
    h.until(10'000'000);
    EXPECT_EQ(h.engine.counts(0).waiting, 0U);
}

/// Mid-window, mid-panic, with starts under way: a copy from bytes goes on alike.
TEST(Autoscaling, aCheckpointHoldsTheWindowsAndThePanic)
{
    const Configuration c = knative(1);
    TimedHarness h(c);
    for (int i = 0; i < 40; ++i)
        h.call(100 * i);
    h.until(6500);
    Engine copy;
    copy.define(c);
    ASSERT_TRUE(copy.load(h.engine.save()));
    Actions again;
    for (int s = 7; s < 400; ++s) {
        h.step(at(1000 * s), Tick{});
        again.clear();
        copy.step(at(1000 * s), Tick{}, again);
        ASSERT_EQ(again, h.actions) << s;
        ASSERT_EQ(copy.nextDeadline(), h.engine.nextDeadline()) << s;
        if (s % 50 == 0) {
            h.step(at(1000 * s), Arrived{});
            again.clear();
            copy.step(at(1000 * s), Arrived{}, again);
            ASSERT_EQ(again, h.actions) << s;
        }
    }
    EXPECT_EQ(copy.save(), h.engine.save());
}

} // namespace
