#include "session/answer.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/engine.h"
#include "history/outputs_json.h"
#include "live/error_documents.h"

namespace coldframe::session {

namespace {

std::string milliseconds(Duration d)
{
    const double ms = toMilliseconds(d);
    if (ms >= 10'000)
        return fmt::format("{:.0f} s", ms / 1000);
    return ms < 10 ? fmt::format("{:.1f} ms", ms) : fmt::format("{:.0f} ms", ms);
}

std::string logOf(const Answer& answer, std::string output, const std::string& errorType)
{
    return live::logText({.requestId = answer.requestId,
                          .output = std::move(output),
                          .outputDropped = answer.logBytesDropped,
                          .outcome = answer.outcome,
                          .errorType = errorType,
                          .platform = answer.platform,
                          .billed = answer.billed,
                          .init = answer.init,
                          .cold = answer.cold,
                          .debugged = answer.debugged,
                          .desk = answer.desk,
                          .memoryMb = answer.memoryMb,
                          .peakMemoryKb = answer.peakMemoryKb});
}

/// Why this start, and what of it was measured and what modelled.
std::string startText(const Answer& answer)
{
    std::string text = engine::describe(answer.reason);
    if (answer.cold && !answer.throttled)
        text += fmt::format(": {} spawn + {} init measured, {} sandbox modelled",
                            milliseconds(answer.spawn), milliseconds(answer.init),
                            milliseconds(answer.sandbox));
    if (answer.deskWaited)
        text += "; this machine was short of room, so the times are not the platform's";
    return text.empty() ? text : text + '.';
}

std::string attemptText(const Answer& answer)
{
    const bool more = !answer.throttled && !answer.accepted
        && answer.outcome != engine::Outcome::Succeeded
        && answer.outcome != engine::Outcome::Cancelled && answer.attempt < answer.attemptsAllowed;
    if (answer.attempt <= 1 && !more)
        return {};
    std::string text = fmt::format("Attempt {}", answer.attempt);
    if (answer.attemptsAllowed > 0)
        text += fmt::format(" of {}", answer.attemptsAllowed);
    if (answer.attempt > 1 && answer.retryAfterS > 0)
        text += fmt::format(", due {} s after attempt {} failed", answer.retryAfterS,
                            answer.attempt - 1);
    return text + '.';
}

} // namespace

std::string reasonText(const Answer& answer)
{
    std::string text = startText(answer);
    const auto add = [&text](const std::string& sentence) {
        if (!sentence.empty())
            text += (text.empty() ? "" : " ") + sentence;
    };
    if (answer.provisioned)
        add("The instance is provisioned: it was started before it was needed.");
    if (answer.debugged)
        add("It was held for a debugger: its time and cost count nowhere.");
    if (const std::string wait = engine::describeWait(answer.waited);
        !wait.empty() && answer.queued > Duration::zero())
        add(fmt::format("Waited {} in the queue: {}.", milliseconds(answer.queued), wait));
    add(attemptText(answer));
    return text;
}

Answer makeAnswer(const live::Ending& ending, Duration sandbox)
{
    Answer answer;
    answer.requestId = ending.event->requestId;
    answer.source = ending.event->source;
    answer.acceptedAt = ending.event->acceptedAt;
    answer.accepted = ending.accepted;
    if (ending.reject) {
        answer.throttled = true;
        answer.reason = ending.reject->reason;
        answer.reasonText = reasonText(answer);
        return answer;
    }
    if (!ending.meter)
        return answer;
    const engine::Meter& meter = *ending.meter;
    const live::AttemptReport& report = *ending.report;
    answer.outcome = meter.outcome;
    answer.payload = *report.payload;
    answer.instance = meter.instance.serial;
    answer.attempt = meter.attempt;
    answer.attemptsAllowed = report.attemptsAllowed;
    answer.retryAfterS = ending.event->retried.b;
    answer.waited = ending.event->waited;
    answer.cold = meter.cold;
    answer.provisioned = meter.provisioned;
    answer.deskWaited = meter.deskWaited;
    answer.debugged = meter.debugged;
    answer.reason = meter.cold ? report.startReason : report.reason;
    answer.queued = meter.queued;
    answer.startedAt = report.startedAt;
    answer.deskWait = report.deskWait;
    answer.spawn = report.spawn;
    answer.init = meter.init;
    answer.sandbox = meter.cold ? sandbox : Duration::zero();
    answer.desk = meter.desk;
    answer.platform = meter.platform;
    answer.billed = meter.billed;
    answer.memoryMb = meter.memoryMb;
    answer.peakMemoryKb = meter.peakMemoryKb;
    answer.cost = report.cost;
    answer.stores = report.stores;
    answer.logBytesDropped = report.logBytesDropped;
    answer.log = logOf(answer, report.log, report.errorType);
    answer.reasonText = reasonText(answer);
    return answer;
}

namespace {

/// All that a row says by itself.
Answer factsOf(const history::AttemptRow& row, Duration sandbox)
{
    Answer answer;
    answer.requestId = history::toText(row.requestId);
    answer.acceptedAt = row.acceptedAt;
    answer.startedAt = row.startedAt;
    answer.throttled = row.ending == history::Ending::Rejected;
    if (!answer.throttled)
        answer.outcome = static_cast<engine::Outcome>(row.ending);
    answer.instance = row.instance;
    answer.attempt = row.attempt;
    answer.attemptsAllowed = row.attemptsAllowed;
    answer.retryAfterS = row.retryAfterS;
    answer.waited = row.waited();
    answer.cold = row.start == history::StartKind::Cold;
    answer.provisioned = row.start == history::StartKind::Provisioned;
    answer.deskWaited = (row.flags & history::kDeskWaited) != 0;
    answer.debugged = (row.flags & history::kDebugged) != 0;
    answer.reason = row.reason();
    answer.queued = row.queued;
    if (answer.deskWaited && row.attempt == 1) // a later one was accepted before its delay
        answer.deskWait
            = std::max(Duration::zero(), row.startedAt - row.acceptedAt - row.queued - row.init);
    answer.spawn = row.spawn;
    answer.init = row.init;
    answer.sandbox = answer.cold ? sandbox : Duration::zero();
    answer.desk = row.desk;
    answer.platform = row.platform;
    answer.billed = row.billed;
    answer.memoryMb = row.memoryMb;
    answer.peakMemoryKb = row.peakMemoryKb;
    answer.cost = Money::fromPicodollars(row.costPicodollars);
    answer.stores.retrieval = row.retrieval;
    answer.stores.storing = row.storing;
    return answer;
}

} // namespace

std::string reasonText(const history::AttemptRow& row, Duration sandbox)
{
    return reasonText(factsOf(row, sandbox));
}

Answer makeAnswer(const history::AttemptRow& row, AttemptBodies bodies, Duration sandbox)
{
    Answer answer = factsOf(row, sandbox);
    history::outputsFromJson(bodies.outputs, answer.stores);
    if (!answer.throttled)
        answer.log = logOf(answer, std::move(bodies.log), live::errorTypeOf(bodies.result));
    answer.payload = std::move(bodies.result);
    answer.reasonText = reasonText(answer);
    return answer;
}

} // namespace coldframe::session
