#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "changes/sqlite_change_log.h"
#include "row_text.h"
#include "sqlite/sqlite.h"
#include "temporary_folder.h"

namespace coldframe::changes {

using sources::RowChange;
using sources::RowValue;
using test::TemporaryFolder;
using test::textOf;
using test::textsOf;

/// A connection of the test's own: what the user's programs are.
class Writer {
public:
    explicit Writer(const std::filesystem::path& file)
    {
        sqlite::openDatabase(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, m_db);
        sqlite3_busy_timeout(m_db.get(), 10'000);
    }
    void run(const std::string& sql)
    {
        EXPECT_EQ(sqlite::execute(m_db.get(), sql.c_str()), SQLITE_OK)
            << sql << "\n"
            << sqlite3_errmsg(m_db.get());
    }
    /// SQLite's message; "not an error" when it went well.
    std::string fails(const std::string& sql)
    {
        sqlite::execute(m_db.get(), sql.c_str());
        return sqlite3_errmsg(m_db.get());
    }
    std::int64_t number(const std::string& sql)
    {
        int code = SQLITE_OK;
        return sqlite::queryInteger(m_db.get(), sql.c_str(), -1, code);
    }
    std::string text(const std::string& sql)
    {
        int code = SQLITE_OK;
        return sqlite::queryText(m_db.get(), sql.c_str(), code);
    }
    sqlite3* handle() { return m_db.get(); }

private:
    sqlite::Database m_db;
};

class ChangesTest : public testing::Test {
protected:
    ChangesTest() : m_file(m_folder / "shop.db"), m_writer(m_file) { }

    SqliteChangeLog logOf(const std::string& table, const std::string& owner = "shop")
    {
        return {m_file, table, {.owner = owner}};
    }
    /// Creates the table, captures it, and gives the log.
    SqliteChangeLog captured(const std::string& schema, const std::string& table = "t")
    {
        m_writer.run(schema);
        SqliteChangeLog log = logOf(table);
        install(log);
        return log;
    }
    static void install(SqliteChangeLog& log)
    {
        const auto plan = log.planInstall();
        ASSERT_TRUE(plan) << describe(plan.error());
        const auto done = log.install(*plan);
        ASSERT_TRUE(done) << describe(done.error());
        const auto state = log.inspect();
        ASSERT_TRUE(state) << describe(state.error());
        EXPECT_EQ(state->kind, CaptureState::Kind::Ready) << testing::PrintToString(state->reasons);
    }
    /// All that came since the last call, as text.
    std::vector<std::string> news(SqliteChangeLog& log)
    {
        const auto batch = log.read(m_position);
        EXPECT_TRUE(batch) << describe(batch.error());
        if (!batch)
            return {};
        EXPECT_FALSE(batch->more);
        m_position = batch->position;
        return textsOf(batch->changes);
    }
    /// What the writer's SQL comes out as.
    std::vector<std::string> changesOf(SqliteChangeLog& log, const std::string& sql)
    {
        news(log);
        m_writer.run(sql);
        return news(log);
    }

    TemporaryFolder m_folder;
    std::filesystem::path m_file;
    Writer m_writer;
    std::int64_t m_position = 0;
};

} // namespace coldframe::changes
