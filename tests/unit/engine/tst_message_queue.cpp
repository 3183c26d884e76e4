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

} // namespace
