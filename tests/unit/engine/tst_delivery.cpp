#include <gtest/gtest.h>

#include "harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

InvocationId accept(Harness& h, std::int64_t ms)
{
    h.step(at(ms), Arrived{.delivery = Delivery::Async, .bytes = 100});
    const InvocationId id = h.only<Persist>().invocation;
    h.step(at(ms), Persisted{id});
    return id;
}

InstanceId begin(Harness& h, std::int64_t ms)
{
    const InstanceId id = h.only<Start>().instance;
    h.step(at(ms), InitStarted{id});
    h.step(at(ms), Ready{id});
    h.step(at(ms), WorkStarted{id});
    return id;
}

TEST(Delivery, nothingRunsBeforeTheJournalHoldsTheEvent)
{
    Harness h;
    h.step(at(0), Arrived{.delivery = Delivery::Async});
    EXPECT_EQ(h.actions.size(), 1U);
    const InvocationId id = h.only<Persist>().invocation;
    h.step(at(2), Persisted{id});
    EXPECT_TRUE(std::holds_alternative<Accept>(h.actions[0])); // the acknowledgement goes first
    EXPECT_EQ(h.only<Start>().forInvocation, id);
}

TEST(Delivery, successIsDeliveredThenForgotten)
{
    Harness h;
    const InvocationId id = accept(h, 0);
    h.finish(20, begin(h, 10));
    EXPECT_EQ(h.only<Deliver>().invocation, id);
    EXPECT_EQ(h.only<Ack>().invocation, id);
}

