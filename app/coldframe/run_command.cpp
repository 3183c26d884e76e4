#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "commands.h"
#include "console.h"
#include "interrupt.h"
#include "opened_workspace.h"
#include "run_progress.h"
#include "run_text.h"
#include "session/session.h"

namespace coldframe::commands {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kLook = std::chrono::milliseconds(100);
/// --until-idle: nothing must have happened for this long, so that a burst is not cut in two.
constexpr auto kIdleFor = std::chrono::milliseconds(500);
constexpr auto kAtRest = std::chrono::milliseconds(500);
constexpr auto kHandsFull = std::chrono::milliseconds(20'000);

std::optional<Error> unknownBackfill(const RunOptions& options, const Workspace& workspace)
{
    std::vector<std::string> names;
    for (const Trigger& trigger : workspace.triggers)
        if (std::holds_alternative<FileTrigger>(trigger.kind))
            names.push_back(trigger.name);
    for (const std::string& wanted : options.backfill)
        if (std::ranges::find(names, wanted) == names.end())
            return unknownName("file trigger", wanted, names);
    return std::nullopt;
}

session::Options sessionOptions(const RunOptions& options)
{
    return {.workspace = options.workspace,
            .state = options.state,
            .fidelity = options.fidelity,
            .record = options.record,
            .powerDurability = options.powerDurability,
            .startTriggers = true,
            .backfill = options.backfill,
            .servePort = options.servePort,
            .s3Port = options.s3Port.value_or(0),
            .sqsPort = options.sqsPort.value_or(0),
            .deskSlots = options.deskSlots,
            .skipIdle = options.skipIdle
                ? std::optional(session::SkipIdle{options.length, options.from})
                : std::nullopt};
}

/// What brings events from outside, when the clock on the wall says so.
std::optional<Error> notWithSkipping(const RunOptions& options)
{
    Error error{.code = Error::Code::Malformed};
    if (!options.length && !options.untilIdle) {
        error.message = "--skip-idle needs an end: without waiting, years pass in minutes";
        error.hint = "add --for 24h, or --until-idle";
    } else if (options.servePort || options.s3Port || options.sqsPort) {
        error.message
            = fmt::format("--skip-idle does not go with {}: callers from outside go by the clock "
                          "on the wall",
                          options.servePort    ? "--serve"
                              : options.s3Port ? "--serve-s3"
                                               : "--serve-sqs");
        error.hint = "leave one of the two out";
    } else {
        return std::nullopt;
    }
    return error;
}

/// Until the time is over, nothing is left to do, or a signal comes.
void watch(const session::Session& session, const RunOptions& options, const Interrupt& interrupt,
           RunProgress& progress)
{
    const Clock::time_point begin = Clock::now();
    Clock::time_point busyAt = begin;
    std::uint64_t shown = 0;
    while (!interrupt.wait(kLook)) {
        const Clock::time_point now = Clock::now();
        if (const std::uint64_t number = session.snapshotNumber(); number != shown) {
            progress.show(*session.snapshot());
            shown = number;
        }
        if (!session.idle())
            busyAt = now;
        if (options.untilIdle && now - busyAt >= kIdleFor)
            return;
        if (options.skipIdle ? session.timeIsOver()
                             : options.length && now - begin >= *options.length)
            return;
    }
}

/// The picture with everything in it that has happened until now.
std::shared_ptr<const session::Snapshot> settled(session::Session& session)
{
    session.stopTriggers();
    const std::uint64_t before = session.snapshotNumber();
    const Clock::time_point begin = Clock::now();
    // A run at rest makes no new pictures; one with its hands full may be late with the next.
    while (session.snapshotNumber() < before + 2
           && Clock::now() - begin < (session.idle() ? kAtRest : kHandsFull))
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return session.snapshot();
}

/// The last moment of a run that skips idle time, at which its clock stands still.
std::shared_ptr<const session::Snapshot> ended(session::Session& session)
{
    session.endSkipping();
    const Clock::time_point begin = Clock::now();
    while (!session.timeIsOver() && Clock::now() - begin < kHandsFull)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return session.snapshot();
}

ExitCode tell(const RunOptions& options, const session::Snapshot& snapshot)
{
    if (const std::uint64_t left = unfinished(snapshot); left > 0)
        say(fmt::format("{} invocation{} had not ended; {}", left, left == 1 ? "" : "s",
                        options.skipIdle ? "what a skipped time leaves goes with it"
                                         : "accepted events are delivered at the next start"));
    if (snapshot.desk.behindSince)
        say("this machine was short of room for a while: timing after that is not the platform's");
    const auto passed
        = passedLimits(snapshot.totals.failedForGood(), snapshot.totals.cost, options.limits);
    for (const PassedLimit& limit : passed)
        say("coldframe: " + limit.text);
    auto written = writeOut(options.json ? summaryJson(snapshot, passed) : summaryText(snapshot));
    if (!written) {
        say(written.error());
        return ExitCode::OwnFault;
    }
    return passed.empty() ? ExitCode::Success : ExitCode::Failed;
}

} // namespace

ExitCode run(const RunOptions& options)
{
    if (const auto refused = options.skipIdle ? notWithSkipping(options) : std::nullopt) {
        say(*refused);
        return ExitCode::BadInput;
    }
    const auto workspace = readForRunning(options.workspace, Extent::All);
    if (!workspace)
        return workspace.error();
    if (const auto unknown = unknownBackfill(options, *workspace)) {
        say(*unknown);
        return ExitCode::BadInput;
    }
    const Interrupt interrupt;
    auto opened = session::Session::open(sessionOptions(options));
    if (!opened) {
        say(opened.error());
        return exitCodeOf(opened.error());
    }
    session::Session& session = **opened;
    if (const auto port = session.snapshot()->invokePort)
        say(fmt::format("Invoke API on http://127.0.0.1:{}", *port));
    if (options.s3Port)
        say(fmt::format("S3 buckets on http://127.0.0.1:{}", session.snapshot()->s3Port));
    if (options.sqsPort)
        say(fmt::format("SQS queues on http://127.0.0.1:{}", session.snapshot()->sqsPort));
    RunProgress progress(errorIsTerminal(), options.untilIdle, options.backfill);
    watch(session, options, interrupt, progress);
    progress.showLeft(*session.snapshot()); // before triggers stop, which are not asked any more
    const auto last = options.skipIdle ? ended(session) : settled(session);
    progress.show(*last);
    progress.finish();
    opened->reset(); // ends what still runs before the summary says that it is over
    return tell(options, *last);
}

} // namespace coldframe::commands
