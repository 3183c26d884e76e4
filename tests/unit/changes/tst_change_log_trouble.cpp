#include <fstream>

#include <grp.h>
#include <unistd.h>

#include "changes/database_watch.h"
#include "changes_fixture.h"
#include "in_child.h"
#include "mangled.h"

namespace coldframe::changes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

using ChangeLogTrouble = ChangesTest;

constexpr const char* kTable = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";

TEST_F(ChangeLogTrouble, aFileThatIsNoDatabase)
{
    const auto file = m_folder.write("notes.db", std::string(5000, 'n'));
    SqliteChangeLog log(file, "t", {});
    const auto state = log.inspect();
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, Error::Code::Malformed);
    EXPECT_EQ(state.error().file, file.string());
    EXPECT_EQ(state.error().message, "the database: file is not a database");
    EXPECT_FALSE(log.read(0));
    EXPECT_FALSE(log.planInstall());
    EXPECT_FALSE(log.forget(1));
    SqliteChangeLog folder(m_folder.path(), "t", {});
    EXPECT_EQ(folder.inspect().error().code, Error::Code::Io);
    SqliteChangeLog empty(m_folder.write("empty.db", ""), "t", {});
    EXPECT_EQ(empty.inspect().error().message, "there is no table \"t\" in the database");
}

TEST_F(ChangeLogTrouble, aFileThatIsDeletedAndComesBack)
{
    auto log = captured(kTable);
    m_writer.run("INSERT INTO t VALUES (1, 'a')");
    std::filesystem::copy(m_file, m_folder / "copy.db");
    ASSERT_TRUE(log.read(0));
    std::filesystem::remove(m_file);
    for (int i = 0; i < 2; ++i) {
        const auto gone = log.read(0);
        ASSERT_FALSE(gone);
        EXPECT_EQ(gone.error().code, Error::Code::Missing);
        EXPECT_EQ(gone.error().message, "the database file does not exist");
    }
    EXPECT_FALSE(std::filesystem::exists(m_file)) << "it is not made by looking";
    std::filesystem::rename(m_folder / "copy.db", m_file);
    EXPECT_THAT(textsOf(log.read(0)->changes), ElementsAre("+ 1,'a'"));
    Writer(m_folder / "other.db").run("CREATE TABLE t(x)");
    std::filesystem::rename(m_folder / "other.db", m_file);
    EXPECT_EQ(log.read(0).error().message, "changes of \"t\" are not captured");
}

TEST_F(ChangeLogTrouble, aCopyPutBackIsReadFromItsBeginning)
{
    auto log = captured(kTable);
    m_writer.run("INSERT INTO t VALUES (1, 'a')");
    std::filesystem::copy(m_file, m_folder / "copy.db");
    m_writer.run("INSERT INTO t VALUES (2, 'b')");
    const std::int64_t position = log.read(0)->position;
    std::filesystem::rename(m_folder / "copy.db", m_file);
    const auto batch = log.read(position);
    ASSERT_TRUE(batch);
    EXPECT_TRUE(batch->rewound);
    EXPECT_THAT(textsOf(batch->changes), ElementsAre("+ 1,'a'"));
    EXPECT_FALSE(log.read(batch->position)->rewound);
}

TEST_F(ChangeLogTrouble, numbersAreNeverGivenTwice)
{
    auto log = captured(kTable);
    std::int64_t last = 0;
    for (int i = 0; i < 5; ++i) {
        m_writer.run(fmt::format("INSERT INTO t VALUES ({}, 'a')", i));
        const auto batch = log.read(last);
        ASSERT_EQ(batch->changes.size(), 1u);
        EXPECT_GT(batch->changes[0].sequence, last);
        last = batch->position;
        EXPECT_EQ(log.forget(last).value_or(0), 1u);
        if (i == 2) { // also over a removal
            ASSERT_TRUE(log.remove(*log.planRemoval()));
            install(log);
        }
    }
    EXPECT_THAT(log.read(0)->changes, IsEmpty());
}

