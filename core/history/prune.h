#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "model/error.h"
#include "model/time.h"

namespace coldframe::history {

struct PruneLimits {
    std::uint64_t maxBytes = std::uint64_t{2} << 30; ///< of all recordings together
    Duration maxAge = std::chrono::hours(7 * 24); ///< since the last write
};

struct PruneReport {
    std::vector<std::filesystem::path> removed;
    std::uint64_t bytesLeft = 0;
};

/// Removes recordings in `folder` that are too old, then the oldest ones until the rest fits. One
/// that is being written is never touched, here or by another process, and nothing but the files
/// of recordings is removed. Errors: the folder cannot be listed, a file cannot be removed.
Result<PruneReport> pruneRecordings(const std::filesystem::path& folder,
                                    const PruneLimits& limits = {});

} // namespace coldframe::history
