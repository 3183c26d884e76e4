// Requests that are answered later, and peers that go away meanwhile.

#include <atomic>

#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

/// Parks every request with an onGone() that counts.
Callbacks parkingAll(std::vector<Responder>& parked, std::atomic<int>& gone)
{
    Callbacks callbacks;
    callbacks.handle = [&](Request&&, Responder responder) {
        responder.onGone([&] { ++gone; });
        parked.push_back(std::move(responder));
    };
    return callbacks;
}

TEST(HttpParked, isAnsweredLater)
{
    TestServer server;
    RawClient client(server.port, get("/park"));
    ASSERT_TRUE(server.parks(1));
    server.onLoop([&] {
        EXPECT_TRUE(server.parked[0].connected());
        server.parked[0].respond(200, "X-Id: 7\r\n", "event");
        EXPECT_FALSE(server.parked[0].connected());
        server.parked[0].respond(500, "", "a second answer is ignored");
    });
    const Answer answer = client.read();
    EXPECT_TRUE(answer.has("X-Id: 7"));
    EXPECT_EQ(answer.body, "event");
    EXPECT_EQ(client.exchange(get("/again")).body, "GET /again ");
}

TEST(HttpParked, aDyingPeerIsNoticedAndItsConnectionFreed)
{
    for (const bool broken : {false, true}) {
        std::vector<Responder> parked;
        std::atomic<int> gone = 0;
        TestServer server(parkingAll(parked, gone));
        RawClient client(server.port, get("/"));
        ASSERT_TRUE(eventually([&] { return server.onLoop([&] { return parked.size() == 1; }); }));
        if (broken)
            client.reset();
        else
            client.close();
        EXPECT_TRUE(eventually([&] { return gone == 1; }));
        EXPECT_TRUE(server.hasConnections(0));
        server.onLoop([&] {
            EXPECT_FALSE(parked[0].connected());
            parked[0].respond(200, "", "to nobody");
        });
        EXPECT_EQ(gone, 1);
    }
}

TEST(HttpParked, aBrokenPeerIsFreedAlsoWhenNobodyAsked)
{
    TestServer server;
    RawClient client(server.port, get("/park"));
    ASSERT_TRUE(server.parks(1));
    client.reset();
    EXPECT_TRUE(server.hasConnections(0));
    server.onLoop([&] { server.parked[0].respond(200, "", "to nobody"); });
}

TEST(HttpParked, aPeerThatOnlyFinishedSendingGetsItsAnswer)
{
    TestServer server;
    RawClient client(server.port, get("/park") + get("/second"));
    client.finishSending();
    ASSERT_TRUE(server.parks(1));
    EXPECT_TRUE(
        eventually([&] { return server.onLoop([&] { return !server.parked[0].connected(); }); }));
    server.onLoop([&] { server.parked[0].respond(200, "", "late"); });
    EXPECT_EQ(client.read().body, "late");
    EXPECT_EQ(client.read().body, "GET /second ");
    EXPECT_TRUE(client.ended());
    EXPECT_TRUE(server.hasConnections(0));
}

TEST(HttpParked, onGoneAfterThePeerFinishedIsCalledAtOnce)
{
    TestServer server;
    RawClient client(server.port, get("/park"));
    client.finishSending();
    ASSERT_TRUE(server.parks(1));
    ASSERT_TRUE(
        eventually([&] { return server.onLoop([&] { return !server.parked[0].connected(); }); }));
    std::atomic<bool> gone = false;
    server.onLoop([&] {
        server.parked[0].onGone([&] { gone = true; });
        EXPECT_FALSE(gone); // not from inside
    });
    EXPECT_TRUE(eventually([&] { return gone.load(); }));
    EXPECT_TRUE(server.hasConnections(0));
}

TEST(HttpParked, aClientThatSendsAndClosesIsStillHeard)
{
    std::atomic<int> heard = 0;
    Callbacks callbacks;
    callbacks.handle = [&](Request&& request, Responder responder) {
        heard += request.body == "last words";
        responder.respond(202, "", "");
    };
    TestServer server(std::move(callbacks));
    for (int i = 0; i < 50; ++i)
        RawClient(server.port, post("/", "last words")).close();
    EXPECT_TRUE(eventually([&] { return heard == 50; }));
    EXPECT_TRUE(server.hasConnections(0));
}

TEST(HttpParked, aDroppedResponderClosesTheConnection)
{
    TestServer server;
    RawClient client(server.port, get("/park"));
    ASSERT_TRUE(server.parks(1));
    server.onLoop([&] { server.parked.clear(); });
    EXPECT_TRUE(client.ended());
    EXPECT_TRUE(server.hasConnections(0));
}