TEST_F(ChangeLogTrouble, batchesEndAtTheirLimits)
{
    auto log = captured(kTable);
    m_writer.run("INSERT INTO t VALUES (1, zeroblob(1000)), (2, zeroblob(3000)), (3, "
                 "zeroblob(10)), (4, 0)");
    const auto one = log.read(0, {.changes = 2});
    EXPECT_EQ(one->changes.size(), 2u);
    EXPECT_TRUE(one->more);
    const auto large = log.read(0, {.bytes = 500});
    EXPECT_EQ(large->changes.size(), 1u) << "a row larger than the limit still comes, alone";
    EXPECT_TRUE(large->more);
    const auto rest = log.read(one->position, {.changes = 2});
    EXPECT_EQ(rest->changes.size(), 2u);
    EXPECT_FALSE(rest->more);
    EXPECT_EQ(log.read(0, {.changes = 0})->changes.size(), 1u);
    EXPECT_EQ(log.forget(one->position).value_or(0), 2u);
    EXPECT_THAT(log.read(0)->changes, testing::SizeIs(2));
    EXPECT_EQ(log.forget(one->position).value_or(9), 0u);
}

TEST_F(ChangeLogTrouble, manyAreForgottenInSteps)
{
    auto log = captured(kTable);
    m_writer.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 25000) "
                 "INSERT INTO t SELECT i, i FROM n");
    EXPECT_EQ(log.forget(INT64_MAX).value_or(0), 25'000u);
    EXPECT_EQ(m_writer.number("SELECT count(*) FROM _coldframe_changes"), 1);
}

TEST_F(ChangeLogTrouble, aFileThatMayOnlyBeRead)
{
    auto log = captured(kTable);
    m_writer.run("INSERT INTO t VALUES (1, 'a')");
    if (::geteuid() != 0)
        GTEST_SKIP() << "not run: cannot act as another user here";
    std::filesystem::permissions(m_folder.path(), std::filesystem::perms(0555));
    std::filesystem::permissions(m_file, std::filesystem::perms(0444));
    const int code = test::inChild([&] {
        if (::setgroups(0, nullptr) != 0 || ::setresgid(65534, 65534, 65534) != 0
            || ::setresuid(65534, 65534, 65534) != 0)
            return test::kNotPossible;
        auto reader = logOf("t");
        EXPECT_THAT(textsOf(reader.read(0)->changes), ElementsAre("+ 1,'a'"));
        const auto forgotten = reader.forget(INT64_MAX);
        EXPECT_FALSE(forgotten);
        EXPECT_THAT(describe(forgotten.error()), HasSubstr("allow your user to write the file"));
        const auto removed = reader.remove(*reader.planRemoval());
        EXPECT_FALSE(removed);
        EXPECT_EQ(removed.error().code, Error::Code::Io);
        return 0;
    });
    std::filesystem::permissions(m_folder.path(), std::filesystem::perms(0755));
    EXPECT_EQ(code, 0);
}

TEST_F(ChangeLogTrouble, whatHandsHaveWrittenIntoTheLogDoesNotEndTheProgram)
{
    auto log = captured(kTable);
    m_writer.run(
        "INSERT INTO t VALUES (1, 'a'); INSERT INTO _coldframe_changes(capture, op) VALUES "
        "(1, 77), (99, 1), ('x', 'y'), (1, NULL); INSERT INTO _coldframe_changes(capture, "
        "op, at, n1) VALUES (1, 1, 1e300, 5), (1, 1, 2336500.5, 6)"); // the year 1684
    const auto batch = log.read(0);
    ASSERT_TRUE(batch);
    EXPECT_THAT(textsOf(batch->changes), ElementsAre("+ 1,'a'", "+ 5,null", "+ 6,null"));
    for (const RowChange& change : batch->changes)
        EXPECT_GE(change.at, TimePoint()) << "rules reckon with it";
    m_writer.run("UPDATE _coldframe_captures SET columns = '[{\"name\": 3}, 7'");
    m_writer.run("CREATE TABLE any(x)"); // so that it is read again
    EXPECT_TRUE(log.read(0));
    EXPECT_EQ(log.inspect()->kind, CaptureState::Kind::Outdated);
    install(log);
}

