#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace coldframe::sources {

/// Something happened to a file below a watched folder.
struct FileChange {
    enum class Kind : std::uint8_t {
        Created, ///< it is there, complete, and new or different from what was last told
        Removed, ///< it is gone, or was moved out of the folder
    };
    Kind kind = Kind::Created;
    bool overwrote = false; ///< of Created: there was a file of this name already
    std::string key; ///< path below the folder, '/' between parts, bytes as on disk
    std::uint64_t size = 0; ///< bytes; of a removed file: when last seen
    std::uint64_t inode = 0;
    std::int64_t mtimeNs = 0; ///< since 1970-01-01T00:00Z
    std::chrono::steady_clock::time_point seenAt{}; ///< when the watcher learnt of it
};

} // namespace coldframe::sources
