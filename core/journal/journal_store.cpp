#include "journal/journal_store.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "model/outside_time.h"

namespace coldframe::journal {

using sqlite::Database;
using sqlite::execute;
using sqlite::openDatabase;
using sqlite::queryInteger;
using sqlite::queryText;
using sqlite::Statement;

namespace {

constexpr std::int64_t kFormat = 1;
constexpr int kLockWaitMs = 100; // a lock that lasts longer is reported and tried again
constexpr int kOpenLockWaitMs = 2000;
constexpr int kLargeFilePages = 4000; // 16 MB

constexpr const char* kSchema = R"(
    BEGIN IMMEDIATE;
    CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('format', 1), ('engineTime', 0), ('nextKey', 1);
    CREATE TABLE events(key INTEGER PRIMARY KEY, function TEXT NOT NULL,
        trigger_name TEXT NOT NULL, source_key TEXT NOT NULL, request_id TEXT NOT NULL,
        accepted_at INTEGER NOT NULL, hops INTEGER NOT NULL, body BLOB NOT NULL);
    -- Apart from events, so that releasing one does not write its body again.
    CREATE TABLE retries(key INTEGER PRIMARY KEY, attempts INTEGER NOT NULL,
        not_before INTEGER NOT NULL);
    COMMIT;
)";

/// Also of files of this format that were made before there were marks.
constexpr const char* kMarksTable = R"(
    CREATE TABLE IF NOT EXISTS marks(source TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY(source, key)) WITHOUT ROWID)";

/// Never one that is in use, whatever has become of the number: what has it would be replaced.
constexpr const char* kNextKey = R"(
    SELECT max(ifnull((SELECT value FROM meta WHERE key = 'nextKey'), 1),
        ifnull((SELECT max(key) FROM events), 0) + 1,
        ifnull((SELECT max(key) FROM messages), 0) + 1))";

std::int64_t nanoseconds(TimePoint time)
{
    return time.time_since_epoch().count();
}

Error problem(const std::filesystem::path& file, Error::Code code, std::string message,
              std::string hint)
{
    return {code, std::move(message), std::move(hint), file.string(), {}};
}

/// Renames the file and what SQLite keeps beside it. The log belongs to the damaged file; left
/// behind it would be taken for the new one's.
Result<std::filesystem::path> moveAside(const std::filesystem::path& file)
{
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::filesystem::path target = file;
    target.replace_filename(fmt::format("{}.corrupt-{:%Y%m%dT%H%M%SZ}", file.stem().string(), now));
    std::filesystem::path unique = target;
    for (int n = 2; std::filesystem::exists(fmt::format("{}.db", unique.string())); ++n)
        unique = fmt::format("{}-{}", target.string(), n);
    unique += ".db";

    std::error_code code;
    std::filesystem::rename(file, unique, code);
    if (code)
        return tl::unexpected(
            problem(file, Error::Code::Io,
                    "the journal is damaged and cannot be moved aside: " + code.message(),
                    "move or remove the file by hand"));
    std::filesystem::rename(file.string() + "-wal", unique.string() + "-wal", code);
    std::filesystem::remove(file.string() + "-wal", code); // if it could not be renamed
    std::filesystem::remove(file.string() + "-shm", code);
    return unique;
}

} // namespace

void Batch::clear()
{
    appends.clear();
    callbacks.clear();
    releases.clear();
    removes.clear();
    marks.clear();
    messages.clear();
    bytes = notes = 0;
}

Error describeFailure(const std::filesystem::path& file, int code, const std::string& message)
{
    Error error = problem(file, Error::Code::Io, "the journal: " + message, {});
    switch (code & 0xff) {
    case SQLITE_FULL:
        error.hint = "free space on this disk; accepted events wait in memory and are written as "
                     "soon as there is room";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        error.code = Error::Code::Unavailable;
        error.hint = "close the program that has the file open; events wait in memory until then";
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        error.hint = "check that the folder exists and that you may write to it";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        error.code = Error::Code::Malformed;
        error.hint = "start Coldframe again: it moves the damaged file aside and begins a new one";
        break;
    default:
        error.hint = "check the disk and the size limits of files; the write is tried again";
    }
    return error;
}

Error JournalStore::failure(int code) const
{
    // Not all that a full disk refuses is called so: the index of the log, for one.
    if ((code & 0xff) == SQLITE_IOERR && sqlite3_system_errno(m_db.get()) == ENOSPC)
        code = SQLITE_FULL;
    return describeFailure(m_file, code, sqlite3_errmsg(m_db.get()));
}

