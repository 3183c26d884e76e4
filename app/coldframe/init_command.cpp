#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "console.h"
#include "model/workspace_draft.h"

namespace coldframe::commands {

namespace {

std::string asJson(const NewWorkspace& made)
{
    nlohmann::ordered_json document{{"functions", nlohmann::json::array()},
                                    {"written", nlohmann::json::array()}};
    for (std::size_t i = 0; i < made.functions.size(); ++i)
        document["functions"].push_back({{"name", made.functions[i]},
                                         {"runtime", nameOf(made.handlers[i].runtime)},
                                         {"code", made.handlers[i].code},
                                         {"handler", made.handlers[i].handler}});
    for (const auto& file : made.written)
        document["written"].push_back(file.string());
    return document.dump() + '\n';
}

std::string asLines(const NewWorkspace& made, const std::filesystem::path& folder)
{
    std::string text;
    for (std::size_t i = 0; i < made.functions.size(); ++i) {
        const DetectedHandler& found = made.handlers[i];
        text += fmt::format("function {}: {} {} in {}\n", made.functions[i], nameOf(found.runtime),
                            found.handler.empty() ? "bootstrap" : found.handler, found.code);
    }
    for (const auto& file : made.written)
        text += fmt::format("wrote {}\n", file.string());
    if (!made.functions.empty())
        text += fmt::format("next: coldframe invoke {} {} --event {}\n", folder.string(),
                            made.functions.front(), (folder / "events/sample.json").string());
    return text;
}

} // namespace

ExitCode init(const InitOptions& options)
{
    const auto made = initWorkspace(options.folder);
    if (!made) {
        say(made.error());
        return exitCodeOf(made.error());
    }
    if (auto written = writeOut(options.json ? asJson(*made) : asLines(*made, options.folder));
        !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    return ExitCode::Success;
}

} // namespace coldframe::commands
