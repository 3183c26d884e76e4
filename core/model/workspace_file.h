#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/error.h"
#include "model/workspace.h"

namespace coldframe {

/// A workspace file as read, or everything that is wrong with it.
struct WorkspaceReading {
    std::optional<Workspace> workspace; ///< set when `errors` is empty
    std::vector<Error> errors; ///< all that were found, in file order
    std::vector<Error> warnings; ///< it will run, but probably not as meant
};

/// Reads the text of a `coldframe.json`. `folder` resolves relative paths; nothing on disk is
/// looked at: a missing code folder is found by loadWorkspace().
WorkspaceReading readWorkspace(const std::string& text, const std::filesystem::path& folder,
                               const std::string& fileName = "coldframe.json");

/// Reads `folder/coldframe.json` (or the file itself) and looks at what it names on disk.
WorkspaceReading loadWorkspace(const std::filesystem::path& folderOrFile);

/// As loadWorkspace() would find it if `file` held this text: for an edit before it is written.
WorkspaceReading loadWorkspaceText(std::string text, const std::filesystem::path& file);

/// The file that `workspace` was read from: in its folder, of whatever name.
std::filesystem::path fileOf(const Workspace& workspace);

/// An error about the value at `pointer` of the file that `workspace` was read from, with line and
/// column: for what is found out once the file itself was found to be right.
Error errorIn(const Workspace& workspace, const std::string& pointer, Error::Code code,
              std::string message, std::string hint = {});

} // namespace coldframe
