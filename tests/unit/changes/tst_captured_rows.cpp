#include <cmath>
#include <limits>
#include <random>

#include "changes_fixture.h"

namespace coldframe::changes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CapturedRows = ChangesTest;

TEST_F(CapturedRows, insertUpdateAndDeleteComeInOrderWithOldAndNewRow)
{
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, item TEXT, qty INT)");
    EXPECT_THAT(changesOf(log,
                          "INSERT INTO t VALUES (1, 'tea', 2), (2, 'milk', 1);"
                          "UPDATE t SET qty = qty + 1; DELETE FROM t WHERE id = 1;"),
                ElementsAre("+ 1,'tea',2", "+ 2,'milk',1", "~ 1,'tea',2 > 1,'tea',3",
                            "~ 2,'milk',1 > 2,'milk',2", "- 1,'tea',3"));
    EXPECT_THAT(changesOf(log, "DELETE FROM t"), ElementsAre("- 2,'milk',2"));
}

TEST_F(CapturedRows, tellsColumnsKeyTimeAndRisingNumbers)
{
    auto log = captured("CREATE TABLE t(a TEXT, id INTEGER PRIMARY KEY)");
    const auto before = std::chrono::system_clock::now();
    m_writer.run("INSERT INTO t VALUES ('x', 7); INSERT INTO t VALUES ('y', 8);");
    const auto batch = log.read(0);
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->changes.size(), 2u);
    const RowChange& change = batch->changes.front();
    EXPECT_EQ(*change.columns, (sources::RowColumns{{"a", false}, {"id", true}}));
    EXPECT_EQ(change.table, "t");
    EXPECT_LT(change.sequence, batch->changes.back().sequence);
    EXPECT_EQ(batch->position, batch->changes.back().sequence);
    EXPECT_LT(std::chrono::abs(change.at - before), std::chrono::seconds(20));
}

