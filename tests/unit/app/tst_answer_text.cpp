#include "answer_text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace coldframe;
using namespace coldframe::commands;
using namespace std::chrono_literals;

namespace {

session::Answer coldAnswer()
{
    session::Answer answer;
    answer.requestId = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
    answer.payload = "{\n  \"id\": 12345678901234567890123,\n  \"text\": \"a \\\" b\"\n}\n";
    answer.log = "START RequestId: 8476\nREPORT RequestId: 8476";
    answer.cold = true;
    answer.reasonText = "Cold: there was no instance yet.";
    answer.spawn = 300us;
    answer.init = 71ms;
    answer.sandbox = 140ms;
    answer.desk = 12'340us;
    answer.platform = 15ms;
    answer.billed = 87ms;
    answer.memoryMb = 256;
    answer.peakMemoryKb = 10'240;
    answer.stores
        = {.outputs = {{"clean", "a \"b\".jsonl", 210}}, .retrieval = 1'250us, .storing = 2ms};
    answer.cost = Money::fromPicodollars(562'700);
    return answer;
}

struct Row {
    const char* name;
    const char* text;
    const char* compact;
};
class CompactJson : public testing::TestWithParam<Row> { };

TEST_P(CompactJson, changesWhiteSpaceBetweenTokensOnly)
{
    EXPECT_EQ(compactJson(GetParam().text), GetParam().compact);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, CompactJson,
    testing::Values(Row{"object", "{ \"a\" : [1, 2] }\n", R"({"a":[1,2]})"},
                    Row{"spaces_in_strings", R"({"a b": " c "})", R"({"a b":" c "})"},
                    Row{"escaped_quotes", R"(["\" , \"" , "\\" ])", R"(["\" , \"","\\"])"},
                    Row{"long_numbers", "12345678901234567890.10", "12345678901234567890.10"},
                    Row{"a_key_used_twice", R"({"a": 1, "a": 2})", R"({"a":1,"a":2})"},
                    Row{"no_json", "<html>\"", R"("<html>\"")"}),
    [](const auto& row) { return row.param.name; });

TEST(AnswerJson, isOneLineWithTheResultAsItCame)
{
    EXPECT_EQ(answerJson("uppercase", coldAnswer()),
              R"({"function":"uppercase","status":"succeeded",)"
              R"("result":{"id":12345678901234567890123,"text":"a \" b"},)"
              R"("requestId":"8476a536-e9f4-11e8-9739-2dfe598c3fcd","cold":true,"debugged":false,)"
              R"("reason":"Cold: there was no instance yet.","spawnMs":0.300,"initMs":71.000,)"
              R"("sandboxMs":140.000,"deskMs":12.340,"platformMs":15.000,"billedMs":87.000,)"
              R"("retrievalMs":1.250,"storingMs":2.000,)"
              R"("outputs":[{"store":"clean","key":"a \"b\".jsonl","bytes":210}],)"
              R"("memoryMb":256,"peakMemoryMb":10.0,)"
              R"("log":"START RequestId: 8476\nREPORT RequestId: 8476","costUsd":0.0000005627})"
              "\n");
}

TEST(AnswerJson, aThrottledCallHasNoResult)
{
    session::Answer answer;
    answer.throttled = true;
    const auto document = nlohmann::json::parse(answerJson("f", answer));
    EXPECT_EQ(document["status"], "throttled");
    EXPECT_TRUE(document["result"].is_null());
}

TEST(AnswerJson, bytesThatAreNoTextDoNotSpoilIt)
{
    session::Answer answer = coldAnswer();
    answer.log = "before \xff after";
    EXPECT_TRUE(nlohmann::json::accept(answerJson("f", answer)));
}

TEST(AnswerText, saysTheLogTheReasonAndBothTimes)
{
    EXPECT_EQ(answerText(coldAnswer()),
              "START RequestId: 8476\nREPORT RequestId: 8476\n"
              "Cold: there was no instance yet.\n"
              "12.3 ms on this desk (measured), 15.0 ms on the platform (modelled), "
              "0.0000005627 USD\n");
}

} // namespace
