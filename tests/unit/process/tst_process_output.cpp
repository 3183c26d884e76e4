#include "running.h"

using namespace coldframe;
using namespace coldframe::process;
using namespace coldframe::process::test;

namespace {

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
        for (; tail.size() >= 16; tail.erase(0, 16))
            ordered = ordered && std::stoll(tail.substr(0, 15)) == line++;
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
    const auto end = std::chrono::steady_clock::now() + 60s;
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
    EXPECT_LT(peak - before, 8 * 1024) << "KB";
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
    std::size_t chatter = 0;
    std::size_t chatterAtExit = 0;
    ProcessCallbacks loud;
    loud.onOutput = [&](Stream, std::string_view text) { chatter += text.size(); };
    auto chatterbox = std::move(*launch(io, specFor({"yes"}), loud));
    ProcessCallbacks quiet;
    bool exited = false;
    quiet.onExit = [&](const ExitReport&) {
        exited = true;
        chatterAtExit = chatter;
        chatterbox->kill();
    };
    const auto neighbour = launch(io, shell("echo hello"), quiet);
    ASSERT_TRUE(neighbour);
    io.run_for(kLimit);

    EXPECT_TRUE(exited);
    EXPECT_GT(chatter, 0U);
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
