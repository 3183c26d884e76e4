#include "changes_fixture.h"

namespace coldframe::changes {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = CaptureState::Kind;

class CaptureStates : public ChangesTest {
protected:
    /// Kind and first reason.
    static std::string stateOf(SqliteChangeLog& log)
    {
        const auto state = log.inspect();
        if (!state)
            return describe(state.error());
        const char* kinds[] = {"absent", "ready", "outdated", "renamed", "broken"};
        return kinds[int(state->kind)]
            + (state->reasons.empty() ? std::string() : ": " + state->reasons.front());
    }
    /// Everything in the database's catalogue but what it began with.
    std::string schema()
    {
        return m_writer.text("SELECT group_concat(sql, '|') FROM sqlite_master");
    }
};

constexpr const char* kOrders = "CREATE TABLE orders(id INTEGER PRIMARY KEY, item TEXT)";

TEST_F(CaptureStates, nothingIsInstalledByItselfAndAllOfItIsRemoved)
{
    m_writer.run(kOrders);
    const std::string before = schema();
    auto log = logOf("orders");
    EXPECT_EQ(stateOf(log), "absent");
    const auto unread = log.read(0);
    ASSERT_FALSE(unread);
    EXPECT_EQ(unread.error().code, Error::Code::Missing);
    EXPECT_EQ(unread.error().message, "changes of \"orders\" are not captured");
    auto plan = log.planInstall();
    ASSERT_TRUE(plan);
    EXPECT_EQ(schema(), before) << "asking does nothing";

    ASSERT_TRUE(log.install(*plan));
    for (const std::string& statement : plan->statements)
        if (statement.starts_with("CREATE ")) {
            EXPECT_THAT(schema(), HasSubstr(statement)) << "what was shown is what was done";
        }
    EXPECT_EQ(stateOf(log), "ready");
    EXPECT_THAT(log.planInstall()->statements, IsEmpty());
    m_writer.run("INSERT INTO orders VALUES (1, 'tea')");
    plan = log.planRemoval();
    ASSERT_TRUE(plan);
    EXPECT_THAT(plan->warnings, ElementsAre("1 change that nobody has read is lost"));
    ASSERT_TRUE(log.remove(*plan));
    EXPECT_EQ(schema(), before);
    EXPECT_EQ(stateOf(log), "absent");
    EXPECT_THAT(log.planRemoval()->statements, IsEmpty());
    m_writer.run("INSERT INTO orders VALUES (2, 'milk')");
}

TEST_F(CaptureStates, thePlanIsAScriptThatSqliteRuns)
{
    m_writer.run(kOrders);
    auto log = logOf("orders");
    m_writer.run(log.planInstall()->script());
    EXPECT_EQ(stateOf(log), "ready");
    m_writer.run(log.planRemoval()->script());
    EXPECT_EQ(stateOf(log), "absent");
}

TEST_F(CaptureStates, aPlanThatIsOutOfDateDoesNothing)
{
    m_writer.run(kOrders);
    auto log = logOf("orders");
    const auto plan = log.planInstall();
    m_writer.run("ALTER TABLE orders ADD COLUMN qty");
    const auto done = log.install(*plan);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Error::Code::Conflict);
    EXPECT_EQ(stateOf(log), "absent");
}

TEST_F(CaptureStates, refusesWhatHasNoRowsOfItsOwn)
{
    m_writer.run(
        "CREATE TABLE a(x); CREATE VIEW v AS SELECT * FROM a; CREATE VIRTUAL TABLE f USING "
        "fts5(body); CREATE TABLE hidden(rowid, _rowid_, oid); CREATE TABLE s(i INTEGER "
        "PRIMARY KEY AUTOINCREMENT)");
    const std::pair<const char*, const char*> tables[]
        = {{"v", "\"v\" is a view, and has no rows"},
           {"f", "\"f\" is a virtual table, which can have no triggers"},
           {"f_data", "\"f_data\" is the inside of a virtual table, which can have no triggers"},
           {"hidden", "\"hidden\" has no primary key, and columns named rowid, _rowid_ and oid"},
           {"sqlite_sequence", "\"sqlite_sequence\" is not a table of your data"},
           {"none", "there is no table \"none\" in the database"}};
    for (const auto& [table, message] : tables) {
        auto log = logOf(table);
        EXPECT_THAT(stateOf(log), HasSubstr(message));
        EXPECT_FALSE(log.planInstall());
        EXPECT_FALSE(log.read(0));
    }
}

