#include <gtest/gtest.h>

#include "queue_bench.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

// FIFO queues of Amazon SQS: its developer guide and API reference, read 2026-11.
namespace {

using Ids = std::vector<MessageId>;

MessageQueue::Draft of(std::uint64_t group, std::uint64_t deduplication = 0)
{
    return {.group = group, .deduplication = deduplication};
}

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
