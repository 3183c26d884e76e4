#include "driver_bench.h"

// Attempts held for a debugger that does not come: what becomes of them, their timeout and their
// neighbours. Real debuggers attach in tests/e2e/test_debug.py.
namespace coldframe::live {

namespace {

using namespace std::chrono_literals;
using engine::Outcome;
using test::Attempt;
using test::DriverBench;

constexpr const char* kEcho = "def handler(event, context):\n    return event\n";
constexpr Duration kShort = 50ms; // less than it takes to load a debugger

class Debugging : public ::testing::Test {
protected:
    FunctionId add(const std::string& source, Debugger debugger = Debugger::Debugpy,
                   Duration timeout = 60s, std::uint32_t memoryMb = 512)
    {
        const FunctionId id = m.python(source, memoryMb, timeout);
        m.host(id).debugger = debugger;
        return id;
    }
    /// The one attempt that is held, once it has come that far.
    DebuggedAttempt held(DebugPhase phase, FunctionId function = 0)
    {
        DebuggedAttempt found;
        m.until(
            [&] {
                for (const DebuggedAttempt& attempt : m.driver->debugged())
                    if (attempt.function == function && attempt.status.phase == phase) {
                        found = attempt;
                        return true;
                    }
                return false;
            },
            "a held attempt");
        return found;
    }
    DriverBench m;
};

} // namespace

TEST_F(Debugging, TheNextEventIsHeldAndNoOther)
{
    const FunctionId f = add(kEcho);
    m.configure();
    m.driver->debugNext(f, true);
    m.send(R"({"n": 1})");
    const DebuggedAttempt held = this->held(DebugPhase::Waiting);
    EXPECT_EQ(held.requestId, "request-1");
    EXPECT_GE(held.status.port, usualPort(Debugger::Debugpy));
    EXPECT_FALSE(m.driver->debugsNext(f));
    EXPECT_EQ(m.call(R"({"n": 2})").payload(), R"({"n": 2})") << "another instance serves it";

    m.driver->releaseDebugger(held.invocation);
    const Attempt released = m.wait(2).back();
    EXPECT_EQ(released.payload(), R"({"n": 1})");
    EXPECT_TRUE(released.meter.debugged);
    EXPECT_FALSE(m.attempts.front().meter.debugged);
    EXPECT_TRUE(m.driver->debugged().empty());
}

TEST_F(Debugging, ItsInstanceServesNoOther)
{
    const FunctionId f = add(kEcho);
    m.configure();
    m.call();
    m.driver->debugNext(f, true); // the warm one takes it
    m.send("{}");
    m.driver->releaseDebugger(held(DebugPhase::Waiting).invocation);
    ASSERT_FALSE(m.wait(2).back().meter.cold);
    EXPECT_TRUE(m.call().meter.cold);
    EXPECT_EQ(m.starts.back(), engine::Why::ColdNoneAlive);
}

TEST_F(Debugging, TheTimeoutStandsStillUntilItIsReleased)
{
    add("def handler(event, context):\n"
        "    while context.get_remaining_time_in_millis() > 200: pass\n"
        "    print('its clock ran', flush=True)\n"
        "    while True: pass\n",
        Debugger::Debugpy, 400ms);
    m.configure();
    m.driver->debugNext(0, true);
    m.send("{}");
    const DebuggedAttempt held = this->held(DebugPhase::Waiting);
    m.until([&] { return m.driver->now() - held.since > 500ms; }, "more than its timeout");
    EXPECT_TRUE(m.attempts.empty());
    m.driver->releaseDebugger(held.invocation);
    const Attempt ended = m.wait(1).back();
    EXPECT_EQ(ended.meter.outcome, Outcome::TimedOut);
    EXPECT_TRUE(ended.meter.debugged);
    EXPECT_NE(ended.report.log.find("its clock ran"), std::string::npos) << "and its own with it";
}

TEST_F(Debugging, ReleasedBeforeGdbserverIsThereItRuns)
{
    add(kEcho, Debugger::Gdbserver);
    m.configure();
    m.driver->debugNext(0, true);
    m.send("7");
    m.driver->releaseDebugger(held(DebugPhase::Starting).invocation);
    EXPECT_EQ(m.wait(1).back().payload(), "7");
    EXPECT_EQ(m.call("8").payload(), "8") << "nothing is left over";
}

TEST_F(Debugging, SeveralFunctionsAreHeldAtOnce)
{
    for (int i = 0; i < 3; ++i)
        add(kEcho);
    m.configure();
    for (FunctionId f = 0; f < 3; ++f) {
        m.driver->debugNext(f, true);
        m.send(std::to_string(f), f);
    }
    std::set<std::uint16_t> ports;
    for (FunctionId f = 0; f < 3; ++f)
        ports.insert(held(DebugPhase::Waiting, f).status.port);
    EXPECT_EQ(ports.size(), 3U);
    for (const DebuggedAttempt& attempt : m.driver->debugged())
        m.driver->releaseDebugger(attempt.invocation);
    for (const Attempt& ended : m.wait(3))
        EXPECT_EQ(ended.meter.outcome, Outcome::Succeeded);
}

TEST_F(Debugging, CancellingEndsItAndItsDebugger)
{
    add(kEcho);
    m.configure();
    m.driver->debugNext(0, true);
    m.send("{}");
    m.driver->cancel(held(DebugPhase::Waiting).invocation);
    const Attempt ended = m.wait(1).back();
    EXPECT_EQ(ended.meter.outcome, Outcome::Cancelled);
    EXPECT_TRUE(ended.meter.debugged);
    m.until([&] { return m.processes().empty(); }, "the end of its processes");
}

TEST_F(Debugging, WithoutADebuggerTheEventWaitsForADecision)
{
    add(std::string("import sys\nsys.modules['debugpy'] = None\n") + kEcho);
    m.configure();
    m.driver->debugNext(0, true);
    m.send("7");
    const DebuggedAttempt held = this->held(DebugPhase::Failed);
    EXPECT_EQ(held.status.message,
              "/usr/bin/python3 has no debugpy. Install it for this interpreter, `/usr/bin/python3 "
              "-m pip install debugpy`, or on Debian's own Python `apt install python3-debugpy`");
    m.driver->releaseDebugger(held.invocation);
    EXPECT_EQ(m.wait(1).back().payload(), "7");
}

TEST_F(Debugging, ADebuggersMemoryIsNotTheFunctions)
{
    add("def handler(event, context):\n"
        "    taken = bytearray(64 << 20)\n"
        "    return event\n",
        Debugger::Debugpy, 60s, 40);
    m.configure();
    m.driver->debugNext(0, true);
    m.send("7");
    m.driver->releaseDebugger(held(DebugPhase::Waiting).invocation);
    EXPECT_EQ(m.wait(1).back().payload(), "7");
    EXPECT_EQ(m.call().meter.outcome, Outcome::OutOfMemory) << "or this shows nothing";
}

// gdbserver attaches to any program that no shell runs: here, to the interpreter.
TEST_F(Debugging, GdbserverHoldsTheProgramUntilItIsReleased)
{
    add(kEcho, Debugger::Gdbserver, kShort);
    m.configure();
    m.driver->debugNext(0, true);
    m.send("7");
    const DebuggedAttempt held = this->held(DebugPhase::Waiting);
    m.until([&] { return m.driver->now() - held.since > 2 * kShort; }, "more than its timeout");
    EXPECT_TRUE(m.attempts.empty());
    m.driver->releaseDebugger(held.invocation);
    const Attempt ended = m.wait(1).back();
    EXPECT_EQ(ended.payload(), "7");
    EXPECT_TRUE(ended.meter.debugged);
}

TEST_F(Debugging, CancellingEndsAProgramThatGdbserverHolds)
{
    add(kEcho, Debugger::Gdbserver);
    m.configure();
    m.driver->debugNext(0, true);
    m.send("7");
    m.driver->cancel(held(DebugPhase::Waiting).invocation);
    EXPECT_EQ(m.wait(1).back().meter.outcome, Outcome::Cancelled);
    m.until([&] { return m.processes().empty(); }, "the end of its processes");
}

TEST_F(Debugging, ADeskThatParkedTheInstanceMakesItAnewAndHoldsIt)
{
    DriverBench small(1);
    const FunctionId first = small.python(kEcho), second = small.python(kEcho);
    small.host(first).debugger = Debugger::Gdbserver;
    small.configure();
    small.call("1", first);
    small.call("2", second); // parks the first
    small.driver->debugNext(first, true);
    small.send("3", first);
    small.until(
        [&] {
            const auto all = small.driver->debugged();
            return !all.empty() && all.front().status.phase == DebugPhase::Waiting;
        },
        "a held attempt");
    small.driver->releaseDebugger(small.driver->debugged().front().invocation);
    EXPECT_EQ(small.wait(3).back().payload(), "3");
}

} // namespace coldframe::live
