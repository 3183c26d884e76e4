#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/error.h"
#include "model/workspace.h"

namespace coldframe::live {

/// How a function's runtime is started, settled once when the workspace is opened.
struct RuntimeLaunch {
    std::vector<std::string> argv;
    std::string interpreter; ///< the program that runs the code, for messages; may be empty
    std::string version; ///< "3.11", "20"; empty when unknown
};

/// Finds the interpreter: the function's own `interpreter`, else `.venv` in the code folder or in
/// the workspace (python), else `python3` or `node` in `path`. A version manager's shim is asked
/// once which program it stands for, so that no call pays for its shell.
///
/// @param runtimeFolder  where the shipped runtime clients lie ("python/coldframe_runtime.py")
/// Errors: Missing, with what was looked for and how to get it.
Result<RuntimeLaunch> runtimeLaunch(const Workspace& workspace, const Function& function,
                                    const std::filesystem::path& runtimeFolder,
                                    const std::string& path);

} // namespace coldframe::live
