#include "process/tree_meter.h"

#include "running.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

#include "process/unique_fd.h"

using namespace coldframe;
using namespace coldframe::process;
using namespace coldframe::process::test;

namespace {

/// A victim that does what it is told, one order at a time.
class Servant {
public:
    Servant()
    {
        int to[2];
        int from[2];
        EXPECT_EQ(::pipe2(to, O_CLOEXEC), 0);
        EXPECT_EQ(::pipe2(from, O_CLOEXEC), 0);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, to[0], 0);
        ::posix_spawn_file_actions_adddup2(&actions, from[1], 1);
        char* argv[] = {const_cast<char*>(PROCESS_VICTIM), const_cast<char*>("serve"), nullptr};
        EXPECT_EQ(::posix_spawn(&m_pid, PROCESS_VICTIM, &actions, nullptr, argv, environ), 0);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(to[0]);
        ::close(from[1]);
        m_orders.reset(to[1]);
        m_answers.reset(from[0]);
        order("nothing"); // it is up
    }
    ~Servant() { end(); }

    pid_t pid() const { return m_pid; }
    void order(const std::string& text)
    {
        const std::string line = text + "\n";
        EXPECT_EQ(::write(m_orders.get(), line.data(), line.size()),
                  static_cast<ssize_t>(line.size()));
        char answer[5];
        EXPECT_EQ(::read(m_answers.get(), answer, 5), 5);
    }
    void end()
    {
        if (m_pid != 0) {
            ::kill(m_pid, SIGKILL);
            ::waitpid(m_pid, nullptr, 0);
        }
        m_pid = 0;
    }

private:
    pid_t m_pid = 0;
    UniqueFd m_orders;
    UniqueFd m_answers;
};

Usage metered(TreeMeter& meter, Servant& servant, const std::string& order)
{
    meter.begin();
    servant.order(order);
    return meter.end();
}

std::int64_t ms(Duration d)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
}

TEST(TreeMeter, cpuOfTwoThreads)
{
    Servant servant;
    TreeMeter meter(servant.pid());
    const Usage usage = metered(meter, servant, "burn 2 100");

    EXPECT_GE(ms(usage.cpu), 199);
    EXPECT_LE(ms(usage.cpu), 230);
    EXPECT_TRUE(usage.complete);
}

TEST(TreeMeter, cpuOfAChildThatCameAndWent)
{
    Servant servant;
    TreeMeter meter(servant.pid());
    const Usage usage = metered(meter, servant, "child 200");

    EXPECT_GE(ms(usage.cpu), 180); // in steps of 10 ms
    EXPECT_LE(ms(usage.cpu), 230);
}

TEST(TreeMeter, nextSpanStartsFromZero)
{
    Servant servant;
    TreeMeter meter(servant.pid());
    metered(meter, servant, "burn 2 100");
    metered(meter, servant, "child 100");
    const Usage usage = metered(meter, servant, "nothing");

    EXPECT_LE(ms(usage.cpu), 5);
}

TEST(TreeMeter, manyShortSpansAddUp)
{
    Servant servant;
    TreeMeter meter(servant.pid());
    for (int i = 0; i < 40; ++i)
        metered(meter, servant, "nothing");
    Duration sum{};
    Usage usage;
    for (int i = 0; i < 200; ++i) {
        usage = metered(meter, servant, "burn 1 0");
        sum += usage.cpu;
    }
    EXPECT_GT(sum, Duration(0));
    EXPECT_LE(ms(sum), 100);
    EXPECT_GT(usage.peakKb, 500U);
    EXPECT_LE(usage.threads, 1U);

    // A long span out of the fast path is measured as well as any.
    usage = metered(meter, servant, "burn 1 50");
    EXPECT_GE(ms(usage.cpu), 49);
    EXPECT_LE(ms(usage.cpu), 80);
    EXPECT_TRUE(usage.complete);
}

