// What broken or hostile clients send. Each is refused, and the server goes on.

#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

const std::string kHost = "Host: localhost\r\n";
const std::string kChunked = "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n";
constexpr const char* kLine = "the first line of the request is not METHOD TARGET HTTP/1.1.\n";
constexpr const char* kField = "a header line is malformed.\n";
constexpr const char* kLength
    = "Content-Length must be one whole number, without Transfer-Encoding beside it.\n";
constexpr const char* kCoding
    = "Transfer-Encoding must be given once, without Content-Length beside it.\n";
constexpr const char* kOneHost = "an HTTP/1.1 request carries exactly one Host header.\n";
constexpr const char* kChunks = "the chunked body is malformed.\n";

struct Row {
    const char* name;
    std::string bytes;
    int status;
    const char* body;
};

const Row kRows[] = {
    {"one word", "GARBAGE\r\n\r\n", 400, kLine},
    {"a TLS greeting", std::string("\x16\x03\x01\x02\x00\x01", 6), 400, kLine},
    {"only NUL bytes", std::string(100, '\0'), 400, kLine},
    {"two spaces", "GET  / HTTP/1.1\r\n" + kHost + "\r\n", 400, kLine},
    {"no target", "GET HTTP/1.1\r\n" + kHost + "\r\n", 400, kLine},
    {"control character in the target", "GET /\x01 HTTP/1.1\r\n" + kHost + "\r\n", 400, kLine},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505,
     "only HTTP/1.0 and HTTP/1.1 are served here.\n"},
    {"bare CR in a header line", "GET / HTTP/1.1\r\n" + kHost + "X: a\rb\r\n\r\n", 400, kField},
    {"space before the colon", "GET / HTTP/1.1\r\n" + kHost + "X : a\r\n\r\n", 400, kField},
    {"no colon", "GET / HTTP/1.1\r\n" + kHost + "nothing\r\n\r\n", 400, kField},
    {"folded header line", "GET / HTTP/1.1\r\n" + kHost + "X: a\r\n b\r\n\r\n", 400,
     "header lines must not be folded.\n"},
    {"folded after nothing", "GET / HTTP/1.1\r\n" + kHost + "Content-Length:\r\n 2\r\n\r\nab", 400,
     "header lines must not be folded.\n"},
    {"folded into nothing", "GET / HTTP/1.1\r\n" + kHost + "X:\r\n \r\n\r\n", 400,
     "header lines must not be folded.\n"},
    {"NUL in a header line", "GET / HTTP/1.1\r\n" + kHost + std::string("X: \0\r\n\r\n", 8), 400,
     kField},
    {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, kOneHost},
    {"two Hosts", "GET / HTTP/1.1\r\n" + kHost + kHost + "\r\n", 400, kOneHost},
    {"another host in the first line", "GET http://evil/ HTTP/1.1\r\n" + kHost + "\r\n", 400,
     "the request names one host in its first line, another in Host.\n"},
    {"Content-Length in words", "POST / HTTP/1.1\r\n" + kHost + "Content-Length: abc\r\n\r\n", 400,
     kLength},
    {"negative Content-Length", "POST / HTTP/1.1\r\n" + kHost + "Content-Length: -5\r\n\r\n", 400,
     kLength},
    {"empty Content-Length", "POST / HTTP/1.1\r\n" + kHost + "Content-Length:\r\n\r\n", 400,
     kLength},
    {"Content-Length past 64 bits",
     "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 18446744073709551617\r\n\r\n", 400, kLength},
    {"two different Content-Lengths",
     "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400,
     kLength},
    {"Content-Length after chunked", kChunked + "Content-Length: 5\r\n\r\n", 400, kLength},
    {"chunked after Content-Length",
     "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
     kCoding},
    {"chunked twice", kChunked + "Transfer-Encoding: chunked\r\n\r\n", 400, kCoding},
    {"unknown coding", "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: gzip\r\n\r\n", 501,
     "only the transfer coding \"chunked\" is understood.\n"},
    {"unknown coding after chunked",
     "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked, gzip\r\n\r\n", 501,
     "only the transfer coding \"chunked\" is understood.\n"},
    {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
     "HTTP/1.0 knows no Transfer-Encoding.\n"},
    {"chunk size in words", kChunked + "\r\nxyz\r\n", 400, kChunks},
    {"negative chunk size", kChunked + "\r\n-1\r\n", 400, kChunks},
    {"chunk size past 64 bits", kChunked + "\r\n10000000000000000\r\n", 400, kChunks},
    {"chunk without its end", kChunked + "\r\n3\r\nabcdef\r\n", 400, kChunks},
    {"Content-Length as a trailer", kChunked + "\r\n0\r\nContent-Length: 5\r\n\r\n", 400, kLength},
    {"another expectation", "POST / HTTP/1.1\r\n" + kHost + "Expect: cake\r\n\r\n", 417,
     "only \"Expect: 100-continue\" is understood.\n"},
};

