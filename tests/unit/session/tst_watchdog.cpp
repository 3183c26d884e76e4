#include "live_workspace.h"
#include "slow_handlers.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using namespace std::chrono_literals;

namespace {

constexpr Duration kLimit = 5ms;
constexpr int kBurst = 300, kNative = 100;

constexpr char kHandler[] = "def handler(event, context):\n    return event\n";

void writeWorkspace(const LiveWorkspace& workspace, int memoryMb)
{
    workspace.write("coldframe.json",
                    R"({"format": 1, "name": "busy", "functions": {
        "native": {"runtime": "lambda", "command": ["./bootstrap"], "code": "native"},
        "cat": {"runtime": "command", "command": ["/bin/cat"], "code": "code"},
        "echo": {"runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler", "reservedConcurrency": 4, "onSuccess": {"store": "out"},
            "memoryMb": )"
                        + std::to_string(memoryMb) + R"(}},
        "stores": {"in": {"kind": "folder", "path": "in"}, "out": {"kind": "folder", "path": "out"}},
        "triggers": {"t": {"kind": "file", "store": "in", "suffix": ".json", "shape": "content",
            "function": "echo"}}})");
}

class BusyRun {
public:
    explicit BusyRun(SlowHandlers& handlers)
    {
        m_workspace.write("code/app.py", kHandler);
        m_workspace.write("native/README", "");
        fs::create_symlink(COLDFRAME_WATCHDOG_BOOTSTRAP, m_workspace.folder / "native/bootstrap");
        writeWorkspace(m_workspace, 128);
        Options options;
        options.startTriggers = true;
        options.watchdog = [&handlers](Duration cpu) { handlers.ended(cpu); };
        m_session = m_workspace.open(options);
        EXPECT_TRUE(eventually(
            [&] { return m_session->snapshot()->triggersRunning && m_session->idle(); }));
    }

    /// Bursts that start hundreds of processes, a stream of events, files that appear, code and
    /// settings that change: all at once.
    void everythingAtOnce()
    {
        send("cat", kBurst);
        send("native", kNative);
        ASSERT_TRUE(m_session->sendAtRate({.function = "cat", .event = "{}"},
                                          {.perSecond = 200, .count = kBurst},
                                          m_answers.collect()));
        m_sent += kBurst;
        for (int i = 0; i < kBurst; ++i) {
            m_workspace.write("in/" + std::to_string(i) + ".json", std::to_string(i));
            if (i % 60 == 30)
                m_workspace.write("code/app.py", kHandler + ("# " + std::to_string(i) + '\n'));
            if (i % 100 == 50)
                writeWorkspace(m_workspace, 128 + i);
        }
        m_files += kBurst;
        untilIdle();
    }
    /// As many events as there are instances that wait for some: all are handed out at once.
    void burstsOnWarmPools()
    {
        send("cat", kBurst);
        untilIdle();
        send("native", kNative);
        untilIdle();
        send("native", kNative, engine::Delivery::Async);
        untilIdle();
    }
    /// All instances of a function are to go at once.
    void newCodeForAWarmPool()
    {
        m_workspace.write("native/README", "changed");
        EXPECT_TRUE(eventually([&] { return m_session->snapshot()->functions[0].pool.idle == 0; }));
        untilIdle();
    }

private:
    void send(const char* function, int count, engine::Delivery delivery = engine::Delivery::Sync)
    {
        m_sent += static_cast<std::size_t>(count);
        m_session->sendMany(
            {.function = function, .event = R"({"burst": true})", .delivery = delivery},
            static_cast<std::uint64_t>(count), m_answers.collect());
    }
    void untilIdle()
    {
        for (const Answer& answer : m_answers.wait(m_sent))
            ASSERT_EQ(answer.outcome, engine::Outcome::Succeeded) << answer.payload;
        EXPECT_TRUE(eventually([&] {
            return m_session->snapshot()->totals.succeeded == m_sent + m_files && m_session->idle();
        })) << describeTotals();
    }

    std::string describeTotals() const
    {
        const auto snapshot = m_session->snapshot();
        const Totals& t = snapshot->totals;
        std::string text
            = fmt::format("{} events, {} succeeded, {} failed, {} throttled, {} retries", t.events,
                          t.succeeded, t.failed, t.throttled, t.retries);
        for (const Notice& notice : snapshot->notices)
            text += "\n" + notice.text;
        return text;
    }

    LiveWorkspace m_workspace;
    Answers m_answers;
    std::size_t m_sent = 0, m_files = 0;
    std::unique_ptr<Session> m_session;
};

// The live thread owns engine, timers, sockets and processes, so whatever holds it up holds up
// everything. CPU time is measured, which other programs do not lengthen much; what they can do, by
// emptying caches, is not done to the same handler in three runs.
TEST(Watchdog, noHandlerOfTheLiveThreadTakesFiveMilliseconds)
{
    if (!COLDFRAME_OPTIMISED)
        GTEST_SKIP() << "not run: code that is instrumented or not optimised takes longer";
    std::vector<std::string> slow;
    for (int round = 0; round < 3; ++round) {
        SlowHandlers handlers(kLimit);
        {
            BusyRun run(handlers);
            run.everythingAtOnce();
            run.burstsOnWarmPools();
            run.newCodeForAWarmPool();
        }
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
