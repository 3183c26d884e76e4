// Messages of queues over moves, edits, changed settings and restarts: receivers over the wire, and
// a person at the desk.
#include <future>

#include <gmock/gmock.h>

#include "live_workspace.h"
#include "raw_client.h"
#include "session/queue_desk.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

// Each batch is noted in the file calls; an event that says wait is at work until a file go comes.
constexpr const char* kCode = R"(
import json, os, time
at = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
def handler(event, context):
    if "wait" in event:
        open(at + "/waiting", "w").close()
        while not os.path.exists(at + "/go"):
            time.sleep(0.01)
        return
    with open(at + "/calls", "a") as file:
        file.write(",".join(record["body"] for record in event["Records"]) + ";")
)";

std::string between(const std::string& text, const std::string& from, const std::string& to)
{
    const std::size_t begin = text.find(from);
    if (begin == std::string::npos)
        return {};
    const std::size_t at = begin + from.size();
    return text.substr(at, text.find(to, at) - at);
}

/// The value of an attribute of the (first) message.
std::string attribute(const std::string& answer, const std::string& name)
{
    return between(answer, "<Name>" + name + "</Name><Value>", "</Value>");
}

class QueueMessages : public testing::Test {
protected:
    void made(const std::string& queues, const std::string& triggers = "", bool open = true)
    {
        workspace.write("code/app.py", kCode);
        const auto function = [](const char* name, const char* more) {
            return '"' + std::string(name)
                + R"(": {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
                    "handler": "app.handler", "timeoutMs": 20000)"
                + more + "}";
        };
        workspace.write("coldframe.json",
                        R"({"format": 1, "name": "test", "functions": {)"
                            + function("f", R"(, "reservedConcurrency": 1)") + ", "
                            + function("g", "") + R"(}, "stores": {)" + queues
                            + R"(}, "triggers": {)" + triggers + "}}");
        if (open)
            session = workspace.open();
    }
    void restart()
    {
        session.reset();
        session = workspace.open();
    }

    std::string ask(const std::string& queue, const std::string& form)
    {
        http::test::RawClient client(session->snapshot()->sqsPort);
        return client.exchange(http::test::post("/000000000000/" + queue, form, "")).body;
    }
    std::string send(const std::string& queue, const std::string& body,
                     const std::string& more = "")
    {
        const std::string answer = ask(queue, "Action=SendMessage&MessageBody=" + body + more);
        EXPECT_THAT(answer, HasSubstr("<MessageId>"));
        return answer;
    }
    std::string receive(const std::string& queue, int hiddenS)
    {
        return ask(queue,
                   "Action=ReceiveMessage&AttributeName.1=All&MaxNumberOfMessages=10"
                   "&VisibilityTimeout="
                       + std::to_string(hiddenS));
    }
    std::vector<MessageView> list(const std::string& queue)
    {
        std::promise<std::vector<MessageView>> listed;
        session->queueDesk().list(queue, 100, [&](auto all) { listed.set_value(std::move(all)); });
        return listed.get_future().get();
    }
    std::vector<std::string> bodies(const std::string& queue)
    {
        std::vector<std::string> all;
        for (const MessageView& message : list(queue))
            all.push_back(message.beginning);
        return all;
    }
    /// Received in vain until it moves to the dead-letter queue.
    void giveUp(const std::string& queue)
    {
        EXPECT_TRUE(eventually([&] {
            receive(queue, 0);
            return list(queue).empty();
        }));
    }
    QueueDesk::Done well()
    {
        return [](const Result<void>& done) { EXPECT_TRUE(done) << describe(done.error()); };
    }
    std::string calls() const
    {
        std::ifstream file(workspace.folder / "calls");
        return {std::istreambuf_iterator<char>(file), {}};
    }

    LiveWorkspace workspace;
    std::unique_ptr<Session> session;
};

const std::string kTwoQueues
    = R"("parts": {"kind": "queue", "maxReceives": 1, "deadLetters": "dead"},
         "dead": {"kind": "queue"})";
const std::string kOrders = R"("orders": {"kind": "queue", "fifo": true,
    "contentBasedDeduplication": true, "maxReceives": 1, "deadLetters": "dead"},
    "dead": {"kind": "queue", "fifo": true})";
const std::string kGroup = "&MessageGroupId=g";

std::string onlyOne(const char* name, const char* function, bool enabled = true)
{
    return '"' + std::string(name) + R"(": {"kind": "queue", "store": "parts", "function": ")"
        + function + R"(", "filter": {"body": {"n": [1]}}, "enabled": )"
        + (enabled ? "true" : "false") + "}";
}

