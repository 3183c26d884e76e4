#pragma once

#include <cstdint>
#include <string>

#include <sys/types.h>

#include "model/error.h"
#include "process/launch.h"
#include "process/unique_fd.h"

namespace coldframe::process {

/// A running reaper and the app's ends of what connects them, all non-blocking.
struct SpawnedReaper {
    pid_t pid = 0;
    UniqueFd channel; ///< a socket: orders go out, StatusRecords come in
    UniqueFd output;
    UniqueFd errors;
};

/// Checks nothing of the spec: findProgram() and launch() have. Only the system can fail here.
Result<SpawnedReaper> spawnReaper(const LaunchSpec& spec, const std::string& program,
                                  std::uint64_t mark);

/// Starts a reaper that only removes a folder, in its own time. Returns its pid.
Result<pid_t> spawnFolderRemoval(const std::string& folder);

} // namespace coldframe::process
