#include "running.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>

#include "process/proc_tree.h"

using namespace coldframe;
using namespace coldframe::process;
using namespace coldframe::process::test;
using testing::IsEmpty;

namespace {

/// A number of seconds to sleep that no other process has on its command line.
std::string uniqueSeconds()
{
    static int count = 0;
    return "9" + std::to_string(::getpid()) + "00" + std::to_string(++count);
}

/// Every way to slip away: a plain child, one in its own session, a daemon forked twice, one with a
/// cleaned environment, and one with all of that.
std::string slippery(const std::string& seconds)
{
    return "sleep " + seconds + " & setsid sleep " + seconds + " & (setsid sh -c 'sleep " + seconds
        + " & exit' & ) ; env -i /usr/bin/setsid /bin/sleep " + seconds
        + " & (env -i /usr/bin/setsid /bin/sh -c '/bin/sleep " + seconds + " & exit' & ); "
        + "while [ $(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' " + "| grep -o \"sleep "
        + seconds + " \" | wc -l) -lt 5 ]; do sleep 0.01; done; echo up; ";
}

class ProcessCleanup : public testing::Test {
protected:
    static void SetUpTestSuite() { useBuiltReaper(); }

    /// All five run; the shell's own command line holds the number as well.
    static std::vector<pid_t> sleepers(const std::string& seconds)
    {
        std::vector<pid_t> found;
        for (const pid_t pid : processesHolding(seconds)) {
            const std::string line = readFile("/proc/" + std::to_string(pid) + "/cmdline");
            if (line.find("sleep") < 8 && line.find(seconds) < 16)
                found.push_back(pid);
        }
        return found;
    }

