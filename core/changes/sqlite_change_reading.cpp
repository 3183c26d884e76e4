#include <algorithm>

#include <fmt/format.h>

#include "changes/capture_sql.h"
#include "changes/julian_day.h"
#include "changes/sqlite_change_log.h"
#include "changes/transaction.h"

namespace coldframe::changes {

using sources::Row;
using sources::RowChange;
using sources::RowValue;
using sqlite::queryInteger;
using sqlite::Statement;

namespace {

constexpr int kFirstValue = 4; // sequence, capture, op, at, then o1, n1, o2, n2, …
constexpr std::int64_t kForgottenAtOnce = 10'000; // some 20 ms, for which other writers wait

RowValue valueAt(const Statement& row, int column, std::size_t& bytes)
{
    switch (row.type(column)) {
    case SQLITE_INTEGER:
        return row.integer(column);
    case SQLITE_FLOAT:
        return row.real(column);
    case SQLITE_TEXT: {
        std::string text = row.bytes(column);
        bytes += text.size();
        return text;
    }
    case SQLITE_BLOB: {
        sources::Blob blob{row.bytes(column)};
        bytes += blob.bytes.size();
        return blob;
    }
    default:
        return sources::Null{};
    }
}

/// `side` 0 is the old row, 1 the new one.
Row rowAt(const Statement& line, std::size_t columns, int side, std::size_t& bytes)
{
    Row row;
    row.reserve(columns);
    for (std::size_t i = 0; i < columns; ++i)
        row.push_back(valueAt(line, kFirstValue + 2 * static_cast<int>(i) + side, bytes));
    return row;
}

std::string idsOf(const CaptureCatalog& catalog)
{
    std::vector<std::int64_t> ids;
    for (const CaptureCatalog::Capture& capture : catalog.captures)
        ids.push_back(capture.id);
    return fmt::format("{}", fmt::join(ids, ", "));
}

std::string firstReason(const CaptureState& state)
{
    return state.reasons.empty() ? std::string() : ": " + state.reasons.front();
}

} // namespace

Result<void> SqliteChangeLog::prepareToRead()
{
    if (const Result<void> fresh = refreshIfChanged(); !fresh)
        return fresh;
    if (!m_catalog.log || m_catalog.captures.empty()) {
        if (m_state.kind == CaptureState::Kind::Renamed)
            return tl::unexpected(Error{.code = Error::Code::Missing,
                                        .message = m_state.reasons.front(),
                                        .file = m_file.string()});
        if (!m_shapes.table && m_state.kind == CaptureState::Kind::Absent)
            return tl::unexpected(m_shapes.table.error());
        return tl::unexpected(
            Error{.code = Error::Code::Missing,
                  .message = fmt::format("changes of {} are not captured{}", quotedName(m_table),
                                         firstReason(m_state)),
                  .hint = "agree to what Coldframe wants to install in the database",
                  .file = m_file.string()});
    }
    if (m_state.owner != m_options.owner)
        return tl::unexpected(Error{
            .code = Error::Code::Conflict,
            .message = fmt::format("changes of {} are captured for another reader, \"{}\"",
                                   quotedName(m_table), m_state.owner),
            .hint = "stop that one, and agree to take its place: each change is told only once",
            .file = m_file.string()});
    return {};
}

Result<ChangeBatch> SqliteChangeLog::read(std::int64_t after, ReadLimit limit)
{
    Result<ChangeBatch> batch = readOnce(after, limit);
    if (!batch)
        m_data = -1; // what could not be read is still news to touched()
    return batch;
}

Result<ChangeBatch> SqliteChangeLog::readOnce(std::int64_t after, ReadLimit limit)
{
    if (const Result<void> opened = open(); !opened)
        return tl::unexpected(opened.error());
    // One snapshot; it ends before anything is done with what was read, as a reader's lock keeps
    // writers from committing in rollback-journal mode.
    const Transaction transaction(m_db.get(), "BEGIN");
    if (transaction.code() != SQLITE_OK)
        return tl::unexpected(problem(transaction.code()));
    if (const Result<void> ready = prepareToRead(); !ready)
        return tl::unexpected(ready.error());
    Result<ChangeBatch> batch = readWithin(after, limit);
    m_read.reset();
    return batch;
}

Result<ChangeBatch> SqliteChangeLog::readWithin(std::int64_t after, ReadLimit limit)
{
    int code = m_read.prepare(m_db.get(),
                              fmt::format("SELECT * FROM \"{}\" WHERE sequence > ?1 AND capture "
                                          "IN ({}) ORDER BY sequence",
                                          kLogTable, idsOf(m_catalog)));
    if (code != SQLITE_OK)
        return tl::unexpected(problem(code));
    const std::int64_t last = queryInteger(
        m_db.get(), fmt::format("SELECT max(sequence) FROM \"{}\"", kLogTable).c_str(), 0, code);
    if (code != SQLITE_ROW)
        return tl::unexpected(problem(code));

    limit.changes = std::max<std::size_t>(limit.changes, 1);
    ChangeBatch batch{
        .since = m_catalog.captures.back().since, .rewound = after > last, .state = m_state};
    std::size_t bytes = 0;
    m_read.bind(1, batch.rewound ? 0 : after);
    while ((code = m_read.next()) == SQLITE_ROW) {
        const bool full = batch.changes.size() >= limit.changes || bytes >= limit.bytes;
        if ((batch.more = full))
            break;
        const auto op = static_cast<LogOp>(m_read.integer(2));
        const auto columns = m_columns.find(m_read.integer(1));
        if (op < LogOp::Insert || op > LogOp::Remove || columns == m_columns.end())
            continue; // not written by a trigger of ours
        RowChange& change = batch.changes.emplace_back();
        change.kind = op == LogOp::Insert ? RowChange::Kind::Insert
            : op == LogOp::Modify         ? RowChange::Kind::Modify
                                          : RowChange::Kind::Remove;
        change.sequence = m_read.integer(0);
        change.table = m_table;
        change.since = batch.since;
        change.at = timeOfJulianDay(m_read.real(3));
        change.columns = columns->second;
        if (op != LogOp::Insert)
            change.oldRow = rowAt(m_read, columns->second->size(), 0, bytes);
        if (op != LogOp::Remove)
            change.newRow = rowAt(m_read, columns->second->size(), 1, bytes);
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return tl::unexpected(problem(code));
    batch.position = batch.more ? batch.changes.back().sequence : last;
    return batch;
}

Result<std::int64_t> SqliteChangeLog::latest()
{
    if (const Result<void> opened = open(); !opened)
        return tl::unexpected(opened.error());
    const Transaction transaction(m_db.get(), "BEGIN");
    if (transaction.code() != SQLITE_OK)
        return tl::unexpected(problem(transaction.code()));
    if (const Result<void> ready = prepareToRead(); !ready)
        return tl::unexpected(ready.error());
    int code = SQLITE_OK;
    const std::int64_t last = queryInteger(
        m_db.get(), fmt::format("SELECT max(sequence) FROM \"{}\"", kLogTable).c_str(), 0, code);
    if (code != SQLITE_ROW)
        return tl::unexpected(problem(code));
    return last;
}

Result<std::size_t> SqliteChangeLog::forget(std::int64_t upTo)
{
    if (const Result<void> opened = open(); !opened)
        return tl::unexpected(opened.error());
    std::size_t forgotten = 0;
    for (;;) {
        const Result<std::size_t> some = forgetSome(upTo);
        if (!some)
            return some;
        forgotten += *some;
        if (*some < static_cast<std::size_t>(kForgottenAtOnce))
            return forgotten;
    }
}

Result<std::size_t> SqliteChangeLog::forgetSome(std::int64_t upTo)
{
    Transaction transaction(m_db.get(), "BEGIN IMMEDIATE");
    if (transaction.code() != SQLITE_OK)
        return tl::unexpected(problem(transaction.code()));
    if (const Result<void> ready = prepareToRead(); !ready)
        return tl::unexpected(ready.error());
    sqlite3* db = m_db.get();
    int code = SQLITE_OK;
    const std::string log = quotedName(kLogTable), newest = "SELECT max(sequence) FROM " + log;
    const std::int64_t last = queryInteger(db, newest.c_str(), 0, code);
    if (code != SQLITE_ROW)
        return tl::unexpected(problem(code));
    const auto run = [&](const std::string& sql, std::int64_t number) {
        Statement statement;
        const int prepared = statement.prepare(db, sql);
        return prepared == SQLITE_OK ? statement.bind(1, number).run() : prepared;
    };
    code = run(fmt::format("DELETE FROM {0} WHERE sequence IN (SELECT sequence FROM {0} WHERE "
                           "sequence <= ?1 AND capture IN ({1}) ORDER BY sequence LIMIT {2})",
                           log, idsOf(m_catalog), kForgottenAtOnce),
               upTo);
    const auto forgotten = static_cast<std::size_t>(sqlite3_changes(db));
    // The highest number stays taken, so that SQLite does not give it out again.
    if (code == SQLITE_OK)
        code = run(fmt::format("INSERT INTO {0}(sequence, capture, op) SELECT ?1, 0, 0 WHERE NOT "
                               "EXISTS (SELECT 1 FROM {0} WHERE sequence = ?1)",
                               log),
                   last);
    if (code == SQLITE_OK)
        code = run(fmt::format("DELETE FROM {} WHERE capture = 0 AND sequence < ?1 AND sequence "
                               "<= {}",
                               log, upTo),
                   last);
    // Columns that no line has any more.
    if (code == SQLITE_OK && m_catalog.captures.size() > 1
        && forgotten < static_cast<std::size_t>(kForgottenAtOnce)) {
        code = run(fmt::format("DELETE FROM \"{}\" WHERE id IN ({}) AND id < ?1 AND NOT EXISTS "
                               "(SELECT 1 FROM {} WHERE capture = id)",
                               kCapturesTable, idsOf(m_catalog), log),
                   m_catalog.captures.back().id);
        m_schema = -1;
    }
    if (code == SQLITE_OK)
        code = transaction.commit();
    if (code != SQLITE_OK)
        return tl::unexpected(problem(code));
    return forgotten;
}

} // namespace coldframe::changes
