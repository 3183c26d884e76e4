#include "changes_fixture.h"

namespace coldframe::changes {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Kind = CaptureState::Kind;

/// Tables that change their names under a capture, which nothing that was captured may get lost by.
class RenamedTables : public ChangesTest {
protected:
    RenamedTables() { m_writer.run("CREATE TABLE t(id INTEGER PRIMARY KEY, a)"); }

    /// Captures a table of two columns.
    void capture(const std::string& table)
    {
        m_writer.run("CREATE TABLE IF NOT EXISTS " + table + "(id INTEGER PRIMARY KEY, a)");
        auto log = logOf(table);
        install(log);
    }
    static std::vector<std::string> read(SqliteChangeLog& log)
    {
        const auto batch = log.read(0);
        EXPECT_TRUE(batch) << describe(batch.error());
        return batch ? textsOf(batch->changes) : std::vector<std::string>();
    }
    void remove(const std::string& table, const std::vector<std::string>& others = {})
    {
        auto log = logOf(table);
        const auto plan = log.planRemoval(others);
        ASSERT_TRUE(plan) << describe(plan.error());
        const auto done = log.remove(*plan, others);
        ASSERT_TRUE(done) << describe(done.error());
    }
    Kind kindOf(const std::string& table)
    {
        auto log = logOf(table);
        const auto state = log.inspect();
        EXPECT_TRUE(state) << describe(state.error());
        return state ? state->kind : Kind::Absent;
    }
    std::string reasonOf(const std::string& table)
    {
        auto log = logOf(table);
        const auto state = log.inspect();
        return state && !state->reasons.empty() ? state->reasons.front() : std::string();
    }
    /// What is ours in the file.
    std::string left()
    {
        return m_writer.text(
            "SELECT coalesce(group_concat(name), '') FROM sqlite_master WHERE name "
            "GLOB '_coldframe_*'");
    }
};

TEST_F(RenamedTables, theOldNameSaysTheNewOneAndGoesOnReading)
{
    capture("t");
    auto old = logOf("t");
    m_writer.run("INSERT INTO t VALUES (1, 'before'); ALTER TABLE t RENAME TO t9; INSERT INTO t9 "
                 "VALUES (2, 'after')");
    EXPECT_EQ(kindOf("t"), Kind::Renamed);
    EXPECT_EQ(old.inspect()->reasons.size(), 1u) << "nothing else is wrong";
    EXPECT_THAT(reasonOf("t"), HasSubstr("renamed to \"t9\""));
    EXPECT_THAT(read(old), ElementsAre("+ 1,'before'", "+ 2,'after'"));
    EXPECT_EQ(old.read(0)->state.kind, Kind::Renamed);
    const auto plan = old.planInstall();
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().message, "the table \"t\" was renamed to \"t9\"");
    EXPECT_THAT(plan.error().hint, HasSubstr("write \"t9\""));
}

