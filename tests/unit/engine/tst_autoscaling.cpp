#include <algorithm>
#include <iterator>

#include <gtest/gtest.h>

#include "harness.h"

// What the engine does where a timer decides how many instances there are. Times are ms.

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

Configuration knative(std::uint32_t concurrency = 10)
{
    Configuration c = oneFunction();
    c.platform.scaling.decider = Scaling::Decider::Kpa;
    c.platform.keepAlive.survival.clear(); // the autoscaler ends them
    c.platform.saturation.policy = Saturation::Policy::Queue;
    c.functions[0].timeout = 300s;
    c.functions[0].instanceConcurrency = concurrency;
    return c;
}

/// As Cloud Run: instances for calls that wait, a target of 60 %, kept for a while after use.
Configuration onDemand(std::uint32_t concurrency = 1)
{
    Configuration c = knative(concurrency);
    c.platform.scaling.decider = Scaling::Decider::Target;
    c.platform.scaling.onDemand = true;
    c.platform.scaling.retires = false;
    c.platform.scaling.tick = 5s;
    c.platform.scaling.targetUse = kWhole * 6 / 10;
    c.platform.keepAlive.survival = {{900s, 0}};
    c.platform.saturation.deadline = 10s;
    c.platform.saturation.startups = kWhole * 7 / 2;
    c.platform.initLimit = 240s;
    return c;
}

/// As Azure Functions: an instance a second, each aims at one request.
Configuration oneASecond()
{
    Configuration c = knative(1);
    c.platform.scaling.decider = Scaling::Decider::Target;
    c.platform.scaling.retires = false;
    c.platform.scaling.tick = 1s;
    c.platform.scaling.window = 0s;
    c.platform.scaling.target = 1;
    c.platform.scaling.targetUse = kWhole;
    c.platform.keepAlive.survival = {{20min, 0}};
    c.platform.scaleUp = {.capacity = 1, .refill = 1s, .otherRefill = 30s};
    return c;
}

/// Runs all deadlines until then; the actions of the last call to any step are kept.
class TimedHarness : public Harness {
public:
    using Harness::Harness;
    void until(std::int64_t ms)
    {
        actions.clear();
        engine.advance(at(ms), actions);
    }
    InstanceId makeReady(std::int64_t ms, InstanceId id)
    {
        step(at(ms), InitStarted{id});
        step(at(ms), Ready{id});
        return id;
    }
    InvocationId call(std::int64_t ms)
    {
        const InvocationId id = engine.nextInvocation();
        step(at(ms), Arrived{});
        return id;
    }
    void end(std::int64_t ms, const Dispatch& work)
    {
        step(at(ms),
             WorkFinished{.instance = work.instance, .wall = 10ms, .invocation = work.invocation});
    }
};

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
