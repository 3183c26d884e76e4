// Batches of a shard: how they are made, tried again and given up. Source of the rules: Lambda
// developer guide, "Process Amazon Kinesis Data Streams records with Lambda", read 2026-11.
#include <gtest/gtest.h>

#include "shard_bench.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;
using namespace std::chrono_literals;
using End = Shard::End;

namespace {

TEST(ShardBatch, isWhatIsThereUpToItsSize)
{
    ShardBench b({.batchSize = 3});
    EXPECT_EQ(b.next(), "");
    b.add(4);
    EXPECT_EQ(b.next(), "0: 0 1 2");
    EXPECT_EQ(b.next(), "") << "one at a time";
    b.succeed();
    EXPECT_EQ(b.next(), "0: 3");
}

TEST(ShardBatch, waitsForItsWindowFromItsFirstRecordOn)
{
    ShardBench b({.batchSize = 3, .batchWindowS = 10});
    b.add(1);
    b.now += 4s;
    b.add(1);
    EXPECT_EQ(b.next(), "");
    EXPECT_EQ(b.wait(), 6'000);
    EXPECT_EQ(b.next(), "0: 0 1");
    b.succeed();
    b.add(3);
    EXPECT_EQ(b.next(), "0: 2 3 4") << "full before its time";
}

TEST(ShardBatch, waitsForWhatTheSourceHasButWhereNothingFits)
{
    ShardBench b({.batchSize = 4});
    b.add(2);
    b.looked(true);
    EXPECT_EQ(b.next(), "");
    b.looked(false);
    EXPECT_EQ(b.next(), "0: 0 1");
    ShardBench lanes({.batchSize = 10, .parallelizationFactor = 2}, {.maxBatchBytes = 100});
    lanes.shard.add(lanes.now, {.bytes = 10, .arrival = lanes.now, .key = 0});
    lanes.looked(true);
    EXPECT_EQ(lanes.next(), "");
    lanes.shard.add(lanes.now, {.bytes = 290, .arrival = lanes.now, .key = 1});
    EXPECT_EQ(lanes.shard.room().records, 0U);
    EXPECT_EQ(lanes.next(), "0: 0");
}

TEST(ShardBatch, leavesAtSoManyBytesAndTakesOneThatIsLargerAlone)
{
    ShardBench b({.batchSize = 100, .batchWindowS = 60}, {.maxBatchBytes = 100});
    for (const std::uint32_t bytes : {60U, 40U, 150U, 60U, 41U})
        b.shard.add(b.now, {.bytes = bytes, .arrival = b.now});
    b.looked();
    for (const char* batch : {"0: 0 1", "0: 2", "0: 3"}) {
        EXPECT_EQ(b.next(), batch);
        b.succeed();
    }
    EXPECT_EQ(b.next(), "") << "60 + 41 did not fit, 41 alone waits for more";
}

TEST(ShardRoom, isForTheBatchesUnderWayAndOneMore)
{
    ShardBench b({.batchSize = 10}, {.maxBatchBytes = 1000});
    EXPECT_EQ(b.shard.room().records, 20U);
    EXPECT_EQ(b.shard.room().bytes, 2000U);
    b.add(15);
    EXPECT_EQ(b.shard.room().records, 5U);
    EXPECT_EQ(b.shard.room().bytes, 1850U);
    b.add(5);
    EXPECT_EQ(b.shard.room().records, 0U);
    EXPECT_EQ(b.next(), "0: 0 1 2 3 4 5 6 7 8 9");
    b.end(End::SomeFailed, 4);
    EXPECT_EQ(b.shard.room().records, 4U);
}

TEST(ShardRoom, staysForLanesThatAreFreeWhateverWaitsForOneThatIsBlocked)
{
    ShardBench b({.batchSize = 10, .parallelizationFactor = 2});
    b.add(1, 0);
    EXPECT_EQ(b.next(), "0: 0");
    std::size_t done = 0;
    while (b.shard.room().records > 0) { // every other record is of the blocked key
        const std::size_t count = std::min<std::size_t>(b.shard.room().records, 10);
        for (std::size_t i = 0; i < count; ++i)
            b.add(1, i % 2);
        while (!b.next().empty()) {
            ++done;
            b.succeed(1);
        }
        ASSERT_LE(b.shard.end() - b.shard.begin(), 10'000U);
    }
    EXPECT_EQ(b.shard.end(), 10'000U) << "as far as lanes may be ahead";
    EXPECT_GE(done, 450U) << "batches of the other key";
}

TEST(ShardRoom, endsWhereALaneIsTooFarAheadOfOneThatIsBlocked)
{
    ShardBench b({.batchSize = 100, .parallelizationFactor = 2});
    b.add(1, 0);
    EXPECT_EQ(b.next(), "0: 0");
    std::size_t ahead = 0;
    while (b.shard.room().records > 0) {
        const std::size_t count = std::min<std::size_t>(b.shard.room().records, 100);
        b.add(count, 1);
        ahead += count;
        ASSERT_NE(b.next(), "");
        b.succeed(1);
        ASSERT_LE(ahead, 10'000U);
    }
    EXPECT_EQ(ahead, 9'999U);
    EXPECT_EQ(b.shard.begin(), 0U);
    b.succeed(0);
    EXPECT_EQ(b.shard.begin(), 10'000U);
    EXPECT_GT(b.shard.room().records, 0U);
}

TEST(ShardCheckpoint, isBehindAllThatIsDoneAndWhatWasLeftOutCountsSo)
{
    ShardBench b({.batchSize = 2});
    b.shard.add(b.now, {.bytes = 1, .arrival = b.now, .done = true});
    EXPECT_EQ(b.shard.begin(), 1U);
    b.add(1);
    b.shard.add(b.now, {.bytes = 1, .arrival = b.now, .done = true});
    b.add(1);
    EXPECT_EQ(b.next(), "0: 1 3");
    EXPECT_EQ(b.shard.begin(), 1U);
    EXPECT_TRUE(b.shard.isDone(2));
    b.succeed();
    EXPECT_EQ(b.shard.begin(), 4U);
    EXPECT_EQ(b.shard.room().records, 4U);
}

TEST(ShardRetry, comesAfterGrowingPausesForeverByDefault)
{
    ShardBench b({.batchSize = 2});
    b.add(3);
    for (const std::int64_t pause :
         {200, 400, 800, 1'600, 3'200, 6'400, 12'800, 25'600, 30'000, 30'000, 30'000}) {
        ASSERT_EQ(b.next(), "0: 0 1");
        b.fail();
        ASSERT_EQ(b.next(), "");
        ASSERT_EQ(b.wait(), pause);
    }
    EXPECT_EQ(b.next(), "0: 0 1");
    EXPECT_EQ(b.last->attempts, 11U);
    b.succeed();
    EXPECT_EQ(b.next(), "0: 2") << "without a pause";
}

TEST(ShardRetry, pausesAreDividedByTheTimeScale)
{
    ShardBench b({.batchSize = 2}, {.timeScale = 10});
    b.add(1);
    b.next();
    b.fail();
    EXPECT_EQ(b.wait(), 20);
}

TEST(ShardRetry, isGivenUpAfterSoManyAndTheNextBatchFollowsOnceItIsKept)
{
    ShardBench b({.batchSize = 2, .maximumRetryAttempts = 1});
    b.add(3);
    for (int attempt = 0; attempt < 2; ++attempt) {
        b.wait();
        EXPECT_EQ(b.next(), "0: 0 1");
        b.fail();
    }
    EXPECT_EQ(b.next(), "0: 0 1 exhausted");
    EXPECT_EQ(b.last->attempts, 2U);
    EXPECT_EQ(b.next(), "");
    EXPECT_EQ(b.shard.begin(), 0U);
    b.shard.givenUp(0);
    EXPECT_EQ(b.shard.begin(), 2U);
    EXPECT_EQ(b.next(), "0: 2");
    EXPECT_EQ(b.last->attempts, 0U);
}

TEST(ShardRetry, doesNotCountWhatIsThrottled)
{
    ShardBench b({.batchSize = 2, .maximumRetryAttempts = 0});
    b.add(1);
    for (const std::int64_t pause : {200, 400, 800}) {
        EXPECT_EQ(b.next(), "0: 0");
        b.end(End::Throttled);
        EXPECT_EQ(b.wait(), pause);
    }
    EXPECT_EQ(b.next(), "0: 0");
    EXPECT_EQ(b.last->attempts, 0U);
    b.fail();
    EXPECT_EQ(b.next(), "0: 0 exhausted");
}

TEST(ShardAge, givesUpTheRecordsThatAreTooOldAndNoOthers)
{
    ShardBench b({.batchSize = 4, .maximumRecordAgeS = 60});
    b.add(2);
    b.now += 1ms;
    b.add(2);
    b.now += 60s;
    EXPECT_EQ(b.next(), "0: 0 1 too old");
    EXPECT_EQ(b.last->attempts, 0U);
    b.shard.givenUp(0);
    EXPECT_EQ(b.next(), "0: 2 3") << "sixty seconds are not too old";
    b.fail();
    b.wait();
    EXPECT_EQ(b.next(), "0: 2 3 too old");
    EXPECT_EQ(b.last->attempts, 1U);
    b.shard.givenUp(0);
    EXPECT_EQ(b.shard.begin(), 4U);
}

TEST(ShardAge, isLookedAtAfterTheRetries)
{
    ShardBench b({.maximumRetryAttempts = 0, .maximumRecordAgeS = 60});
    b.add(1);
    EXPECT_EQ(b.next(), "0: 0");
    b.now += 100s;
    b.fail();
    EXPECT_EQ(b.next(), "0: 0 exhausted");
}

TEST(ShardLanes, keepOneKeyInOneLaneAndTheCheckpointIsTheLowestUnfinished)
{
    ShardBench b({.batchSize = 2, .parallelizationFactor = 3});
    for (const std::uint64_t key : {0U, 1U, 0U, 1U, 4U, 0U})
        b.add(1, key);
    EXPECT_EQ(b.next(), "0: 0 2");
    EXPECT_EQ(b.next(), "1: 1 3");
    EXPECT_EQ(b.next(), "");
    b.succeed(1);
    EXPECT_EQ(b.next(), "1: 4");
    b.succeed(1);
    EXPECT_EQ(b.shard.begin(), 0U);
    EXPECT_TRUE(b.shard.isDone(4));
    b.fail(0);
    b.wait();
    EXPECT_EQ(b.next(), "0: 0 2") << "lane 0 is blocked, and 5 with it";
    b.succeed(0);
    EXPECT_EQ(b.shard.begin(), 5U);
}

} // namespace
