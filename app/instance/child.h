#pragma once

#include <sys/types.h>

#include "arguments.h"
#include "process/status_record.h"

namespace coldframe::instance {

struct StartFailure {
    process::StartStep step = process::StartStep::Fork;
    int error = 0; ///< errno
};

/// Starts the program and returns once it runs: its pid, or -1 with `failure` filled in.
/// It dies with this process, sees only its three streams, and keeps no signal blocked.
pid_t startChild(const Arguments& arguments, StartFailure& failure);

} // namespace coldframe::instance
