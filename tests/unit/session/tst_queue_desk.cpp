// What a person does with messages, and what becomes of them when the workspace changes.

#include <future>

#include <gmock/gmock.h>

#include "live_workspace.h"
#include "session/queue_desk.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::HasSubstr;

namespace {

void workspaceWith(const LiveWorkspace& workspace, const std::string& queues,
                   const std::string& triggers = "")
{
    workspace.write("coldframe.json",
                    R"({"format": 1, "name": "test", "timeScale": 1000, "functions": {"f": {"runtime": "python",
                        "interpreter": "/usr/bin/python3", "code": "code", "handler": "app.f"}},
                        "stores": {)"
                        + queues + R"(}, "triggers": {)" + triggers + "}}");
    workspace.write("code/app.py", "def f(event, context): pass\n");
}

/// The answer of a call whose callback comes on the live thread.
template <typename T, typename Call> T answerOf(const Call& call)
{
    const auto promise = std::make_shared<std::promise<T>>();
    call([promise](const T& answer) { promise->set_value(answer); });
    return promise->get_future().get();
}

std::uint64_t send(Session& session, const std::string& body, const std::string& attributes = {})
{
    const auto receipt = answerOf<MessageReceipt>([&](auto done) {
        session.queueDesk().send({.queue = "parts", .body = body, .attributes = attributes}, done);
    });
    EXPECT_FALSE(receipt.refused) << describe(*receipt.refused);
    return receipt.sequence;
}

Result<void> edit(Session& session, std::uint64_t key, const std::string& body)
{
    return answerOf<Result<void>>(
        [&](auto done) { session.queueDesk().edit(key, body, std::move(done)); });
}

MessageText read(Session& session, std::uint64_t key)
{
    const auto text = answerOf<Result<MessageText>>(
        [&](auto done) { session.queueDesk().read(key, std::move(done)); });
    EXPECT_TRUE(text) << describe(text.error());
    return text.value_or(MessageText{});
}

std::vector<MessageView> list(Session& session, const std::string& queue = "parts")
{
    return answerOf<std::vector<MessageView>>(
        [&](auto done) { session.queueDesk().list(queue, 1000, std::move(done)); });
}

const std::string kAttributes = R"({"tenant":{"stringValue":"acme","stringListValues":[],)"
                                R"("binaryListValues":[],"dataType":"String"}})";

TEST(QueueDesk, anEditedMessageKeepsItsTextWhenMemoryIsFull)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("parts": {"kind": "queue"})");
    std::uint64_t last = 0;
    {
        const auto session = workspace.open({.startTriggers = false});
        ASSERT_TRUE(session);
        for (int i = 0; i < 130; ++i) // more than the bodies that stay in memory
            last = send(*session, std::string(1'000'000, 'x'), kAttributes);
        ASSERT_TRUE(edit(*session, last, "better"));
        EXPECT_EQ(read(*session, last).body, "better");
        ASSERT_TRUE(edit(*session, last, ""));
        EXPECT_EQ(read(*session, last).body, "");
        ASSERT_TRUE(edit(*session, last, "best"));
    }
    const auto session = workspace.open({.startTriggers = false});
    ASSERT_TRUE(session);
    const MessageText text = read(*session, last);
    EXPECT_EQ(text.body, "best");
    EXPECT_EQ(text.attributes, kAttributes);
    EXPECT_EQ(list(*session).back().beginning, "best");
}

TEST(QueueDesk, whatIsTooLargeIsNotTakenAndNothingIsChanged)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("parts": {"kind": "queue"})");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    const std::uint64_t key = send(*session, "small");
    const auto edited = edit(*session, key, std::string(1'048'577, 'x'));
    ASSERT_FALSE(edited);
    EXPECT_THAT(describe(edited.error()), HasSubstr("has 1048577 bytes, 1048576 are the most"));
    EXPECT_EQ(read(*session, key).body, "small");
}

TEST(QueueDesk, aQueueThatIsAddedAgainHasItsMessages)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("parts": {"kind": "queue"})");
    std::vector<std::uint64_t> keys;
    {
        const auto session = workspace.open();
        ASSERT_TRUE(session);
        keys = {send(*session, "first"), send(*session, "second")};
    }
    workspaceWith(workspace, R"("other": {"kind": "queue"})");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    EXPECT_TRUE(list(*session).empty());
    workspaceWith(workspace, R"("parts": {"kind": "queue"})");
    ASSERT_TRUE(eventually([&] { return list(*session).size() == 2; }));
    EXPECT_EQ(list(*session).at(0).key, keys.at(0));
    EXPECT_EQ(read(*session, keys.at(1)).body, "second");
}

TEST(QueueDesk, aTriggerThatIsAddedAgainIsNotStartedByTheOldOne)
{
    LiveWorkspace workspace;
    const std::string parts = R"("parts": {"kind": "queue"})";
    const std::string reads = R"("t": {"kind": "queue", "store": "parts", "function": "f")";
    workspaceWith(workspace, parts, reads + "}");
    const auto session = workspace.open({.startTriggers = true});
    ASSERT_TRUE(session);
    const auto triggers = [&] { return session->snapshot()->workspace->triggers.size(); };
    workspaceWith(workspace, parts);
    ASSERT_TRUE(eventually([&] { return triggers() == 0; }));
    send(*session, "lies there");
    workspaceWith(workspace, parts, reads + R"(, "enabled": false})");
    ASSERT_TRUE(eventually([&] { return triggers() == 1; }));
    const std::vector<MessageView> lying = list(*session);
    ASSERT_EQ(lying.size(), 1U);
    EXPECT_FALSE(lying.at(0).inFlight);
    EXPECT_EQ(lying.at(0).receives, 0U);
}

TEST(QueueDesk, sendsBackThousandsInOrder)
{
    LiveWorkspace workspace;
    workspaceWith(workspace, R"("parts": {"kind": "queue", "maxReceives": 1,
        "deadLetters": "dead"}, "dead": {"kind": "queue"})",
                  R"("t": {"kind": "queue", "store": "parts", "function": "f"})");
    workspace.write("code/app.py", "def f(event, context): raise ValueError('no')\n");
    const auto session = workspace.open({.startTriggers = true});
    ASSERT_TRUE(session);
    std::vector<std::uint64_t> keys;
    for (int i = 0; i < 500; ++i)
        keys.push_back(send(*session, std::to_string(i)));
    ASSERT_TRUE(eventually([&] { return list(*session, "dead").size() == 500; }));
    session->stopTriggers();
    session->queueDesk().redriveAll("dead", "");
    ASSERT_TRUE(eventually([&] { return list(*session).size() == 500; }));
    std::vector<std::uint64_t> back;
    for (const MessageView& message : list(*session))
        back.push_back(message.key);
    EXPECT_EQ(back, keys);
}

} // namespace
