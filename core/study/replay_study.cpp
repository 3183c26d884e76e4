#include "study/replay_study.h"

#include <utility>

#include <fmt/format.h>

#include "engine/platform_file.h"
#include "model/workspace_file.h"
#include "sim/script_arrivals.h"

namespace coldframe::study {

namespace {
constexpr std::uint64_t kMaxFacts = 20'000'000; // some 2 GB while they are played
}

/// Its workspace, rules and prices, as they were when it began.
Result<void> ReplayStudy::readHeader(const history::RecordingHeader& header)
{
    const std::string where = (m_folder / history::kHeaderFile).string();
    WorkspaceReading reading = readWorkspace(header.workspace, m_folder, where);
    if (!reading.workspace)
        return tl::unexpected(reading.errors.front());
    for (const Function& function : reading.workspace->functions) {
        m_run.script.names.push_back(function.name);
        m_ephemeralMb.push_back(static_cast<std::uint32_t>(function.ephemeralStorageMb));
    }
    for (const Trigger& trigger : reading.workspace->triggers)
        m_triggers.push_back(trigger.name);
    m_accountConcurrency = static_cast<std::uint32_t>(reading.workspace->accountConcurrency);
    m_seed = header.seed;
    auto details = engine::readPlatformDetails(header.platform, where);
    if (!details)
        return tl::unexpected(details.error());
    auto platform = engine::readPlatform(header.platform, where);
    if (!platform)
        return tl::unexpected(platform.error());
    auto prices = cost::readPriceBook(header.priceBook, where);
    if (!prices)
        return tl::unexpected(prices.error());
    m_platform = {std::move(*platform), std::move(*prices),
                  details->architecture == "arm64" ? cost::Architecture::Arm64
                                                   : cost::Architecture::X86_64};
    return {};
}

sim::RunPrices ReplayStudy::pricesOf(const StudyPlatform& platform) const
{
    return {&platform.prices, platform.architecture, m_ephemeralMb};
}

Result<ReplayStudy> ReplayStudy::open(const std::filesystem::path& folder, std::stop_token stop)
{
    const auto recording = history::RecordingReader::open(folder);
    if (!recording)
        return tl::unexpected(recording.error());
    ReplayStudy study;
    study.m_folder = folder;
    study.m_warnings = recording->warnings();
    auto report = history::replay(*recording, {.stop = stop});
    if (!report)
        return tl::unexpected(report.error());
    study.m_report = std::move(*report);
    if (auto read = study.readHeader(recording->header()); !read)
        return tl::unexpected(read.error());
    auto run = makeScript(*recording,
                          {.prices = study.pricesOf(study.m_platform),
                           .names = study.m_run.script.names,
                           .stop = stop});
    if (!run)
        return tl::unexpected(run.error());
    study.m_run = std::move(*run);
    // Functions that were added while it ran have no name in the header.
    for (const engine::Configuration& configuration : study.m_run.script.configurations)
        while (study.m_run.script.names.size() < configuration.functions.size())
            study.m_run.script.names.push_back("#"
                                               + std::to_string(study.m_run.script.names.size()));
    return study;
}

Comparison ReplayStudy::figures() const
{
    const ComparedRun run{m_run.figures, m_platform.prices};
    return compare(run, run, nullptr, m_run.script.names, m_run.step);
}

Result<PlayedRun> ReplayStudy::play(const Changes& changes, const PlayOptions& options) const
{
    const sim::Script& script = m_run.script;
    std::optional<engine::Platform> platform;
    if (options.platform) {
        platform = options.platform->platform;
        if (m_accountConcurrency > 0) // the workspace's own word stands above any platform's
            platform->accountConcurrency = m_accountConcurrency;
    }
    auto configurations
        = changed(script.configurations, changes, platform ? &*platform : nullptr, script.names);
    if (!configurations)
        return tl::unexpected(configurations.error());
    const std::uint64_t facts = sim::plannedFacts(script, changes.rateFactor);
    if (facts > kMaxFacts)
        return tl::unexpected(Error{
            Error::Code::LimitReached,
            fmt::format("arrivals.rateFactor {} makes {} arrivals of it; at most {} can be held",
                        changes.rateFactor, facts, kMaxFacts),
            "lower the factor",
            {},
            {}});

    const StudyPlatform& there = options.platform ? *options.platform : m_platform;
    PlayedRun played;
    played.digest = m_run.digestBefore;
    sim::ScriptedRunOptions run{.configurations = std::move(*configurations),
                                .changed = changes.any(),
                                .rateFactor = changes.rateFactor,
                                .seed = changes.reseeded ? changes.seed : m_seed,
                                .prices = pricesOf(there),
                                .step = m_run.step,
                                .stop = options.stop};
    run.onActions
        = [&](TimePoint, std::span<const engine::Action> actions) { played.digest.add(actions); };
    if (options.onProgress)
        run.onProgress = [&](TimePoint at) {
            const double length = toSeconds(script.end - script.begin);
            options.onProgress(length > 0 ? std::min(1.0, toSeconds(at - script.begin) / length)
                                          : 1.0);
        };
    played.result = sim::runScript(script, run);
    played.comparison
        = compare({m_run.figures, m_platform.prices}, {played.result.figures, there.prices},
                  &played.result, script.names, m_run.step);
    return played;
}

} // namespace coldframe::study
