#include <gtest/gtest.h>

#include "queue_bench.h"
#include "queue_harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

// Messages of an earlier run: none is taken for a duplicate that is none, no receipt comes twice.
namespace {

using Ids = std::vector<MessageId>;

TEST(RestoredMessages, goOnWhereTheyWere)
{
    QueueBench q;
    const auto hidden = q.queue.restore(ms(100'000), q.rules,
                                        {.receives = 3,
                                         .receipt = 8,
                                         .sentAt = ms(1),
                                         .firstReceivedAt = ms(2),
                                         .visibleAt = ms(110'000)});
    const auto late
        = q.queue.restore(ms(100'000), q.rules, {.sentAt = ms(2), .visibleAt = ms(105'000)});
    const auto there = q.queue.restore(ms(100'000), q.rules, {.sentAt = ms(3)});
    EXPECT_EQ(q.queue.inFlight(), 1U);
    EXPECT_EQ(q.queue.delayed(), 1U);
    EXPECT_EQ(q.queue.oldestSentAt(), ms(1));
    EXPECT_EQ(idsOf(q.receive(100'000)), Ids{there.message});
    EXPECT_EQ(idsOf(q.receive(105'001)), Ids{late.message});
    EXPECT_EQ(idsOf(q.receive(110'001)), Ids{hidden.message});
    EXPECT_EQ(q.messages[hidden.message.slot].receives, 4U);
    EXPECT_EQ(q.messages[hidden.message.slot].firstReceivedAt, ms(2));
}

TEST(RestoredMessages, theLatestReceiptOfTheRunBeforeIsGood)
{
    for (const bool fifo : {false, true}) {
        QueueBench q({.fifo = fifo});
        const MessageQueue::Kept kept{
            .receives = 1, .receipt = 4, .sentAt = ms(1), .visibleAt = ms(50)};
        const MessageId id = q.queue.restore(ms(10), q.rules, kept).message;
        EXPECT_EQ(q.erase(20, {id, 1}), fifo ? ReceiptAnswer::Expired : ReceiptAnswer::Stale);
        EXPECT_EQ(q.erase(20, {id, 4}), ReceiptAnswer::Done);
    }
}

// Of receives by functions the journal knows those that have failed, so some may be missing.
TEST(RestoredMessages, receiptsRiseOverARestartAboveAllThatMayHaveBeenGiven)
{
    QueueBench q({.receiptsFrom = 0x2'0000});
    const MessageId id = q.queue.restore(ms(10), q.rules, {.receives = 1, .receipt = 4}).message;
    const Receipt next = q.receive(20).at(0);
    EXPECT_EQ(next, (Receipt{id, 0x2'0000}));
    for (const std::uint32_t lost : {5U, 0x1'0000U, 0x1'ffffU})
        EXPECT_EQ(q.erase(20, {id, lost}), ReceiptAnswer::Stale);
    q.hide(30, next, 0s);
    EXPECT_EQ(q.receive(30).at(0).receive, 0x2'0001U);
}

TEST(RestoredMessages, oneThatWasNotAnsweredIsStillADuplicate)
{
    QueueBench q({.fifo = true});
    const auto first
        = q.queue.restore(ms(400'000), q.rules, {.group = 1, .deduplication = 77, .sentAt = ms(0)});
    const auto second = q.queue.restore(ms(400'000), q.rules,
                                        {.group = 1, .deduplication = 77, .sentAt = ms(300'000)});
    EXPECT_FALSE(first.duplicate);
    EXPECT_TRUE(second.duplicate);
    EXPECT_EQ(second.message, first.message);
    const auto third = q.queue.restore(ms(400'000), q.rules,
                                       {.group = 1, .deduplication = 77, .sentAt = ms(300'001)});
    EXPECT_FALSE(third.duplicate);
}

// Three of one body, sent an hour apart, were sent back at one moment.
TEST(RestoredMessages, onesThatHaveMovedAreNoDuplicates)
{
    QueueBench q({.fifo = true});
    for (int i = 0; i < 3; ++i)
        EXPECT_FALSE(
            q.queue.restore(ms(9'000), q.rules, {.group = 1, .sentAt = ms(8'000)}).duplicate);
    EXPECT_EQ(q.queue.depth(), 3U);
}

TEST(RestoredMessages, anIdDoesNotCountBeforeItsFirstMessage)
{
    QueueBench q({.fifo = true});
    for (const std::int64_t sent : {900'000, 100'000})
        EXPECT_FALSE(q.queue
                         .restore(ms(1'000'000), q.rules,
                                  {.group = 1, .deduplication = 77, .sentAt = ms(sent)})
                         .duplicate);
    EXPECT_EQ(q.queue.depth(), 2U);
}

// What decides at a restart is what decided before: when it was sent, not when it was written.
TEST(RestoredMessages, aMessageCountsFromWhenItWasSent)
{
    QueueBench live({.fifo = true, .delay = 10s}), restored({.fifo = true, .delay = 10s});
    for (const auto& [sentAt, writtenAt] : {std::pair(0, 9'000), {300'000, 301'000}}) {
        const MessageQueue::Draft draft{
            .group = 1, .deduplication = 77, .delay = {}, .sentAt = ms(sentAt)};
        const auto sent = live.queue.send(ms(writtenAt), live.rules, draft);
        EXPECT_EQ(sent.duplicate, sentAt > 0);
        const auto same = restored.queue.restore(
            ms(302'000), restored.rules,
            {.group = 1, .deduplication = 77, .sentAt = ms(sentAt), .visibleAt = ms(sentAt) + 10s});
        EXPECT_EQ(same.duplicate, sent.duplicate);
    }
    EXPECT_EQ(live.queue.oldestSentAt(), ms(0));
    EXPECT_EQ(live.receive(10'001).size(), 1U) << "delayed from when it was sent";
}

TEST(RestoredMessages, areToldLikeOthers)
{
    QueueHarness h(oneQueue({.maxReceives = 2, .deadLetters = 1}));
    h.step(at(1'000'000),
           MessageRestored{.bytes = 5,
                           .receives = 1,
                           .tag = 4,
                           .sentAt = at(1'000),
                           .firstReceivedAt = at(2'000),
                           .visibleAt = at(1'010'000),
                           .receipt = 1});
    const MessageId id = h.only<Enqueue>().message;
    EXPECT_EQ(h.only<Enqueue>().tag, 4U);
    EXPECT_EQ(h.only<Enqueue>().visibleAt, at(1'010'000));
    h.pass(1'010'000);
    EXPECT_EQ(h.only<Receive>().receives, 2U);
    EXPECT_EQ(h.only<Receive>().firstReceivedAt, at(2'000));
    EXPECT_EQ(h.engine.message(id)->firstReceivedAt, at(2'000));
    EXPECT_EQ(h.engine.message(id)->receipt, h.only<Receive>().receive);
    h.finish(1'010'100, h.begin(1'010'001), 1, WorkStatus::FunctionError);
    h.pass(1'040'001);
    EXPECT_EQ(h.only<Move>().message, id);
}

TEST(RestoredMessages, aMessageSentCountsFromItsTime)
{
    QueueHarness h(oneQueue({.delay = 5s}, {.enabled = false}));
    h.step(at(2'000), MessageSent{.sentAt = at(1'000)});
    const Enqueue sent = h.only<Enqueue>();
    EXPECT_EQ(sent.visibleAt, at(6'000));
    EXPECT_EQ(h.engine.message(sent.message)->sentAt, at(1'000));
    h.step(at(3'000), MessageSent{.delay = 1s, .sentAt = at(1'000)});
    EXPECT_EQ(h.only<Enqueue>().visibleAt, at(3'000));
}

} // namespace
