#include <gtest/gtest.h>

#include "harness.h"
#include "poisson_world.h"

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

Configuration queueing(std::uint32_t instances, std::uint32_t maxLength, Duration deadline)
{
    Configuration c = atMost(instances);
    c.platform.saturation
        = {.policy = Saturation::Policy::Queue, .maxLength = maxLength, .deadline = deadline};
    c.functions[0].timeout = 900s;
    return c;
}

InvocationId call(Harness& h, std::int64_t ms)
{
    const InvocationId id = h.engine.nextInvocation();
    h.step(at(ms), Arrived{});
    return id;
}

TEST(Queue, aCallWaitsForItsTurnAndSaysHowLong)
{
    Harness h(queueing(1, 0, {}));
    const InstanceId busy = h.callCold(0);
    const InvocationId second = call(h, 200);
    EXPECT_EQ(h.only<Wait>().invocation, second);
    EXPECT_EQ(h.only<Wait>().reason.why, Why::ThrottledMaxInstances);
    const InvocationId third = call(h, 300);
    EXPECT_TRUE(h.actions.empty());
    EXPECT_EQ(h.engine.counts(0).waiting, 2U);
    h.finish(1'000, busy);
    EXPECT_EQ(h.only<Dispatch>().invocation, second);
    h.step(at(1'000), WorkStarted{busy});
    h.finish(1'500, busy);
    EXPECT_EQ(h.only<Meter>().queued, 800ms);
    EXPECT_EQ(h.only<Dispatch>().invocation, third);
}

TEST(Queue, itIsOneLineForCallsAndEvents)
{
    Harness h(queueing(1, 1, {}));
    const InstanceId busy = h.callCold(0);
    h.step(at(200), Arrived{.delivery = Delivery::Async});
    const InvocationId event = h.only<Persist>().invocation;
    h.step(at(200), Persisted{event});
    const InvocationId waits = call(h, 300); // events do not count as calls that wait
    EXPECT_TRUE(h.all<Reject>().empty());
    call(h, 400);
    EXPECT_EQ(describe(h.only<Reject>().reason),
              "Refused: the queue holds 1 call at most, 1 waiting");
    h.finish(1'000, busy);
    EXPECT_EQ(h.only<Dispatch>().invocation, event);
    h.step(at(1'000), WorkStarted{busy});
    h.finish(1'100, busy);
    EXPECT_EQ(h.only<Dispatch>().invocation, waits);
}

struct DeadlineRow {
    const char* name;
    std::int64_t afterNs;
    bool served;
};
class QueueDeadlineEdge : public testing::TestWithParam<DeadlineRow> { };

TEST_P(QueueDeadlineEdge, isExact)
{
    Harness h(queueing(1, 0, 500ms));
    const InstanceId busy = h.callCold(0);
    const InvocationId waits = call(h, 200);
    Actions actions;
    h.engine.step(at(700) + std::chrono::nanoseconds(GetParam().afterNs),
                  WorkFinished{.instance = busy}, actions);
    const auto is = [&](auto kind) {
        using T = decltype(kind);
        return std::ranges::any_of(actions, [&](const Action& action) {
            const T* it = std::get_if<T>(&action);
            return it && it->invocation == waits;
        });
    };
    EXPECT_EQ(is(Dispatch{}), GetParam().served);
    EXPECT_EQ(is(Reject{}), !GetParam().served);
}
INSTANTIATE_TEST_SUITE_P(Queue, QueueDeadlineEdge,
                         testing::Values(DeadlineRow{"oneNanosecondBefore", -1, true},
                                         DeadlineRow{"exactlyTheDeadline", 0, true},
                                         DeadlineRow{"oneNanosecondAfter", 1, false}),
                         [](const auto& row) { return row.param.name; });

TEST(Queue, roomThatATimeoutMakesAtTheDeadlineIsStillInTime)
{
    Configuration c = queueing(1, 0, 500ms);
    c.functions[0].timeout = 500ms;
    Harness h(c);
    h.step(at(0), Arrived{});
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    h.step(at(0), Ready{id});
    const InvocationId waits = call(h, 100);
    const InvocationId later = call(h, 200); // its deadline is armed before the timeout
    h.step(at(200), WorkStarted{id}); // and both fall on 0.7 s
    h.step(at(701), Tick{});
    // 0.6 s: the first in line is refused; 0.7 s: the timeout makes room for the second.
    EXPECT_EQ(h.all<Reject>().size(), 1U);
    EXPECT_EQ(h.all<Reject>().front().invocation, waits);
    EXPECT_EQ(describe(h.all<Reject>().front().reason),
              "Refused: waited 500 ms in the queue, its limit is 500 ms");
    EXPECT_EQ(h.only<Start>().forInvocation, later);
}

TEST(Queue, aFunctionSwitchedOffRefusesWhatWaits)
{
    Configuration c = queueing(1, 0, {});
    Harness h(c);
    h.callCold(0);
    const InvocationId waits = call(h, 200);
    c.functions[0].reserved = 0;
    h.configure(at(300), c);
    EXPECT_EQ(h.only<Reject>().invocation, waits);
    EXPECT_EQ(h.only<Reject>().reason.why, Why::ThrottledOff);
    call(h, 400);
    EXPECT_EQ(h.only<Reject>().reason.why, Why::ThrottledOff);
}

TEST(Queue, aCallThatIsCancelledLeavesTheLine)
{
    Harness h(queueing(1, 1, 500ms));
    h.callCold(0);
    const InvocationId waits = call(h, 200);
    h.step(at(300), Cancelled{waits});
    EXPECT_EQ(h.only<Reject>().reason.why, Why::CancelledByUser);
    call(h, 400);
    EXPECT_TRUE(h.all<Reject>().empty()); // there is room in the line again
}

TEST(QueueOracle, erlangC)
{
    // M/M/10, a = 8: P(wait) = C(10, 8) = .409180151, mean wait = C / (10 - 8).
    Configuration c = queueing(10, 0, {});
    c.platform.keepAlive.survival.clear();
    PoissonWorld world(c, 8, 1, 1);
    BatchMeans waits(8'000), wait(8'000);
    world.run(20'000);
    world.onMeter = [&](const Meter& m) {
        waits.add(m.queued > Duration::zero() ? 1 : 0);
        wait.add(std::chrono::duration<double>(m.queued).count());
    };
    while (wait.batches() < 50)
        world.run(1);
    expectWithin(waits, .409180151, .05);
    expectWithin(wait, .409180151 / 2, .12);
}

TEST(QueueOracle, callsWithADeadline)
{
    // M/M/10+D, λ = 8, deadline .5 s: P(timeout) = .0342275877.
    Configuration c = queueing(10, 0, 500ms);
    c.platform.keepAlive.survival.clear();
    PoissonWorld world(c, 8, 1, 2);
    BatchMeans lost(8'000);
    world.run(20'000);
    world.onMeter = [&](const Meter&) { lost.add(0); };
    world.onReject = [&](const Reject& r) {
        EXPECT_EQ(r.reason.why, Why::QueueDeadline);
        lost.add(1);
    };
    while (lost.batches() < 50)
        world.run(1);
    expectWithin(lost, .0342275877, .08);
}

} // namespace
