#include "journal/message_table.h"

#include <fmt/format.h>

#include "journal/journal_store.h"
#include "model/outside_time.h"

namespace coldframe::journal {

namespace {

/// Where a message stands is apart from it, so that a receive does not write its body again.
constexpr const char* kMessageTables = R"(
    CREATE TABLE IF NOT EXISTS messages(key INTEGER PRIMARY KEY, queue TEXT NOT NULL,
        message_id TEXT NOT NULL, sent_at INTEGER NOT NULL, hops INTEGER NOT NULL,
        sender TEXT NOT NULL, message_group TEXT NOT NULL, deduplication TEXT NOT NULL,
        visible_at INTEGER NOT NULL, attributes TEXT NOT NULL, body BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS stands(key INTEGER PRIMARY KEY, queue TEXT NOT NULL,
        receives INTEGER NOT NULL, sent_at INTEGER NOT NULL, first_received_at INTEGER NOT NULL,
        visible_at INTEGER NOT NULL, came_from TEXT NOT NULL, problem TEXT NOT NULL,
        receipt INTEGER NOT NULL DEFAULT 0, sequence INTEGER NOT NULL DEFAULT 0);)";

/// Of files that were made before receipts and places in order were kept.
constexpr const char* kLaterColumns = R"(
    ALTER TABLE stands ADD COLUMN receipt INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE stands ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;)";
constexpr const char* kHasLaterColumns
    = "SELECT count(*) FROM pragma_table_info('stands') WHERE name = 'sequence'";

constexpr const char* kAllMessages = R"(
    SELECT m.key, ifnull(s.queue, m.queue), message_id, ifnull(s.sent_at, m.sent_at), hops, sender,
        message_group, deduplication, length(body) + length(CAST(attributes AS BLOB)),
        ifnull(receives, 0), ifnull(first_received_at, 0), ifnull(s.visible_at, m.visible_at),
        ifnull(came_from, ''), ifnull(problem, ''), max(ifnull(receipt, 0), ifnull(receives, 0)),
        ifnull(nullif(sequence, 0), m.key) AS place,
        s.key IS NOT NULL AND (s.queue <> m.queue OR s.sent_at <> m.sent_at)
    FROM messages m LEFT JOIN stands s ON s.key = m.key ORDER BY place)";

std::int64_t stored(TimePoint time)
{
    return time.time_since_epoch().count();
}

std::int64_t stored(std::uint64_t key)
{
    return static_cast<std::int64_t>(key);
}

QueuedMessage readMessage(const sqlite::Statement& row)
{
    QueuedMessage message;
    message.key = static_cast<std::uint64_t>(row.integer(0));
    message.queue = row.bytes(1);
    message.messageId = row.bytes(2);
    message.sentAt = outsideTime(row.integer(3));
    message.hops = static_cast<std::uint32_t>(row.integer(4));
    message.sender = row.bytes(5);
    message.group = row.bytes(6);
    message.deduplication = row.bytes(7);
    message.bytes = static_cast<std::uint32_t>(row.integer(8));
    message.receives = static_cast<std::uint32_t>(row.integer(9));
    message.firstReceivedAt = outsideTime(row.integer(10));
    message.visibleAt = outsideTime(row.integer(11));
    message.from = row.bytes(12);
    message.problem = row.bytes(13);
    message.receipt = static_cast<std::uint32_t>(row.integer(14));
    message.sequence = static_cast<std::uint64_t>(row.integer(15));
    message.moved = row.integer(16) != 0;
    return message;
}

} // namespace

int MessageTable::prepare(sqlite3* db)
{
    int code = sqlite::execute(db, kMessageTables);
    int looked = SQLITE_OK;
    if (code == SQLITE_OK && sqlite::queryInteger(db, kHasLaterColumns, 0, looked) == 0)
        code = sqlite::execute(db, kLaterColumns);
    const std::pair<sqlite::Statement*, const char*> statements[] = {
        // REPLACE: a commit that failed at its very end may be repeated.
        {&m_add,
         "INSERT OR REPLACE INTO messages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"},
        {&m_stand,
         "INSERT OR REPLACE INTO stands SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 "
         "WHERE EXISTS (SELECT 1 FROM messages WHERE key = ?1)"},
        {&m_edit, "UPDATE messages SET body = ?2, attributes = ?3 WHERE key = ?1"},
        {&m_remove, "DELETE FROM messages WHERE key = ?1"},
        {&m_forget, "DELETE FROM stands WHERE key = ?1"},
    };
    for (const auto& [statement, sql] : statements)
        if (code == SQLITE_OK)
            code = statement->prepare(db, sql);
    int counted = SQLITE_OK;
    m_hasStands = sqlite::queryInteger(db, "SELECT count(*) FROM stands", 0, counted) > 0;
    return code;
}

