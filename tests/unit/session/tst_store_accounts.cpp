#include <gmock/gmock.h>

#include "session/store_accounts.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace std::chrono_literals;
using s3::Operation;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

TimePoint at(Duration time)
{
    return TimePoint(1h) + time;
}

s3::RequestReport report(Operation operation, const std::string& key, std::uint64_t bytes = 0,
                         int status = 200, Duration begun = 0ms, Duration ended = 0ms)
{
    return {.bucket = "out",
            .key = key,
            .operation = operation,
            .bytes = bytes,
            .status = status,
            .begun = at(begun),
            .ended = at(ended)};
}

TEST(StoreAccounts, anInstanceIsKnownByItsKey)
{
    EXPECT_EQ(accessKeyOf(17), "COLDFRAME00000000017");
    EXPECT_EQ(accessKeyOf(4'294'967'295U).size(), 20U);
    for (const std::uint32_t serial : {0U, 17U, 4'294'967'295U})
        EXPECT_EQ(instanceOf(accessKeyOf(serial)), serial);
    for (const char* other : {"", "x", "COLDFRAMEDUMMYKEY", "COLDFRAME0000000001x",
                              "COLDFRAME99999999999", "AKIAIOSFODNN7EXAMPLE"})
        EXPECT_EQ(instanceOf(other), std::nullopt) << other;
}

TEST(StoreAccounts, whatIsWrittenIsOutputOnce)
{
    StoreAccounts accounts;
    accounts.add(1, report(Operation::PutObject, "a", 10));
    accounts.add(1, report(Operation::CopyObject, "b", 20));
    accounts.add(1, report(Operation::PutObject, "a", 11));
    accounts.add(1, report(Operation::CompleteMultipartUpload, "c", 30));
    accounts.add(1, report(Operation::UploadPart, "c", 30));
    accounts.add(1, report(Operation::GetObject, "d", 40));
    accounts.add(1, report(Operation::PutObject, "refused", 0, 412));
    accounts.add(1, report(Operation::PutObject, "cut off", 0, 0));
    accounts.add(2, report(Operation::PutObject, "of another", 1));
    EXPECT_THAT(
        accounts.take(1).outputs,
        ElementsAre(Output{"out", "a", 11}, Output{"out", "b", 20}, Output{"out", "c", 30}));
    EXPECT_TRUE(accounts.take(1).empty()); // the next attempt begins with nothing
    accounts.forget(2);
    EXPECT_TRUE(accounts.take(2).empty());
}

TEST(StoreAccounts, whatIsRemovedAgainIsNone)
{
    StoreAccounts accounts;
    for (const char* key : {"a", "b", "c"})
        accounts.add(1, report(Operation::PutObject, key, 1));
    accounts.add(1, report(Operation::DeleteObject, "a", 0, 204));
    accounts.add(1, report(Operation::DeleteObject, "of others", 0, 204));
    accounts.add(1, report(Operation::PutObject, "c", 2));
    EXPECT_THAT(accounts.take(1).outputs,
                ElementsAre(Output{"out", "b", 1}, Output{"out", "c", 2}));
}

TEST(StoreAccounts, theListIsBoundedAndTheRestCounted)
{
    StoreAccounts accounts;
    for (std::size_t i = 0; i < kMostOutputs + 5; ++i)
        accounts.add(1, report(Operation::PutObject, std::to_string(i), 1));
    const StoreWork work = accounts.take(1);
    EXPECT_EQ(work.outputs.size(), kMostOutputs);
    EXPECT_EQ(work.moreOutputs, 5U);
}

TEST(StoreAccounts, messagesAreOutputsOfWhoSentThem)
{
    StoreAccounts accounts;
    accounts.add(1, report(Operation::PutObject, "a", 10));
    accounts.sent(1, "parts", "m-1", 7);
    accounts.sent(1, "parts", "m-2", 8);
    accounts.sent(2, "parts", "m-3", 9);
    accounts.add(1, report(Operation::DeleteObject, "a"));
    EXPECT_THAT(accounts.take(1).outputs,
                ElementsAre(Output{"parts", "m-1", 7}, Output{"parts", "m-2", 8}));
    for (std::size_t i = 0; i < kMostOutputs + 2; ++i)
        accounts.sent(3, "parts", "m", 1);
    EXPECT_EQ(accounts.take(3).moreOutputs, 2U);
}

TEST(StoreAccounts, timesOfRequestsThatOverlapCountOnce)
{
    StoreAccounts accounts;
    accounts.add(1, report(Operation::GetObject, "a", 0, 200, 0ms, 10ms));
    accounts.add(1, report(Operation::PutObject, "x", 0, 200, 5ms, 25ms));
    accounts.add(1, report(Operation::GetObject, "b", 0, 404, 30ms, 32ms));
    accounts.add(1, report(Operation::ListObjectsV2, "", 0, 200, 31ms, 35ms));
    accounts.add(1, report(Operation::GetObject, "c", 0, 200, 33ms, 34ms));
    const StoreWork work = accounts.take(1);
    EXPECT_EQ(work.retrieval, 15ms);
    EXPECT_EQ(work.storing, 20ms);
}

TEST(BusyTime, isTheUnionOfItsSpans)
{
    struct Row {
        const char* name;
        std::vector<std::pair<Duration, Duration>> spans; ///< in order of their ends
        Duration total;
    };
    const Row rows[]{
        {"none", {}, 0ms},
        {"one", {{1ms, 3ms}}, 2ms},
        {"apart", {{1ms, 2ms}, {5ms, 6ms}}, 2ms},
        {"touching", {{1ms, 2ms}, {2ms, 3ms}}, 2ms},
        {"overlapping", {{1ms, 3ms}, {2ms, 4ms}}, 3ms},
        {"the same", {{1ms, 3ms}, {1ms, 3ms}}, 2ms},
        {"one around two and their gap", {{1ms, 2ms}, {5ms, 6ms}, {0ms, 7ms}}, 7ms},
        {"one around the later only", {{1ms, 2ms}, {5ms, 6ms}, {4ms, 7ms}}, 4ms},
        {"one within an earlier gap that ended late", {{1ms, 2ms}, {5ms, 6ms}, {3ms, 6ms}}, 4ms},
    };
    for (const Row& row : rows) {
        BusyTime busy;
        for (const auto& [begun, ended] : row.spans)
            busy.add(at(begun), at(ended));
        EXPECT_EQ(busy.total(), row.total) << row.name;
    }
}

} // namespace
