#include "session/changes_runner.h"

#include <fmt/format.h>

#include "session/capture.h"
#include "session/run.h"
#include "sources/event_text.h"
#include "sources/row_event.h"

namespace coldframe::session {

namespace {

using sources::RowChange;
using Shape = ChangesTrigger::Shape;

/// As DynamoDB names the only shard of a small table's stream.
constexpr auto kTableShardId = "shardId-00000000000000000000-00000000";

bool wants(const ChangesTrigger& trigger, RowChange::Kind kind)
{
    return kind == RowChange::Kind::Insert ? trigger.onInsert
        : kind == RowChange::Kind::Modify  ? trigger.onModify
                                           : trigger.onRemove;
}

/// Records of one key stay in order.
std::uint64_t keyOf(const RowChange& change)
{
    std::string key;
    for (std::size_t i = 0; i < change.columns->size() && i < change.keyRow().size(); ++i)
        if ((*change.columns)[i].key)
            key += sources::attributeValue(change.keyRow()[i]);
    return sources::scatter(key, 0);
}

/// One that follows another table follows another stream.
std::string markSourceOf(const Workspace& workspace, const Trigger& trigger,
                         const ChangesTrigger& changes)
{
    return "changes " + trigger.name + ' ' + tableIdentity(workspace, changes);
}

ShardRunner::Source sourceOf(const Workspace& workspace, const Trigger& trigger,
                             const ChangesTrigger& changes)
{
    return {.name = changes.table,
            .arn = sources::tableStreamArn(changes.table, {}), // until the reader knows more
            .shardId = kTableShardId,
            .batchInfo = "DDBStreamBatchInfo",
            .markSource = markSourceOf(workspace, trigger, changes),
            .listAlone = changes.shape == Shape::Row};
}

std::optional<ShardRecord> recordOf(const ChangesTrigger& trigger,
                                    const TriggerFilter::Judge& judge, const RowChange& change,
                                    std::size_t mostBytes)
{
    if (!wants(trigger, change.kind))
        return std::nullopt;
    ShardRecord record;
    record.sequence = sources::sequenceNumber(change);
    record.label = change.part ? fmt::format("{}.{}", change.sequence, *change.part)
                               : fmt::format("{}", change.sequence);
    record.arrival = change.at;
    record.key = keyOf(change);
    record.json = trigger.shape == Shape::DynamoDb
        ? sources::dynamoDbRecord(change, {.streamSince = change.since})
        : sources::rowRecord(change);
    if (auto why = judge(record.json)) {
        record.filteredOut = std::move(*why);
        record.json.clear();
    } else if (record.json.size() > mostBytes) {
        record.unusable = fmt::format("change {} of {} makes an event of {} bytes, {} are the most",
                                      record.label, trigger.table, record.json.size(), mostBytes);
        record.json.clear();
    }
    return record;
}

} // namespace

struct ChangesRunner::Alive {
    ChangesRunner* runner = nullptr; ///< only looked at on the live thread
};

ChangesRunner::ChangesRunner(Run& run, ChangesHub& hub, const Trigger& trigger,
                             const ChangesTrigger& changes, const Workspace& workspace)
    : m_run(run), m_hub(hub), m_trigger(trigger), m_alive(std::make_shared<Alive>()),
      m_table(hub.join(workspace, changes)),
      m_shard(run, trigger, changes.shard, sourceOf(workspace, trigger, changes))
{
    m_alive->runner = this;
    m_place = m_table->reader->add(taker(workspace, changes));
    m_shard.onRoom([this] { giveRoom(); });
    m_shard.onCheckpoint([this](const std::string& after) {
        if (const auto position = parseTablePosition(after))
            m_table->reader->done(m_place, *position);
    });
}

ChangesRunner::~ChangesRunner()
{
    m_alive->runner = nullptr;
    m_table->reader->remove(m_place);
    m_hub.leave(m_table);
}

/// What the reader's thread calls. It may outlive us.
TableReader::Taker ChangesRunner::taker(const Workspace& workspace, const ChangesTrigger& changes)
{
    // Of the workspace it needs where the stores are.
    auto stores = std::make_shared<Workspace>();
    stores->folder = workspace.folder;
    stores->stores = workspace.stores;
    return {
        .marks =
            [&run = m_run, stores, trigger = m_trigger, changes](const std::string& formerTable) {
                ChangesTrigger named = changes;
                if (!formerTable.empty())
                    named.table = formerTable;
                return ShardRunner::readMarks(run, markSourceOf(*stores, trigger, named));
            },
        .fromLatest = changes.start == StreamTrigger::Start::Latest,
        .opened =
            [alive = m_alive, &run = m_run](const ShardMarks& kept, const std::string& beginning,
                                            bool anew) {
                run.post([alive, kept, beginning, anew] {
                    if (alive->runner)
                        alive->runner->opened(kept, beginning, anew);
                });
            },
        .make =
            [changes, judge = m_shard.judge()](const RowChange& change, std::size_t mostBytes) {
                return recordOf(changes, judge, change, mostBytes);
            },
        .give =
            [alive = m_alive, &run = m_run](ShardReading reading, TimePoint since) {
                auto shared = std::make_shared<ShardReading>(std::move(reading));
                run.post([alive, shared, since] {
                    if (alive->runner)
                        alive->runner->given(std::move(*shared), since);
                });
            },
        .atLeastEvery
        = changes.shard.tumblingWindowS > 0 ? Duration(std::chrono::seconds(1)) : Duration::zero(),
    };
}

void ChangesRunner::start()
{
    if (std::exchange(m_started, true))
        return;
    m_looked = m_asking = false;
    m_table->reader->start(m_place);
    m_shard.start();
    giveRoom();
}

/// A batch that is under way ends, and no other is sent.
void ChangesRunner::stop()
{
    m_started = false;
    m_shard.stop();
    m_table->reader->stop(m_place);
}

void ChangesRunner::beat()
{
    m_shard.beat();
    giveRoom();
}

void ChangesRunner::giveRoom()
{
    const engine::Shard::Room room = m_shard.room();
    if (!m_started || room.records == 0 || std::exchange(m_asking, true))
        return;
    m_table->reader->giveRoom(m_place, room, m_shard.maxRecordBytes());
}

void ChangesRunner::opened(const ShardMarks& kept, const std::string& beginning, bool anew)
{
    m_opened = true;
    m_shard.resume(kept);
    if (anew)
        m_shard.noteBeginning(beginning);
}

void ChangesRunner::given(ShardReading reading, TimePoint since)
{
    const auto& table = std::get<ChangesTrigger>(m_trigger.kind).table;
    m_shard.setArn(sources::tableStreamArn(table, {.streamSince = since}));
    m_asking = false;
    m_looked = m_looked || !reading.more;
    m_more = reading.more;
    if (m_opened)
        m_shard.take(std::move(reading));
    giveRoom();
}

/// On the reader's thread, whose connection it is: what is read cannot be removed beside it.
void ChangesRunner::capture(const CaptureRequest& request, CaptureDone done)
{
    m_table->reader->ask([workspace = m_run.workspace(), request, trigger = m_trigger,
                          state = m_run.state().path(),
                          done = std::move(done)](changes::RowSource& source) {
        const CapturedTable table{*workspace, std::get<ChangesTrigger>(trigger.kind),
                                  captureOwner(workspace->folder, state)};
        done(answerCapture(source, table, request));
    });
}

bool ChangesRunner::busy() const
{
    return m_started && (!m_looked || m_more || m_shard.busy());
}

void ChangesRunner::fill(TriggerView& view) const
{
    m_shard.fill(view);
    if (!m_table->trouble || !m_started)
        return;
    const TableTrouble& trouble = *m_table->trouble;
    view.message = trouble.kind == TableTrouble::Kind::NotCaptured
        ? fmt::format("Not captured yet: nothing is installed for {}", m_table->name)
        : trouble.error.message;
}

} // namespace coldframe::session