int MessageTable::write(std::span<const MessageChange> changes)
{
    for (const MessageChange& change : changes)
        if (const int code = std::visit([this](const auto& it) { return write(it); }, change);
            code != SQLITE_OK)
            return code;
    return SQLITE_OK;
}

int MessageTable::write(const QueuedMessage& message)
{
    return m_add.bind(1, stored(message.key))
        .bind(2, message.queue)
        .bind(3, message.messageId)
        .bind(4, stored(message.sentAt))
        .bind(5, message.hops)
        .bind(6, message.sender)
        .bind(7, message.group)
        .bind(8, message.deduplication)
        .bind(9, stored(message.visibleAt))
        .bind(10, message.attributes)
        .bindBlob(11, message.body)
        .run();
}

int MessageTable::write(const MessageStands& stands)
{
    m_hasStands = true;
    return m_stand.bind(1, stored(stands.key))
        .bind(2, stands.queue)
        .bind(3, stands.receives)
        .bind(4, stored(stands.sentAt))
        .bind(5, stored(stands.firstReceivedAt))
        .bind(6, stored(stands.visibleAt))
        .bind(7, stands.from)
        .bind(8, stands.problem)
        .bind(9, stands.receipt)
        .bind(10, stored(stands.sequence))
        .run();
}

int MessageTable::write(const MessageEdited& edited)
{
    return m_edit.bind(1, stored(edited.key))
        .bindBlob(2, edited.body)
        .bind(3, edited.attributes)
        .run();
}

int MessageTable::write(const MessageRemoved& removed)
{
    int code = m_remove.bind(1, stored(removed.key)).run();
    if (code == SQLITE_OK && m_hasStands)
        code = m_forget.bind(1, stored(removed.key)).run();
    return code;
}

Result<std::vector<QueuedMessage>> readMessages(const std::filesystem::path& file)
{
    sqlite::Database db;
    int code = openForReading(file, db);
    if (code == SQLITE_OK) {
        sqlite::Statement row;
        std::vector<QueuedMessage> messages;
        code = row.prepare(db.get(), kAllMessages);
        while (code == SQLITE_OK || code == SQLITE_ROW)
            if (code = row.next(); code == SQLITE_ROW)
                messages.push_back(readMessage(row));
        if (code == SQLITE_DONE)
            return messages;
    }
    return tl::unexpected(describeFailure(file, code, sqlite3_errmsg(db.get())));
}

Result<void> MessageReader::read(QueuedMessage& message)
{
    int code = SQLITE_OK;
    if (!m_db) {
        code = openForReading(m_file, m_db);
        if (code == SQLITE_OK)
            code = m_body.prepare(m_db.get(),
                                  "SELECT body, attributes FROM messages WHERE key = ?1");
    }
    if (code == SQLITE_OK) {
        m_body.bind(1, stored(message.key));
        code = m_body.next();
        if (code == SQLITE_ROW) {
            message.body = m_body.bytes(0);
            message.attributes = m_body.bytes(1);
        }
        m_body.reset();
    }
    if (code == SQLITE_ROW)
        return {};
    Error error = code == SQLITE_DONE
        ? Error{Error::Code::Missing,
                fmt::format("the journal has no message {} any more", message.messageId),
                {},
                m_file.string(),
                {}}
        : describeFailure(m_file, code, sqlite3_errmsg(m_db.get()));
    if (code != SQLITE_DONE) { // the next one begins anew
        m_body = {};
        m_db.reset();
    }
    return tl::unexpected(std::move(error));
}

} // namespace coldframe::journal
