// Functions that call functions: the platform stops a circle, so does the desk.

#include <gmock/gmock.h>

#include "live_workspace.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

namespace {

/// Calls itself as often as it can, as an SDK would, and returns how it ended.
constexpr const char* kCallsItself = R"(
import http.client, json, os
def handler(event, context):
    connection = http.client.HTTPConnection(os.environ["AWS_ENDPOINT_URL_LAMBDA"][len("http://"):])
    connection.request("POST", "/2015-03-31/functions/f/invocations", json.dumps(event), {
        "X-Amz-Invocation-Type": event["type"],
        "Authorization": "AWS4-HMAC-SHA256 Credential=%s/x" % os.environ["AWS_ACCESS_KEY_ID"]})
    answer = connection.getresponse()
    if answer.status >= 400:
        return [answer.status, answer.getheader("x-amzn-ErrorType")]
    return json.loads(answer.read() or "null")
)";

std::uint64_t invocations(const Session& session)
{
    return session.snapshot()->totals.invocations;
}

TEST(Chains, ofACallThatWaitsEndWithAnErrorAfterSixteen)
{
    LiveWorkspace workspace;
    workspace.python(kCallsItself, ", \"timeoutMs\": 60000");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    const Answer answer = call(*session, R"({"type": "RequestResponse"})");
    EXPECT_EQ(answer.payload, R"([400, "RecursiveInvocationException"])");
    ASSERT_TRUE(eventually([&] { return invocations(*session) >= 16; }));
    EXPECT_EQ(invocations(*session), 16U);
    EXPECT_THAT(session->snapshot()->notices,
                Contains(Field(&Notice::text, HasSubstr("A chain of 16 functions was stopped"))));
    // The next call from outside begins a chain of its own.
    EXPECT_EQ(call(*session, R"({"type": "RequestResponse"})").payload, answer.payload);
}

TEST(Chains, ofEventsEndAfterSixteen)
{
    LiveWorkspace workspace;
    workspace.python(kCallsItself, ", \"timeoutMs\": 60000");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    call(*session, R"({"type": "Event"})");
    ASSERT_TRUE(eventually([&] { return !session->snapshot()->notices.empty(); }));
    ASSERT_TRUE(eventually([&] { return invocations(*session) >= 16; }));
    call(*session, R"({"type": "DryRun"})"); // so that something later has ended
    ASSERT_TRUE(eventually([&] { return invocations(*session) >= 17; }));
    EXPECT_EQ(invocations(*session), 17U);
}

} // namespace
