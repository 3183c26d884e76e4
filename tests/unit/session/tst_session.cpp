#include "live_workspace.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

TEST(Session, aCallIsColdThenWarm)
{
    LiveWorkspace workspace;
    workspace.python(
        "def handler(event, context):\n    print('hello')\n    return event['x'] * 2\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    const Answer first = call(*session, R"({"x": 21})");
    EXPECT_EQ(first.payload, "42");
    EXPECT_TRUE(first.cold);
    EXPECT_GT(first.init, Duration::zero());
    EXPECT_NE(first.log.find("hello\n"), std::string::npos) << first.log;
    EXPECT_NE(first.log.find("REPORT RequestId: " + first.requestId), std::string::npos);
    EXPECT_TRUE(first.reasonText.starts_with("Cold: the function had no instance yet: "));
    const Answer second = call(*session, R"({"x": "ab"})");
    EXPECT_EQ(second.payload, "\"abab\"");
    EXPECT_FALSE(second.cold);
    EXPECT_EQ(second.instance, first.instance);
}

TEST(Session, errorsHaveThePlatformsShapes)
{
    LiveWorkspace workspace;
    workspace.python(R"(import os, signal, time
def handler(event, context):
    if event == "raise": raise ValueError("boom")
    if event == "exit": os._exit(3)
    if event == "signal": os.kill(os.getpid(), signal.SIGSEGV)
    if event == "slow": time.sleep(30)
    if event == "memory": x = bytearray(400 << 20); time.sleep(5)
    if event == "large": return "x" * 7000000
    return "ok"
)",
                     R"(, "timeoutMs": 2000, "memoryMb": 128)");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    const auto check = [&](const char* event, engine::Outcome outcome, const char* text) {
        const Answer answer = call(*session, std::string("\"") + event + '"');
        EXPECT_EQ(answer.outcome, outcome) << event << ": " << answer.payload;
        EXPECT_NE(answer.payload.find(text), std::string::npos) << event << ": " << answer.payload;
        const Answer next = call(*session, "\"fine\"");
        EXPECT_EQ(next.payload, "\"ok\"") << "after " << event;
    };
    check("raise", engine::Outcome::FunctionError, R"("errorType": "ValueError")");
    check("exit", engine::Outcome::Crashed, "Runtime exited with error: exit status 3");
    check("signal", engine::Outcome::Crashed, "signal: segmentation fault");
    check("slow", engine::Outcome::TimedOut, "Task timed out after 2.00 seconds");
    check("memory", engine::Outcome::OutOfMemory, "signal: killed");
    check("large", engine::Outcome::ResponseTooLarge, "Function.ResponseSizeTooLarge");
}

TEST(Session, aReservationThrottlesWithItsNumbers)
{
    LiveWorkspace workspace;
    workspace.python("import time\ndef handler(event, context):\n    time.sleep(1)\n    return 1\n",
                     R"(, "reservedConcurrency": 2)");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    Answers answers;
    session->sendMany({.function = "f", .event = "{}"}, 5, answers.collect());
    int throttled = 0;
    for (const Answer& answer : answers.wait(5))
        if (answer.throttled) {
            ++throttled;
            EXPECT_EQ(answer.reasonText, "Throttled: reserved concurrency 2, 2 in use.");
        }
    EXPECT_EQ(throttled, 3);
}

TEST(Session, badEventsAndNamesAreRefusedWithAdvice)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return 1\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    const Answer bad = call(*session, "{not json");
    ASSERT_TRUE(bad.refused);
    EXPECT_EQ(bad.refused->message, "the event is not JSON");
    const Answer unknown = call(*session, "{}", "nope");
    ASSERT_TRUE(unknown.refused);
    EXPECT_EQ(describe(*unknown.refused), "there is no function \"nope\"; this workspace has f");
}

TEST(Session, savedCodeRunsWithTheNextEvent)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return 'old'\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    EXPECT_EQ(call(*session, "{}").payload, "\"old\"");
    workspace.write("code/app.py", "def handler(event, context):\n    return 'new'\n");
    EXPECT_TRUE(eventually([&] { return call(*session, "{}").payload == "\"new\""; }));
}

TEST(Session, anInvalidEditKeepsTheLastGoodWorkspace)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return 1\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    workspace.write("coldframe.json", "{\"format\": 1,");
    EXPECT_TRUE(eventually([&] { return !session->snapshot()->workspaceErrors.empty(); }));
    EXPECT_EQ(call(*session, "{}").payload, "1");
    workspace.python("def handler(event, context):\n    return 1\n", R"(, "memoryMb": 256)");
    EXPECT_TRUE(eventually([&] {
        const auto s = session->snapshot();
        return s->workspaceErrors.empty() && s->workspace->functions[0].memoryMb == 256;
    }));
    EXPECT_EQ(call(*session, "{}").memoryMb, 256U);
}

TEST(Session, aSecondOwnerIsRefusedAndNamesTheFirst)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return 1\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    Options options;
    options.workspace = workspace.folder;
    options.resources = COLDFRAME_SOURCE_DIR "/resources";
    const auto second = Session::open(options);
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message.find("(pid " + std::to_string(getpid()) + ")"),
              std::string::npos);
}

