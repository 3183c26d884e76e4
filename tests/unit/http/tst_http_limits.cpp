// Sizes, times and counts that bound what one client can cost.

#include <fcntl.h>
#include <filesystem>
#include <sys/resource.h>

#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

std::string declared(std::size_t length)
{
    return "POST /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(length)
        + "\r\n\r\n";
}

TEST(HttpLimits, aDeclaredBodyOverTheLimitIsRefusedUnread)
{
    TestServer server;
    RawClient client(server.port, declared(200U << 20U));
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.body, "the request body is too large.\n");
    EXPECT_TRUE(answer.has("Connection: close"));
}

TEST(HttpLimits, aClientThatSendsAllBeforeItReadsStillLearnsWhy)
{
    TestServer server;
    RawClient client(server.port);
    EXPECT_TRUE(client.send(post("/big", std::string(12U << 20U, 'x'))));
    EXPECT_EQ(client.read().status, 413);
    EXPECT_TRUE(client.ended());
}

TEST(HttpLimits, aClientThatNeverStopsIsCutOff)
{
    TestServer server;
    RawClient client(server.port, declared(std::size_t{1} << 40U));
    const std::string block(1U << 20U, 'x');
    int blocks = 0;
    while (blocks < 10000 && client.send(block))
        ++blocks;
    EXPECT_LT(blocks, 100);
    EXPECT_TRUE(server.hasConnections(0));
}

TEST(HttpLimits, bodiesAtAndOverTheLimit)
{
    Limits limits;
    limits.bodyBytes = 1000;
    TestServer server(echoing(), limits);
    RawClient client(server.port);
    EXPECT_EQ(client.exchange(post("/", std::string(1000, 'x'))).status, 200);
    EXPECT_EQ(client.exchange(post("/", std::string(1001, 'x'))).status, 413);
}

TEST(HttpLimits, chunkedBodiesAtAndOverTheLimit)
{
    Limits limits;
    limits.bodyBytes = 1000;
    TestServer server(echoing(), limits);
    const std::string head
        = "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string half = "1f4\r\n" + std::string(500, 'x') + "\r\n";
    EXPECT_EQ(RawClient(server.port).exchange(head + half + half + "0\r\n\r\n").status, 200);
    EXPECT_EQ(RawClient(server.port).exchange(head + half + half + "1\r\nx\r\n0\r\n\r\n").status,
              413);
    EXPECT_EQ(RawClient(server.port).exchange(head + "ffffffffffffffff\r\n").status, 413);
}

TEST(HttpLimits, theOwnerMayAllowMoreForSomeBodies)
{
    Limits limits;
    limits.bodyBytes = 10;
    Callbacks callbacks = echoing();
    callbacks.bodyRule = [](const Request& request) {
        const bool streaming
            = request.header("Lambda-Runtime-Function-Response-Mode") == "streaming";
        return BodyRule{streaming ? 1000000U : 100U, 0ms};
    };
    TestServer server(std::move(callbacks), limits);
    const std::string body(50000, 'x');
    EXPECT_EQ(RawClient(server.port).exchange(post("/", body)).status, 413);
    EXPECT_EQ(RawClient(server.port)
                  .exchange(post("/", body, "Lambda-Runtime-Function-Response-Mode: streaming\r\n"))
                  .status,
              200);
}

TEST(HttpLimits, headersOfOneMebibytePass)
{
    Callbacks callbacks;
    callbacks.handle = [](Request&& request, Responder responder) {
        responder.respond(200, "", std::to_string(request.header("X-Cause").size()));
    };
    TestServer server(std::move(callbacks));
    RawClient client(server.port, get("/", "X-Cause: " + std::string(1U << 20U, 'c') + "\r\n"));
    EXPECT_EQ(client.read().body, "1048576");
    EXPECT_EQ(client.exchange(get("/")).body, "0");
}

