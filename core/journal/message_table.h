#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "journal/queued_message.h"
#include "model/error.h"
#include "sqlite/sqlite.h"

namespace coldframe::journal {

/// Messages of queues, in the file of the journal: written within its commits. Used by one thread
/// at a time. Functions return SQLite's result codes.
class MessageTable {
public:
    /// Makes the tables if they are not there.
    int prepare(sqlite3* db);
    /// Within a transaction. May be repeated after a failure.
    int write(std::span<const MessageChange> changes);

private:
    int write(const QueuedMessage& message);
    int write(const MessageStands& stands);
    int write(const MessageEdited& edited);
    int write(const MessageRemoved& removed);

    sqlite::Statement m_add, m_stand, m_edit, m_remove, m_forget;
    bool m_hasStands = false; ///< so that removing needs no second look-up without them
};

/// All messages in order of sequence, without their bodies, over a connection of its own.
Result<std::vector<QueuedMessage>> readMessages(const std::filesystem::path& file);

/// Reads single bodies over a connection that stays open. Used by one thread at a time.
class MessageReader {
public:
    explicit MessageReader(std::filesystem::path file) : m_file(std::move(file)) { }
    /// Body and attributes of the message are filled in. Missing: it is not in the file.
    Result<void> read(QueuedMessage& message);

private:
    std::filesystem::path m_file;
    sqlite::Database m_db;
    sqlite::Statement m_body; ///< ends before the connection
};

} // namespace coldframe::journal
