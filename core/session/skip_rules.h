#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/error.h"
#include "model/workspace.h"

namespace coldframe::session {

/// Why the idle time of this workspace cannot be skipped: a trigger that takes part and whose
/// events come from outside, when the clock on the wall says so. `backfilled`: triggers that
/// process the files that are there already, and no others.
std::optional<Error> whyNotSkipped(const Workspace& workspace,
                                   const std::vector<std::string>& backfilled);

} // namespace coldframe::session
