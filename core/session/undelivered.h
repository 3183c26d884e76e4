#pragma once

#include <filesystem>

#include "model/error.h"
#include "session/outgoing.h"

namespace coldframe::session {

/// Keeps the record of what no destination takes: "undelivered/FUNCTION-REQUEST.json" in the state
/// folder. Returns its path. `sync`: once it would survive a loss of power. May block.
Result<std::filesystem::path> keepUndelivered(const std::filesystem::path& stateFolder,
                                              const Outgoing& outgoing, bool sync);

} // namespace coldframe::session
