// What the answers of functions mean for batches of a stream. Behaviour recorded from AWS in
// LocalStack's tests, 2025-11-25: what is empty is success, what names nothing it knows is failure.
#include <gtest/gtest.h>

#include "session/shard_answer.h"

using namespace coldframe;
using namespace coldframe::session;
using End = engine::Shard::End;

namespace {

struct Row {
    const char* name;
    const char* answer;
    End end = End::Succeeded;
    std::size_t firstFailed = 0;
    const char* problem = "";
};
class Answers : public testing::TestWithParam<Row> { };

TEST_P(Answers, meanThis)
{
    const ShardAnswer read = readShardAnswer(
        GetParam().answer, {.failures = true, .sequences = {"4965", "4966", "4967"}});
    EXPECT_EQ(read.answer.end, GetParam().end);
    EXPECT_EQ(read.answer.firstFailed, GetParam().firstFailed);
    EXPECT_EQ(read.problem, GetParam().problem);
    EXPECT_FALSE(read.state || read.answer.stateTooLarge);
}

INSTANTIATE_TEST_SUITE_P(
    Streams, Answers,
    testing::Values(
        Row{"nothing", ""}, Row{"null", "null"}, Row{"emptyText", R"("")"},
        Row{"emptyObject", "{}"}, Row{"emptyArray", "[]"},
        Row{"nullList", R"({"batchItemFailures": null})"},
        Row{"emptyList", R"({"batchItemFailures": []})"},
        Row{"lowestOfSeveral",
            R"({"batchItemFailures": [{"itemIdentifier": "4967"}, {"itemIdentifier": "4966"}]})",
            End::SomeFailed, 1},
        Row{"unknownIdentifier", R"({"batchItemFailures": [{"itemIdentifier": "1"}]})", End::Failed,
            0, R"(batchItemFailures[0]: the batch has no item "1")"},
        Row{"emptyIdentifier", R"({"batchItemFailures": [{"itemIdentifier": ""}]})", End::Failed, 0,
            "batchItemFailures[0]: itemIdentifier is empty"},
        Row{"wrongKey", R"({"batchItemFailures": [{"foo": "4965"}]})", End::Failed, 0,
            "batchItemFailures[0]: has no itemIdentifier"}),
    [](const auto& row) { return row.param.name; });

TEST(AnswersOfBatches, areNotReadUnlessThatWasAgreed)
{
    EXPECT_EQ(readShardAnswer("{", {.sequences = {"1"}}).answer.end, End::Succeeded);
    EXPECT_EQ(readShardAnswer(R"({"batchItemFailures": [{}]})", {.sequences = {"1"}}).answer.end,
              End::Succeeded);
}

TEST(State, isTakenOverBesideFailures)
{
    const ShardQuestion question{.state = true, .failures = true, .sequences = {"1", "2"}};
    const ShardAnswer read = readShardAnswer(
        R"({"state": {"a": 1.50}, "batchItemFailures": [{"itemIdentifier": "2"}]})", question);
    EXPECT_EQ(read.state, R"({"a":1.50})");
    EXPECT_EQ(read.answer.end, End::SomeFailed);
    EXPECT_EQ(readShardAnswer(R"({"state": "text"})", question).state, R"("text")");
    const ShardAnswer failed = readShardAnswer(
        R"({"state": {"a": 1}, "batchItemFailures": [{"itemIdentifier": "3"}]})", question);
    EXPECT_FALSE(failed.state) << "of a batch that failed";
}

TEST(State, ofTheEndOfAWindowHasNoRecordsThatCouldFail)
{
    const ShardAnswer read
        = readShardAnswer(R"({"state": {}, "batchItemFailures": [{"itemIdentifier": "3"}]})",
                          {.state = true, .failures = true});
    EXPECT_EQ(read.answer.end, End::Succeeded);
}

TEST(State, aboveOneMegabyteEndsTheWindow)
{
    const auto answer = [](std::size_t bytes) {
        return readShardAnswer("{\"state\": \"" + std::string(bytes - 2, 'x') + "\"}",
                               {.state = true, .mostStateBytes = 2 * kMaxWindowState});
    };
    EXPECT_FALSE(answer(kMaxWindowState).answer.stateTooLarge);
    const ShardAnswer large = answer(kMaxWindowState + 1);
    EXPECT_TRUE(large.answer.stateTooLarge);
    EXPECT_EQ(large.answer.end, End::Succeeded);
    EXPECT_EQ(answer(2 * kMaxWindowState + 1).problem,
              "the state has 2097153 bytes, 2097152 are the most that can be handed on");
}

class StateMissing : public testing::TestWithParam<Row> { };

TEST_P(StateMissing, isAFailedInvocation)
{
    const ShardAnswer read = readShardAnswer(GetParam().answer, {.state = true});
    EXPECT_EQ(read.answer.end, End::Failed);
    EXPECT_EQ(read.problem, GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, StateMissing,
    testing::Values(
        Row{"null", "null", End::Failed, 0, "the answer is no object with a state"},
        Row{"list", "[1]", End::Failed, 0, "the answer is no object with a state"},
        Row{"none", "{}", End::Failed, 0, "the answer has no state"},
        Row{"nullState", R"({"state": null})", End::Failed, 0, "the answer has no state"},
        Row{"otherCase", R"({"State": {}})", End::Failed, 0, "the answer has no state"},
        Row{"noJson", "{", End::Failed, 0,
            "the answer is no JSON: the file ends inside the object that begins at line "
            "1, column 1"}),
    [](const auto& row) { return row.param.name; });

} // namespace
