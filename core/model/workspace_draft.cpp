#include "model/workspace_draft.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/text_file.h"
#include "model/workspace_limits.h"

namespace coldframe {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

/// Letters, digits, _ and - of a text; anything else becomes one -.
std::string asName(const std::string& text)
{
    std::string name;
    for (const char c : text) {
        const bool good = isValidName(std::string(1, c));
        if (good || (!name.empty() && name.back() != '-'))
            name += good ? c : '-';
    }
    while (name.ends_with('-'))
        name.pop_back();
    return name.substr(0, kMaxNameLength - 10); // room for "send-" and a number
}

/// A name says nothing when every project uses it.
bool saysNothing(const std::string& name)
{
    static const std::set<std::string> common{
        ".",      "app",  "bootstrap",       "function",       "handler", "index",
        "lambda", "main", "lambda_function", "lambda_handler", "src"};
    return common.contains(name);
}

std::string moduleOf(const DetectedHandler& found)
{
    return found.handler.substr(0, found.handler.rfind('.'));
}

/// The most telling of: the handler's own name, its folder, its file, the workspace.
std::string nameFor(const DetectedHandler& found, bool aloneInFolder, const std::string& workspace)
{
    const std::string function
        = found.handler.empty() ? "bootstrap" : found.handler.substr(found.handler.rfind('.') + 1);
    const std::string folder = fs::path(found.code).filename().string();
    std::vector<std::string> wishes{function, folder, moduleOf(found), workspace};
    if (aloneInFolder)
        std::swap(wishes[0], wishes[1]);
    for (const std::string& wish : wishes)
        if (const std::string name = asName(wish); !name.empty() && !saysNothing(wish))
            return name;
    return "function";
}

std::vector<std::string> namesFor(const std::string& workspace,
                                  const std::vector<DetectedHandler>& handlers)
{
    std::vector<std::string> names;
    for (const DetectedHandler& found : handlers) {
        const auto sameFolder = std::ranges::count(handlers, found.code, &DetectedHandler::code);
        const std::string wish = nameFor(found, sameFolder == 1, workspace);
        std::string name = wish;
        for (int number = 2; std::ranges::find(names, name) != names.end(); ++number)
            name = fmt::format("{}-{}", wish, number);
        names.push_back(name);
    }
    return names;
}

/// A leading ~ would be taken for a home folder.
std::string codePath(const DetectedHandler& found)
{
    return found.code.starts_with('~') ? "./" + found.code : found.code;
}

Error about(Error::Code code, std::string message, std::string hint, const fs::path& path)
{
    return {code, std::move(message), std::move(hint), path.string(), {}, 0, 0};
}

/// Writes events/sample.json, making its folder. False when there was one already.
Result<bool> writeSample(const fs::path& file)
{
    std::error_code problem;
    if (fs::exists(fs::symlink_status(file, problem)))
        return false;
    fs::create_directory(file.parent_path(), problem);
    if (problem)
        return tl::unexpected(
            about(Error::Code::Io, fmt::format("the folder cannot be made: {}", problem.message()),
                  "check the permissions of the folder above it", file.parent_path()));
    const Result<void> written = writeNewFile(file, sampleEvent());
    if (!written)
        return tl::unexpected(written.error());
    return true;
}

} // namespace

std::string sampleEvent()
{
    return "{\n  \"message\": \"hello from Coldframe\"\n}\n";
}

std::string proposeWorkspace(const std::string& name, const std::vector<DetectedHandler>& handlers)
{
    const std::vector<std::string> names = namesFor(name, handlers);
    Json functions = Json::object(), triggers = Json::object();
    for (std::size_t i = 0; i < handlers.size(); ++i) {
        Json function{{"runtime", nameOf(handlers[i].runtime)},
                      {"code", codePath(handlers[i])}};
        if (!handlers[i].handler.empty())
            function["handler"] = handlers[i].handler;
        function["memoryMb"] = 256;
        function["timeoutMs"] = 3000;
        functions[names[i]] = std::move(function);
        triggers["send-" + names[i]]
            = {{"kind", "manual"}, {"function", names[i]}, {"event", Json::parse(sampleEvent())}};
    }
    const Json workspace{{"format", kWorkspaceFormat},      {"name", name},
                         {"platform", "aws-lambda-x86_64"}, {"functions", std::move(functions)},
                         {"stores", Json::object()},        {"triggers", std::move(triggers)}};
    return workspace.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<NewWorkspace> initWorkspace(const fs::path& folder)
{
    std::error_code problem;
    const fs::path whole = fs::canonical(folder, problem);
    if (problem || !fs::is_directory(whole, problem))
        return tl::unexpected(about(Error::Code::Missing, "there is no such folder",
                                    "name the folder that holds your functions", folder));
    const fs::path file = folder / "coldframe.json";
    if (fs::exists(fs::symlink_status(file, problem)))
        return tl::unexpected(about(Error::Code::Duplicate, "the file is already there",
                                    "remove it first, or edit it by hand", file));
    NewWorkspace made;
    made.handlers = detectHandlers(whole);
    if (made.handlers.empty())
        return tl::unexpected(about(
            Error::Code::Missing, "no handler was found in this folder",
            "a handler is a Python function with the parameters event and context, a function "
            "that a .js or .mjs file exports, or an executable named bootstrap",
            folder));
    std::string name = whole.filename().string();
    if (name.empty() || name.size() > 128)
        name = "workspace";
    made.functions = namesFor(name, made.handlers);

    const fs::path sample = folder / "events" / "sample.json";
    const bool hadEvents = fs::exists(sample.parent_path(), problem);
    const Result<bool> newSample = writeSample(sample);
    if (!newSample)
        return tl::unexpected(newSample.error());
    if (const Result<void> written = writeNewFile(file, proposeWorkspace(name, made.handlers));
        !written) {
        if (*newSample)
            fs::remove(sample, problem);
        if (!hadEvents)
            fs::remove(sample.parent_path(), problem); // only when empty
        return tl::unexpected(written.error());
    }
    made.written.push_back(file);
    if (*newSample)
        made.written.push_back(sample);
    return made;
}

} // namespace coldframe
