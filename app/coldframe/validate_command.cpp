#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "console.h"
#include "session/test_list.h"
#include "session/workspace_check.h"

namespace coldframe::commands {

namespace {

using Json = nlohmann::ordered_json;

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

std::string plural(std::size_t count, const char* what)
{
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

} // namespace

ExitCode validate(const ValidateOptions& options)
{
    WorkspaceReading reading = session::readWorkspaceToRun(options.workspace);
    if (reading.workspace)
        for (session::TestCase& test : session::findTests(*reading.workspace, options.workspace))
            std::ranges::move(test.errors, std::back_inserter(reading.errors));
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
