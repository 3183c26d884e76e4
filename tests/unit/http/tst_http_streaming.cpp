// Bodies in pieces: what comes when, and what waits for whom.

#include <atomic>

#include <poll.h>

#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

constexpr std::size_t kMegabyte = 1U << 20U;

/// Takes the body of one request, piece by piece as it is let, and says what came.
struct Taker : std::enable_shared_from_this<Taker> {
    Responder responder;
    std::atomic<std::size_t> pieces{0}, bytes{0};
    std::atomic<bool> ended{false}, asking{false};
    std::string text; ///< the first bytes
    std::string problem;
    std::size_t stopAfter = static_cast<std::size_t>(-1); ///< pieces, until goOn()

    void ask()
    {
        asking = true;
        responder.readBody([self = shared_from_this()](BodyPiece&& piece) { self->take(piece); });
    }
    void take(const BodyPiece& piece)
    {
        asking = false;
        ++pieces;
        bytes += piece.bytes.size();
        if (text.size() < 100)
            text += piece.bytes.substr(0, 100);
        problem = piece.problem;
        if (piece.last || !piece.problem.empty()) {
            ended = true;
            responder.respond(problem.empty() ? 200 : 400, {},
                              problem.empty() ? std::to_string(bytes) : problem);
        } else if (pieces < stopAfter) {
            ask();
        }
    }
    void goOn()
    {
        stopAfter = static_cast<std::size_t>(-1);
        ask();
    }
};

/// A server whose bodies below /up are streamed to a Taker that is kept here.
class StreamingServer {
public:
    explicit StreamingServer(const Limits& limits = {}) : m_server(callbacks(), limits) { }

    std::uint16_t port() const { return m_server.port; }
    TestServer& server() { return m_server; }
    /// The taker of the newest request, once its head has come.
    std::shared_ptr<Taker> taker(std::size_t number = 1)
    {
        std::shared_ptr<Taker> found;
        eventually([&] {
            found = m_server.onLoop(
                [&] { return m_takers.size() >= number ? m_takers[number - 1] : nullptr; });
            return found != nullptr;
        });
        return found;
    }

    std::atomic<std::size_t> stopAfter{static_cast<std::size_t>(-1)};
    std::atomic<bool> forget{false}; ///< keep no taker: only the connection holds it
    std::atomic<int> whole{0}; ///< requests that were not streamed
    std::weak_ptr<Taker> last;

private:
    Callbacks callbacks()
    {
        Callbacks made;
        made.bodyRule = [](const Request& request) {
            return BodyRule{.bytes = 1000 * kMegabyte,
                            .time = 20s,
                            .streamed = request.target.starts_with("/up")};
        };
        made.handle = [this](Request&& request, Responder responder) {
            if (!request.streamed) {
                ++whole;
                return echo(std::move(request), std::move(responder));
            }
            auto taker = std::make_shared<Taker>();
            taker->responder = std::move(responder);
            taker->stopAfter = stopAfter;
            last = taker;
            if (!forget)
                m_takers.push_back(taker);
            if (request.target == "/up/refused")
                taker->responder.respond(403, {}, "no");
            else if (taker->stopAfter > 0)
                taker->ask();
        };
        return made;
    }

    std::vector<std::shared_ptr<Taker>> m_takers;
    TestServer m_server;
};

std::string headOf(std::string_view path, std::size_t length, std::string_view lines = {})
{
    return "PUT " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(lines)
        + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

/// Sends until the other side takes no more for a while, or all is sent.
std::size_t sendWhileTaken(RawClient& client, std::size_t most)
{
    const std::string block(64U << 10U, 'x');
    std::size_t sent = 0;
    while (sent < most) {
        pollfd ready{client.socket(), POLLOUT, 0};
        if (::poll(&ready, 1, 500) == 0)
            return sent;
        const ssize_t now
            = ::send(client.socket(), block.data(), std::min(block.size(), most - sent),
                     MSG_NOSIGNAL | MSG_DONTWAIT);
        if (now > 0)
            sent += static_cast<std::size_t>(now);
    }
    return sent;
}

TEST(HttpStreaming, theHandlerSeesTheRequestBeforeItsBody)
{
    StreamingServer server;
    RawClient client(server.port(), headOf("/up", 10));
    const auto taker = server.taker();
    ASSERT_TRUE(taker);
    EXPECT_EQ(taker->bytes, 0U);
    client.send("01234");
    EXPECT_TRUE(eventually([&] { return taker->bytes == 5; }));
    EXPECT_FALSE(taker->ended);
    client.send("56789");
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "10");
    EXPECT_EQ(taker->text, "0123456789");
}

TEST(HttpStreaming, aBodyThatIsThereAlreadyIsHandedOutWhole)
{
    StreamingServer server;
    RawClient client(server.port());
    const Answer answer = client.exchange(headOf("/up", 5) + "hello");
    EXPECT_EQ(answer.body, "PUT /up hello");
    EXPECT_EQ(server.whole, 1);
}

