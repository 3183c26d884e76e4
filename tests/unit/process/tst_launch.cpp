#include "running.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>

using namespace coldframe;
using namespace coldframe::process;
using namespace coldframe::process::test;

namespace {

using Kind = ExitReport::Kind;

class Launch : public testing::Test {
protected:
    static void SetUpTestSuite() { useBuiltReaper(); }

    static Error launchError(LaunchSpec spec)
    {
        boost::asio::io_context io;
        const auto launched = launch(io, std::move(spec), {});
        if (launched) {
            ADD_FAILURE() << "launched in spite of everything";
            return {};
        }
        return launched.error();
    }
};

TEST_F(Launch, exitCodeIsReported)
{
    Running run(shell("exit 7"));

    const ExitReport& report = run.untilExit();

    EXPECT_EQ(report.kind, Kind::Exited);
    EXPECT_EQ(report.code, 7);
    EXPECT_EQ(report.signal, 0);
}

TEST_F(Launch, signalIsReported)
{
    Running run(shell("kill -SEGV $$"));

    const ExitReport& report = run.untilExit();

    EXPECT_EQ(report.kind, Kind::Signalled);
    EXPECT_EQ(report.signal, SIGSEGV);
}

TEST_F(Launch, pidIsTheProgramsOwnAndGoesWithIt)
{
    Running run(shell("echo $$; echo up; read never < /proc/self/fd/0; sleep 1000"));
    run.untilOutput("up");

    EXPECT_EQ(run.output, std::to_string(run.startedPid) + "\nup\n");
    EXPECT_EQ(run.process->pid(), run.startedPid);
    EXPECT_GT(run.process->spawnTime(), Duration(0));
    EXPECT_LT(run.process->spawnTime(), kLimit);

    run.process->kill();
    run.untilExit();
    EXPECT_EQ(run.process->pid(), 0);
}

TEST_F(Launch, reaperIsCollected)
{
    Running run(shell("exit 0"));
    const pid_t reaper = run.process->reaperPid();
    run.untilExit();

    EXPECT_EQ(::waitpid(reaper, nullptr, WNOHANG), -1) << "still a child";
}

TEST_F(Launch, environmentIsExactlyTheGivenOne)
{
    ::setenv("COLDFRAME_LEAK", "of the app", 1);
    LaunchSpec spec = specFor({"/usr/bin/env"});
    spec.environment = {"A=1", "B=two words", "EMPTY="};
    Running run(spec);
    run.untilExit();

    EXPECT_EQ(run.output, "A=1\nB=two words\nEMPTY=\nCOLDFRAME_SANDBOX=" + spec.token + "\n");
}

TEST_F(Launch, onlyTheThreeStreamsAreOpen)
{
    const int leaked = ::open("/dev/null", O_RDONLY); // not close-on-exec, as a library might
    // The fourth is the folder that ls itself reads.
    Running run(specFor({"ls", "/proc/self/fd"}));
    run.untilExit();
    ::close(leaked);

    EXPECT_EQ(run.output, "0\n1\n2\n3\n");
}

TEST_F(Launch, reaperHoldsNothingOfTheApps)
{
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0); // not close-on-exec
    Running run(shell("echo up; sleep 1000"));
    run.untilOutput("up");
    ::close(pipe[1]);

    char byte = 0;
    EXPECT_EQ(::read(pipe[0], &byte, 1), 0) << "somebody still holds the other end";
    ::close(pipe[0]);
    run.process->kill();
    run.untilExit();
}

TEST_F(Launch, noSignalIsBlockedOrIgnored)
{
    ::signal(SIGPIPE, SIG_IGN);
    Running run(specFor({"grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"}));
    run.untilExit();
    ::signal(SIGPIPE, SIG_DFL);

    // glibc's posix_spawn ignores its own two signals, 32 and 33, in whatever it starts.
    EXPECT_EQ(run.output, "SigBlk:\t0000000000000000\nSigIgn:\t0000000180000000\n");
}

TEST_F(Launch, limitsAreSet)
{
    LaunchSpec spec = shell("ulimit -n; ulimit -Hn; ulimit -c; ulimit -d; ulimit -f");
    spec.dataLimitBytes = 256 << 20;
    spec.fileLimitBytes = 1 << 20;
    Running run(spec);
    run.untilExit();

    EXPECT_EQ(run.output, "1024\n1024\n0\n262144\n2048\n"); // KB; blocks of 512 bytes
}

TEST_F(Launch, workingFolderAndRelativeProgram)
{
    TemporaryFolder folder;
    std::ofstream(folder / "bootstrap") << "#!/bin/sh\npwd\n";
    fs::permissions(folder / "bootstrap", fs::perms::owner_all);
    LaunchSpec spec = specFor({"./bootstrap"});
    spec.workingFolder = folder.path();
    Running run(spec);

    EXPECT_EQ(run.untilExit().code, 0);
    EXPECT_EQ(run.output, folder.path() + "\n");
}