TEST(Delivery, failuresAreRetriedAfterOneAndTwoMinutesThenGivenUp)
{
    Harness h;
    const InvocationId id = accept(h, 0);
    h.finish(1'000, begin(h, 0), 10, WorkStatus::FunctionError);
    EXPECT_EQ(h.only<Release>().notBefore, at(61'000));
    EXPECT_EQ(describe(h.only<Release>().reason), "Failed once: the next attempt is due in 60 s");
    h.step(at(61'001), Tick{});
    const Dispatch second = h.only<Dispatch>();
    EXPECT_EQ(second.invocation, id); // the same request, tried again
    EXPECT_EQ(second.attempt, 2U);
    h.step(at(61'001), WorkStarted{second.instance});
    h.finish(62'000, second.instance, 10, WorkStatus::FunctionError);
    EXPECT_EQ(h.only<Release>().notBefore, at(182'000));
    h.step(at(182'001), Tick{});
    h.step(at(182'001), WorkStarted{second.instance});
    h.finish(183'000, second.instance, 10, WorkStatus::FunctionError);
    EXPECT_EQ(describe(h.only<DeadLetter>().reason), "Given up after 3 attempts");
}

TEST(Delivery, timeScaleCompressesOnlyTheWaiting)
{
    Configuration c = oneFunction();
    c.timeScale = 60;
    Harness h(c);
    accept(h, 0);
    h.finish(1'000, begin(h, 0), 10, WorkStatus::FunctionError);
    EXPECT_EQ(h.only<Release>().notBefore, at(2'000));
}

struct AgeRow {
    const char* name;
    std::chrono::seconds limit;
    std::uint32_t attempts;
};
class EventAge : public testing::TestWithParam<AgeRow> { };

// Recorded from AWS Lambda, 2025-11-27: one attempt with a limit of 60 s, two with 90 s.
TEST_P(EventAge, looksAheadToTheNextRetry)
{
    Configuration c = oneFunction();
    c.functions[0].maxEventAge = GetParam().limit;
    Harness h(c);
    accept(h, 0);
    InstanceId id = begin(h, 0);
    std::int64_t now = 100;
    std::uint32_t attempts = 0;
    for (;;) {
        ++attempts;
        h.finish(now, id, 10, WorkStatus::FunctionError);
        if (!h.all<DeadLetter>().empty())
            break;
        now = std::chrono::duration_cast<std::chrono::milliseconds>(
                  h.only<Release>().notBefore.time_since_epoch())
                  .count()
            + 1;
        h.step(at(now), Tick{});
        h.step(at(now), WorkStarted{id});
        now += 100;
    }
    EXPECT_EQ(attempts, GetParam().attempts);
}
INSTANTIATE_TEST_SUITE_P(Delivery, EventAge,
                         testing::Values(AgeRow{"sixtySeconds", 60s, 1},
                                         AgeRow{"ninetySeconds", 90s, 2},
                                         AgeRow{"sixHours", 6h, 3}),
                         [](const auto& row) { return row.param.name; });

TEST(Delivery, eventsWaitInOrderWhileThePoolIsFull)
{
    Configuration c = oneFunction();
    c.functions[0].reserved = 1;
    Harness h(c);
    accept(h, 0);
    const InstanceId id = begin(h, 0);
    const InvocationId second = accept(h, 10);
    EXPECT_EQ(describe(h.only<Wait>().reason), "Throttled: reserved concurrency 1, 1 in use");
    const InvocationId third = accept(h, 20);
    EXPECT_TRUE(h.all<Wait>().empty()); // said for the head of the queue
    EXPECT_EQ(h.engine.counts(0).waiting, 2U);
    h.finish(500, id);
    EXPECT_EQ(h.only<Dispatch>().invocation, second);
    EXPECT_EQ(describe(h.only<Dispatch>().reason),
              "Warm: an instance became free after the event had waited 490 ms; 1 event is still "
              "waiting");
    h.step(at(500), WorkStarted{id});
    h.finish(600, id);
    EXPECT_EQ(h.only<Dispatch>().invocation, third);
}

TEST(Delivery, waitingForAScaleUpTokenEndsByItself)
{
    Configuration c = oneFunction();
    c.platform.scaleUp = {.capacity = 1, .refill = 10s};
    Harness h(c);
    accept(h, 0);
    begin(h, 0);
    accept(h, 100);
    EXPECT_EQ(h.only<Wait>().reason.why, Why::ThrottledScaleUp);
    h.step(*h.engine.nextDeadline() + 1ns, Tick{});
    EXPECT_EQ(h.all<Meter>().size(), 1U); // the first attempt timed out at 3 s
    h.step(at(10'050), Tick{});
    EXPECT_EQ(h.all<Start>().size(), 1U);
}

TEST(Delivery, roomInTheAccountGoesToTheOldestEvent)
{
    Configuration c = oneFunction();
    c.platform.accountConcurrency = 1;
    c.functions.resize(2, c.functions[0]);
    Harness h(c);
    const InstanceId busy = h.callCold(0, 100, 0);
    h.step(at(200), Arrived{.function = 1, .delivery = Delivery::Async});
    h.step(at(200), Persisted{h.only<Persist>().invocation});
    h.step(at(300), Arrived{.function = 0, .delivery = Delivery::Async});
    h.step(at(300), Persisted{h.only<Persist>().invocation});
    h.finish(400, busy);
    EXPECT_EQ(h.only<Start>().function, 1U); // though an idle instance of the other was there
}

TEST(Delivery, aWaitingEventThatGrowsTooOldIsGivenUp)
{
    Configuration c = oneFunction();
    c.functions[0].reserved = 1;
    c.functions[0].timeout = 900s;
    c.functions[0].maxEventAge = 60s;
    Harness h(c);
    accept(h, 0);
    begin(h, 0);
    accept(h, 1'000);
    h.step(at(61'001), Tick{});
    EXPECT_EQ(h.only<DeadLetter>().reason.why, Why::EventTooOld);
    EXPECT_EQ(h.engine.counts(0).waiting, 0U);
}

TEST(Delivery, restoredEventsKeepTheirAttemptsAndAge)
{
    Harness h;
    h.step(at(100'000),
           Arrived{.delivery = Delivery::Async,
                   .attemptsDone = 2,
                   .restored = true,
                   .acceptedAt = at(1'000),
                   .notBefore = at(121'000)});
    EXPECT_TRUE(h.actions.empty());
    EXPECT_EQ(h.engine.counts(0).delayed, 1U);
    h.step(at(121'001), Tick{});
    h.finish(122'000, begin(h, 121'002), 10, WorkStatus::FunctionError);
    EXPECT_EQ(describe(h.only<DeadLetter>().reason), "Given up after 3 attempts");
}

TEST(Delivery, cancellingReachesEveryStage)
{
    Configuration c = oneFunction();
    c.functions[0].reserved = 1;
    Harness h(c);
    const InvocationId running = accept(h, 0);
    begin(h, 0);
    const InvocationId queued = accept(h, 10);
    h.step(at(15), Arrived{.delivery = Delivery::Async});
    const InvocationId persisting = h.only<Persist>().invocation;
    for (const InvocationId id : {queued, persisting}) {
        h.step(at(20), Cancelled{id});
        EXPECT_EQ(h.only<Ack>().invocation, id);
    }
    h.step(at(30), Cancelled{running});
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::Cancelled);
    EXPECT_EQ(h.only<Stop>().reason.why, Why::CancelledByUser);
    const PoolCounts counts = h.engine.counts(0);
    EXPECT_EQ(counts.inUse + counts.waiting + counts.busy + counts.idle, 0U);
}

TEST(Delivery, largeEventsCountAsSeveralRequests)
{
    Configuration c = oneFunction();
    c.platform.asyncFirstRequestBytes = 256 * 1024;
    c.platform.asyncExtraRequestBytes = 64 * 1024;
    Harness h(c);
    h.step(at(0), Arrived{.delivery = Delivery::Async, .bytes = 256 * 1024 + 1});
    h.step(at(0), Persisted{h.only<Persist>().invocation});
    h.finish(10, begin(h, 0));
    EXPECT_EQ(h.only<Meter>().extraRequests, 1U);
}

} // namespace