TEST_F(CaptureStates, tooManyColumnsAreRefusedAndManyAreNot)
{
    const auto create = [&](const std::string& name, int columns) {
        std::string list = "c0 INTEGER PRIMARY KEY";
        for (int i = 1; i < columns; ++i)
            list += fmt::format(", c{}", i);
        m_writer.run(fmt::format("CREATE TABLE {}({})", name, list));
    };
    create("wide", 900);
    create("wider", 901);
    auto log = logOf("wider");
    EXPECT_THAT(stateOf(log), HasSubstr("has 901 columns; at most 900 can be captured"));
    auto wide = logOf("wide");
    install(wide);
    EXPECT_THAT(changesOf(wide, "INSERT INTO wide(c0, c899) VALUES (1, 'last')"),
                ElementsAre(testing::EndsWith(",'last'")));
}

TEST_F(CaptureStates, columnsAddedAndRenamedKeepWhatIsInTheLog)
{
    auto log = captured(kOrders, "orders");
    m_writer.run("INSERT INTO orders VALUES (1, 'tea'); ALTER TABLE orders ADD COLUMN qty INT;"
                 "INSERT INTO orders VALUES (2, 'milk', 3)");
    EXPECT_EQ(stateOf(log),
              "outdated: the table has changed: column \"qty\" is new and not captured");
    EXPECT_EQ(log.read(0)->state.kind, Kind::Outdated) << "reading tells it, too";
    install(log);
    m_writer.run("UPDATE orders SET qty = 4 WHERE id = 2; ALTER TABLE orders RENAME COLUMN item TO "
                 "thing; DELETE FROM orders WHERE id = 1");
    EXPECT_EQ(stateOf(log),
              "outdated: the table has changed: column \"item\" is gone, \"thing\" is "
              "new and not captured");
    install(log);
    m_writer.run("DELETE FROM orders");
    const auto batch = log.read(0);
    EXPECT_THAT(textsOf(batch->changes),
                ElementsAre("+ 1,'tea'", "+ 2,'milk'", "~ 2,'milk',3 > 2,'milk',4",
                            "- 1,'tea',null", "- 2,'milk',4"));
    EXPECT_EQ(batch->changes[2].columns->at(1).name, "item");
    EXPECT_EQ(batch->changes[4].columns->at(1).name, "thing");
    ASSERT_TRUE(log.forget(batch->position));
    EXPECT_EQ(m_writer.number("SELECT count(*) FROM _coldframe_captures"), 1);
}

TEST_F(CaptureStates, aColumnCannotBeDroppedUntilTheCaptureIs)
{
    auto log = captured(kOrders, "orders");
    EXPECT_THAT(m_writer.fails("ALTER TABLE orders DROP COLUMN item"),
                HasSubstr("error in trigger"));
    ASSERT_TRUE(log.remove(*log.planRemoval()));
    m_writer.run("ALTER TABLE orders DROP COLUMN item");
    install(log);
    EXPECT_THAT(changesOf(log, "INSERT INTO orders VALUES (1)"), ElementsAre("+ 1"));
}

TEST_F(CaptureStates, aTableDroppedAndCreatedAnewIsRepaired)
{
    auto log = captured(kOrders, "orders");
    m_writer.run("INSERT INTO orders VALUES (1, 'tea'); DROP TABLE orders");
    EXPECT_EQ(stateOf(log), "broken: there is no table \"orders\" in the database");
    EXPECT_THAT(news(log), ElementsAre("+ 1,'tea'")) << "DROP TABLE fires no triggers";
    EXPECT_EQ(log.planInstall().error().code, Error::Code::Missing);
    m_writer.run("CREATE TABLE orders(item TEXT, id INTEGER PRIMARY KEY, qty); INSERT INTO orders "
                 "VALUES ('unseen', 1, 1)");
    EXPECT_THAT(log.inspect()->reasons,
                ElementsAre("the table has changed: column \"qty\" is new and not captured",
                            HasSubstr("the table was dropped and created anew"), _, _, _, _, _));
    EXPECT_THAT(stateOf(log), HasSubstr("broken"));
    install(log);
    EXPECT_THAT(changesOf(log, "UPDATE orders SET qty = 2"),
                ElementsAre("~ 'unseen',1,1 > 'unseen',1,2"));
}

TEST_F(CaptureStates, aDroppedTriggerIsNoticedAndRepaired)
{
    auto log = captured(kOrders, "orders");
    for (const char* name : {"will_insert", "insert", "will_rekey", "rekey", "update", "delete"}) {
        ASSERT_TRUE(log.read(m_position));
        m_writer.run(fmt::format("DROP TRIGGER _coldframe_{}_orders", name));
        EXPECT_THAT(stateOf(log), HasSubstr("broken: the trigger"));
        const auto batch = log.read(m_position);
        ASSERT_TRUE(batch) << "what is in the log can still be read";
        EXPECT_EQ(batch->state.kind, Kind::Broken);
        install(log);
    }
}

