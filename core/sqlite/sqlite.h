#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

// The few calls of SQLite's C interface that rooms need, with owners for its handles.
namespace coldframe::sqlite {

struct CloseDatabase {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

/// A prepared statement. Functions return SQLite's result codes.
class Statement {
public:
    Statement() = default;
    int prepare(sqlite3* db, std::string_view sql);

    /// Text and blobs are not copied: they must live until run() or the last next().
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::string_view text);
    Statement& bindReal(int index, double value);
    Statement& bindNull(int index);
    Statement& bindBlob(int index, std::string_view bytes);

    /// Runs a statement that returns no rows and makes it ready for the next run.
    int run();
    /// SQLITE_ROW or SQLITE_DONE, else the error.
    int next() { return sqlite3_step(m_statement.get()); }
    void reset() { sqlite3_reset(m_statement.get()); }

    std::int64_t integer(int column) const
    {
        return sqlite3_column_int64(m_statement.get(), column);
    }
    double real(int column) const { return sqlite3_column_double(m_statement.get(), column); }
    /// SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB or SQLITE_NULL.
    int type(int column) const { return sqlite3_column_type(m_statement.get(), column); }
    std::string bytes(int column) const;

private:
    std::unique_ptr<sqlite3_stmt, FinalizeStatement> m_statement;
};

/// Opens with extended result codes. The handle is there even on failure, for its message.
int openDatabase(const std::filesystem::path& file, int flags, Database& out);

/// Runs statements without results.
int execute(sqlite3* db, const char* sql);

/// The first column of the first row, or `otherwise` when there is none; `code` says which or why.
std::string queryText(sqlite3* db, const char* sql, int& code);
std::int64_t queryInteger(sqlite3* db, const char* sql, std::int64_t otherwise, int& code);

} // namespace coldframe::sqlite