TEST_F(Launch, temporaryFolderIsMadeAndRemoved)
{
    TemporaryFolder folder;
    LaunchSpec spec = shell("echo data > $TMPDIR/file; stat -c %a $TMPDIR; cat $TMPDIR/file");
    spec.temporaryFolder = folder / "a/b";
    spec.environment.push_back("TMPDIR=" + spec.temporaryFolder);
    Running run(spec);
    run.untilExit();

    EXPECT_EQ(run.output, "700\ndata\n");
    EXPECT_FALSE(fs::exists(folder / "a/b")) << "it must be gone when onExit is called";
}

TEST_F(Launch, terminateLetsTheProgramEndItself)
{
    Running run(shell("trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.01; done"));
    run.untilOutput("up");
    run.process->terminate(kLimit);

    EXPECT_EQ(run.untilExit().code, 3);
    EXPECT_EQ(run.output, "up\nbye\n");
}

TEST_F(Launch, terminateKillsAfterTheGrace)
{
    Running run(shell("trap '' TERM; echo up; while :; do sleep 0.01; done"));
    run.untilOutput("up");
    run.process->terminate(30ms);

    EXPECT_EQ(run.untilExit().signal, SIGKILL);
}

TEST_F(Launch, reaperIgnoresWhatATerminalSends)
{
    Running run(shell("echo up; exec sleep 1000"));
    run.untilOutput("up");
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE})
        ::kill(run.process->reaperPid(), signal);
    EXPECT_EQ(::getsid(run.startedPid), run.process->reaperPid());
    run.process->terminate(kLimit); // answered only by a reaper that is still there

    EXPECT_EQ(run.untilExit().signal, SIGTERM);
}

TEST_F(Launch, destroyedInItsOwnCallback)
{
    TemporaryFolder folder;
    boost::asio::io_context io;
    LaunchSpec spec = shell("echo up; sleep 1000");
    spec.temporaryFolder = folder / "temporary";
    std::unique_ptr<Process> process;
    int exits = 0;
    ProcessCallbacks callbacks;
    callbacks.onOutput = [&](Stream, std::string_view) { process.reset(); };
    callbacks.onExit = [&](const ExitReport&) { ++exits; };
    process = std::move(*launch(io, spec, callbacks));
    io.run_for(kLimit);

    EXPECT_EQ(process, nullptr);
    EXPECT_EQ(exits, 0) << "nobody is left to be told";
    EXPECT_FALSE(fs::exists(spec.temporaryFolder));
    EXPECT_THAT(processesHolding(spec.token), testing::IsEmpty());
}

TEST_F(Launch, twoHundredAtOnce)
{
    boost::asio::io_context io;
    TemporaryFolder folder;
    std::vector<std::unique_ptr<Process>> all;
    int right = 0;
    for (int i = 0; i < 200; ++i) {
        LaunchSpec spec = shell("exit " + std::to_string(i % 100));
        spec.temporaryFolder = folder / std::to_string(i);
        ProcessCallbacks callbacks;
        callbacks.onExit = [&right, i](const ExitReport& report) {
            right += report.kind == Kind::Exited && report.code == i % 100 ? 1 : 0;
        };
        all.push_back(std::move(*launch(io, spec, callbacks)));
    }
    io.run_for(kLimit);

    EXPECT_EQ(right, 200);
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(Launch, missingWorkingFolder)
{
    LaunchSpec spec = shell("true");
    spec.workingFolder = "/nowhere/at/all";

    EXPECT_EQ(describe(launchError(spec)),
              "the working folder '/nowhere/at/all' does not exist or is not a folder; "
              "create it or name another");
}

TEST_F(Launch, temporaryFolderThatExists)
{
    TemporaryFolder folder;
    LaunchSpec spec = shell("true");
    spec.temporaryFolder = folder.path();

    EXPECT_EQ(describe(launchError(spec)),
              "the temporary folder '" + folder.path()
                  + "' exists already; remove it or name another");
    EXPECT_TRUE(fs::exists(folder.path()));
}

TEST_F(Launch, malformedEnvironment)
{
    LaunchSpec spec = shell("true");
    spec.environment.emplace_back("NOVALUE");

    EXPECT_EQ(describe(launchError(spec)),
              "the environment entry 'NOVALUE' is not of the form NAME=value; correct it");
}

TEST_F(Launch, missingReaper)
{
    TemporaryFolder folder;
    LaunchSpec spec = shell("true");
    spec.temporaryFolder = folder / "temporary";
    setReaperPath("/nowhere/coldframe-instance");
    const Error error = launchError(spec);
    useBuiltReaper();

    EXPECT_EQ(describe(error),
              "coldframe-instance, which runs functions, is not an executable file at "
              "'/nowhere/coldframe-instance'; install Coldframe again, or set COLDFRAME_INSTANCE "
              "to its full path");
    EXPECT_FALSE(fs::exists(spec.temporaryFolder));
}

} // namespace
