#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "amount_text.h"
#include "commands.h"
#include "console.h"
#include "model/resources.h"
#include "model/text_file.h"
#include "session/test_list.h"
#include "session/workspace_check.h"
#include "study/scenario_file.h"

namespace coldframe::commands {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kMaxScenarioBytes = 256 << 20;

Json findings(const std::vector<Error>& errors)
{
    Json list = Json::array();
    for (const Error& error : errors)
        list.push_back({{"file", error.file},
                        {"line", error.line},
                        {"column", error.column},
                        {"pointer", error.pointer},
                        {"message", error.message},
                        {"hint", error.hint}});
    return list;
}

std::string asJson(const WorkspaceReading& reading)
{
    const Json document{{"valid", reading.errors.empty()},
                        {"errors", findings(reading.errors)},
                        {"warnings", findings(reading.warnings)}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string asLines(const WorkspaceReading& reading)
{
    std::string text = describe(reading.errors);
    for (Error warning : reading.warnings) {
        warning.message = "warning: " + warning.message;
        text += describe(warning) + '\n';
    }
    return text;
}

/// A scenario is told from a workspace by the one key that each scenario has and no workspace.
bool isScenario(const std::filesystem::path& file)
{
    const auto text = readTextFile(file, kMaxScenarioBytes);
    const auto json = text ? parseJson(*text, file.string()) : tl::unexpected(text.error());
    return json && json->root().isObject() && json->root().find("durationS").has_value();
}

WorkspaceReading readScenario(const std::filesystem::path& path)
{
    WorkspaceReading reading;
    const auto resources = findResources({});
    const auto file = resources ? study::ScenarioFile::open(path, *resources)
                                : tl::unexpected(resources.error());
    if (!file) {
        reading.errors.push_back(file.error());
        return reading;
    }
    if (auto prepared = file->prepare({}); !prepared)
        reading.errors = std::move(prepared.error());
    return reading;
}

WorkspaceReading read(const std::filesystem::path& path)
{
    if (isScenario(path))
        return readScenario(path);
    WorkspaceReading reading = session::readWorkspaceToRun(path);
    if (reading.workspace)
        for (session::TestCase& test : session::findTests(*reading.workspace, path))
            std::ranges::move(test.errors, std::back_inserter(reading.errors));
    return reading;
}

} // namespace

ExitCode validate(const ValidateOptions& options)
{
    const WorkspaceReading reading = read(options.workspace);
    if (auto written = writeOut(options.json ? asJson(reading) : asLines(reading)); !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    if (!options.json)
        say(fmt::format("{}, {}", plural(reading.errors.size(), "error"),
                        plural(reading.warnings.size(), "warning")));
    return reading.errors.empty() ? ExitCode::Success : ExitCode::BadInput;
}

} // namespace coldframe::commands
