#include "runtime_bench.h"

// What one runtime says and hears, in the words of the stock clients for C++, Python and node.
using namespace coldframe::live::test;

namespace {

TEST(RuntimeApi, nextCarriesTheEventAndItsHeaders)
{
    RuntimeBench bench;
    RawClient client(bench.port());
    bench.deliver(kId, "{\"x\":1}");
    const Answer answer = client.exchange(next());
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "{\"x\":1}");
    EXPECT_TRUE(answer.has("Content-Type: application/json"));
    EXPECT_TRUE(answer.has("Lambda-Runtime-Aws-Request-Id: " + kId));
    EXPECT_TRUE(answer.has("Lambda-Runtime-Deadline-Ms: 1772615707412"));
    EXPECT_TRUE(answer.has("Lambda-Runtime-Invoked-Function-Arn: "
                           "arn:aws:lambda:eu-west-1:000000000000:function:f"));
    EXPECT_TRUE(answer.has("Lambda-Runtime-Trace-Id: Root=1-69a7f81b-8476a536e9f411e897392dfe;"
                           "Parent=97392dfe598c3fcd;Sampled=0"))
        << answer.head;
    EXPECT_EQ(answer.head.find("Client-Context"), std::string::npos)
        << "blank headers are left out";
    EXPECT_EQ(answer.head.find("Cognito"), std::string::npos);
    EXPECT_EQ(bench.told(), (std::vector<std::string>{"next", "taken"}));
}

TEST(RuntimeApi, theDeadlineMovesByWhatTheDeskCost)
{
    RuntimeBench bench;
    bench.late = std::chrono::milliseconds(588);
    RawClient client(bench.port());
    bench.deliver(kId);
    EXPECT_TRUE(client.exchange(next()).has("Lambda-Runtime-Deadline-Ms: 1772615708000"));
}

TEST(RuntimeApi, theClientContextOfTheCallerIsHandedOn)
{
    RuntimeBench bench;
    RawClient client(bench.port());
    bench.deliver(kId, "{}", R"({"custom":{"a":"b"}})");
    EXPECT_TRUE(
        client.exchange(next()).has(R"(Lambda-Runtime-Client-Context: {"custom":{"a":"b"}})"));
}

TEST(RuntimeApi, oneKeepAliveConnectionCarriesNextAndResponseInTurn)
{
    RuntimeBench bench;
    RawClient client(bench.port());
    for (int i = 0; i < 1000; ++i) {
        const std::string id = "id-" + std::to_string(i);
        bench.deliver(id, std::to_string(i));
        ASSERT_EQ(client.exchange(next()).body, std::to_string(i));
        const Answer answer = client.exchange(respond(id, "\"done\""));
        ASSERT_EQ(answer.status, 202);
        ASSERT_EQ(answer.body, "{\"status\":\"OK\"}\n");
    }
    EXPECT_TRUE(bench.isTold("response: \"done\"", 1000));
}

TEST(RuntimeApi, nextWaitsUntilThereIsAnEvent)
{
    RuntimeBench bench;
    RawClient client(bench.port(), next());
    ASSERT_TRUE(bench.isTold("next"));
    bench.deliver(kId, "\"late\"");
    EXPECT_EQ(client.read().body, "\"late\"");
}

TEST(RuntimeApi, aParkedConnectionThatClosesIsReplacedByTheNextOne)
{
    RuntimeBench bench;
    {
        RawClient gone(bench.port(), next());
        ASSERT_TRUE(bench.isTold("next"));
    }
    RawClient client(bench.port(), next());
    ASSERT_TRUE(bench.isTold("next", 2));
    bench.deliver(kId, "\"kept\"");
    EXPECT_EQ(client.read().body, "\"kept\"");
    EXPECT_EQ(client.exchange(respond(kId, "1")).status, 202);
}

TEST(RuntimeApi, anEventThatFindsTheConnectionClosedWaitsForTheNewOne)
{
    RuntimeBench bench;
    RawClient first(bench.port(), next());
    ASSERT_TRUE(bench.isTold("next"));
    RawClient second(bench.port(), next()); // drops the first: one parked request at a time
    ASSERT_TRUE(bench.isTold("next", 2));
    EXPECT_TRUE(first.ended());
    bench.deliver(kId, "\"once\"");
    EXPECT_EQ(second.read().body, "\"once\"");
}

TEST(RuntimeApi, aLargeEventArrivesWhole)
{
    RuntimeBench bench;
    RawClient client(bench.port());
    const std::string event = '"' + std::string(6'000'000, 'x') + '"';
    bench.deliver(kId, event);
    EXPECT_EQ(client.exchange(next()).body, event);
}

TEST(RuntimeApi, anErrorIsAcceptedWithAndWithoutItsHeaders)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    const std::string document = R"({"errorMessage":"no","errorType":"ValueError"})";
    EXPECT_EQ(client.exchange(fail(kId, document)).body, "{\"status\":\"OK\"}\n");
    EXPECT_EQ(bench.last(), "error : " + document);
    bench.deliver("second");
    client.exchange(next());
    EXPECT_EQ(client
                  .exchange(fail("second", document,
                                 "Lambda-Runtime-Function-Error-Type: Runtime.X\r\n"
                                 "Content-Type: application/vnd.aws.lambda.error+json\r\n"))
                  .status,
              202);
    EXPECT_EQ(bench.last(), "error Runtime.X: " + document);
}