Result<JournalStore> JournalStore::open(const std::filesystem::path& file, Durability durability)
{
    std::error_code ignored;
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    if (!std::filesystem::is_directory(folder, ignored))
        return tl::unexpected(problem(file, Error::Code::Missing,
                                      "the journal's folder does not exist",
                                      "make the folder " + folder.string()));
    JournalStore store;
    store.m_file = file;
    Result<void> prepared = store.prepare(durability);
    if (!prepared && prepared.error().code == Error::Code::Malformed) {
        const std::string reason = prepared.error().message;
        store = JournalStore();
        const Result<std::filesystem::path> aside = moveAside(file);
        if (!aside)
            return tl::unexpected(aside.error());
        store.m_file = file;
        store.m_warning = problem(file, Error::Code::Malformed,
                                  fmt::format("{}; it was moved to {} and a new one begun", reason,
                                              aside->filename().string()),
                                  "events that were waiting in it were not delivered: send "
                                  "them again, or recover the file with sqlite3's .recover");
        prepared = store.prepare(durability);
    }
    if (!prepared)
        return tl::unexpected(prepared.error());
    return store;
}

Result<void> JournalStore::prepare(Durability durability)
{
    int code = openDatabase(m_file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, m_db);
    if (code != SQLITE_OK)
        return tl::unexpected(failure(code));
    sqlite3* db = m_db.get();
    // SQLite opens for reading what it cannot open for writing, and stays with that.
    if (sqlite3_db_readonly(db, "main") == 1)
        return tl::unexpected(
            describeFailure(m_file, SQLITE_READONLY, "the file cannot be opened for writing"));
    sqlite3_busy_timeout(db, kOpenLockWaitMs);
    queryText(db, "PRAGMA journal_mode=WAL", code);
    if (code != SQLITE_ROW)
        return tl::unexpected(failure(code));
    execute(db,
            durability == Durability::Power ? "PRAGMA synchronous=FULL"
                                            : "PRAGMA synchronous=NORMAL");

    const std::string verdict = queryText(db, "PRAGMA quick_check(1)", code);
    if (code != SQLITE_ROW)
        return tl::unexpected(failure(code));
    if (verdict != "ok")
        return tl::unexpected(describeFailure(m_file, SQLITE_CORRUPT, "is damaged: " + verdict));
    if (const Result<void> format = checkFormat(); !format)
        return format;
    // Commits that a loss of power has cut short lie behind the end of the log. Written over in part
    // by the next ones and cut short again, they could be found whole: the log begins anew.
    execute(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    if (code = execute(db, kMarksTable); code == SQLITE_OK)
        code = m_messages.prepare(db);
    if (code != SQLITE_OK)
        return tl::unexpected(failure(code));

    m_stored = static_cast<std::uint64_t>(queryInteger(db, "SELECT count(*) FROM events", 0, code));
    m_hasRetries = queryInteger(db, "SELECT count(*) FROM retries", 0, code) > 0;
    m_progress.engineTime
        = outsideTime(queryInteger(db, "SELECT value FROM meta WHERE key = 'engineTime'", 0, code));
    m_progress.nextKey = static_cast<std::uint64_t>(queryInteger(db, kNextKey, 1, code));
    m_run = static_cast<std::uint64_t>(
                queryInteger(db, "SELECT value FROM meta WHERE key = 'run'", 0, code))
        + 1;
    // On a full disk the number is that of the next run, too; all else goes on.
    execute(db, fmt::format("REPLACE INTO meta VALUES ('run', {})", m_run).c_str());
    const auto messages = queryInteger(db, "SELECT count(*) FROM messages", 0, code);
    // A backlog that was worked off leaves an empty, large file; giving it back is quick now.
    if (m_stored == 0 && messages == 0
        && queryInteger(db, "PRAGMA page_count", 0, code) > kLargeFilePages)
        execute(db, "VACUUM");

    const std::pair<Statement*, const char*> statements[] = {
        {&m_begin, "BEGIN IMMEDIATE"},
        {&m_commit, "COMMIT"},
        {&m_rollback, "ROLLBACK"},
        // REPLACE: a commit that failed at its very end may be repeated.
        {&m_append, "INSERT OR REPLACE INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
        {&m_release,
         "INSERT OR REPLACE INTO retries SELECT ?1, ?2, ?3 "
         "WHERE EXISTS (SELECT 1 FROM events WHERE key = ?1)"},
        {&m_remove, "DELETE FROM events WHERE key = ?1"},
        {&m_forget, "DELETE FROM retries WHERE key = ?1"},
        {&m_mark, "INSERT OR REPLACE INTO marks VALUES (?1, ?2, ?3)"},
        {&m_unmark, "DELETE FROM marks WHERE source = ?1 AND key = ?2"},
        {&m_progressed, "REPLACE INTO meta VALUES ('engineTime', ?1), ('nextKey', ?2)"},
    };
    for (const auto& [statement, sql] : statements) {
        if ((code = statement->prepare(db, sql)) != SQLITE_OK)
            return tl::unexpected(failure(code));
    }
    sqlite3_busy_timeout(db, kLockWaitMs);
    m_checkpointer = std::make_unique<Checkpointer>(m_file);
    m_checkpointer->watch(db);
    return {};
}

Result<void> JournalStore::checkFormat()
{
    int code = SQLITE_OK;
    if (queryInteger(m_db.get(), "SELECT count(*) FROM sqlite_master", 0, code) == 0) {
        if (code = execute(m_db.get(), kSchema); code != SQLITE_OK)
            return tl::unexpected(failure(code));
        return {};
    }
    const std::int64_t format
        = queryInteger(m_db.get(), "SELECT value FROM meta WHERE key = 'format'", 0, code);
    if (format == kFormat)
        return {};
    if (format > kFormat)
        return tl::unexpected(
            problem(m_file, Error::Code::OutOfRange,
                    fmt::format("the journal was written by a newer Coldframe (format {}, "
                                "this one knows {})",
                                format, kFormat),
                    "use that version, or move the file away to begin a new journal"));
    return tl::unexpected(problem(m_file, Error::Code::Conflict,
                                  "is a database, but not a journal of Coldframe",
                                  "move the file away, or choose another state folder"));
}

Result<void> JournalStore::commit(const Batch& batch, const Progress& progress)
{
    int moved = 0; // SQLite would go on writing to a file that no name leads to
    sqlite3_file_control(m_db.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved)
        return tl::unexpected(
            problem(m_file, Error::Code::Missing, "the journal was moved or deleted while in use",
                    "put it back, or start Coldframe again; events wait in memory until then"));
    m_removed = 0;
    const int code = write(batch, progress);
    if (code != SQLITE_OK) {
        Error error = failure(code); // before the rollback replaces the message
        if (!sqlite3_get_autocommit(m_db.get()))
            m_rollback.run();
        return tl::unexpected(std::move(error));
    }
    m_stored += batch.appends.size();
    m_stored -= m_removed;
    m_hasRetries = m_hasRetries || !batch.releases.empty();
    return {};
}

int JournalStore::write(const Batch& batch, const Progress& progress)
{
    int code = m_begin.run();
    if (code == SQLITE_OK)
        code = writeAppends(batch);
    for (std::size_t i = 0; code == SQLITE_OK && i < batch.releases.size(); ++i) {
        const Batch::Release& release = batch.releases[i];
        code = m_release.bind(1, static_cast<std::int64_t>(release.key))
                   .bind(2, release.attemptsDone)
                   .bind(3, nanoseconds(release.notBefore))
                   .run();
    }
    if (code == SQLITE_OK)
        code = writeRemoves(batch);
    if (code == SQLITE_OK)
        code = writeMarks(batch);
    if (code == SQLITE_OK)
        code = m_messages.write(batch.messages);
    if (code == SQLITE_OK)
        code = m_progressed.bind(1, nanoseconds(progress.engineTime))
                   .bind(2, static_cast<std::int64_t>(progress.nextKey))
                   .run();
    return code == SQLITE_OK ? m_commit.run() : code;
}

int JournalStore::writeAppends(const Batch& batch)
{
    for (const JournalEntry& entry : batch.appends) {
        const int code = m_append.bind(1, static_cast<std::int64_t>(entry.key))
                             .bind(2, entry.function)
                             .bind(3, entry.trigger)
                             .bind(4, entry.sourceKey)
                             .bind(5, entry.requestId)
                             .bind(6, nanoseconds(entry.acceptedAt))
                             .bind(7, entry.hops)
                             .bindBlob(8, entry.body)
                             .run();
        if (code != SQLITE_OK)
            return code;
    }
    return SQLITE_OK;
}

int JournalStore::writeRemoves(const Batch& batch)
{
    const bool retries = m_hasRetries || !batch.releases.empty();
    for (const std::uint64_t key : batch.removes) {
        int code = m_remove.bind(1, static_cast<std::int64_t>(key)).run();
        m_removed += static_cast<std::uint64_t>(sqlite3_changes(m_db.get()));
        if (code == SQLITE_OK && retries)
            code = m_forget.bind(1, static_cast<std::int64_t>(key)).run();
        if (code != SQLITE_OK)
            return code;
    }
    return SQLITE_OK;
}

int JournalStore::writeMarks(const Batch& batch)
{
    for (const SourceMark& mark : batch.marks) {
        Statement& statement = mark.value.empty() ? m_unmark : m_mark;
        statement.bind(1, mark.source).bind(2, mark.key);
        if (!mark.value.empty())
            statement.bindBlob(3, mark.value);
        if (const int code = statement.run(); code != SQLITE_OK)
            return code;
    }
    return SQLITE_OK;
}

} // namespace coldframe::journal
