// Answers in pieces: what is sent when, and what waits for whom.

#include <atomic>

#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

constexpr std::size_t kMegabyte = 1U << 20U;

/// Answers in pieces, each when the one before is sent, as long as it is let.
struct Giver : std::enable_shared_from_this<Giver> {
    Responder responder;
    std::size_t pieceBytes = 0;
    std::size_t left = 0; ///< pieces to write
    std::atomic<std::size_t> written{0};
    std::atomic<bool> done{false};

    void go()
    {
        if (left == 0) {
            done = true;
            return;
        }
        --left;
        ++written;
        responder.write(std::make_shared<const std::string>(pieceBytes, 'p'),
                        [self = shared_from_this()] { self->go(); });
    }
};

class GivingServer {
public:
    GivingServer(std::size_t pieces, std::size_t pieceBytes, std::size_t missing = 0)
        : giver(std::make_shared<Giver>()), m_server(callbacks(pieces, pieceBytes, missing))
    { }
    std::uint16_t port() const { return m_server.port; }
    TestServer& server() { return m_server; }
    std::shared_ptr<Giver> giver;

private:
    Callbacks callbacks(std::size_t pieces, std::size_t pieceBytes, std::size_t missing)
    {
        Callbacks made;
        made.handle = [=, this](Request&& request, Responder responder) {
            if (request.target != "/down")
                return echo(std::move(request), std::move(responder));
            giver->pieceBytes = pieceBytes;
            giver->left = pieces;
            giver->responder = std::move(responder);
            if (!giver->responder.begin(200, "X-Kind: pieces\r\n", (pieces + missing) * pieceBytes))
                giver->go();
            if (missing > 0 && giver->left == 0)
                giver->responder = {};
        };
        return made;
    }
    TestServer m_server;
};

TEST(HttpAnswerPieces, anAnswerInPiecesIsOneBody)
{
    GivingServer server(40, 100'000);
    RawClient client(server.port(), get("/down"));
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.has("X-Kind: pieces"));
    EXPECT_EQ(answer.body, std::string(4'000'000, 'p'));
    EXPECT_TRUE(eventually([&] { return server.giver->done.load(); }));
    EXPECT_EQ(client.exchange(get("/next")).body, "GET /next ");
}

TEST(HttpAnswerPieces, theHeadAloneIsSentToHead)
{
    GivingServer server(40, 100'000);
    RawClient client(server.port(), "HEAD /down HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const Answer answer = client.read(true);
    EXPECT_TRUE(answer.has("Content-Length: 4000000")) << answer.head;
    EXPECT_EQ(client.exchange(get("/next")).body, "GET /next ");
    EXPECT_EQ(server.giver->written, 0U);
}

TEST(HttpAnswerPieces, anEmptyAnswerNeedsNoPiece)
{
    GivingServer server(0, 1);
    RawClient client(server.port(), get("/down"));
    EXPECT_TRUE(client.read().has("Content-Length: 0"));
    EXPECT_EQ(client.exchange(get("/next")).body, "GET /next ");
}

TEST(HttpAnswerPieces, theNextPieceWaitsForAReader)
{
    constexpr std::size_t kPieces = 64;
    GivingServer server(kPieces, kMegabyte);
    RawClient client(server.port(), get("/down"));
    std::size_t before = 0;
    // Settles at what the system's buffers hold.
    EXPECT_TRUE(eventually([&] {
        const std::size_t now = server.giver->written;
        const bool settled = now > 0 && now == before;
        before = now;
        std::this_thread::sleep_for(50ms);
        return settled;
    }));
    EXPECT_LT(server.giver->written, 20U);
    EXPECT_EQ(client.read().body.size(), kPieces * kMegabyte);
    EXPECT_TRUE(eventually([&] { return server.giver->done.load(); }));
}

TEST(HttpAnswerPieces, anAnswerThatIsGivenUpEndsShort)
{
    GivingServer server(1, 1000, 1);
    RawClient client(server.port(), get("/down"));
    EXPECT_EQ(client.read().status, 0);
    EXPECT_TRUE(server.server().hasConnections(0));
}

TEST(HttpAnswerPieces, aReaderThatLeavesFreesTheAnswer)
{
    GivingServer server(64, kMegabyte);
    {
        RawClient client(server.port(), get("/down"));
        ASSERT_TRUE(eventually([&] { return server.giver->written > 0; }));
    }
    EXPECT_TRUE(server.server().hasConnections(0));
    EXPECT_FALSE(server.giver->done);
    EXPECT_TRUE(eventually([&] { return server.giver.use_count() == 1; }));
}

TEST(HttpAnswerPieces, aServerMayEndInTheMiddle)
{
    GivingServer down(64, kMegabyte);
    RawClient reader(down.port(), get("/down"));
    ASSERT_TRUE(eventually([&] { return down.giver->written > 0; }));
    down.server().onLoop([&] { down.server().server->close(); });
    EXPECT_FALSE(down.giver->done);
}

} // namespace
} // namespace coldframe::http::test
