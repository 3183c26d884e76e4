#include "simulate_command.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "amount_text.h"
#include "console.h"
#include "interrupt.h"
#include "model/text_file.h"
#include "output_files.h"
#include "session/resources.h"
#include "simulate_text.h"
#include "study/result_text.h"
#include "study/simulation.h"

namespace coldframe::commands {

namespace {

using namespace std::chrono_literals;
using study::SimulationResult;

ExitCode refuse(const std::vector<Error>& errors)
{
    for (const Error& error : errors)
        say(error);
    return exitCodeOf(errors.front());
}

/// A file that the user named is the user's to mend, whatever the system says of it.
ExitCode refuseInput(const Error& error)
{
    say(error);
    return ExitCode::BadInput;
}

std::string sizeText(double bytes)
{
    return bytes < 1e9 ? fmt::format("{:.0f} MB", bytes * 1e-6)
                       : fmt::format("{:.1f} GB", bytes * 1e-9);
}

tl::expected<study::SimulationOptions, std::vector<Error>> read(const SimulateOptions& options)
{
    study::SimulationOptions read;
    std::vector<Error> errors;
    for (const std::string& text : options.settings) {
        auto setting = study::parseSetting(text);
        if (setting)
            read.settings.push_back(std::move(*setting));
        else
            errors.push_back(setting.error());
    }
    for (const std::string& text : options.sweeps) {
        auto sweep = study::parseSweep(text);
        if (sweep)
            read.sweeps.push_back(std::move(*sweep));
        else
            errors.push_back(sweep.error());
    }
    std::vector<std::string> paths;
    for (const auto& each : read.settings)
        paths.push_back(each.path);
    for (const auto& each : read.sweeps)
        paths.push_back(each.path);
    std::ranges::sort(paths);
    if (const auto twice = std::ranges::adjacent_find(paths); twice != paths.end())
        errors.push_back({Error::Code::Duplicate,
                          fmt::format("{} is set twice", *twice),
                          "leave one of them away",
                          {},
                          {}});
    read.threads = options.threads;
    if (!errors.empty())
        return tl::unexpected(std::move(errors));
    return read;
}

/// What would end badly is said before it begins.
std::vector<Error> problemsOf(const study::Plan& plan, const SimulateOptions& options)
{
    if (plan.points > study::kMostPoints && !options.yes)
        return {{Error::Code::LimitReached,
                 fmt::format("the sweeps have {} points", countText(plan.points)),
                 "sweep over fewer values, or confirm with --yes",
                 {},
                 {}}};
    const auto memory = study::availableMemory();
    if (memory && plan.bytes > *memory * 0.9)
        return {{Error::Code::LimitReached,
                 fmt::format("the simulation would need {} of memory, and {} are free",
                             sizeText(plan.bytes), sizeText(*memory)),
                 "raise stepS, or lower replications or durationS",
                 {},
                 {}}};
    return {};
}

/// A bar on standard error, when somebody is looking.
class Bar {
public:
    void show(double share, const std::string& words)
    {
        if (!errorIsTerminal())
            return;
        constexpr int kWidth = 30;
        const int filled = static_cast<int>(share * kWidth);
        sayRaw(fmt::format("\r[{}{}] {:3.0f} % {}\x1b[K", std::string(size_t(filled), '#'),
                           std::string(size_t(kWidth - filled), '.'), share * 100, words));
        m_shown = true;
    }
    ~Bar()
    {
        if (m_shown)
            sayRaw("\r\x1b[K");
    }

private:
    bool m_shown = false;
};

/// Simulates on a thread of its own, so that this one can hear Ctrl+C.
tl::expected<SimulationResult, std::vector<Error>>
runInterruptibly(const study::ScenarioFile& file, study::SimulationOptions options)
{
    const Interrupt interrupt;
    Bar bar;
    std::stop_source stop;
    options.stop = stop.get_token();
    options.onProgress = [&bar](double share, const std::string& words) { bar.show(share, words); };
    tl::expected<SimulationResult, std::vector<Error>> result;
    std::atomic<bool> done{false};
    std::jthread worker([&] {
        result = study::simulate(file, options);
        done = true;
    });
    while (!done)
        if (interrupt.wait(20ms))
            stop.request_stop();
    worker.join();
    return result;
}

std::optional<Error> writeFiles(const SimulateOptions& options, const SimulationResult& result)
{
    if (result.points.empty())
        return std::nullopt; // stopped before there was anything to write
    if (!options.csv.empty())
        if (auto written = replaceFile(options.csv, study::toCsv(result)); !written)
            return written.error();
    if (!options.seriesCsv.empty())
        if (auto written
            = replaceFile(options.seriesCsv, study::seriesToCsv(result.points.front()));
            !written)
            return written.error();
    return std::nullopt;
}

} // namespace

ExitCode simulate(const SimulateOptions& options)
{
    const auto resources = session::findResources({});
    if (!resources)
        return refuse({resources.error()});
    if (const auto clash = clashOf({{"the scenario", options.scenario}},
                                   {{"--csv", options.csv}, {"--series-csv", options.seriesCsv}}))
        return refuse({*clash});
    const auto file = study::ScenarioFile::open(options.scenario, *resources);
    if (!file)
        return refuseInput(file.error());
    auto read = commands::read(options);
    if (!read)
        return refuse(read.error());
    const auto plan = study::plan(*file, *read);
    if (!plan)
        return refuse(plan.error());
    if (const auto problems = problemsOf(*plan, options); !problems.empty())
        return refuse(problems);
    const auto result = runInterruptibly(*file, std::move(*read));
    if (!result)
        return refuse(result.error());
    if (const auto error = writeFiles(options, *result))
        return refuseInput(*error);
    if (auto told = writeOut(options.json ? study::toJson(*result) : simulationText(*result));
        !told)
        return refuse({told.error()});
    if (result->complete())
        return ExitCode::Success;
    say(fmt::format("stopped: {} of {} points were finished", countText(result->points.size()),
                    countText(result->wanted)));
    return ExitCode::Failed;
}

void addSimulate(CLI::App& command, SimulateOptions& options)
{
    command.add_option("PATH", options.scenario,
                       "File with the scenario; with --trace, its folder or file");
    command
        .add_option("--set", options.settings,
                    "Give a setting another value: functions.f.memoryMb=512; of a trace "
                    "pool.keepAliveS, pool.maxConcurrency, account.concurrency")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    command
        .add_option("--sweep", options.sweeps,
                    "Simulate once for each value: PATH=128,256,512 or PATH=60..3600/10; several "
                    "sweeps give all combinations")
        ->type_name("PATH=VALUES")
        ->allow_extra_args(false);
    command.add_option("--csv", options.csv, "Also write the figures as CSV")->type_name("FILE");
    command
        .add_option("--series-csv", options.seriesCsv,
                    "Also write the first point's figures over time as CSV")
        ->type_name("FILE");
    command.add_option("--threads", options.threads, "At most this many threads (default: all)")
        ->type_name("N")
        ->check(CLI::Range(1U, 1024U));
    command.add_flag("--yes", options.yes, "Also a sweep of more than 10,000 points");
    command.add_flag("--json", options.json, "Write one line of JSON instead of text");
    command.footer("Same scenario, same seed: the same figures, on any machine and any number of "
                   "threads. Ctrl+C keeps the points that were finished.");
}

} // namespace coldframe::commands
