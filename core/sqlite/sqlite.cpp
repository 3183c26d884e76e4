#include "sqlite/sqlite.h"

namespace coldframe::sqlite {

int Statement::prepare(sqlite3* db, std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    m_statement.reset(statement);
    return code;
}

Statement& Statement::bind(int index, std::int64_t value)
{
    sqlite3_bind_int64(m_statement.get(), index, value);
    return *this;
}

Statement& Statement::bind(int index, std::string_view text)
{
    sqlite3_bind_text64(m_statement.get(), index, text.data() ? text.data() : "", text.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindReal(int index, double value)
{
    sqlite3_bind_double(m_statement.get(), index, value);
    return *this;
}

Statement& Statement::bindNull(int index)
{
    sqlite3_bind_null(m_statement.get(), index);
    return *this;
}

Statement& Statement::bindBlob(int index, std::string_view bytes)
{
    sqlite3_bind_blob64(m_statement.get(), index, bytes.data() ? bytes.data() : "", bytes.size(),
                        SQLITE_STATIC);
    return *this;
}

int Statement::run()
{
    sqlite3_step(m_statement.get());
    return sqlite3_reset(m_statement.get()); // repeats the step's error, if there was one
}

std::string Statement::bytes(int column) const
{
    const void* data = sqlite3_column_blob(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return data ? std::string(static_cast<const char*>(data), static_cast<std::size_t>(size))
                : std::string();
}

int openDatabase(const std::filesystem::path& file, int flags, Database& out)
{
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    out.reset(db);
    if (db)
        sqlite3_extended_result_codes(db, 1);
    return code;
}

int execute(sqlite3* db, const char* sql)
{
    return sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
}

std::string queryText(sqlite3* db, const char* sql, int& code)
{
    Statement statement;
    code = statement.prepare(db, sql);
    if (code != SQLITE_OK)
        return {};
    code = statement.next();
    return code == SQLITE_ROW ? statement.bytes(0) : std::string();
}

std::int64_t queryInteger(sqlite3* db, const char* sql, std::int64_t otherwise, int& code)
{
    Statement statement;
    code = statement.prepare(db, sql);
    if (code != SQLITE_OK)
        return otherwise;
    code = statement.next();
    return code == SQLITE_ROW ? statement.integer(0) : otherwise;
}

} // namespace coldframe::sqlite
