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

session::CapturedTable tableOf(const Workspace& workspace, const CaptureOptions& options,
                               const Trigger& trigger)
{
    return {workspace, std::get<ChangesTrigger>(trigger.kind),
            session::captureOwner(workspace.folder, options.state)};
}

CaptureFinding look(const Workspace& workspace, const CaptureOptions& options,
                    const Trigger& trigger)
{
    const session::CapturedTable table = tableOf(workspace, options, trigger);
    CaptureFinding finding{.trigger = &trigger,
                           .place = session::placeOf(workspace, table.trigger)};
    auto view = session::inspectCapture(table);
    if (!view)
        finding.error = view.error();
    else if (view->state == session::CaptureView::State::Absent && view->refused
             && options.what != CaptureOptions::What::Remove)
        finding.error = view->refused;
    else
        finding.view = std::move(*view);
    return finding;
}

/// There are no steps: all is as it should be, or nothing can be done.
ExitCode nothingToRun(CaptureFinding& finding, bool removal)
{
    if (removal || !finding.view->refused)
        return ExitCode::Success;
    finding.error = finding.view->refused;
    say(*finding.error);
    return exitCodeOf(*finding.error);
}

/// Shows the steps, asks unless that was answered, and carries them out.
ExitCode carryOut(const Workspace& workspace, const CaptureOptions& options,
                  CaptureFinding& finding)
{
    const bool removal = options.what == CaptureOptions::What::Remove;
    const session::CaptureSteps steps = removal ? finding.view->removal : finding.view->install;
    if (steps.statements.empty())
        return nothingToRun(finding, removal);
    sayRaw(captureText(finding)
           + stepsText(steps, removal ? "to be run, to remove it" : "to be run"));
    if (!options.yes
        && !agreed((removal ? "Remove this from " : "Install this for ") + finding.place + '?'))
        return say("nothing was changed"), ExitCode::Failed;
    const session::CapturedTable table = tableOf(workspace, options, *finding.trigger);
    const auto done
        = removal ? session::removeCapture(table, steps) : session::installCapture(table, steps);
    if (!done) {
        finding.error = done.error();
        say(done.error());
        return exitCodeOf(done.error());
    }
    const bool foreign = finding.view->state == session::CaptureView::State::Foreign;
    const std::string owner = foreign ? finding.view->owner : std::string();
    finding = look(workspace, options, *finding.trigger);
    finding.done = removal ? Done::Removed : Done::Installed;
    finding.ran = steps;
    finding.takenFrom = owner;
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
        CaptureFinding& finding = findings.emplace_back(look(*workspace, options, *trigger));
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
