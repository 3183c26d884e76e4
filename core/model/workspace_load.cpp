#include "model/text_file.h"
#include "model/workspace_file.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe {

namespace {

namespace fs = std::filesystem;

WorkspaceReading failed(Error error)
{
    return {std::nullopt, {std::move(error)}, {}};
}

Error notThere(const fs::path& asGiven, const fs::path& file, bool isFolder)
{
    if (!isFolder && file.filename() != "coldframe.json" && !asGiven.has_extension())
        return {Error::Code::Missing,
                "there is no such folder",
                "name a folder that holds a coldframe.json",
                asGiven.string(),
                {},
                0,
                0};
    return {Error::Code::Missing,
            "the file is not there",
            "`coldframe init` makes one from the handlers it finds",
            file.string(),
            {},
            0,
            0};
}

} // namespace

WorkspaceReading loadWorkspace(const fs::path& folderOrFile)
{
    std::error_code problem;
    const bool isFolder = fs::is_directory(folderOrFile, problem);
    const fs::path file = isFolder ? folderOrFile / "coldframe.json" : folderOrFile;
    Result<std::string> content = readTextFile(file, kMaxWorkspaceBytes);
    if (!content) {
        Error error = std::move(content).error();
        if (error.code == Error::Code::Missing)
            error = notThere(folderOrFile, file, isFolder);
        else if (error.code == Error::Code::LimitReached)
            error.hint = "a workspace file is small; is this the right file?";
        return failed(std::move(error));
    }
    return loadWorkspaceText(std::move(*content), file);
}

WorkspaceReading loadWorkspaceText(std::string content, const fs::path& file)
{
    std::error_code problem;
    const Result<JsonText> text = parseJson(std::move(content), file.string());
    if (!text)
        return failed(text.error());
    const fs::path whole = fs::absolute(file, problem).lexically_normal();
    if (problem)
        return failed({Error::Code::Io,
                       "the current folder is gone",
                       "change into another",
                       file.string(),
                       {},
                       0,
                       0});
    WorkspaceReading reading = detail::readWorkspace(*text, whole.parent_path());
    if (reading.workspace) {
        detail::checkOnDisk(*reading.workspace, *text, reading);
        detail::sortByPlace(reading.errors);
        detail::sortByPlace(reading.warnings);
    }
    if (!reading.errors.empty())
        reading.workspace.reset();
    return reading;
}

} // namespace coldframe
