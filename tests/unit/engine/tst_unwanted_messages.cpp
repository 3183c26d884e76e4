#include <gtest/gtest.h>

#include "queue_harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

// Mappings with filters: the verdict is the driver's, what comes of it the engine's.
namespace {

using Ids = std::vector<MessageId>;

constexpr Unwanted kFirst = 1, kLast = Unwanted{1} << (kMostFilters - 1);

/// A queue and its dead-letter queue, each read for the function by a mapping of its own.
Configuration bothRead(QueueRules queue, MappingRules ofQueue, MappingRules ofDead)
{
    Configuration c = oneQueue(queue, ofQueue);
    ofDead.queue = 1;
    c.mappings.push_back(ofDead);
    return c;
}

TEST(UnwantedMessages, areDeletedByTheMappingWhoseFilterLeavesThemOut)
{
    QueueHarness h(oneQueue({}, {.filter = kLast}));
    const MessageId unwanted = h.send(0, {.unwanted = kLast});
    EXPECT_EQ(h.droppedNow(), Ids{unwanted});
    EXPECT_EQ(h.all<Drop>()[0].reason, (Reason{Why::FilteredOut, 0}));
    EXPECT_TRUE(h.all<Receive>().empty());
    EXPECT_TRUE(h.all<Start>().empty()) << "no batch is made of nothing";
    EXPECT_EQ(h.engine.queue(0).depth(), 0U);
    const MessageId wanted = h.send(1, {.unwanted = ~kLast}); // by the filters of others
    EXPECT_EQ(h.receivedNow(), Ids{wanted});
}

TEST(UnwantedMessages, areNothingToAMappingWithoutAFilter)
{
    QueueHarness h;
    const MessageId id = h.send(0, {.unwanted = ~Unwanted{0}});
    EXPECT_EQ(h.receivedNow(), Ids{id});
}

TEST(UnwantedMessages, takeNoPlaceInABatch)
{
    Configuration c = oneQueue({}, {.enabled = false, .batchSize = 3, .filter = kFirst});
    QueueHarness h(c);
    Ids wanted;
    for (int i = 0; i < 9; ++i) {
        const MessageId id = h.send(i, {.unwanted = i % 3 == 0 ? 0 : kFirst});
        if (i % 3 == 0)
            wanted.push_back(id);
    }
    c.mappings[0].enabled = true;
    h.configure(at(10), c);
    EXPECT_EQ(h.receivedNow(), wanted);
    EXPECT_EQ(h.all<Drop>().size(), 6U);
}

TEST(UnwantedMessages, whatIsJudgedAnewHoldsFromThenOn)
{
    Configuration c = oneQueue({}, {.enabled = false, .filter = kFirst});
    QueueHarness h(c);
    const Ids sent{h.send(0, {.unwanted = kFirst}), h.send(1)};
    h.step(at(2), MessageJudged{sent[0], 0});
    h.step(at(2), MessageJudged{sent[1], kFirst});
    h.step(at(2), MessageJudged{{77, 77}, kFirst}); // long gone
    c.mappings[0].enabled = true;
    h.configure(at(3), c);
    EXPECT_EQ(h.receivedNow(), Ids{sent[0]});
    EXPECT_EQ(h.droppedNow(), Ids{sent[1]});
}

TEST(UnwantedMessages, aRestoredMessageComesWithItsVerdict)
{
    QueueHarness h(oneQueue({}, {.filter = kFirst}));
    h.step(at(10), MessageRestored{.sentAt = at(1), .unwanted = kFirst});
    EXPECT_EQ(h.all<Drop>().size(), 1U);
    h.step(at(11), MessageRestored{.sentAt = at(2), .unwanted = kLast});
    EXPECT_EQ(h.all<Receive>().size(), 1U);
}

// A dead-letter queue may be read in the very step in which a message comes to it.
TEST(UnwantedMessages, theFilterOverADeadLetterQueueHoldsForWhatIsGivenUp)
{
    for (const Unwanted unwanted : {Unwanted{0}, kLast}) {
        QueueHarness h(bothRead({.maxReceives = 1, .deadLetters = 1}, {}, {.filter = kLast}));
        const MessageId id = h.send(0, {.unwanted = unwanted});
        h.finish(10, h.begin(0), 1, WorkStatus::FunctionError);
        h.pass(30'000);
        EXPECT_EQ(h.only<Move>().message, id);
        EXPECT_EQ(h.droppedNow(), unwanted == 0 ? Ids{} : Ids{id});
        EXPECT_EQ(h.receivedNow(), unwanted == 0 ? Ids{id} : Ids{});
    }
}

TEST(UnwantedMessages, theVerdictOverOneQueueIsNoneOverAnother)
{
    // The first mapping of either queue; the one of the dead-letter queue takes all.
    QueueHarness h(bothRead({.visibility = 1s, .maxReceives = 1, .deadLetters = 1},
                            {.enabled = false, .filter = kFirst}, {}));
    const MessageId id = h.send(0, {.unwanted = kFirst});
    h.step(at(0), MessagesWanted{});
    h.step(at(2'000), MessagesWanted{});
    EXPECT_EQ(h.only<Move>().message, id);
    EXPECT_TRUE(h.all<Drop>().empty());
    EXPECT_EQ(h.receivedNow(), Ids{id});
}

TEST(UnwantedMessages, ninthMappingsHaveFiltersToo)
{
    Configuration c = oneQueue({}, {.enabled = false});
    c.mappings.resize(8, c.mappings[0]);
    c.mappings.push_back({.filter = kFirst});
    QueueHarness h(c);
    const MessageId id = h.send(0, {.unwanted = kFirst});
    EXPECT_EQ(h.droppedNow(), Ids{id});
    EXPECT_EQ(h.all<Drop>()[0].reason.a, 8U) << "which mapping it was";
}

} // namespace
