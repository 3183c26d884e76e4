#pragma once

#include <cstdint>
#include <string>

#include <sys/types.h>

namespace coldframe::process {

/// How the processes of one launch are told from all others.
struct Signs {
    pid_t reaper = 0; ///< their session, unless they left it
    std::uint64_t mark = 0; ///< their hard RLIMIT_RTTIME; see kMarkFamily
    std::string token; ///< their COLDFRAME_SANDBOX, unless they cleaned it away
};

std::uint64_t markOf(const std::string& token);

/// Kills those below the app that bear one of the signs, with all below them, and reaps those that
/// have ended. Touches nobody else. Returns how many it found: the sandbox is empty at 0.
/// For when the reaper is dead but not yet reaped, so that its pid cannot mean anybody else.
/// Each call looks once.
int killOrphans(const Signs& signs);

} // namespace coldframe::process
