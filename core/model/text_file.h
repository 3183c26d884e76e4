#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "model/error.h"

namespace coldframe {

/// Reads a whole regular file. Errors: Missing, LimitReached past `maxBytes`, Io for a folder, a
/// pipe or what the system refuses; `file` is the path as given.
Result<std::string> readTextFile(const std::filesystem::path& path, std::size_t maxBytes);

/// Writes a file that must not exist yet: complete and on disk, or not there at all. An existing
/// one is never touched (Duplicate), also when it appears at the same moment.
Result<void> writeNewFile(const std::filesystem::path& path, const std::string& text);

/// Writes a file, or replaces the one that is there: whoever looks sees the old text or all of the
/// new one, also after a crash. Who may read it stays as it was.
Result<void> replaceFile(const std::filesystem::path& path, const std::string& text);

} // namespace coldframe
