#include <gtest/gtest.h>

#include "live_workspace.h"
#include "session/command_text.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

std::vector<history::AttemptRow> rowsOf(const Session& session)
{
    const auto view = session.snapshot()->attempts;
    std::vector<history::AttemptRow> rows;
    for (std::uint64_t row = view.firstRow(); row < view.endRow(); ++row)
        rows.push_back(view[row]);
    return rows;
}

bool hasRows(const Session& session, std::size_t count)
{
    return eventually([&] { return session.snapshot()->attempts.size() >= count; });
}

TEST(SendAgain, recordedEventsAreSentInOrder)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return event['n']\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    for (int n = 0; n < 5; ++n)
        call(*session, R"({"n":)" + std::to_string(n) + "}");
    ASSERT_TRUE(hasRows(*session, 5));
    auto rows = rowsOf(*session);
    std::swap(rows[0], rows[4]);
    Answers answers;
    std::string function;
    const auto collect = answers.collect();
    session->sendAgain(rows, [&](const std::string& name, const Answer& answer) {
        function = name;
        collect(answer);
    });
    std::string order;
    for (const Answer& answer : answers.wait(5))
        order += answer.payload;
    EXPECT_EQ(order, "41230");
    EXPECT_EQ(function, "f");
    // One after the other, each by the one instance there is: nothing started for them.
    EXPECT_EQ(session->snapshot()->totals.coldStarts, 1U);
}

TEST(SendAgain, anUnrecordedEventIsRefusedWithAdvice)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return 1\n");
    auto session = workspace.open({.record = false});
    ASSERT_TRUE(session);
    call(*session, "{}");
    ASSERT_TRUE(hasRows(*session, 1));
    Answers answers;
    const auto collect = answers.collect();
    session->sendAgain(rowsOf(*session),
                       [&](const std::string&, const Answer& answer) { collect(answer); });
    const auto all = answers.wait(1);
    ASSERT_TRUE(all.front().refused);
    EXPECT_EQ(describe(*all.front().refused),
              "the event of this attempt is not recorded; send it from the editor");
}

TEST(SendAgain, stopEndsTheRest)
{
    LiveWorkspace workspace;
    workspace.python("import time\ndef handler(event, context):\n    time.sleep(0.2)\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    call(*session, "{}");
    ASSERT_TRUE(hasRows(*session, 1));
    const std::vector<history::AttemptRow> many(1000, rowsOf(*session).front());
    Answers answers;
    const auto collect = answers.collect();
    session->sendAgain(many, [&](const std::string&, const Answer& answer) { collect(answer); });
    answers.wait(1);
    EXPECT_TRUE(eventually([&] { return session->snapshot()->sending; }));
    session->stopSending();
    EXPECT_TRUE(eventually([&] { return session->idle(); }));
    EXPECT_FALSE(session->snapshot()->sending);
    EXPECT_LT(session->snapshot()->totals.invocations, 900U);
}

TEST(SendAgain, aStartedOneCanBeCancelled)
{
    LiveWorkspace workspace;
    workspace.python("import time\ndef handler(event, context):\n    time.sleep(60)\n",
                     R"(, "timeoutMs": 90000)");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    Answers answers;
    std::atomic<std::uint32_t> serial{0};
    session->send({.function = "f", .event = "{}"}, answers.collect(),
                  [&](std::uint32_t invocation) { serial = invocation; });
    ASSERT_TRUE(eventually([&] { return session->snapshot()->functions[0].pool.busy == 1; }));
    EXPECT_GT(serial.load(), 0U);
    session->cancel(serial);
    const auto all = answers.wait(1);
    EXPECT_EQ(all.front().outcome, engine::Outcome::Cancelled);
    EXPECT_EQ(all.front().source, "send");
    EXPECT_GT(all.front().startedAt, TimePoint{});
}

TEST(SendAgain, theLogOfARunningOneCanBeFollowed)
{
    LiveWorkspace workspace;
    workspace.python("import time\ndef handler(event, context):\n    print('first', flush=True)\n"
                     "    time.sleep(60)\n",
                     R"(, "timeoutMs": 90000)");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    Answers answers;
    std::atomic<std::uint32_t> serial{0};
    session->send({.function = "f", .event = "{}"}, answers.collect(),
                  [&](std::uint32_t invocation) { serial = invocation; });
    ASSERT_TRUE(eventually([&] { return session->snapshot()->functions[0].pool.busy == 1; }));
    EXPECT_FALSE(session->snapshot()->runningLog) << "nobody follows it yet";
    session->followLog(serial);
    ASSERT_TRUE(eventually([&] {
        const auto log = session->snapshot()->runningLog;
        return log && log->text == "first\n" && log->invocation == serial;
    }));
    session->cancel(serial);
    answers.wait(1);
    EXPECT_TRUE(eventually([&] { return !session->snapshot()->runningLog; }));
}

TEST(CommandText, quotesAndMasks)
{
    LiveWorkspace workspace;
    workspace.write("secrets.env", "TOKEN=s3cr\"et\nSHORT=abc\n");
    Workspace made;
    made.folder = workspace.folder;
    Function function;
    function.name = "f";
    function.environment = {{"A", "${env:TOKEN}"}, {"B", "${env:SHORT}"}, {"C", "plain"}};
    EXPECT_EQ(invokeCommand(made, function, R"({"t": "s3cr\"et", "s": "abc", "p": "plain"})"),
              "coldframe invoke " + workspace.folder.string()
                  + " f --event - <<'EVENT'\n"
                    R"({"t": "***", "s": "abc", "p": "plain"})"
                    "\nEVENT\n");
    made.folder = "/my work/it's";
    EXPECT_EQ(invokeCommand(made, function, "\"\nEVENT\n\""),
              "coldframe invoke '/my work/it'\\''s' f --event - <<'EVENT2'\n\"\nEVENT\n\"\n"
              "EVENT2\n");
}

} // namespace
