#pragma once

#include <chrono>
#include <filesystem>

#include "stores/file_handle.h"

// Private state folders of this user beside each other: what tells one in use from one that a
// killed process left.
namespace coldframe::session {

/// What mkdtemp() makes a private folder of.
inline constexpr const char* kPrivatePattern = "coldframe-XXXXXX";

/// Marks a folder just made as in use, for as long as the handle is open: a file in it that is
/// locked, which the system undoes however the process ends. An empty handle sets errno.
stores::FileHandle markPrivateFolder(const std::filesystem::path& folder);

/// Removes the private folders in `base` that nobody uses any more: those of this user whose mark
/// is not locked, and without a mark those that look like private ones and are older than a day.
/// Symbolic links and other file systems are never entered. What is not done at `until`, the next
/// one does. Blocks on the disk.
void removeLeftoverFolders(const std::filesystem::path& base,
                           std::chrono::steady_clock::time_point until);

} // namespace coldframe::session
