#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/attempt_log.h"

namespace coldframe::history {

/// What a table shows. Everything that is set must hold.
struct AttemptFilter {
    std::optional<FunctionId> function{};
    std::uint32_t endings = 0; ///< bit by bit of Ending; 0: any
    std::optional<StartKind> start{};
    Duration atLeast{}; ///< of desk time
    std::string requestId{}; ///< part of its text, in any case

    static constexpr std::uint32_t bit(Ending ending)
    {
        return 1u << static_cast<unsigned>(ending);
    }
    static constexpr std::uint32_t kFailures = 0x3ff & ~1u; ///< all but Succeeded
};

/// Row numbers of `view` that match, rising, from row `from` on: so that a growing log is filtered
/// only where it grew.
std::vector<std::uint32_t> matchingRows(const AttemptLog::View& view, const AttemptFilter& filter,
                                        std::uint64_t from = 0);

} // namespace coldframe::history
