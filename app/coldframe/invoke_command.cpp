#include <future>
#include <memory>

#include <fmt/format.h>

#include "answer_text.h"
#include "commands.h"
#include "console.h"
#include "event_source.h"
#include "interrupt.h"
#include "opened_workspace.h"
#include "session/session.h"

namespace coldframe::commands {

namespace {

std::vector<std::string> functionNames(const Workspace& workspace)
{
    std::vector<std::string> names;
    for (const Function& function : workspace.functions)
        names.push_back(function.name);
    return names;
}

/// Says once what has become of waiting for a debugger. False: there will be none.
class DebugNews {
public:
    bool tell(const session::Snapshot& snapshot)
    {
        using Phase = session::DebugView::Phase;
        if (snapshot.debugged.empty() || snapshot.debugged.front().phase == m_told)
            return true;
        const session::DebugView& view = snapshot.debugged.front();
        m_told = view.phase;
        if (view.phase == Phase::Waiting)
            sayRaw(
                fmt::format("coldframe: the event is held before its handler; its timeout stands "
                            "still\nattach a debugger to {}\n{}\n{}\n",
                            view.address, view.advice, view.launchConfiguration));
        else if (view.phase == Phase::Attached)
            say("coldframe: a debugger is attached");
        else if (view.phase == Phase::Failed)
            say("coldframe: the event cannot be debugged: " + view.message);
        return view.phase != Phase::Failed;
    }

private:
    session::DebugView::Phase m_told = session::DebugView::Phase::Starting;
};

/// Nothing when a signal came first, or no debugger can.
std::optional<session::Answer> ask(session::Session& session, const std::string& function,
                                   std::string event, const Interrupt& interrupt)
{
    // Shared: an answer may still come while the session closes.
    auto promise = std::make_shared<std::promise<session::Answer>>();
    std::future<session::Answer> answer = promise->get_future();
    session.send({.function = function, .event = std::move(event)},
                 [promise](const session::Answer& given) { promise->set_value(given); });
    DebugNews debugging;
    while (answer.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
        if (interrupt.wait(std::chrono::milliseconds(0))) {
            say("coldframe: interrupted before the function had answered");
            return std::nullopt;
        }
        if (!debugging.tell(*session.snapshot()))
            return std::nullopt;
    }
    return answer.get();
}

ExitCode tell(const InvokeOptions& options, const session::Answer& answer)
{
    if (!options.quiet && !options.json)
        sayRaw(answerText(answer));
    std::string result = options.json ? answerJson(options.function, answer) : answer.payload;
    if (!result.empty() && result.back() != '\n')
        result += '\n';
    if (auto written = writeOut(result); !written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    if (answer.throttled && !options.json)
        say("coldframe: throttled: the function had no room for the event");
    return !answer.throttled && answer.outcome == engine::Outcome::Succeeded ? ExitCode::Success
                                                                             : ExitCode::Failed;
}

} // namespace

ExitCode invoke(const InvokeOptions& options)
{
    const auto workspace = readForRunning(options.workspace, Extent::SingleFunctions);
    if (!workspace)
        return workspace.error();
    const Function* function = workspace->findFunction(options.function);
    if (!function) {
        say(unknownName("function", options.function, functionNames(*workspace)));
        return ExitCode::BadInput;
    }
    if (const auto problem = session::notDebuggable(*function); problem && options.debug) {
        say(*problem);
        return ExitCode::BadInput;
    }
    Result<std::string> event = readEvent(options.event);
    if (!event) {
        say(event.error()); // the caller named it: whatever is wrong with it is input
        return ExitCode::BadInput;
    }
    const Interrupt interrupt;
    auto session = session::Session::open(
        {.workspace = options.workspace, .privateState = true, .record = false});
    if (!session) {
        say(session.error());
        return exitCodeOf(session.error());
    }
    if (options.debug)
        (*session)->debugNext(options.function, true);
    const auto answer = ask(**session, options.function, std::move(*event), interrupt);
    if (!answer)
        return ExitCode::Failed;
    if (answer->refused) {
        say(*answer->refused);
        return ExitCode::BadInput;
    }
    const auto snapshot = (*session)->snapshot(); // held: the next one may replace it any moment
    for (const session::Notice& notice : snapshot->notices)
        if (!options.quiet && notice.severity != session::Notice::Severity::Info)
            say(notice.text + (notice.hint.empty() ? "" : "; " + notice.hint));
    return tell(options, *answer);
}

} // namespace coldframe::commands