TEST(HttpLimits, tooLargeOrTooManyHeaders)
{
    Limits limits;
    limits.headerBytes = 20000;
    TestServer server(echoing(), limits);
    std::string many;
    for (int i = 0; i < 1001; ++i)
        many += "a: b\r\n";
    const std::string chunked
        = "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: ";
    const struct {
        const char* name;
        std::string bytes;
        const char* body;
    } rows[] = {
        {"whole", get("/", "X: " + std::string(20000, 'x') + "\r\n"),
         "the request's header is too large.\n"},
        {"endless line", "GET / HTTP/1.1\r\nX: " + std::string(20000, 'x'),
         "the request's header is too large.\n"},
        {"endless first line", "GET /" + std::string(20000, 'x'),
         "the request's header is too large.\n"},
        {"many lines", get("/", many), "the request has too many header lines.\n"},
        {"endless trailer", chunked + std::string(20000, 't'),
         "the request's trailer is too large.\n"},
    };
    for (const auto& row : rows) {
        const Answer answer = RawClient(server.port).exchange(row.bytes);
        EXPECT_EQ(answer.status, 431) << row.name;
        EXPECT_EQ(answer.body, row.body) << row.name;
    }
}

TEST(HttpLimits, twentyMegabytesOfHeadersAreNotTaken)
{
    TestServer server;
    RawClient client(server.port, "GET / HTTP/1.1\r\nHost: localhost\r\n");
    const std::string line = "X: " + std::string(65000, 'x') + "\r\n";
    for (int i = 0; i < 320 && client.send(line); ++i) { }
    EXPECT_EQ(client.read().status, 431);
}