TEST_F(CapturedRows, everyValueComesBackAsItIs)
{
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    const double third = 1.0 / 3, huge = std::numeric_limits<double>::max();
    const double tiny = std::numeric_limits<double>::denorm_min();
    const double infinite = std::numeric_limits<double>::infinity();
    const std::string bytes("\0\xff'\"\n", 5);
    const std::vector<RowValue> values = {sources::Null{},
                                          INT64_MAX,
                                          INT64_MIN,
                                          std::int64_t{0},
                                          third,
                                          huge,
                                          tiny,
                                          -0.0,
                                          infinite,
                                          -infinite,
                                          1.0,
                                          std::string(),
                                          std::string("it's \"é\" 𝄞"),
                                          std::string("nul\0in", 6),
                                          std::string("\xff\xfe not UTF-8"),
                                          sources::Blob{},
                                          sources::Blob{bytes},
                                          sources::Blob{std::string(100'000, '\x80')}};
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v2(m_writer.handle(), "INSERT INTO t(v) VALUES (?1)", -1, &raw, nullptr);
    for (const RowValue& value : values) {
        if (const auto* number = std::get_if<std::int64_t>(&value))
            sqlite3_bind_int64(raw, 1, *number);
        else if (const auto* real = std::get_if<double>(&value))
            sqlite3_bind_double(raw, 1, *real);
        else if (const auto* text = std::get_if<std::string>(&value))
            sqlite3_bind_text(raw, 1, text->data(), int(text->size()), SQLITE_STATIC);
        else if (const auto* blob = std::get_if<sources::Blob>(&value))
            sqlite3_bind_blob(raw, 1, blob->bytes.empty() ? "" : blob->bytes.data(),
                              int(blob->bytes.size()), SQLITE_STATIC);
        else
            sqlite3_bind_null(raw, 1);
        ASSERT_EQ(sqlite3_step(raw), SQLITE_DONE) << sqlite3_errmsg(m_writer.handle());
        sqlite3_reset(raw);
    }
    sqlite3_finalize(raw);
    m_writer.run("UPDATE t SET v = v"); // and once more, as old and as new row
    const auto batch = log.read(0);
    ASSERT_TRUE(batch);
    ASSERT_EQ(batch->changes.size(), 2 * values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const RowChange& later = batch->changes[values.size() + i];
        EXPECT_EQ(batch->changes[i].newRow[1], values[i]) << i;
        EXPECT_EQ(later.oldRow[1], values[i]) << i;
        EXPECT_EQ(later.newRow[1], values[i]) << i;
    }
    EXPECT_TRUE(std::signbit(std::get<double>(batch->changes[7].newRow[1])));
}

TEST_F(CapturedRows, insertOrReplaceIsOneModification)
{
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, item TEXT)");
    m_writer.run("INSERT INTO t VALUES (1, 'tea')");
    for (const char* recursive : {"OFF", "ON"}) {
        m_writer.run(std::string("PRAGMA recursive_triggers = ") + recursive);
        EXPECT_THAT(
            changesOf(log,
                      "REPLACE INTO t VALUES (1, 'milk'), (2, 'rum');"
                      "INSERT OR REPLACE INTO t VALUES (1, 'tea'); DELETE FROM t "
                      "WHERE id = 2"),
            ElementsAre("~ 1,'tea' > 1,'milk'", "+ 2,'rum'", "~ 1,'milk' > 1,'tea'", "- 2,'rum'"))
            << recursive;
    }
    EXPECT_EQ(m_writer.number("SELECT count(*) FROM _coldframe_replaced"), 0);
}

TEST_F(CapturedRows, aRowReplacedForAnotherUniqueKeyIsRemoved)
{
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE UNIQUE, "
                        "a, b, UNIQUE(a, b))");
    const std::string rows = "DELETE FROM t; INSERT INTO t VALUES (1, 'ann', 1, 1), (2, 'bob', 2, "
                             "2), (3, 'cy', 3, 3);";
    for (const char* recursive : {"OFF", "ON"}) {
        m_writer.run(std::string("PRAGMA recursive_triggers = ") + recursive);
        m_writer.run(rows);
        EXPECT_THAT(changesOf(log, "REPLACE INTO t VALUES (9, 'ANN', 5, 5)"),
                    ElementsAre("- 1,'ann',1,1", "+ 9,'ANN',5,5"));
        EXPECT_THAT(changesOf(log, "REPLACE INTO t VALUES (9, 'bob', 3, 3)"),
                    testing::UnorderedElementsAre("- 2,'bob',2,2", "- 3,'cy',3,3",
                                                  "~ 9,'ANN',5,5 > 9,'bob',3,3"));
        m_writer.run(rows);
        EXPECT_THAT(changesOf(log, "UPDATE OR REPLACE t SET id = 2 WHERE id = 1"),
                    ElementsAre("- 1,'ann',1,1", "~ 2,'bob',2,2 > 2,'ann',1,1"));
        EXPECT_THAT(changesOf(log, "UPDATE OR REPLACE t SET mail = 'CY' WHERE id = 2"),
                    ElementsAre("- 3,'cy',3,3", "~ 2,'ann',1,1 > 2,'CY',1,1"));
    }
}

TEST_F(CapturedRows, anotherKeyIsARemovalAndAnInsertion)
{
    auto log = captured("CREATE TABLE t(k TEXT PRIMARY KEY COLLATE NOCASE, v) WITHOUT ROWID");
    EXPECT_THAT(
        changesOf(log,
                  "INSERT INTO t VALUES ('a', 1); UPDATE t SET k = 'b';"
                  "UPDATE t SET k = 'B'; UPDATE t SET k = k, v = 2"),
        ElementsAre("+ 'a',1", "- 'a',1", "+ 'b',1", "- 'b',1", "+ 'B',1", "~ 'B',1 > 'B',2"));
    EXPECT_THAT(changesOf(log, "REPLACE INTO t VALUES ('b', 3)"),
                ElementsAre("- 'B',2", "+ 'b',3"));
}

TEST_F(CapturedRows, ignoredInsertsLeaveNothingBehindThatCounts)
{
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    EXPECT_THAT(changesOf(log,
                          "INSERT INTO t VALUES (5, 'a'); INSERT OR IGNORE INTO t VALUES (5, "
                          "'b'); DELETE FROM t; INSERT INTO t(v) VALUES ('c');"
                          "INSERT INTO t(id, v) VALUES (5, 'd')"),
                ElementsAre("+ 5,'a'", "- 5,'a'", "+ 1,'c'", "+ 5,'d'"));
    m_writer.run("INSERT OR IGNORE INTO t VALUES (5, 'e')");
    EXPECT_THAT(changesOf(log,
                          "DELETE FROM t WHERE id = 5; INSERT INTO t VALUES (4, 'f');"
                          "INSERT INTO t(v) VALUES ('g')"),
                ElementsAre("- 5,'d'", "+ 4,'f'", "+ 5,'g'"));
    m_writer.run("WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n LIMIT 3000) "
                 "INSERT INTO t SELECT i, 'x' FROM n;"
                 "INSERT OR IGNORE INTO t SELECT id, 'y' FROM t");
    EXPECT_LE(m_writer.number("SELECT count(*) FROM _coldframe_replaced"), 65);
}

TEST_F(CapturedRows, upsertsAreUpdates)
{
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, n INT)");
    const std::string upsert = "INSERT INTO t VALUES (1, 1) ON CONFLICT DO UPDATE SET n = n + 1;";
    EXPECT_THAT(changesOf(log, upsert + upsert + "DELETE FROM t;" + upsert),
                ElementsAre("+ 1,1", "~ 1,1 > 1,2", "- 1,2", "+ 1,1"));
    EXPECT_THAT(changesOf(log, "INSERT INTO t VALUES (1, 1) ON CONFLICT DO NOTHING"), IsEmpty());
}

