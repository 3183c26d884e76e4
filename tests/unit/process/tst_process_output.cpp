#include "running.h"

using namespace coldframe;
using namespace coldframe::process;
using namespace coldframe::process::test;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr long kHeldKb = 64 * 1024; // the sanitizer keeps what was freed for a while
#else
constexpr long kHeldKb = 8 * 1024;
#endif

class ProcessOutput : public testing::Test {
protected:
    static void SetUpTestSuite() { useBuiltReaper(); }
};

long residentKb()
{
    std::ifstream in("/proc/self/statm");
    long size = 0;
    long resident = 0;
    in >> size >> resident;
    return resident * 4;
}

TEST_F(ProcessOutput, streamsAreKeptApart)
{
    Running run(shell("echo one; echo two >&2; echo three"));
    run.untilExit();

    EXPECT_EQ(run.output, "one\nthree\n");
    EXPECT_EQ(run.errors, "two\n");
}

TEST_F(ProcessOutput, whatIsPrintedLastIsNotLost)
{
    for (int i = 0; i < 50; ++i) {
        Running run(specFor({PROCESS_VICTIM, "flood", "60000"}));
        run.untilExit();
        ASSERT_EQ(run.output.size(), 60000U) << "run " << i;
    }
}

/// Reads a hundred megabytes, with a pause after every megabyte, holding none of it.
TEST_F(ProcessOutput, hundredMegabytesForASlowReader)
{
    constexpr std::size_t kBytes = 100'000'000;
    boost::asio::io_context io;
    std::unique_ptr<Process> process;
    std::size_t got = 0;
    std::size_t sincePause = 0;
    bool paused = false;
    bool ordered = true;
    bool exited = false;
    long long line = 0;
    std::string tail;
    ProcessCallbacks callbacks;
    callbacks.onOutput = [&](Stream, std::string_view text) {
        EXPECT_TRUE(!paused || exited) << "output while paused";
        got += text.size();
        tail += text;
        std::size_t at = 0;
        for (; tail.size() - at >= 16; at += 16)
            ordered = ordered && std::atoll(tail.data() + at) == line++;
        tail.erase(0, at);
        if ((sincePause += text.size()) > 1'000'000) {
            sincePause = 0;
            paused = true;
            process->pauseOutput();
        }
    };
    callbacks.onExit = [&](const ExitReport&) { exited = true; };
    const long before = residentKb();
    long peak = before;
    process = std::move(
        *launch(io, specFor({PROCESS_VICTIM, "flood", std::to_string(kBytes)}), callbacks));
    const auto end = std::chrono::steady_clock::now() + 3 * kLimit;
    while (!exited && std::chrono::steady_clock::now() < end) {
        io.restart();
        if (io.run_one_for(paused ? 1ms : 50ms) == 0 && paused) {
            paused = false;
            process->resumeOutput();
        }
        peak = std::max(peak, residentKb());
    }

    EXPECT_TRUE(exited);
    EXPECT_TRUE(ordered);
    EXPECT_EQ(got, kBytes);
    EXPECT_LT(peak - before, kHeldKb);
}

TEST_F(ProcessOutput, pausedProgramWaits)
{
    Running run(specFor({PROCESS_VICTIM, "flood", "1000000"}));
    run.process->pauseOutput();
    // Asleep in write(2): its pipe is full and nobody reads.
    run.until([&] {
        return run.startedPid != 0
            && readFile("/proc/" + std::to_string(run.startedPid) + "/wchan").find("pipe")
            != std::string::npos;
    });
    EXPECT_EQ(run.output, "");
    EXPECT_FALSE(run.report.has_value());

    run.process->resumeOutput();
    run.untilExit();
    EXPECT_EQ(run.output.size(), 1'000'000U);
}

TEST_F(ProcessOutput, restIsHandedOverAtTheEndEvenWhenPaused)
{
    Running run(shell("echo last words"));
    run.process->pauseOutput();
    run.untilExit();

    EXPECT_EQ(run.output, "last words\n");
}

TEST_F(ProcessOutput, drainTakesWhatIsThereWithoutTheEventLoop)
{
    TemporaryFolder folder;
    Running run(shell("echo a log line; echo another >&2; touch " + folder.path()
                      + "/printed; sleep 1000"));
    run.until([&] { return run.startedPid != 0; });
    ASSERT_TRUE(becomesTrue([&] { return fs::exists(folder / "printed"); }));
    run.process->drainOutput();

    EXPECT_EQ(run.output, "a log line\n");
    EXPECT_EQ(run.errors, "another\n");
    run.process->kill();
    run.untilExit();
}

TEST_F(ProcessOutput, drainOfAChatterboxEnds)
{
    Running run(specFor({"yes"}));
    run.until([&] { return run.output.size() > 10'000; });
    const std::size_t before = run.output.size();
    run.process->drainOutput();

    EXPECT_LE(run.output.size() - before, 2U << 20);
    run.process->kill();
    EXPECT_EQ(run.untilExit().signal, SIGKILL);
}

TEST_F(ProcessOutput, chatterboxDoesNotStarveItsNeighbour)
{
    boost::asio::io_context io;
    std::unique_ptr<Process> chatterbox;
    std::unique_ptr<Process> neighbour;
    std::string heard;
    ProcessCallbacks quiet;
    quiet.onOutput = [&](Stream, std::string_view text) { heard += text; };
    quiet.onExit = [&](const ExitReport&) { chatterbox->kill(); };
    ProcessCallbacks loud;
    loud.onOutput = [&](Stream, std::string_view) {
        if (!neighbour)
            neighbour = std::move(*launch(io, shell("echo hello"), quiet));
    };
    chatterbox = std::move(*launch(io, specFor({"yes"}), loud));
    io.run_for(kLimit);

    EXPECT_EQ(heard, "hello\n");
    EXPECT_TRUE(io.stopped()) << "the chatterbox was never killed";
}

TEST_F(ProcessOutput, inputIsWrittenAndClosed)
{
    LaunchSpec spec = specFor({"cat"});
    spec.input = std::string("{\"a\":1}\0binary\n", 15);
    Running run(spec);

    EXPECT_EQ(run.untilExit().code, 0);
    EXPECT_EQ(run.output, *spec.input);
}

TEST_F(ProcessOutput, largeInputIsCountedToTheByte)
{
    LaunchSpec spec = specFor({"wc", "-c"});
    spec.input = std::string(6 << 20, 'x');
    Running run(spec);
    run.untilExit();

    EXPECT_EQ(run.output, std::to_string(6 << 20) + "\n");
}

TEST_F(ProcessOutput, inputThatNobodyReadsHurtsNobody)
{
    LaunchSpec spec = specFor({"true"});
    spec.input = std::string(6 << 20, 'x');
    Running run(spec);

    EXPECT_EQ(run.untilExit().code, 0);
}

TEST_F(ProcessOutput, withoutInputStdinIsEmpty)
{
    Running run(shell("readlink /proc/self/fd/0; cat"));
    run.untilExit();

    EXPECT_EQ(run.output, "/dev/null\n");
}

} // namespace
