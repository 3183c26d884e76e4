// What a session shows of an HTTP trigger, with a real function behind a real port.

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "live_workspace.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

/// Everything the server says to one request.
std::string askedAt(const std::string& url, const std::string& target)
{
    namespace asio = boost::asio;
    const std::size_t port = url.find(':', 7) + 1;
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(),
                    static_cast<unsigned short>(std::stoi(url.substr(port)))});
    asio::write(socket,
                asio::buffer("GET " + target
                             + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    std::string answer;
    boost::system::error_code end;
    asio::read(socket, asio::dynamic_buffer(answer), end);
    return answer;
}

class HttpTriggerView : public testing::Test {
protected:
    void SetUp() override
    {
        m_workspace.write("code/app.py", R"(
def handler(event, context):
    if event["rawPath"] == "/bad":
        return {"statusCode": 200, "body": 5}
    return "hello"
)");
        m_workspace.write("coldframe.json", R"({"format": 1, "name": "test", "functions": {"f": {
            "runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler"}},
            "triggers": {"web": {"kind": "http", "function": "f"}}})");
        Options options;
        options.startTriggers = true;
        m_session = m_workspace.open(options);
        ASSERT_TRUE(m_session);
        ASSERT_TRUE(eventually([this] { return !view().url.empty(); }));
    }
    TriggerView view() const { return m_session->snapshot()->triggers.at(0); }

    LiveWorkspace m_workspace;
    std::unique_ptr<Session> m_session;
};

} // namespace

TEST_F(HttpTriggerView, CountsWhatCameAndWhatWaits)
{
    const std::string url = view().url;
    EXPECT_TRUE(view().running);
    EXPECT_TRUE(url.starts_with("http://127.0.0.1:") && url.ends_with("/")) << url;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(askedAt(url, "/").ends_with("\r\n\r\nhello"));
    EXPECT_TRUE(eventually([this] { return view().events == 3 && view().waiting == 0; }))
        << view().events << " events, " << view().waiting << " waiting";
    EXPECT_EQ(view().message, "");
}

TEST_F(HttpTriggerView, TellsABadResultAndStopsListening)
{
    const std::string url = view().url;
    EXPECT_TRUE(askedAt(url, "/bad").starts_with("HTTP/1.1 502 "));
    EXPECT_TRUE(eventually([this] { return !view().message.empty(); }));
    EXPECT_EQ(view().message,
              "the last bad result of f: body must be a text, got number; make it one with "
              "JSON.stringify or json.dumps");
    m_session->stopTriggers();
    EXPECT_TRUE(eventually([this] { return view().url.empty(); }));
    EXPECT_THROW(askedAt(url, "/"), boost::system::system_error);
}
