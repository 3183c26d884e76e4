// coldframe-instance: runs one instance's program and leaves nothing of it behind.
//
// It is the subreaper of the program's whole tree, so children that daemonise come back to it. When
// the program ends, or the app closes the control descriptor or dies, it kills what is left,
// reports, removes the temporary folder and goes.

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iterator>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arguments.h"
#include "child.h"
#include "cpu_brake.h"
#include "kill_tree.h"
#include "process/status_record.h"
#include "remove_folder.h"

namespace {

using namespace coldframe::instance;
using coldframe::process::StatusRecord;

/// Blocked, not ignored: a blocked signal does not reach the program through exec.
void blockSignals()
{
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
}

/// Closes what the app may have inherited itself and not marked close-on-exec: a pipe held open
/// here would keep a stranger waiting for its end of file.
void closeOthers(const Arguments& arguments)
{
    int kept[] = {2,
                  arguments.control,
                  arguments.status,
                  arguments.input,
                  arguments.output,
                  arguments.errors};
    std::sort(std::begin(kept), std::end(kept));
    unsigned first = 3;
    for (const int fd : kept) {
        if (fd < 3)
            continue;
        if (static_cast<unsigned>(fd) > first)
            ::close_range(first, static_cast<unsigned>(fd) - 1, 0);
        first = static_cast<unsigned>(fd) + 1;
    }
    ::close_range(first, ~0U, 0);
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int target = 0; target < 3; ++target)
        ::dup2(null, target);
    if (null > 2)
        ::close(null);
}

void closeStreams(const Arguments& arguments)
{
    for (const int fd : {arguments.input, arguments.output, arguments.errors}) {
        if (fd >= 0)
            ::close(fd);
    }
}

/// Thirty-two bytes fit every pipe and socket; when nobody reads any more, nobody misses them.
void report(const Arguments& arguments, const StatusRecord& record)
{
    while (::write(arguments.status, &record, sizeof record) < 0 && errno == EINTR) { }
}

void obey(char order, pid_t child, CpuBrake& brake)
{
    switch (order) {
    case coldframe::process::kTerminateOrder:
        brake.release(); // a stopped program hears nothing
        ::kill(child, SIGTERM);
        break;
    case coldframe::process::kWorkBeginsOrder:
        brake.engage();
        break;
    case coldframe::process::kWorkEndsOrder:
        brake.release();
        break;
    default:
        break;
    }
}

/// Returns when the program has ended or the app wants it gone.
void watch(const Arguments& arguments, pid_t child, MainEnd& end)
{
    sigset_t childEnded;
    sigemptyset(&childEnded);
    sigaddset(&childEnded, SIGCHLD);
    const int signals = ::signalfd(-1, &childEnded, SFD_CLOEXEC | SFD_NONBLOCK);
    CpuBrake brake(arguments.cpuShare);
    pollfd watched[] = {{arguments.control, POLLIN, 0}, {signals, POLLIN, 0}};
    while (!end.known) {
        if (::poll(watched, std::size(watched), brake.wait()) == 0) {
            brake.look();
            continue;
        }
        if (watched[0].revents != 0) {
            char order = 0;
            if (::read(arguments.control, &order, 1) != 1)
                break;
            obey(order, child, brake);
        }
        if (watched[1].revents != 0) {
            signalfd_siginfo drained = {};
            while (::read(signals, &drained, sizeof drained) > 0) { }
            reapEnded(child, end);
        }
    }
    ::close(signals);
}

StatusRecord exitRecord(const MainEnd& end)
{
    rusage tree = {};
    ::getrusage(RUSAGE_CHILDREN, &tree);
    const auto nanoseconds
        = [](const timeval& t) { return t.tv_sec * 1'000'000'000 + t.tv_usec * 1000; };
    StatusRecord record;
    record.kind = StatusRecord::Kind::Exited;
    record.detail = WIFSIGNALED(end.waitStatus) ? 1 : 0;
    record.value = record.detail != 0 ? WTERMSIG(end.waitStatus) : WEXITSTATUS(end.waitStatus);
    record.peakKb = static_cast<std::uint32_t>(tree.ru_maxrss);
    record.atNs = end.atNs;
    record.cpuNs = nanoseconds(tree.ru_utime) + nanoseconds(tree.ru_stime);
    return record;
}

void runProgram(const Arguments& arguments)
{
    StartFailure failure;
    const pid_t child = startChild(arguments, failure);
    closeStreams(arguments);
    if (child < 0) {
        StatusRecord record;
        record.kind = StatusRecord::Kind::StartFailed;
        record.value = failure.error;
        record.detail = static_cast<std::uint32_t>(failure.step);
        record.atNs = monotonicNs();
        return report(arguments, record);
    }
    StatusRecord started;
    started.value = child;
    started.atNs = monotonicNs();
    report(arguments, started);

    MainEnd end;
    watch(arguments, child, end);
    killTree(child, end);
    if (end.known)
        report(arguments, exitRecord(end));
}

} // namespace

int main(int, char** argv)
{
    Arguments arguments;
    if (*argv == nullptr || !parse(argv + 1, arguments)) {
        std::fputs("coldframe-instance is started by coldframe for each instance, not by hand.\n",
                   stderr);
        return 2;
    }
    blockSignals();
    ::setsid(); // fails when the app's spawn has done it already
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    (void)!::chdir("/"); // holds no folder of the user's
    closeOthers(arguments);
    if (arguments.program != nullptr)
        runProgram(arguments);
    if (arguments.temporary != nullptr && !removeFolder(arguments.temporary))
        return 1;
    return 0;
}
