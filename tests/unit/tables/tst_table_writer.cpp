#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <thread>

#include <gmock/gmock.h>

#include "sqlite/sqlite.h"
#include "tables/database_copy.h"
#include "tables/table_sql.h"
#include "tables/table_writer.h"
#include "temporary_folder.h"

using namespace coldframe;
using namespace coldframe::tables;
using coldframe::test::TemporaryFolder;
using testing::ElementsAre;
namespace fs = std::filesystem;

namespace {

/// A connection of somebody else's.
class Other {
public:
    explicit Other(const fs::path& file)
    {
        EXPECT_EQ(sqlite::openDatabase(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, m_db),
                  SQLITE_OK);
        sqlite3_busy_timeout(m_db.get(), 5'000);
    }
    void run(const char* sql) const
    {
        EXPECT_EQ(sqlite::execute(m_db.get(), sql), SQLITE_OK) << sqlite3_errmsg(m_db.get());
    }
    /// Rows with their columns joined by '|'.
    std::vector<std::string> ask(const std::string& sql) const
    {
        std::vector<std::string> rows;
        sqlite::Statement statement;
        EXPECT_EQ(statement.prepare(m_db.get(), sql), SQLITE_OK) << sqlite3_errmsg(m_db.get());
        while (statement.next() == SQLITE_ROW)
            rows.push_back(statement.bytes(0));
        return rows;
    }

private:
    sqlite::Database m_db;
};

const Target kTotals{"totals", {"id", "total"}, {"id"}, true};

Write one(const Target& target, std::int64_t id, Value total)
{
    return {target, {Row{id, std::move(total)}}};
}

std::vector<std::string> written(TableWriter& writer, const std::vector<Write>& writes)
{
    std::vector<std::string> said;
    for (const auto& failure : writer.write(writes))
        said.push_back(failure ? (failure->ofRows ? "row: " : "") + failure->error.message : "");
    return said;
}

TEST(TableSql, quotesNames)
{
    const Target odd{"a \"b\"", {"select", "x\"); DROP TABLE t; --"}, {"select"}, true};
    EXPECT_EQ(insertStatement(odd),
              R"(INSERT INTO "a ""b""" ("select", "x""); DROP TABLE t; --") VALUES (?, ?))"
              R"( ON CONFLICT ("select") DO UPDATE SET)"
              R"( "x""); DROP TABLE t; --" = excluded."x""); DROP TABLE t; --")");
    EXPECT_EQ(insertStatement({"t", {"id"}, {"id"}}),
              R"(INSERT INTO "t" ("id") VALUES (?) ON CONFLICT ("id") DO NOTHING)");
    EXPECT_EQ(insertStatement({"t", {"id"}, {}}), R"(INSERT INTO "t" ("id") VALUES (?))");
}

TEST(TableWriter, makesTheTableWithTheTypesOfTheFirstValues)
{
    const TemporaryFolder folder;
    const fs::path file = folder / "data/new/a.db";
    TableWriter writer(file);
    const Target target{"t", {"n", "x", "s", "nothing"}, {"n"}, true};
    EXPECT_THAT(written(writer,
                        {{target,
                          {Row{std::int64_t{1}, 0.5, std::string("ü\0z", 4), {}},
                           Row{std::int64_t{2}, std::int64_t{3}, {}, "late"}}}}),
                ElementsAre(""));
    const Other other(file);
    EXPECT_THAT(other.ask("SELECT name || '|' || type || '|' || pk FROM pragma_table_info('t')"),
                ElementsAre("n|INTEGER|1", "x|REAL|0", "s|TEXT|0", "nothing|TEXT|0"));
    EXPECT_THAT(
        other.ask("SELECT n || '|' || x || '|' || quote(s) || '|' || quote(\"nothing\") FROM t"
                  " ORDER BY n"),
        ElementsAre("1|0.5|'ü'|NULL", "2|3.0|NULL|'late'"));
    EXPECT_THAT(other.ask("SELECT length(CAST(s AS BLOB)) FROM t WHERE n = 1"), ElementsAre("4"));
}

TEST(TableWriter, replacesByKeyAndAddsWithoutOne)
{
    const TemporaryFolder folder;
    TableWriter writer(folder / "a.db");
    for (int round = 0; round < 2; ++round) {
        EXPECT_THAT(written(writer, {one(kTotals, 1, 1.5), one(kTotals, 1, 2.5)}),
                    ElementsAre("", ""));
        EXPECT_THAT(written(writer, {one({"log", {"id", "total"}, {}, true}, 1, 1.5)}),
                    ElementsAre(""));
    }
    const Other other(folder / "a.db");
    EXPECT_THAT(other.ask("SELECT id || '|' || total FROM totals"), ElementsAre("1|2.5"));
    EXPECT_THAT(other.ask("SELECT count(*) FROM log"), ElementsAre("2"));
}

TEST(TableWriter, leavesNothingOfAResultOfWhichOneRowDoesNotFit)
{
    const TemporaryFolder folder;
    Other(folder / "a.db").run("CREATE TABLE totals(id INTEGER PRIMARY KEY, total REAL NOT NULL)");
    TableWriter writer(folder / "a.db");
    const Write bad{kTotals, {Row{std::int64_t{2}, 1.0}, Row{std::int64_t{3}, {}}}};
    EXPECT_THAT(
        written(writer, {one(kTotals, 1, 1.0), bad, one(kTotals, 4, 1.0)}),
        ElementsAre("", "row: table \"totals\": NOT NULL constraint failed: totals.total", ""));
    EXPECT_THAT(Other(folder / "a.db").ask("SELECT id FROM totals"), ElementsAre("1", "4"));
}

/// `ON CONFLICT ROLLBACK` of the user's own table takes everybody's rows with it.
TEST(TableWriter, givesUpARowThatATriggerOfTheUserCannotTake)
{
    TemporaryFolder folder;
    const Other other(folder / "x.db");
    other.run("CREATE TABLE totals(id INTEGER PRIMARY KEY, total); CREATE TABLE lines(n); CREATE "
              "TRIGGER t AFTER INSERT ON totals BEGIN INSERT INTO lines SELECT value FROM "
              "json_each(new.total); END");
    TableWriter writer(folder / "x.db");
    const std::vector<Write> writes
        = {one(kTotals, 1, "[1]"), one(kTotals, 2, "no JSON"), one(kTotals, 3, "[3]")};
    EXPECT_THAT(written(writer, writes),
                ElementsAre("", "row: table \"totals\": malformed JSON", ""));
    EXPECT_THAT(other.ask("SELECT n FROM lines"), ElementsAre("1", "3"));
    // What the connection knows of the tables is old.
    other.run("ALTER TABLE totals RENAME COLUMN total TO sum");
    EXPECT_THAT(written(writer, {one(kTotals, 4, "[4]")}),
                ElementsAre("table \"totals\": table totals has no column named total"));
    other.run("ALTER TABLE totals RENAME COLUMN sum TO total");
    EXPECT_THAT(written(writer, {one(kTotals, 4, "[4]")}), ElementsAre(""));
}

TEST(TableWriter, isNotMisledByATableThatRollsBack)
{
    const TemporaryFolder folder;
    Other(folder / "a.db")
        .run("CREATE TABLE totals(id INTEGER PRIMARY KEY, total REAL NOT NULL ON CONFLICT "
             "ROLLBACK)");
    TableWriter writer(folder / "a.db");
    const std::string why = "table \"totals\": NOT NULL constraint failed: totals.total";
    EXPECT_THAT(written(writer, {one(kTotals, 1, 1.0), one(kTotals, 2, {}), one(kTotals, 3, 1.0)}),
                ElementsAre(why, "row: " + why, why));
    EXPECT_THAT(written(writer, {one(kTotals, 1, 1.0), one(kTotals, 3, 1.0)}), ElementsAre("", ""));
}

struct Wrong {
    const char* name;
    const char* schema;
    Target target;
    const char* message;
    const char* hint; ///< begins so
};
class WrongSchema : public testing::TestWithParam<Wrong> { };

TEST_P(WrongSchema, isToldWithWhatToDoAndHoldsUpNobodyElse)
{
    const TemporaryFolder folder;
    const Other other(folder / "a.db");
    other.run("CREATE TABLE good(id)");
    other.run(GetParam().schema);
    TableWriter writer(folder / "a.db");
    Row row(GetParam().target.columns.size(), Value(std::int64_t{1}));
    const std::vector<Write> writes{{GetParam().target, {row}},
                                    {{"good", {"id"}, {}, false}, {Row{std::int64_t{1}}}}};
    const auto failures = writer.write(writes);
    ASSERT_TRUE(failures[0]);
    EXPECT_FALSE(failures[0]->ofRows);
    EXPECT_EQ(failures[0]->error.message, GetParam().message);
    EXPECT_THAT(failures[0]->error.hint, testing::StartsWith(GetParam().hint));
    EXPECT_FALSE(failures[1]);
    EXPECT_THAT(other.ask("SELECT count(*) FROM good"), ElementsAre("1"));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WrongSchema,
    testing::Values(
        Wrong{"noTable",
              "SELECT 1",
              {"t", {"id"}, {}, false},
              "table \"t\": no such table: t",
              "create it, or add \"create\": true"},
        Wrong{"noColumn",
              "CREATE TABLE t(id)",
              {"t", {"id", "total"}, {}, true},
              "table \"t\": table t has no column named total",
              "add it with ALTER TABLE \"t\" ADD COLUMN"},
        Wrong{"noIndex",
              "CREATE TABLE t(id, total)",
              {"t", {"id", "total"}, {"id"}, true},
              "table \"t\": ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint",
              "the key of an upsert needs an index: CREATE UNIQUE INDEX … ON \"t\" (\"id\")"},
        Wrong{"aView",
              "CREATE VIEW t AS SELECT 1 AS id",
              {"t", {"id"}, {}, false},
              "table \"t\": cannot modify t because it is a view",
              "correct the table"}),
    [](const auto& row) { return row.param.name; });

TEST(TableWriter, saysThatTheDatabaseIsMissing)
{
    const TemporaryFolder folder;
    TableWriter writer(folder / "a.db");
    Target target = kTotals;
    target.create = false;
    const auto failures = writer.write(std::vector{one(target, 1, 1.0)});
    ASSERT_TRUE(failures[0]);
    EXPECT_EQ(failures[0]->error.message, "table \"totals\": unable to open database file");
    EXPECT_THAT(failures[0]->error.hint, testing::StartsWith("make the database, or add"));
    EXPECT_FALSE(fs::exists(folder / "a.db"));
    Other(folder / "a.db").run("CREATE TABLE totals(id INTEGER PRIMARY KEY, total)");
    EXPECT_THAT(written(writer, {one(target, 1, 1.0)}), ElementsAre(""));
}

TEST(TableWriter, refusesWhatIsNoDatabase)
{
    const TemporaryFolder folder;
    folder.write("a.db", std::string(5000, 'x'));
    TableWriter writer(folder / "a.db");
    EXPECT_THAT(written(writer, {one(kTotals, 1, 1.0)}),
                ElementsAre("table \"totals\": file is not a database"));
    EXPECT_EQ(test::readFile(folder / "a.db"), std::string(5000, 'x'));
}

TEST(TableWriter, writesWhenTheLockIsGone)
{
    const TemporaryFolder folder;
    const Other other(folder / "a.db");
    other.run("CREATE TABLE totals(id INTEGER PRIMARY KEY, total)");
    other.run("BEGIN EXCLUSIVE");
    TableWriter writer(folder / "a.db");
    const auto failures = writer.write(std::vector{one(kTotals, 1, 1.0), one(kTotals, 2, 1.0)});
    for (const auto& failure : failures) {
        ASSERT_TRUE(failure);
        EXPECT_FALSE(failure->ofRows);
        EXPECT_EQ(failure->error.message, "table \"totals\": database is locked");
    }
    other.run("COMMIT");
    EXPECT_THAT(written(writer, {one(kTotals, 1, 1.0), one(kTotals, 2, 1.0)}), ElementsAre("", ""));
}

TEST(TableWriter, findsAFileThatWasReplaced)
{
    const TemporaryFolder folder;
    TableWriter writer(folder / "a.db");
    EXPECT_THAT(written(writer, {one(kTotals, 1, 1.0)}), ElementsAre(""));
    fs::rename(folder / "a.db", folder / "old.db");
    EXPECT_THAT(written(writer, {one(kTotals, 2, 1.0)}), ElementsAre(""));
    EXPECT_THAT(Other(folder / "a.db").ask("SELECT id FROM totals"), ElementsAre("2"));
}

TEST(DatabaseCopy, isOfOneMoment)
{
    const TemporaryFolder folder;
    const Other other(folder / "a.db");
    other.run("PRAGMA journal_mode=WAL");
    other.run("CREATE TABLE t(id)");
    other.run("INSERT INTO t VALUES (1)"); // still in the log beside the file
    other.run("BEGIN; INSERT INTO t VALUES (2)");
    ASSERT_TRUE(copyDatabase(folder / "a.db", folder / "copy/a.db", 1 << 20));
    EXPECT_THAT(Other(folder / "copy/a.db").ask("SELECT id FROM t"), ElementsAre("1"));
    EXPECT_TRUE(copyDatabase(folder / "none.db", folder / "none", 1 << 20));
    EXPECT_FALSE(fs::exists(folder / "none"));
    EXPECT_EQ(copyDatabase(folder / "a.db", folder / "b.db", 10).error().code,
              Error::Code::LimitReached);
    folder.write("text", "no database, and long enough to be told from an empty one");
    EXPECT_FALSE(copyDatabase(folder / "text", folder / "c.db", 1 << 20));
}

} // namespace
