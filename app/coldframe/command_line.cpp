#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "amount_text.h"
#include "commands.h"
#include "console.h"
#include "cost_command.h"
#include "model/suggestion.h"
#include "probe_command.h"
#include "replay_command.h"
#include "simulate_command.h"
#include "simulate_keep_alive.h"
#include "simulate_trace.h"

namespace coldframe::commands {

namespace {

/// Turns our own parsers' errors into the library's, which name the option.
template <typename Read> auto read(const Read& parse, const std::string& text)
{
    auto value = parse(text);
    if (!value)
        throw CLI::ValidationError(describe(value.error()));
    return *value;
}

/// The library's own check words its limits as doubles and says nothing of a port too high.
CLI::Validator wholeNumber(std::uint64_t least, std::uint64_t most)
{
    return {[least, most](const std::string& text) {
                std::uint64_t number = 0;
                const char* end = text.data() + text.size();
                const auto [at, problem] = std::from_chars(text.data(), end, number);
                if (problem == std::errc() && at == end && number >= least && number <= most)
                    return std::string();
                return fmt::format("\"{}\" is no whole number from {} to {}", text, least, most);
            },
            ""};
}
constexpr std::uint64_t kHighestPort = 65'535;

void addWorkspace(CLI::App& command, std::filesystem::path& workspace)
{
    command.add_option("WS", workspace, "Folder with coldframe.json, or the file itself")
        ->required();
}

void addJson(CLI::App& command, bool& json)
{
    command.add_flag("--json", json, "Write one line of JSON instead of text");
}

void addInvoke(CLI::App& command, InvokeOptions& options)
{
    addWorkspace(command, options.workspace);
    command.add_option("FUNCTION", options.function, "Name of the function")->required();
    command
        .add_option("-e,--event", options.event,
                    "File with the event, or - for standard input (default: {})")
        ->type_name("FILE");
    command.add_flag("-q,--quiet", options.quiet, "No logs on standard error");
    command.add_flag("--debug", options.debug,
                     "Hold the event before the handler until a debugger is attached");
    addJson(command, options.json);
}

void addRunLimits(CLI::App& command, RunLimits& limits)
{
    command
        .add_option_function<std::int64_t>(
            "--max-errors",
            [&limits](const std::int64_t& count) {
                limits.maxErrors = static_cast<std::uint64_t>(count);
            },
            "Exit code 1 when more invocations than this fail for good")
        ->type_name("N")
        ->check(wholeNumber(0, 1'000'000'000'000));
    command
        .add_option_function<std::string>(
            "--max-cost",
            [&limits](const std::string& text) { limits.maxCost = read(parseUsd, text); },
            "Exit code 1 when the estimated bill exceeds this")
        ->type_name("USD");
}

void addRun(CLI::App& command, RunOptions& options)
{
    addWorkspace(command, options.workspace);
    auto* length = command
                       .add_option_function<std::string>(
                           "--for",
                           [&options](const std::string& text) {
                               options.length = read(parseDuration, text);
                           },
                           "Stop after this long: 500ms, 30s, 5m, 1h (default: Ctrl+C)")
                       ->type_name("TIME");
    command.add_flag("--until-idle", options.untilIdle, "Stop when nothing is left to do")
        ->excludes(length);
    auto* skipping = command.add_flag(
        "--skip-idle", options.skipIdle,
        "Jump over the time in which nothing is executing: with --for 24h a day of "
        "schedules and retries takes as long as its handlers; with --until-idle, "
        "retries are not waited for. Not with triggers and callers from outside");
    command
        .add_option_function<std::string>(
            "--from", [&options](const std::string& text) { options.from = read(parseTime, text); },
            "Begin at this time, in UTC: 2026-03-29 or 2026-03-29T01:30:00Z (default: now)")
        ->type_name("TIME")
        ->needs(skipping);
    command
        .add_option_function<std::uint16_t>(
            "--serve", [&options](const std::uint16_t& port) { options.servePort = port; },
            "Answer the Invoke API on this loopback port; 0 takes a free one and prints it")
        ->type_name("PORT")
        ->check(wholeNumber(0, kHighestPort));
    command
        .add_option_function<std::uint16_t>(
            "--serve-s3", [&options](const std::uint16_t& port) { options.s3Port = port; },
            "Let the stores answer as S3 buckets on this loopback port; 0 prints the one taken")
        ->type_name("PORT")
        ->check(wholeNumber(0, kHighestPort));
    command
        .add_option_function<std::uint16_t>(
            "--serve-sqs", [&options](const std::uint16_t& port) { options.sqsPort = port; },
            "Let the queues answer as Amazon SQS on this loopback port; 0 prints the one taken")
        ->type_name("PORT")
        ->check(wholeNumber(0, kHighestPort));
    command
        .add_option("--backfill", options.backfill,
                    "Process the files that already lie in this trigger's folder")
        ->type_name("TRIGGER")
        ->allow_extra_args(false);
    addRunLimits(command, options.limits);
    command
        .add_option_function<std::string>(
            "--fidelity",
            [&options](const std::string& what) {
                options.fidelity = what == "platform" ? Fidelity::Platform : Fidelity::Desk;
            },
            "What a function gets: all this machine has, or the platform's share of a core and its "
            "time to make a sandbox (default: as the workspace says)")
        ->type_name("desk|platform")
        ->check(CLI::IsMember({"desk", "platform"}));
    command.add_option("--desk-slots", options.deskSlots, "At most this many real processes")
        ->type_name("N")
        ->check(wholeNumber(1, 100'000));
    command
        .add_option_function<std::string>(
            "--durability",
            [&options](const std::string& what) { options.powerDurability = what == "power"; },
            "What events and results survive: a killed process, or loss of power (slower)")
        ->type_name("process|power")
        ->check(CLI::IsMember({"process", "power"}));
    command.add_flag("!--no-record", options.record, "Keep no recording");
    command.add_option("--state", options.state, "Folder for journal and recordings")
        ->type_name("DIR");
    addJson(command, options.json);
}

void addTest(CLI::App& command, TestOptions& options)
{
    addWorkspace(command, options.workspace);
    command.add_option("TEST", options.filters,
                       "Only the test events of these names; * and ? stand for any characters");
    command.add_option("--junit", options.junit, "Also write the results as JUnit XML")
        ->type_name("FILE");
    command.add_flag("--write-missing", options.writeMissing,
                     "Also run events without an expectation and write one of what happens");
    addJson(command, options.json);
    command.footer("A test is events/NAME.json with events/NAME.expect.json beside it. It runs "
                   "cold, in private copies of the stores. Exit codes: 0 all passed, 1 a test "
                   "failed or did not run, 2 a file is wrong or nothing is expected, 3 Coldframe "
                   "itself failed.");
}

void addCapture(CLI::App& app, std::function<ExitCode()>& chosen, CaptureOptions& options)
{
    CLI::App& capturing = *app.add_subcommand(
        "capture", "Show, install or remove what captures the changes of tables");
    addWorkspace(capturing, options.workspace);
    capturing.add_option("TRIGGER", options.trigger,
                         "A trigger of the kind \"changes\" (default: all)");
    auto* install = capturing.add_flag_callback(
        "--install", [&] { options.what = CaptureOptions::What::Install; },
        "Install or repair it in the database, after a question");
    capturing
        .add_flag_callback(
            "--remove", [&] { options.what = CaptureOptions::What::Remove; },
            "Remove it from the database, with the changes nobody has read, after a question")
        ->excludes(install);
    capturing.add_flag("-y,--yes", options.yes,
                       "Agree to the SQL, which is shown, without being asked");
    capturing
        .add_option("--state", options.state,
                    "For the runs with this state folder: each has captures of its own")
        ->type_name("DIR");
    addJson(capturing, options.json);
    capturing.footer("Without --install and --remove nothing is changed: the state and the SQL are "
                     "shown. Exit codes: 0 success, 1 it was not agreed to, 2 a name, a table or "
                     "its database is wrong, 3 Coldframe itself failed.");
    capturing.callback([&] { chosen = [&] { return capture(options); }; });
}

void addMatch(CLI::App& app, std::function<ExitCode()>& chosen, MatchOptions& options)
{
    CLI::App& matching
        = *app.add_subcommand("match", "Say whether an event matches an event pattern, or why not");
    matching
        .add_option("PATTERN", options.pattern,
                    "File with a pattern or a list of them, as a trigger's filter has it; - for "
                    "standard input")
        ->required();
    matching.add_option("EVENT", options.event, "File with the event, or - for standard input")
        ->required();
    addJson(matching, options.json);
    matching.footer("Exit codes: 0 it matches, 1 it does not, 2 the pattern or the event is wrong, "
                    "3 Coldframe itself failed.");
    matching.callback([&] { chosen = [&] { return match(options); }; });
}

void checkEither(const SimulateOptions& scenario, const SimulateTraceOptions& trace)
{
    if (!trace.chosen() && scenario.scenario.empty())
        throw CLI::ValidationError("simulate", "needs a scenario file, --trace or --synthetic-day");
    if (!trace.chosen() && trace.anyOption())
        throw CLI::ValidationError("simulate",
                                   "--arrivals, --service, --seed, --day and --per-function "
                                   "are for traces; a scenario says these itself, and --set "
                                   "seed=N sets its seed");
    if (!trace.keepAliveCurve.empty() && (!scenario.sweeps.empty() || !scenario.seriesCsv.empty()))
        throw CLI::ValidationError("simulate",
                                   "--keep-alive-curve takes the place of --sweep and "
                                   "has no --series-csv");
    if (trace.chosen() && (!scenario.sweeps.empty() || !scenario.seriesCsv.empty()))
        throw CLI::ValidationError("simulate", "--sweep and --series-csv need a scenario file");
}

/// The options that a scenario and a trace share are read once.
ExitCode simulateEither(const SimulateOptions& scenario, SimulateTraceOptions& trace)
{
    if (!trace.chosen())
        return trace.keepAliveCurve.empty() ? simulate(scenario)
                                            : simulateKeepAlive(scenario, trace.keepAliveCurve);
    trace.path = scenario.scenario;
    trace.settings = scenario.settings;
    trace.csv = scenario.csv;
    trace.threads = scenario.threads;
    trace.json = scenario.json;
    return simulateTrace(trace);
}

/// The library only says that a command is missing when the one that was given is unknown.
std::optional<Error> unknownCommand(const CLI::App& app, const std::string& first)
{
    if (first.empty() || first.starts_with('-'))
        return std::nullopt;
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    if (std::ranges::find(names, first) != names.end())
        return std::nullopt;
    const auto meant = suggestFor(first, names);
    return Error{.code = Error::Code::Missing,
                 .message = "there is no command \"" + first + '"',
                 .hint
                 = meant ? "did you mean \"" + *meant + "\"?" : "there are " + listOfNames(names)};
}

/// The library's exit codes become ours; help and version go to standard output.
ExitCode said(const CLI::App& app, const CLI::ParseError& problem, const std::string& first)
{
    if (const auto unknown = unknownCommand(app, first)) {
        say(*unknown);
        return ExitCode::BadInput;
    }
    std::ostringstream out, error;
    const int code = app.exit(problem, out, error);
    (void)writeOut(out.str());
    sayRaw(error.str());
    return code == 0 ? ExitCode::Success : ExitCode::BadInput;
}

} // namespace

ExitCode execute(int argc, char** argv)
{
    CLI::App app("Runs serverless functions on a simulated scaling pool, on this machine.",
                 "coldframe");
    app.require_subcommand(1);
    app.set_version_flag("--version", "coldframe " COLDFRAME_VERSION);
    app.footer("Exit codes: 0 success, 1 the function or an expectation failed, 2 bad usage or "
               "input, 3 Coldframe itself failed.");

    ValidateOptions toValidate;
    InvokeOptions toInvoke;
    RunOptions toRun;
    TestOptions toTest;
    InitOptions toInit;
    MatchOptions toMatch;
    CaptureOptions toCapture;
    bool versionAsJson = false;
    std::function<ExitCode()> chosen;

    CLI::App& validating = *app.add_subcommand("validate", "Check a workspace or a scenario");
    addWorkspace(validating, toValidate.workspace);
    addJson(validating, toValidate.json);
    validating.callback([&] { chosen = [&] { return validate(toValidate); }; });

    CLI::App& invoking = *app.add_subcommand("invoke", "Run one function once, on one event");
    addInvoke(invoking, toInvoke);
    invoking.callback([&] { chosen = [&] { return invoke(toInvoke); }; });

    CLI::App& running = *app.add_subcommand("run", "Start the triggers and serve events");
    addRun(running, toRun);
    running.callback([&] { chosen = [&] { return run(toRun); }; });

    CLI::App& testing = *app.add_subcommand("test", "Run the test events that have an expectation");
    addTest(testing, toTest);
    testing.callback([&] { chosen = [&] { return test(toTest); }; });

    SimulateOptions toSimulate;
    SimulateTraceOptions toReplay;
    CLI::App& simulating = *app.add_subcommand(
        "simulate", "Simulate a scenario, or replay a trace, in virtual time");
    addSimulate(simulating, toSimulate);
    addSimulateTrace(simulating, toReplay);
    simulating.callback([&] {
        checkEither(toSimulate, toReplay);
        chosen = [&] { return simulateEither(toSimulate, toReplay); };
    });

    addProbe(app, chosen);
    addReplay(app, chosen);

    addCost(app, chosen);
    addMatch(app, chosen, toMatch);
    addCapture(app, chosen, toCapture);

    CLI::App& starting
        = *app.add_subcommand("init", "Make a workspace of the handlers in a folder");
    starting.add_option("DIR", toInit.folder, "Folder with code")->required();
    addJson(starting, toInit.json);
    starting.callback([&] { chosen = [&] { return init(toInit); }; });

    CLI::App& telling = *app.add_subcommand("version", "Print the version");
    addJson(telling, versionAsJson);
    telling.callback([&] { chosen = [&] { return version(versionAsJson); }; });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return said(app, problem, argc > 1 ? argv[1] : "");
    }
    return chosen();
}

} // namespace coldframe::commands