TEST_F(CapturedRows, whatIsRolledBackWasNeverThere)
{
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, n INT CHECK (n < 10))");
    m_writer.run("BEGIN; INSERT INTO t VALUES (1, 1)");
    EXPECT_THAT(news(log), IsEmpty()) << "not committed yet";
    m_writer.run("ROLLBACK; BEGIN; INSERT INTO t VALUES (2, 2); SAVEPOINT s; INSERT INTO t VALUES "
                 "(3, 3); ROLLBACK TO s");
    m_writer.fails("INSERT INTO t VALUES (4, 4), (5, 50)");
    m_writer.fails("INSERT OR FAIL INTO t VALUES (6, 6), (7, 70)"); // keeps what came before
    m_writer.run("COMMIT");
    EXPECT_THAT(news(log), ElementsAre("+ 2,2", "+ 6,6"));
}

TEST_F(CapturedRows, compositeKeysAndTablesWithoutRowid)
{
    auto log = captured("CREATE TABLE t(v, b INT, a TEXT, PRIMARY KEY(a, b)) WITHOUT ROWID");
    EXPECT_THAT(
        changesOf(log,
                  "INSERT INTO t VALUES (1, 2, 'x'); REPLACE INTO t VALUES (5, 2, "
                  "'x'), (6, 3, 'x'); UPDATE t SET b = 9 WHERE b = 3"),
        ElementsAre("+ 1,2,'x'", "~ 1,2,'x' > 5,2,'x'", "+ 6,3,'x'", "- 6,3,'x'", "+ 6,9,'x'"));
    EXPECT_EQ(*log.read(0)->changes[0].columns,
              (sources::RowColumns{{"v", false}, {"b", true}, {"a", true}}));
}