// Both came to the dead-letter queue at about one time, with one deduplication id.
TEST_F(QueueMessages, thatWereGivenUpWithOneBodyAreAllThereAfterARestart)
{
    made(kOrders + R"(, "more": {"kind": "queue", "fifo": true, "contentBasedDeduplication": true,
        "maxReceives": 1, "deadLetters": "dead"})");
    for (const char* queue : {"orders", "more"}) {
        send(queue, "heartbeat", kGroup);
        giveUp(queue);
    }
    EXPECT_EQ(list("dead").size(), 2U);
    restart();
    EXPECT_EQ(list("dead").size(), 2U);
    restart();
    session->queueDesk().redriveAll("dead", "orders"); // at one moment
    EXPECT_EQ(list("orders").size(), 2U);
    restart();
    EXPECT_EQ(list("orders").size(), 2U);
}

TEST_F(QueueMessages, thatAreSentBackStayBehindThoseThatWereThere)
{
    made(kOrders);
    const std::string sent = send("orders", "first", kGroup);
    giveUp("orders");
    send("orders", "second", kGroup);
    session->queueDesk().redrive(list("dead").at(0).key, {}, well());
    EXPECT_THAT(bodies("orders"), ElementsAre("second", "first"));
    restart();
    EXPECT_THAT(bodies("orders"), ElementsAre("second", "first"));
    const std::string got = receive("orders", 600);
    const std::size_t second = got.rfind("<Message>");
    EXPECT_EQ(between(got, "<Body>", "</Body>"), "second");
    EXPECT_LT(attribute(got, "SequenceNumber"), attribute(got.substr(second), "SequenceNumber"));
    EXPECT_NE(attribute(got.substr(second), "SequenceNumber"),
              between(sent, "<SequenceNumber>", "</SequenceNumber>"));
}

TEST_F(QueueMessages, thatHaveMovedAreDeletedByTheirReceiptAfterARestart)
{
    for (const std::string& queues : {kTwoQueues, kOrders}) {
        made(queues);
        const bool fifo = queues == kOrders;
        const std::string queue = fifo ? "orders" : "parts";
        send(queue, "x", fifo ? kGroup : "");
        giveUp(queue);
        const std::string handle
            = between(receive("dead", 600), "<ReceiptHandle>", "</ReceiptHandle>");
        restart();
        EXPECT_THAT(ask("dead", "Action=DeleteMessage&ReceiptHandle=" + handle),
                    HasSubstr("<DeleteMessageResponse"));
        EXPECT_THAT(list("dead"), IsEmpty());
        session.reset();
    }
}

TEST_F(QueueMessages, tellWhenTheyWereFirstReceivedAlsoAfterARestart)
{
    made(R"("parts": {"kind": "queue"})");
    send("parts", "x");
    const std::string got = receive("parts", 600);
    const std::string first = attribute(got, "ApproximateFirstReceiveTimestamp");
    EXPECT_GT(std::stoll(first), 1'000'000'000'000);
    ask("parts",
        "Action=ChangeMessageVisibility&VisibilityTimeout=0&ReceiptHandle="
            + between(got, "<ReceiptHandle>", "</ReceiptHandle>"));
    restart();
    const std::string again = receive("parts", 600);
    EXPECT_EQ(attribute(again, "ApproximateFirstReceiveTimestamp"), first);
    EXPECT_EQ(attribute(again, "ApproximateReceiveCount"), "2");
}

TEST_F(QueueMessages, ofAFifoQueueKeepItsDelayOverARestart)
{
    made(R"("orders": {"kind": "queue", "fifo": true, "contentBasedDeduplication": true,
        "delayS": 900})");
    send("orders", "x", kGroup + "&DelaySeconds=0");
    const TimePoint due = list("orders").at(0).visibleAt;
    restart();
    ASSERT_EQ(list("orders").size(), 1U);
    EXPECT_EQ(list("orders").at(0).visibleAt, due);
    EXPECT_THAT(receive("orders", 600), testing::Not(HasSubstr("<Message>")));
}

TEST_F(QueueMessages, duplicatesAreAnsweredLikeTheFirstOneAlsoOnceThatIsDeleted)
{
    made(kOrders);
    const std::string first = send("orders", "x", kGroup);
    ask("orders",
        "Action=DeleteMessage&ReceiptHandle="
            + between(receive("orders", 600), "<ReceiptHandle>", "</ReceiptHandle>"));
    EXPECT_THAT(list("orders"), IsEmpty());
    const std::string second = send("orders", "x", kGroup);
    for (const std::string tag : {"MessageId>", "SequenceNumber>"})
        EXPECT_EQ(between(second, "<" + tag, "</" + tag), between(first, "<" + tag, "</" + tag));
    EXPECT_THAT(list("orders"), IsEmpty());
}

