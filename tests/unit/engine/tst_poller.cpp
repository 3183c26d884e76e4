#include <gtest/gtest.h>

#include "engine/poller.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace std::chrono_literals;

// What AWS publishes of SQS event source mappings (Lambda developer guide, read 2026-11): 5 batches
// to start, 300 more a minute, 1,250 at most, back to 5; fewer after errors. Steps between are
// ours.
namespace {

TimePoint ms(std::int64_t n)
{
    return TimePoint(std::chrono::milliseconds(n));
}

/// A poller over a queue that never runs dry, unless told.
struct Bench {
    /// Receives and launches all that may be, one message a batch.
    void fill(std::int64_t at)
    {
        while (poller.wish(ms(at), rules).messages > 0) {
            poller.received(ms(at), rules, rules.batchSize, 1, false);
            ASSERT_TRUE(poller.launches(rules));
            poller.launched(false);
        }
        poller.settle(ms(at), rules, true);
    }
    MappingRules rules;
    Poller poller;
};

TEST(Poller, startsWithFiveBatchesAtOnce)
{
    Bench b;
    b.fill(0);
    EXPECT_EQ(b.poller.running(), 5U);
}

TEST(Poller, addsThreeHundredAMinuteUpTo1250WhileMessagesRemain)
{
    Bench b;
    b.fill(0);
    // Evenly: one every 200 ms, and the deadline says when.
    for (std::uint32_t more = 1; more <= 1245; ++more) {
        const std::int64_t at = more * 200;
        EXPECT_EQ(b.poller.nextDeadline(b.rules), ms(at));
        b.fill(at - 1);
        ASSERT_EQ(b.poller.running(), 4 + more);
        b.fill(at);
        ASSERT_EQ(b.poller.running(), 5 + more);
    }
    EXPECT_EQ(b.poller.running(), 1250U); // after 249 s
    EXPECT_FALSE(b.poller.nextDeadline(b.rules));
    b.fill(600'000);
    EXPECT_EQ(b.poller.running(), 1250U);
}

TEST(Poller, theRampIsTheSameToTheSecondHoweverOftenItIsLookedAt)
{
    for (const std::int64_t every : {1, 37, 1'000, 60'000}) {
        Bench b;
        for (std::int64_t at = 0; at <= 60'000; at += every)
            b.fill(at);
        b.fill(60'000);
        EXPECT_EQ(b.poller.running(), 305U) << every;
    }
}

TEST(Poller, timeWithoutMessagesDoesNotCount)
{
    Bench b;
    b.fill(0);
    b.fill(1'000);
    EXPECT_EQ(b.poller.running(), 10U);
    b.poller.settle(ms(1'000), b.rules, false);
    EXPECT_FALSE(b.poller.nextDeadline(b.rules));
    b.fill(31'000); // one batch is at work all the time: nothing is lost, nothing gained
    EXPECT_EQ(b.poller.running(), 10U);
    b.fill(31'200);
    EXPECT_EQ(b.poller.running(), 11U);
}

TEST(Poller, isBackAtFiveWhenNothingRemainsAndNothingIsAtWork)
{
    Bench b;
    b.fill(0);
    b.fill(2'000);
    EXPECT_EQ(b.poller.running(), 15U);
    for (int i = 0; i < 15; ++i) {
        b.poller.settle(ms(2'000), b.rules, false);
        EXPECT_EQ(b.poller.allowed(b.rules), 15U);
        b.poller.ended(ms(0), ms(2'000), b.rules, Poller::End::Succeeded);
    }
    b.poller.settle(ms(2'000), b.rules, false);
    EXPECT_EQ(b.poller.allowed(b.rules), 5U);
}

struct ConcurrencyRow {
    const char* name;
    std::uint32_t most;
    std::uint32_t atOnce, after10Minutes;
};
class MaximumConcurrency : public testing::TestWithParam<ConcurrencyRow> { };
TEST_P(MaximumConcurrency, boundsStartAndRamp)
{
    Bench b;
    b.rules.maxConcurrency = GetParam().most;
    b.fill(0);
    EXPECT_EQ(b.poller.running(), GetParam().atOnce);
    b.fill(600'000);
    EXPECT_EQ(b.poller.running(), GetParam().after10Minutes);
    EXPECT_FALSE(b.poller.nextDeadline(b.rules));
}
INSTANTIATE_TEST_SUITE_P(Poller, MaximumConcurrency,
                         testing::Values(ConcurrencyRow{"two", 2, 2, 2},
                                         ConcurrencyRow{"seven", 7, 5, 7},
                                         ConcurrencyRow{"thousand", 1000, 5, 1000},
                                         ConcurrencyRow{"none", 0, 5, 1250}),
                         [](const auto& row) { return row.param.name; });

TEST(Poller, timeAtTheMaximumIsNotSavedUp)
{
    Bench b;
    b.rules.maxConcurrency = 6;
    b.fill(0);
    b.fill(600'000);
    b.rules.maxConcurrency = 0; // raised after ten minutes
    b.fill(600'000);
    EXPECT_EQ(b.poller.running(), 6U);
    b.fill(600'200);
    EXPECT_EQ(b.poller.running(), 7U);
}

TEST(Poller, aFailureHalvesTheBatchesOnceForAllThatBeganBefore)
{
    Bench b;
    b.fill(0);
    b.fill(3'000);
    EXPECT_EQ(b.poller.running(), 20U);
    b.poller.ended(ms(0), ms(3'100), b.rules, Poller::End::Failed);
    EXPECT_EQ(b.poller.allowed(b.rules), 10U);
    for (int i = 0; i < 18; ++i)
        b.poller.ended(ms(0), ms(3'100), b.rules, Poller::End::Failed);
    EXPECT_EQ(b.poller.allowed(b.rules), 10U);
    b.poller.ended(ms(3'100), ms(3'150), b.rules, Poller::End::Failed); // began after it
    EXPECT_EQ(b.poller.allowed(b.rules), 5U);
}

TEST(Poller, failuresLeadToTwoAtLeastAndSuccessesBack)
{
    Bench b;
    std::int64_t at = 0;
    for (int i = 0; i < 10; ++i, ++at) {
        b.poller.received(ms(at), b.rules, 1, 1, true);
        b.poller.launched(false);
        b.poller.ended(ms(at), ms(at + 1), b.rules, Poller::End::Failed);
        b.poller.settle(ms(at + 1), b.rules, false); // all hidden: nothing remains for now
    }
    EXPECT_EQ(b.poller.allowed(b.rules), 2U);
    for (const std::uint32_t then : {3U, 4U, 5U, 5U}) {
        b.poller.received(ms(at), b.rules, 1, 1, true);
        b.poller.launched(false);
        b.poller.ended(ms(at), ms(at), b.rules, Poller::End::Succeeded);
        EXPECT_EQ(b.poller.allowed(b.rules), then);
    }
}

/// Assumed: so that messages that are hidden for less do not go round at one instant.
TEST(Poller, restsForASecondFromALaunchThatFoundNoRoomOrFailedInNoTime)
{
    using End = Poller::End;
    for (const End end : {End::Throttled, End::Failed, End::SomeFailed}) {
        Bench b;
        b.rules.pollersPerMinute = 0;
        b.fill(1'000);
        b.poller.ended(ms(1'000), ms(1'000), b.rules, end);
        b.fill(1'999);
        EXPECT_EQ(b.poller.running(), 4U);
        EXPECT_EQ(b.poller.nextDeadline(b.rules), ms(2'000));
        b.fill(2'000);
        EXPECT_EQ(b.poller.running(), 5U);
    }
}

TEST(Poller, doesNotRestAfterWorkThatTookItsTime)
{
    using End = Poller::End;
    for (const auto& [end, after] : {std::pair(End::Throttled, 1'000), std::pair(End::Failed, 1),
                                     std::pair(End::Succeeded, 0)}) {
        Bench b;
        b.rules.pollersPerMinute = 0;
        b.fill(0);
        b.poller.ended(ms(0), ms(after), b.rules, end);
        b.fill(after);
        EXPECT_EQ(b.poller.running(), 5U);
    }
}

TEST(Poller, aPartialFailureDoesNotSlowItDown)
{
    Bench b;
    b.fill(0);
    b.poller.ended(ms(0), ms(1), b.rules, Poller::End::SomeFailed);
    EXPECT_EQ(b.poller.allowed(b.rules), 5U);
    b.poller.ended(ms(0), ms(1), b.rules, Poller::End::Throttled);
    EXPECT_EQ(b.poller.allowed(b.rules), 2U);
}

TEST(Poller, withoutAWindowABatchGoesWithWhatIsThere)
{
    Bench b;
    EXPECT_EQ(b.poller.wish(ms(0), b.rules).messages, 10U);
    EXPECT_TRUE(b.poller.wish(ms(0), b.rules).first);
    b.poller.received(ms(0), b.rules, 3, 300, false);
    EXPECT_TRUE(b.poller.launches(b.rules));
}

TEST(Poller, theWindowCountsFromTheFirstMessage)
{
    Bench b;
    b.rules.batchSize = 100;
    b.rules.window = 20s;
    b.poller.received(ms(5'000), b.rules, 40, 4'000, false);
    EXPECT_FALSE(b.poller.launches(b.rules));
    EXPECT_EQ(b.poller.nextDeadline(b.rules), ms(25'000));
    const auto wish = b.poller.wish(ms(9'000), b.rules);
    EXPECT_EQ(wish.messages, 60U);
    EXPECT_FALSE(wish.first);
    EXPECT_EQ(wish.bytes, 6U * 1024 * 1024 - 4'000);
    b.poller.received(ms(9'000), b.rules, 30, 3'000, false);
    EXPECT_EQ(b.poller.nextDeadline(b.rules), ms(25'000));
    b.poller.due(ms(24'999), b.rules);
    EXPECT_FALSE(b.poller.launches(b.rules));
    b.poller.due(ms(25'000), b.rules);
    EXPECT_TRUE(b.poller.launches(b.rules));
    EXPECT_EQ(b.poller.wish(ms(25'000), b.rules).messages, 0U); // closed
    b.poller.launched(false);
    EXPECT_FALSE(b.poller.launches(b.rules));
    EXPECT_FALSE(b.poller.nextDeadline(b.rules));
}

TEST(Poller, aFullBatchGoesBeforeItsWindowIsOver)
{
    Bench b;
    b.rules.batchSize = 100;
    b.rules.window = 20s;
    b.poller.received(ms(0), b.rules, 100, 100, false);
    EXPECT_TRUE(b.poller.launches(b.rules));
    EXPECT_EQ(b.poller.wish(ms(0), b.rules).messages, 0U);
}

TEST(Poller, aBatchIsFullWhenTheNextMessageWouldPassSixMegabytes)
{
    Bench b;
    b.rules.batchSize = 10'000;
    b.rules.window = 300s;
    b.poller.received(ms(0), b.rules, 6, 6U * 1024 * 1024, false);
    EXPECT_FALSE(b.poller.launches(b.rules)); // nothing more fits, but none has come yet
    EXPECT_EQ(b.poller.wish(ms(0), b.rules).bytes, 0U);
    b.poller.received(ms(1), b.rules, 0, 0, true);
    EXPECT_TRUE(b.poller.launches(b.rules));
}

TEST(Poller, whatIsSwitchedOffReceivesNothingAndSendsWhatItHas)
{
    Bench b;
    b.rules.window = 20s;
    b.poller.received(ms(0), b.rules, 3, 300, false);
    b.rules.enabled = false;
    EXPECT_EQ(b.poller.wish(ms(1), b.rules).messages, 0U);
    EXPECT_TRUE(b.poller.launches(b.rules));
    b.poller.launched(true);
    b.poller.settle(ms(1), b.rules, true);
    EXPECT_FALSE(b.poller.nextDeadline(b.rules));
}

} // namespace
