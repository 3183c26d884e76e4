#pragma once

#include <filesystem>
#include <string>

#include "model/error.h"

namespace coldframe::changes {

/// What went wrong and what to do, for a result code of SQLite. Unavailable for a lock, which is
/// tried again; Malformed for what is no database; Missing for no file; Io for the rest.
Error databaseProblem(const std::filesystem::path& file, int code, const std::string& message);

} // namespace coldframe::changes
