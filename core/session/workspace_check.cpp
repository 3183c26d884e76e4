#include "session/workspace_check.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "engine/live_rules.h"
#include "engine/platform_file.h"
#include "model/environment.h"
#include "model/json_text.h"
#include "model/suggestion.h"
#include "postgres/connection.h"
#include "session/filter_check.h"
#include "session/resources.h"
#include "session/schedule_preview.h"
#include "session/schedule_reading.h"
#include "session/variable_source.h"
#include "sources/schedule.h"

namespace coldframe::session {

namespace fs = std::filesystem;

namespace {

/// Why no workspace can run on the platform of this file. One that cannot be read says so when it
/// is needed.
std::optional<Error> whyNotLive(const fs::path& file)
{
    const auto text = readText(file);
    const auto platform = text ? engine::readPlatform(*text, file.string())
                               : Result<engine::Platform>(tl::unexpected(text.error()));
    return platform ? engine::onlySimulated(*platform) : std::nullopt;
}

void checkPlatform(const Workspace& workspace, const fs::path& resources,
                   std::vector<Error>& errors)
{
    std::error_code ignored;
    const fs::path file = platformFile(resources, workspace.platform);
    if (fs::exists(file, ignored)) {
        if (const auto problem = whyNotLive(file))
            errors.push_back(
                errorIn(workspace, "/platform", problem->code, problem->message, problem->hint));
        return;
    }
    std::vector<std::string> known = platformIds(resources);
    std::erase_if(known, [&](const std::string& id) {
        return whyNotLive(platformFile(resources, id)).has_value();
    });
    const auto meant = suggestFor(workspace.platform, known);
    errors.push_back(errorIn(workspace, "/platform", Error::Code::Missing,
                             fmt::format("there is no platform \"{}\"", workspace.platform),
                             meant ? fmt::format("did you mean \"{}\"?", *meant)
                                   : fmt::format("choose one of {}", fmt::join(known, ", "))));
}

void checkSchedule(const Workspace& workspace, const Trigger& trigger, std::vector<Error>& errors)
{
    const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind);
    if (!schedule)
        return;
    const std::string pointer = childPointer("/triggers", trigger.name);
    const auto add = [&](const Error& error) {
        errors.push_back(
            errorIn(workspace, pointer + error.pointer, error.code, error.message, error.hint));
    };
    const auto read = readSchedule(*schedule);
    if (!read)
        add(read.error());
    if (read || read.error().pointer == "/timezone")
        return;
    ScheduleTrigger rest = *schedule; // the zone is looked at even if what comes first is wrong
    rest.expression = "rate(1 day)";
    rest.startsAt = rest.endsAt = {};
    if (const auto zone = readSchedule(rest); !zone)
        add(zone.error());
}

std::string whySilent(const Trigger& trigger, const ScheduleTrigger& schedule)
{
    const auto read = readSchedule(schedule);
    if (!read || !read->isOnce())
        return fmt::format("the schedule of {} never fires: no time to come matches it",
                           trigger.name);
    if (read->next(TimePoint::min()))
        return fmt::format("the schedule of {} never fires: {} is past", trigger.name,
                           schedule.expression);
    return fmt::format("the schedule of {} never fires: there is no such time in {}, where the "
                       "clock goes forward over it",
                       trigger.name, schedule.timezone);
}

/// `cron(0 2 31 2 ? *)` is well formed and waits for ever; so does a year that is over.
void warnOfSilence(const Workspace& workspace, const Trigger& trigger, std::vector<Error>& warnings)
{
    const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind);
    if (!schedule)
        return;
    const TimePoint now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const auto preview = previewSchedule(*schedule, trigger.name, workspace.seed, now, 1);
    if (preview && preview->next.empty())
        warnings.push_back(
            errorIn(workspace, childPointer("/triggers", trigger.name) + "/expression",
                    Error::Code::OutOfRange, whySilent(trigger, *schedule),
                    schedule->expression.starts_with("at(")
                        ? "write a time to come; one that passed while nothing ran fires late with "
                          "\"onMissed\": \"fire-once\""
                        : "change its day, month or year, or endsAt"));
}

