// What a client sends that breaks in the middle of several requests. How its bytes happen to be cut
// into packets must not matter, or one reader of them sees a request where another sees a body.

#include "mangled.h"
#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

using coldframe::test::below;
using coldframe::test::mangled;
using coldframe::test::seedToTry;

constexpr int kRounds = 300;

const std::string kRequests[] = {
    "GET /a?b=%2F HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST /b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 31\r\n\r\nGET /in HTTP/1.1\r\nHost: "
    "x\r\n\r\n..",
    "POST /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;x=\"y\"\r\nhello\r\n1a\r\nDELETE / HTTP/1.1\r\nHost: a\r\n\r\n0\r\nX: y\r\n\r\n",
    "PUT /d HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nX-Long: "
    "aaaaaaaaaaaaaaaaaaaa\r\n\r\n",
};

/// The requests that it saw, and whether it refused one. Which fault of several it names depends on
/// what has come when the end of the connection does.
std::string answersTo(std::uint16_t port, const std::vector<std::string>& pieces)
{
    RawClient client(port);
    for (const std::string& piece : pieces)
        if (!client.send(piece))
            break;
    client.finishSending();
    std::string all;
    for (Answer answer; (answer = client.read()).status != 0;)
        all += (answer.status == 200 ? answer.body : "refused") + '\n';
    return all;
}

TEST(HttpMangled, isReadAlikeHoweverItIsCut)
{
    std::mt19937 random(seedToTry());
    TestServer server;
    for (int round = 0; round < kRounds; ++round) {
        std::string bytes;
        for (std::size_t i = 1 + below(random, 3); i > 0; --i)
            bytes += kRequests[below(random, std::size(kRequests))];
        bytes = mangled(std::move(bytes), random);
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < bytes.size(); at += pieces.back().size())
            pieces.push_back(bytes.substr(at, 1 + below(random, 20)));
        const std::string whole = answersTo(server.port, {bytes});
        ASSERT_EQ(answersTo(server.port, pieces), whole) << testing::PrintToString(bytes);
    }
    EXPECT_TRUE(server.hasConnections(0));
    EXPECT_EQ(RawClient(server.port).exchange(get("/after")).body, "GET /after ");
}

} // namespace
} // namespace coldframe::http::test
