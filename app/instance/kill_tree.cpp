#include "kill_tree.h"

#include <cerrno>
#include <csignal>
#include <ctime>

#include <sys/wait.h>
#include <unistd.h>

#include "process/proc_tree.h"

namespace coldframe::instance {

long long monotonicNs()
{
    timespec now = {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<long long>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

bool reapEnded(pid_t main, MainEnd& end)
{
    for (;;) {
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, WNOHANG);
        if (ended == 0)
            return true;
        if (ended < 0)
            return errno != ECHILD;
        if (ended == main)
            end = {true, status, monotonicNs()};
    }
}

void killTree(pid_t main, MainEnd& end)
{
    constexpr timespec kRetry = {0, 2'000'000};
    sigset_t childEnded;
    sigemptyset(&childEnded);
    sigaddset(&childEnded, SIGCHLD);
    while (reapEnded(main, end)) {
        bool reachable = false;
        for (const pid_t pid : process::descendants(::getpid()))
            reachable |= ::kill(pid, SIGKILL) == 0 || errno == ESRCH;
        // Only what changed its user may refuse (sudo, say): it cannot be ended by anybody but
        // itself or root, and waiting for it would keep this process for ever.
        if (!reachable && reapEnded(main, end))
            return;
        ::sigtimedwait(&childEnded, nullptr, &kRetry); // SIGCHLD is blocked throughout
    }
}

} // namespace coldframe::instance
