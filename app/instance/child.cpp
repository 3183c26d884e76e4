#include "child.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace coldframe::instance {
namespace {

using process::StartStep;

constexpr rlim_t kOpenFiles = 1024; // AWS Lambda: "File descriptors 1,024", quotas page, 2026-09

bool limit(__rlimit_resource resource, rlim_t value)
{
    rlimit now = {};
    if (::getrlimit(resource, &now) != 0)
        return false;
    const rlim_t reachable = std::min(value, now.rlim_max);
    const rlimit wanted = {reachable, reachable};
    return ::setrlimit(resource, &wanted) == 0;
}

bool setLimits(const Arguments& arguments)
{
    // Never fatal: under another Coldframe the hard limit may already be a lower mark.
    if (arguments.mark != 0)
        limit(RLIMIT_RTTIME, arguments.mark);
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, kOpenFiles)
        && (arguments.dataLimit == 0 || limit(RLIMIT_DATA, arguments.dataLimit))
        && (arguments.fileLimit == 0 || limit(RLIMIT_FSIZE, arguments.fileLimit));
}

/// The app keeps 0 to 2 out of the numbers it passes, so no stream overwrites another's source.
/// This process has /dev/null on all three: a stream that was not passed needs nothing.
bool setStreams(const Arguments& arguments)
{
    const int sources[] = {arguments.input, arguments.output, arguments.errors};
    for (int target = 0; target < 3; ++target) {
        if (sources[target] >= 0 && ::dup2(sources[target], target) < 0)
            return false;
    }
    ::closefrom(3);
    return true;
}

/// Runs between vfork and exec, in the parent's memory: system calls and nothing else.
[[noreturn]] void become(const Arguments& arguments, pid_t reaper, StartFailure& failure)
{
    const auto check = [&failure](bool done, StartStep step) {
        if (done)
            return;
        failure = {step, errno};
        ::_exit(127);
    };
    check(::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, StartStep::DeathSignal);
    if (::getppid() != reaper) // it was killed before the line above could matter
        ::_exit(127);
    check(arguments.folder == nullptr || ::chdir(arguments.folder) == 0, StartStep::Folder);
    check(setStreams(arguments), StartStep::Streams);
    check(setLimits(arguments), StartStep::Limits);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(arguments.program, arguments.argv, environ);
    check(false, StartStep::Program);
    ::_exit(127);
}

} // namespace

pid_t startChild(const Arguments& arguments, StartFailure& failure)
{
    const pid_t reaper = ::getpid();
    // vfork: this process stops until the program runs, so a failure is known at once and for free.
    const pid_t child = ::vfork();
    if (child == 0)
        become(arguments, reaper, failure);
    if (child < 0) {
        failure = {StartStep::Fork, errno};
        return -1;
    }
    if (failure.error == 0)
        return child;
    ::waitpid(child, nullptr, 0);
    return -1;
}

} // namespace coldframe::instance
