#include "live_workspace.h"
#include "slow_handlers.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
constexpr bool kOptimised = false;
#else
constexpr bool kOptimised = true;
#endif

namespace {

constexpr Duration kLimit = 5ms;
constexpr int kBurst = 300;

constexpr char kHandler[] = "def handler(event, context):\n    return event\n";

void writeWorkspace(const LiveWorkspace& workspace, int memoryMb)
{
    workspace.write("coldframe.json",
                    R"({"format": 1, "name": "busy", "functions": {
        "cat": {"runtime": "command", "command": ["/bin/cat"], "code": "code"},
        "echo": {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler", "reservedConcurrency": 4, "onSuccess": {"store": "out"},
            "memoryMb": )"
                        + std::to_string(memoryMb) + R"(}},
        "stores": {"in": {"kind": "folder", "path": "in"}, "out": {"kind": "folder", "path": "out"}},
        "triggers": {"t": {"kind": "file", "store": "in", "suffix": ".json", "shape": "content",
            "function": "echo"}}})");
}

/// All that keeps a live thread busy, at once: a burst that starts hundreds of processes, a stream
/// of events, files that appear, code and settings that change.
void runBusily(SlowHandlers& handlers)
{
    LiveWorkspace workspace;
    workspace.write("code/app.py", kHandler);
    writeWorkspace(workspace, 128);
    Options options;
    options.startTriggers = true;
    options.watchdog = [&handlers](Duration cpu) { handlers.ended(cpu); };
    auto session = workspace.open(options);
    ASSERT_TRUE(session);
    ASSERT_TRUE(
        eventually([&] { return session->snapshot()->triggers.size() == 1 && session->idle(); }));

    Answers burst, stream;
    session->sendMany({.function = "cat", .event = R"({"burst": true})"}, kBurst, burst.collect());
    ASSERT_TRUE(session->sendAtRate({.function = "cat", .event = "{}"},
                                    {.perSecond = 200, .count = kBurst}, stream.collect()));
    for (int i = 0; i < kBurst; ++i) {
        workspace.write("in/" + std::to_string(i) + ".json", std::to_string(i));
        if (i % 60 == 30)
            workspace.write("code/app.py", kHandler + ("# " + std::to_string(i) + '\n'));
        if (i % 100 == 50)
            writeWorkspace(workspace, 128 + i);
    }
    for (const Answer& answer : burst.wait(kBurst))
        EXPECT_EQ(answer.outcome, engine::Outcome::Succeeded) << answer.payload;
    stream.wait(kBurst);
    EXPECT_TRUE(eventually([&] { return session->snapshot()->totals.succeeded >= 3 * kBurst; }));
    EXPECT_TRUE(eventually([&] { return session->idle(); }));
}

// The live thread owns engine, timers, sockets and processes, so whatever holds it up holds up
// everything. CPU time is measured, which other programs do not lengthen much; what they can do, by
// emptying caches, is not done to the same handler in three runs.
TEST(Watchdog, noHandlerOfTheLiveThreadTakesFiveMilliseconds)
{
    if (!kOptimised)
        GTEST_SKIP() << "not run: code that is instrumented or not optimised takes longer";
    std::vector<std::string> slow;
    for (int round = 0; round < 3; ++round) {
        SlowHandlers handlers(kLimit);
        runBusily(handlers);
        ASSERT_GT(handlers.handlers(), 3U * kBurst);
        std::printf("longest of %zu handlers: %.2f ms of CPU time\n", handlers.handlers(),
                    toMilliseconds(handlers.longest()));
        if (handlers.slow().empty())
            return;
        slow.insert(slow.end(), handlers.slow().begin(), handlers.slow().end());
    }
    for (const std::string& handler : slow)
        ADD_FAILURE() << "a handler took " << handler;
}

} // namespace
