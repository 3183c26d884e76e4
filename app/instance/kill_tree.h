#pragma once

#include <sys/types.h>

namespace coldframe::instance {

/// How the program ended; `known` is false until it was reaped.
struct MainEnd {
    bool known = false;
    int waitStatus = 0; ///< as from waitpid
    long long atNs = 0; ///< CLOCK_MONOTONIC, when it was reaped
};

/// CLOCK_MONOTONIC in nanoseconds.
long long monotonicNs();

/// Reaps every child that has ended, adopted ones too; notes `main`'s end.
/// Returns false when there is no child left at all.
bool reapEnded(pid_t main, MainEnd& end);

/// Kills everything below this process and reaps it. As a subreaper this process inherits whoever
/// loses its parent, so the tree is gone when it has no child left.
void killTree(pid_t main, MainEnd& end);

} // namespace coldframe::instance