TEST(Session, droppedFilesBecomeResults)
{
    LiveWorkspace workspace;
    workspace.write("code/app.py",
                    "def handler(event, context):\n    return {'n': event['n'] + 1}\n");
    workspace.write("coldframe.json", R"({"format": 1, "name": "test",
        "functions": {"f": {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler", "reservedConcurrency": 4, "onSuccess": {"store": "out"}}},
        "stores": {"in": {"kind": "folder", "path": "in"}, "out": {"kind": "folder", "path": "out"}},
        "triggers": {"t": {"kind": "file", "store": "in", "suffix": ".json", "shape": "content",
            "function": "f"}}})");
    workspace.write("in/present.json", R"({"n": 0})");
    Options options;
    options.startTriggers = true;
    auto session = workspace.open(options);
    ASSERT_TRUE(session);
    ASSERT_TRUE(eventually([&] { return session->snapshot()->triggers[0].alreadyThere == 1; }));
    constexpr int kFiles = 200;
    for (int i = 0; i < kFiles; ++i)
        workspace.write("in/" + std::to_string(i) + ".json", "{\"n\": " + std::to_string(i) + "}");
    EXPECT_TRUE(eventually([&] { return session->snapshot()->totals.succeeded == kFiles; }));
    session->backfill("t");
    EXPECT_TRUE(eventually([&] { return session->snapshot()->totals.succeeded == kFiles + 1; }));
    EXPECT_TRUE(eventually([&] { return session->idle(); }));
    session.reset();
    std::ifstream file(workspace.folder / "out/7.json");
    std::string text;
    std::getline(file, text);
    EXPECT_EQ(text, R"({"n": 8})");
    EXPECT_EQ(std::distance(fs::directory_iterator(workspace.folder / "out"), {}), kFiles + 1);
}

TEST(Session, isNotIdleWhileAFileSettles)
{
    LiveWorkspace workspace;
    workspace.write("code/app.py", "def handler(event, context):\n    return event\n");
    workspace.write("coldframe.json", R"({"format": 1, "name": "test",
        "functions": {"f": {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler"}},
        "stores": {"in": {"kind": "folder", "path": "in"}},
        "triggers": {"t": {"kind": "file", "store": "in", "suffix": ".json", "settleMs": 3600000,
            "function": "f"}}})");
    Options options;
    options.startTriggers = true;
    auto session = workspace.open(options);
    ASSERT_TRUE(session);
    ASSERT_TRUE(
        eventually([&] { return session->snapshot()->triggersRunning && session->idle(); }));
    workspace.write("in/young.json", "{}");
    EXPECT_TRUE(eventually([&] { return !session->idle(); }));
    EXPECT_EQ(session->snapshot()->totals.events, 0U);
    workspace.write("in/young.txt", "no event of this trigger");
    fs::remove(workspace.folder / "in/young.json");
    EXPECT_TRUE(eventually([&] { return session->idle(); }));
}

TEST(Session, aFunctionThatFeedsItselfIsPaused)
{
    LiveWorkspace workspace;
    workspace.write("code/app.py", R"(import os, uuid
def handler(event, context):
    name = os.path.join(os.environ["COLDFRAME_STORE_IN"], str(uuid.uuid4()) + ".json")
    with open(name + ".tmp", "w") as file: file.write("{}")
    os.rename(name + ".tmp", name)
)");
    workspace.write("coldframe.json", R"({"format": 1, "name": "test",
        "functions": {"f": {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler"}},
        "stores": {"in": {"kind": "folder", "path": "in"}},
        "triggers": {"t": {"kind": "file", "store": "in", "suffix": ".json", "function": "f"}}})");
    Options options;
    options.startTriggers = true;
    auto session = workspace.open(options);
    ASSERT_TRUE(session);
    ASSERT_TRUE(
        eventually([&] { return session->snapshot()->triggersRunning && session->idle(); }));
    workspace.write("in/first.json", "{}");
    EXPECT_TRUE(eventually([&] { return session->snapshot()->triggers[0].paused; }));
    const std::uint64_t events = session->snapshot()->totals.events;
    EXPECT_GE(events, 16U);
    EXPECT_LE(events, 200U); // it ran free only until it was suspected
}

TEST(Session, nothingIsLeftAfterClosing)
{
    LiveWorkspace workspace;
    workspace.python("import time\ndef handler(event, context):\n    time.sleep(60)\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    session->sendMany({.function = "f", .event = "{}"}, 3);
    ASSERT_TRUE(eventually([&] { return session->snapshot()->functions[0].pool.busy == 3; }));
    session.reset();
    EXPECT_TRUE(fs::is_empty(workspace.folder / ".coldframe/instances"));
}

TEST(Session, aRecordedAttemptCanBeReadAgain)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    print('seen')\n    return event\n");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    const Answer answer = call(*session, R"({"a":1})");
    const auto view = session->snapshot()->attempts;
    ASSERT_TRUE(eventually([&] { return session->snapshot()->attempts.size() == 1; }));
    std::mutex mutex;
    std::string event, payload, log;
    const auto now = session->snapshot()->attempts;
    session->loadAttempt(now[now.firstRow()], [&](Answer loaded, std::string text) {
        const std::lock_guard lock(mutex);
        event = std::move(text);
        payload = loaded.payload;
        log = loaded.log;
    });
    EXPECT_TRUE(eventually([&] {
        const std::lock_guard lock(mutex);
        return !event.empty();
    }));
    EXPECT_EQ(event, R"({"a":1})");
    EXPECT_EQ(payload, answer.payload);
    EXPECT_EQ(log, answer.log);
}

} // namespace
