#pragma once

#include <filesystem>

#include "model/workspace_file.h"

// What a workspace file can get wrong and only the rooms that run it know. Each finding has its
// place in the file, so that `validate`, a start and a reload say the same. Blocks: reads files.
namespace coldframe::session {

struct WorkspaceCheck {
    std::filesystem::path resources; ///< as for findResources()
    /// A variable without a value stops its own function only: false leaves it to the plan, for
    /// whoever calls single functions.
    bool variables = true;
    /// Of an edit, the workspace in force: what has no value there is no mistake of the edit.
    const Workspace* before = nullptr;
};

/// loadWorkspace(), and then: the platform is there, every schedule can be computed, every filter
/// is made of event patterns, every `${env:NAME}` has a value here and now. Warned of are schedules
/// and filters without an effect, and connections that libpq cannot read.
WorkspaceReading readWorkspaceToRun(const std::filesystem::path& folderOrFile,
                                    const WorkspaceCheck& check = {});
/// The same for what `file` would hold after an edit.
WorkspaceReading readTextToRun(std::string text, const std::filesystem::path& file,
                               const WorkspaceCheck& check = {});

} // namespace coldframe::session
