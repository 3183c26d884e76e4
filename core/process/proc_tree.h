#pragma once

#include <vector>

#include <sys/types.h>

namespace coldframe::process {

/// Appends the processes that any thread of `pid` has forked or adopted, zombies among them.
/// A process that is gone has none. The kernel may skip an entry while others exit, so a caller
/// that must find all of them asks again until there is none.
void appendChildren(pid_t pid, std::vector<pid_t>& children);

/// Everything below `root`, parents before their children; `root` itself is not in it.
std::vector<pid_t> descendants(pid_t root);

} // namespace coldframe::process
