#include <algorithm>
#include <cstdio>

#include "capture_text.h"
#include "commands.h"
#include "console.h"
#include "opened_workspace.h"

namespace coldframe::commands {

namespace {

using Done = CaptureFinding::Done;

/// Only a clear yes is one.
bool agreed(const std::string& question)
{
    sayRaw(question + " [y/N] ");
    std::string answer;
    for (int c = std::fgetc(stdin); c != EOF && c != '\n'; c = std::fgetc(stdin))
        answer += static_cast<char>(c);
    return answer == "y" || answer == "Y" || answer == "yes";
}

CaptureFinding look(const Workspace& workspace, const Trigger& trigger)
{
    const auto& changes = std::get<ChangesTrigger>(trigger.kind);
    CaptureFinding finding{.trigger = &trigger, .place = session::placeOf(workspace, changes)};
    if (auto view = session::inspectCapture(workspace, changes))
        finding.view = std::move(*view);
    else
        finding.error = view.error();
    return finding;
}

/// Shows the steps, asks, and carries them out.
ExitCode carryOut(const Workspace& workspace, const CaptureOptions& options,
                  CaptureFinding& finding)
{
    const bool removal = options.what == CaptureOptions::What::Remove;
    const session::CaptureSteps steps = removal ? finding.view->removal : finding.view->install;
    if (steps.statements.empty())
        return ExitCode::Success;
    const auto& changes = std::get<ChangesTrigger>(finding.trigger->kind);
    if (!options.yes) {
        sayRaw(captureText(finding)
               + stepsText(steps, removal ? "to be run, to remove it" : "to be run"));
        if (!agreed((removal ? "Remove this from " : "Install this for ") + finding.place + '?'))
            return say("nothing was changed"), ExitCode::Failed;
    }
    const auto done = removal ? session::removeCapture(workspace, changes, steps)
                              : session::installCapture(workspace, changes, steps);
    if (!done) {
        finding.error = done.error();
        say(done.error());
        return exitCodeOf(done.error());
    }
    finding = look(workspace, *finding.trigger);
    finding.done = removal ? Done::Removed : Done::Installed;
    return ExitCode::Success;
}

Result<std::vector<const Trigger*>> chosenTriggers(const Workspace& workspace,
                                                   const std::string& name)
{
    std::vector<const Trigger*> all = session::changesTriggers(workspace);
    if (name.empty())
        return all;
    std::vector<std::string> names;
    for (const Trigger* trigger : all)
        names.push_back(trigger->name);
    std::erase_if(all, [&](const Trigger* trigger) { return trigger->name != name; });
    if (all.empty())
        return tl::unexpected(unknownName("changes trigger", name, names));
    return all;
}

} // namespace

ExitCode capture(const CaptureOptions& options)
{
    const auto workspace = readForRunning(options.workspace, Extent::SingleFunctions);
    if (!workspace)
        return workspace.error();
    const auto triggers = chosenTriggers(*workspace, options.trigger);
    if (!triggers) {
        say(triggers.error());
        return ExitCode::BadInput;
    }
    std::vector<CaptureFinding> findings;
    ExitCode code = ExitCode::Success;
    for (const Trigger* trigger : *triggers) {
        CaptureFinding& finding = findings.emplace_back(look(*workspace, *trigger));
        ExitCode one = finding.view ? ExitCode::Success : exitCodeOf(*finding.error);
        if (finding.view && options.what != CaptureOptions::What::Show)
            one = carryOut(*workspace, options, finding);
        code = std::max(code, one);
    }
    std::string text;
    for (const CaptureFinding& finding : findings)
        text += captureText(finding)
            + (finding.view && options.what == CaptureOptions::What::Show
                   ? stepsText(finding.view->install, "what --install runs")
                   : "");
    if (findings.empty())
        text = "the workspace has no triggers of the kind \"changes\"\n";
    if (auto written = writeOut(options.json ? captureJson(findings) : text); !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    return code;
}

} // namespace coldframe::commands
