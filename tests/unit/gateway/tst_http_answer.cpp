#include <gtest/gtest.h>

#include "gateway/http_answer.h"

namespace coldframe::gateway {

struct AnswerCase {
    const char* name;
    HttpPayload payload;
    const char* result;
    int status;
    const char* headers;
    std::string body;
    const char* problem = "";
};

class ResultOfAFunction : public testing::TestWithParam<AnswerCase> { };

TEST_P(ResultOfAFunction, BecomesAnAnswer)
{
    const HttpAnswer answer = httpAnswer(GetParam().result, GetParam().payload);
    EXPECT_EQ(answer.problem, GetParam().problem);
    EXPECT_EQ(answer.status, GetParam().status);
    EXPECT_EQ(answer.headers, GetParam().headers);
    EXPECT_EQ(answer.body, GetParam().body);
}

constexpr auto V1 = HttpPayload::V1, V2 = HttpPayload::V2;
constexpr const char* kJson = "Content-Type: application/json\r\n";
constexpr const char* kText = "Content-Type: text/plain;charset=UTF-8\r\n";
constexpr const char* kBad = R"({"message":"Internal server error"})";

/// Of what a function made with a loop that did not end.
TEST(HttpAnswer, ofADeepResultIsRefused)
{
    constexpr std::size_t kLevels = 500'000;
    const std::string deep = std::string(kLevels, '[') + std::string(kLevels, ']');
    for (const std::string& result : {deep, R"({"statusCode": )" + deep + '}',
                                      R"({"statusCode": 200, "headers": {"x": )" + deep + "}}"})
        EXPECT_EQ(httpAnswer(result, HttpPayload::V2).problem,
                  "the result is nested deeper than 200 lists and objects");
}

INSTANTIATE_TEST_SUITE_P(Inferred, ResultOfAFunction,
                         testing::Values(AnswerCase{"object", V2, R"({"a": 1})", 200, kJson,
                                                    R"({"a": 1})"},
                                         AnswerCase{"text", V2, R"("Hello from \"us\"!")", 200,
                                                    kJson, R"(Hello from "us"!)"},
                                         AnswerCase{"number", V2, "17", 200, kJson, "17"},
                                         AnswerCase{"null", V2, "null", 200, kJson, "null"},
                                         AnswerCase{"list", V2, "[1]", 200, kJson, "[1]"}));

INSTANTIATE_TEST_SUITE_P(
    Full, ResultOfAFunction,
    testing::Values(
        AnswerCase{"status alone", V2, R"({"statusCode": 204})", 204, kText, ""},
        AnswerCase{"status as text", V2, R"({"statusCode": "404", "body": "no"})", 404, kText,
                   "no"},
        AnswerCase{"headers", V2,
                   R"({"statusCode": 200, "headers": {"content-type": "image/png", "X-N": 5,
                       "X-B": true}, "cookies": ["a=b", "c=d; Path=/"], "body": "x"})",
                   200,
                   "X-B: true\r\nX-N: 5\r\ncontent-type: image/png\r\nSet-Cookie: a=b\r\n"
                   "Set-Cookie: c=d; Path=/\r\n",
                   "x"},
        AnswerCase{"base64", V2, R"({"statusCode": 200, "body": "AAEC", "isBase64Encoded": true})",
                   200, kText, std::string("\0\1\2", 3)},
        AnswerCase{"the connection's own are left out", V2,
                   R"({"statusCode": 200, "headers": {"Content-Length": "9",
                       "Transfer-Encoding": "chunked", "connection": "close"}, "body": "x"})",
                   200, kText, "x"},
        AnswerCase{"multi of 1.0", V1,
                   R"({"statusCode": 200, "headers": {"a": "1", "b": "2"},
                       "multiValueHeaders": {"a": ["3", "4"]}, "body": "x"})",
                   200, "b: 2\r\na: 3\r\na: 4\r\nContent-Type: application/json\r\n", "x"},
        AnswerCase{"null parts", V1, R"({"statusCode": 200, "headers": null, "body": null})", 200,
                   kJson, ""},
        AnswerCase{"cookies are nothing to 1.0", V1,
                   R"({"statusCode": 200, "cookies": ["a=b"], "body": ""})", 200, kJson, ""}));

INSTANTIATE_TEST_SUITE_P(
    Bad, ResultOfAFunction,
    testing::Values(
        AnswerCase{"not json", V2, "{", 502, kJson, kBad, "the result is not JSON"},
        AnswerCase{"1.0 without status", V1, R"({"body": "x"})", 502, kJson, kBad,
                   "payload format 1.0 needs an object with statusCode and a body that is a text"},
        AnswerCase{"1.0 text", V1, R"("x")", 502, kJson, kBad,
                   "payload format 1.0 needs an object with statusCode and a body that is a text"},
        AnswerCase{"status word", V2, R"({"statusCode": "fine"})", 502, kJson, kBad,
                   "statusCode must be a number from 200 to 599, got \"fine\""},
        AnswerCase{"status of the connection", V2, R"({"statusCode": 101})", 502, kJson, kBad,
                   "statusCode must be a number from 200 to 599, got 101"},
        AnswerCase{"status with a fraction", V2, R"({"statusCode": 200.5})", 502, kJson, kBad,
                   "statusCode must be a number from 200 to 599, got 200.5"},
        AnswerCase{"body object", V2, R"({"statusCode": 200, "body": {}})", 502, kJson, kBad,
                   "body must be a text, got object; make it one with JSON.stringify or "
                   "json.dumps"},
        AnswerCase{"split answer", V2,
                   R"({"statusCode": 200, "headers": {"a": "b\r\nSet-Cookie: stolen=1"}})", 502,
                   kJson, kBad,
                   "\"a\" cannot be a header: its name or value has characters that headers must "
                   "not have"},
        AnswerCase{"odd name", V2, R"({"statusCode": 200, "headers": {"a b": "c"}})", 502, kJson,
                   kBad,
                   "\"a b\" cannot be a header: its name or value has characters that headers must "
                   "not have"},
        AnswerCase{"header list", V2, R"({"statusCode": 200, "headers": {"a": ["b"]}})", 502, kJson,
                   kBad, "the header a must be a text, got [\"b\"]"},
        AnswerCase{"broken base64", V2,
                   R"({"statusCode": 200, "body": "*", "isBase64Encoded": true})", 502, kJson, kBad,
                   "isBase64Encoded is true, but the body is not base64"}));

} // namespace coldframe::gateway
