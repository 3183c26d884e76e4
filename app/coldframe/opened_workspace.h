#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "exit_code.h"
#include "model/workspace.h"

namespace coldframe::commands {

/// How much of a workspace a command is about to run.
enum class Extent { All, SingleFunctions };

/// Reads a workspace for a command that is about to run it: says every error on standard error,
/// and of All of it every warning. Fails with BadInput when there is an error; of All of it a
/// variable that is not set is one, while single functions are refused once they are called.
tl::expected<Workspace, ExitCode> readForRunning(const std::filesystem::path& folderOrFile,
                                                 Extent extent);

/// For a name that is not among `known`: what to say, with the nearest one as advice. `kind` is
/// "function" or "trigger".
Error unknownName(const std::string& kind, const std::string& name,
                  const std::vector<std::string>& known);

} // namespace coldframe::commands
