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

TEST_F(Polls, severalMessagesAtOnceServeSeveral)
{
    RawClient one(server.port, waiting(20)), two(server.port, waiting(20));
    RawClient other(server.port);
    untilServed(other);
    server.onLoop([this] {
        for (const char* body : {"first", "second", "third"})
            server.backend.messages["parts"].push_back({.messageId = body, .body = body});
        server.endpoint->ready("failed"); // another queue
    });
    EXPECT_TRUE(server.backend.calls.empty());
    server.onLoop([this] { server.endpoint->ready("parts"); });
    EXPECT_THAT(one.read().body, HasSubstr("first"));
    EXPECT_THAT(two.read().body, HasSubstr("second"));
    EXPECT_THAT(other.exchange(waiting(20)).body, HasSubstr("third"));
}

TEST_F(Polls, thoseThatCameFirstAreServedFirst)
{
    RawClient waits(server.port, waiting(20));
    RawClient other(server.port);
    untilServed(other);
    server.onLoop([this] { // nobody has told of it yet
        server.backend.messages["parts"].push_back({.messageId = "a", .body = "hello"});
    });
    EXPECT_EQ(other.exchange(waiting(0)).body, "{}");
    EXPECT_THAT(waits.read().body, HasSubstr("hello"));
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
