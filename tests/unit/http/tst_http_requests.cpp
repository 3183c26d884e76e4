// What well-behaved clients send, and how it is answered.

#include <random>
#include <regex>

#include <fmt/format.h>

#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

constexpr std::string_view kChunked = "POST /c HTTP/1.1\r\nHost: localhost\r\n"
                                      "Transfer-Encoding: chunked\r\n";

/// What echo() answers.
std::string echoed(std::string_view method, std::string_view path, std::string_view body = {})
{
    return fmt::format("{} {} {}", method, path, body);
}

TEST(HttpRequests, answersOnOneConnectionAgainAndAgain)
{
    TestServer server;
    RawClient client(server.port);
    for (int i = 0; i < 1000; ++i) {
        const std::string path = fmt::format("/{}", i);
        EXPECT_EQ(client.exchange(get(path)).body, echoed("GET", path));
        EXPECT_EQ(client.exchange(post(path, "hello")).body, echoed("POST", path, "hello"));
    }
    EXPECT_EQ(server.connections(), 1u);
}

TEST(HttpRequests, answerHasStatusLineDateAndLength)
{
    TestServer server;
    RawClient client(server.port);
    const Answer answer = client.exchange(get("/"));
    EXPECT_EQ(answer.head.substr(0, 17), "HTTP/1.1 200 OK\r\n");
    EXPECT_TRUE(answer.has("Content-Length: 6"));
    EXPECT_TRUE(answer.has("Content-Type: text/plain"));
    EXPECT_TRUE(std::regex_search(
        answer.head,
        std::regex("\r\nDate: (Sun|Mon|Tue|Wed|Thu|Fri|Sat), \\d\\d [A-Z][a-z][a-z] 20\\d\\d "
                   "\\d\\d:\\d\\d:\\d\\d GMT\r\n")))
        << answer.head;
}

TEST(HttpRequests, bodiesOfEverySizeArriveWhole)
{
    TestServer server;
    for (const std::size_t size : {0, 1, 1000, 4096, 65535, 65536, 70000, 3000000}) {
        std::string body(size, '\0');
        for (std::size_t i = 0; i < size; ++i)
            body[i] = static_cast<char>(i * 31 % 251);
        RawClient client(server.port);
        EXPECT_EQ(client.exchange(post("/", body)).body, echoed("POST", "/", body)) << size;
        EXPECT_EQ(client.exchange(get("/next")).body, "GET /next ") << size;
    }
}

TEST(HttpRequests, pipelinedRequestsAreAnsweredInOrder)
{
    TestServer server;
    RawClient client(server.port);
    std::string all;
    for (int i = 0; i < 500; ++i)
        all += i % 2 == 0 ? get(fmt::format("/{}", i)) : post(fmt::format("/{}", i), "x");
    client.send(all);
    for (int i = 0; i < 500; ++i) {
        const std::string path = fmt::format("/{}", i);
        EXPECT_EQ(client.read().body, i % 2 == 0 ? echoed("GET", path) : echoed("POST", path, "x"));
    }
}

TEST(HttpRequests, requestsBehindAParkedOneWaitForIt)
{
    TestServer server;
    RawClient client(server.port, get("/park") + post("/b", "b"));
    ASSERT_TRUE(server.parks(1));
    client.send(get("/c"));
    server.onLoop([&] { server.parked[0].respond(200, "", "first"); });
    EXPECT_EQ(client.read().body, "first");
    EXPECT_EQ(client.read().body, "POST /b b");
    EXPECT_EQ(client.read().body, "GET /c ");
}

TEST(HttpRequests, moreThanTheServerTakesAheadWaitsForIt)
{
    TestServer server;
    RawClient client(server.port, get("/park"));
    ASSERT_TRUE(server.parks(1));
    const std::string body(500000, 'b');
    std::thread sender([&] { client.send(post("/big", body) + get("/last")); });
    server.onLoop([&] { server.parked[0].respond(200, "", "first"); });
    EXPECT_EQ(client.read().body, "first");
    EXPECT_EQ(client.read().body, echoed("POST", "/big", body));
    EXPECT_EQ(client.read().body, "GET /last ");
    sender.join();
}