TEST_F(CapturedRows, withoutAPrimaryKeyTheRowNumberStandsForIt)
{
    auto log = captured("CREATE TABLE t(rowid TEXT, v)");
    EXPECT_THAT(changesOf(log,
                          "INSERT INTO t VALUES ('a', 1), ('a', 1); UPDATE t SET v = 2 WHERE "
                          "_rowid_ = 2; DELETE FROM t; INSERT INTO t(_rowid_) VALUES (7);"
                          "REPLACE INTO t(_rowid_, v) VALUES (7, 3)"),
                ElementsAre("+ 1,'a',1", "+ 2,'a',1", "~ 2,'a',1 > 2,'a',2", "- 1,'a',1",
                            "- 2,'a',2", "+ 7,null,null", "~ 7,null,null > 7,null,3"));
    EXPECT_EQ(log.read(0)->changes[0].columns->front(), (sources::RowColumn{"_rowid_", true}));
}

TEST_F(CapturedRows, generatedColumnsAndNamesThatNeedQuotes)
{
    auto log = captured(R"(CREATE TABLE "or""der"("a""b" INT, "select" TEXT, "two words" AS
        ("a""b" * 2), stored AS ("a""b" + 1) STORED UNIQUE, 'it''s', PRIMARY KEY("a""b", "select")))",
                        R"(or"der)");
    EXPECT_THAT(changesOf(log, R"(INSERT INTO "or""der"("a""b", "select") VALUES (1, 'x');
        REPLACE INTO "or""der"("a""b", "select", "it's") VALUES (1, 'y', 5);
        UPDATE "or""der" SET "a""b" = 2)"),
                ElementsAre("+ 1,'x',2,2,null", "- 1,'x',2,2,null", "+ 1,'y',2,2,5",
                            "- 1,'y',2,2,5", "+ 2,'y',4,3,5"));
}

TEST_F(CapturedRows, foreignKeysCascade)
{
    auto log = captured("CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(id INTEGER PRIMARY "
                        "KEY, p REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE)");
    EXPECT_THAT(changesOf(log,
                          "PRAGMA foreign_keys = ON; INSERT INTO p VALUES (1), (2); INSERT "
                          "INTO t VALUES (10, 1), (20, 2); UPDATE p SET id = 3 WHERE id = 1;"
                          "DELETE FROM p WHERE id = 2; REPLACE INTO p VALUES (3)"),
                ElementsAre("+ 10,1", "+ 20,2", "~ 10,1 > 10,3", "- 20,2", "- 10,3"));
}

TEST_F(CapturedRows, aTriggerOfTheUsersOwnIsToldAfterWhatMadeItFire)
{
    auto log = captured(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, n INT, twice INT);"
        "CREATE TRIGGER mine AFTER INSERT ON t BEGIN UPDATE t SET twice = 2 * n WHERE id = NEW.id; "
        "INSERT INTO t SELECT id + 100, 0, 0 FROM t WHERE id = NEW.id AND id < 100; END;"
        "CREATE TRIGGER clean AFTER UPDATE ON t WHEN NEW.n < 0 BEGIN DELETE FROM t WHERE id = "
        "NEW.id; END");
    EXPECT_THAT(changesOf(log, "INSERT INTO t(id, n) VALUES (1, 4)"),
                ElementsAre("+ 1,4,null", "~ 1,4,null > 1,4,8", "+ 101,0,0"));
    EXPECT_THAT(changesOf(log, "REPLACE INTO t(id, n) VALUES (1, 5)"),
                testing::Contains("~ 1,4,8 > 1,5,null"));
    EXPECT_THAT(changesOf(log, "UPDATE t SET n = -1 WHERE id = 1"),
                ElementsAre("~ 1,5,10 > 1,-1,10", "- 1,-1,10"));
}

TEST_F(CapturedRows, partialUniqueIndexesRemoveOnlyWhatIsGone)
{
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, code TEXT, live INT);"
                        "CREATE UNIQUE INDEX one_live ON t(code) WHERE live = 1");
    m_writer.run("INSERT INTO t VALUES (1, 'a', 0), (2, 'a', 1)");
    EXPECT_THAT(changesOf(log, "REPLACE INTO t VALUES (3, 'a', 1)"),
                ElementsAre("- 2,'a',1", "+ 3,'a',1"));
    EXPECT_THAT(changesOf(log, "INSERT INTO t VALUES (4, 'a', 0)"), ElementsAre("+ 4,'a',0"));
}

