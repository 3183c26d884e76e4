#pragma once

#include <cstdint>

namespace coldframe::process {

/// What the reaper writes on its status descriptor: whole records of this one size, in the byte
/// order of the machine. Both ends come from the same build.
struct StatusRecord {
    enum class Kind : std::uint32_t { Started = 1, StartFailed = 2, Exited = 3 };
    Kind kind = Kind::Started;
    std::int32_t value = 0; ///< Started: pid. StartFailed: errno. Exited: exit code or signal.
    std::uint32_t detail = 0; ///< StartFailed: a StartStep. Exited: 1 when a signal ended it.
    std::uint32_t peakKb = 0; ///< Exited: largest resident set any one process of the tree reached.
    std::int64_t atNs = 0; ///< CLOCK_MONOTONIC: when the program was running, or was reaped.
    std::int64_t cpuNs = 0; ///< Exited: user and system time of every reaped process of the tree.
};
static_assert(sizeof(StatusRecord) == 32);

/// Where the start of a program failed; the app makes a sentence of it.
enum class StartStep : std::uint32_t { Fork, DeathSignal, Limits, Streams, Folder, Program };

/// What the app may say on the control descriptor, a byte each; end of file means "kill
/// everything".
inline constexpr char kTerminateOrder = 'T';
inline constexpr char kWorkBeginsOrder = 'W'; ///< its share of a core binds from here …
inline constexpr char kWorkEndsOrder = 'E'; ///< … to here

/// Every process of a tree carries a hard RLIMIT_RTTIME of this family, a limit that binds only
/// real-time scheduling and here lies millennia away. It survives what an environment variable and
/// a session id do not (a cleaned environment, setsid, a double fork), so that the orphans of a
/// killed reaper can still be told from processes that are none of Coldframe's business.
inline constexpr std::uint64_t kMarkFamily = std::uint64_t{1} << 62;

} // namespace coldframe::process