TEST(HttpRequests, byteByByte)
{
    TestServer server;
    RawClient client(server.port);
    const std::string request = post("/slow", "body") + std::string(kChunked)
        + "\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n" + get("/end");
    for (const char byte : request)
        client.send({&byte, 1});
    EXPECT_EQ(client.read().body, "POST /slow body");
    EXPECT_EQ(client.read().body, "POST /c abcde");
    EXPECT_EQ(client.read().body, "GET /end ");
}

/// However the bytes are cut into pieces, the answers are the same.
TEST(HttpRequests, anyCutOfTheStreamGivesTheSameAnswers)
{
    const std::string stream = get("/a") + post("/b", std::string(700, 'b')) + std::string(kChunked)
        + "\r\n3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\nT: v\r\n\r\n" + get("/d")
        + post("/e", "") + post("/f", std::string(9000, 'f')) + get("/g");
    TestServer server;
    for (unsigned seed = 1; seed <= 100; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        RawClient client(server.port);
        for (std::size_t at = 0; at < stream.size();) {
            const std::size_t size = 1 + random() % (1U << (random() % 12));
            client.send(std::string_view(stream).substr(at, size));
            at += size;
        }
        EXPECT_EQ(client.read().body, echoed("GET", "/a"));
        EXPECT_EQ(client.read().body, echoed("POST", "/b", std::string(700, 'b')));
        EXPECT_EQ(client.read().body, echoed("POST", "/c", "abc0123456789abcdef"));
        EXPECT_EQ(client.read().body, echoed("GET", "/d"));
        EXPECT_EQ(client.read().body, echoed("POST", "/e"));
        EXPECT_EQ(client.read().body, echoed("POST", "/f", std::string(9000, 'f')));
        EXPECT_EQ(client.read().body, echoed("GET", "/g"));
    }
}

