// Receives that wait for messages.

#include <chrono>

#include <gmock/gmock.h>

#include "sqs_server.h"

using namespace coldframe::sqs;
using namespace coldframe::sqs::test;
using testing::HasSubstr;

namespace {

class Polls : public testing::Test {
protected:
    std::string waiting(int seconds)
    {
        return SqsServer::jsonRequest(
            "ReceiveMessage", json{{"QueueUrl", kAbout}, {"WaitTimeSeconds", seconds}}.dump());
    }
    /// Returns once so many requests wait: each is counted when it is asked for its queue's facts.
    void put(const std::string& body)
    {
        server.onLoop([this, body] {
            server.backend.messages["parts"].push_back({.messageId = body, .body = body});
            server.endpoint->ready("parts");
        });
    }
    void untilServed(RawClient& client)
    {
        // Requests of one connection come in order, those of others in the loop's next rounds.
        client.exchange(SqsServer::jsonRequest("ListQueues", "{}"));
    }
    SqsServer server;
};

TEST_F(Polls, wakeUpWhenAMessageComes)
{
    RawClient client(server.port, waiting(20));
    RawClient other(server.port);
    untilServed(other);
    const auto begun = std::chrono::steady_clock::now();
    put("hello");
    EXPECT_THAT(client.read().body, HasSubstr(R"("Body":"hello")"));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST_F(Polls, endEmptyWhenTheirTimeIsOver)
{
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(RawClient(server.port).exchange(waiting(1)).body, "{}");
    EXPECT_GE(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(990));
    EXPECT_EQ(RawClient(server.port).exchange(waiting(0)).body, "{}");
    EXPECT_TRUE(server.backend.calls.empty()) << "asking for nothing is no input of a recording";
}

TEST_F(Polls, firstComeFirstServed)
{
    std::vector<RawClient> clients;
    RawClient other(server.port);
    for (int i = 0; i < 5; ++i) {
        clients.emplace_back(server.port, waiting(20));
        untilServed(other);
    }
    for (int i = 0; i < 5; ++i)
        put(std::to_string(i));
    for (int i = 0; i < 5; ++i)
        EXPECT_THAT(clients[static_cast<std::size_t>(i)].read().body,
                    HasSubstr(R"("Body":")" + std::to_string(i) + '"'));
}

TEST_F(Polls, oneThatLeftTakesNothing)
{
    RawClient gone(server.port, waiting(20));
    RawClient other(server.port);
    untilServed(other);
    RawClient stays(server.port, waiting(20));
    untilServed(other);
    gone.close();
    untilServed(other); // it is noticed in one of the next rounds
    untilServed(other);
    put("hello");
    EXPECT_THAT(stays.read().body, HasSubstr("hello"));
}

TEST_F(Polls, messagesThatComeWhileTheBackendIsAsked)
{
    server.onLoop([this] { server.backend.late = true; });
    RawClient one(server.port, waiting(20)), two(server.port, waiting(20));
    RawClient other(server.port);
    untilServed(other);
    put("first"); // asks for the first of them, which gets no answer yet
    put("second"); // asks for the second
    for (bool answered = true; answered;)
        answered = server.onLoop([this] {
            auto answers = std::exchange(server.backend.answers, {});
            for (const auto& answer : answers)
                answer();
            return !answers.empty();
        });
    EXPECT_THAT(one.read().body + two.read().body, HasSubstr("first"));
    EXPECT_TRUE(server.onLoop([this] { return server.backend.messages["parts"].empty(); }));
}

TEST_F(Polls, aBackendThatFoundNothingAfterAll)
{
    server.onLoop([this] { server.backend.late = true; });
    RawClient client(server.port, waiting(20));
    RawClient other(server.port);
    untilServed(other);
    put("taken");
    server.onLoop([this] {
        server.backend.messages["parts"].clear(); // somebody else was faster
        std::exchange(server.backend.answers, {}).front()();
        server.backend.late = false;
    });
    put("next");
    EXPECT_THAT(client.read().body, HasSubstr("next"));
}

TEST_F(Polls, theEndpointEndsUnderThem)
{
    RawClient client(server.port, waiting(20));
    RawClient other(server.port);
    untilServed(other);
    server.onLoop([this] { server.endpoint->close(); });
    EXPECT_TRUE(client.ended());
    put("late");
}

} // namespace
