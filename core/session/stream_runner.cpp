#include "session/stream_runner.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/workspace_limits.h"
#include "session/run.h"
#include "sources/stream_event.h"

namespace coldframe::session {

namespace {

ShardRunner::Source streamSource(const Trigger& trigger, const StreamTrigger& stream)
{
    return {.name = stream.path.filename().string(),
            .arn = sources::streamArn(sources::streamName(stream.path)),
            .shardId = std::string(sources::kShardId),
            .batchInfo = "KinesisBatchInfo",
            .markSource = "stream " + trigger.name + ' ' + stream.path.string(),
            .listAlone = stream.shape == StreamTrigger::Shape::Lines};
}

/// `judge`: empty without a filter.
ShardRecord recordOfStream(const StreamTrigger& stream, const sources::StreamRecord& record,
                           const TriggerFilter::Judge& judge)
{
    sources::StreamItem item = stream.shape == StreamTrigger::Shape::Kinesis
        ? sources::kinesisItem(stream, record)
        : sources::rowItem(stream, record);
    ShardRecord made{.sequence = sources::sequenceNumber(record.sequence),
                     .label = fmt::format("{}", record.sequence),
                     .json = {},
                     .arrival = record.arrival,
                     .key = sources::scatter(item.partitionKey, 0),
                     .after = sources::textOf(record.after),
                     .filteredOut = {},
                     .unusable = {}};
    if (item.text.empty())
        made.unusable = stream.path.string() + ": " + item.problem;
    else if (judge)
        made.filteredOut = judge(sources::filteredText(stream, record, item)).value_or("");
    made.json = std::move(item.text);
    return made;
}

} // namespace

struct StreamRunner::Alive {
    StreamRunner* runner = nullptr; ///< only looked at on the live thread
};

StreamRunner::StreamRunner(Run& run, Trigger trigger, StreamTrigger stream)
    : m_run(run), m_trigger(std::move(trigger)), m_stream(std::move(stream)),
      m_shard(run, m_trigger, m_stream.shard, streamSource(m_trigger, m_stream)),
      m_alive(std::make_shared<Alive>())
{
    m_alive->runner = this;
    m_shard.onRoom([this] { read(); });
}

StreamRunner::~StreamRunner()
{
    m_alive->runner = nullptr;
}

void StreamRunner::start()
{
    if (std::exchange(m_started, true))
        return;
    m_shard.start();
    if (!m_tail)
        open();
    else
        read();
}

void StreamRunner::stop()
{
    m_started = false;
    m_shard.stop();
}

/// Where the last run stopped.
void StreamRunner::open()
{
    m_reading = true;
    m_run.inBackground([alive = m_alive, &run = m_run, stream = m_stream,
                        source = streamSource(m_trigger, m_stream).markSource] {
        const auto marks = ShardRunner::readMarks(run, source);
        const auto position
            = marks && marks->position ? sources::parsePosition(*marks->position) : std::nullopt;
        auto tail = std::make_shared<sources::StreamTail>(
            sources::StreamTail::Options{
                .path = stream.path,
                .csv = stream.format == StreamTrigger::Format::Csv,
                .fromStart = stream.start == StreamTrigger::Start::TrimHorizon || position,
                .maxRecordBytes = kMaxStreamBatchBytes},
            position);
        run.post([alive, tail, marks] {
            StreamRunner* const runner = alive->runner;
            if (!runner)
                return;
            runner->m_reading = false;
            if (!marks) {
                // To begin anew would repeat or lose what was done: it is tried again.
                const Error& error = marks.error();
                if (std::exchange(runner->m_problem, error.message) != error.message)
                    runner->m_run.notice(error, Notice::Severity::Error);
                return;
            }
            runner->m_tail = tail;
            runner->m_shard.resume(*marks);
            runner->read();
        });
    });
}

void StreamRunner::beat()
{
    m_shard.beat();
    if (m_started && !m_tail && !m_reading)
        open();
    else
        read();
}

void StreamRunner::read()
{
    if (!m_started || m_reading || !m_tail)
        return;
    const engine::Shard::Room room = m_shard.room();
    if (room.records == 0)
        return;
    m_reading = true;
    const auto judge = m_trigger.filter.empty() ? TriggerFilter::Judge() : m_shard.judge();
    // A look at a file that does not grow is nothing to wait for.
    m_run.aside([alive = m_alive, &run = m_run, tail = m_tail, stream = m_stream, room, judge,
                 now = m_run.driver().now()] {
        auto look = std::make_shared<Look>();
        auto reading = tail->read(room.records, room.bytes, std::chrono::steady_clock::now());
        look->told = std::move(reading.told);
        for (const sources::StreamRecord& record : reading.records)
            look->reading.records.push_back(recordOfStream(stream, record, judge));
        look->reading.lookedAt = now;
        look->reading.more = reading.more;
        look->reading.after = sources::textOf(tail->position());
        look->began = reading.began;
        look->problem = tail->problem();
        run.post([alive, look] {
            if (alive->runner)
                alive->runner->taken(std::move(*look));
        });
    });
}

void StreamRunner::taken(Look look)
{
    m_reading = false;
    m_looked = true;
    m_more = look.reading.more;
    if (look.began)
        m_shard.noteBeginning(sources::textOf(*look.began));
    if (look.problem != m_problem)
        m_run.changed();
    m_problem = std::move(look.problem);
    for (const std::string& told : look.told) {
        ++m_told;
        m_run.notice(Notice::Severity::Warning, m_trigger.name + ": " + told);
    }
    m_shard.take(std::move(look.reading));
    if (m_more)
        read();
}

bool StreamRunner::busy() const
{
    return m_started && (!m_looked || m_more || m_shard.busy());
}

void StreamRunner::fill(TriggerView& view) const
{
    m_shard.fill(view);
    if (!view.message.empty())
        return;
    if (!m_problem.empty())
        view.message = m_problem;
    else if (m_told > 0)
        view.message = fmt::format("{} things to know about the file: see the notices", m_told);
}

} // namespace coldframe::session
