#pragma once

#include <vector>

#include "model/error.h"
#include "model/workspace.h"

namespace coldframe::session {

/// The filters of triggers: an error for what is no event pattern; a warning for one that lets
/// nothing through, as its trigger's only event does not match, or as no message of a queue could.
void checkFilters(const Workspace& workspace, std::vector<Error>& errors,
                  std::vector<Error>& warnings);

} // namespace coldframe::session