TEST(TreeMeter, runQueueWaitOfThreadsThatShareACore)
{
    cpu_set_t one;
    cpu_set_t before;
    ::sched_getaffinity(0, sizeof before, &before);
    CPU_ZERO(&one);
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(core, &before)) {
            CPU_SET(core, &one);
            break;
        }
    }
    ::sched_setaffinity(0, sizeof one, &one);
    Servant servant;
    Servant rival;
    ::sched_setaffinity(0, sizeof before, &before);
    TreeMeter meter(servant.pid());
    std::thread elsewhere([&] { rival.order("burn 1 300"); });
    const Usage usage = metered(meter, servant, "burn 1 150");
    elsewhere.join();

    EXPECT_GE(ms(usage.cpu), 149);
    EXPECT_GE(ms(usage.runQueueWait), 50) << "half of the core was the rival's";
}

TEST(TreeMeter, peakMemoryIsOfTheSpan)
{
    Servant servant;
    TreeMeter meter(servant.pid());
    const std::uint32_t before = metered(meter, servant, "nothing").peakKb;
    const std::uint32_t during = metered(meter, servant, "allocate 50").peakKb;
    const std::uint32_t after = metered(meter, servant, "nothing").peakKb;

    EXPECT_GE(during, before + 49 * 1024); // the kernel rounds each reading by some pages
    EXPECT_LE(during, before + 55 * 1024);
    EXPECT_LE(after, before + 2 * 1024);
}

TEST(TreeMeter, processThatDied)
{
    Servant servant;
    TreeMeter meter(servant.pid());
    EXPECT_GT(meter.residentKb(), 0U);
    meter.begin();
    servant.end();
    const Usage usage = meter.end();

    EXPECT_FALSE(usage.complete);
    EXPECT_EQ(usage.cpu, Duration(0));
    EXPECT_EQ(usage.runQueueWait, Duration(0));
    EXPECT_EQ(meter.residentKb(), 0U);
    meter.begin();
    EXPECT_FALSE(meter.end().complete);
}

TEST(TreeMeter, processThatNeverWas)
{
    TreeMeter meter(0x3fffffff);
    meter.begin();

    EXPECT_FALSE(meter.end().complete);
    EXPECT_EQ(meter.residentKb(), 0U);
}

class TreeMeterOfLaunch : public testing::Test {
protected:
    static void SetUpTestSuite() { useBuiltReaper(); }
};

TEST_F(TreeMeterOfLaunch, countsChildrenThatLostTheirParent)
{
    Running run(shell(std::string("(") + PROCESS_VICTIM + " burn 100 & ); echo up; sleep 1000"));
    run.untilOutput("up");
    TreeMeter meter(run.startedPid, run.process->reaperPid());
    // Once more from the start: 200 ms of CPU take at least 100 ms, so most of it is yet to come.
    meter.begin();
    Duration cpu{};
    ASSERT_TRUE(becomesTrue([&] {
        cpu = std::max(cpu, meter.end().cpu);
        return ms(cpu) > 50;
    }));
    run.process->kill();
    run.untilExit();
}

TEST_F(TreeMeterOfLaunch, exitReportHasCpuAndPeakOfTheTree)
{
    const std::string victim = PROCESS_VICTIM;
    Running run(shell(victim + " burn 100; true"));
    const ExitReport& report = run.untilExit();

    EXPECT_GE(ms(report.cpu), 199);
    EXPECT_LE(ms(report.cpu), 300);
    EXPECT_GE(ms(report.ran), 100);

    // Apart: what it costs to touch memory for the first time depends on the machine.
    Running allocating(shell(victim + " allocate 50; true"));
    const ExitReport& allocated = allocating.untilExit();
    EXPECT_GE(allocated.peakKb, 50U * 1024);
    EXPECT_LE(allocated.peakKb, 60U * 1024);
}

TEST_F(TreeMeterOfLaunch, residentMemoryCountsChildren)
{
    Running run(shell("sleep 1000 & sleep 1000 & echo up; wait"));
    run.untilOutput("up");
    TreeMeter meter(run.startedPid, run.process->reaperPid());
    TreeMeter alone(run.startedPid);
    const ProcFile shellAlone(run.startedPid, "statm");
    // Three processes, once the children have become what they are started as.
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    bool counted = false;
    while (!counted && std::chrono::steady_clock::now() < limit) {
        const std::uint32_t kb = meter.residentKb();
        counted = kb > residentKb(shellAlone) * 3 / 2 && kb == alone.residentKb();
    }
    EXPECT_TRUE(counted);
    run.process->kill();
    run.untilExit();
    EXPECT_EQ(meter.residentKb(), 0U);
}

} // namespace