class HttpMalformed : public testing::TestWithParam<Row> { };

TEST_P(HttpMalformed, isRefusedAndTheConnectionClosed)
{
    TestServer server;
    RawClient client(server.port, GetParam().bytes);
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, GetParam().status);
    EXPECT_EQ(answer.body, GetParam().body);
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(client.ended());
    client.close();
    EXPECT_TRUE(server.hasConnections(0));
    EXPECT_EQ(RawClient(server.port).exchange(get("/after")).body, "GET /after ");
}

INSTANTIATE_TEST_SUITE_P(Rows, HttpMalformed, testing::ValuesIn(kRows), [](const auto& row) {
    std::string name = row.param.name;
    for (char& c : name)
        c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name;
});

TEST(HttpMalformedPipeline, whatCameBeforeIsStillAnswered)
{
    TestServer server;
    RawClient client(server.port, get("/good") + "GARBAGE\r\n\r\n" + get("/never"));
    EXPECT_EQ(client.read().body, "GET /good ");
    EXPECT_EQ(client.read().status, 400);
    EXPECT_TRUE(client.ended());
}

TEST(HttpMalformedAnswer, theOwnerWordsItAndSeesTheHead)
{
    std::vector<std::string> seen;
    Callbacks callbacks = echoing();
    callbacks.refuse = [&](const Refusal& refusal) {
        seen.push_back(refusal.request ? std::string(refusal.request->target) : "none");
        return RefusalAnswer{"X-Error: mine\r\n",
                             "{\"status\":" + std::to_string(refusal.status) + "}"};
    };
    TestServer server(std::move(callbacks));
    RawClient first(server.port, "GARBAGE\r\n\r\n");
    const Answer garbage = first.read();
    EXPECT_EQ(garbage.status, 400);
    EXPECT_TRUE(garbage.has("X-Error: mine"));
    EXPECT_EQ(garbage.body, "{\"status\":400}");
    RawClient second(server.port,
                     "POST /big HTTP/1.1\r\n" + kHost + "Content-Length: 99999999\r\n\r\n");
    EXPECT_EQ(second.read().body, "{\"status\":413}");
    EXPECT_EQ(seen, (std::vector<std::string>{"none", "/big"}));
}

TEST(HttpMalformedAnswer, aRequestCutOffIsToldToTheOwner)
{
    for (const bool broken : {false, true}) {
        std::promise<std::pair<std::string, bool>> told;
        Callbacks callbacks = echoing();
        callbacks.refuse = [&](const Refusal& refusal) {
            told.set_value(
                {refusal.request ? std::string(refusal.request->target) : "none", refusal.cutOff});
            return RefusalAnswer{"", "cut off"};
        };
        TestServer server(std::move(callbacks));
        RawClient client(server.port,
                         "POST /half HTTP/1.1\r\n" + kHost
                             + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n");
        EXPECT_EQ(client.read().status, 100);
        client.send("only this");
        if (broken) {
            client.reset();
        } else {
            client.finishSending();
            EXPECT_EQ(client.read().body, "cut off");
        }
        auto result = told.get_future();
        ASSERT_EQ(result.wait_for(kPatience), std::future_status::ready);
        EXPECT_EQ(result.get(), (std::pair<std::string, bool>{"/half", true}));
        EXPECT_TRUE(server.hasConnections(0));
    }
}

} // namespace
} // namespace coldframe::http::test
