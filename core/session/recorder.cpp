#include "session/recorder.h"

#include <algorithm>

#include "history/outputs_json.h"
#include "model/secret_mask.h"

namespace coldframe::session {

using history::AttemptRow;

Result<void> Recorder::begin(RecordingChain::Options options)
{
    auto chain = RecordingChain::begin(std::move(options));
    if (!chain)
        return tl::unexpected(chain.error());
    m_chain = std::move(*chain);
    return {};
}

AttemptSource Recorder::source() const
{
    if (!m_chain)
        return {};
    return {.rows = m_log.view(), .parts = m_chain->parts(), .writer = m_chain->sharedWriter()};
}

void Recorder::mask(const std::vector<std::vector<std::string>>& secrets)
{
    m_secrets.resize(std::max(m_secrets.size(), secrets.size()));
    for (std::size_t i = 0; i < secrets.size(); ++i)
        for (const std::string& secret : secrets[i])
            if (std::ranges::find(m_secrets[i], secret) == m_secrets[i].end())
                m_secrets[i].push_back(secret);
}

history::BlobRef Recorder::keep(const std::string& text, FunctionId function)
{
    if (function >= m_secrets.size() || m_secrets[function].empty())
        return writer()->blob(text);
    return writer()->blob(maskSecrets(text, m_secrets[function]));
}

void Recorder::keepEvent(AttemptRow& row, const live::Event& event)
{
    if (row.function >= m_secrets.size() || m_secrets[row.function].empty()) {
        row.event = writer()->blob(*event.body);
        return;
    }
    const std::string masked = maskSecrets(*event.body, m_secrets[row.function]);
    if (masked != *event.body)
        row.flags |= history::kEventMasked;
    row.event = writer()->blob(masked);
}

void Recorder::configured(const engine::Configuration& configuration)
{
    if (m_chain)
        writer()->configuration(configuration);
}

void Recorder::stepped(TimePoint now, const engine::Input& input,
                       std::span<const engine::Action> actions)
{
    if (!m_chain)
        return;
    writer()->input(now, input);
    m_digest.add(actions);
}

void Recorder::rest(TimePoint now, const engine::Engine& engine)
{
    if (m_chain)
        m_chain->rest(now, engine, m_digest, m_log.view().endRow());
}

namespace {

AttemptRow rowOf(const live::Event& event)
{
    AttemptRow row;
    row.acceptedAt = event.acceptedAt;
    row.requestId = history::parseRequestId(event.requestId);
    row.trigger = static_cast<std::uint16_t>(event.trigger + 1);
    row.function = event.function;
    row.invocation = event.id.serial;
    row.flags = static_cast<std::uint8_t>((event.async ? history::kAsync : 0)
                                          | (event.restored ? history::kRestored : 0));
    row.waitWhy = event.waited.why;
    row.waitA = event.waited.a;
    row.waitB = event.waited.b;
    row.retryAfterS = event.retried.b;
    return row;
}

void setReason(AttemptRow& row, const engine::Reason& reason)
{
    row.why = reason.why;
    row.reasonA = reason.a;
    row.reasonB = reason.b;
    row.reasonC = reason.c;
}

} // namespace

void Recorder::attempt(const engine::Meter& meter, const live::Event& event,
                       const live::AttemptReport& report, Money cost)
{
    AttemptRow row = rowOf(event);
    row.startedAt = report.startedAt;
    row.queued = meter.queued;
    row.desk = meter.desk;
    row.platform = meter.platform;
    row.billed = meter.billed;
    row.init = meter.init;
    row.spawn = report.spawn;
    row.costPicodollars = cost.picodollars();
    row.instance = meter.instance.serial;
    row.peakMemoryKb = meter.peakMemoryKb;
    row.memoryMb = meter.memoryMb;
    row.attempt = static_cast<std::uint16_t>(meter.attempt);
    row.attemptsAllowed = static_cast<std::uint16_t>(report.attemptsAllowed);
    row.ending = history::endingOf(meter.outcome);
    row.start = meter.cold  ? history::StartKind::Cold
        : meter.provisioned ? history::StartKind::Provisioned
                            : history::StartKind::Warm;
    setReason(row, meter.cold ? report.startReason : report.reason);
    row.retrieval = report.stores.retrieval;
    row.storing = report.stores.storing;
    if (meter.deskWaited)
        row.flags |= history::kDeskWaited;
    if (meter.debugged)
        row.flags |= history::kDebugged;
    if (report.logBytesDropped > 0)
        row.flags |= history::kLogCut;
    if (auto* writer = this->writer()) {
        keepEvent(row, event);
        row.result = keep(*report.payload, row.function);
        row.log = keep(report.log, row.function);
        if (!report.stores.outputs.empty())
            row.outputs = keep(history::outputsToJson(report.stores), row.function);
        writer->attempt(row);
    }
    m_log.append(row);
}

void Recorder::unserved(TimePoint now, InvocationId invocation, FunctionId function,
                        const engine::Reason& reason, const live::Event& event)
{
    AttemptRow row = rowOf(event);
    row.invocation = invocation.serial;
    row.function = function;
    row.ending = history::Ending::Rejected;
    row.queued = now - event.acceptedAt;
    setReason(row, reason);
    if (auto* writer = this->writer()) {
        keepEvent(row, event);
        writer->attempt(row);
    }
    m_log.append(row);
}

void Recorder::close(TimePoint now)
{
    if (m_chain)
        m_chain->close(now, m_digest);
}

} // namespace coldframe::session
