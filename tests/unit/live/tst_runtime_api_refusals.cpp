#include "runtime_bench.h"

// What the Runtime API refuses, and that no refusal harms the instance.
using namespace coldframe::live::test;

namespace {

TEST(RuntimeApi, anInitErrorAfterReadyIsForbidden)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    RawClient second(bench.port());
    const Answer answer = second.exchange(failInit("{}"));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(typeOf(answer), "InvalidStateTransition");
    EXPECT_EQ(client.exchange(respond(kId, "1")).status, 202);
    stillServes(bench, client);
}

TEST(RuntimeApi, nextWhileAnInvocationIsUnderWayIsForbidden)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    const Answer answer = client.exchange(next());
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(typeOf(answer), "InvalidStateTransition");
    EXPECT_EQ(client.exchange(respond(kId, "1")).status, 202);
    stillServes(bench, client);
}

TEST(RuntimeApi, anUnknownRequestIdIsRefused)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    for (const std::string& request :
         {respond("unknown", "1"), fail("unknown", "{}"), respond("", "1")}) {
        const Answer answer = client.exchange(request);
        EXPECT_EQ(answer.status, 400) << request;
        EXPECT_EQ(typeOf(answer), "InvalidRequestID") << request;
    }
    EXPECT_EQ(client.exchange(respond(kId, "1")).status, 202);
    stillServes(bench, client);
}

TEST(RuntimeApi, aSecondAnswerToTheSameInvocationIsRefused)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    EXPECT_EQ(client.exchange(respond(kId, "1")).status, 202);
    EXPECT_EQ(typeOf(client.exchange(respond(kId, "2"))), "InvalidRequestID");
    EXPECT_EQ(typeOf(client.exchange(fail(kId, "{}"))), "InvalidRequestID");
    EXPECT_EQ(bench.last(), "response: 1");
    stillServes(bench, client);
}

TEST(RuntimeApi, anAnswerAfterTheAttemptWasGivenUpIsRefused)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    bench.onLoop([&] { bench.api->abandon(); });
    EXPECT_EQ(typeOf(client.exchange(respond(kId, "1"))), "InvalidRequestID");
    EXPECT_EQ(bench.last(), "taken");
}

TEST(RuntimeApi, aResponseAtTheLimitPassesAndOneByteMoreIsTooLarge)
{
    RuntimeBench bench({.responseBytes = 1000, .streamBytes = 2000});
    RawClient client = busy(bench);
    EXPECT_EQ(client.exchange(respond(kId, std::string(1000, '1'))).status, 202);
    bench.deliver("second");
    client.exchange(next());
    const Answer answer = client.exchange(respond("second", std::string(1001, '1')));
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.body,
              "{\"errorMessage\":\"Exceeded maximum allowed payload size (1000 bytes).\","
              "\"errorType\":\"RequestEntityTooLarge\"}\n");
    EXPECT_EQ(bench.last(), "too large");
    RawClient again(bench.port());
    stillServes(bench, again);
}

TEST(RuntimeApi, aChunkedResponseOverTheLimitIsTooLargeToo)
{
    RuntimeBench bench({.responseBytes = 1000, .streamBytes = 2000});
    RawClient client = busy(bench);
    client.send("POST " + kBase + "invocation/" + kId
                + "/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"
                + std::string(1001, '1') + "\r\n0\r\n\r\n");
    EXPECT_EQ(client.read().status, 413);
    EXPECT_EQ(bench.last(), "too large");
}

TEST(RuntimeApi, aResponseThatBreaksOffIsTruncated)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    client.send("POST " + kBase + "invocation/" + kId
                + "/response HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n\"half");
    client.finishSending();
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(typeOf(answer), "TruncatedHTTPRequest");
    EXPECT_EQ(bench.last(), "truncated");
    RawClient again(bench.port());
    stillServes(bench, again);
}

TEST(RuntimeApi, aResponseCutByADeadProcessIsTruncated)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    client.send("POST " + kBase + "invocation/" + kId
                + "/response HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n\"half");
    client.reset();
    EXPECT_TRUE(bench.isTold("truncated"));
}

TEST(RuntimeApi, anUnknownResponseModeIsRefusedAndTheInvocationStaysOpen)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    const Answer answer
        = client.exchange(respond(kId, "1", "Lambda-Runtime-Function-Response-Mode: drip\r\n"));
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(typeOf(answer), "InvalidFunctionResponseMode");
    EXPECT_EQ(client.exchange(respond(kId, "2")).status, 202);
    EXPECT_EQ(bench.last(), "response: 2");
}

struct Row {
    const char* name;
    std::string bytes;
    int status;
    const char* type;
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}
class Garbage : public testing::TestWithParam<Row> { };

TEST_P(Garbage, isRefusedAndHarmsNothing)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    RawClient other(bench.port());
    const Answer answer = other.exchange(GetParam().bytes);
    EXPECT_EQ(answer.status, GetParam().status);
    EXPECT_EQ(typeOf(answer), GetParam().type);
    // Whoever wrote the client is told as well.
    EXPECT_EQ(bench.onLoop([&] { return bench.refusals; }), 1U);
    EXPECT_TRUE(bench.onLoop([&] { return bench.lastRefusal; })
                    .starts_with(std::to_string(GetParam().status) + ' '))
        << bench.lastRefusal;
    EXPECT_EQ(client.exchange(respond(kId, "1")).status, 202);
    stillServes(bench, client);
}

INSTANTIATE_TEST_SUITE_P(
    RuntimeApi, Garbage,
    testing::Values(
        Row{"notHttp", "\x16\x03\x01 hello\r\n\r\n", 400, "InvalidRequest"},
        Row{"unknownCoding",
            "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: x\r\n"
            "Transfer-Encoding: gzip\r\n\r\n",
            501, "InvalidRequest"},
        Row{"headerOverTheLimit",
            "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(1'200'000, 'x') + "\r\n\r\n", 431,
            "InvalidRequest"},
        Row{"unknownPath", coldframe::http::test::get("/2018-06-01/runtime/nothing"), 404,
            "NotFound"},
        Row{"unknownVersion", coldframe::http::test::get("/2015-03-31/runtime/invocation/next"),
            404, "NotFound"},
        Row{"nextWithTheWrongMethod",
            coldframe::http::test::post("/2018-06-01/runtime/invocation/next", ""), 404,
            "NotFound"},
        Row{"answerWithTheWrongMethod",
            coldframe::http::test::get("/2018-06-01/runtime/invocation/x/response"), 404,
            "NotFound"},
        Row{"invocationWithoutAVerb",
            coldframe::http::test::post("/2018-06-01/runtime/invocation/x", ""), 404, "NotFound"},
        Row{"invocationWithAnUnknownVerb",
            coldframe::http::test::post("/2018-06-01/runtime/invocation/x/praise", ""), 404,
            "NotFound"},
        Row{"snapStart", coldframe::http::test::get("/2018-06-01/runtime/restore/next"), 404,
            "NotFound"}),
    [](const auto& row) { return std::string(row.param.name); });

} // namespace
