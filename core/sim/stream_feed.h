#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "engine/shard.h"
#include "sim/stream_book.h"
#include "sim/stream_keys.h"

namespace coldframe::sim {

/// What happens in a shard, for those who watch.
struct ShardStep {
    enum class What : std::uint8_t { Came, HandedOver, GivenUp, Ended };
    What what = What::Came;
    std::uint32_t stream = 0, shard = 0;
    std::uint64_t key = 0; ///< Came: hash of the record's key
    const engine::Shard::Order* order = nullptr; ///< of the others
    engine::Shard::Answer answer; ///< Ended
};
using ShardWatch = std::function<void(TimePoint, const ShardStep&)>;

/// The shards of one stream in virtual time: the same engine::Shard decides as in live runs. Knows
/// what its records cost and which of them fail; who calls it has the function. Times are ns since
/// the run began and never go backwards.
class StreamFeed {
public:
    /// The model must outlive this; so must `watch`, which may be empty. `number` is told it.
    StreamFeed(const StreamModel& model, std::uint64_t seed, const Window& window,
               std::uint32_t number, const ShardWatch& watch);

    /// The next record comes; gives its shard, which should be asked for a batch once all that
    /// come at this instant are there.
    std::uint32_t come(std::int64_t at);

    struct Batch {
        std::uint32_t lane = 0;
        std::int64_t ofRecords = 0; ///< what they add to its service
    };
    /// What a shard hands over now; until it gives nothing. What it gives up is gone at once.
    std::optional<Batch> next(std::int64_t at, std::uint32_t shard);
    /// When it should be asked again though nothing came or ended.
    std::optional<std::int64_t> deadline(std::uint32_t shard) const;

    /// The place within the lane's batch of the first record that fails this time.
    std::optional<std::size_t> firstFailing(std::uint32_t shard, std::uint32_t lane) const;
    void ended(std::int64_t at, std::uint32_t shard, std::uint32_t lane,
               const engine::Shard::Answer& answer);

    const StreamModel& model() const { return *m_model; }
    std::size_t shards() const { return m_shards.size(); }
    StreamFigures close();

private:
    using Order = engine::Shard::Order;
    using Place = engine::Shard::Place;
    struct Record {
        std::uint64_t index = 0; ///< among the stream's, from 0: names its luck
        std::uint64_t key = 0; ///< hash
        std::int64_t cameAt = 0;
        std::uint32_t tries = 0; ///< that ran
    };
    struct Lane {
        Order order; ///< at work
        bool blocked = false; ///< by a batch that failed or was refused
        Place until = 0; ///< the last record of that one
    };
    struct Shard {
        Shard(const StreamModel& model);
        engine::Shard rules;
        std::deque<Record> records; ///< from the first that is not done
        Place first = 0; ///< its place
        std::vector<Lane> lanes;
        std::uint32_t blocked = 0; ///< lanes
    };
    void read(std::int64_t at, Shard& shard);
    void giveUp(std::int64_t at, Shard& shard, const Order& order);
    void letGo(std::int64_t at, Shard& shard);
    void noteOldest(std::int64_t at);
    void block(std::int64_t at, Shard& shard, Lane& lane, const Order& order);
    void unblock(std::int64_t at, Shard& shard, Lane& lane, const Order& order);
    Record& recordAt(Shard& shard, Place place) { return shard.records[place - shard.first]; }
    std::int64_t costOf(Shard& shard, const Order& order);
    bool fails(const Record& record) const;
    void tell(std::int64_t at, ShardStep step, const Shard& shard) const;

    const StreamModel* m_model;
    const ShardWatch* m_watch;
    std::uint32_t m_number;
    StreamKeys m_keys;
    Draws m_costs;
    Stream m_failures, m_poison;
    StreamBook m_book;
    std::vector<Shard> m_shards;
    std::uint64_t m_came = 0;
    struct Oldest {
        std::int64_t cameAt = 0;
        std::uint32_t shard = 0;
        bool operator>(const Oldest& b) const
        {
            return cameAt != b.cameAt ? cameAt > b.cameAt : shard > b.shard;
        }
    };
    /// Of each shard that has one; and some that were, which are passed over.
    std::priority_queue<Oldest, std::vector<Oldest>, std::greater<>> m_oldest;
};

} // namespace coldframe::sim
