// What a shard does with batches that failed in part, or may be halved. Source of the rules: Lambda
// developer guide, "Configuring partial batch response with Kinesis Data Streams and Lambda", read
// 2026-11.
#include <gtest/gtest.h>

#include "shard_bench.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;
using End = Shard::End;

namespace {

/// Tries until the shard has nothing more; a batch that holds `poison` fails. All orders.
std::vector<std::string> run(ShardBench& b, Shard::Place poison)
{
    std::vector<std::string> orders;
    for (int step = 0; step < 100 && b.shard.begin() < b.shard.end(); ++step) {
        const std::string order = b.next();
        if (order.empty()) {
            b.wait();
            continue;
        }
        orders.push_back(order);
        const auto& records = b.last->records;
        if (b.last->giveUp)
            b.shard.givenUp(0);
        else if (std::ranges::find(records, poison) != records.end())
            b.fail();
        else
            b.succeed();
    }
    return orders;
}

TEST(ShardBisect, isolatesOneRecordAndHalvingUsesUpNoRetry)
{
    ShardBench b({.batchSize = 8, .maximumRetryAttempts = 1, .bisectBatchOnFunctionError = true});
    b.add(9);
    EXPECT_EQ(
        run(b, 5),
        (std::vector<std::string>{"0: 0 1 2 3 4 5 6 7", "0: 0 1 2 3", "0: 4 5 6 7", "0: 4 5",
                                  "0: 4", "0: 5", "0: 5", "0: 5 exhausted", "0: 6 7", "0: 8"}));
}

TEST(ShardBisect, ofAnOddNumberIsStillInOrder)
{
    ShardBench b({.batchSize = 5, .maximumRetryAttempts = 0, .bisectBatchOnFunctionError = true});
    b.add(5);
    EXPECT_EQ(run(b, 2),
              (std::vector<std::string>{"0: 0 1 2 3 4", "0: 0 1", "0: 2 3 4", "0: 2",
                                        "0: 2 exhausted", "0: 3 4"}));
}

TEST(ShardBisect, pausesBeforeEachHalfAsAfterAFirstFailure)
{
    ShardBench b({.batchSize = 4, .bisectBatchOnFunctionError = true});
    b.add(4);
    for (const char* batch : {"0: 0 1 2 3", "0: 0 1", "0: 0"}) {
        EXPECT_EQ(b.next(), batch);
        b.fail();
        EXPECT_EQ(b.wait(), 200);
    }
    EXPECT_EQ(b.next(), "0: 0");
    EXPECT_EQ(b.last->attempts, 1U);
    b.fail();
    EXPECT_EQ(b.wait(), 400);
}

TEST(ShardPartial, lowestFailureIsTheCheckpointAndTheRestIsTriedAgain)
{
    ShardBench b({.batchSize = 4, .maximumRetryAttempts = 2, .reportBatchItemFailures = true});
    b.add(5);
    EXPECT_EQ(b.next(), "0: 0 1 2 3");
    b.end(End::SomeFailed, 2);
    EXPECT_EQ(b.shard.begin(), 2U);
    EXPECT_EQ(b.next(), "");
    EXPECT_EQ(b.wait(), 200);
    EXPECT_EQ(b.next(), "0: 2 3");
    EXPECT_EQ(b.last->attempts, 1U) << "that was a try";
    b.end(End::SomeFailed, 1);
    b.wait();
    EXPECT_EQ(b.next(), "0: 3");
    b.end(End::SomeFailed, 0);
    EXPECT_EQ(b.next(), "0: 3 exhausted");
    EXPECT_EQ(b.last->attempts, 3U);
    b.shard.givenUp(0);
    EXPECT_EQ(b.next(), "0: 4");
}

TEST(ShardPartial, ofTheFirstRecordIsTheWholeBatch)
{
    ShardBench b({.batchSize = 2, .maximumRetryAttempts = 0, .reportBatchItemFailures = true});
    b.add(2);
    b.next();
    b.end(End::SomeFailed, 0);
    EXPECT_EQ(b.next(), "0: 0 1 exhausted");
}

TEST(ShardPartial, withBisectionSplitsAtTheRecordAndIsNoTry)
{
    ShardBench b({.batchSize = 8,
                  .maximumRetryAttempts = 0,
                  .bisectBatchOnFunctionError = true,
                  .reportBatchItemFailures = true});
    b.add(8);
    EXPECT_EQ(b.next(), "0: 0 1 2 3 4 5 6 7");
    b.end(End::SomeFailed, 5);
    b.wait();
    EXPECT_EQ(b.next(), "0: 5 6 7");
    EXPECT_EQ(b.last->attempts, 0U);
    b.end(End::SomeFailed, 0);
    b.wait();
    EXPECT_EQ(b.next(), "0: 5") << "nothing to split off: it is halved";
    b.end(End::SomeFailed, 0);
    EXPECT_EQ(b.next(), "0: 5 exhausted");
    b.shard.givenUp(0);
    EXPECT_EQ(b.next(), "0: 6 7");
    b.succeed();
    EXPECT_EQ(b.shard.begin(), 8U);
}

} // namespace