TEST_F(ChangeLogTrouble, captureNumbersThatHandsHaveWrittenAreNotCountedOnFrom)
{
    auto log = captured(kTable);
    for (const char* id : {"9223372036854775807", "-5"})
        m_writer.run(fmt::format(
            "INSERT INTO _coldframe_captures(id, table_name, owner, columns, since) "
            "SELECT {}, table_name, owner, columns, since FROM _coldframe_captures WHERE id = 1",
            id));
    m_writer.run("ALTER TABLE t ADD COLUMN more; INSERT INTO t VALUES (1, 'a', 2)");
    install(log);
    m_writer.run("INSERT INTO t VALUES (2, 'b', 3)");
    EXPECT_THAT(news(log), ElementsAre("+ 1,'a'", "+ 2,'b',3"));
    EXPECT_EQ(m_writer.number("SELECT max(id) FROM _coldframe_captures WHERE id < 1000"), 2);
}

/// Bits flip on bad disks. SQLite notices some of it, and what it gives may be anything.
TEST_F(ChangeLogTrouble, aFileWithFlippedBitsIsReadOrRefused)
{
    {
        auto log = captured(kTable);
        for (int i = 1; i <= 60; ++i)
            m_writer.run(fmt::format("INSERT INTO t VALUES ({}, '{}')", i, std::string(40, 'x')));
        m_writer.run("UPDATE t SET v = 'y' WHERE id > 30; DELETE FROM t WHERE id > 50");
    }
    std::ifstream in(m_file, std::ios::binary);
    const std::string good{std::istreambuf_iterator<char>(in), {}};
    std::mt19937 random(test::seedToTry());
    const std::filesystem::path file = m_folder / "bad.db";
    for (int round = 0; round < 150; ++round) {
        std::string bytes = good;
        for (std::size_t flips = 1 + test::below(random, 30); flips > 0; --flips)
            bytes[test::below(random, bytes.size())]
                ^= static_cast<char>(1 << test::below(random, 8));
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
        SqliteChangeLog log(file, "t", {.owner = "shop"});
        (void)log.inspect();
        if (const auto batch = log.read(0)) {
            for (const RowChange& change : batch->changes) {
                EXPECT_LE(change.keyRow().size(), change.columns->size());
            }
        } else {
            EXPECT_FALSE(batch.error().message.empty());
        }
        if (const auto plan = log.planInstall())
            (void)log.install(*plan);
        (void)log.forget(1'000);
    }
}

TEST(LookTimes, growThenRestAndStayCloseWhileLocked)
{
    LookTimes times;
    TimePoint now{1h};
    times.written(now);
    EXPECT_EQ(times.next(), now);
    std::vector<Duration> steps;
    for (int i = 0; i < 9; ++i) {
        times.looked(now);
        steps.push_back(times.next() - now);
        now = times.next();
    }
    EXPECT_THAT(steps, ElementsAre(1ms, 3ms, 10ms, 30ms, 100ms, 300ms, 1s, 5s, 5s));
    for (int i = 0; i < 5; ++i) {
        times.looked(now, true);
        EXPECT_EQ(times.next() - now, 30ms);
        now = times.next();
    }
    times.written(now);
    EXPECT_EQ(times.next(), now);
}

TEST_F(ChangeLogTrouble, theWatchHearsOnlyOfItsDatabase)
{
    auto log = captured(kTable);
    DatabaseWatch watch(m_file);
    EXPECT_FALSE(watch.drain());
    m_folder.write("shop.db.txt", "x");
    m_folder.write("shop", "x");
    EXPECT_FALSE(watch.drain());
    EXPECT_TRUE(log.touched());
    EXPECT_FALSE(log.touched());
    m_writer.run("INSERT INTO t VALUES (1, 'a')");
    EXPECT_TRUE(watch.drain());
    EXPECT_TRUE(log.touched());
    ASSERT_TRUE(log.forget(INT64_MAX));
    EXPECT_TRUE(watch.drain());
    EXPECT_FALSE(log.touched()) << "what the log itself writes is no news";
    m_writer.run("ALTER TABLE _coldframe_changes RENAME TO away; INSERT INTO away(op) VALUES (1)");
    EXPECT_TRUE(log.touched());
    EXPECT_FALSE(log.read(0));
    EXPECT_TRUE(log.touched()) << "what could not be read is still news";
    m_writer.run("ALTER TABLE away RENAME TO _coldframe_changes");
    EXPECT_FALSE(watch.lost());
    std::filesystem::remove_all(m_folder.path());
    EXPECT_TRUE(watch.drain());
    EXPECT_TRUE(watch.lost());
    EXPECT_NE(DatabaseWatch(m_file).number(), 0);
}

} // namespace
} // namespace coldframe::changes