TEST(HttpLimits, slowRequestsTimeOut)
{
    Limits limits;
    limits.requestTime = 100ms;
    TestServer server(echoing(), limits);
    const struct {
        const char* name;
        std::string bytes;
        int status; ///< 0: closed without a word
    } rows[]
        = {{"nothing at all", "", 0},
           {"half a first line", "GET /", 408},
           {"half a head", "GET / HTTP/1.1\r\nHost: localhost\r\n", 408},
           {"half a body", declared(10) + "x", 408},
           {"half a chunk",
            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx", 408}};
    for (const auto& row : rows) {
        RawClient client(server.port, row.bytes);
        EXPECT_EQ(client.read().status, row.status) << row.name;
        EXPECT_TRUE(client.ended()) << row.name;
    }
}

TEST(HttpLimits, aDribblingClientTimesOutAlthoughBytesKeepComing)
{
    Limits limits;
    limits.requestTime = 100ms;
    TestServer server(echoing(), limits);
    RawClient client(server.port, get("/first"));
    EXPECT_EQ(client.read().status, 200);
    client.send("GET / HTTP/1.1\r\nX: ");
    EXPECT_TRUE(eventually([&] { return !client.send("x") || server.connections() == 0; }));
}

TEST(HttpLimits, silenceBetweenRequestsIsAllowedUnlessLimited)
{
    Limits limits;
    limits.requestTime = 50ms;
    TestServer patient(echoing(), limits);
    limits.idleTime = 100ms;
    TestServer strict(echoing(), limits);
    RawClient kept(patient.port);
    RawClient closed(strict.port);
    EXPECT_EQ(kept.exchange(get("/")).status, 200);
    EXPECT_EQ(closed.exchange(get("/")).status, 200);
    EXPECT_TRUE(closed.ended());
    EXPECT_EQ(kept.exchange(get("/later")).status, 200);
}

TEST(HttpLimits, aParkedRequestHasNoTimeLimit)
{
    Limits limits;
    limits.requestTime = 50ms;
    limits.idleTime = 50ms;
    TestServer server(echoing(), limits);
    RawClient client(server.port, get("/park"));
    ASSERT_TRUE(server.parks(1));
    RawClient idle(server.port, get("/"));
    EXPECT_EQ(idle.read().status, 200);
    EXPECT_TRUE(idle.ended()); // so the deadlines of that age have passed
    server.onLoop([&] { server.parked[0].respond(200, "", "event"); });
    EXPECT_EQ(client.read().body, "event");
}

TEST(HttpLimits, oneConnectionTooManyIsToldSo)
{
    Limits limits;
    limits.connections = 2;
    TestServer server(echoing(), limits);
    RawClient first(server.port);
    RawClient second(server.port);
    EXPECT_EQ(first.exchange(get("/")).status, 200);
    EXPECT_EQ(second.exchange(get("/")).status, 200);
    RawClient third(server.port);
    const Answer answer = third.exchange(get("/"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body, "too many connections are open.\n");
    third.close();
    second.close();
    EXPECT_TRUE(server.hasConnections(1));
    EXPECT_EQ(RawClient(server.port).exchange(get("/")).status, 200);
    EXPECT_EQ(first.exchange(get("/")).status, 200);
}

TEST(HttpLimits, aLargeAnswerWaitsForASlowReader)
{
    auto big = std::make_shared<std::string>(10U << 20U, '\0');
    for (std::size_t i = 0; i < big->size(); ++i)
        (*big)[i] = static_cast<char>(i * 7 % 253);
    for (const bool shared : {true, false}) {
        TestServer server;
        RawClient client;
        const int small = 4096;
        ::setsockopt(client.socket(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        client.connect(server.port);
        client.send(get("/park") + get("/next"));
        ASSERT_TRUE(server.parks(1));
        server.onLoop([&] {
            if (shared)
                server.parked[0].respond(200, "", std::shared_ptr<const std::string>(big));
            else
                server.parked[0].respond(200, "", std::string(*big)); // a text that goes away
        });
        EXPECT_EQ(big.use_count(), shared ? 2 : 1);
        EXPECT_EQ(RawClient(server.port).exchange(get("/other")).body, "GET /other ");
        EXPECT_EQ(client.read().body, *big);
        EXPECT_EQ(client.read().body, "GET /next ");
        EXPECT_EQ(big.use_count(), 1);
    }
}

TEST(HttpLimits, aReaderThatStopsIsDropped)
{
    Limits limits;
    limits.requestTime = 100ms;
    TestServer server(echoing(), limits);
    RawClient client(server.port, get("/park"));
    ASSERT_TRUE(server.parks(1));
    const auto big = std::make_shared<const std::string>(50U << 20U, 'x');
    server.onLoop([&] { server.parked[0].respond(200, "", big); });
    EXPECT_TRUE(server.hasConnections(0));
    EXPECT_EQ(big.use_count(), 1);
}

/// Takes all descriptors the process may still open, and gives them back.
class NoDescriptors {
public:
    NoDescriptors()
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit few = m_before;
        few.rlim_cur = 200;
        ::setrlimit(RLIMIT_NOFILE, &few);
        for (int copy = ::dup(0); copy >= 0; copy = ::dup(0))
            m_taken.push_back(copy);
    }
    ~NoDescriptors()
    {
        for (const int descriptor : m_taken)
            ::close(descriptor);
        ::setrlimit(RLIMIT_NOFILE, &m_before);
    }

private:
    rlimit m_before{};
    std::vector<int> m_taken;
};

TEST(HttpLimits, recoversWhenDescriptorsRanOut)
{
    TestServer server;
    RawClient early(server.port);
    EXPECT_EQ(early.exchange(get("/")).status, 200);
    std::vector<RawClient> late(5);
    {
        const NoDescriptors none;
        for (RawClient& client : late) {
            client.connect(server.port); // the system takes them in, the server cannot
            client.send(get("/late"));
        }
        for (int i = 0; i < 100; ++i)
            EXPECT_EQ(early.exchange(get("/")).status, 200); // and serves on
        EXPECT_EQ(server.connections(), 1u);
        boost::asio::io_context io;
        const auto another = Server::listen(io, {}, {}, echoing());
        ASSERT_FALSE(another);
        EXPECT_EQ(another.error().code, Error::Code::LimitReached);
        EXPECT_EQ(describe(another.error()),
                  "no more files can be opened: Too many open files; raise the limit (ulimit -n) "
                  "or run fewer instances");
    }
    for (RawClient& client : late)
        EXPECT_EQ(client.read().body, "GET /late ");
}

TEST(HttpLimits, socketsAreNotInheritedByChildProcesses)
{
    TestServer server;
    RawClient client(server.port);
    EXPECT_EQ(client.exchange(get("/")).status, 200);
    int sockets = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code error;
        const std::string target = std::filesystem::read_symlink(entry.path(), error).string();
        const int descriptor = std::stoi(entry.path().filename().string());
        if (error || descriptor <= 2 || !target.starts_with("socket:"))
            continue;
        struct sockaddr_in address { };
        socklen_t size = sizeof address;
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
        if (address.sin_family != AF_INET)
            continue; // the test was started with it
        ++sockets;
        EXPECT_NE(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC, 0) << descriptor;
    }
    EXPECT_EQ(sockets, 3); // listening, accepted, and the client's own
}

} // namespace
} // namespace coldframe::http::test
