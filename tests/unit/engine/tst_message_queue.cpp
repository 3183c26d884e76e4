#include <gtest/gtest.h>

#include "queue_bench.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

// Rules of Amazon SQS: its developer guide and API reference, read 2026-11, unless said otherwise.
namespace {

using Ids = std::vector<MessageId>;

MessageQueue::Draft of(std::uint64_t group, std::uint64_t deduplication = 0)
{
    return {.group = group, .deduplication = deduplication};
}

TEST(MessageQueue, givesMessagesInTheOrderTheyBecameVisible)
{
    QueueBench q;
    const MessageId late = q.send(0, {.delay = 10s});
    const MessageId first = q.send(0), second = q.send(1);
    EXPECT_EQ(idsOf(q.receive(1)), (Ids{first, second}));
    EXPECT_EQ(q.queue.delayed(), 1U);
    EXPECT_TRUE(q.receive(10'000).empty()); // at that instant everything else comes first
    EXPECT_EQ(idsOf(q.receive(10'001)), Ids{late});
}

TEST(MessageQueue, hidesWhatWasReceivedForTheVisibilityTimeout)
{
    QueueBench q;
    const MessageId id = q.send(0);
    const Receipt once = q.receive(0).at(0);
    EXPECT_EQ(once.receive, 1U);
    EXPECT_EQ(q.queue.inFlight(), 1U);
    EXPECT_EQ(q.queue.nextDeadline(q.rules), ms(30'000));
    EXPECT_TRUE(q.receive(30'000).empty());
    const Receipt again = q.receive(30'001).at(0);
    EXPECT_EQ(again, (Receipt{id, 2}));
    EXPECT_EQ(q.messages[id.slot].firstReceivedAt, ms(0));
}

TEST(MessageQueue, aReceiveMayBringAVisibilityTimeoutOfItsOwn)
{
    QueueBench q;
    q.send(0);
    q.receive(0, {.visibility = 5s});
    EXPECT_EQ(q.receive(5'001).size(), 1U);
}

TEST(MessageQueue, aBatchIsBoundedByCountAndBytes)
{
    QueueBench q;
    for (int i = 0; i < 5; ++i)
        q.send(0, {.bytes = 100});
    EXPECT_EQ(q.receive(0, {.messages = 2}).size(), 2U);
    EXPECT_EQ(q.end, MessageQueue::End::Enough);
    EXPECT_EQ(q.receive(0, {.bytes = 250}).size(), 2U);
    EXPECT_EQ(q.end, MessageQueue::End::NoBytes);
    EXPECT_EQ(q.receive(0, {.bytes = 50}).size(), 1U); // one always: else it would never go
    EXPECT_TRUE(q.receive(0).empty());
    EXPECT_EQ(q.end, MessageQueue::End::NoneLeft);
}

TEST(MessageQueue, aBatchThatHoldsSomeTakesNoneThatDoesNotFit)
{
    QueueBench q;
    q.send(0, {.bytes = 100});
    EXPECT_TRUE(q.receive(0, {.bytes = 99, .always = false}).empty());
    EXPECT_EQ(q.end, MessageQueue::End::NoBytes);
    EXPECT_EQ(q.receive(0, {.bytes = 100, .always = false}).size(), 1U);
}

TEST(MessageQueue, nothingIsGivenPastTheMostInFlight)
{
    QueueBench q({.maxInFlight = 2});
    for (int i = 0; i < 3; ++i)
        q.send(0);
    const auto given = q.receive(0);
    EXPECT_EQ(given.size(), 2U);
    EXPECT_FALSE(q.queue.gives(q.rules));
    q.erase(1, given[0]);
    EXPECT_TRUE(q.queue.gives(q.rules));
    EXPECT_EQ(q.receive(1).size(), 1U);
}

struct ReceiptRow {
    const char* name;
    bool fifo;
    std::int64_t at; ///< received at 0, again at 30.001 s if it is past that
    bool again;
    ReceiptAnswer erased, hidden;
};
class LateReceipts : public testing::TestWithParam<ReceiptRow> { };

// A standard queue deletes by the latest receipt whenever it comes, and says success to an older
// one without deleting (API reference, DeleteMessage). A FIFO queue refuses once the timeout is
// over ("The receipt handle has expired", AWS Knowledge Center, read 2026-11).
TEST_P(LateReceipts, deleteOrDoNot)
{
    const ReceiptRow& row = GetParam();
    QueueBench q({.fifo = row.fifo});
    q.send(0);
    const Receipt receipt = q.receive(0).at(0);
    if (row.again) {
        q.receive(30'001);
    }
    EXPECT_EQ(q.erase(row.at, receipt), row.erased);
    EXPECT_EQ(q.queue.depth(), row.erased == ReceiptAnswer::Done ? 0U : 1U);
}
TEST_P(LateReceipts, changeVisibilityOrDoNot)
{
    const ReceiptRow& row = GetParam();
    QueueBench q({.fifo = row.fifo});
    q.send(0);
    const Receipt receipt = q.receive(0).at(0);
    if (row.again) {
        q.receive(30'001);
    }
    EXPECT_EQ(q.hide(row.at, receipt, 60s), row.hidden);
}
INSTANTIATE_TEST_SUITE_P(
    MessageQueue, LateReceipts,
    testing::Values(
        ReceiptRow{"inTime", false, 10'000, false, ReceiptAnswer::Done, ReceiptAnswer::Done},
        ReceiptRow{"justInTime", false, 30'000, false, ReceiptAnswer::Done, ReceiptAnswer::Done},
        ReceiptRow{"visibleAgain", false, 30'001, false, ReceiptAnswer::Done,
                   ReceiptAnswer::NotInFlight},
        ReceiptRow{"receivedAgain", false, 30'002, true, ReceiptAnswer::Stale,
                   ReceiptAnswer::Stale},
        ReceiptRow{"fifoInTime", true, 10'000, false, ReceiptAnswer::Done, ReceiptAnswer::Done},
        ReceiptRow{"fifoJustInTime", true, 30'000, false, ReceiptAnswer::Done, ReceiptAnswer::Done},
        ReceiptRow{"fifoVisibleAgain", true, 30'001, false, ReceiptAnswer::Expired,
                   ReceiptAnswer::NotInFlight},
        ReceiptRow{"fifoReceivedAgain", true, 30'002, true, ReceiptAnswer::Expired,
                   ReceiptAnswer::Expired}),
    [](const auto& row) { return row.param.name; });

TEST(MessageQueue, knowsNoReceiptOfADeletedMessageOrOfOneNeverReceived)
{
    QueueBench q;
    const MessageId id = q.send(0);
    EXPECT_EQ(q.erase(0, {id, 0}), ReceiptAnswer::Stale);
    EXPECT_EQ(q.hide(0, {id, 0}, 1s), ReceiptAnswer::NotInFlight);
    const Receipt receipt = q.receive(0).at(0);
    EXPECT_EQ(q.erase(0, receipt), ReceiptAnswer::Done);
    EXPECT_EQ(q.erase(0, receipt), ReceiptAnswer::Gone);
    q.send(0); // takes the slot, under another serial
    EXPECT_EQ(q.erase(0, receipt), ReceiptAnswer::Gone);
    EXPECT_EQ(q.hide(0, receipt, 1s), ReceiptAnswer::Gone);
}

TEST(MessageQueue, visibilityCountsFromTheChangeAndZeroReleases)
{
    QueueBench q;
    const MessageId id = q.send(0);
    const Receipt receipt = q.receive(0).at(0);
    EXPECT_EQ(q.hide(20'000, receipt, 60s), ReceiptAnswer::Done);
    EXPECT_TRUE(q.receive(80'000).empty());
    const Receipt second = q.receive(80'001).at(0);
    EXPECT_EQ(q.hide(80'002, second, 0s), ReceiptAnswer::Done);
    EXPECT_EQ(idsOf(q.receive(80'002)), Ids{id});
}

TEST(MessageQueue, isHiddenForTwelveHoursFromItsReceiveAtMost)
{
    QueueBench q;
    q.send(0);
    const Receipt receipt = q.receive(0).at(0);
    EXPECT_EQ(q.hide(1'000, receipt, 12h), ReceiptAnswer::TooLong);
    EXPECT_EQ(q.hide(1'000, receipt, 12h - 1s), ReceiptAnswer::Done);
    EXPECT_TRUE(q.receive(43'200'000).empty());
    EXPECT_EQ(q.receive(43'200'001).size(), 1U);
}

TEST(MessageQueue, dropsWhatIsOlderThanTheRetentionInFlightOrNot)
{
    QueueBench q({.visibility = 12h, .retention = 60s});
    const MessageId hidden = q.send(0), visible = q.send(0);
    q.receive(0, {.messages = 1});
    const MessageId younger = q.send(1);
    q.pass(60'001);
    EXPECT_EQ(q.expired, (Ids{hidden, visible}));
    EXPECT_EQ(q.queue.depth(), 1U);
    EXPECT_EQ(q.queue.oldestSentAt(), ms(1));
    EXPECT_EQ(idsOf(q.receive(60'001)), Ids{younger});
}

TEST(MessageQueue, givesUpWhatWasReceivedAsOftenAsItMay)
{
    QueueBench q({.maxReceives = 2, .deadLetters = 1});
    const MessageId poison = q.send(0), good = q.send(0);
    for (const std::int64_t at : {0, 30'001}) {
        EXPECT_EQ(q.receive(at).size(), 2U);
        EXPECT_TRUE(q.dead.empty());
    }
    q.erase(30'002, {good, 2});
    EXPECT_EQ(q.queue.depth(), 1U);
    EXPECT_TRUE(q.receive(60'002).empty());
    ASSERT_EQ(q.dead.size(), 1U);
    EXPECT_EQ(q.dead[0].message, poison); // alive, under the same id
    EXPECT_EQ(q.dead[0].receives, 2U);
    EXPECT_EQ(q.messages.alive(), 1U);
    EXPECT_EQ(q.queue.depth(), 0U);
}

TEST(MessageQueue, aMessageGivenUpTakesItsAgeAlongUnlessTheQueueIsFifo)
{
    for (const bool fifo : {false, true}) {
        QueueBench q({.fifo = fifo, .maxReceives = 1, .deadLetters = 1});
        const QueueRules letters{.fifo = fifo, .retention = 120s};
        MessageQueue dead;
        dead.attach(q.messages, 1);
        const MessageId id = q.send(0, of(7));
        q.receive(0);
        q.receive(30'001);
        dead.put(ms(30'001), letters, q.dead.at(0), MessageQueue::Moved::GivenUp);
        EXPECT_EQ(dead.oldestSentAt(), fifo ? ms(30'001) : ms(0));
        EXPECT_EQ(dead.nextDeadline(letters), fifo ? ms(150'001) : ms(120'000));
        std::vector<Receipt> given;
        std::vector<MessageQueue::Left> none;
        dead.receive(ms(31'000), letters, {}, given, none);
        EXPECT_EQ(q.messages[id.slot].receives, 1U); // count anew
        EXPECT_EQ(given.at(0), (Receipt{id, 2})); // receipts do not: the first one stays old
        EXPECT_NE(dead.erase({id, 1}), ReceiptAnswer::Done);
        EXPECT_EQ(q.queue.erase({id, 1}), ReceiptAnswer::Gone); // it is not here any more
    }
}

TEST(MessageQueue, sendingBackBeginsAnew)
{
    QueueBench q;
    MessageQueue dead;
    dead.attach(q.messages, 1);
    const auto sent = dead.send(ms(0), {}, {}).message;
    q.queue.put(ms(5'000), q.rules, dead.take(), MessageQueue::Moved::SentBack);
    EXPECT_EQ(dead.depth(), 0U);
    EXPECT_EQ(dead.take().message.serial, 0U);
    EXPECT_EQ(q.queue.oldestSentAt(), ms(5'000));
    EXPECT_EQ(idsOf(q.receive(5'000)), Ids{sent});
}

TEST(MessageQueue, purgeDropsMessagesInEveryState)
{
    QueueBench q;
    const MessageId first = q.send(0), second = q.send(1), third = q.send(2, {.delay = 5s});
    q.receive(2, {.messages = 1});
    Ids dropped;
    q.queue.purge(dropped);
    EXPECT_EQ(dropped, (Ids{first, second, third}));
    EXPECT_EQ(q.queue.depth(), 0U);
    EXPECT_EQ(q.messages.alive(), 0U);
    EXPECT_FALSE(q.queue.nextDeadline(q.rules));
}

TEST(MessageQueue, aRestoredMessageGoesOnWhereItWas)
{
    QueueBench q;
    const auto hidden = q.queue.restore(
        ms(100'000), q.rules,
        {.receives = 3, .sentAt = ms(1), .firstReceivedAt = ms(2), .visibleAt = ms(110'000)});
    const auto late
        = q.queue.restore(ms(100'000), q.rules, {.sentAt = ms(2), .visibleAt = ms(105'000)});
    const auto there = q.queue.restore(ms(100'000), q.rules, {.sentAt = ms(3)});
    EXPECT_EQ(q.queue.inFlight(), 1U);
    EXPECT_EQ(q.queue.delayed(), 1U);
    EXPECT_EQ(q.queue.oldestSentAt(), ms(1));
    EXPECT_EQ(idsOf(q.receive(100'000)), Ids{there.message});
    EXPECT_EQ(idsOf(q.receive(105'001)), Ids{late.message});
    EXPECT_EQ(q.receive(110'001).at(0), (Receipt{hidden.message, 4}));
    EXPECT_EQ(q.messages[hidden.message.slot].firstReceivedAt, ms(2));
}

// FIFO

TEST(FifoQueue, aGroupWithAMessageInFlightGivesNoOther)
{
    QueueBench q({.fifo = true});
    const MessageId a1 = q.send(0, of(1)), a2 = q.send(1, of(1)), b1 = q.send(2, of(2));
    const auto first = q.receive(2, {.messages = 1});
    EXPECT_EQ(idsOf(first), Ids{a1});
    EXPECT_EQ(q.queue.visible(), 2U);
    EXPECT_EQ(idsOf(q.receive(2)), Ids{b1});
    EXPECT_FALSE(q.queue.gives(q.rules));
    q.erase(3, first[0]);
    EXPECT_EQ(idsOf(q.receive(3)), Ids{a2});
}

TEST(FifoQueue, oneReceiveGivesAsManyOfAGroupAsItCan)
{
    QueueBench q({.fifo = true});
    const MessageId a1 = q.send(0, of(1)), b1 = q.send(1, of(2)), a2 = q.send(2, of(1)),
                    a3 = q.send(3, of(1));
    EXPECT_EQ(idsOf(q.receive(3)), (Ids{a1, a2, a3, b1}));
}

TEST(FifoQueue, aMessageThatComesBackKeepsItsPlaceInTheGroup)
{
    QueueBench q({.fifo = true});
    const MessageId a1 = q.send(0, of(1)), a2 = q.send(1, of(1)), a3 = q.send(2, of(1));
    const auto first = q.receive(2, {.messages = 2});
    EXPECT_EQ(idsOf(first), (Ids{a1, a2}));
    q.erase(3, first[1]); // the later one is done, the earlier one is not
    q.hide(4, first[0], 0s);
    EXPECT_EQ(idsOf(q.receive(4)), (Ids{a1, a3}));
}

TEST(FifoQueue, theWholeGroupWaitsForTheLastInFlight)
{
    QueueBench q({.fifo = true});
    q.send(0, of(1)), q.send(0, of(1));
    const auto both = q.receive(0);
    q.hide(1, both[0], 0s);
    EXPECT_TRUE(q.receive(1).empty()); // the second is still out
    q.hide(2, both[1], 0s);
    EXPECT_EQ(idsOf(q.receive(2)), idsOf(both));
}

TEST(FifoQueue, groupsTakeTurns)
{
    QueueBench q({.fifo = true});
    const MessageId a1 = q.send(0, of(1)), a2 = q.send(0, of(1)), b1 = q.send(0, of(2));
    const auto first = q.receive(0, {.messages = 1});
    EXPECT_EQ(idsOf(first), Ids{a1});
    q.erase(1, first[0]); // its group is last in turn now
    EXPECT_EQ(idsOf(q.receive(1, {.messages = 1})), Ids{b1});
    EXPECT_EQ(idsOf(q.receive(1, {.messages = 1})), Ids{a2});
}

TEST(FifoQueue, theQueuesDelayHoldsForAll)
{
    QueueBench q({.fifo = true, .delay = 2s});
    q.send(0, {.group = 1, .delay = 0s});
    EXPECT_EQ(q.queue.delayed(), 1U);
    EXPECT_TRUE(q.receive(2'000).empty());
    EXPECT_EQ(q.receive(2'001).size(), 1U);
}

TEST(FifoQueue, theNextOfAGroupFollowsOneGivenUp)
{
    QueueBench q({.fifo = true, .maxReceives = 1, .deadLetters = 1});
    const MessageId a1 = q.send(0, of(9));
    q.receive(0);
    const MessageId a2 = q.send(1, of(9));
    EXPECT_EQ(idsOf(q.receive(30'001)), Ids{a2});
    EXPECT_EQ(q.dead.at(0).message, a1);
    EXPECT_EQ(q.dead.at(0).group, 9U); // and keeps its group
}

struct DuplicateRow {
    const char* name;
    std::int64_t at;
    bool deleted;
    std::uint64_t id;
    bool duplicate;
};
class Duplicates : public testing::TestWithParam<DuplicateRow> { };
TEST_P(Duplicates, countOnceInFiveMinutes)
{
    const DuplicateRow& row = GetParam();
    QueueBench q({.fifo = true});
    const MessageId first = q.send(0, of(1, 77));
    if (row.deleted)
        q.erase(0, q.receive(0).at(0));
    q.pass(row.at);
    const auto sent = q.queue.send(ms(row.at), q.rules, of(1, row.id));
    EXPECT_EQ(sent.duplicate, row.duplicate);
    EXPECT_EQ(sent.message == first, row.duplicate);
    EXPECT_EQ(q.queue.depth(), (row.deleted ? 0U : 1U) + (row.duplicate ? 0U : 1U));
}
INSTANTIATE_TEST_SUITE_P(FifoQueue, Duplicates,
                         testing::Values(DuplicateRow{"atOnce", 0, false, 77, true},
                                         DuplicateRow{"atFiveMinutes", 300'000, false, 77, true},
                                         DuplicateRow{"after", 300'001, false, 77, false},
                                         DuplicateRow{"whenDeleted", 1'000, true, 77, true},
                                         DuplicateRow{"anotherId", 0, false, 78, false},
                                         DuplicateRow{"noId", 0, false, 0, false}),
                         [](const auto& row) { return row.param.name; });

TEST(FifoQueue, theWindowOfAnIdBeginsWithItsFirstMessage)
{
    QueueBench q({.fifo = true});
    q.send(0, of(1, 77));
    EXPECT_TRUE(q.queue.send(ms(299'000), q.rules, of(1, 77)).duplicate);
    EXPECT_FALSE(q.queue.send(ms(300'001), q.rules, of(1, 77)).duplicate);
    EXPECT_TRUE(q.queue.send(ms(600'001), q.rules, of(1, 77)).duplicate);
    EXPECT_FALSE(q.queue.send(ms(600'002), q.rules, of(1, 77)).duplicate);
}

TEST(FifoQueue, aStandardQueueKnowsNoDuplicates)
{
    QueueBench q;
    q.send(0, of(1, 77)), q.send(0, of(1, 77));
    EXPECT_EQ(q.queue.depth(), 2U);
}

TEST(FifoQueue, isOneForAsLongAsItHoldsMessages)
{
    QueueBench q({.fifo = true});
    q.send(0, of(1)), q.send(0, of(1));
    q.rules.fifo = false; // nonsense, but nothing breaks
    EXPECT_EQ(q.receive(0, {.messages = 1}).size(), 1U);
    EXPECT_TRUE(q.receive(0).empty());
    Ids dropped;
    q.queue.purge(dropped);
    q.send(1), q.send(1);
    EXPECT_EQ(q.receive(1, {.messages = 1}).size(), 1U);
    EXPECT_EQ(q.receive(1).size(), 1U);
}

} // namespace
