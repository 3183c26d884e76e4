#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/shard.h"
#include "live/event.h"
#include "model/workspace.h"
#include "session/shard_answer.h"
#include "session/shard_items.h"
#include "session/shard_state.h"
#include "session/snapshot.h"
#include "session/trigger_filter.h"

namespace coldframe::session {

class Run;

/// A record as the source of a shard gives it.
struct ShardRecord {
    std::string sequence; ///< its number in the event: rises; names it in answers and failures
    std::string label; ///< short, for messages and names of files; empty: the sequence
    std::string json; ///< its part of the event
    TimePoint arrival{}; ///< says its age and its tumbling window
    std::uint64_t key = 0; ///< hash of its partition key: records of one key stay in order
    std::string after; ///< where the source goes on once it and all before it are done
    // Either of these: it is left out, counts as done and needs no `json`.
    std::string filteredOut; ///< why judge() does not let it through
    std::string unusable; ///< why it can be part of no event, as a sentence; told
};

/// What one look at the source has brought.
struct ShardReading {
    std::vector<ShardRecord> records; ///< in order, each of the stream's once
    TimePoint lookedAt{}; ///< when the look began: what arrived before is here, unless `more`
    bool more = false; ///< the source has more and can give it at once
    std::string after; ///< where it goes on after all that was read; empty: after the last record
};

/// Hands the records of one shard to a function, as engine::Shard decides: batch by batch,
/// synchronously, in order per key, the same again until it succeeds or is given up; then what it
/// held goes to the function's onFailure. What all is done up to is kept in the journal, with the
/// state of a tumbling window, so what was under way when the program ended comes again.
///
/// Its owner, a TriggerRunner, reads the source: as much as room() says, whenever it has room, and
/// gives what it read to take(), also when that is nothing. On the live thread, but where it says
/// otherwise.
class ShardRunner {
public:
    /// What is particular to a kind of source.
    struct Source {
        std::string name; ///< in the events' source keys: "clicks.jsonl"
        std::string arn; ///< of the stream: "arn:aws:kinesis:…:stream/clicks"
        std::string shardId;
        std::string batchInfo; ///< in failure records: "KinesisBatchInfo", "DDBStreamBatchInfo"
        std::string markSource; ///< whose the marks in the journal are
        bool listAlone = false; ///< an event is the list of records, not {"Records": […]}
    };
    ShardRunner(Run& run, const Trigger& trigger, const ShardRules& rules, Source source);
    ~ShardRunner();

    /// What the last run kept. Waits for the journal: on a worker.
    static Result<ShardMarks> readMarks(Run& run, const std::string& markSource);
    /// Goes on there. Before the first take().
    void resume(const ShardMarks& marks);
    /// What the stream is called from now on: when that shows only once its source is read.
    void setArn(std::string arn) { m_source.arn = std::move(arn); }
    /// Keeps where the source begins its first time, before anything of it is done; with the window
    /// that resume() was given.
    void noteBeginning(const std::string& position);

    /// Hands over what it holds and is given; after stop(), what is under way ends and no more.
    void start();
    void stop();
    void beat(); ///< ten times a second

    /// How much the source may read now, in one go; no records: nothing, until onRoom.
    engine::Shard::Room room() const;
    /// Called when there is room again after something has ended; the owner may read at once.
    void onRoom(std::function<void()> call) { m_onRoom = std::move(call); }
    /// Called with `after` of the last record of all that is done. The mark of it is on its way
    /// into the journal: who throws records away waits for Journal::flush() first.
    void onCheckpoint(std::function<void(const std::string& after)> call)
    {
        m_onCheckpoint = std::move(call);
    }
    void take(ShardReading reading);

    /// Of a record's `json`; larger ones are left out and told of.
    std::size_t maxRecordBytes() const;
    /// Whether the trigger's filter lets a record through, as its kind shows it to filters. From
    /// any thread, also later than this object.
    const TriggerFilter::Judge& judge() const { return m_filter.judge(); }

    /// A batch is handed over, or what is given up is on its way to where it is kept. After stop()
    /// that becomes false, and stays so.
    bool atWork() const { return m_underWay > 0; }
    /// Something is to be handed over, under way or waiting for the end of its window.
    bool busy() const;
    /// Says what stands in the way; leaves the view alone when nothing does.
    void fill(TriggerView& view) const;

private:
    struct Alive { ///< shared with what is under way when we cease to exist
        ShardRunner* runner = nullptr; ///< only looked at on the live thread
    };
    using Place = engine::Shard::Place;
    /// Of a lane.
    struct Batch {
        engine::Shard::Order order;
        std::uint32_t attempts = 0; ///< of it that ran
        std::string requestId; ///< of the last attempt
        std::shared_ptr<const live::Event> invoked; ///< likewise
        std::string error; ///< why it is not done yet
        bool functionFailed = false; ///< and not only records of it
        bool failing = false; ///< since `failingSince`
        TimePoint failingSince{};

        void failed(TimePoint at)
        {
            if (!std::exchange(failing, true))
                failingSince = at;
        }
    };
    bool isOver(const Batch& batch) const;
    std::optional<Obstacle> obstacle() const;

    std::size_t mostBytes() const;
    engine::ShardLimits limits() const;
    void pump();
    std::string bodyOf(const engine::Shard::Order& order) const;
    void send(Batch& batch);
    void ended(std::uint32_t lane, const live::Ending& ending);
    void answered(std::uint32_t lane, TimePoint at, const live::Text& payload);
    void deliver(std::uint32_t lane, TimePoint at, const ShardAnswer& heard);
    void settle(std::uint32_t lane, TimePoint at, const ShardAnswer& heard);
    void tellFailure(const Batch& batch);
    void giveUp(Batch& batch);
    void tell(std::uint32_t lane, TimePoint at, const engine::Shard::Answer& answer);
    void advance(const std::vector<Place>& touched);
    void goOn();

    Run& m_run;
    const Trigger m_trigger;
    const ShardRules m_rules;
    Source m_source;
    TriggerFilter m_filter;
    std::shared_ptr<Alive> m_alive;
    engine::Shard m_shard;
    ShardItems m_items; ///< of m_shard
    std::string m_after; ///< of all that was read
    std::vector<Batch> m_batches; ///< by lane
    std::string m_state; ///< of the open window, JSON
    ShardMarks m_noted; ///< last
    std::function<void()> m_onRoom;
    std::function<void(const std::string&)> m_onCheckpoint;
    std::size_t m_underWay = 0; ///< lanes
    bool m_started = false, m_pumping = false;
    std::uint64_t m_leftOut = 0;
};

} // namespace coldframe::session
