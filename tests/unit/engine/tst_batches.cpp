#include <gtest/gtest.h>

#include "queue_harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

// Event source mappings: what becomes of messages when a function does its work, or does not.
namespace {

using Ids = std::vector<MessageId>;

TEST(Batches, areInvocationsLikeOthers)
{
    QueueHarness h;
    const MessageId first = h.send(0);
    ASSERT_EQ(h.actions.size(), 3U);
    EXPECT_EQ(std::get<Enqueue>(h.actions[0]).message, first);
    const Receive receive = std::get<Receive>(h.actions[1]);
    EXPECT_EQ(receive.message, first);
    EXPECT_EQ(receive.receive, 1U);
    EXPECT_EQ(receive.visibleAt, at(30'000));
    EXPECT_EQ(std::get<Start>(h.actions[2]).forInvocation, receive.invocation);
    const InstanceId instance = h.begin(100);
    EXPECT_EQ(h.batch, receive.invocation);
    h.finish(200, instance);
    EXPECT_EQ(h.only<Meter>().invocation, h.batch);
    EXPECT_EQ(h.only<Drop>().message, first);
    EXPECT_EQ(h.only<Drop>().reason.why, Why::Success);
    const BatchEnded end = h.only<BatchEnded>();
    EXPECT_EQ(end.invocation, h.batch);
    EXPECT_EQ(end.messages, 1U);
    EXPECT_EQ(end.returned, 0U);
    EXPECT_TRUE(h.all<Ack>().empty());
    EXPECT_EQ(h.engine.queue(0).depth(), 0U);
    h.send(1'000);
    EXPECT_EQ(h.only<Dispatch>().instance, instance); // warm
}

TEST(Batches, theNextBatchFindsTheInstanceThatHasJustBecomeFree)
{
    QueueHarness h(oneQueue({}, {.maxConcurrency = 2}));
    h.send(0);
    const InstanceId a = h.begin(0);
    h.send(0);
    h.begin(0);
    h.send(1);
    EXPECT_TRUE(h.all<Receive>().empty()); // both pollers are busy
    h.finish(100, a);
    EXPECT_TRUE(h.all<Start>().empty());
    EXPECT_EQ(h.only<Dispatch>().instance, a);
}

TEST(Batches, holdTenMessagesUnlessToldOtherwise)
{
    QueueHarness h(oneQueue({.delay = 1s}));
    Ids sent;
    for (int i = 0; i < 25; ++i)
        sent.push_back(h.send(0));
    h.pass(1'000);
    const auto receives = h.all<Receive>();
    ASSERT_EQ(receives.size(), 25U);
    std::map<std::uint32_t, int> sizes;
    for (const Receive& receive : receives)
        ++sizes[receive.invocation.serial];
    EXPECT_EQ(sizes, (std::map<std::uint32_t, int>{{1, 10}, {2, 10}, {3, 5}}));
    EXPECT_EQ(h.messagesOf(receives), sent);
}

struct FailureRow {
    const char* name;
    void (*fail)(QueueHarness&, InstanceId); ///< at one second
    Outcome outcome;
};
class WholeBatch : public testing::TestWithParam<FailureRow> { };
TEST_P(WholeBatch, isVisibleAgainAfterTheVisibilityTimeout)
{
    QueueHarness h(oneQueue({.delay = 10ms}));
    const Ids sent{h.send(0), h.send(0)};
    h.pass(10);
    GetParam().fail(h, h.begin(10));
    EXPECT_EQ(h.only<Meter>().outcome, GetParam().outcome);
    EXPECT_EQ(h.returnedNow(), sent);
    for (const Return& back : h.all<Return>())
        EXPECT_EQ(back.visibleAt, at(30'010)); // from its receive, not from the failure
    EXPECT_EQ(h.only<BatchEnded>().returned, 2U);
    EXPECT_EQ(describe(h.only<BatchEnded>().reason),
              "The attempt failed: 2 messages come back when their visibility timeout is over");
    EXPECT_EQ(h.engine.queue(0).inFlight, 2U);
    h.step(at(30'010), Tick{});
    EXPECT_TRUE(h.all<Receive>().empty());
    h.pass(30'010);
    EXPECT_EQ(h.receivedNow(), sent);
    EXPECT_EQ(h.all<Receive>()[0].receive, 2U);
    EXPECT_EQ(h.all<Receive>()[0].firstReceivedAt, at(10));
}
INSTANTIATE_TEST_SUITE_P(
    Batches, WholeBatch,
    testing::Values(FailureRow{"functionError",
                               [](QueueHarness& h, InstanceId id) {
                                   h.finish(1'000, id, 10, WorkStatus::FunctionError);
                               },
                               Outcome::FunctionError},
                    FailureRow{"timeout", [](QueueHarness& h, InstanceId) { h.pass(3'011); },
                               Outcome::TimedOut},
                    FailureRow{"crash",
                               [](QueueHarness& h, InstanceId id) {
                                   h.step(at(1'000), InstanceDied{.instance = id});
                               },
                               Outcome::Crashed},
                    FailureRow{"noJson",
                               [](QueueHarness& h, InstanceId id) {
                                   h.finish(1'000, id, 10, WorkStatus::InvalidResponse);
                               },
                               Outcome::InvalidResponse}),
    [](const auto& row) { return row.param.name; });

TEST(Batches, anInitThatFailsTwiceFailsTheBatch)
{
    QueueHarness h;
    const MessageId id = h.send(0);
    const InstanceId instance = h.only<Start>().instance;
    h.step(at(0), InitStarted{instance});
    h.step(at(10), InitFailed{instance});
    h.step(at(20), InitStarted{instance});
    h.step(at(30), InitFailed{instance});
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::InitError);
    EXPECT_EQ(h.returnedNow(), Ids{id});
}

// Partial batch failures

struct Partial {
    QueueHarness h{oneQueue({.delay = 10ms}, {.reportItemFailures = true})};
    Ids sent{h.send(0), h.send(0), h.send(0)};
    InstanceId instance;
    Partial()
    {
        h.pass(10);
        instance = h.begin(10);
    }
    void answer(const Ids& failed, WorkStatus status = WorkStatus::SomeItemsFailed)
    {
        for (const MessageId& id : failed)
            h.step(at(100), BatchItemFailed{h.batch, id});
        h.finish(100, instance, 10, status);
    }
};

TEST(PartialFailure, bringsBackOnlyWhatTheAnswerNames)
{
    Partial p;
    p.answer({p.sent[1]});
    EXPECT_EQ(p.h.returnedNow(), Ids{p.sent[1]});
    EXPECT_EQ(p.h.droppedNow(), (Ids{p.sent[0], p.sent[2]}));
    EXPECT_EQ(p.h.only<Meter>().outcome, Outcome::Succeeded); // the function did its work
    EXPECT_EQ(p.h.only<BatchEnded>().reason, (Reason{Why::ItemsReturned, 1, 3}));
    EXPECT_EQ(p.h.engine.mapping(0).allowed, 5U); // and is polled no slower
    p.h.pass(30'010);
    EXPECT_EQ(p.h.receivedNow(), Ids{p.sent[1]});
}

TEST(PartialFailure, anyOrderAndTwiceTheSameAreFine)
{
    Partial p;
    p.answer({p.sent[2], p.sent[0], p.sent[2]});
    EXPECT_EQ(p.h.returnedNow(), (Ids{p.sent[0], p.sent[2]}));
    EXPECT_EQ(p.h.only<BatchEnded>().reason, (Reason{Why::ItemsReturned, 2, 3}));
}

TEST(PartialFailure, namingNoneIsSuccess)
{
    Partial p;
    p.answer({});
    EXPECT_EQ(p.h.droppedNow(), p.sent);
    EXPECT_EQ(p.h.only<BatchEnded>().reason.why, Why::Success);
}

TEST(PartialFailure, namingAllIsStillNoFailureOfTheFunction)
{
    Partial p;
    p.answer(p.sent);
    EXPECT_EQ(p.h.returnedNow(), p.sent);
    EXPECT_EQ(p.h.engine.mapping(0).allowed, 5U);
}

TEST(PartialFailure, anAnswerThatCannotBeUsedFailsTheWholeBatch)
{
    Partial p;
    p.answer({p.sent[0]}, WorkStatus::InvalidBatchAnswer);
    EXPECT_EQ(p.h.returnedNow(), p.sent);
    EXPECT_EQ(p.h.only<BatchEnded>().reason, (Reason{Why::BatchAnswerUnusable, 3}));
}

TEST(PartialFailure, anErrorAfterNamingSomeFailsTheWholeBatch)
{
    Partial p;
    p.answer({p.sent[0]}, WorkStatus::FunctionError);
    EXPECT_EQ(p.h.returnedNow(), p.sent);
}

TEST(PartialFailure, messagesOfNoBatchAreNotNamed)
{
    Partial p;
    p.h.step(at(50), BatchItemFailed{{77, 78}, p.sent[0]});
    p.answer({{77, 78}});
    EXPECT_EQ(p.h.droppedNow(), p.sent);
}

// Redrive

TEST(Redrive, movesAMessageOnTheReceiveAfterTheLastOneItMayHave)
{
    QueueHarness h(oneQueue({.maxReceives = 2, .deadLetters = 1}));
    const MessageId poison = h.send(0);
    InstanceId instance = h.begin(0);
    h.finish(100, instance, 10, WorkStatus::FunctionError);
    h.pass(30'000);
    EXPECT_EQ(h.only<Receive>().receive, 2U);
    instance = h.begin(30'001);
    h.finish(30'100, instance, 10, WorkStatus::FunctionError);
    EXPECT_TRUE(h.all<Move>().empty());
    h.pass(60'001);
    const Move move = h.only<Move>();
    EXPECT_EQ(move.message, poison); // the same id
    EXPECT_EQ(move.from, 0U);
    EXPECT_EQ(move.to, 1U);
    EXPECT_EQ(describe(move.reason),
              "Moved to the dead-letter queue: received 2 times, the limit is 2");
    EXPECT_TRUE(h.all<Receive>().empty());
    EXPECT_EQ(h.engine.queue(0).depth(), 0U);
    EXPECT_EQ(h.engine.queue(1).visible, 1U);
    EXPECT_EQ(h.engine.queue(1).oldestSentAt, at(0));
}

TEST(Redrive, aFunctionMayReadTheDeadLetterQueue)
{
    Configuration c = oneQueue({.maxReceives = 1, .deadLetters = 1});
    c.functions.resize(2, c.functions[0]);
    c.mappings.push_back({.queue = 1, .function = 1});
    QueueHarness h(c);
    const MessageId poison = h.send(0);
    h.finish(100, h.begin(0), 10, WorkStatus::FunctionError);
    h.pass(30'000);
    EXPECT_EQ(h.only<Move>().message, poison);
    EXPECT_EQ(h.only<Receive>().queue, 1U); // in the same step
    EXPECT_EQ(h.only<Start>().function, 1U);
    h.finish(30'100, h.begin(30'001));
    EXPECT_EQ(h.only<Drop>().queue, 1U);
}

TEST(Redrive, withoutADeadLetterQueueAMessageIsTriedUntilItsRetention)
{
    QueueHarness h(oneQueue({.retention = 100s, .maxReceives = 1}));
    h.send(0);
    for (const std::int64_t ms : {0, 30'000, 60'000, 90'000}) {
        if (ms > 0)
            h.pass(ms);
        h.finish(ms + 10, h.begin(ms + 1), 1, WorkStatus::FunctionError);
    }
    h.pass(100'000);
    EXPECT_EQ(h.only<Drop>().reason, (Reason{Why::MessageExpired, 100}));
}

// Throttles

TEST(Throttles, aBatchWaitsForRoomAndIsReceivedOnce)
{
    Configuration c = oneQueue({.maxReceives = 1, .deadLetters = 1});
    c.functions[0].reserved = 1;
    c.functions[0].timeout = 20s;
    QueueHarness h(c);
    const InstanceId busy = h.callCold(0);
    const MessageId id = h.send(1'000);
    EXPECT_EQ(h.only<Receive>().receive, 1U);
    EXPECT_EQ(h.only<Wait>().reason.why, Why::ThrottledReserved);
    h.finish(15'000, busy);
    EXPECT_EQ(h.only<Dispatch>().reason.why, Why::FromQueue);
    EXPECT_TRUE(h.all<Receive>().empty()); // no receive was used up by waiting
    h.step(at(15'000), WorkStarted{busy});
    h.finish(15'100, busy);
    EXPECT_EQ(h.droppedNow(), Ids{id});
}

TEST(Throttles, aBatchIsRetriedUntilItsVisibilityTimeout)
{
    Configuration c = oneQueue({}, {.maxConcurrency = 2});
    c.functions[0].reserved = 1;
    c.functions[0].timeout = 900s;
    QueueHarness h(c);
    const InstanceId busy = h.callCold(0);
    const MessageId id = h.send(1'000);
    h.step(at(31'000), Tick{});
    EXPECT_TRUE(h.actions.empty());
    h.pass(31'000);
    const BatchEnded end = h.only<BatchEnded>();
    EXPECT_EQ(describe(end.reason),
              "Given up: the batch of 1 message had waited 30000 ms for room when the visibility "
              "timeout was over");
    EXPECT_EQ(h.returnedNow(), Ids{id});
    EXPECT_EQ(h.only<Receive>().receive, 2U); // by another batch, at once
    EXPECT_EQ(h.only<Wait>().invocation, h.only<Receive>().invocation);
    h.finish(40'000, busy);
    EXPECT_EQ(h.only<Dispatch>().invocation.serial, end.invocation.serial + 1);
}

TEST(Throttles, aFunctionThatIsOffKeepsItsMessages)
{
    Configuration c = oneQueue();
    c.functions[0].reserved = 0;
    QueueHarness h(c);
    h.send(0);
    EXPECT_EQ(h.only<Wait>().reason.why, Why::ThrottledOff);
    h.pass(30'000);
    EXPECT_EQ(h.only<BatchEnded>().reason.why, Why::BatchUnserved);
    EXPECT_EQ(h.engine.queue(0).depth(), 1U);
}

/// Messages that are not hidden at all come back at the instant they were received.
TEST(Throttles, neverHoldUpTime)
{
    Configuration c = oneQueue({.visibility = 0s});
    c.functions[0].reserved = 0;
    QueueHarness h(c);
    const MessageId id = h.send(0);
    h.pass(0);
    EXPECT_EQ(h.only<BatchEnded>().reason.why, Why::BatchUnserved);
    EXPECT_TRUE(h.all<Receive>().empty()) << "the pollers back off";
    h.step(at(1'000), Tick{});
    EXPECT_TRUE(h.actions.empty());
    h.pass(60'000);
    const auto receives = h.all<Receive>();
    ASSERT_EQ(receives.size(), 60U) << "one a second";
    EXPECT_EQ(receives.back().message, id);
    EXPECT_EQ(receives.back().receive, 61U);
}

TEST(Throttles, batchesAndAsynchronousEventsStandInOneLine)
{
    Configuration c = oneQueue();
    c.functions[0].reserved = 1;
    QueueHarness h(c);
    const InstanceId busy = h.callCold(0);
    h.send(200);
    const InvocationId batch = h.only<Receive>().invocation;
    h.step(at(300), Arrived{.delivery = Delivery::Async});
    h.step(at(300), Persisted{h.only<Persist>().invocation});
    h.finish(400, busy);
    EXPECT_EQ(h.only<Dispatch>().invocation, batch);
}

TEST(Throttles, aBatchOfWhichNothingIsLeftIsNotRun)
{
    Configuration c = oneQueue();
    c.functions[0].reserved = 1;
    QueueHarness h(c);
    const InstanceId busy = h.callCold(0);
    h.send(1'000), h.send(1'001);
    h.step(at(2'000), Purged{0});
    h.finish(3'000, busy);
    EXPECT_TRUE(h.all<Dispatch>().empty());
    ASSERT_EQ(h.all<BatchEnded>().size(), 2U);
    for (const BatchEnded& end : h.all<BatchEnded>()) {
        EXPECT_EQ(end.reason, (Reason{Why::BatchEmptied, 1}));
        EXPECT_EQ(end.returned, 0U);
    }
}

TEST(Throttles, aBatchThatIsEmptiedWhileItsInstanceStartsIsNotRun)
{
    QueueHarness h;
    h.send(0);
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    h.step(at(10), Purged{0});
    h.step(at(20), Ready{id});
    EXPECT_TRUE(h.all<Dispatch>().empty());
    EXPECT_EQ(h.only<BatchEnded>().reason, (Reason{Why::BatchEmptied, 1}));
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
    EXPECT_EQ(h.engine.counts(0).inUse, 0U);
    h.send(30);
    EXPECT_EQ(h.only<Dispatch>().instance, id) << "the next batch finds it warm";
}

TEST(Throttles, aBatchThatIsEmptiedAndNeverFindsRoomIsForgotten)
{
    Configuration c = oneQueue();
    c.functions[0].reserved = 0;
    QueueHarness h(c);
    h.send(0);
    h.step(at(10), Purged{0});
    h.pass(30'000);
    EXPECT_EQ(h.only<BatchEnded>().reason.why, Why::BatchEmptied);
    EXPECT_TRUE(h.all<Return>().empty());
    EXPECT_EQ(h.engine.mapping(0).running, 0U);
}

} // namespace
