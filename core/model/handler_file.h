#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "model/workspace.h"

namespace coldframe {

/// The files that may hold the module of a handler, in the order the runtimes look for them.
/// Of Python and Node functions.
std::vector<std::filesystem::path> handlerFiles(const Function& function);

/// The file to open for editing this function: its handler's, its `bootstrap`, or the first word
/// of its command that is a file in its code folder. Looks at the disk.
std::optional<std::filesystem::path> sourceFile(const Function& function);

} // namespace coldframe
