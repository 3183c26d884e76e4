#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "changes/row_source.h"
#include "session/shard_runner.h"
#include "session/table_position.h"
#include "sources/row_change.h"

namespace coldframe::session {

/// What stands in the way of reading a table's changes, or of hearing of all of them.
struct TableTrouble {
    enum class Kind { NotCaptured, Outdated, Renamed, Broken, Unreachable };
    Kind kind = Kind::Unreachable;
    Error error; ///< what to show
    bool operator==(const TableTrouble& other) const
    {
        return kind == other.kind && error.message == other.error.message;
    }
};

/// Reads the changes of one table on a thread of its own, for all triggers that name it, each at
/// its own pace: the database is read once for those that keep up, and again from where a slower
/// one is. A change is forgotten there once all of them have it behind them, durably.
class TableReader {
public:
    /// What the reader needs of the run. Called on the reader's thread.
    struct Hands {
        std::function<std::unique_ptr<changes::RowSource>()> source;
        std::function<Result<void>()> flushJournal; ///< waits until all marks are in the file
        std::function<void(std::optional<TableTrouble>)> trouble; ///< nothing: it is over
        std::function<void(std::string)> notice;
    };
    /// One trigger. Called on the reader's thread.
    struct Taker {
        /// Of the last run; `formerTable`: those that were kept when the table had that name, empty
        /// for its present one.
        std::function<Result<ShardMarks>(const std::string& formerTable)> marks;
        bool fromLatest = false; ///< where to begin the first time
        /// Told once, before the first reading: what was kept, and where it begins. `anew`: that is
        /// not in the journal yet, or under a former name.
        std::function<void(const ShardMarks& kept, const std::string& beginning, bool anew)> opened;
        /// Nothing: such changes are not wanted.
        std::function<std::optional<ShardRecord>(const sources::RowChange&, std::size_t mostBytes)>
            make;
        /// It gets no more until it has said again how much room it has.
        /// `since`: when the capture was installed; the epoch where that is not known.
        std::function<void(ShardReading, TimePoint since)> give;
        Duration atLeastEvery{}; ///< readings, though there is nothing new; zero: need not be
    };
    class Entry;
    using Place = std::shared_ptr<Entry>;

    explicit TableReader(Hands hands);
    ~TableReader(); ///< waits for its thread, which may be connecting to a server

    // From any thread; none of it waits.
    Place add(Taker taker);
    void remove(const Place& place);
    void start(const Place& place);
    void stop(const Place& place); ///< it is read no more, and holds back what it has not done
    void giveRoom(const Place& place, engine::Shard::Room room, std::size_t mostBytes);
    /// All up to there is done; its mark is on the way into the journal.
    void done(const Place& place, const TablePosition& position);
    /// Runs it with the source, between two looks.
    void ask(std::function<void(changes::RowSource&)> work);
    void end(); ///< soon
    bool ended() const { return m_ended.load(); }

private:
    using Entries = std::vector<Place>;
    void run();
    Entries collect();
    changes::RowSource& source();
    bool open(Entry& entry);
    Result<std::pair<ShardMarks, bool>> marksOf(const Entry& entry);
    void look(const Entries& all, const Entries& readers);
    bool holds(const Entries& all);
    Entries choosePlace(const Entries& all, Entries readers);
    changes::ReadLimit limitFor(const Entries& readers) const;
    void handOut(const changes::ChangeBatch& batch, Entry& entry, TimePoint lookedAt);
    void forget(const Entries& all);
    void tellLooked(Entry& entry, TimePoint at) const;
    void rest(Duration most);
    void letGo();
    void failed(const Error& error);
    void judged(const changes::ChangeBatch& batch);
    void tell(std::optional<TableTrouble> trouble);
    void wake();

    const Hands m_hands;
    const int m_wake; ///< an eventfd
    std::mutex m_mutex; ///< of what follows, and of the entries' shared part
    Entries m_entries;
    std::vector<std::function<void(changes::RowSource&)>> m_work;
    bool m_ending = false;
    std::atomic<bool> m_ended{false};

    // Of the thread
    std::unique_ptr<changes::RowSource> m_source;
    std::int64_t m_cursor = 0; ///< the source is read after this next
    std::int64_t m_forgotten = 0; ///< by this source
    TimePoint m_since{}; ///< when the capture was installed, as far as it is known
    bool m_forgetDue = false;
    bool m_read = false; ///< this source has
    std::int64_t m_last = 0; ///< number of the last change that this source has given
    bool m_within = false; ///< what it has given last is a part of a transaction
    bool m_inParts = true; ///< its transactions may come in several parts; also before it is known
    Duration m_spent{}; ///< on the transaction that it is within
    std::optional<std::chrono::steady_clock::time_point> m_heldSince;
    std::optional<TableTrouble> m_trouble;
    std::chrono::steady_clock::time_point m_failingSince{}, m_forgotAt{}, m_readAt{};
    bool m_failing = false;
    std::thread m_thread;
};

} // namespace coldframe::session
