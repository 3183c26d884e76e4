#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "session/workspace_check.h"

namespace coldframe::session {

/// The workspace file of a running workspace, to be changed by a program that is not alone with
/// it: people edit it as well. The session reads what is written by itself. Blocks: reads files.
class WorkspaceEditor {
public:
    /// `inForce` is the workspace that runs; what has no value in it is no mistake of an edit.
    WorkspaceEditor(std::filesystem::path file, std::filesystem::path resources,
                    std::shared_ptr<const Workspace> inForce);

    Result<std::string> text() const;
    /// What the file with this text would be taken for.
    WorkspaceReading check(const std::string& text) const;
    /// Replaces the file, at once and whole, when it still says `before`: else Conflict.
    Result<void> write(const std::string& before, const std::string& after) const;

    const std::filesystem::path& file() const { return m_file; }

private:
    std::filesystem::path m_file, m_resources;
    std::shared_ptr<const Workspace> m_inForce;
};

} // namespace coldframe::session
