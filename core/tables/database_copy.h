#pragma once

#include <cstdint>
#include <filesystem>

#include "model/error.h"

namespace coldframe::tables {

/// Copies a SQLite database as it is at one moment, also while others write it. One that is not
/// there gives none, and an empty file an empty one.
/// Errors: LimitReached, before anything is copied; no database; what the system refuses.
Result<void> copyDatabase(const std::filesystem::path& from, const std::filesystem::path& to,
                          std::uint64_t maxBytes);

} // namespace coldframe::tables
