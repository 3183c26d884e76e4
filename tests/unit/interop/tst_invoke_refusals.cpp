// Calls that are not let through, and how they are worded.

#include <gmock/gmock.h>

#include "model/base64.h"
#include "invoke_server.h"

namespace coldframe::interop::test {
namespace {

struct Row {
    const char* name;
    std::string request;
    int status;
    std::string type, body;
};

class InvokeRefusals : public testing::TestWithParam<Row> { };

TEST_P(InvokeRefusals, areWordedAsThePlatformDoes)
{
    InvokeServer server;
    const Answer answer = RawClient(server.port).exchange(GetParam().request);
    EXPECT_EQ(answer.status, GetParam().status);
    EXPECT_TRUE(answer.has("x-amzn-ErrorType: " + GetParam().type)) << answer.head;
    EXPECT_TRUE(answer.has("Content-Type: application/json")) << answer.head;
    EXPECT_TRUE(answer.has("x-amzn-RequestId: " + std::string(kRequestId))) << answer.head;
    EXPECT_EQ(answer.body, GetParam().body);
    EXPECT_TRUE(server.backend.calls.empty());
}

std::string user(const std::string& message)
{
    return R"({"Type":"User","message":")" + message + "\"}";
}

std::string context(const std::string& value)
{
    return "X-Amz-Client-Context: " + value + "\r\n";
}

const std::string kContent = "InvalidRequestContentException";
const std::string kParameter = "InvalidParameterValueException";
const std::string kTooLarge = "RequestTooLargeException";
const std::string kParse
    = "Could not parse request body into json: Could not parse payload into json: ";
const std::string kBadContext = user("Client context must be a valid Base64-encoded JSON object.");

INSTANTIATE_TEST_SUITE_P(
    Content, InvokeRefusals,
    testing::Values(
        Row{"notJson", invocation("upper", "{\"a\":x}"), 400, kContent,
            user(kParse + "Unexpected character 'x' at line 1, column 6")},
        Row{"notJsonInADryRun", invocation("upper", "{", "X-Amz-Invocation-Type: DryRun\r\n"), 400,
            kContent, user(kParse + "Unexpected end-of-input at line 1, column 2")},
        Row{"unknownType", invocation("upper", "{}", "X-Amz-Invocation-Type: Later\r\n"), 400,
            kParameter,
            user(
                R"(X-Amz-Invocation-Type must be RequestResponse, Event or DryRun, got \"Later\")")},
        Row{"unknownLogType", invocation("upper", "{}", "X-Amz-Log-Type: Head\r\n"), 400,
            kParameter, user(R"(X-Amz-Log-Type must be None or Tail, got \"Head\")")},
        Row{"contextNotBase64", invocation("upper", "{}", context("e3*=")), 400, kContent,
            kBadContext},
        Row{"contextNotJson", invocation("upper", "{}", context(toBase64("{a}"))), 400,
            kContent, kBadContext},
        Row{"contextNotAnObject", invocation("upper", "{}", context(toBase64("[]"))), 400,
            kContent, kBadContext},
        Row{"contextTooLong", invocation("upper", "{}", context(std::string(3584, 'A'))), 400,
            kContent, user("Client context must not exceed 3583 bytes, got 3584")},
        Row{"badName", invocation("a:b:c", "{}"), 400, kParameter,
            user(R"(\"a:b:c\" names no function: use NAME, NAME:QUALIFIER, )"
                 R"(ACCOUNT:function:NAME or a whole ARN)")}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Size, InvokeRefusals,
    testing::Values(
        Row{"synchronous", invocation("upper", std::string(2001, '1')), 413, kTooLarge,
            user("2001 byte payload is too large for the RequestResponse invocation type (limit "
                 "2000 bytes)")},
        Row{"asynchronous",
            invocation("upper", std::string(1001, '1'), "X-Amz-Invocation-Type: Event\r\n"), 413,
            kTooLarge,
            user("1001 byte payload is too large for the Event invocation type (limit 1000 "
                 "bytes)")},
        Row{"asynchronousAndFarTooLarge",
            invocation("upper", std::string(5000, '1'), "X-Amz-Invocation-Type: Event\r\n"), 413,
            kTooLarge,
            user("5000 byte payload is too large for the Event invocation type (limit 1000 "
                 "bytes)")},
        Row{"inChunks",
            "POST /2015-03-31/functions/upper/invocations HTTP/1.1\r\nHost: localhost\r\n"
            "Transfer-Encoding: chunked\r\n\r\nfff\r\n",
            413, kTooLarge,
            user("Request must be smaller than 2000 bytes for the InvokeFunction operation")}),
    [](const auto& row) { return row.param.name; });

std::string unknownPath(const std::string& request)
{
    return R"({"Type":"User","Message":"Coldframe's Invoke API serves )"
           R"(POST /2015-03-31/functions/NAME/invocations, )"
           R"(POST /2014-11-13/functions/NAME/invoke-async/, GET /2015-03-31/functions/, )"
           R"(GET /2015-03-31/functions/NAME and GET /2015-03-31/functions/NAME/configuration; )"
           R"(not )"
        + request + "\"}";
}

const std::string kUnknown = "UnknownOperationException";

INSTANTIATE_TEST_SUITE_P(
    Paths, InvokeRefusals,
    testing::Values(Row{"root", get("/"), 404, kUnknown, unknownPath("GET /")},
                    Row{"getOfInvocations", get("/2015-03-31/functions/upper/invocations"), 404,
                        kUnknown, unknownPath("GET /2015-03-31/functions/upper/invocations")},
                    Row{"otherMethod",
                        "DELETE /2015-03-31/functions/upper HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        404, kUnknown, unknownPath("DELETE /2015-03-31/functions/upper")},
                    Row{"otherService", http::test::post("/?Action=ListQueues", ""), 404, kUnknown,
                        unknownPath("POST /?Action=ListQueues")},
                    Row{"create", http::test::post("/2015-03-31/functions", "{}"), 404, kUnknown,
                        unknownPath("POST /2015-03-31/functions")},
                    Row{"nearlyTheRightPath", get("/2015-03-31/functionsupper"), 404, kUnknown,
                        unknownPath("GET /2015-03-31/functionsupper")}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Callers, InvokeRefusals,
    testing::Values(
        Row{"foreignHost", "GET /2015-03-31/functions/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403,
            "AccessDeniedException",
            R"({"Type":"User","Message":"This API answers on this computer only: the Host header )"
            R"(must be 127.0.0.1, localhost or [::1], not \"evil.example\". Call it by one of )"
            R"(these names."})"},
        Row{"webPage", invocation("upper", "{}", "Origin: https://evil.example\r\n"), 403,
            "AccessDeniedException",
            R"({"Type":"User","Message":"A web page from \"https://evil.example\" may not call )"
            R"(this API, which is on \"localhost\". Call it from a program, or from a page of the )"
            R"(same host."})"},
        Row{"malformedHttp", "HELLO\r\n\r\n", 400, kContent,
            user("the first line of the request is not METHOD TARGET HTTP/1.1")},
        Row{"otherTransferCoding",
            "POST /2015-03-31/functions/upper/invocations HTTP/1.1\r\nHost: localhost\r\n"
            "Transfer-Encoding: gzip\r\n\r\n",
            501, "ServiceException",
            user(R"(only the transfer coding \"chunked\" is understood)")}),
    [](const auto& row) { return row.param.name; });

struct ThrottleRow {
    const char* name;
    Throttle why;
    int seconds;
    std::string reason;
};

class InvokeThrottles : public testing::TestWithParam<ThrottleRow> { };

TEST_P(InvokeThrottles, sayWhichLimitAndWhenToComeBack)
{
    InvokeServer server;
    server.backend.answer
        = [](InvokeReply& reply) { reply.error(throttled(GetParam().why, GetParam().seconds)); };
    const Answer answer = RawClient(server.port).exchange(invocation("upper", "{}"));
    EXPECT_EQ(answer.status, 429);
    EXPECT_TRUE(answer.has("x-amzn-ErrorType: TooManyRequestsException")) << answer.head;
    EXPECT_TRUE(answer.has("Retry-After: " + std::to_string(GetParam().seconds))) << answer.head;
    EXPECT_EQ(answer.body,
              R"({"Reason":")" + GetParam().reason
                  + R"(","Type":"User","message":"Rate Exceeded."})");
}

