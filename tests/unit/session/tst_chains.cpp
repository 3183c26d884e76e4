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

/// Two functions, each the other's destination.
class DestinationChains : public testing::TestWithParam<const char*> { };

TEST_P(DestinationChains, endAfterSixteen)
{
    const std::string which = GetParam();
    const auto function = [&](const std::string& other) {
        return R"({"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler", "async": {"retries": 0}, ")"
            + which + R"(": {"function": ")" + other + "\"}}";
    };
    LiveWorkspace workspace;
    workspace.write("code/app.py",
                    which == "onSuccess"
                        ? "def handler(event, context):\n    return context.function_name\n"
                        : "def handler(event, context):\n    raise ValueError('no')\n");
    workspace.write("coldframe.json",
                    R"({"format": 1, "name": "test", "functions": {"a": )" + function("b")
                        + ", \"b\": " + function("a") + "}}");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    session->send({.function = "a", .event = "{}", .delivery = engine::Delivery::Async});
    ASSERT_TRUE(eventually([&] { return !session->snapshot()->notices.empty(); }));
    ASSERT_TRUE(eventually([&] { return invocations(*session) >= 16; }));
    EXPECT_TRUE(eventually([&] { return session->idle(); })) << "an event's end was not told";
    call(*session, "{}", "a"); // whose caller gets the result; so that something later has ended
    ASSERT_TRUE(eventually([&] { return invocations(*session) >= 17; }));
    const auto snapshot = session->snapshot();
    EXPECT_EQ(snapshot->totals.invocations, 17U);
    EXPECT_EQ(snapshot->functions[0].invocations, 9U);
    EXPECT_EQ(snapshot->functions[1].invocations, 8U);
    EXPECT_THAT(snapshot->notices,
                testing::ElementsAre(testing::AllOf(
                    Field(&Notice::text,
                          testing::StartsWith("A chain of 16 functions was stopped before a")),
                    Field(&Notice::hint,
                          testing::AllOf(HasSubstr("functions that call each other in a circle"),
                                         HasSubstr("/undelivered/b-"))))));
}

INSTANTIATE_TEST_SUITE_P(Rows, DestinationChains, testing::Values("onSuccess", "onFailure"),
                         [](const auto& row) { return std::string(row.param); });

} // namespace
