// Calls that are let through, and what callers get for them.

#include <gmock/gmock.h>

#include "model/base64.h"
#include "invoke_server.h"

namespace coldframe::interop::test {
namespace {

TEST(InvokeAnswers, resultOfASynchronousCall)
{
    InvokeServer server;
    const Answer answer = RawClient(server.port).exchange(invocation("upper", R"({"a":1})"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"ok":true})");
    EXPECT_TRUE(answer.has("Content-Type: application/json")) << answer.head;
    EXPECT_TRUE(answer.has("X-Amz-Executed-Version: $LATEST")) << answer.head;
    EXPECT_TRUE(answer.has("x-amzn-RequestId: " + std::string(kRequestId))) << answer.head;
    EXPECT_EQ(answer.head.find("X-Amz-Function-Error"), std::string::npos);
    EXPECT_EQ(answer.head.find("X-Amz-Log-Result"), std::string::npos);
    ASSERT_EQ(server.backend.calls.size(), 1u);
    const InvokeCall& call = server.backend.calls.front();
    EXPECT_EQ(call.function, 1u);
    EXPECT_FALSE(call.async);
    EXPECT_EQ(call.payload, R"({"a":1})");
    EXPECT_EQ(call.requestId, kRequestId);
    EXPECT_EQ(call.clientContext, "");
}

TEST(InvokeAnswers, oneConnectionServesManyCalls)
{
    InvokeServer server;
    RawClient client(server.port);
    for (int i = 0; i < 200; ++i)
        ASSERT_EQ(client.exchange(invocation("upper", std::to_string(i))).status, 200);
    EXPECT_EQ(server.backend.calls.back().payload, "199");
}

TEST(InvokeAnswers, functionErrorIsStillStatus200)
{
    InvokeServer server;
    server.backend.answer = [](InvokeReply& reply) {
        reply.result(std::make_shared<const std::string>(R"({"errorType":"E"})"), true);
    };
    const Answer answer = RawClient(server.port).exchange(invocation("upper", "{}"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.has("X-Amz-Function-Error: Unhandled")) << answer.head;
    EXPECT_EQ(answer.body, R"({"errorType":"E"})");
}

TEST(InvokeAnswers, eventIsAcceptedWithAnEmptyBody)
{
    InvokeServer server;
    server.backend.answer = [](InvokeReply& reply) { reply.accepted(); };
    const Answer answer = RawClient(server.port)
                              .exchange(invocation("upper", "{}",
                                                   "X-Amz-Invocation-Type: Event\r\n"
                                                   "X-Amz-Client-Context: e30=\r\n"));
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.body, "");
    EXPECT_TRUE(answer.has("Content-Length: 0")) << answer.head;
    EXPECT_TRUE(server.backend.calls.at(0).async);
    EXPECT_EQ(server.backend.calls.at(0).clientContext, "") << "of synchronous calls only";
}

TEST(InvokeAnswers, oldAsynchronousPathIsAnEvent)
{
    InvokeServer server;
    server.backend.answer = [](InvokeReply& reply) { reply.accepted(); };
    RawClient client(server.port);
    for (const char* path :
         {"/2014-11-13/functions/upper/invoke-async/", "/2014-11-13/functions/upper/invoke-async"})
        EXPECT_EQ(client.exchange(http::test::post(path, "[]")).status, 202);
    EXPECT_TRUE(server.backend.calls.at(1).async);
}

TEST(InvokeAnswers, dryRunRunsNothing)
{
    InvokeServer server;
    RawClient client(server.port);
    const std::string lines = "X-Amz-Invocation-Type: DryRun\r\n";
    const Answer answer = client.exchange(invocation("upper", "{}", lines));
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(client.exchange(invocation("none", "{}", lines)).status, 404);
    EXPECT_TRUE(server.backend.calls.empty());
}

TEST(InvokeAnswers, lastFourKibibytesOfTheLog)
{
    InvokeServer server;
    const std::string log = std::string(5000, 'a') + std::string(4000, 'b') + "END\n";
    server.backend.answer = [&log](InvokeReply& reply) {
        reply.result(std::make_shared<const std::string>("1"), false,
                     reply.wantsLog() ? log : std::string("not asked for"));
    };
    RawClient client(server.port);
    const Answer with = client.exchange(invocation("upper", "{}", "X-Amz-Log-Type: Tail\r\n"));
    EXPECT_TRUE(with.has("X-Amz-Log-Result: " + toBase64(log.substr(log.size() - 4096))));
    const Answer without = client.exchange(invocation("upper", "{}", "X-Amz-Log-Type: None\r\n"));
    EXPECT_EQ(without.head.find("X-Amz-Log-Result"), std::string::npos);
}

TEST(InvokeAnswers, emptyPayloadIsAnEmptyObject)
{
    InvokeServer server;
    EXPECT_EQ(RawClient(server.port).exchange(invocation("upper", "")).status, 200);
    EXPECT_EQ(server.backend.calls.at(0).payload, "{}");
}

TEST(InvokeAnswers, clientContextIsHandedOnAsOneLine)
{
    InvokeServer server;
    const std::string json = "{\n\t\"custom\": {\"user\": \"Jörg\\n\"}\r\n}";
    RawClient client(server.port);
    client.exchange(
        invocation("upper", "{}", "X-Amz-Client-Context: " + toBase64(json) + "\r\n"));
    EXPECT_EQ(server.backend.calls.at(0).clientContext,
              "{  \"custom\": {\"user\": \"Jörg\\n\"}  }");
}

TEST(InvokeAnswers, signaturesAreNotLookedAt)
{
    InvokeServer server;
    RawClient client(server.port);
    EXPECT_EQ(client
                  .exchange(invocation("upper", "{}",
                                       "Authorization: AWS4-HMAC-SHA256 Credential=x\r\n"
                                       "X-Amz-Security-Token: y\r\n"))
                  .status,
              200);
}

TEST(InvokeAnswers, payloadUpToTheLimitAndLateAnswers)
{
    InvokeServer server;
    std::vector<InvokeReply> parked;
    server.backend.answer = [&](InvokeReply& reply) { parked.push_back(std::move(reply)); };
    RawClient first(server.port), second(server.port);
    first.send(invocation("upper", '"' + std::string(1998, 'x') + '"'));
    while (server.onLoop([&] { return parked.size(); }) < 1)
        std::this_thread::yield();
    second.send(invocation("resize", "2"));
    while (server.onLoop([&] { return parked.size(); }) < 2)
        std::this_thread::yield();
    const std::string large(3U << 20U, 'y');
    server.onLoop([&] { // the later call is answered first
        parked[1].result(std::make_shared<const std::string>("\"second\""), false);
        parked[0].result(std::make_shared<const std::string>(large), false);
    });
    EXPECT_EQ(second.read().body, "\"second\"");
    EXPECT_EQ(first.read().body, large);
    server.onLoop([&] { parked.clear(); });
}

TEST(InvokeAnswers, callersThatLeaveDoNoHarm)
{
    InvokeServer server;
    std::vector<InvokeReply> parked;
    server.backend.answer = [&](InvokeReply& reply) { parked.push_back(std::move(reply)); };
    RawClient gone(server.port);
    gone.send(invocation("upper", "1"));
    while (server.onLoop([&] { return parked.size(); }) < 1)
        std::this_thread::yield();
    gone.reset();
    RawClient next(server.port);
    next.send(invocation("upper", "2"));
    while (server.onLoop([&] { return parked.size(); }) < 2)
        std::this_thread::yield();
    server.onLoop([&] {
        for (InvokeReply& reply : parked)
            reply.result(std::make_shared<const std::string>("3"), false);
        parked.clear();
    });
    EXPECT_EQ(next.read().body, "3");
}

TEST(InvokeAnswers, aCallNobodyAnswersEndsTheConnection)
{
    InvokeServer server;
    server.backend.answer = [](InvokeReply&) {};
    EXPECT_TRUE(RawClient(server.port, invocation("upper", "1")).ended());
}

} // namespace
} // namespace coldframe::interop::test
