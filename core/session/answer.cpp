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
                          .memoryMb = answer.memoryMb,
                          .peakMemoryKb = answer.peakMemoryKb});
}

} // namespace

std::string reasonText(const Answer& answer)
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
    answer.cold = meter.cold;
    answer.provisioned = meter.provisioned;
    answer.deskWaited = meter.deskWaited;
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

Answer makeAnswer(const history::AttemptRow& row, AttemptBodies bodies, Duration sandbox)
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
    answer.cold = row.start == history::StartKind::Cold;
    answer.provisioned = row.start == history::StartKind::Provisioned;
    answer.deskWaited = (row.flags & history::kDeskWaited) != 0;
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
    history::outputsFromJson(bodies.outputs, answer.stores);
    if (!answer.throttled)
        answer.log = logOf(answer, std::move(bodies.log), live::errorTypeOf(bodies.result));
    answer.payload = std::move(bodies.result);
    answer.reasonText = reasonText(answer);
    return answer;
}

} // namespace coldframe::session
