#include "running.h"

using namespace coldframe::process;
using namespace coldframe::process::test;
using namespace std::chrono_literals;

namespace {

/// "T" while it is stopped, "R" or "S" while it is not.
char stateOf(pid_t pid)
{
    const std::string stat = readFile("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t after = stat.rfind(')');
    return after == std::string::npos ? 'X' : stat.at(after + 2);
}

/// Whether the process has a handler for the signal already.
bool catches(pid_t pid, int signal)
{
    const std::string status = readFile("/proc/" + std::to_string(pid) + "/status");
    const std::size_t at = status.find("SigCgt:");
    return at != std::string::npos
        && (std::stoull(status.substr(at + 7), nullptr, 16) >> (signal - 1) & 1U) != 0;
}

LaunchSpec heldTo(std::uint32_t millionths, LaunchSpec spec)
{
    spec.cpuShareMillionths = millionths;
    return spec;
}

struct Row {
    const char* name;
    const char* script;
};
class CpuShare : public testing::TestWithParam<Row> {
protected:
    static void SetUpTestSuite() { useBuiltReaper(); }
};

TEST_P(CpuShare, holdsTheTreeToItsShareWhileItWorks)
{
    Running run(heldTo(200'000, shell(GetParam().script)));
    run.until([&] { return run.startedPid != 0; });
    run.process->workBegins();
    const ExitReport report = run.untilExit();
    EXPECT_EQ(report.code, 0) << run.errors;
    EXPECT_GT(report.cpu, 180ms);
    // 200 ms at a fifth take a second; it may run ahead by a look and the share of a period.
    EXPECT_GT(report.ran, 800ms);
}

INSTANTIATE_TEST_SUITE_P(Rows, CpuShare,
                         testing::Values(Row{"threads", "exec " PROCESS_VICTIM " burn 100"},
                                         Row{"aChild", PROCESS_VICTIM " burn 100 & wait"}),
                         [](const testing::TestParamInfo<Row>& row) { return row.param.name; });

class CpuShareEnds : public testing::Test {
protected:
    static void SetUpTestSuite() { useBuiltReaper(); }
};

TEST_F(CpuShareEnds, withTheWorkAndNothingStaysStopped)
{
    // At a thousandth of a core it would take minutes.
    Running run(heldTo(1'000, shell("exec " PROCESS_VICTIM " burn 100")));
    run.until([&] { return run.startedPid != 0; });
    run.process->workBegins();
    run.until([&] { return stateOf(run.startedPid) == 'T'; });
    run.process->workEnds();
    EXPECT_EQ(run.untilExit().code, 0);
}

TEST_F(CpuShareEnds, aStoppedProgramStillHearsThatItIsToEnd)
{
    Running run(heldTo(1'000, shell("trap 'exit 7' TERM; while :; do :; done")));
    run.until([&] { return run.startedPid != 0 && catches(run.startedPid, SIGTERM); });
    run.process->workBegins();
    run.until([&] { return stateOf(run.startedPid) == 'T'; });
    run.process->terminate(50s);
    EXPECT_EQ(run.untilExit().code, 7);
}

TEST_F(CpuShareEnds, aStoppedTreeIsKilledWhole)
{
    Running run(heldTo(1'000, shell("while :; do :; done & while :; do :; done")));
    run.until([&] { return run.startedPid != 0; });
    run.process->workBegins();
    run.until([&] { return stateOf(run.startedPid) == 'T'; });
    run.process->kill();
    run.untilExit();
    EXPECT_TRUE(processesHolding(run.token).empty());
}

} // namespace