INSTANTIATE_TEST_SUITE_P(
    Rows, InvokeThrottles,
    testing::Values(
        ThrottleRow{"reserved", Throttle::Reserved, 1,
                    "ReservedFunctionConcurrentInvocationLimitExceeded"},
        ThrottleRow{"account", Throttle::Account, 1, "ConcurrentInvocationLimitExceeded"},
        ThrottleRow{"scaleUp", Throttle::ScaleUp, 10, "FunctionInvocationRateLimitExceeded"},
        ThrottleRow{"thisMachine", Throttle::Caller, 2, "CallerRateLimitExceeded"}),
    [](const auto& row) { return row.param.name; });

TEST(InvokePort, takenOneSaysWhatToDo)
{
    InvokeServer server;
    boost::asio::io_context io;
    FakeBackend backend;
    const auto second = InvokeApi::listen(io, server.port, backend);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Error::Code::Unavailable);
    EXPECT_THAT(second.error().message, testing::HasSubstr(std::to_string(server.port)));
    EXPECT_FALSE(second.error().hint.empty());
}

TEST(InvokePort, closingDropsCallersAndKeepsRepliesHarmless)
{
    boost::asio::io_context io;
    FakeBackend backend;
    std::vector<InvokeReply> parked;
    backend.answer = [&](InvokeReply& reply) { parked.push_back(std::move(reply)); };
    auto api = InvokeApi::listen(io, 0, backend);
    ASSERT_TRUE(api);
    RawClient client((*api)->port(), invocation("upper", "1"));
    while (parked.empty())
        io.run_one();
    (*api)->close();
    parked[0].result(std::make_shared<const std::string>("1"), false);
    EXPECT_TRUE(client.ended());
}

} // namespace
} // namespace coldframe::interop::test
