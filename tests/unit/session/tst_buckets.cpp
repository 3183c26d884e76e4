// What functions do with the buckets of their workspace, as the session tells it. The functions
// speak HTTP themselves, so that no SDK is needed.

#include <gmock/gmock.h>

#include "live_workspace.h"
#include "raw_client.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

/// A handler that makes the requests its event lists, [method, path, body], and returns the
/// answers.
constexpr const char* kCaller = R"(
import http.client, os
host = os.environ["AWS_ENDPOINT_URL_S3"][len("http://"):]
key = os.environ["AWS_ACCESS_KEY_ID"]
def ask(method, path, body=None):
    connection = http.client.HTTPConnection(host)
    connection.request(method, path, body, {"Authorization": "AWS4-HMAC-SHA256 Credential=%s/x" % key})
    answer = connection.getresponse()
    return [answer.status, answer.read().decode()]
def handler(event, context):
    if "wait" in event:
        import time
        ask(*event["ask"][0])
        time.sleep(event["wait"])
    return [ask(*request) for request in event["ask"]]
)";

constexpr const char* kStores = R"(
    "stores": {"in": {"kind": "folder", "path": "data/in"}, "out": {"kind": "folder", "path": "data/out"}})";

void workspaceWith(const LiveWorkspace& workspace, const std::string& more = kStores,
                   const std::string& settings = "")
{
    workspace.write("code/app.py", kCaller);
    workspace.write("coldframe.json",
                    R"({"format": 1, "name": "test", "functions": {"f": {"runtime": "python",
                        "interpreter": "/usr/bin/python3", "code": "code", "handler": "app.handler")"
                        + settings + "}}," + more + "}");
    std::filesystem::create_directories(workspace.folder / "data/in");
}

TEST(Buckets, outputsAndTimesBelongToTheirAttempt)
{
    LiveWorkspace workspace;
    workspaceWith(workspace);
    workspace.write("data/in/report 01.csv", "a,b");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    const Answer first = call(*session, R"({"ask": [["GET", "/in/report%2001.csv"],
                                                    ["PUT", "/out/a%20b.json", "{}"],
                                                    ["PUT", "/out/c", "xyz"]]})");
    EXPECT_EQ(first.payload, R"([[200, "a,b"], [200, ""], [200, ""]])");
    EXPECT_THAT(first.stores.outputs,
                ElementsAre(Output{"out", "a b.json", 2}, Output{"out", "c", 3}));
    EXPECT_GT(first.stores.retrieval, Duration::zero());
    EXPECT_GT(first.stores.storing, Duration::zero());
    EXPECT_LT(first.stores.retrieval + first.stores.storing, first.desk);
    const Answer second = call(*session, R"({"ask": []})");
    EXPECT_EQ(second.instance, first.instance);
    EXPECT_TRUE(second.stores.empty());

    // And all of it is in the recording.
    std::optional<Answer> loaded;
    const auto rows = session->snapshot()->attempts;
    ASSERT_TRUE(eventually([&] { return session->snapshot()->attempts.size() == 2; }));
    std::atomic<bool> done{false};
    session->loadAttempt(session->snapshot()->attempts[0], [&](Answer answer, std::string) {
        loaded = std::move(answer);
        done = true;
    });
    ASSERT_TRUE(eventually([&] { return done.load(); }));
    EXPECT_EQ(loaded->stores.outputs, first.stores.outputs);
    EXPECT_EQ(loaded->stores.retrieval, first.stores.retrieval);
    EXPECT_EQ(loaded->stores.storing, first.stores.storing);
}

TEST(Buckets, whatWasWrittenBeforeATimeoutIsToldToo)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, kStores, R"(, "timeoutMs": 1500)");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    const Answer answer = call(*session, R"({"ask": [["PUT", "/out/a", "x"]], "wait": 60})");
    EXPECT_EQ(answer.outcome, engine::Outcome::TimedOut);
    EXPECT_THAT(answer.stores.outputs, ElementsAre(Output{"out", "a", 1}));
}

TEST(Buckets, aWorkspaceWithoutStoresSaysSo)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("stores": {})");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    const Answer answer = call(*session, R"({"ask": [["GET", "/in/a"]]})");
    EXPECT_THAT(answer.payload,
                HasSubstr("buckets are the stores of the workspace, which has none."));
}

TEST(Buckets, storesOfAnEditedWorkspaceAreBuckets)
{
    LiveWorkspace workspace;
    workspaceWith(workspace);
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    EXPECT_THAT(call(*session, R"({"ask": [["PUT", "/new/a", "x"]]})").payload, HasSubstr("404"));
    workspaceWith(workspace, R"("stores": {"new": {"kind": "folder", "path": "data/new"}})");
    EXPECT_TRUE(eventually([&] {
        return call(*session, R"({"ask": [["PUT", "/new/a", "x"]]})").payload == R"([[200, ""]])";
    }));
}

TEST(Buckets, aFunctionThatFeedsItselfIsStopped)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, std::string(kStores) + R"(,
        "triggers": {"on-in": {"kind": "file", "store": "in", "shape": "s3", "function": "f"}})");
    workspace.write("code/app.py", std::string(kCaller) + R"(
def handler(event, context):
    name = event["Records"][0]["s3"]["object"]["key"]
    ask("PUT", "/in/" + name + "x", "again")
)");
    workspace.write("data/in/a", "first");
    const auto session = workspace.open({.startTriggers = true, .backfill = {"on-in"}});
    ASSERT_TRUE(session);
    ASSERT_TRUE(eventually([&] { return session->snapshot()->triggers[0].paused; }));
    // Counted by who wrote each, so exactly 16 functions ran, however fast they were.
    EXPECT_EQ(session->snapshot()->totals.events, 16U);
    session->stopTriggers();
}

TEST(Buckets, nothingIsServedOfAWorkspaceThatIsNotTrusted)
{
    LiveWorkspace workspace;
    workspaceWith(workspace);
    workspace.write("data/in/a", "hello");
    const auto session = workspace.open({.trusted = false});
    ASSERT_TRUE(session);
    const std::string request = http::test::get("/in/a");
    const std::uint16_t port = session->snapshot()->s3Port;
    EXPECT_EQ(http::test::RawClient(port).exchange(request).status, 404);
    session->trust();
    EXPECT_TRUE(
        eventually([&] { return http::test::RawClient(port).exchange(request).body == "hello"; }));
}

} // namespace