TEST(HttpStreaming, theConnectionServesTheNextRequest)
{
    StreamingServer server;
    RawClient client(server.port(), headOf("/up", 3 * kMegabyte));
    client.send(std::string(3 * kMegabyte, 'a') + get("/next"));
    EXPECT_EQ(client.read().body, std::to_string(3 * kMegabyte));
    EXPECT_EQ(client.read().body, "GET /next ");
}

TEST(HttpStreaming, chunksAreTakenAsTheyCome)
{
    StreamingServer server;
    RawClient client(server.port(),
                     "PUT /up HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    const auto taker = server.taker();
    ASSERT_TRUE(taker);
    client.send("5\r\nhello\r\n");
    EXPECT_TRUE(eventually([&] { return taker->bytes == 5; }));
    client.send("7\r\n, world\r\n0\r\n\r\n" + get("/next"));
    EXPECT_EQ(client.read().body, "12");
    EXPECT_EQ(taker->text, "hello, world");
    EXPECT_EQ(client.read().body, "GET /next ");
}

TEST(HttpStreaming, aMalformedChunkIsToldAndEndsTheConnection)
{
    StreamingServer server;
    RawClient client(server.port(),
                     "PUT /up HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "5\r\nhello\r\nno size\r\n");
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, "the chunked body is malformed");
    EXPECT_TRUE(client.ended());
}

TEST(HttpStreaming, nothingIsReadThatNobodyAskedFor)
{
    StreamingServer server;
    server.stopAfter = 1;
    const std::size_t length = 64 * kMegabyte;
    RawClient client(server.port(), headOf("/up", length));
    const std::size_t taken = sendWhileTaken(client, length);
    // What is on its way lies in the system's buffers, not in ours.
    EXPECT_LT(taken, 16 * kMegabyte);
    const auto taker = server.taker();
    ASSERT_TRUE(taker);
    EXPECT_EQ(taker->pieces, 1U);
    server.server().onLoop([&] { taker->goOn(); });
    client.send(std::string(length - taken, 'x'));
    EXPECT_EQ(client.read().body, std::to_string(length));
}

TEST(HttpStreaming, aPeerThatLeavesIsNoticed)
{
    StreamingServer server;
    server.forget = true;
    RawClient client(server.port(), headOf("/up", 1000) + "some");
    ASSERT_TRUE(
        eventually([&] { return server.server().onLoop([&] { return !server.last.expired(); }); }));
    client.close();
    EXPECT_TRUE(
        eventually([&] { return server.server().onLoop([&] { return server.last.expired(); }); }));
    EXPECT_TRUE(server.server().hasConnections(0));
}

TEST(HttpStreaming, aPeerThatLeavesWhileNobodyReadsIsNoticedWithTheNextPiece)
{
    StreamingServer server;
    server.stopAfter = 1;
    RawClient client(server.port(), headOf("/up", 1000) + "some");
    const auto taker = server.taker();
    ASSERT_TRUE(taker);
    ASSERT_TRUE(eventually([&] { return taker->pieces == 1; }));
    client.close();
    server.server().onLoop([&] { taker->goOn(); });
    EXPECT_TRUE(server.server().hasConnections(0));
    EXPECT_FALSE(taker->ended);
}

TEST(HttpStreaming, aSlowSenderIsDropped)
{
    Limits limits;
    limits.requestTime = 100ms;
    StreamingServer server(limits);
    RawClient client(server.port(), headOf("/up", 1000) + "some");
    EXPECT_TRUE(client.ended());
}

TEST(HttpStreaming, continueIsSaidWhenTheBodyIsWanted)
{
    StreamingServer server;
    server.stopAfter = 0;
    RawClient client(server.port(), headOf("/up", 4, "Expect: 100-continue\r\n"));
    const auto taker = server.taker();
    ASSERT_TRUE(taker);
    server.server().onLoop([&] { taker->goOn(); });
    EXPECT_EQ(client.read().status, 100);
    client.send("body");
    EXPECT_EQ(client.read().body, "4");
}

TEST(HttpStreaming, anEarlyAnswerSparesTheBodyAndClosesTheConnection)
{
    StreamingServer server;
    RawClient client(server.port(), headOf("/up/refused", 1000, "Expect: 100-continue\r\n"));
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 403);
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(client.ended());
}

TEST(HttpStreaming, aServerMayEndInTheMiddle)
{
    StreamingServer up;
    RawClient sender(up.port(), headOf("/up", 1000) + "some");
    ASSERT_TRUE(up.taker());
    up.server().onLoop([&] { up.server().server->close(); });
    EXPECT_TRUE(sender.ended());
    EXPECT_FALSE(up.taker()->ended);
}

} // namespace
} // namespace coldframe::http::test
