#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "exit_code.h"
#include "model/workspace.h"

namespace coldframe::commands {

/// Reads a workspace for a command that is about to run it: says every error and warning on
/// standard error. Fails with BadInput when there is an error.
tl::expected<Workspace, ExitCode> readForRunning(const std::filesystem::path& folderOrFile,
                                                 bool sayWarnings);

/// For a name that is not among `known`: what to say, with the nearest one as advice. `kind` is
/// "function" or "trigger".
Error unknownName(const std::string& kind, const std::string& name,
                  const std::vector<std::string>& known);

} // namespace coldframe::commands
