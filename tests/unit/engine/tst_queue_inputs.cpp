#include <gtest/gtest.h>

#include "queue_harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

// Queues as others use them: senders, receivers of their own, people.
namespace {

using Ids = std::vector<MessageId>;

Configuration unread(QueueRules queue = {})
{
    Configuration c = oneQueue(queue);
    c.mappings.clear();
    return c;
}

TEST(QueueInputs, aMessageSentIsAcknowledgedWithItsTag)
{
    QueueHarness h(unread({.delay = 2s}));
    h.step(at(0), MessageSent{.bytes = 10, .tag = 77});
    const Enqueue answer = h.only<Enqueue>();
    EXPECT_EQ(answer.tag, 77U);
    EXPECT_EQ(answer.visibleAt, at(2'000));
    EXPECT_EQ(answer.reason.why, Why::None);
    h.step(at(0), MessageSent{.delay = 0s});
    EXPECT_EQ(h.only<Enqueue>().visibleAt, at(0));
    EXPECT_EQ(h.engine.queue(0).delayed, 1U);
    EXPECT_EQ(h.engine.queue(0).visible, 1U);
}

TEST(QueueInputs, aQueueThatIsNotThereTakesNoMessage)
{
    Configuration c = unread();
    QueueHarness h(c);
    h.step(at(0), MessageSent{.queue = 7, .tag = 5});
    EXPECT_EQ(h.only<Refuse>().tag, 5U);
    EXPECT_EQ(h.only<Refuse>().reason.why, Why::NoSuchQueue);
    c.queues[0].removed = true;
    h.configure(at(1), c);
    h.step(at(1), MessageRestored{.tag = 6});
    EXPECT_EQ(h.only<Refuse>().tag, 6U);
    for (const Input& input :
         std::vector<Input>{MessagesWanted{.queue = 7}, Purged{7}, Redriven{.from = 7, .to = 0},
                            Redriven{.from = 0, .to = 0}}) {
        h.step(at(2), input);
        EXPECT_TRUE(h.actions.empty());
    }
}

TEST(QueueInputs, aDuplicateIsToldApartAndNamesTheFirst)
{
    QueueHarness h(unread({.fifo = true}));
    const MessageId first = h.send(0, {.group = 1, .deduplication = 9});
    h.step(at(1'000), MessageSent{.group = 1, .deduplication = 9, .tag = 3});
    EXPECT_EQ(h.only<Enqueue>().message, first);
    EXPECT_EQ(h.only<Enqueue>().tag, 3U);
    EXPECT_EQ(h.only<Enqueue>().reason, (Reason{Why::DuplicateMessage, first.serial, 300}));
    EXPECT_EQ(h.engine.queue(0).depth(), 1U);
}

TEST(QueueInputs, aReceiverOfItsOwnGetsMessagesWithReceipts)
{
    QueueHarness h(unread());
    const Ids sent{h.send(0), h.send(1), h.send(2)};
    h.step(at(10), MessagesWanted{.most = 2, .visibility = 5s, .tag = 8});
    const auto receives = h.all<Receive>();
    EXPECT_EQ(h.receivedNow(), (Ids{sent[0], sent[1]}));
    EXPECT_EQ(receives[0].tag, 8U);
    EXPECT_EQ(receives[0].invocation.serial, 0U);
    EXPECT_EQ(receives[0].receive, 1U);
    EXPECT_EQ(receives[0].visibleAt, at(5'010));
    h.step(at(20), MessageDeleted{sent[0], 1});
    EXPECT_EQ(h.only<Drop>().reason.why, Why::DeletedByReceiver);
    h.step(at(20), MessageDeleted{sent[0], 1});
    EXPECT_EQ(h.only<Refuse>().reason.why, Why::NoSuchMessage);
    h.step(at(30), VisibilityChanged{sent[1], 1, 60s});
    EXPECT_EQ(h.only<Return>().visibleAt, at(60'030));
    EXPECT_EQ(h.only<Return>().reason, (Reason{Why::VisibilitySet, 60'000}));
    h.step(at(30), VisibilityChanged{sent[1], 1, 12h});
    EXPECT_EQ(h.only<Refuse>().reason, (Reason{Why::VisibilityTooLong, 43'200}));
    h.step(at(30), VisibilityChanged{sent[2], 0, 1s});
    EXPECT_EQ(h.only<Refuse>().reason.why, Why::NotInFlight);
    h.pass(60'030);
    EXPECT_EQ(h.engine.queue(0).visible, 2U);
    h.step(at(61'000), MessagesWanted{});
    h.step(at(61'000), VisibilityChanged{sent[1], 1, 1s});
    EXPECT_EQ(h.only<Refuse>().reason, (Reason{Why::StaleReceipt, 1, 2}));
}

TEST(QueueInputs, whatAReceiverReleasesGoesToAFunctionAtOnce)
{
    Configuration c = oneQueue({}, {.enabled = false});
    QueueHarness h(c);
    const MessageId id = h.send(0);
    h.step(at(0), MessagesWanted{});
    c.mappings[0].enabled = true;
    h.configure(at(1), c);
    h.step(at(2), VisibilityChanged{id, 1, 0s});
    EXPECT_EQ(h.receivedNow(), Ids{id});
    EXPECT_EQ(h.all<Start>().size(), 1U);
}

TEST(QueueInputs, aReceiverTooFindsTheDeadLetterQueue)
{
    QueueHarness h(unread({.visibility = 1s, .maxReceives = 1, .deadLetters = 1}));
    const MessageId id = h.send(0);
    h.step(at(0), MessagesWanted{});
    h.step(at(1'001), MessagesWanted{});
    EXPECT_TRUE(h.all<Receive>().empty());
    EXPECT_EQ(h.only<Move>().message, id);
    EXPECT_EQ(h.only<Move>().receives, 1U);
}

TEST(QueueInputs, redriveSendsBackWhatMayBeReceivedUpToAsManyAsAsked)
{
    QueueHarness h(unread());
    Ids sent;
    for (int i = 0; i < 4; ++i)
        sent.push_back(h.send(i, {.queue = 1}));
    h.step(at(10), MessagesWanted{.queue = 1, .most = 1}); // somebody looks at the first
    h.step(at(20), Redriven{.from = 1, .to = 0, .most = 2});
    Ids moved;
    for (const Move& move : h.all<Move>()) {
        EXPECT_EQ(move.from, 1U);
        EXPECT_EQ(move.to, 0U);
        moved.push_back(move.message);
    }
    EXPECT_EQ(moved, (Ids{sent[1], sent[2]}));
    EXPECT_EQ(h.engine.queue(0).oldestSentAt, at(20));
    EXPECT_EQ(h.engine.queue(1).depth(), 2U);
}

TEST(QueueInputs, aPersonSendsBackOneMessageUnlessItIsInFlight)
{
    QueueHarness h(unread());
    const Ids sent{h.send(0, {.queue = 1}), h.send(1, {.queue = 1, .delay = 60s}),
                   h.send(2, {.queue = 1})};
    h.step(at(10), MessagesWanted{.queue = 1, .most = 1});
    h.step(at(20), Redriven{.from = 1, .to = 0, .most = 1, .message = sent[0]});
    EXPECT_TRUE(h.all<Move>().empty());
    h.step(at(20), Redriven{.from = 1, .to = 0, .most = 1, .message = sent[1]});
    EXPECT_EQ(h.only<Move>().message, sent[1]);
    EXPECT_EQ(h.engine.queue(0).visible, 1U) << "the delay is over with that";
    EXPECT_EQ(h.engine.queue(1).depth(), 2U);
}

TEST(QueueInputs, aPersonDeletesWhatIsNotInFlight)
{
    QueueHarness h(unread());
    const Ids sent{h.send(0), h.send(1), h.send(2, {.delay = 60s})};
    h.step(at(10), MessagesWanted{.most = 1});
    h.step(at(20), MessageDeleted{sent[0], kByHand});
    EXPECT_EQ(h.only<Refuse>().reason.why, Why::MessageInFlight);
    for (const MessageId id : {sent[1], sent[2]}) {
        h.step(at(30), MessageDeleted{id, kByHand});
        EXPECT_EQ(h.only<Drop>().message, id);
        EXPECT_FALSE(h.engine.message(id));
    }
    h.step(at(40), MessageDeleted{sent[1], kByHand});
    EXPECT_EQ(h.only<Refuse>().reason.why, Why::NoSuchMessage);
    const auto left = h.engine.message(sent[0]);
    ASSERT_TRUE(left);
    EXPECT_TRUE(left->inFlight);
    EXPECT_EQ(left->receives, 1U);
    EXPECT_EQ(left->visibleAt, at(10) + 30s);
}

TEST(QueueInputs, redrivenMessagesAreTriedAsOftenAgain)
{
    QueueHarness h(oneQueue({.maxReceives = 1, .deadLetters = 1}));
    const MessageId id = h.send(0);
    h.finish(10, h.begin(0), 1, WorkStatus::FunctionError);
    h.pass(30'000);
    EXPECT_EQ(h.only<Move>().to, 1U);
    h.step(at(40'000), Redriven{.from = 1, .to = 0});
    EXPECT_EQ(h.only<Move>().to, 0U);
    EXPECT_EQ(h.only<Receive>().message, id); // and read in the same step
    EXPECT_EQ(h.only<Receive>().receives, 1U);
    EXPECT_EQ(h.only<Receive>().receive, 2U); // no receipt comes twice
}

TEST(QueueInputs, purgeTellsOfEachMessage)
{
    QueueHarness h(unread());
    const Ids sent{h.send(0), h.send(1, {.delay = 60s}), h.send(2)};
    h.step(at(3), MessagesWanted{.most = 1});
    h.step(at(4), Purged{0});
    EXPECT_EQ(h.droppedNow(), sent);
    EXPECT_EQ(h.all<Drop>()[0].reason.why, Why::PurgedByUser);
    EXPECT_EQ(h.engine.queue(0).depth(), 0U);
    EXPECT_FALSE(h.engine.nextDeadline());
}

TEST(QueueInputs, purgingUnderABatchLetsItEndInPeace)
{
    QueueHarness h;
    h.send(0);
    const InstanceId instance = h.begin(0);
    h.step(at(10), Purged{0});
    EXPECT_EQ(h.all<Drop>().size(), 1U);
    const MessageId next = h.send(20); // takes the slot of the one that is gone
    h.finish(30, instance);
    EXPECT_TRUE(h.all<Drop>().empty());
    EXPECT_EQ(h.only<BatchEnded>().messages, 1U);
    EXPECT_EQ(h.engine.queue(0).inFlight, 1U);
    EXPECT_NE(next.serial, 1U);
}

TEST(QueueInputs, oldMessagesAreDropped)
{
    QueueHarness h(unread({.retention = 60s}));
    const MessageId id = h.send(0);
    EXPECT_EQ(h.engine.nextDeadline(), at(60'000));
    h.step(at(60'000), Tick{});
    EXPECT_TRUE(h.actions.empty());
    h.pass(60'000);
    EXPECT_EQ(h.only<Drop>().message, id);
    EXPECT_EQ(h.only<Drop>().reason, (Reason{Why::MessageExpired, 60}));
}

TEST(QueueInputs, aShorterRetentionCountsAtOnce)
{
    Configuration c = unread();
    QueueHarness h(c);
    h.send(0);
    c.queues[0].retention = 60s;
    h.configure(at(100'000), c);
    EXPECT_TRUE(h.actions.empty()); // due at that instant
    h.pass(100'000);
    EXPECT_EQ(h.all<Drop>().size(), 1U);
}

TEST(QueueInputs, timeScaleDividesDelaysButNoRetention)
{
    Configuration c = unread({.delay = 60s, .retention = 120s});
    c.timeScale = 60;
    QueueHarness h(c);
    h.send(0);
    EXPECT_EQ(h.only<Enqueue>().visibleAt, at(1'000));
    h.step(at(0), MessageSent{.delay = 120s});
    EXPECT_EQ(h.only<Enqueue>().visibleAt, at(2'000));
    h.pass(119'999);
    EXPECT_EQ(h.engine.queue(0).depth(), 2U);
}

TEST(QueueInputs, aMessageTooOldForADeadLetterQueueIsDroppedThereAtOnce)
{
    Configuration c = unread({.visibility = 30s, .maxReceives = 1, .deadLetters = 1});
    c.queues[1].retention = 60s;
    QueueHarness h(c);
    const MessageId id = h.send(0);
    h.step(at(0), MessagesWanted{});
    h.step(at(100'000), MessagesWanted{});
    EXPECT_EQ(h.only<Move>().message, id);
    h.step(at(100'001), Tick{});
    EXPECT_EQ(h.only<Drop>().queue, 1U);
}

TEST(QueueInputs, aCheckpointHoldsQueuesBatchesAndPollers)
{
    const Configuration c
        = oneQueue({.fifo = true, .maxReceives = 2, .deadLetters = 1}, {.batchSize = 2});
    QueueHarness h(c);
    for (std::uint64_t i = 0; i < 12; ++i)
        h.step(at(0), MessageSent{.group = i % 3 + 1, .deduplication = i + 1});
    h.step(at(1), BatchItemFailed{{0, 1}, {0, 1}});
    Engine other;
    other.define(c);
    ASSERT_TRUE(other.load(h.engine.save()));
    EXPECT_EQ(other.queue(0).inFlight, h.engine.queue(0).inFlight);
    EXPECT_EQ(other.save(), h.engine.save());
    const auto again = [&](std::int64_t ms, const Input& input) {
        Actions actions;
        other.step(at(ms), input, actions);
        h.step(at(ms), input);
        EXPECT_TRUE(actions == h.actions);
    };
    for (std::uint64_t i = 0; i < 12; ++i) // all duplicates
        again(2, MessageSent{.group = 1, .deduplication = i + 1});
    EXPECT_EQ(h.only<Enqueue>().reason.why, Why::DuplicateMessage);
    again(31'000, Tick{});
    EXPECT_FALSE(h.all<Receive>().empty());
    again(120'000, Tick{});
    EXPECT_FALSE(h.all<Move>().empty());
    auto bytes = h.engine.save();
    bytes.pop_back();
    EXPECT_FALSE(other.load(bytes));
}

} // namespace
