#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "model/shard_rules.h"
#include "model/time.h"

namespace coldframe::engine {

/// What Shard needs to know besides the rules of its mapping.
struct ShardLimits {
    std::uint64_t maxBatchBytes = (6u << 20) - 1024; ///< of its records together
    double timeScale = 1; ///< divides pauses before retries
};

/// The delivery rules of one shard of a stream: which records go to the function now and together,
/// what is waited for, what is given up, and how far all is done. Pure: times are told, records are
/// known by their places, 0, 1, 2…, in the order in which they were added.
///
/// Each record belongs to one of `parallelizationFactor` lanes by its key. A lane has one batch at
/// a time, in order, and nothing follows one that fails until it has succeeded or is given up:
///   - a batch is tried again up to `maximumRetryAttempts` times; what throttling refuses is no try
///   - with bisection one that failed is halved instead, which uses up no try and begins anew
///   - an answer that names failed records lets those before the first one be done; the rest is the
///     batch from then on: that was a try, with bisection none
///   - records older than `maximumRecordAgeS` are given up when they are next to go, and no others.
/// With a tumbling window each batch holds records of one window, by arrival. Its end is an
/// invocation without records, tried until it succeeds, once the source was looked at after that
/// time or a record of a later window comes; it comes at once when the state has become too large,
/// and the window goes on with a fresh one. Records that come after their window count in the next.
///
/// Assumed, as AWS publishes no figures: the pauses, that one lane runs ahead of another, and how
/// far; that what remains of a batch after a partial failure keeps its count of tries.
class Shard {
public:
    using Place = std::uint64_t;

    Shard(const ShardRules& rules, const ShardLimits& limits);
    void limit(const ShardLimits& limits) { m_limits = limits; } ///< from now on

    struct Record {
        std::uint32_t bytes = 0; ///< of an event, with its separator
        TimePoint arrival{};
        std::uint64_t key = 0; ///< hash of its partition key
        bool done = false; ///< not to be handed over: a filter leaves it out
    };
    void add(TimePoint now, const Record& record);
    /// The source was looked at: what arrived before `at` was added, unless there is `more` that it
    /// gives when asked again.
    void looked(TimePoint at, bool more);
    /// How much may be added now, so that what is remembered stays bounded. One record may be
    /// larger than `bytes`.
    struct Room {
        std::size_t records = 0, bytes = 0; ///< none of either: nothing
    };
    Room room() const;

    struct Window {
        TimePoint start{}, end{};
        bool final = false; ///< it ends: no records
        bool early = false; ///< and not because its time is over
    };
    enum class Reason : std::uint8_t { RetryAttemptsExhausted, RecordAgeExceeded };
    struct Order {
        std::uint32_t lane = 0;
        std::vector<Place> records; ///< ascending; none: the end of a window
        std::uint32_t attempts = 0; ///< there were already
        std::optional<Reason> giveUp; ///< none: the function is to be invoked
        std::optional<Window> window;
    };
    /// What is to be done now; until it says nothing. What became of it is told by ended(), or by
    /// givenUp() once what was given up is kept; its lane rests until then.
    std::optional<Order> next(TimePoint now);

    enum class End : std::uint8_t {
        Succeeded,
        SomeFailed, ///< the first of them is at `firstFailed` of the batch
        Failed,
        Throttled, ///< or refused: it did not run
    };
    struct Answer {
        End end = End::Succeeded;
        std::size_t firstFailed = 0;
        bool stateTooLarge = false; ///< the window is to end early
    };
    void ended(TimePoint now, std::uint32_t lane, const Answer& answer);
    void givenUp(std::uint32_t lane);

    /// The checkpoint: all before it is done, and it never goes back.
    Place begin() const { return m_begin; }
    Place end() const { return m_begin + m_records.size(); }
    bool isDone(Place place) const { return place < m_begin || at(place).done; }
    /// When next() should be asked again, though nothing was added or ended; of an open window also
    /// when the source should be looked at.
    std::optional<TimePoint> nextDeadline() const;

    /// When the lane's batch is handed over again; none: it is with the function, or being kept.
    std::optional<TimePoint> nextTry(std::uint32_t lane) const;

    /// What of its windows outlives a restart, beside the state itself.
    struct WindowMark {
        TimePoint from{}; ///< start of the open window, or the earliest that may be opened
        bool open = false;
        bool operator==(const WindowMark&) const = default;
    };
    const WindowMark& window() const { return m_window; }
    /// Before the first record. `early`: the state of the open window is too large.
    void resume(const WindowMark& mark, bool early);

private:
    struct Known {
        TimePoint arrival{}, added{};
        std::uint32_t bytes = 0;
        bool done = false;
    };
    struct Piece {
        std::vector<Place> records; ///< none: the end of a window
        std::uint32_t attempts = 0; ///< that ran and count
        std::uint32_t refusals = 0; ///< in a row
        std::optional<Reason> giveUp;
        bool early = false;
    };
    struct Lane {
        std::deque<Place> waiting; ///< in no batch yet
        std::vector<Piece> pieces; ///< of its batch, the next one last
        TimePoint notBefore = TimePoint::min();
        bool away = false; ///< the last piece is with the function, or being kept
    };

    const Known& at(Place place) const { return m_records[place - m_begin]; }
    void finish(Place place);
    void finish(const std::vector<Place>& places, std::size_t from, std::size_t until);
    void gather(Lane& lane, TimePoint now);
    std::size_t batchOf(const Lane& lane, bool& closed) const;
    bool endsWindow(const Lane& lane) const;
    void splitExpired(Lane& lane, TimePoint now) const;
    void failed(Lane& lane, TimePoint now, std::size_t firstFailed);
    void pause(Lane& lane, TimePoint now, std::uint32_t times) const;
    bool comesMore() const;
    Duration windowLength() const { return std::chrono::seconds(m_rules.tumblingWindowS); }
    TimePoint windowOf(Place place) const;
    Window windowFrom(TimePoint start) const { return {start, start + windowLength()}; }

    ShardRules m_rules;
    ShardLimits m_limits;
    Place m_begin = 0;
    std::deque<Known> m_records; ///< from m_begin on
    std::vector<Lane> m_lanes;
    std::size_t m_unfinished = 0;
    std::uint64_t m_unfinishedBytes = 0;
    TimePoint m_lookedAt = TimePoint::min(); ///< all that arrived before it was added
    bool m_more = false;
    WindowMark m_window;
};

} // namespace coldframe::engine