TEST(HttpRequests, headAndNoContentCarryNoBody)
{
    Callbacks callbacks;
    callbacks.handle = [](Request&& request, Responder responder) {
        responder.respond(request.target == "/204" ? 204 : 200, "", "body");
    };
    TestServer server(std::move(callbacks));
    RawClient client(server.port);
    client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/204") + get("/200"));
    const Answer head = client.read(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_TRUE(head.has("Content-Length: 4"));
    const Answer empty = client.read();
    EXPECT_EQ(empty.status, 204);
    EXPECT_EQ(empty.head.find("Content-Length"), std::string::npos);
    EXPECT_EQ(client.read().body, "body");
}

TEST(HttpRequests, expectContinueIsAnsweredBeforeTheBody)
{
    TestServer server;
    RawClient client(server.port,
                     "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                     "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read().status, 100);
    EXPECT_EQ(client.exchange("hello").body, "POST / hello");
}

TEST(HttpRequests, expectContinueIsLeftOutWhenTheBodyIsThere)
{
    TestServer server;
    RawClient client(server.port, post("/", "hello", "Expect: 100-Continue\r\n"));
    EXPECT_EQ(client.read().body, "POST / hello");
}

TEST(HttpRequests, chunksAndTrailers)
{
    Callbacks callbacks;
    callbacks.handle = [](Request&& request, Responder responder) {
        responder.respond(200, "",
                          request.body + "|" + std::string(request.header("X-Head")) + "|"
                              + std::string(request.header("lambda-runtime-function-error-type"))
                              + "|" + (request.chunked ? "chunked" : "plain"));
    };
    TestServer server(std::move(callbacks));
    RawClient client(server.port, std::string(kChunked) + "X-Head: h\r\n\r\n");
    client.send("5\r\nhello\r\n");
    client.send(
        "1\r\n \r\n5\r\nworld\r\n0\r\nLambda-Runtime-Function-Error-Type: Runtime.Unknown\r\n");
    client.send("Other: o\r\n\r\n");
    EXPECT_EQ(client.read().body, "hello world|h|Runtime.Unknown|chunked");
    EXPECT_EQ(client.exchange(get("/")).body,
              "||"
              "|plain");
    EXPECT_EQ(client.exchange(std::string(kChunked) + "\r\n0\r\n\r\n").body, "|||chunked");
}

TEST(HttpRequests, largeChunkedBody)
{
    TestServer server;
    RawClient client(server.port, std::string(kChunked) + "\r\n");
    std::string whole;
    for (int i = 0; i < 100; ++i) {
        const std::string chunk(30000, static_cast<char>('a' + i % 26));
        whole += chunk;
        client.send("7530\r\n" + chunk + "\r\n");
    }
    client.send("0\r\n\r\n");
    EXPECT_EQ(client.read().body, echoed("POST", "/c", whole));
}

TEST(HttpRequests, http10)
{
    TestServer server;
    RawClient client(server.port, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(client.read().has("Connection: keep-alive"));
    const Answer last = client.exchange("GET /2 HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(last.has("Connection: close"));
    EXPECT_EQ(last.body, "GET /2 ");
    EXPECT_TRUE(client.ended());
}

TEST(HttpRequests, connectionCloseEndsTheConnection)
{
    TestServer server;
    RawClient client(server.port, get("/", "Connection: close\r\n"));
    EXPECT_TRUE(client.read().has("Connection: close"));
    EXPECT_TRUE(client.ended());
    client.close();
    EXPECT_TRUE(server.hasConnections(0));
}

TEST(HttpRequests, targetIsThePathAlsoForAProxyClient)
{
    TestServer server;
    RawClient client(server.port);
    EXPECT_EQ(
        client.exchange("GET http://localhost/a?b=c HTTP/1.1\r\nHost: localhost\r\n\r\n").body,
        "GET /a?b=c ");
    EXPECT_EQ(client.exchange("GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n").body,
              "GET / ");
}

TEST(HttpRequests, emptyLinesBeforeARequestAreSkipped)
{
    TestServer server;
    RawClient client(server.port, "\r\n\r");
    EXPECT_EQ(client.exchange("\n" + get("/a") + "\r\n" + get("/b")).body, "GET /a ");
    EXPECT_EQ(client.read().body, "GET /b ");
}

TEST(HttpRequests, aMovedOutBodyIsKept)
{
    std::vector<std::string> kept;
    Callbacks callbacks;
    callbacks.handle = [&](Request&& request, Responder responder) {
        kept.push_back(std::move(request.body));
        responder.respond(202, "", "");
    };
    TestServer server(std::move(callbacks));
    RawClient client(server.port);
    for (const char* body : {"one", "two", "three"})
        EXPECT_EQ(client.exchange(post("/", body)).status, 202);
    EXPECT_EQ(kept, (std::vector<std::string>{"one", "two", "three"}));
}

TEST(HttpRequests, firstByteTimeIsThatOfTheRequestsStart)
{
    std::chrono::steady_clock::time_point first;
    Callbacks callbacks;
    callbacks.handle = [&](Request&& request, Responder responder) {
        first = request.firstByteAt;
        responder.respond(200, "", "");
    };
    TestServer server(std::move(callbacks));
    const auto before = std::chrono::steady_clock::now();
    RawClient client(server.port, std::string(kChunked) + "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read().status, 100); // so the head has been read by now
    const auto between = std::chrono::steady_clock::now();
    client.exchange("1\r\nx\r\n0\r\n\r\n");
    EXPECT_GT(first, before);
    EXPECT_LT(first, between);
}

TEST(HttpRequests, aRepeatedHeaderGivesItsFirstValue)
{
    Callbacks callbacks;
    callbacks.handle = [](Request&& request, Responder responder) {
        responder.respond(200, "",
                          std::string(request.header("x-a")) + ","
                              + std::string(request.header("X-Empty")) + ","
                              + std::string(request.header("x-none")));
    };
    TestServer server(std::move(callbacks));
    RawClient client(server.port, get("/", "X-A:  one \r\nX-Empty:\r\nx-a: two\r\n"));
    EXPECT_EQ(client.read().body, "one,,");
}

} // namespace
} // namespace coldframe::http::test
