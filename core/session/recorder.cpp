#include "session/recorder.h"

namespace coldframe::session {

using history::AttemptRow;

void Recorder::begin(const std::filesystem::path& folder, history::RecordingHeader header,
                     history::WriterOptions options, std::string& problem)
{
    auto writer = history::RecordingWriter::create(folder, std::move(header), std::move(options));
    if (!writer) {
        problem = describe(writer.error());
        return;
    }
    m_writer = std::move(*writer);
    m_folder = folder;
}

void Recorder::configured(const engine::Configuration& configuration)
{
    if (m_writer)
        m_writer->configuration(configuration);
}

void Recorder::stepped(TimePoint now, const engine::Input& input,
                       std::span<const engine::Action> actions)
{
    if (!m_writer)
        return;
    m_writer->input(now, input);
    m_digest.add(actions);
}

void Recorder::rest(TimePoint now, const engine::Engine& engine)
{
    if (m_writer && m_writer->checkpointDue(now))
        m_writer->checkpoint(now, engine.save(), m_digest);
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
    row.ending = history::endingOf(meter.outcome);
    row.start = meter.cold  ? history::StartKind::Cold
        : meter.provisioned ? history::StartKind::Provisioned
                            : history::StartKind::Warm;
    setReason(row, meter.cold ? report.startReason : report.reason);
    if (meter.deskWaited)
        row.flags |= history::kDeskWaited;
    if (report.logBytesDropped > 0)
        row.flags |= history::kLogCut;
    if (m_writer) {
        row.event = m_writer->blob(*event.body);
        row.result = m_writer->blob(*report.payload);
        row.log = m_writer->blob(report.log);
        m_writer->attempt(row);
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
    if (m_writer) {
        row.event = m_writer->blob(*event.body);
        m_writer->attempt(row);
    }
    m_log.append(row);
}

bool Recorder::recording() const
{
    return m_writer && !m_writer->stats().stopped;
}

Result<void> Recorder::flush()
{
    if (m_writer)
        return m_writer->flush();
    return {};
}

void Recorder::close(TimePoint now)
{
    if (m_writer)
        (void)m_writer->close(now, m_digest); // a failure was reported through onStopped
}

} // namespace coldframe::session
