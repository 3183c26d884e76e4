#include <cmath>

#include "postgres_fixture.h"
#include "sources/row_event.h"

namespace coldframe::postgres {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using PostgresChanges = PostgresTest;

TEST_F(PostgresChanges, insertUpdateAndDeleteComeInTheOrderOfCommits)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY, item text)");
    run("INSERT INTO t VALUES (1, 'tea'), (2, 'milk')");
    run("UPDATE t SET item = 'rum' WHERE id = 1");
    run("UPDATE t SET id = 3 WHERE id = 2");
    run("INSERT INTO t VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET item = 'gin'");
    run("DELETE FROM t");
    const auto changes = read(stream, 8);
    EXPECT_THAT(textsOf(changes),
                ElementsAre("+ 1,'tea'", "+ 2,'milk'", "~ 1,'tea' > 1,'rum'", "- 2,'milk'",
                            "+ 3,'milk'", "~ 1,'rum' > 1,'gin'", "- 3,'milk'", "- 1,'gin'"));
    for (std::size_t i = 1; i < changes.size(); ++i)
        EXPECT_LT(sources::sequenceNumber(changes[i - 1]), sources::sequenceNumber(changes[i]));
    EXPECT_EQ(*changes[0].columns, (sources::RowColumns{{"id", true}, {"item", false}}));
}

TEST_F(PostgresChanges, aTransactionThatCommitsLaterComesLaterAndOneRolledBackNever)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    auto other = connect(s_server->connection(), ConnectionKind::Ordinary);
    ASSERT_TRUE(query(other->get(), "BEGIN; INSERT INTO t VALUES (1)"));
    run("INSERT INTO t VALUES (2)");
    run("BEGIN; INSERT INTO t VALUES (3); SAVEPOINT s; INSERT INTO t VALUES (4); ROLLBACK TO s; "
        "COMMIT");
    run("BEGIN; INSERT INTO t VALUES (5); ROLLBACK");
    ASSERT_TRUE(query(other->get(), "COMMIT"));
    EXPECT_THAT(textsOf(read(stream, 3)), ElementsAre("+ 2", "+ 3", "+ 1"));
}

TEST_F(PostgresChanges, valuesAreExact)
{
    auto& stream = captured(
        "CREATE TABLE t(id bigint PRIMARY KEY, b bool, r float8, f real, n numeric, x bytea, s "
        "text, "
        "j jsonb, d timestamptz, a int[], g bigint GENERATED ALWAYS AS (id * 2) STORED)");
    run("SET timezone = 'UTC'");
    run("INSERT INTO t VALUES (9223372036854775807 / 2, true, 0.1, 0.1, 12345678901234567890.10, "
        "'\\x00ff', 'it''s é', '{\"a\": 1}', '2026-11-27T10:00:00Z', '{1,2}'), "
        "(-1, NULL, 'NaN', '-Infinity', 'NaN', '', '', NULL, NULL, NULL)");
    const auto changes = read(stream, 2);
    const sources::Row& row = changes[0].newRow;
    EXPECT_EQ(std::get<std::int64_t>(row[0]), 4611686018427387903);
    EXPECT_EQ(std::get<double>(row[2]), 0.1);
    EXPECT_EQ(std::get<sources::Decimal>(row[4]).digits, "12345678901234567890.10");
    EXPECT_EQ(std::get<sources::Blob>(row[5]).bytes, std::string("\0\xff", 2));
    EXPECT_EQ(textOf(row[6]), "'it's é'");
    EXPECT_EQ(textOf(row[7]), "'{\"a\": 1}'");
    EXPECT_EQ(textOf(row[9]), "'{1,2}'");
    EXPECT_TRUE(std::isnan(std::get<double>(changes[1].newRow[2])));
    EXPECT_TRUE(std::isinf(std::get<double>(changes[1].newRow[3])));
    EXPECT_EQ(textOf(changes[1].newRow[1]), "null");
}

