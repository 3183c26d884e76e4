#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "journal/checkpointer.h"
#include "journal/journal.h"
#include "journal/message_table.h"
#include "sqlite/sqlite.h"

namespace coldframe::journal {

/// What one commit writes. A key is appended before it is released and released before it is
/// removed, so applying the three lists in this order keeps the order of every single key.
struct Batch {
    struct Release {
        std::uint64_t key = 0;
        std::uint32_t attemptsDone = 0;
        TimePoint notBefore{};
    };
    std::vector<JournalEntry> appends;
    std::vector<std::function<void()>> callbacks; ///< by index of appends
    std::vector<Release> releases;
    std::vector<std::uint64_t> removes;
    std::vector<SourceMark> marks; ///< of appends and without one, in order
    std::vector<MessageChange> messages; ///< in order
    std::size_t bytes = 0; ///< memory of the appends, of messages sent and of marks

    std::size_t notes = 0; ///< calls that brought marks alone

    std::size_t size() const
    {
        return appends.size() + releases.size() + removes.size() + messages.size() + notes;
    }
    void clear();
};

/// What is stored beside the events, with every commit.
struct Progress {
    TimePoint engineTime{};
    std::uint64_t nextKey = 1;
};

/// The SQLite file. Used by one thread at a time.
class JournalStore {
public:
    /// See Journal::open().
    static Result<JournalStore> open(const std::filesystem::path& file, Durability durability);

    /// All of it or nothing. May be repeated after a failure.
    Result<void> commit(const Batch& batch, const Progress& progress);

    const std::optional<Error>& warning() const { return m_warning; }
    const Progress& progress() const { return m_progress; } ///< as found on open
    std::uint64_t stored() const { return m_stored; }
    std::uint64_t run() const { return m_run; }

private:
    Error failure(int code) const;
    Result<void> prepare(Durability durability);
    Result<void> checkFormat();
    int write(const Batch& batch, const Progress& progress);
    int writeAppends(const Batch& batch);
    int writeRemoves(const Batch& batch);
    int writeMarks(const Batch& batch);

    std::filesystem::path m_file;
    sqlite::Database m_db;
    std::unique_ptr<Checkpointer> m_checkpointer;
    MessageTable m_messages;
    sqlite::Statement m_begin, m_commit, m_rollback, m_append, m_release, m_remove, m_forget,
        m_progressed, m_mark, m_unmark;
    std::optional<Error> m_warning;
    Progress m_progress;
    std::uint64_t m_stored = 0;
    std::uint64_t m_run = 1;
    std::uint64_t m_removed = 0; ///< by the commit under way
    bool m_hasRetries = false; ///< so that removing needs no second look-up without them
};

/// Reads all events over a connection of its own.
Result<std::vector<JournalEntry>> readPending(const std::filesystem::path& file);

/// Likewise the marks of one source.
Result<std::vector<SourceMark>> readMarks(const std::filesystem::path& file,
                                          const std::string& source);

/// A connection that reads while the journal is written. A code of SQLite.
int openForReading(const std::filesystem::path& file, sqlite::Database& db);

/// What went wrong and what to do, for a result code of SQLite.
Error describeFailure(const std::filesystem::path& file, int code, const std::string& message);

} // namespace coldframe::journal
