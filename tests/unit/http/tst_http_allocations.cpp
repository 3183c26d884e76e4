// The hot path asks for no memory once the connection is warm.

#include "counted_new.h"
#include "raw_client.h"
#include "test_server.h"

namespace coldframe::http::test {
namespace {

TEST(HttpAllocations, noneForARequestOnAWarmConnection)
{
    const std::string event(1000, 'e');
    Callbacks callbacks;
    callbacks.handle = [&](Request&& request, Responder responder) {
        responder.respond(request.method == "GET" ? 200 : 202, "Content-Type: application/json\r\n",
                          event);
    };
    TestServer server(std::move(callbacks));
    RawClient client(server.port);
    const std::string next = get("/2018-06-01/runtime/invocation/next", "User-Agent: test\r\n");
    const std::string response = post("/2018-06-01/runtime/invocation/1/response", event);
    const auto exchange = [&](int times) {
        for (int i = 0; i < times; ++i) {
            client.exchange(next);
            client.exchange(response);
        }
    };
    exchange(10);
    const long before = server.onLoop([] { return allocationsOfThread(); });
    exchange(1000);
    const long after = server.onLoop([] { return allocationsOfThread(); });
    EXPECT_LE(after - before, 5); // the question itself costs a few
}

} // namespace
} // namespace coldframe::http::test