TEST_F(RenamedTables, installedForTheNewNameTheLogIsTakenOver)
{
    capture("t");
    m_writer.run("INSERT INTO t VALUES (1, 'before'); ALTER TABLE t RENAME TO t9; INSERT INTO t9 "
                 "VALUES (2, 'after')");
    auto now = logOf("t9");
    EXPECT_EQ(kindOf("t9"), Kind::Renamed);
    EXPECT_THAT(reasonOf("t9"), HasSubstr("was \"t\" when its capture was installed"));
    EXPECT_EQ(now.read(0).error().code, Error::Code::Missing) << "not before somebody agrees";
    EXPECT_THAT(*now.formerNames(), ElementsAre("t"));
    const auto since = logOf("t").read(0)->since;
    EXPECT_THAT(
        now.planInstall()->warnings,
        Contains(HasSubstr("\"t\", as the table was called, is taken over with 2 changes")));
    install(now);
    m_writer.run("UPDATE t9 SET a = 'new' WHERE id = 1");
    EXPECT_THAT(read(now), ElementsAre("+ 1,'before'", "+ 2,'after'", "~ 1,'before' > 1,'new'"));
    EXPECT_EQ(now.read(0)->since, since) << "the stream keeps its label";
    EXPECT_THAT(*now.formerNames(), ElementsAre("t")) << "also afterwards";
    EXPECT_THAT(left(), Not(HasSubstr("insert_t,"))) << "no trigger of the old name is left";

    auto old = logOf("t");
    EXPECT_EQ(kindOf("t"), Kind::Renamed);
    EXPECT_THAT(reasonOf("t"), HasSubstr("renamed to \"t9\", and is captured under that name"));
    EXPECT_EQ(old.read(0).error().code, Error::Code::Missing);
    EXPECT_EQ(old.planInstall().error().message, "the table \"t\" was renamed to \"t9\"");
    EXPECT_THAT(old.planRemoval()->statements, IsEmpty()) << "it is another's now";

    m_writer.run("ALTER TABLE t9 RENAME TO t10");
    auto last = logOf("t10");
    install(last);
    EXPECT_THAT(read(last), ElementsAre("+ 1,'before'", "+ 2,'after'", "~ 1,'before' > 1,'new'"));
    EXPECT_THAT(*last.formerNames(), ElementsAre("t9", "t"));
    ASSERT_TRUE(last.forget(INT64_MAX));
    EXPECT_EQ(m_writer.number("SELECT count(*) FROM _coldframe_captures"), 1);
    EXPECT_THAT(*last.formerNames(), ElementsAre("t9", "t"));
}

TEST_F(RenamedTables, renamedAndBackNothingHasHappened)
{
    capture("t");
    m_writer.run(
        "ALTER TABLE t RENAME TO t9; INSERT INTO t9 VALUES (1, 'x'); ALTER TABLE t9 RENAME "
        "TO t");
    auto log = logOf("t");
    EXPECT_EQ(kindOf("t"), Kind::Ready);
    EXPECT_THAT(read(log), ElementsAre("+ 1,'x'"));
}

TEST_F(RenamedTables, removedUnderEitherNameTheFileIsClean)
{
    for (const char* name : {"t", "t9"}) {
        capture("t");
        m_writer.run("INSERT INTO t(a) VALUES ('x'); ALTER TABLE t RENAME TO t9");
        auto log = logOf(name);
        EXPECT_THAT(log.planRemoval()->warnings,
                    ElementsAre("1 change that nobody has read is lost"));
        remove(name);
        EXPECT_EQ(left(), "") << name;
        m_writer.run("INSERT INTO t9(a) VALUES ('y'); ALTER TABLE t9 RENAME TO t");
    }
}

TEST_F(RenamedTables, aColumnThatCameWithTheNewNameIsCaptured)
{
    capture("t");
    m_writer.run("INSERT INTO t VALUES (1, 'x'); ALTER TABLE t RENAME TO t9; ALTER TABLE t9 ADD "
                 "COLUMN b; INSERT INTO t9 VALUES (2, 'y', 'unseen')");
    auto log = logOf("t9");
    EXPECT_THAT(log.inspect()->reasons, Contains(HasSubstr("\"b\" is new and not captured")));
    install(log);
    m_writer.run("INSERT INTO t9 VALUES (3, 'z', 'seen')");
    EXPECT_THAT(read(log), ElementsAre("+ 1,'x'", "+ 2,'y'", "+ 3,'z','seen'"));
}