TEST_F(CaptureStates, aChangedTriggerANewIndexAndAYoungerTriggerAreNoticed)
{
    auto log = captured(kOrders, "orders");
    m_writer.run("DROP TRIGGER _coldframe_delete_orders; CREATE TRIGGER _coldframe_delete_orders "
                 "AFTER DELETE ON orders BEGIN SELECT 1; END");
    EXPECT_THAT(stateOf(log), HasSubstr("was changed"));
    install(log);
    m_writer.run("CREATE UNIQUE INDEX items ON orders(item)");
    EXPECT_THAT(stateOf(log), HasSubstr("or the table's unique keys were"));
    install(log);
    m_writer.run("CREATE TRIGGER mine AFTER INSERT ON orders BEGIN UPDATE orders SET item = "
                 "upper(item) WHERE id = NEW.id; END");
    EXPECT_THAT(stateOf(log), HasSubstr("own trigger \"mine\" is younger"));
    install(log);
    EXPECT_THAT(changesOf(log, "INSERT INTO orders VALUES (1, 'tea')"),
                ElementsAre("+ 1,'tea'", "~ 1,'tea' > 1,'TEA'"));
}

TEST_F(CaptureStates, aDroppedLogIsMadeAnew)
{
    auto log = captured(kOrders, "orders");
    m_writer.run("CREATE TABLE other(id INTEGER PRIMARY KEY)");
    auto other = logOf("other");
    install(other);
    for (const char* table : {"changes", "replaced", "captures"}) {
        m_writer.run(fmt::format("DROP TABLE _coldframe_{}", table));
        EXPECT_THAT(stateOf(log), HasSubstr("was dropped, so writing to yours fails"));
        install(log);
        // A connection that knows the table as gone does not look again for a trigger's sake.
        EXPECT_EQ(m_writer.number("SELECT count(*) FROM orders"), 0);
        EXPECT_THAT(changesOf(log, "REPLACE INTO orders VALUES (1, 'tea'); DELETE FROM orders"),
                    ElementsAre("+ 1,'tea'", "- 1,'tea'"));
        EXPECT_EQ(stateOf(other), "absent");
        install(other);
    }
}

TEST_F(CaptureStates, tablesOfOneDatabaseShareALogButNotTheirChanges)
{
    auto orders = captured(kOrders, "orders");
    auto wide = captured("CREATE TABLE wide(id INTEGER PRIMARY KEY, a, b, c, d)", "wide");
    m_writer.run("INSERT INTO orders VALUES (1, 'tea'); INSERT INTO wide VALUES (1, 2, 3, 4, 5);"
                 "INSERT INTO orders VALUES (2, 'milk')");
    EXPECT_THAT(textsOf(wide.read(0)->changes), ElementsAre("+ 1,2,3,4,5"));
    const auto batch = orders.read(0);
    EXPECT_THAT(textsOf(batch->changes), ElementsAre("+ 1,'tea'", "+ 2,'milk'"));
    EXPECT_EQ(orders.forget(batch->position).value_or(0), 2u);
    EXPECT_EQ(wide.read(0)->changes.size(), 1u) << "not forgotten by the other";
    ASSERT_TRUE(orders.remove(*orders.planRemoval()));
    EXPECT_EQ(wide.read(0)->changes.size(), 1u);
    m_writer.run("INSERT INTO wide(id) VALUES (2)");
    EXPECT_EQ(wide.read(0)->changes.size(), 2u);
}

TEST_F(CaptureStates, changesHaveOneOwner)
{
    auto log = captured(kOrders, "orders");
    auto second = logOf("orders", "copy of shop");
    const auto refused = second.read(0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "changes of \"orders\" are captured for another reader, \"shop\"");
    EXPECT_FALSE(second.forget(INT64_MAX));
    EXPECT_EQ(second.inspect()->owner, "shop");
    const auto plan = second.planInstall();
    EXPECT_THAT(plan->warnings, ElementsAre(HasSubstr("captured for \"shop\"")));
    ASSERT_TRUE(second.install(*plan));
    EXPECT_TRUE(second.read(0));
    EXPECT_EQ(log.read(0).error().code, Error::Code::Conflict);
}

} // namespace
} // namespace coldframe::changes
