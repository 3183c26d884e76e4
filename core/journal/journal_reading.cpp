#include "journal/journal_store.h"
#include "model/outside_time.h"

// What other connections read of the journal's file while it is written.
namespace coldframe::journal {

using sqlite::Database;
using sqlite::Statement;

namespace {

constexpr int kReadLockWaitMs = 2000;

constexpr const char* kPending = R"(
    SELECT e.key, function, trigger_name, source_key, request_id, accepted_at, hops, body,
        ifnull(attempts, 0), ifnull(not_before, 0)
    FROM events e LEFT JOIN retries r ON r.key = e.key ORDER BY e.key)";

JournalEntry readEntry(const Statement& row)
{
    JournalEntry entry;
    entry.key = static_cast<std::uint64_t>(row.integer(0));
    entry.function = row.bytes(1);
    entry.trigger = row.bytes(2);
    entry.sourceKey = row.bytes(3);
    entry.requestId = row.bytes(4);
    entry.acceptedAt = outsideTime(row.integer(5));
    entry.hops = static_cast<std::uint32_t>(row.integer(6));
    entry.body = row.bytes(7);
    entry.attemptsDone = static_cast<std::uint32_t>(row.integer(8));
    entry.notBefore = outsideTime(row.integer(9));
    return entry;
}

} // namespace

int openForReading(const std::filesystem::path& file, Database& db)
{
    const int code
        = sqlite::openDatabase(file, SQLITE_OPEN_READWRITE, db); // a log may have to be replayed
    if (code == SQLITE_OK)
        sqlite3_busy_timeout(db.get(), kReadLockWaitMs);
    return code;
}

Result<std::vector<SourceMark>> readMarks(const std::filesystem::path& file,
                                          const std::string& source)
{
    Database db;
    int code = openForReading(file, db);
    if (code == SQLITE_OK) {
        Statement row;
        std::vector<SourceMark> marks;
        code = row.prepare(db.get(), "SELECT key, value FROM marks WHERE source = ?1 ORDER BY key");
        if (code == SQLITE_OK)
            row.bind(1, source);
        while (code == SQLITE_OK || code == SQLITE_ROW) {
            if (code = row.next(); code == SQLITE_ROW)
                marks.push_back({source, row.bytes(0), row.bytes(1)});
        }
        if (code == SQLITE_DONE)
            return marks;
    }
    return tl::unexpected(describeFailure(file, code, sqlite3_errmsg(db.get())));
}

Result<std::vector<JournalEntry>> readPending(const std::filesystem::path& file)
{
    Database db;
    int code = openForReading(file, db);
    if (code == SQLITE_OK) {
        Statement row;
        std::vector<JournalEntry> entries;
        code = row.prepare(db.get(), kPending);
        while (code == SQLITE_OK || code == SQLITE_ROW) {
            if (code = row.next(); code == SQLITE_ROW)
                entries.push_back(readEntry(row));
        }
        if (code == SQLITE_DONE)
            return entries;
    }
    return tl::unexpected(describeFailure(file, code, sqlite3_errmsg(db.get())));
}

} // namespace coldframe::journal
