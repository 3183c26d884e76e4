// Tumbling windows. Source of the rules: Lambda developer guide, "Implementing stateful Kinesis
// Data Streams processing in Lambda", read 2026-11.
#include <gtest/gtest.h>

#include "shard_bench.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;
using namespace std::chrono_literals;
using End = Shard::End;

namespace {

struct Windows : ShardBench {
    explicit Windows(ShardRules with = {}) : ShardBench((with.tumblingWindowS = 10, with)) { }
    /// Goes to that second and adds so many records there.
    void addAt(std::int64_t second, std::size_t count)
    {
        now = ms(second * 1000);
        add(count);
    }
    void lookAt(std::int64_t second)
    {
        now = ms(second * 1000);
        looked();
    }
};

TEST(ShardWindow, holdsItsRecordsAndEndsWithAnInvocationOfItsOwn)
{
    Windows b;
    b.addAt(1003, 2);
    EXPECT_EQ(b.next(), "0: 0 1 [1000 1010]");
    b.succeed();
    EXPECT_EQ(b.next(), "");
    EXPECT_EQ(b.wait(), 7'000);
    EXPECT_EQ(b.next(), "") << "nobody has looked whether more came";
    b.looked();
    EXPECT_EQ(b.next(), "0: [1000 1010] final");
    b.succeed();
    EXPECT_EQ(b.next(), "");
    EXPECT_FALSE(b.shard.nextDeadline()) << "no window is open";
}

TEST(ShardWindow, ofLaterRecordsEndsTheOneBefore)
{
    Windows b({.batchSize = 3, .batchWindowS = 60});
    b.addAt(1008, 1);
    b.addAt(1009, 1);
    EXPECT_EQ(b.next(), "");
    b.addAt(1010, 1);
    EXPECT_EQ(b.next(), "0: 0 1 [1000 1010]") << "no other can join them";
    b.succeed();
    EXPECT_EQ(b.next(), "0: [1000 1010] final");
    b.succeed();
    EXPECT_EQ(b.next(), "");
    b.lookAt(1020);
    EXPECT_EQ(b.next(), "0: 2 [1010 1020]") << "the batch ends with its window";
}

TEST(ShardWindow, withoutRecordsDoesNotExist)
{
    Windows b;
    b.addAt(1000, 1);
    b.next();
    b.succeed();
    b.addAt(1055, 1);
    EXPECT_EQ(b.next(), "0: [1000 1010] final");
    b.succeed();
    EXPECT_EQ(b.next(), "0: 1 [1050 1060]");
}

TEST(ShardWindow, isNotLeftBeforeItsBatchesAreDone)
{
    Windows b({.batchSize = 2, .maximumRetryAttempts = 1});
    b.addAt(1000, 2);
    b.next();
    b.fail();
    b.lookAt(1020);
    EXPECT_EQ(b.next(), "0: 0 1 [1000 1010]");
    b.fail();
    EXPECT_EQ(b.next(), "0: 0 1 exhausted [1000 1010]");
    b.shard.givenUp(0);
    EXPECT_EQ(b.next(), "0: [1000 1010] final");
}

TEST(ShardWindow, isTriedToBeEndedUntilThatSucceeds)
{
    Windows b({.maximumRetryAttempts = 1});
    b.addAt(1000, 1);
    b.next();
    b.succeed();
    b.addAt(1010, 1);
    for (int attempt = 0; attempt < 5; ++attempt) {
        EXPECT_EQ(b.next(), "0: [1000 1010] final");
        b.fail();
        EXPECT_EQ(b.wait(), 200 << attempt);
    }
    EXPECT_EQ(b.next(), "0: [1000 1010] final");
    b.succeed();
    EXPECT_EQ(b.next(), "0: 1 [1010 1020]");
}

TEST(ShardWindow, endsEarlyWhenItsStateIsTooLargeAndGoesOnWithAFreshOne)
{
    Windows b({.batchSize = 2});
    b.addAt(1000, 4);
    EXPECT_EQ(b.next(), "0: 0 1 [1000 1010]");
    b.shard.ended(b.now, 0, {.end = End::Succeeded, .stateTooLarge = true});
    EXPECT_EQ(b.next(), "0: [1000 1010] final early");
    b.succeed();
    EXPECT_FALSE(b.shard.window().open);
    EXPECT_EQ(b.next(), "0: 2 3 [1000 1010]");
    b.succeed();
    b.lookAt(1010);
    EXPECT_EQ(b.next(), "0: [1000 1010] final");
}

TEST(ShardWindow, endsEarlyBeforeTheRestOfABatchIsTried)
{
    Windows b({.batchSize = 4, .reportBatchItemFailures = true});
    b.addAt(1000, 4);
    b.next();
    b.shard.ended(b.now, 0, {.end = End::SomeFailed, .firstFailed = 1, .stateTooLarge = true});
    EXPECT_EQ(b.next(), "0: [1000 1010] final early");
    b.succeed();
    EXPECT_EQ(b.next(), "0: 1 2 3 [1000 1010]");
}

TEST(ShardWindow, recordsThatComeAfterItsEndCountInTheNext)
{
    Windows b;
    b.addAt(1005, 1);
    b.next();
    b.succeed();
    b.lookAt(1010);
    EXPECT_EQ(b.next(), "0: [1000 1010] final");
    b.succeed();
    b.shard.add(b.now, {.bytes = 1, .arrival = ms(1'009'999)});
    b.looked();
    EXPECT_EQ(b.next(), "0: 1 [1010 1020]");
}

TEST(ShardWindow, goesOnAfterARestart)
{
    Windows first;
    first.addAt(1005, 1);
    first.next();
    first.succeed();
    const Shard::WindowMark mark = first.shard.window();
    EXPECT_EQ(mark, (Shard::WindowMark{ms(1'000'000), true}));

    Windows b;
    b.shard.resume(mark, false);
    b.addAt(1007, 1);
    EXPECT_EQ(b.next(), "0: 0 [1000 1010]");
    b.succeed();
    Windows late;
    late.shard.resume(mark, false);
    late.lookAt(2000);
    EXPECT_EQ(late.next(), "0: [1000 1010] final");
    Windows large;
    large.shard.resume(mark, true);
    large.lookAt(1007);
    EXPECT_EQ(large.next(), "0: [1000 1010] final early");
}

} // namespace