/// What the table holds must follow from its changes alone, whatever was done to it, and each old
/// row must be the one that stood there.
TEST_F(CapturedRows, thousandsOfRandomStatementsCanBeReplayed)
{
    const unsigned seed = std::random_device()();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    m_writer.run("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, u TEXT COLLATE NOCASE UNIQUE, v)");
    const auto pick = [&](auto... words) {
        const char* all[] = {words...};
        return std::string(all[random() % sizeof...(words)]);
    };
    for (int i = 0; i < 4000; ++i) {
        const auto id = random() % 12;
        const std::string key = random() % 4 ? std::to_string(id) : "NULL";
        const std::string u = random() % 5 ? pick("'a'", "'A'", "'b'", "'c'", "'C'") : "NULL";
        const std::string resolve = pick("", " OR REPLACE", " OR IGNORE", " OR FAIL", " OR ABORT");
        std::string sql;
        switch (random() % 7) {
        case 0:
            sql = fmt::format("DELETE FROM t WHERE id % 5 = {}", id % 5);
            break;
        case 1:
            sql = fmt::format("UPDATE{} t SET id = {}, v = {} WHERE u = {}", resolve, id, i, u);
            break;
        case 2:
            sql = fmt::format("UPDATE{} t SET u = {} WHERE id = {}", resolve, u, id);
            break;
        case 3:
            sql = fmt::format("INSERT INTO t VALUES ({}, {}, {}) ON CONFLICT(id) DO UPDATE SET v = "
                              "v + 1, u = excluded.u",
                              key, u, i);
            break;
        case 4:
            sql = pick("PRAGMA recursive_triggers = ON", "PRAGMA recursive_triggers = OFF",
                       "SAVEPOINT s", "SAVEPOINT s", "ROLLBACK TO s", "RELEASE s", "COMMIT",
                       "COMMIT", "BEGIN", "ROLLBACK");
            break;
        default:
            sql = fmt::format("INSERT{} INTO t VALUES ({}, {}, {}), ({}, {}, {})", resolve, key, u,
                              i, random() % 12, pick("'d'", "'E'", "'e'"), i);
        }
        m_writer.fails(sql);
    }
    m_writer.fails("COMMIT");

    std::map<std::int64_t, std::string> rows;
    std::int64_t after = 0;
    std::size_t count = 0;
    for (bool more = true; more;) {
        const auto batch = log.read(after, {.changes = 7});
        ASSERT_TRUE(batch) << describe(batch.error());
        for (const RowChange& change : batch->changes) {
            const auto id = std::get<std::int64_t>(change.keyRow()[0]);
            SCOPED_TRACE(textOf(change));
            ASSERT_EQ(rows.contains(id), change.kind != RowChange::Kind::Insert);
            if (!change.oldRow.empty()) {
                ASSERT_EQ(rows[id], textOf(change.oldRow));
            }
            if (change.kind == RowChange::Kind::Remove)
                rows.erase(id);
            else
                rows[id] = textOf(change.newRow);
            ++count;
        }
        after = batch->position;
        more = batch->more;
    }
    EXPECT_GT(count, 500u);
    std::map<std::int64_t, std::string> table;
    sqlite::Statement row;
    row.prepare(m_writer.handle(), "SELECT id, u, v FROM t");
    while (row.next() == SQLITE_ROW) {
        const std::string u = row.type(1) == SQLITE_NULL ? "null" : "'" + row.bytes(1) + "'";
        table[row.integer(0)]
            = fmt::format("{},{},{}", row.integer(0), u,
                          row.type(2) == SQLITE_NULL ? "null" : std::to_string(row.integer(2)));
    }
    EXPECT_EQ(rows, table);
}

} // namespace
} // namespace coldframe::changes