TEST_F(PostgresChanges, largeValuesThatWereNotChangedAreToldAllTheSame)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY, large text, n int)");
    run("ALTER TABLE t ALTER large SET STORAGE EXTERNAL");
    run("INSERT INTO t VALUES (1, repeat('x', 100000), 1)");
    run("UPDATE t SET n = 2");
    const auto changes = read(stream, 2);
    EXPECT_EQ(std::get<std::string>(changes[1].newRow[1]), std::string(100'000, 'x'));
    EXPECT_EQ(std::get<std::string>(changes[1].oldRow[1]), std::string(100'000, 'x'));
}

TEST_F(PostgresChanges, whatIsNotForgottenComesAgainAndWhatIsDoesNot)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    for (int i = 1; i <= 5; ++i)
        run(fmt::format("INSERT INTO t VALUES ({})", i));
    EXPECT_EQ(read(stream, 5).size(), 5u);
    EXPECT_THAT(stream.read(m_position)->changes, IsEmpty());
    m_position = 0; // a caller that knows nothing any more
    EXPECT_THAT(textsOf(read(stream, 5)), ElementsAre("+ 1", "+ 2", "+ 3", "+ 4", "+ 5"));
    ASSERT_TRUE(stream.forget(m_position));
    run("INSERT INTO t VALUES (6)");
    read(stream, 1);
    PostgresChangeStream second(optionsOf("t"));
    const auto taken = second.read(0);
    ASSERT_FALSE(taken) << "one reader at a time";
    EXPECT_EQ(taken.error().code, Error::Code::Unavailable);
    stream = PostgresChangeStream(optionsOf("t")); // as after a restart of ours
    m_position = 0;
    EXPECT_THAT(textsOf(read(stream, 1)), ElementsAre("+ 6"));
}

TEST_F(PostgresChanges, aLargeTransactionComesInBatchesAndAgainWhenInterrupted)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY, v text)");
    run("INSERT INTO t SELECT i, repeat('v', 100) FROM generate_series(1, 5000) i");
    std::size_t count = 0;
    while (count < 2000) {
        const auto batch = stream.read(0, {.changes = 700});
        ASSERT_TRUE(batch) << describe(batch.error());
        EXPECT_EQ(batch->position, 0) << "not past it yet";
        count += batch->changes.size();
    }
    stream = PostgresChangeStream(optionsOf("t"));
    const auto all = read(stream, 5000, {.changes = 700});
    ASSERT_EQ(all.size(), 5000u);
    EXPECT_EQ(all[0].part, 0u);
    EXPECT_EQ(all[4999].part, 4999u);
    EXPECT_GT(m_position, 0);
}

TEST_F(PostgresChanges, aNewColumnIsToldFromItsFirstChangeOn)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY, item text)");
    run("INSERT INTO t VALUES (1, 'tea')");
    run("ALTER TABLE t ADD qty int; ALTER TABLE t RENAME item TO thing");
    run("UPDATE t SET qty = 5");
    run("ALTER TABLE t DROP thing");
    run("DELETE FROM t");
    const auto changes = read(stream, 3);
    EXPECT_THAT(textsOf(changes), ElementsAre("+ 1,'tea'", "~ 1,'tea',null > 1,'tea',5", "- 1,5"));
    EXPECT_EQ(changes[0].columns->at(1).name, "item");
    EXPECT_EQ(changes[1].columns->at(1).name, "thing");
    EXPECT_EQ(stream.inspect()->kind, CaptureState::Kind::Ready);
}

TEST_F(PostgresChanges, withoutAPrimaryKeyTheWholeRowIsTheKey)
{
    run("CREATE TABLE t(a int, b text)");
    PostgresChangeStream probe(optionsOf("t"));
    EXPECT_THAT(probe.planInstall()->warnings, testing::Contains(HasSubstr("has no primary key")));
    auto& stream = captured("SELECT 1");
    run("INSERT INTO t VALUES (1, 'x'), (1, 'x')");
    run("UPDATE t SET a = 2");
    run("DELETE FROM t");
    EXPECT_EQ(textsOf(read(stream, 8)),
              (std::vector<std::string>{"+ 1,'x'", "+ 1,'x'", "- 1,'x'", "+ 2,'x'", "- 1,'x'",
                                        "+ 2,'x'", "- 2,'x'", "- 2,'x'"}));
}

TEST_F(PostgresChanges, truncateIsToldInANotice)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    run("INSERT INTO t VALUES (1)");
    run("TRUNCATE t");
    run("INSERT INTO t VALUES (2)");
    EXPECT_THAT(textsOf(read(stream, 2)), ElementsAre("+ 1", "+ 2"));
    EXPECT_THAT(m_notices, ElementsAre(HasSubstr("TRUNCATE")));
}

TEST_F(PostgresChanges, theServersLogMayGoThoughOnlyOtherTablesAreWritten)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY); CREATE TABLE other(v text)");
    run("INSERT INTO t VALUES (1)");
    read(stream, 1);
    const auto confirmed
        = [&] { return lsnOf(text("SELECT confirmed_flush_lsn FROM pg_replication_slots")); };
    run("INSERT INTO other SELECT repeat('x', 1000) FROM generate_series(1, 1000)");
    const std::int64_t end = lsnOf(text("SELECT pg_current_wal_lsn()"));
    const auto readUntil = [&](const auto& done) {
        for (int i = 0; i < 200 && !done(); ++i) {
            ASSERT_TRUE(stream.read(m_position));
            ASSERT_TRUE(stream.forget(0)); // says nothing new, but speaks
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    };
    readUntil([] { return false; });
    EXPECT_LT(confirmed(), m_position) << "what was given out is not yet safe";
    ASSERT_TRUE(stream.forget(m_position));
    readUntil([&] { return confirmed() >= end; });
    EXPECT_GE(confirmed(), end);
}