TEST_F(QueueMessages, keepTheKindOfTheirQueue)
{
    made(R"("parts": {"kind": "queue"})");
    send("parts", "x");
    const std::string fifo
        = R"("parts": {"kind": "queue", "fifo": true, "contentBasedDeduplication": true})";
    made(fifo, "", false);
    EXPECT_TRUE(eventually([&] { return !session->snapshot()->workspaceErrors.empty(); }));
    EXPECT_THAT(describe(session->snapshot()->workspaceErrors),
                HasSubstr("/stores/parts/fifo: the queue \"parts\" holds messages, and is a "
                          "standard queue for as long as it does"));
    send("parts", "y"); // needs no group
    session->queueDesk().purge("parts");
    made(fifo, "", false);
    EXPECT_TRUE(eventually([&] { return session->snapshot()->workspaceErrors.empty(); }));
    send("parts.fifo", "x", kGroup);
    session.reset(); // and between two runs, whatever lies in it
    made(R"("parts": {"kind": "queue"})");
    EXPECT_THAT(receive("parts", 600), HasSubstr("<Body>x</Body>"));
}

TEST_F(QueueMessages, areJudgedAnewWhenTheyAreEdited)
{
    made(R"("parts": {"kind": "queue"})", onlyOne("t", "f"));
    send("parts", "{\"n\":2}"), send("parts", "{\"n\":1}");
    const auto there = list("parts");
    session->queueDesk().edit(there.at(0).key, "{\"n\":1, \"by\":\"hand\"}", well());
    session->queueDesk().edit(there.at(1).key, "{\"n\":3}", well());
    session->startTriggers();
    EXPECT_TRUE(eventually([&] { return list("parts").empty(); }));
    EXPECT_EQ(calls(), "{\"n\":1, \"by\":\"hand\"};");
    EXPECT_TRUE(eventually([&] { return session->snapshot()->totals.filteredOut == 1; }));
}

TEST_F(QueueMessages, meetAFilterThatCameWhileTheyLayInTheDeadLetterQueue)
{
    made(kTwoQueues);
    send("parts", "{\"n\":1}"), send("parts", "{\"n\":2}"), send("parts", "{\"n\":3}");
    giveUp("parts");
    made(kTwoQueues, onlyOne("t", "f"), false);
    EXPECT_TRUE(eventually([&] { return session->snapshot()->triggers.size() == 1; }));
    session->queueDesk().redrive(list("dead").at(2).key, {}, well());
    session->queueDesk().redriveAll("dead", "parts");
    session->startTriggers();
    EXPECT_TRUE(eventually([&] { return list("parts").empty(); }));
    EXPECT_EQ(calls(), "{\"n\":1};");
    EXPECT_TRUE(eventually([&] { return session->snapshot()->totals.filteredOut == 2; }));
}

TEST_F(QueueMessages, thatAreLeftOutCountForTheTriggerThatReceivedThem)
{
    made(R"("parts": {"kind": "queue"})", onlyOne("t", "f", false) + ", " + onlyOne("u", "g"));
    session->startTriggers();
    send("parts", "{\"n\":2}");
    EXPECT_TRUE(eventually([&] { return session->snapshot()->totals.filteredOut == 1; }));
    EXPECT_EQ(session->snapshot()->triggers.at(0).filteredOut, 0U);
    EXPECT_EQ(session->snapshot()->triggers.at(1).filteredOut, 1U);
}

TEST_F(QueueMessages, thatArePurgedWhileTheirBatchWaitsForRoomInvokeNobody)
{
    made(R"("parts": {"kind": "queue"})",
         R"("t": {"kind": "queue", "store": "parts", "function": "f"})");
    session->send({.function = "f", .event = R"({"wait": true})"});
    EXPECT_TRUE(eventually([&] { return fs::exists(workspace.folder / "waiting"); }));
    session->startTriggers();
    send("parts", "purged");
    EXPECT_TRUE(eventually([&] {
        const auto there = list("parts");
        return there.size() == 1 && there[0].inFlight;
    }));
    session->queueDesk().purge("parts");
    EXPECT_THAT(list("parts"), IsEmpty());
    workspace.write("go", "");
    send("parts", "next");
    EXPECT_TRUE(eventually([&] { return !calls().empty() && list("parts").empty(); }));
    EXPECT_EQ(calls(), "next;");
}

} // namespace
