#include "probe_command.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "amount_text.h"
#include "console.h"
#include "event_source.h"
#include "interrupt.h"
#include "model/text_file.h"
#include "model/workspace_file.h"
#include "opened_workspace.h"
#include "output_files.h"
#include "probe_text.h"
#include "session/concurrency_probe.h"
#include "study/probe_scenario.h"

namespace coldframe::commands {

namespace {

constexpr std::uint32_t kMostCallers = 1'000;
constexpr std::size_t kMostLevels = 50;
constexpr std::uint64_t kSeed = 1;

Error badLevels(std::string message)
{
    Error error;
    error.code = Error::Code::Malformed;
    error.message = std::move(message);
    error.hint = "give numbers of callers, such as 1,2,4,8,16";
    return error;
}

double quantile(const std::vector<std::int64_t>& ascending, double q)
{
    const auto at = static_cast<std::size_t>(q * static_cast<double>(ascending.size()));
    return static_cast<double>(ascending[std::min(at, ascending.size() - 1)]) * 1e-9;
}

study::ProbePoint pointOf(const session::ProbeLevel& level)
{
    study::ProbePoint point{.concurrency = level.concurrency,
                            .unmeasured = level.unmeasured,
                            .calls = level.calls,
                            .failed = level.failed,
                            .cold = level.cold,
                            .deskCpuShare = level.deskCpuShare};
    if (level.unmeasured.empty() && !level.response.empty())
        point.measured = {.perS = level.perS,
                          .meanS = level.meanS,
                          .p50S = quantile(level.response, 0.50),
                          .p95S = quantile(level.response, 0.95),
                          .p99S = quantile(level.response, 0.99)};
    return point;
}

void sayLevel(const session::ProbeLevel& level)
{
    if (!level.unmeasured.empty())
        say(fmt::format("{} at once: not measured: {}", level.concurrency, level.unmeasured));
    else
        say(fmt::format("{} at once: {:.4g} answers/s, mean {:.4g} ms{}", level.concurrency,
                        level.perS, level.meanS * 1e3,
                        level.failed > 0 ? fmt::format(", {} failed", countText(level.failed))
                                         : ""));
}

Error failsAlways(const std::string& function, const std::string& how)
{
    Error error;
    error.code = Error::Code::Malformed;
    error.message = fmt::format("function '{}' fails with this event: {}", function, how);
    error.hint = "give an event it succeeds with: --event FILE";
    return error;
}

/// Each level that could be measured before somebody wanted it to end.
tl::expected<std::vector<study::ProbePoint>, Error> measure(session::Session& session,
                                                            const ProbeOptions& options,
                                                            const session::ProbePlan& plan,
                                                            const Interrupt& interrupt)
{
    std::vector<study::ProbePoint> points;
    std::string limit; ///< that refused a lower level refuses the higher ones
    for (const std::uint32_t concurrency : options.levels) {
        if (!limit.empty()) {
            points.push_back({.concurrency = concurrency, .unmeasured = limit});
            continue;
        }
        const auto level = session::measureLevel(session, plan, concurrency, [&] {
            return interrupt.wait(std::chrono::milliseconds(0));
        });
        if (!level)
            return tl::unexpected(level.error());
        if (level->unmeasured.empty() && level->calls == 0) { // given up half-way
            say("coldframe: interrupted; the levels that were finished follow");
            return points;
        }
        if (level->failsAlways && points.empty())
            return tl::unexpected(failsAlways(options.function, level->unmeasured));
        limit = level->unmeasured;
        sayLevel(*level);
        points.push_back(pointOf(*level));
    }
    return points;
}

std::optional<Error> writeScenario(const ProbeOptions& options, const Workspace& workspace,
                                   const study::ProbeReport& report)
{
    if (options.scenario.empty())
        return std::nullopt;
    if (!report.fit)
        return Error{Error::Code::Missing,
                     "no scenario is written, as there is no fit",
                     "probe three levels or more",
                     options.scenario.string(),
                     {}};
    const Function& function = *workspace.findFunction(options.function);
    const std::string text = study::scenarioOf({.name = function.name,
                                                .platform = workspace.platform,
                                                .memoryMb = function.memoryMb,
                                                .timeoutMs = function.timeoutMs},
                                               *report.fit);
    const auto written = replaceFile(options.scenario, text);
    return written ? std::nullopt : std::optional(written.error());
}

} // namespace

Result<std::vector<std::uint32_t>> parseLevels(std::string_view text)
{
    std::vector<std::uint32_t> levels;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (;;) {
        std::uint32_t level = 0;
        const auto [next, problem] = std::from_chars(at, end, level);
        if (problem != std::errc() || level == 0 || level > kMostCallers
            || (next != end && *next != ','))
            return tl::unexpected(badLevels(fmt::format(
                "\"{}\" is no list of whole numbers from 1 to {}", text, countText(kMostCallers))));
        levels.push_back(level);
        if (next == end)
            break;
        at = next + 1;
    }
    std::ranges::sort(levels);
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    if (levels.size() > kMostLevels)
        return tl::unexpected(badLevels(
            fmt::format("{} levels are too many: at most {}", levels.size(), kMostLevels)));
    return levels;
}

ExitCode probe(const ProbeOptions& options)
{
    const auto workspace = readForRunning(options.workspace, Extent::SingleFunctions);
    if (!workspace)
        return workspace.error();
    if (!workspace->findFunction(options.function)) {
        std::vector<std::string> names;
        for (const Function& function : workspace->functions)
            names.push_back(function.name);
        say(unknownName("function", options.function, names));
        return ExitCode::BadInput;
    }
    if (const auto clash
        = clashOf({{"the event", options.event == "-" ? std::string() : options.event},
                   {"the workspace", fileOf(*workspace)}},
                  {{"--csv", options.csv}, {"--scenario", options.scenario}})) {
        say(*clash);
        return ExitCode::BadInput;
    }
    Result<std::string> event = readEvent(options.event);
    if (!event) {
        say(event.error());
        return ExitCode::BadInput;
    }
    const Interrupt interrupt;
    auto session = session::Session::open({.workspace = options.workspace,
                                           .privateState = true,
                                           .fidelity = options.fidelity,
                                           .record = false,
                                           .deskSlots = options.deskSlots,
                                           .reload = false});
    if (!session) {
        say(session.error());
        return exitCodeOf(session.error());
    }
    auto points = measure(
        **session, options,
        {.function = options.function, .event = std::move(*event), .length = options.length},
        interrupt);
    session->reset(); // its processes end before anything is simulated
    if (!points) {
        say(points.error());
        return ExitCode::BadInput;
    }
    if (points->empty())
        return ExitCode::Failed;
    const study::ProbeReport report = study::analyse(
        std::move(*points), kSeed, [&] { return interrupt.wait(std::chrono::milliseconds(0)); });
    const std::string text = options.json ? probeJson(report, options.function)
                                          : '\n' + probeText(report, options.function);
    if (const auto written = writeOut(text); !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    // After the text: what was measured is not lost to a path that cannot be written.
    if (!options.csv.empty())
        if (const auto written = replaceFile(options.csv, study::toCsv(report)); !written) {
            say(written.error());
            return ExitCode::BadInput;
        }
    if (const auto problem = writeScenario(options, *workspace, report)) {
        say(*problem);
        return ExitCode::BadInput;
    }
    return ExitCode::Success;
}

void addProbe(CLI::App& program, std::function<ExitCode()>& chosen)
{
    CLI::App& command = *program.add_subcommand(
        "probe", "Measure a function at rising concurrency and find where more only waits");
    const auto options = std::make_shared<ProbeOptions>();
    command.add_option("WS", options->workspace, "Folder with coldframe.json, or the file itself")
        ->required();
    command.add_option("FUNCTION", options->function, "Name of the function")->required();
    command
        .add_option("-e,--event", options->event,
                    "File with the event, or - for standard input (default: {})")
        ->type_name("FILE");
    command
        .add_option_function<std::string>(
            "--concurrency",
            [options](const std::string& text) {
                auto levels = parseLevels(text);
                if (!levels)
                    throw CLI::ValidationError(describe(levels.error()));
                options->levels = std::move(*levels);
            },
            "Calls at once, level by level (default: 1,2,4,8,16)")
        ->type_name("N,N,…");
    command
        .add_option_function<std::string>(
            "--for",
            [options](const std::string& text) {
                auto length = parseDuration(text);
                if (!length)
                    throw CLI::ValidationError(describe(length.error()));
                options->length = *length;
            },
            "Measure each level for this long, or until each caller has "
            "an answer (default: 3s)")
        ->type_name("TIME");
    command
        .add_option_function<std::string>(
            "--fidelity",
            [options](const std::string& what) {
                options->fidelity = what == "platform" ? Fidelity::Platform : Fidelity::Desk;
            },
            "What an instance gets: all this machine has, or the platform's share of a core")
        ->type_name("desk|platform")
        ->check(CLI::IsMember({"desk", "platform"}));
    command.add_option("--desk-slots", options->deskSlots, "At most this many real processes")
        ->type_name("N")
        ->check(CLI::Range(1, 100'000));
    command.add_option("--csv", options->csv, "Also write the levels as a table")
        ->type_name("FILE");
    command
        .add_option("--scenario", options->scenario,
                    "Also write a scenario of the function as it was fitted, to simulate")
        ->type_name("FILE");
    command.add_flag("--json", options->json, "Write one line of JSON instead of text");
    command.footer("Callers wait for an answer and call again at once. Levels that this machine or "
                   "the platform's limits do not allow are modelled. Exit codes: 0 success, 1 "
                   "nothing was measured, 2 bad usage or input, 3 Coldframe itself failed.");
    command.callback([options, &chosen] { chosen = [options] { return probe(*options); }; });
}

} // namespace coldframe::commands
