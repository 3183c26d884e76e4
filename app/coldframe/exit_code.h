#pragma once

#include <cstdint>
#include <optional>

#include "model/error.h"
#include "model/money.h"

namespace coldframe::commands {

/// What every command's exit code means, for scripts and CI.
enum class ExitCode : int {
    Success = 0,
    Failed = 1, ///< the function, or what was expected of a run
    BadInput = 2, ///< usage, a file, a name, a port or a folder that is taken
    OwnFault = 3, ///< Coldframe itself, or the system under it
};

/// Of what kept a workspace from opening: Io is the system's, all else can be corrected.
ExitCode exitCodeOf(const Error& error);

/// What a run may come to before it counts as failed. Nothing set: a run never does.
struct RunLimits {
    std::optional<std::uint64_t> maxErrors; ///< invocations that failed for good
    std::optional<Money> maxCost;
};

/// Failed when there are more errors, or more was spent, than allowed; the limit itself is.
ExitCode exitCodeOf(std::uint64_t failed, Money cost, const RunLimits& limits);

} // namespace coldframe::commands
