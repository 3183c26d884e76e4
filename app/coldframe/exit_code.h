#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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

/// Of what kept a workspace from opening: Io is the system's, all else can be corrected. Of a file
/// that the user named as input every error is BadInput.
ExitCode exitCodeOf(const Error& error);

/// What a run may come to before it counts as failed. Nothing set: a run never does.
struct RunLimits {
    std::optional<std::uint64_t> maxErrors; ///< invocations that failed for good
    std::optional<Money> maxCost;
};

/// A limit that a run has passed; reaching it is allowed.
struct PassedLimit {
    std::string option; ///< "--max-errors"
    std::string text; ///< what it came to, and what was allowed
};
/// In the order of RunLimits.
std::vector<PassedLimit> passedLimits(std::uint64_t failed, Money cost, const RunLimits& limits);

} // namespace coldframe::commands
