// Prints what launching and metering cost on this machine: medians, to be compared within one run.

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/host.h"
#include "process/launch.h"
#include "process/tree_meter.h"

using namespace coldframe::process;

namespace {

double nowUs()
{
    timespec now = {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// CPU of this process and of all it has reaped: unlike time, it holds on a busy machine.
double cpuUs()
{
    double sum = 0;
    for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage used = {};
        ::getrusage(who, &used);
        sum += static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6
            + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    }
    return sum;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

pid_t spawnBare(const char* program, const char* argument)
{
    pid_t pid = 0;
    char* argv[] = {const_cast<char*>(program), const_cast<char*>(argument), nullptr};
    ::posix_spawn(&pid, program, nullptr, nullptr, argv, environ);
    return pid;
}

void printSpawnCosts()
{
    std::vector<double> bare;
    std::vector<double> call;
    std::vector<double> running;
    std::vector<double> whole;
    double bareCpu = 0;
    double wholeCpu = 0;
    for (int i = 0; i < 300; ++i) {
        double cpuBefore = cpuUs();
        double begin = nowUs();
        ::waitpid(spawnBare("/bin/true", nullptr), nullptr, 0);
        bare.push_back(nowUs() - begin);
        bareCpu += cpuUs() - cpuBefore;

        boost::asio::io_context io;
        LaunchSpec spec;
        spec.argv = {"/bin/true"};
        spec.workingFolder = std::string(1, '/');
        spec.temporaryFolder = "/tmp/coldframe-costs-" + std::to_string(::getpid());
        spec.token = std::to_string(i);
        std::unique_ptr<Process> process;
        ProcessCallbacks callbacks;
        callbacks.onStarted = [&](pid_t) {
            running.push_back(static_cast<double>(process->spawnTime().count()) / 1e3);
        };
        callbacks.onExit = [&](const ExitReport&) { whole.push_back(nowUs() - begin); };
        cpuBefore = cpuUs();
        begin = nowUs();
        process = std::move(*launch(io, std::move(spec), std::move(callbacks)));
        call.push_back(nowUs() - begin);
        io.run();
        wholeCpu += cpuUs() - cpuBefore;
    }
    std::printf("/bin/true, median us of 300: bare posix_spawn + waitpid %.0f; launch() call %.0f, "
                "until it runs %.0f, until onExit %.0f (%+.0f)\n",
                median(bare), median(call), median(running), median(whole),
                median(whole) - median(bare));
    std::printf("CPU, mean us: bare %.0f, launch %.0f (%+.0f)\n", bareCpu / 300, wholeCpu / 300,
                (wholeCpu - bareCpu) / 300);
}

void printMeterCosts()
{
    const pid_t pid = spawnBare("/bin/sleep", "1000");
    TreeMeter meter(pid);
    for (int i = 0; i < 100; ++i) { // leaves the thorough mode every meter begins in
        meter.begin();
        meter.end();
    }
    std::vector<double> pairs;
    std::vector<double> polls;
    for (int i = 0; i < 20'000; ++i) {
        double begin = nowUs();
        meter.begin();
        meter.end();
        pairs.push_back(nowUs() - begin);
        begin = nowUs();
        meter.residentKb();
        polls.push_back(nowUs() - begin);
    }
    double sum = 0;
    for (const double poll : polls)
        sum += poll;
    std::printf("meter, us: begin + end %.2f median; residentKb %.2f mean\n", median(pairs),
                sum / static_cast<double>(polls.size()));
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

} // namespace

int main()
{
    setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    printSpawnCosts();
    printMeterCosts();
    return 0;
}
