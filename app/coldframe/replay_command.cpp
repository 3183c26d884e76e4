#include "replay_command.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "console.h"
#include "model/resources.h"
#include "model/text_file.h"
#include "replay_text.h"
#include "study/recording_folder.h"
#include "study/study_platform.h"

namespace coldframe::commands {

namespace {

ExitCode refused(const Error& error)
{
    say(error);
    return exitCodeOf(error);
}

/// The rules of the platform that is to take the recorded one's place, if another is.
Result<std::unique_ptr<study::StudyPlatform>> platformOf(const study::Changes& changes)
{
    if (changes.platform.empty())
        return nullptr;
    const auto resources = findResources({});
    if (!resources)
        return tl::unexpected(resources.error());
    auto platform = study::readStudyPlatform(*resources, changes.platform);
    if (!platform)
        return tl::unexpected(platform.error());
    return std::make_unique<study::StudyPlatform>(std::move(*platform));
}

/// A share of the recorded time, rewritten in place.
std::function<void(double)> progress()
{
    if (!errorIsTerminal())
        return {};
    return [](double share) { sayRaw(fmt::format("\r\033[K{:.0f} %", share * 100)); };
}

ExitCode tell(const ReplayOptions& options, const study::ReplayStudy& study,
              const study::Changes& changes, const study::PlayedRun* played,
              const study::StudyPlatform* other)
{
    const std::string verdict = replayVerdict(study);
    std::string text;
    if (options.json) {
        text = replayJson(study, changes, played);
    } else {
        text = fmt::format("Recording  {}\nAs it was  {}\n", study.folder().string(), verdict);
        if (played) {
            text += fmt::format("Changed    {}\n\n", fmt::join(changes.texts, ", "));
            text += comparisonText(played->comparison);
        } else {
            text += '\n' + figuresText(study.figures());
        }
        const engine::Platform& rules = study.platform().platform;
        text += fmt::format("Modelled {}, as of {}{}\n", rules.title, rules.asOf,
                            other ? fmt::format("; replayed as {}, as of {}", other->platform.title,
                                                other->platform.asOf)
                                  : "");
    }
    if (!options.csv.empty()) {
        const auto written
            = replaceFile(options.csv, toCsv(played ? played->comparison : study.figures()));
        if (!written)
            return refused(written.error());
    }
    if (auto written = writeOut(text); !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    if (study.report().equal())
        return ExitCode::Success;
    say("coldframe: this version decides otherwise than the one that recorded it: " + verdict);
    return ExitCode::Failed;
}

} // namespace

ExitCode replay(const ReplayOptions& options)
{
    const auto folder = study::findRecording(options.recording);
    if (!folder)
        return refused(folder.error());
    const auto study = study::ReplayStudy::open(*folder);
    if (!study)
        return refused(study.error());
    for (const Error& warning : study->warnings())
        say("warning: " + describe(warning));
    const auto changes = study::readChanges(options.settings, study->functions());
    if (!changes)
        return refused(changes.error());
    // What does not come out as it was says nothing of what might have been.
    if (!changes->any() || !study->report().equal())
        return tell(options, *study, *changes, nullptr, nullptr);
    const auto platform = platformOf(*changes);
    if (!platform)
        return refused(platform.error());
    const auto played
        = study->play(*changes, {.platform = platform->get(), .onProgress = progress()});
    if (errorIsTerminal())
        sayRaw("\r\033[K");
    if (!played)
        return refused(played.error());
    return tell(options, *study, *changes, &*played, platform->get());
}

void addReplay(CLI::App& program, std::function<ExitCode()>& chosen)
{
    CLI::App& command
        = *program.add_subcommand("replay", "Replay a recording, with settings changed");
    const auto options = std::make_shared<ReplayOptions>();
    command
        .add_option("REC", options->recording,
                    "Folder of a recording, or a workspace: its newest one")
        ->required();
    command
        .add_option("--set", options->settings,
                    "Change a setting; may be given several times, the last of one path wins")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    command.add_option("--csv", options->csv, "Also write the figures as a table")
        ->type_name("FILE");
    command.add_flag("--json", options->json, "Write one line of JSON instead of text");
    std::string settings;
    for (const std::string& name : study::functionSettings())
        settings += "  functions.NAME." + name + '\n';
    for (const std::string& name : study::runSettings())
        settings += "  " + name + '\n';
    command.footer("What can be set:\n" + settings
                   + "Without --set it checks that every decision comes out as it was recorded. "
                     "Exit codes: 0 success, 1 a decision came out otherwise, 2 bad usage or "
                     "input, 3 Coldframe itself failed.");
    command.callback([options, &chosen] { chosen = [options] { return replay(*options); }; });
}

} // namespace coldframe::commands
