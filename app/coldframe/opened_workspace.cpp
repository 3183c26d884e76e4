#include "opened_workspace.h"

#include <fmt/format.h>

#include "console.h"
#include "model/suggestion.h"
#include "session/workspace_check.h"

namespace coldframe::commands {

tl::expected<Workspace, ExitCode> readForRunning(const std::filesystem::path& folderOrFile,
                                                 Extent extent)
{
    WorkspaceReading reading
        = session::readWorkspaceToRun(folderOrFile, {.variables = extent == Extent::All});
    for (const Error& error : reading.errors)
        say(describe(error));
    if (extent == Extent::All)
        for (Error warning : reading.warnings) {
            warning.message = "warning: " + warning.message;
            say(describe(warning));
        }
    if (!reading.workspace)
        return tl::unexpected(ExitCode::BadInput);
    return std::move(*reading.workspace);
}

Error unknownName(const std::string& kind, const std::string& name,
                  const std::vector<std::string>& known)
{
    Error error{.code = Error::Code::Missing,
                .message = fmt::format("there is no {} \"{}\"", kind, name)};
    if (const auto meant = suggestFor(name, known))
        error.hint = fmt::format("did you mean \"{}\"?", *meant);
    else if (known.empty())
        error.hint = fmt::format("this workspace has no {}s", kind);
    else
        error.hint = fmt::format("this workspace has {}", listOfNames(known));
    return error;
}

} // namespace coldframe::commands
