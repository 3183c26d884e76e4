#include <gtest/gtest.h>

#include "queue_harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

// Event source mappings: when a queue is read and for how many, and what changes while it is.
namespace {

using Ids = std::vector<MessageId>;

// Gathering

TEST(Window, aBatchGathersUntilItIsOver)
{
    QueueHarness h(oneQueue({}, {.batchSize = 100, .window = 20s}));
    const Ids sent{h.send(0), h.send(5'000), h.send(20'000)};
    EXPECT_TRUE(h.all<Receive>().empty());
    EXPECT_EQ(h.engine.mapping(0).gathered, 3U);
    EXPECT_EQ(h.engine.queue(0).inFlight, 3U); // hidden since they came
    h.pass(20'000);
    EXPECT_EQ(h.receivedNow(), sent);
    EXPECT_EQ(h.all<Receive>()[1].visibleAt, at(35'000));
    EXPECT_EQ(h.all<Start>().size(), 1U);
}

TEST(Window, aFullBatchGoesAtOnce)
{
    QueueHarness h(oneQueue({}, {.batchSize = 3, .window = 20s}));
    h.send(0), h.send(1);
    EXPECT_TRUE(h.all<Receive>().empty());
    h.send(2);
    EXPECT_EQ(h.all<Receive>().size(), 3U);
}

TEST(Window, sixMegabytesAreAFullBatch)
{
    constexpr std::uint32_t kMegabyte = 1024 * 1024;
    QueueHarness h(oneQueue({}, {.batchSize = 100, .window = 20s}));
    for (int i = 0; i < 6; ++i)
        h.send(i, {.bytes = kMegabyte});
    EXPECT_TRUE(h.all<Receive>().empty());
    h.send(6, {.bytes = 1}); // does not fit any more: it opens the next one
    EXPECT_EQ(h.all<Receive>().size(), 6U);
    EXPECT_EQ(h.engine.mapping(0).gathered, 1U);
    h.pass(20'006);
    EXPECT_EQ(h.all<Receive>().size(), 1U);
}

TEST(Window, longerThanMessagesAreHiddenTheyAreLeftOut)
{
    QueueHarness h(oneQueue({.visibility = 10s}, {.batchSize = 10, .window = 15s}));
    const MessageId id = h.send(0);
    h.pass(10'000);
    EXPECT_EQ(h.engine.mapping(0).gathered, 2U); // received again, into the same batch
    h.pass(15'000);
    EXPECT_EQ(h.receivedNow(), Ids{id}); // once
    EXPECT_EQ(h.only<Receive>().receive, 2U);
}

// Pollers

TEST(Pollers, fiveBatchesAtOnceThenThreeHundredMoreAMinute)
{
    QueueHarness h(oneQueue({}, {.batchSize = 1}));
    for (int i = 0; i < 400; ++i)
        h.send(0);
    EXPECT_EQ(h.engine.mapping(0).running, 5U);
    h.step(at(10'000), Tick{});
    EXPECT_EQ(h.engine.mapping(0).running, 54U); // at that instant the 55th is yet to come
    h.pass(10'000);
    EXPECT_EQ(h.engine.mapping(0).running, 55U);
    h.pass(25'000);
    EXPECT_EQ(h.engine.mapping(0).running, 130U);
}

TEST(Pollers, maximumConcurrencyBoundsTheBatches)
{
    QueueHarness h(oneQueue({.visibility = 900s}, {.batchSize = 1, .maxConcurrency = 2}));
    for (int i = 0; i < 10; ++i)
        h.send(0);
    h.pass(600'000);
    EXPECT_EQ(h.engine.mapping(0).running, 2U);
    EXPECT_EQ(h.engine.queue(0).visible, 8U);
}

TEST(Pollers, backOffAfterErrors)
{
    QueueHarness h;
    h.send(0);
    h.finish(10, h.begin(0), 1, WorkStatus::FunctionError);
    EXPECT_EQ(h.engine.mapping(0).allowed, 2U);
    h.pass(30'000);
    h.finish(30'010, h.begin(30'001));
    EXPECT_EQ(h.engine.mapping(0).allowed, 3U);
}

TEST(Pollers, twoMappingsOfAQueueTakeTurns)
{
    Configuration c = oneQueue({.delay = 1s}, {.batchSize = 2});
    c.functions.resize(2, c.functions[0]);
    c.mappings.push_back({.queue = 0, .function = 1, .batchSize = 2});
    QueueHarness h(c);
    for (int i = 0; i < 8; ++i)
        h.send(0);
    h.pass(1'000);
    std::vector<FunctionId> started;
    for (const Start& start : h.all<Start>())
        started.push_back(start.function);
    EXPECT_EQ(started, (std::vector<FunctionId>{1, 0, 1, 0}));
}

// FIFO

TEST(Fifo, aGroupIsHandledInOrderThroughFailures)
{
    QueueHarness h(oneQueue({.fifo = true}, {.batchSize = 1}));
    const MessageId a1 = h.send(0, {.group = 1});
    const InstanceId first = h.begin(0);
    const MessageId a2 = h.send(1, {.group = 1});
    EXPECT_TRUE(h.all<Receive>().empty()); // its group is busy
    const MessageId b1 = h.send(2, {.group = 2});
    EXPECT_EQ(h.receivedNow(), Ids{b1}); // another one is not
    h.finish(3, h.begin(2));
    h.finish(100, first, 10, WorkStatus::FunctionError);
    EXPECT_TRUE(h.all<Receive>().empty()); // not the second before the first
    h.pass(30'000);
    EXPECT_EQ(h.receivedNow(), Ids{a1});
    h.finish(30'100, h.begin(30'001));
    EXPECT_EQ(h.receivedNow(), Ids{a2});
}

TEST(Fifo, aMessageGivenUpLetsTheNextOfItsGroupPass)
{
    QueueHarness h(oneQueue({.fifo = true, .maxReceives = 1, .deadLetters = 1}, {.batchSize = 1}));
    const MessageId a1 = h.send(0, {.group = 1});
    const InstanceId first = h.begin(0);
    const MessageId a2 = h.send(1, {.group = 1});
    h.finish(100, first, 10, WorkStatus::FunctionError);
    h.pass(30'000);
    EXPECT_EQ(h.only<Move>().message, a1);
    EXPECT_EQ(h.receivedNow(), Ids{a2});
}

// At least once

TEST(AtLeastOnce, workThatTookTooLongDoesNotDeleteWhatOthersHave)
{
    Configuration c = oneQueue({.visibility = 1s});
    QueueHarness h(c);
    const MessageId id = h.send(0);
    const InstanceId slow = h.begin(0);
    h.pass(1'000);
    EXPECT_EQ(h.only<Receive>().receive, 2U);
    const InstanceId second = h.begin(1'001);
    h.finish(1'500, slow);
    EXPECT_TRUE(h.all<Drop>().empty());
    EXPECT_EQ(h.only<Refuse>().message, id);
    EXPECT_EQ(h.only<Refuse>().reason, (Reason{Why::StaleReceipt, 1, 2}));
    h.finish(1'600, second);
    EXPECT_EQ(h.droppedNow(), Ids{id});
}

TEST(AtLeastOnce, aFailureAtTheInstantOfTheVisibilityTimeoutComesFirst)
{
    QueueHarness h(oneQueue({.visibility = 3s}));
    h.send(0);
    h.begin(0);
    h.pass(3'000); // the attempt times out, then the message is visible
    EXPECT_EQ(h.only<BatchEnded>().returned, 1U);
    EXPECT_EQ(h.only<Return>().visibleAt, at(3'000));
    EXPECT_EQ(h.only<Receive>().receive, 2U);
}

TEST(AtLeastOnce, timeScaleDividesWhatIsLeftToWaitAfterAFailure)
{
    Configuration c = oneQueue();
    c.timeScale = 10;
    QueueHarness h(c);
    h.send(0);
    const InstanceId instance = h.begin(0);
    EXPECT_EQ(h.engine.nextDeadline(), at(3'000)); // the attempt's timeout is as it was
    h.finish(2'000, instance, 10, WorkStatus::FunctionError);
    EXPECT_EQ(h.only<Return>().visibleAt, at(4'800)); // (30 − 2) / 10 s later
    h.pass(4'800);
    EXPECT_EQ(h.only<Receive>().receive, 2U);
}

// Changes while things run

TEST(Changes, cancellingABatchReachesEveryStage)
{
    Configuration c = oneQueue({}, {.batchSize = 1});
    c.functions[0].reserved = 1;
    QueueHarness h(c);
    const MessageId first = h.send(0);
    const InvocationId bound = h.only<Receive>().invocation;
    const MessageId second = h.send(1);
    const InvocationId queued = h.only<Receive>().invocation;
    h.step(at(2), Cancelled{queued});
    EXPECT_EQ(h.returnedNow(), Ids{second});
    EXPECT_EQ(h.only<BatchEnded>().reason.why, Why::CancelledByUser);
    h.step(at(3), Cancelled{bound});
    EXPECT_EQ(h.returnedNow(), Ids{first});
    h.pass(30'000);
    h.begin(30'001);
    h.step(at(30'002), Cancelled{h.batch});
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::Cancelled);
    EXPECT_EQ(h.returnedNow(), Ids{first});
    EXPECT_EQ(h.engine.queue(0).depth(), 2U);
}

TEST(Changes, aRemovedFunctionGivesItsMessagesBackAndReadsNoMore)
{
    Configuration c = oneQueue();
    c.functions[0].reserved = 0;
    QueueHarness h(c);
    const MessageId id = h.send(0);
    c.functions[0].removed = true;
    h.configure(at(1'000), c);
    EXPECT_EQ(h.returnedNow(), Ids{id});
    EXPECT_EQ(h.only<BatchEnded>().reason.why, Why::FunctionRemoved);
    h.pass(30'000);
    EXPECT_TRUE(h.all<Receive>().empty());
    EXPECT_EQ(h.engine.queue(0).visible, 1U);
}

TEST(Changes, aMappingSwitchedOnReadsWhatIsThere)
{
    Configuration c = oneQueue({}, {.enabled = false});
    QueueHarness h(c);
    h.send(0);
    EXPECT_TRUE(h.all<Receive>().empty());
    c.mappings[0].enabled = true;
    h.configure(at(1'000), c);
    EXPECT_EQ(h.all<Receive>().size(), 1U);
}

TEST(Changes, aQueueThatComesLaterIsReadToo)
{
    Configuration c = oneQueue();
    QueueHarness h(c);
    c.queues.push_back({});
    c.mappings.push_back({.queue = 2});
    h.configure(at(1'000), c);
    h.send(1'000, {.queue = 2});
    EXPECT_EQ(h.only<Receive>().queue, 2U);
}

} // namespace