    TemporaryFolder m_folder;
    std::string m_seconds = uniqueSeconds();
};

TEST_F(ProcessCleanup, killTakesTheWholeTree)
{
    LaunchSpec spec = shell(slippery(m_seconds) + "wait; sleep 1000");
    spec.temporaryFolder = m_folder / "temporary";
    Running run(spec);
    run.untilOutput("up");
    EXPECT_GE(sleepers(m_seconds).size(), 5U);
    run.process->kill();

    EXPECT_EQ(run.untilExit().signal, SIGKILL);
    EXPECT_THAT(sleepers(m_seconds), IsEmpty());
    EXPECT_THAT(processesHolding(run.token), IsEmpty());
    EXPECT_FALSE(fs::exists(spec.temporaryFolder));
}

TEST_F(ProcessCleanup, nothingOutlivesTheProgram)
{
    Running run(shell(slippery(m_seconds) + "exit 4"));

    EXPECT_EQ(run.untilExit().code, 4);
    EXPECT_THAT(sleepers(m_seconds), IsEmpty());
}

TEST_F(ProcessCleanup, killedReaperLeavesNothing)
{
    LaunchSpec spec = shell(slippery(m_seconds) + "sleep 1000");
    spec.temporaryFolder = m_folder / "temporary";
    Running run(spec);
    run.untilOutput("up");
    std::ofstream(spec.temporaryFolder + "/file") << "data";
    ::kill(run.process->reaperPid(), SIGKILL);

    const ExitReport& report = run.untilExit();

    EXPECT_EQ(report.kind, ExitReport::Kind::ReaperLost);
    EXPECT_EQ(describe(report.error),
              "the process that looks after '/usr/bin/sh' was killed; what it ran has been ended; "
              "look for memory pressure in the system log, then start it again");
    EXPECT_THAT(sleepers(m_seconds), IsEmpty());
    EXPECT_THAT(processesHolding(run.token), IsEmpty());
    EXPECT_FALSE(fs::exists(spec.temporaryFolder));
    EXPECT_THAT(descendants(::getpid()), IsEmpty()) << "zombies too";
}

TEST_F(ProcessCleanup, killedReaperHurtsNobodyElse)
{
    pid_t editor = 0;
    char* argv[] = {const_cast<char*>("sleep"), const_cast<char*>("1000"), nullptr};
    ASSERT_EQ(::posix_spawnp(&editor, "sleep", nullptr, nullptr, argv, environ), 0);
    Running other(shell("echo up; sleep 1000"));
    other.untilOutput("up");
    Running run(shell(slippery(m_seconds) + "sleep 1000"));
    run.untilOutput("up");
    ::kill(run.process->reaperPid(), SIGKILL);
    run.untilExit();

    EXPECT_EQ(::kill(editor, 0), 0);
    EXPECT_EQ(::waitpid(editor, nullptr, WNOHANG), 0) << "the editor was killed";
    EXPECT_EQ(::kill(other.startedPid, 0), 0);
    EXPECT_FALSE(other.report.has_value());
    other.process->kill();
    EXPECT_EQ(other.untilExit().kind, ExitReport::Kind::Signalled);
    ::kill(editor, SIGKILL);
    ::waitpid(editor, nullptr, 0);
}

TEST_F(ProcessCleanup, stoppedReaperIsReplaced)
{
    Running run(shell("echo up; exec sleep " + m_seconds));
    run.untilOutput("up");
    ::kill(run.process->reaperPid(), SIGSTOP);
    run.process->kill();

    EXPECT_EQ(run.untilExit().kind, ExitReport::Kind::ReaperLost);
    EXPECT_THAT(sleepers(m_seconds), IsEmpty());
}

TEST_F(ProcessCleanup, killedAppLeavesNothing)
{
    const std::string token = uniqueName();
    const std::string temporary = m_folder / "temporary";
    const std::string script = slippery(m_seconds) + "sleep 1000";
    const std::string reaper = COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance";
    int pipe[2];
    ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
    std::vector<std::string> words = {PROCESS_HOST, reaper, token, temporary, script};
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t app = 0;
    ASSERT_EQ(::posix_spawn(&app, PROCESS_HOST, &actions, nullptr, argv.data(), environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    char up[3] = {};
    ASSERT_EQ(::read(pipe[0], up, 3), 3) << "the tree did not come up";
    EXPECT_GE(sleepers(m_seconds).size(), 5U);
    EXPECT_TRUE(fs::exists(temporary));

    ::kill(app, SIGKILL);
    ::waitpid(app, nullptr, 0);

    EXPECT_TRUE(becomesTrue([&] { return processesHolding(token).empty(); }));
    EXPECT_TRUE(becomesTrue([&] { return sleepers(m_seconds).empty(); }));
    EXPECT_TRUE(becomesTrue([&] { return !fs::exists(temporary); }));
    ::close(pipe[0]);
    while (::waitpid(-1, nullptr, 0) > 0) { } // the app's reaper: adopted by this subreaper
}

TEST_F(ProcessCleanup, forkBomb)
{
    Running run(specFor({PROCESS_VICTIM, "bomb", "8"})); // 256 processes
    run.until([&] { return run.output.size() == 256 * 3; });
    EXPECT_EQ(descendants(run.process->reaperPid()).size(), 256U);
    run.process->kill();

    run.untilExit();
    EXPECT_THAT(processesHolding(run.token), IsEmpty());
}

TEST_F(ProcessCleanup, forkBombWithoutReaper)
{
    Running run(specFor({PROCESS_VICTIM, "bomb", "8"}));
    run.until([&] { return run.output.size() == 256 * 3; });
    ::kill(run.process->reaperPid(), SIGKILL);

    EXPECT_EQ(run.untilExit().kind, ExitReport::Kind::ReaperLost);
    EXPECT_THAT(processesHolding(run.token), IsEmpty());
    EXPECT_THAT(descendants(::getpid()), IsEmpty());
}

struct FolderRow {
    const char* name;
    const char* script; ///< run in the temporary folder
};
void PrintTo(const FolderRow& row, std::ostream* out)
{
    *out << row.name;
}

class TemporaryFolderRemoval : public ProcessCleanup,
                               public testing::WithParamInterface<FolderRow> { };

TEST_P(TemporaryFolderRemoval, leavesNothing)
{
    LaunchSpec spec = shell(std::string("cd $TMPDIR; ") + GetParam().script);
    spec.temporaryFolder = m_folder / "temporary";
    spec.environment.push_back("TMPDIR=" + spec.temporaryFolder);
    fs::create_directory(m_folder / "outside");
    std::ofstream(m_folder / "outside/kept") << "data";
    Running run(spec);

    EXPECT_EQ(run.untilExit().code, 0) << run.errors;
    EXPECT_FALSE(fs::exists(spec.temporaryFolder));
    EXPECT_EQ(readFile(m_folder / "outside/kept"), "data") << "a link was followed";
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TemporaryFolderRemoval,
    testing::Values(
        FolderRow{"nothing", "true"},
        FolderRow{"readOnlyFolders", "mkdir -p a/b; touch a/b/f; chmod 500 a/b; chmod 500 a ."},
        FolderRow{"unreadableFolders", "mkdir -p a/b; touch a/b/f; chmod 000 a/b a"},
        FolderRow{"itselfUnreadable", "touch f; chmod 000 ."},
        FolderRow{"linksOut", "ln -s ../outside link; ln -s ../outside/kept file; ln -s . self"},
        FolderRow{"nestedLinksOut", "mkdir a; ln -s ../../outside a/b; chmod 500 a"},
        FolderRow{"thousandsOfFiles", "mkdir a; cd a; seq 5000 | xargs touch"},
        FolderRow{"socketAndFifo", "mkfifo fifo; mkdir .hidden; touch .hidden/.f"},
        FolderRow{"veryDeep",
                  "i=0; while [ $i -lt 300 ]; do mkdir deep-folder-$i; cd deep-folder-$i; "
                  "touch f; chmod 500 .. ; i=$((i+1)); done; exit 0"}),
    [](const testing::TestParamInfo<FolderRow>& row) { return row.param.name; });

} // namespace
