#include "postgres_fixture.h"

// Positions of a server's log that are higher than its end, or seem to be.
namespace coldframe::postgres {
namespace {

using testing::ElementsAre;

using PostgresRewound = PostgresTest;

TEST_F(PostgresRewound, aServerMadeAnewKeepsWhatIsNotDone)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    for (int i = 0; i < 5; ++i)
        run("SELECT pg_switch_wal(); INSERT INTO t VALUES (" + std::to_string(i) + ")");
    read(stream, 5);
    ASSERT_TRUE(stream.forget(m_position));
    const std::int64_t before = m_position;

    m_user.reset();
    s_server->makeAnew();
    reconnect();
    run("CREATE TABLE t(id int PRIMARY KEY)");
    install(stream);
    run("INSERT INTO t VALUES (11)");
    const auto batch = readOnce(stream);
    EXPECT_TRUE(batch.rewound);
    m_position = batch.position;
    auto told = textsOf(batch.changes);
    for (const std::string& text : textsOf(read(stream, 1 - told.size())))
        told.push_back(text);
    EXPECT_THAT(told, ElementsAre("+ 11"));
    ASSERT_LT(m_position, before);

    // Nothing is done yet; the connection goes for a moment, and a row is committed meanwhile.
    run("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
    while (text("SELECT active FROM pg_replication_slots") == "t")
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    run("INSERT INTO t VALUES (12)");
    EXPECT_THAT(textsOf(read(stream, 1)), ElementsAre("+ 12"));
    EXPECT_LE(lsnOf(text("SELECT confirmed_flush_lsn FROM pg_replication_slots")),
              lsnOf(text("SELECT pg_current_wal_insert_lsn()")));
}

TEST_F(PostgresRewound, aTransactionUnderWayDoesNotMakeTheLatestPlaceOneThatIsToCome)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY); CREATE TABLE other(v text)");
    run("INSERT INTO t VALUES (1)");
    auto busy = connect(s_server->connection(), ConnectionKind::Ordinary);
    ASSERT_TRUE(query(busy->get(), "BEGIN; INSERT INTO other VALUES ('not flushed yet')"));
    m_position = *stream.latest();
    EXPECT_GT(m_position, lsnOf(text("SELECT pg_current_wal_flush_lsn()"))) << "what it is about";
    const auto batch = readOnce(stream);
    EXPECT_FALSE(batch.rewound);
    ASSERT_TRUE(query(busy->get(), "COMMIT"));
    run("INSERT INTO t VALUES (2)");
    EXPECT_THAT(textsOf(read(stream, 1)), ElementsAre("+ 2"));
}

} // namespace
} // namespace coldframe::postgres
