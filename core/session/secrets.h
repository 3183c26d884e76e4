#pragma once

#include <string>
#include <vector>

#include "model/workspace.h"

namespace coldframe::session {

/// What the `${env:NAME}` of a function's environment stand for, in secrets.env or in this
/// program's own environment. Reads the file; one that cannot be read holds none.
std::vector<std::string> secretsOf(const Workspace& workspace, const Function& function);

} // namespace coldframe::session
