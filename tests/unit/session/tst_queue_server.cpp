// The queues of a workspace over the wire, as far as the session has a say.

#include <gmock/gmock.h>

#include "live_workspace.h"
#include "raw_client.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::AllOf;
using testing::HasSubstr;

namespace {

std::string ask(const Session& session, const std::string& form)
{
    http::test::RawClient client(session.snapshot()->sqsPort);
    return client.exchange(http::test::post("/", form, "")).body;
}

void workspaceWith(const LiveWorkspace& workspace, const std::string& queues)
{
    workspace.write("coldframe.json",
                    R"({"format": 1, "name": "test", "functions": {"f": {"runtime": "python",
                        "interpreter": "/usr/bin/python3", "code": "code", "handler": "app.f"}},
                        "stores": {)"
                        + queues + "}}");
    workspace.write("code/app.py", "def f(event, context): pass\n");
}

const std::string kToParts = "Action=SendMessage&QueueUrl=/000000000000/parts&MessageBody=x";
const std::string kFacts = "Action=GetQueueAttributes&AttributeName=All&QueueUrl=/000000000000/";

std::string attribute(const char* name, const char* value)
{
    return "<Name>" + std::string(name) + "</Name><Value>" + value + "</Value>";
}

TEST(QueueServer, tellsWhatTheWorkspaceSays)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("parts": {"kind": "queue", "visibilityTimeoutS": 77, "delayS": 5,
        "retentionS": 3600, "maxReceives": 3, "deadLetters": "dead"}, "dead": {"kind": "queue"},
        "orders": {"kind": "queue", "fifo": true, "contentBasedDeduplication": true},
        "files": {"kind": "folder", "path": "files"})");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    EXPECT_THAT(ask(*session, kToParts), HasSubstr("<MessageId>"));
    EXPECT_THAT(ask(*session, kFacts + "parts"),
                AllOf(HasSubstr(attribute("VisibilityTimeout", "77")),
                      HasSubstr(attribute("DelaySeconds", "5")),
                      HasSubstr(attribute("MessageRetentionPeriod", "3600")),
                      HasSubstr("maxReceiveCount&quot;:3}"),
                      HasSubstr(attribute("ApproximateNumberOfMessagesDelayed", "1"))));
    EXPECT_THAT(ask(*session, kFacts + "orders.fifo"),
                AllOf(HasSubstr(attribute("FifoQueue", "true")),
                      HasSubstr(attribute("ContentBasedDeduplication", "true"))));
    EXPECT_THAT(ask(*session, "Action=GetQueueUrl&QueueName=orders"), HasSubstr("/orders.fifo<"));
    for (const char* none : {"files", "parts.fifo", "none"})
        EXPECT_THAT(ask(*session, kFacts + none),
                    HasSubstr("the workspace has dead, orders.fifo, parts."));
}

TEST(QueueServer, queuesOfAnEditedWorkspace)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("old": {"kind": "queue"})");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    EXPECT_THAT(ask(*session, kToParts), HasSubstr("the workspace has old."));
    workspaceWith(workspace, R"("parts": {"kind": "queue"})");
    EXPECT_TRUE(eventually(
        [&] { return ask(*session, kToParts).find("<MessageId>") != std::string::npos; }));
    EXPECT_THAT(ask(*session, kFacts + "old"), HasSubstr("the workspace has parts."));
}

TEST(QueueServer, nothingIsServedOfAWorkspaceThatIsNotTrusted)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("parts": {"kind": "queue"})");
    const auto session = workspace.open({.trusted = false});
    ASSERT_TRUE(session);
    EXPECT_THAT(ask(*session, kToParts), HasSubstr("the workspace has no queues."));
    EXPECT_THAT(ask(*session, "Action=ListQueues"), Not(HasSubstr("QueueUrl")));
    session->trust();
    EXPECT_TRUE(eventually(
        [&] { return ask(*session, kToParts).find("<MessageId>") != std::string::npos; }));
}

TEST(QueueServer, whoWaitsIsLetGoWhenTheRunEnds)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("parts": {"kind": "queue"})");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    http::test::RawClient client(session->snapshot()->sqsPort);
    client.send(
        http::test::post("/000000000000/parts", "Action=ReceiveMessage&WaitTimeSeconds=20", ""));
    ask(*session, "Action=ListQueues"); // it has come by then
    EXPECT_TRUE(eventually([&] { return session->idle(); })) << "who waits keeps nothing busy";
    const auto begun = std::chrono::steady_clock::now();
    session.reset();
    EXPECT_TRUE(client.ended());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(15));
}

} // namespace
