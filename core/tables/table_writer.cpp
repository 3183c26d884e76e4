#include "tables/table_writer.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "tables/table_sql.h"

namespace coldframe::tables {

namespace {

constexpr int kLockWaitMs = 500; // a lock that lasts longer is said and tried again

void bindValue(sqlite::Statement& statement, int index, const Value& value)
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        statement.bind(index, *number);
    else if (const auto* real = std::get_if<double>(&value))
        statement.bindReal(index, *real);
    else if (const auto* text = std::get_if<std::string>(&value))
        statement.bind(index, *text);
    else
        statement.bindNull(index);
}

/// Failures of the database rather than of one write.
bool isOfAll(const Failure& failure)
{
    return !failure.ofRows && failure.error.code != Error::Code::Conflict;
}

} // namespace

void TableWriter::close()
{
    m_db.reset();
}

std::optional<Failure> TableWriter::check(int code, const Target& target) const
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return std::nullopt;
    return failureOf(code, m_db ? sqlite3_errmsg(m_db.get()) : sqlite3_errstr(code), m_file,
                     target);
}

/// A file that was replaced is opened anew: what is written to the old one nobody would see.
std::optional<Failure> TableWriter::open(const Target& target, bool create)
{
    struct stat status { };
    const bool there = ::stat(m_file.c_str(), &status) == 0;
    if (m_db && there && status.st_dev == m_device && status.st_ino == m_inode)
        return std::nullopt;
    close();
    std::error_code ignored;
    if (create && !there)
        std::filesystem::create_directories(m_file.parent_path(), ignored);
    const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    if (auto failure = check(sqlite::openDatabase(m_file, flags, m_db), target)) {
        close();
        return failure;
    }
    sqlite3_busy_timeout(m_db.get(), kLockWaitMs);
    if (::stat(m_file.c_str(), &status) == 0) {
        m_device = status.st_dev;
        m_inode = status.st_ino;
    }
    return std::nullopt;
}

std::optional<Failure> TableWriter::insert(const Write& write)
{
    if (write.rows.empty())
        return std::nullopt;
    if (write.target.create)
        if (auto failure
            = check(sqlite::execute(m_db.get(), createStatement(write.target, write.rows).c_str()),
                    write.target))
            return failure;
    const std::string sql = insertStatement(write.target);
    sqlite::Statement statement;
    if (auto failure = check(statement.prepare(m_db.get(), sql), write.target))
        return failure;
    for (const Row& row : write.rows) {
        for (std::size_t column = 0; column < row.size(); ++column)
            bindValue(statement, static_cast<int>(column) + 1, row[column]);
        const int code = statement.run();
        if (check(code, write.target)) {
            const std::string said = sqlite3_errmsg(m_db.get());
            // What can still be prepared is no wrong statement.
            const bool inRow = sqlite::Statement().prepare(m_db.get(), sql) == SQLITE_OK;
            return failureOf(code, said, m_file, write.target, inRow);
        }
    }
    return std::nullopt;
}

/// Takes back what it wrote before it failed.
std::optional<Failure> TableWriter::writeOne(const Write& write)
{
    if (auto failure = check(sqlite::execute(m_db.get(), "SAVEPOINT result"), write.target))
        return failure;
    auto failure = insert(write);
    if (failure && !sqlite3_get_autocommit(m_db.get()))
        sqlite::execute(m_db.get(), "ROLLBACK TO result");
    if (!sqlite3_get_autocommit(m_db.get()))
        sqlite::execute(m_db.get(), "RELEASE result");
    return failure;
}

std::vector<std::optional<Failure>> TableWriter::write(std::span<const Write> writes)
{
    std::vector<std::optional<Failure>> failures(writes.size());
    if (std::ranges::all_of(writes, [](const Write& write) { return write.rows.empty(); }))
        return failures;
    const auto allFailed = [&](const Failure& failure) {
        if (m_db && !sqlite3_get_autocommit(m_db.get()))
            sqlite::execute(m_db.get(), "ROLLBACK");
        for (std::optional<Failure>& one : failures)
            if (!one)
                one = Failure{failure.error}; // not for its own rows
        close(); // whatever was wrong, the next try begins anew
        return failures;
    };
    const bool create = std::ranges::any_of(
        writes, [](const Write& write) { return write.target.create && !write.rows.empty(); });
    if (auto failure = open(writes.front().target, create))
        return allFailed(*failure);
    if (auto failure = check(sqlite::execute(m_db.get(), "BEGIN IMMEDIATE"), writes.front().target))
        return allFailed(*failure);
    for (std::size_t i = 0; i < writes.size(); ++i) {
        failures[i] = writeOne(writes[i]);
        // A full disk may have rolled back all there was.
        if (failures[i] && (isOfAll(*failures[i]) || sqlite3_get_autocommit(m_db.get())))
            return allFailed(*failures[i]);
    }
    if (auto failure = check(sqlite::execute(m_db.get(), "COMMIT"), writes.front().target))
        return allFailed(*failure);
    return failures;
}

} // namespace coldframe::tables
