#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "model/error.h"

// Private copies of folders, and what has changed in them since.
namespace coldframe::stores {

struct CopyLimits {
    std::uint64_t files = 100'000;
    std::uint64_t bytes = std::uint64_t{1} << 30;
};

/// Copies every object of a folder into another, which is made, with times and permissions; of
/// symbolic links to files, the files. Where the file system can, blocks are shared until somebody
/// writes. A source that is not there is an empty one.
/// Errors: LimitReached before anything is copied; what the system refuses.
Result<void> copyFolder(const std::filesystem::path& from, const std::filesystem::path& to,
                        const CopyLimits& limits);

/// What tells a file from one that was put in its place or written to since.
struct FileMark {
    std::uint64_t inode = 0, bytes = 0;
    std::int64_t modified = 0, changed = 0; ///< ns since the epoch
    bool operator==(const FileMark&) const = default;
};

/// Every object of a folder by its key. A folder that is not there has none.
std::map<std::string, FileMark> markFiles(const std::filesystem::path& folder);

} // namespace coldframe::stores