TEST_F(RenamedTables, aNewTableOfTheOldNameIsNotThatOne)
{
    capture("t");
    m_writer.run("INSERT INTO t VALUES (1, 'old'); ALTER TABLE t RENAME TO archive; CREATE TABLE "
                 "t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (7, 'unseen')");
    EXPECT_EQ(kindOf("t"), Kind::Broken);
    EXPECT_THAT(reasonOf("t"),
                HasSubstr("renamed to \"archive\"; the \"t\" there is now is another"));
    auto log = logOf("t");
    EXPECT_THAT(log.planInstall()->warnings,
                Contains(HasSubstr("\"archive\", which had this name before, is not captured any "
                                   "more")));
    install(log);
    m_writer.run("INSERT INTO t VALUES (8, 'new'); INSERT INTO archive VALUES (2, 'not ours')");
    EXPECT_THAT(read(log), ElementsAre("+ 1,'old'", "+ 8,'new'"));
    auto archive = logOf("archive");
    EXPECT_EQ(archive.inspect()->kind, Kind::Absent);
    remove("t");
    EXPECT_EQ(left(), "");
}

TEST_F(RenamedTables, ofTwoTablesThatSwapTheirNamesNothingCapturedIsLost)
{
    capture("t"), capture("u");
    m_writer.run(
        "INSERT INTO t VALUES (1, 't'); INSERT INTO u VALUES (1, 'u'); ALTER TABLE t RENAME "
        "TO x; ALTER TABLE u RENAME TO t; ALTER TABLE x RENAME TO u");
    EXPECT_EQ(kindOf("t"), Kind::Broken);
    EXPECT_EQ(kindOf("u"), Kind::Broken);
    auto t = logOf("t"), u = logOf("u");
    install(t);
    EXPECT_THAT(read(t), ElementsAre("+ 1,'t'", "+ 1,'u'"));
    install(u);
    m_writer.run("INSERT INTO t VALUES (2, 't'); INSERT INTO u VALUES (2, 'u')");
    EXPECT_THAT(read(t), ElementsAre("+ 1,'t'", "+ 1,'u'", "+ 2,'t'"));
    EXPECT_THAT(read(u), ElementsAre("+ 2,'u'"));
    remove("u"), remove("t");
    EXPECT_EQ(left(), "");
}

TEST_F(RenamedTables, oneRenamedOneDroppedAndOneOntoItsName)
{
    const auto mixed = [&] {
        m_writer.run("DROP TABLE IF EXISTS a; DROP TABLE IF EXISTS a2; DROP TABLE IF EXISTS b");
        capture("a"), capture("b"), capture("c");
        m_writer.run("INSERT INTO a VALUES (1, 'a'); INSERT INTO b VALUES (1, 'b'); INSERT INTO c "
                     "VALUES (1, 'c'); ALTER TABLE a RENAME TO a2; DROP TABLE b; ALTER TABLE c "
                     "RENAME TO b; INSERT INTO a2 VALUES (2, 'a'); INSERT INTO b VALUES (2, 'c')");
    };
    mixed();
    EXPECT_EQ(kindOf("a"), Kind::Renamed);
    EXPECT_EQ(kindOf("a2"), Kind::Renamed);
    EXPECT_EQ(kindOf("b"), Kind::Renamed);
    EXPECT_THAT(reasonOf("c"), HasSubstr("renamed to \"b\""));
    auto b = logOf("b"), a2 = logOf("a2"), a = logOf("a"), c = logOf("c");
    EXPECT_THAT(read(b), ElementsAre("+ 1,'b'")) << "of the one that was dropped";
    EXPECT_THAT(read(c), ElementsAre("+ 1,'c'", "+ 2,'c'"));
    install(b);
    EXPECT_THAT(read(b), ElementsAre("+ 1,'b'", "+ 1,'c'", "+ 2,'c'"));
    install(a2);
    EXPECT_THAT(read(a2), ElementsAre("+ 1,'a'", "+ 2,'a'"));
    remove("a2"), remove("b");
    EXPECT_EQ(left(), "");

    for (const auto& names : {std::vector<std::string>{"a", "b", "c"},
                              {"c", "a2", "b"},
                              {"b", "a"},
                              {"a2", "c", "b"},
                              {"c", "b", "a"}}) {
        mixed();
        for (const std::string& name : names)
            remove(name, {"a", "b", "c"});
        EXPECT_EQ(left(), "") << testing::PrintToString(names);
    }
}

