#include <sys/eventfd.h>
#include <unistd.h>

#include <future>

#include "postgres/row_writer.h"
#include "postgres_fixture.h"

// A server that is there and does not answer. libpq itself would wait for ever.
namespace coldframe::postgres {
namespace {

using namespace std::chrono_literals;
using tables::Target;
using tables::Write;
using testing::HasSubstr;

class PostgresFrozen : public PostgresTest {
protected:
    void TearDown() override
    {
        if (s_server)
            s_server->signalAll(SIGCONT);
        PostgresTest::TearDown();
    }
    static std::vector<Write> rowOf(std::int64_t id, std::string text = "x")
    {
        return {{Target{"t", {"id", "v"}, {"id"}, false}, {{id, std::move(text)}}}};
    }
    static RowWriter writer(int stop = -1)
    {
        return RowWriter(
            [] {
                return Result<std::string>(s_server->connection()
                                           + " options='-c statement_timeout=300'");
            },
            stop);
    }
};

TEST_F(PostgresFrozen, isGivenUpAndWrittenToAgainOnceItAnswers)
{
    run("CREATE TABLE t(id bigint PRIMARY KEY, v text)");
    RowWriter rows = writer();
    ASSERT_FALSE(rows.write(rowOf(1))[0]);
    s_server->signalAll(SIGSTOP);
    // More than the sockets hold: it is not taken, either.
    const auto failure = rows.write(rowOf(2, std::string(20'000'000, 'x')))[0];
    ASSERT_TRUE(failure);
    EXPECT_FALSE(failure->ofRows);
    EXPECT_EQ(failure->error.code, Error::Code::Unavailable);
    EXPECT_THAT(failure->error.message, HasSubstr("has not answered for 5 s"));
    s_server->signalAll(SIGCONT);
    EXPECT_FALSE(rows.write(rowOf(2))[0]);
    EXPECT_EQ(text("SELECT count(*) FROM t"), "2");
}

TEST_F(PostgresFrozen, isNotWaitedForWhenTheRunEnds)
{
    run("CREATE TABLE t(id bigint PRIMARY KEY, v text)");
    const int stop = ::eventfd(0, EFD_CLOEXEC);
    RowWriter rows(
        [] {
            return Result<std::string>(s_server->connection()
                                       + " options='-c statement_timeout=10min'");
        },
        stop);
    ASSERT_FALSE(rows.write(rowOf(1))[0]);
    s_server->signalAll(SIGSTOP);
    auto failure = std::async(std::launch::async, [&] { return rows.write(rowOf(2))[0]; });
    EXPECT_EQ(failure.wait_for(300ms), std::future_status::timeout);
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(stop, &one, sizeof one), 8);
    ASSERT_EQ(failure.wait_for(20s), std::future_status::ready);
    EXPECT_TRUE(failure.get());
    ::close(stop);
}

TEST_F(PostgresFrozen, aLockIsWaitedForByTheServerWhichEndsItInTime)
{
    run("CREATE TABLE t(id bigint PRIMARY KEY, v text)");
    RowWriter rows = writer();
    run("BEGIN; LOCK TABLE t");
    const auto failure = rows.write(rowOf(1))[0];
    ASSERT_TRUE(failure);
    EXPECT_FALSE(failure->ofRows);
    EXPECT_THAT(describe(failure->error), HasSubstr("another transaction may keep it waiting"));
    EXPECT_EQ(text("SELECT count(*) FROM pg_locks WHERE NOT granted"), "0");
    run("COMMIT");
    EXPECT_FALSE(rows.write(rowOf(1))[0]);
}

TEST_F(PostgresFrozen, aQuestionIsNotWaitedForEither)
{
    s_server->signalAll(SIGSTOP);
    const auto answer = query(m_user.get(), "SELECT 1", {.most = 200ms});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Error::Code::Unavailable);
    s_server->signalAll(SIGCONT);
    reconnect();
}

} // namespace
} // namespace coldframe::postgres