TEST(HttpParked, closingTheServerDropsThemAndCallsNobody)
{
    std::vector<Responder> parked;
    std::atomic<int> gone = 0;
    TestServer server(parkingAll(parked, gone));
    std::vector<RawClient> clients;
    for (int i = 0; i < 20; ++i)
        clients.emplace_back(server.port, get("/"));
    ASSERT_TRUE(eventually([&] { return server.onLoop([&] { return parked.size() == 20; }); }));
    server.onLoop([&] { server.server.reset(); });
    for (RawClient& client : clients)
        EXPECT_TRUE(client.ended());
    server.onLoop([&] { parked[0].respond(200, "", "to nobody"); });
    EXPECT_EQ(gone, 0);
    EXPECT_ANY_THROW(RawClient{server.port});
}

TEST(HttpParked, respondersMayOutliveServerAndLoop)
{
    std::vector<Responder> parked;
    std::atomic<int> gone = 0;
    {
        TestServer server(parkingAll(parked, gone));
        RawClient client(server.port, get("/"));
        ASSERT_TRUE(eventually([&] { return server.onLoop([&] { return parked.size() == 1; }); }));
    }
    parked[0].onGone([] {});
    EXPECT_FALSE(parked[0].connected());
    parked[0].respond(200, "", "to nobody");
}

TEST(HttpParked, everyCallbackMayDestroyTheServer)
{
    struct Row {
        const char* name;
        std::string bytes;
        bool hangUp;
    };
    const Row rows[] = {{"handle", get("/handle"), false},
                        {"handle, more behind it", get("/handle") + get("/more"), false},
                        {"answered first", get("/answer"), false},
                        {"body rule", post("/rule", "body"), false},
                        {"refuse", "GARBAGE\r\n\r\n", false},
                        {"gone", get("/gone"), true}};
    for (const Row& row : rows) {
        TestServer* self = nullptr;
        std::atomic<bool> waiting = false;
        std::vector<Responder> kept;
        const auto end = [&] { self->server.reset(); };
        Callbacks callbacks;
        callbacks.handle = [&](Request&& request, Responder responder) {
            if (request.target == "/gone") {
                responder.onGone(end);
                kept.push_back(std::move(responder));
                waiting = true;
                return;
            }
            if (request.target == "/answer")
                responder.respond(200, "", "bye");
            end();
            EXPECT_NE(request.target, "/more"); // its text is still there to be read
            responder.respond(200, "", "to nobody");
        };
        callbacks.bodyRule = [&](const Request&) {
            end();
            return BodyRule{};
        };
        callbacks.refuse = [&](const Refusal&) {
            end();
            return RefusalAnswer{};
        };
        TestServer server(std::move(callbacks));
        self = &server;
        RawClient client(server.port, row.bytes);
        if (row.hangUp) {
            ASSERT_TRUE(eventually([&] { return waiting.load(); }));
            client.close();
        }
        EXPECT_TRUE(eventually([&] { return server.onLoop([&] { return !server.server; }); }))
            << row.name;
    }
}

TEST(HttpParked, hundredsParkedOrDribblingDoNotSlowAnother)
{
    TestServer server;
    std::vector<RawClient> parked;
    for (int i = 0; i < 300; ++i)
        parked.emplace_back(server.port, get("/park"));
    std::vector<RawClient> dribbling;
    for (int i = 0; i < 200; ++i)
        dribbling.emplace_back(server.port);
    ASSERT_TRUE(server.parks(300));
    RawClient client(server.port);
    const std::string slow = post("/slow", "x", "X-Filler: " + std::string(50, 'f') + "\r\n");
    for (const char byte : slow) {
        for (RawClient& one : dribbling)
            one.send({&byte, 1});
        const auto asked = std::chrono::steady_clock::now();
        EXPECT_EQ(client.exchange(get("/quick")).body, "GET /quick ");
        EXPECT_LT(std::chrono::steady_clock::now() - asked, 2s);
    }
    for (RawClient& one : dribbling)
        EXPECT_EQ(one.read().body, "POST /slow x");
    server.onLoop([&] {
        for (Responder& responder : server.parked)
            responder.respond(200, "", "event");
    });
    for (RawClient& one : parked)
        EXPECT_EQ(one.read().body, "event");
}

TEST(HttpParked, hundredsOfServersOnOneLoop)
{
    boost::asio::io_context io(1);
    std::vector<std::unique_ptr<Server>> servers;
    for (int i = 0; i < 300; ++i) {
        auto server = Server::listen(io, {}, {}, echoing());
        ASSERT_TRUE(server) << describe(server.error());
        servers.push_back(std::move(*server));
    }
    std::thread loop([&] { io.run(); });
    for (const auto& server : servers)
        EXPECT_EQ(RawClient(server->port()).exchange(get("/")).body, "GET / ");
    boost::asio::post(io, [&] { servers.clear(); });
    loop.join(); // returns because closed servers leave nothing pending
}

} // namespace
} // namespace coldframe::http::test
