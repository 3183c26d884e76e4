#include "simulate_keep_alive.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include <fmt/format.h>

#include "console.h"
#include "interrupt.h"
#include "model/resources.h"
#include "model/text_file.h"
#include "simulate_trace_rules.h"
#include "study/keep_alive_study.h"

namespace coldframe::commands {

namespace {

using study::KeepAliveStudy;
using Studied = tl::expected<std::optional<KeepAliveStudy>, std::vector<Error>>;

ExitCode sayAll(const std::vector<Error>& errors)
{
    for (const Error& error : errors)
        say(error);
    return ExitCode::BadInput;
}

std::string meanText(const sim::Estimate& of)
{
    return of.ci95 ? fmt::format("{:.5g} ±{:.2g}", of.mean, *of.ci95)
                   : fmt::format("{:.5g}", of.mean);
}

std::string percentText(const sim::Estimate& of)
{
    return of.ci95 ? fmt::format("{:.4g} ±{:.2g} %", of.mean * 100, *of.ci95 * 100)
                   : fmt::format("{:.4g} %", of.mean * 100);
}

std::string keepAliveText(const KeepAliveStudy& study)
{
    constexpr std::size_t kMostLines = 24;
    const std::size_t every = (study.total.size() + kMostLines - 1) / kMostLines;
    std::string text = fmt::format("{}\n\n{:>12}  {:>20}  {:>20}  {:>20}  {:>20}\n",
                                   study.name.empty() ? "All functions" : study.name, "keep-alive",
                                   "cold starts", "share", "instances idle", "idle GB-s");
    for (std::size_t i = 0; i < study.total.size(); i += every) {
        const study::KeepAliveRow& row = study.total[i];
        text += fmt::format("{:>10} s  {:>20}  {:>20}  {:>20}  {:>20}\n",
                            fmt::format("{:g}", row.keepAliveS), meanText(row.coldStarts),
                            row.coldStartProbability ? percentText(*row.coldStartProbability)
                                                     : std::string("-"),
                            meanText(row.idleInstances), meanText(row.idleGbS));
    }
    if (every > 1)
        text += fmt::format("one in {} of {}: --json and --csv have them all\n", every,
                            study.total.size());
    text += "\nModelled, in one pass of each replication.\n";
    for (const study::KeepAliveFunction& function : study.functions)
        if (!function.approximate.empty())
            text
                += fmt::format("'{}' is approximate: {}. Simulate the keep-alive you choose: --set "
                               "pool.keepAliveS=…\n",
                               function.name, function.approximate);
    return text;
}

/// Works in the background; Ctrl+C stops it.
Studied studied(const study::ScenarioFile& file, const std::vector<study::Setting>& settings,
                const std::vector<std::int64_t>& keepAlivesUs, unsigned threads)
{
    const Interrupt interrupt;
    std::stop_source stop;
    std::atomic<double> share = 0;
    auto answer = std::async(std::launch::async, [&] {
        return study::studyKeepAlive(file, settings, keepAlivesUs, threads, stop.get_token(),
                                     [&](double done) { share = done; });
    });
    const bool terminal = errorIsTerminal();
    while (answer.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) {
        if (interrupt.wait(std::chrono::milliseconds(0)))
            stop.request_stop();
        if (terminal)
            sayRaw(fmt::format("\r{:3.0f} %", share.load() * 100));
    }
    if (terminal)
        sayRaw("\r\x1b[K");
    return answer.get();
}

} // namespace

ExitCode simulateKeepAlive(const SimulateOptions& options, const std::string& curve)
{
    const auto keepAlives = parseKeepAlives(curve);
    if (!keepAlives)
        return sayAll({keepAlives.error()});
    std::vector<study::Setting> settings;
    for (const std::string& text : options.settings) {
        auto setting = study::parseSetting(text);
        if (!setting)
            return sayAll({setting.error()});
        settings.push_back(std::move(*setting));
    }
    const auto resources = findResources({});
    if (!resources)
        return sayAll({resources.error()});
    const auto file = study::ScenarioFile::open(options.scenario, *resources);
    if (!file)
        return sayAll({file.error()});
    const unsigned threads
        = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    const Studied study = studied(*file, settings, *keepAlives, threads);
    if (!study)
        return sayAll(study.error());
    if (!*study) {
        say("coldframe: stopped before there was a curve");
        return ExitCode::Failed;
    }
    if (!options.csv.empty())
        if (const auto written = replaceFile(options.csv, study::toCsv(**study)); !written)
            return sayAll({written.error()});
    const auto written = writeOut(options.json ? study::toJson(**study) : keepAliveText(**study));
    if (!written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    return ExitCode::Success;
}

} // namespace coldframe::commands
