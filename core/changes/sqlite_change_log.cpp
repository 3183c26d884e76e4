#include "changes/sqlite_change_log.h"

#include <system_error>

#include <fmt/format.h>

#include "changes/database_problem.h"
#include "changes/transaction.h"

namespace coldframe::changes {

using sqlite::execute;
using sqlite::queryInteger;

SqliteChangeLog::SqliteChangeLog(std::filesystem::path file, std::string table,
                                 ChangeLogOptions options)
    : m_file(std::move(file)), m_table(std::move(table)), m_options(std::move(options))
{ }

Error SqliteChangeLog::problem(int code) const
{
    return databaseProblem(m_file, code, sqlite3_errmsg(m_db.get()));
}

Result<void> SqliteChangeLog::open()
{
    int moved = 0; // SQLite would go on reading a file that no name leads to
    if (m_db)
        sqlite3_file_control(m_db.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (m_db && !moved)
        return {};
    m_read = {};
    m_db.reset();
    m_schema = m_data = -1;
    std::error_code ignored;
    if (!std::filesystem::exists(m_file, ignored))
        return tl::unexpected(Error{.code = Error::Code::Missing,
                                    .message = "the database file does not exist",
                                    .hint = "create it, or correct the store's \"path\"",
                                    .file = m_file.string()});
    const int code = sqlite::openDatabase(m_file, SQLITE_OPEN_READWRITE, m_db);
    if (code != SQLITE_OK) {
        Error error = problem(code);
        m_db.reset();
        return tl::unexpected(std::move(error));
    }
    sqlite3_busy_timeout(m_db.get(), m_options.lockWaitMs);
    return {};
}

Result<void> SqliteChangeLog::refresh()
{
    m_catalog = {};
    m_columns.clear();
    int code = SQLITE_OK;
    m_schema = queryInteger(m_db.get(), "PRAGMA schema_version", -1, code);
    if (code != SQLITE_ROW)
        return m_schema = -1, tl::unexpected(problem(code));
    code = readCaptureCatalog(m_db.get(), m_table, m_catalog);
    if (code == SQLITE_OK)
        m_shapes.table = readTableShape(m_db.get(), m_table, code);
    if (code == SQLITE_OK && !m_catalog.renamedTo.empty())
        m_shapes.renamed = readTableShape(m_db.get(), m_catalog.renamedTo, code);
    if (code != SQLITE_OK)
        return m_schema = -1, tl::unexpected(problem(code));
    if (!m_shapes.table)
        m_shapes.table.error().file = m_file.string();
    m_state = judgeCapture(m_catalog, m_shapes);
    for (const CaptureCatalog::Capture& capture : m_catalog.captures)
        m_columns[capture.id]
            = std::make_shared<const sources::RowColumns>(columnsOf(capture.columns));
    return {};
}

Result<void> SqliteChangeLog::refreshIfChanged()
{
    int code = SQLITE_OK;
    const std::int64_t schema = queryInteger(m_db.get(), "PRAGMA schema_version", -1, code);
    if (code != SQLITE_ROW)
        return tl::unexpected(problem(code));
    return schema == m_schema ? Result<void>() : refresh();
}

Result<CaptureState> SqliteChangeLog::inspect()
{
    if (const Result<void> opened = open(); !opened)
        return tl::unexpected(opened.error());
    const Transaction transaction(m_db.get(), "BEGIN");
    if (transaction.code() != SQLITE_OK)
        return tl::unexpected(problem(transaction.code()));
    if (const Result<void> fresh = refresh(); !fresh)
        return tl::unexpected(fresh.error());
    if (!m_shapes.table && m_state.kind == CaptureState::Kind::Absent)
        return tl::unexpected(m_shapes.table.error());
    return m_state;
}

Result<CapturePlan> SqliteChangeLog::planWithin(const Others* removal)
{
    if (const Result<void> fresh = refresh(); !fresh)
        return tl::unexpected(fresh.error());
    if (removal)
        return changes::planRemoval(m_catalog, {m_options.owner, *removal});
    if (m_shapes.table)
        return changes::planInstall(m_catalog, m_shapes, m_options.owner);
    Error error = m_shapes.table.error();
    const std::string& name
        = m_catalog.renamedTo.empty() ? m_catalog.takenOverBy : m_catalog.renamedTo;
    if (error.code == Error::Code::Missing && !name.empty()) {
        error.message
            = fmt::format("the table {} was renamed to {}", quotedName(m_table), quotedName(name));
        error.hint = fmt::format("write {} into the trigger's \"table\", then install it for that "
                                 "one: what waits in the log comes along",
                                 quotedName(name));
    }
    return tl::unexpected(std::move(error));
}

Result<CapturePlan> SqliteChangeLog::plan(const Others* removal)
{
    if (const Result<void> opened = open(); !opened)
        return tl::unexpected(opened.error());
    const Transaction transaction(m_db.get(), "BEGIN");
    return transaction.code() == SQLITE_OK ? planWithin(removal)
                                           : tl::unexpected(problem(transaction.code()));
}

Result<CapturePlan> SqliteChangeLog::planInstall()
{
    return plan(nullptr);
}

Result<CapturePlan> SqliteChangeLog::planRemoval(const Others& others)
{
    return plan(&others);
}

Result<void> SqliteChangeLog::carryOut(const CapturePlan& agreed, const Others* removal)
{
    if (const Result<void> opened = open(); !opened)
        return opened;
    Transaction transaction(m_db.get(), "BEGIN IMMEDIATE");
    if (transaction.code() != SQLITE_OK)
        return tl::unexpected(problem(transaction.code()));
    const Result<CapturePlan> now = planWithin(removal);
    if (!now)
        return tl::unexpected(now.error());
    if (now->statements != agreed.statements)
        return tl::unexpected(
            Error{.code = Error::Code::Conflict,
                  .message = fmt::format("the database has changed since the plan for {} was made",
                                         quotedName(m_table)),
                  .hint = "look at the new plan and agree to that one",
                  .file = m_file.string()});
    m_schema = -1;
    m_read = {};
    for (const std::string& statement : agreed.statements)
        if (const int code = execute(m_db.get(), statement.c_str()); code != SQLITE_OK) {
            Error error = problem(code);
            error.message += " (in: " + statement.substr(0, statement.find('\n')) + ")";
            return tl::unexpected(std::move(error));
        }
    if (const int code = transaction.commit(); code != SQLITE_OK)
        return tl::unexpected(problem(code));
    return {};
}

Result<void> SqliteChangeLog::install(const CapturePlan& agreed)
{
    return carryOut(agreed, nullptr);
}

Result<void> SqliteChangeLog::remove(const CapturePlan& agreed, const Others& others)
{
    return carryOut(agreed, &others);
}

Result<std::vector<std::string>> SqliteChangeLog::formerNames()
{
    if (const Result<void> opened = open(); !opened)
        return opened.error().code == Error::Code::Missing
            ? Result<std::vector<std::string>>(std::vector<std::string>())
            : tl::unexpected(opened.error());
    const Transaction transaction(m_db.get(), "BEGIN");
    if (transaction.code() != SQLITE_OK)
        return tl::unexpected(problem(transaction.code()));
    if (const Result<void> fresh = refreshIfChanged(); !fresh)
        return tl::unexpected(fresh.error());
    return m_catalog.formerNames();
}

bool SqliteChangeLog::touched()
{
    if (!open())
        return true;
    int code = SQLITE_OK;
    const std::int64_t data = queryInteger(m_db.get(), "PRAGMA data_version", -1, code);
    const bool same = code == SQLITE_ROW && data == m_data;
    m_data = code == SQLITE_ROW ? data : -1;
    return !same;
}

} // namespace coldframe::changes