std::vector<Error> variableProblems(const Workspace& workspace, const VariableSource& variables)
{
    std::vector<Error> problems;
    for (const Function& function : workspace.functions)
        if (!function.removed)
            std::ranges::move(environmentProblems(workspace, function, variables),
                              std::back_inserter(problems));
    for (const Store& store : workspace.stores)
        if (const auto* server = std::get_if<PostgresStore>(&store.kind))
            if (const auto whole = expandReferences(server->connection, variables); !whole)
                problems.push_back(
                    errorIn(workspace, childPointer("/stores", store.name) + "/connection",
                            Error::Code::Missing,
                            fmt::format("the store \"{}\" needs the variable {}, which is not set",
                                        store.name, whole.error()),
                            fmt::format("export {0} before starting Coldframe, or write {0}=… into "
                                        "secrets.env beside coldframe.json",
                                        whole.error())));
    return problems;
}

void checkVariables(const Workspace& workspace, const Workspace* before, std::vector<Error>& errors)
{
    const auto variables = readVariables(workspace.folder);
    if (!variables) {
        errors.push_back(variables.error());
        return;
    }
    std::set<std::string> known; // by pointer
    if (before)
        for (const Error& problem : variableProblems(*before, *variables))
            known.insert(problem.pointer);
    for (Error& problem : variableProblems(workspace, *variables))
        if (!known.contains(problem.pointer))
            errors.push_back(std::move(problem));
}

/// libpq's own words, as no server is asked. Where variables are filled in they could quote a
/// secret: then they are of the text with something harmless in its place, or not told at all.
Error connectionProblem(const std::string& connection)
{
    const auto anything = [](const std::string&) { return std::optional<std::string>("x"); };
    const auto harmless = expandReferences(connection, anything);
    const auto problem = harmless && !connection.starts_with("${env:")
        ? postgres::checkConnectionText(*harmless)
        : Result<void>();
    if (!problem)
        return problem.error();
    return {.code = Error::Code::Malformed,
            .message = "the connection cannot be read once its variables are filled in",
            .hint = "write password='${env:NAME}' for a value with spaces; in a URI, spaces and "
                    "signs such as @ and / are written %20, %40 and %2F"};
}

/// A variable that is not set is told elsewhere.
void warnOfConnections(const Workspace& workspace, std::vector<Error>& warnings)
{
    const auto variables = readVariables(workspace.folder);
    for (const Store& store : workspace.stores) {
        const auto* server = std::get_if<PostgresStore>(&store.kind);
        if (!server || !variables)
            continue;
        const auto whole = expandReferences(server->connection, *variables);
        if (!whole || postgres::checkConnectionText(*whole))
            continue;
        const Error problem = connectionProblem(server->connection);
        warnings.push_back(errorIn(workspace, childPointer("/stores", store.name) + "/connection",
                                   problem.code, problem.message, problem.hint));
    }
}

WorkspaceReading checked(WorkspaceReading reading, const WorkspaceCheck& check)
{
    if (!reading.workspace)
        return reading;
    std::vector<Error> errors;
    if (const auto resources = findResources(check.resources))
        checkPlatform(*reading.workspace, *resources, errors);
    else
        errors.push_back(resources.error());
    for (const Trigger& trigger : reading.workspace->triggers) {
        checkSchedule(*reading.workspace, trigger, errors);
        warnOfSilence(*reading.workspace, trigger, reading.warnings);
    }
    checkFilters(*reading.workspace, errors, reading.warnings);
    warnOfConnections(*reading.workspace, reading.warnings);
    if (check.variables)
        checkVariables(*reading.workspace, check.before, errors);
    for (std::vector<Error>* found : {&errors, &reading.warnings})
        std::ranges::stable_sort(*found, [](const Error& a, const Error& b) { // file order, as ever
            return std::tie(a.line, a.column) < std::tie(b.line, b.column);
        });
    if (!errors.empty())
        reading.workspace.reset();
    reading.errors = std::move(errors);
    return reading;
}

} // namespace

WorkspaceReading readWorkspaceToRun(const fs::path& folderOrFile, const WorkspaceCheck& check)
{
    return checked(loadWorkspace(folderOrFile), check);
}

WorkspaceReading readTextToRun(std::string text, const fs::path& file, const WorkspaceCheck& check)
{
    return checked(loadWorkspaceText(std::move(text), file), check);
}

} // namespace coldframe::session
