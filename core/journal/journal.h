#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "journal/queued_message.h"
#include "model/error.h"
#include "model/source_mark.h"
#include "model/time.h"

// The durable queue of accepted asynchronous events. An event is in the file before it is
// acknowledged to whoever sent it, and leaves it when it is done: after a crash the rest is
// delivered again (at least once).
namespace coldframe::journal {

enum class Durability : std::uint8_t {
    Process, ///< survives SIGKILL of Coldframe (WAL, synchronous NORMAL)
    Power, ///< survives loss of power (WAL, synchronous FULL: one flush of the disk a group)
};

struct JournalEntry {
    std::uint64_t key = 0; ///< from Journal::nextKey()
    std::string function;
    std::string trigger; ///< empty when none made it
    std::string sourceKey; ///< what the trigger saw: the file's path, the time it fired
    std::string requestId; ///< UUID as text
    TimePoint acceptedAt{};
    std::uint32_t hops = 0; ///< functions this event's chain has already run through
    std::string body;
    /// Written with the event, all or nothing: a source that marks what it made an event of neither
    /// loses nor repeats it, whenever the program is killed. Not part of pending().
    std::vector<SourceMark> marks{};

    // Set by pending(), ignored by append():
    std::uint32_t attemptsDone = 0;
    TimePoint notBefore{}; ///< zero: due now
};

struct JournalOptions {
    Durability durability = Durability::Process;
    /// Shortest time between two commits. After a pause the first entry is committed at once.
    Duration groupEvery = std::chrono::milliseconds(2);
    /// Entries waiting for their commit may take this much memory; beyond it append() refuses.
    std::size_t maxWaitingBytes = std::size_t{64} << 20;
    /// One call a commit with the keys it made durable, in order of append(). On the journal's
    /// thread: post to your own loop and return.
    std::function<void(std::span<const std::uint64_t> keys)> onDurable{};
    /// Likewise of messages.
    std::function<void(std::span<const std::uint64_t> keys)> onMessages{};
    /// The Error when commits begin to fail or fail differently; nothing when they work again. On
    /// the journal's thread. Entries stay queued meanwhile and are tried again by themselves.
    std::function<void(const std::optional<Error>& stalled)> onState{};
};

struct JournalStats {
    std::uint64_t stored = 0; ///< events in the file
    std::uint64_t waiting = 0; ///< appended and not durable yet
    std::size_t waitingBytes = 0;
    std::uint64_t commits = 0;
    std::uint64_t lastGroup = 0; ///< appends, releases and removes of the last commit
    std::uint64_t largestGroup = 0;
    Duration lastCommitTook{};
    TimePoint lastCommitAt{}; ///< wall clock; zero before the first
    std::optional<Error> stalled;
};

/// One file, one thread that writes it. Every function may be called from any thread; none but
/// open(), pending() and flush() waits for the disk.
class Journal {
public:
    /// Opens or makes the file. One that is damaged is moved aside to "NAME.corrupt-TIME.db" and a
    /// new one begun: see warning(). Errors: no such folder, not permitted, written by a newer
    /// version, a database of something else.
    static Result<std::unique_ptr<Journal>> open(const std::filesystem::path& file,
                                                 JournalOptions options = {});
    /// Writes what waits. What cannot be written by one more try is given up: it was never
    /// reported durable.
    ~Journal();

    /// What open() had to do to go on, for the user to know.
    const std::optional<Error>& warning() const;

    /// A key no entry has or had, larger than all before, also across restarts.
    std::uint64_t nextKey();

    /// Queues the entry; `done` is called on the journal's thread once it is durable. False, and
    /// nothing queued, when full(): the source must stop and offer it again later.
    [[nodiscard]] bool append(JournalEntry entry, std::function<void()> done = {});
    bool full() const;

    /// The event's attempt failed and it is due again at `notBefore`.
    void release(std::uint64_t key, std::uint32_t attemptsDone, TimePoint notBefore);
    /// The event is done. An unknown key is no error.
    void remove(std::uint64_t key);

    /// Queues a message of a queue, likewise.
    [[nodiscard]] bool append(QueuedMessage message);
    /// What became of messages. In order with what was appended; unknown keys are no error.
    void change(MessageStands stands);
    void change(MessageEdited edited);
    void change(MessageRemoved removed);
    /// All messages in the file without their bodies, in order of sequence.
    Result<std::vector<QueuedMessage>> messages() const;
    const std::filesystem::path& file() const;

    /// Queues marks that go with no event. In order with those of append().
    void note(std::vector<SourceMark> marks);
    /// The marks of a source in the file, by key. Those that are still queued are missing: flush().
    Result<std::vector<SourceMark>> marks(const std::string& source) const;

    /// What is in the file, in order of key: after open(), what the last run left behind.
    Result<std::vector<JournalEntry>> pending() const;

    /// Waits until all that was called before is durable; the reason when commits fail.
    Result<void> flush();

    /// How often the file has been opened with this time.
    std::uint64_t run() const;

    /// Remembers how far engine time has come; stored with the next commit and at the end. Only
    /// ever moves forward.
    void noteEngineTime(TimePoint now);
    /// Where it was when the last run ended: engine time must not start before this.
    TimePoint lastEngineTime() const;

    JournalStats stats() const;

private:
    class Worker;
    explicit Journal(std::unique_ptr<Worker> worker);
    std::unique_ptr<Worker> m_worker;
};

} // namespace coldframe::journal
