#include "session/workspace_editor.h"

#include "model/text_file.h"
#include "model/workspace_limits.h"

namespace coldframe::session {

WorkspaceEditor::WorkspaceEditor(std::filesystem::path file, std::filesystem::path resources,
                                 std::shared_ptr<const Workspace> inForce)
    : m_file(std::move(file)), m_resources(std::move(resources)), m_inForce(std::move(inForce))
{ }

Result<std::string> WorkspaceEditor::text() const
{
    return readTextFile(m_file, kMaxWorkspaceBytes);
}

WorkspaceReading WorkspaceEditor::check(const std::string& text) const
{
    return readTextToRun(text, m_file, {.resources = m_resources, .before = m_inForce.get()});
}

Result<void> WorkspaceEditor::write(const std::string& before, const std::string& after) const
{
    const Result<std::string> now = text();
    if (!now)
        return tl::unexpected(now.error());
    if (*now != before)
        return tl::unexpected(Error{Error::Code::Conflict,
                                    "the file was changed meanwhile by another program",
                                    "look at it first, then make the change again",
                                    m_file.string(),
                                    {},
                                    0,
                                    0});
    return replaceFile(m_file, after);
}

} // namespace coldframe::session
