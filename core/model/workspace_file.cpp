#include "model/workspace_file.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "model/json_reader.h"
#include "model/workspace_limits.h"
#include "model/workspace_parts.h"

namespace coldframe {

namespace {

void checkFormat(JsonReader& in)
{
    const std::optional<JsonValue> format = in.value("format");
    if (!format
        || (format->kind() == JsonValue::Kind::Number && format->number() == kWorkspaceFormat))
        return;
    in.fail(Error::Code::OutOfRange, "format",
            fmt::format("format must be {}, got {}", kWorkspaceFormat, excerpt(*format)),
            fmt::format("this program reads workspace files of format {} only", kWorkspaceFormat));
}

/// The id of a platform file: a word that is a file name, too.
std::string readPlatform(JsonReader& in, std::string fallback)
{
    const std::string id = in.string("platform", fallback, {1, kMaxNameLength});
    const bool good = id.front() != '.' && id.front() != '-'
        && id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
            == std::string::npos;
    if (!good)
        in.fail(Error::Code::Malformed, "platform",
                fmt::format("platform must be the id of a platform, got \"{}\"", id),
                "write \"aws-lambda-x86_64\" or \"aws-lambda-arm64\"");
    return id;
}

Workspace readAll(const JsonText& text, const std::filesystem::path& folder, Errors& errors)
{
    const detail::WorkspaceSource source{text, folder, errors};
    JsonReader in(text, "the workspace", errors);
    Workspace workspace;
    workspace.folder = folder;
    workspace.file = text.fileName();
    workspace.text = text.text();
    in.string("$schema");
    checkFormat(in);
    workspace.name = in.string("name", folder.filename().string(), {1, 128});
    workspace.platform = readPlatform(in, workspace.platform);
    workspace.seed = static_cast<std::uint64_t>(in.integer("seed", kSeed, 1));
    workspace.timeScale = in.number("timeScale", kTimeScale, 1.0);
    workspace.fidelity = in.choice<Fidelity>(
        "fidelity", {{"desk", Fidelity::Desk}, {"platform", Fidelity::Platform}},
        workspace.fidelity);
    workspace.accountConcurrency
        = static_cast<int>(in.integer("accountConcurrency", kConcurrency, 0));
    workspace.functions = detail::readFunctions(in, source);
    workspace.stores = detail::readStores(in, source);
    workspace.triggers = detail::readTriggers(in, source);
    in.rejectOtherKeys();
    return workspace;
}

} // namespace

namespace detail {

void sortByPlace(Errors& errors)
{
    std::ranges::stable_sort(errors, [](const Error& a, const Error& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
}

WorkspaceReading readWorkspace(const JsonText& text, const std::filesystem::path& folder)
{
    WorkspaceReading reading;
    Workspace workspace = readAll(text, folder, reading.errors);
    checkNames(workspace, text, reading.errors);
    checkStoreKinds(workspace, text, reading.errors);
    checkQueues(workspace, text, reading.errors);
    checkStoreVariables(workspace, text, reading.errors);
    checkRoutes(workspace, text, reading.errors);
    if (reading.errors.empty()) {
        checkConcurrency(workspace, text, reading.errors);
        warnOfHandlers(workspace, text, reading.warnings);
        warnOfLoops(workspace, text, reading.errors, reading.warnings);
        warnOfOverlaps(workspace, text, reading.warnings);
        warnOfReplacing(workspace, text, reading.warnings);
        warnOfQueues(workspace, text, reading.warnings);
    }
    sortByPlace(reading.errors);
    sortByPlace(reading.warnings);
    if (reading.errors.empty())
        reading.workspace = std::move(workspace);
    return reading;
}

} // namespace detail

WorkspaceReading readWorkspace(const std::string& text, const std::filesystem::path& folder,
                               const std::string& fileName)
{
    const Result<JsonText> json = parseJson(text, fileName);
    if (!json)
        return {std::nullopt, {json.error()}, {}};
    return detail::readWorkspace(*json, folder);
}

std::filesystem::path fileOf(const Workspace& workspace)
{
    const std::filesystem::path name = std::filesystem::path(workspace.file).filename();
    return workspace.folder / (name.empty() ? std::filesystem::path("coldframe.json") : name);
}

Error errorIn(const Workspace& workspace, const std::string& pointer, Error::Code code,
              std::string message, std::string hint)
{
    const std::string file = workspace.file.empty() ? "coldframe.json" : workspace.file;
    const Result<JsonText> json = parseJson(workspace.text, file);
    if (json)
        return errorAt(*json, pointer, false, code, std::move(message), std::move(hint));
    return {code, std::move(message), std::move(hint), file, pointer, 0, 0};
}

} // namespace coldframe
