#pragma once

#include <string>

#include "exit_code.h"
#include "simulate_command.h"

namespace coldframe::commands {

/// Cold starts and idle instances of a scenario's functions for each keep-alive of `curve`, in one
/// pass. Of the other options a sweep and a series have no meaning here, and are refused.
ExitCode simulateKeepAlive(const SimulateOptions& options, const std::string& curve);

} // namespace coldframe::commands