TEST(RuntimeApi, anErrorCauseOfOneMebibyteIsAccepted)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    const std::string cause = "{\"exceptions\":\"" + std::string((1U << 20U) - 17, 'x') + "\"}";
    EXPECT_EQ(client
                  .exchange(fail(kId, "{}",
                                 "Lambda-Runtime-Function-Xray-Error-Cause: " + cause + "\r\n"))
                  .status,
              202);
    EXPECT_EQ(bench.last(), "error : {}");
    stillServes(bench, client);
}

TEST(RuntimeApi, anInitErrorOnASecondConnectionIsAcceptedWithExactly202)
{
    RuntimeBench bench;
    RawClient idle(bench.port()); // as a client's main connection that has asked nothing yet
    RawClient second(bench.port());
    const std::string document = R"({"errorMessage":"No module named 'x'"})";
    const Answer answer = second.exchange(
        failInit(document, "Lambda-Runtime-Function-Error-Type: Runtime.ImportModuleError\r\n"));
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.body, "{\"status\":\"OK\"}\n");
    EXPECT_EQ(bench.told(),
              std::vector<std::string>{"init error Runtime.ImportModuleError: " + document});
}

/// As node's client streams: on a connection of its own, with trailers announced.
std::string stream(const std::string& chunks, const std::string& trailers = {})
{
    return "POST " + kBase + "invocation/" + kId
        + "/response HTTP/1.1\r\nHost: x\r\n"
          "Content-Type: application/octet-stream\r\n"
          "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
          "Trailer: Lambda-Runtime-Function-Error-Type\r\n"
          "Trailer: Lambda-Runtime-Function-Error-Body\r\n"
          "Transfer-Encoding: chunked\r\n\r\n"
        + chunks + "0\r\n" + trailers + "\r\n";
}

TEST(RuntimeApi, aStreamedResponseIsPutTogether)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    RawClient second(bench.port());
    EXPECT_EQ(second.exchange(stream("5\r\nhello\r\n7\r\n, world\r\n")).status, 202);
    EXPECT_EQ(bench.last(), "streamed: hello, world");
    stillServes(bench, client);
}

TEST(RuntimeApi, aStreamThatFailsHalfWayCarriesItsErrorInTrailers)
{
    RuntimeBench bench;
    RawClient client = busy(bench);
    RawClient second(bench.port());
    // {"errorMessage":"boom","errorType":"Error"} in base64
    const Answer answer = second.exchange(
        stream("5\r\nhello\r\n",
               "Lambda-Runtime-Function-Error-Type: Function.StreamFailed\r\n"
               "Lambda-Runtime-Function-Error-Body: "
               "eyJlcnJvck1lc3NhZ2UiOiJib29tIiwiZXJyb3JUeXBlIjoiRXJyb3IifQ==\r\n"));
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(bench.last(),
              R"(error Function.StreamFailed: {"errorMessage":"boom","errorType":"Error"})");
    stillServes(bench, client);
}

TEST(RuntimeApi, aStreamMayPassTheLimitOfOrdinaryResponses)
{
    RuntimeBench bench({.responseBytes = 1000, .streamBytes = 2000});
    RawClient client = busy(bench);
    RawClient second(bench.port());
    EXPECT_EQ(second.exchange(stream("5dc\r\n" + std::string(1500, 'x') + "\r\n")).status, 202);
    EXPECT_EQ(bench.last(), "streamed: " + std::string(1500, 'x'));
}

TEST(RuntimeApi, aProcessWithLeaveToStartAnewMayFailItsInitAgain)
{
    RuntimeBench bench;
    {
        RawClient client = busy(bench);
    }
    bench.onLoop([&] { bench.api->reset(); });
    RawClient client(bench.port());
    EXPECT_EQ(client.exchange(failInit("{}")).status, 202);
}

TEST(RuntimeApi, aProcessThatIsBeingEndedReachesNothingAnyMore)
{
    RuntimeBench bench;
    const std::uint16_t before = bench.port();
    RawClient parked(before, next());
    ASSERT_TRUE(bench.isTold("next"));
    bench.onLoop([&] { bench.api->reset(); });
    EXPECT_TRUE(parked.ended()) << "the connection is closed";
    // As a client does at once when its connection was closed under it.
    EXPECT_THROW(RawClient(before, next()), std::runtime_error);
    bench.deliver(kId, "\"for the new one\"");
    RawClient fresh(bench.port());
    EXPECT_EQ(fresh.exchange(next()).body, "\"for the new one\"");
}

TEST(RuntimeApi, pingAnswersPong)
{
    RuntimeBench bench;
    RawClient client(bench.port());
    for (const char* path : {"/ping", "/2018-06-01/ping"}) {
        const Answer answer = client.exchange(coldframe::http::test::get(path));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "pong");
    }
    EXPECT_TRUE(bench.told().empty());
}

} // namespace