TEST_F(RenamedTables, theLogStaysForWhatATriggerHasYetToReadOfADroppedTable)
{
    capture("t"), capture("u");
    m_writer.run("INSERT INTO u VALUES (1, 'u'); DROP TABLE u");
    auto t = logOf("t"), u = logOf("u");
    EXPECT_THAT(t.planRemoval({"t", "U"})->warnings,
                ElementsAre(AllOf(HasSubstr("the tables of the log stay"),
                                  HasSubstr("1 change of \"u\", captured for \"shop\""))));
    EXPECT_THAT(
        t.planRemoval({"t"})->warnings,
        ElementsAre("1 change of \"u\", which no trigger of this workspace names, is lost"));
    remove("t", {"t", "u"});
    EXPECT_THAT(read(u), ElementsAre("+ 1,'u'"));
    ASSERT_TRUE(u.forget(INT64_MAX));
    remove("u", {"t", "u"});
    EXPECT_EQ(left(), "");

    capture("t"), capture("u");
    m_writer.run("INSERT INTO u VALUES (1, 'u'); DROP TABLE u");
    auto other = logOf("t", "another");
    EXPECT_THAT(other.planRemoval()->warnings,
                ElementsAre(HasSubstr("captured for \"shop\", which will get no more"),
                            HasSubstr("the tables of the log stay")))
        << "what is another's is not thrown away unread";
    remove("t");
    EXPECT_EQ(left(), "") << "one's own is, when no trigger names it";
}

TEST_F(RenamedTables, takenFromAnotherReaderItIsSaidWhose)
{
    capture("t");
    m_writer.run("INSERT INTO t VALUES (1, 'x'); ALTER TABLE t RENAME TO t9");
    auto other = logOf("t9", "another");
    EXPECT_EQ(other.inspect()->owner, "shop");
    EXPECT_THAT(other.planInstall()->warnings, Contains(HasSubstr("captured for \"shop\"")));
    ASSERT_TRUE(other.install(*other.planInstall()));
    EXPECT_EQ(other.inspect()->kind, Kind::Ready);
    EXPECT_EQ(other.inspect()->owner, "another");
    EXPECT_THAT(read(other), ElementsAre("+ 1,'x'"));
}

TEST_F(RenamedTables, aRenamingThatLeavesTheTriggersBehindIsBroken)
{
    capture("t");
    m_writer.run("PRAGMA legacy_alter_table = 1; ALTER TABLE t RENAME TO t9");
    EXPECT_THAT(m_writer.fails("INSERT INTO t9 VALUES (1, 'x')"), HasSubstr("no such table"));
    EXPECT_EQ(kindOf("t"), Kind::Broken);
    EXPECT_EQ(kindOf("t9"), Kind::Broken);
    auto log = logOf("t9");
    EXPECT_THAT(log.inspect()->reasons,
                Contains(HasSubstr("still names \"t\", so writing to \"t9\" fails")));
    install(log);
    // A connection that knows the table as gone does not look again for a trigger's sake.
    EXPECT_EQ(m_writer.number("SELECT count(*) FROM t9"), 0);
    m_writer.run("INSERT INTO t9 VALUES (1, 'x')");
    EXPECT_THAT(read(log), ElementsAre("+ 1,'x'"));
}

TEST_F(RenamedTables, capturesOfTheFirstVersionsAreTakenOver)
{
    capture("t");
    m_writer.run(
        "ALTER TABLE _coldframe_captures DROP COLUMN former; INSERT INTO t VALUES (1, 'x')");
    EXPECT_EQ(kindOf("t"), Kind::Ready);
    m_writer.run("ALTER TABLE t RENAME TO t9");
    auto log = logOf("t9");
    install(log);
    EXPECT_THAT(read(log), ElementsAre("+ 1,'x'"));
    EXPECT_THAT(*log.formerNames(), ElementsAre("t"));
}

} // namespace
} // namespace coldframe::changes
