#include "postgres/row_failure.h"
#include "postgres/row_writer.h"
#include "postgres_fixture.h"

// Rows into tables: what is refused, and what that does to the others of a transaction.
namespace coldframe::postgres {
namespace {

using tables::Failure;
using tables::Target;
using tables::Write;
using testing::HasSubstr;
using Failures = std::vector<std::optional<Failure>>;

class PostgresRows : public PostgresTest {
protected:
    static Write rowOf(std::int64_t id, tables::Value value = std::int64_t{0})
    {
        return {Target{"t", {"id", "v"}, {}, false}, {{id, std::move(value)}}};
    }
    Failures write(const std::vector<Write>& writes) { return m_writer.write(writes); }
    std::string ids() { return text("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t"); }
    void raiseFor(int id, const std::string& state)
    {
        run(fmt::format(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN IF new.id = {} THEN RAISE EXCEPTION 'not this one' USING ERRCODE = "
            "'{}'; END IF; RETURN new; END $$",
            id, state));
    }
    /// Three writes, the second of which is refused with that state.
    Failures writeAround(const std::string& state)
    {
        run("TRUNCATE t");
        raiseFor(2, state);
        return write({rowOf(1), rowOf(2), rowOf(3)});
    }

    RowWriter m_writer{[] { return Result<std::string>(s_server->connection()); }};
};

TEST_F(PostgresRows, whatATriggerRefusesIsGivenUpAndTheOthersAreWritten)
{
    run("CREATE TABLE t(id bigint PRIMARY KEY, v bigint)");
    raiseFor(0, "P0001");
    run("CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse()");
    Failures failures = writeAround("P0001");
    EXPECT_FALSE(failures[0] || failures[2]);
    ASSERT_TRUE(failures[1]);
    EXPECT_TRUE(failures[1]->ofRows);
    EXPECT_THAT(describe(failures[1]->error), HasSubstr("not this one"));
    EXPECT_EQ(ids(), "1 3");

    failures = writeAround("ZZ001"); // of its own invention, so it may be meant to pass
    EXPECT_FALSE(failures[0] || failures[2]);
    ASSERT_TRUE(failures[1]);
    EXPECT_FALSE(failures[1]->ofRows);
    EXPECT_THAT(failures[1]->error.hint, HasSubstr("its triggers"));
    EXPECT_EQ(ids(), "1 3");

    failures = writeAround("58030"); // an I/O error is the server's
    for (const auto& failure : failures) {
        ASSERT_TRUE(failure);
        EXPECT_FALSE(failure->ofRows);
    }
    EXPECT_EQ(ids(), "");
}

TEST_F(PostgresRows, whatIsTooLargeForAnIndexIsGivenUp)
{
    run("CREATE TABLE t(id bigint PRIMARY KEY, v text); CREATE INDEX ON t(v)");
    std::string large; // does not compress
    for (int i = 0; i < 600; ++i)
        large += text(fmt::format("SELECT md5('{}')", i));
    const Failures failures = write({rowOf(1, "small"), rowOf(2, large), rowOf(3, "small")});
    EXPECT_FALSE(failures[0] || failures[2]);
    ASSERT_TRUE(failures[1]);
    EXPECT_TRUE(failures[1]->ofRows) << describe(failures[1]->error);
    EXPECT_EQ(ids(), "1 3");
}

TEST_F(PostgresRows, whatIsRefusedOnlyAtTheEndHoldsUpNoOthers)
{
    run("CREATE TABLE parents(id bigint PRIMARY KEY); INSERT INTO parents VALUES (7); CREATE TABLE "
        "t(id bigint PRIMARY KEY, v bigint REFERENCES parents DEFERRABLE INITIALLY DEFERRED)");
    const auto seven = std::int64_t{7}, eight = std::int64_t{8};
    Failures failures = write({rowOf(1, seven), rowOf(2, eight), rowOf(3, seven)});
    EXPECT_FALSE(failures[0] || failures[2]);
    ASSERT_TRUE(failures[1]);
    EXPECT_TRUE(failures[1]->ofRows);
    EXPECT_THAT(describe(failures[1]->error), HasSubstr("violates foreign key"));
    EXPECT_EQ(ids(), "1 3");
    failures = write({rowOf(4, eight)});
    EXPECT_TRUE(failures[0] && failures[0]->ofRows);
    EXPECT_FALSE(write({rowOf(4, seven)})[0]) << "the connection is of use";
}

TEST_F(PostgresRows, aMissingColumnIsOfOneWriteAndAReadOnlyServerOfAll)
{
    run("CREATE TABLE t(id bigint PRIMARY KEY, v bigint)");
    Write other = rowOf(2);
    other.target.columns[1] = "w";
    Failures failures = write({rowOf(1), other});
    EXPECT_FALSE(failures[0]);
    ASSERT_TRUE(failures[1]);
    EXPECT_THAT(failures[1]->error.hint, HasSubstr("ADD COLUMN"));
    run("ALTER ROLE postgres SET default_transaction_read_only = on");
    RowWriter late([] { return Result<std::string>(s_server->connection()); });
    failures = late.write(std::vector<Write>{rowOf(3), rowOf(4)});
    EXPECT_TRUE(failures[0] && failures[1] && isOfServer(*failures[0]));
    run("ALTER ROLE postgres RESET default_transaction_read_only");
    EXPECT_FALSE(late.write(std::vector<Write>{rowOf(3)})[0]) << "it has connected anew";
    EXPECT_EQ(ids(), "1 3");
}

} // namespace
} // namespace coldframe::postgres