TEST_F(PostgresChanges, allOfItIsRemovedAndTheIdentityPutBack)
{
    run("CREATE SCHEMA shop; CREATE TABLE shop.\"Or\"\"der\"(id int PRIMARY KEY)");
    PostgresChangeStream stream({.connection = s_server->connection(),
                                 .names = {.schema = "shop", .table = "Or\"der", .owner = "it's"}});
    const auto plan = stream.planInstall();
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_EQ(plan->statements.size(), 4u);
    EXPECT_EQ(plan->statements[0], "ALTER TABLE \"shop\".\"Or\"\"der\" REPLICA IDENTITY FULL");
    EXPECT_EQ(text("SELECT count(*) FROM pg_publication"), "0") << "asking does nothing";
    ASSERT_TRUE(stream.install(*plan));
    EXPECT_FALSE(stream.install(*plan)) << "another plan now";
    EXPECT_THAT(stream.planInstall()->statements, IsEmpty());
    run("INSERT INTO shop.\"Or\"\"der\" VALUES (1)");
    EXPECT_EQ(read(stream, 1)[0].table, "shop.Or\"der");
    const auto removal = stream.planRemoval();
    ASSERT_TRUE(removal);
    const auto removed = stream.remove(*removal);
    ASSERT_TRUE(removed) << describe(removed.error());
    EXPECT_EQ(text("SELECT count(*) FROM pg_publication"), "0");
    EXPECT_EQ(text("SELECT count(*) FROM pg_replication_slots"), "0");
    EXPECT_EQ(text("SELECT relreplident FROM pg_class WHERE relname = 'Or\"der'"), "d");
    EXPECT_EQ(stream.inspect()->kind, CaptureState::Kind::Absent);
    run("DROP SCHEMA shop CASCADE");
}

TEST_F(PostgresChanges, theTimeOfTheCaptureIsKeptWithIt)
{
    const std::string before = text("SELECT floor(extract(epoch FROM now()))::bigint");
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    run("INSERT INTO t VALUES (1)");
    const auto change = read(stream, 1).at(0);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(change.since).time_since_epoch();
    EXPECT_GE(seconds.count(), std::stoll(before));
    EXPECT_LE(change.since, change.at);
    EXPECT_GT(change.since + std::chrono::minutes(5), change.at);

    // As the first versions wrote it.
    const std::string name = text("SELECT pubname FROM pg_publication");
    run("COMMENT ON PUBLICATION \"" + name + "\" IS 'Coldframe: the replica identity was n'");
    PostgresChangeStream older(optionsOf("t"));
    EXPECT_EQ(older.inspect()->kind, CaptureState::Kind::Ready);
    EXPECT_THAT(older.planRemoval()->statements,
                testing::Contains("ALTER TABLE \"public\".\"t\" REPLICA IDENTITY NOTHING"));
    EXPECT_THAT(older.planRemoval()->warnings, ElementsAre(HasSubstr("of the server's log")));
}

TEST_F(PostgresChanges, aRenamedTableIsToldByItsNewName)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    run("INSERT INTO t VALUES (1)");
    run("ALTER TABLE t RENAME TO t9");
    run("INSERT INTO t9 VALUES (2)");
    EXPECT_EQ(stream.inspect()->kind, CaptureState::Kind::Renamed);
    EXPECT_THAT(stream.inspect()->reasons, ElementsAre(HasSubstr("renamed to \"public\".\"t9\"")));
    EXPECT_THAT(textsOf(read(stream, 2)), ElementsAre("+ 1", "+ 2"));
    run("CREATE TABLE t(id int PRIMARY KEY)");
    EXPECT_EQ(stream.inspect()->kind, CaptureState::Kind::Broken);
    EXPECT_THAT(stream.inspect()->reasons.at(0),
                HasSubstr("renamed to \"public\".\"t9\"; the one of this name is another"));
    run("DROP TABLE t");
    ASSERT_TRUE(stream.remove(*stream.planRemoval()));
    EXPECT_EQ(text("SELECT count(*) FROM pg_replication_slots"), "0");
    EXPECT_EQ(text("SELECT relreplident FROM pg_class WHERE relname = 't9'"), "d");
}

} // namespace
} // namespace coldframe::postgres
