// What a shard keeps of its windows, what events say of them, and the platform's record
// of what is given up.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mangled.h"
#include "session/shard_failure.h"
#include "session/shard_state.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const TimePoint kStart{1'772'615'700s};

TEST(KeptWindow, isReadAsItWasWritten)
{
    for (const bool open : {false, true}) {
        const KeptWindow window{{kStart, open}, R"({"a": [1, " open "]})"};
        const auto read = parseWindow(windowText(window));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->mark, window.mark);
        EXPECT_EQ(read->state, window.state);
    }
}

TEST(KeptWindow, ofAnythingElseIsNone)
{
    for (const char* text : {"", "open", "12", "12 open", "12 open {", "12 ajar {}", "x open {}"})
        EXPECT_FALSE(parseWindow(text)) << text;
}

TEST(KeptWindow, ofAnyTimeCanBeReckonedWith)
{
    for (const char* text : {"9223372036854775807 open {}", "-9223372036854775808 open {}"}) {
        const auto read = parseWindow(text);
        ASSERT_TRUE(read) << text;
        EXPECT_GE(read->mark.from, TimePoint());
        EXPECT_GT(read->mark.from + 15min, read->mark.from);
    }
}

TEST(KeptWindow, mangledIsNoneOrAnother)
{
    std::mt19937 random(test::seedToTry());
    for (int round = 0; round < 3'000; ++round) {
        const KeptWindow window{{kStart, true}, R"({"a": [1, {"b": "c"}]})"};
        const auto read = parseWindow(test::mangled(windowText(window), random));
        if (read) {
            EXPECT_EQ(parseWindow(windowText(*read))->mark, read->mark);
        }
    }
}

TEST(WindowMembers, areThoseOfThePlatform)
{
    const engine::Shard::Window window{kStart, kStart + 2min, true, false};
    const std::string event = R"({"Records":[])"
        + windowMembers(window, R"({"1":282})", "shardId-000000000006", "arn:x\"") + "}";
    EXPECT_EQ(json::parse(event), json::parse(R"({"Records":[],
        "window":{"start":"2026-03-04T09:15:00Z","end":"2026-03-04T09:17:00Z"},
        "state":{"1":282},"shardId":"shardId-000000000006","eventSourceARN":"arn:x\"",
        "isFinalInvokeForWindow":true,"isWindowTerminatedEarly":false})"));
}

FailedBatch failedBatch()
{
    return {.function = "f",
            .requestId = "1d9f2c7e",
            .condition = "RetryAttemptsExhausted",
            .attempts = 2,
            .batchInfo = "DDBStreamBatchInfo",
            .arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/x",
            .shardId = "shardId-0",
            .firstSequence = "17",
            .lastSequence = "18",
            .firstArrival = kStart,
            .lastArrival = kStart + 1s,
            .size = 2,
            .functionFailed = true,
            .body = "{\"Records\":[]}"};
}

TEST(FailureRecord, isThatOfThePlatform)
{
    EXPECT_EQ(json::parse(failureRecord(failedBatch(), kStart + 2s)), json::parse(R"({
        "requestContext":{"requestId":"1d9f2c7e",
            "functionArn":"arn:aws:lambda:us-east-1:000000000000:function:f",
            "condition":"RetryAttemptsExhausted","approximateInvokeCount":2},
        "responseContext":{"statusCode":200,"executedVersion":"$LATEST",
            "functionError":"Unhandled"},
        "version":"1.0","timestamp":"2026-03-04T09:15:02.000Z",
        "DDBStreamBatchInfo":{"shardId":"shardId-0","startSequenceNumber":"17",
            "endSequenceNumber":"18","approximateArrivalOfFirstRecord":"2026-03-04T09:15:00.000Z",
            "approximateArrivalOfLastRecord":"2026-03-04T09:15:01.000Z","batchSize":2,
            "streamArn":"arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/x"},
        "payload":"{\"Records\":[]}"})"));
}

TEST(FailureRecord, saysWhatTheFunctionDidOnlyWhereThePlatformDoes)
{
    FailedBatch named = failedBatch();
    named.functionFailed = false; // its answer named records
    const json record = json::parse(failureRecord(named, kStart));
    EXPECT_TRUE(record["responseContext"]["functionError"].is_null());
    FailedBatch old = failedBatch();
    old.condition = "RecordAgeExceeded";
    EXPECT_FALSE(json::parse(failureRecord(old, kStart)).contains("responseContext"));
    old.attempts = 0; // on arrival, already
    EXPECT_EQ(json::parse(failureRecord(old, kStart))["requestContext"]["approximateInvokeCount"],
              1);
}

} // namespace
