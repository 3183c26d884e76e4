// Where a server listens.

#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

TEST(HttpPort, zeroMeansAnyFreePort)
{
    TestServer first;
    TestServer second;
    EXPECT_NE(first.port, 0);
    EXPECT_NE(first.port, second.port);
}

TEST(HttpPort, aTakenPortIsAnErrorThatSaysWhatToDo)
{
    TestServer server;
    boost::asio::io_context io;
    const auto second = Server::listen(io, {.port = server.port}, {}, echoing());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, coldframe::Error::Code::Unavailable);
    EXPECT_EQ(describe(second.error()),
              "port " + std::to_string(server.port)
                  + " on 127.0.0.1 is taken: another program listens there; choose another port, "
                    "or 0 for any free one");
}

TEST(HttpPort, aPortIsFreeAgainAtOnce)
{
    std::uint16_t port = 0;
    {
        TestServer server;
        port = server.port;
        RawClient client(port);
        EXPECT_EQ(client.exchange(get("/")).status, 200);
    } // the server closes first: its side of the connection lingers in the system
    boost::asio::io_context io;
    const auto again = Server::listen(io, {.port = port}, {}, echoing());
    EXPECT_TRUE(again) << describe(again.error());
}

TEST(HttpPort, aReservedPortIsAnErrorThatSaysWhatToDo)
{
    boost::asio::io_context io;
    const auto server = Server::listen(io, {.port = 1}, {}, echoing());
    if (server)
        GTEST_SKIP() << "this user may open reserved ports";
    EXPECT_EQ(server.error().code, coldframe::Error::Code::Unavailable);
    EXPECT_EQ(describe(server.error()),
              "port 1 on 127.0.0.1 is reserved for the system; choose a port from 1024 up, or 0 "
              "for any free one");
}

TEST(HttpPort, listensOnLoopbackOnly)
{
    TestServer server;
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1); // 127.0.0.2 reaches 0.0.0.0 listeners
    EXPECT_NE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(socket);
}

TEST(HttpPort, aSocketThatListensAlreadyIsTakenOver)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(socket, 5), 0);
    boost::asio::io_context io;
    auto server = Server::listen(io, {.socket = socket}, {}, echoing());
    ASSERT_TRUE(server) << describe(server.error());
    EXPECT_NE((*server)->port(), 0);
    std::thread loop([&] { io.run(); });
    EXPECT_EQ(RawClient((*server)->port()).exchange(get("/")).body, "GET / ");
    boost::asio::post(io, [&] { server->reset(); });
    loop.join();
}

TEST(HttpPort, aDescriptorThatDoesNotListenIsRefused)
{
    boost::asio::io_context io;
    const auto server = Server::listen(io, {.socket = 0}, {}, echoing());
    ASSERT_FALSE(server);
    EXPECT_EQ(describe(server.error()),
              "descriptor 0 is not a listening socket; pass a socket on which listen() was called");
}

} // namespace
} // namespace coldframe::http::test
