#include "postgres_fixture.h"

#include <atomic>

namespace coldframe::postgres {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = CaptureState::Kind;

class PostgresTrouble : public PostgresTest {
protected:
    void restart(int signal, const std::vector<std::string>& settings = {})
    {
        m_user.reset();
        s_server->stop(signal);
        s_server->start(settings);
        reconnect();
    }
    static Error inspectionError(ChangeStreamOptions options)
    {
        const auto state = PostgresChangeStream(std::move(options)).inspect();
        EXPECT_FALSE(state);
        return state ? Error{} : state.error();
    }
};

TEST(PostgresServers, thatAreTooOldAreToldWithTheCure)
{
    EXPECT_TRUE(checkVersion(150018));
    EXPECT_TRUE(checkVersion(130000));
    const auto old = checkVersion(120020);
    ASSERT_FALSE(old);
    EXPECT_THAT(old.error().message, HasSubstr("PostgreSQL 12"));
    EXPECT_THAT(old.error().hint, HasSubstr("version 13"));
}

TEST(PostgresServers, aDatabaseIsOneHoweverItIsWritten)
{
    EXPECT_EQ(databaseOf("postgresql://me:${env:PW}@localhost/shop"), "localhost:5432/shop");
    EXPECT_EQ(databaseOf("host=localhost port=5432 user=you password='${env:PW}' dbname=shop"),
              "localhost:5432/shop");
    EXPECT_EQ(databaseOf("postgresql://shop@localhost:5433"), "localhost:5433/shop");
    EXPECT_EQ(databaseOf("host=localhost nonsense"), "host=localhost nonsense");
}

TEST_F(PostgresTrouble, noServerWrongPasswordNoDatabaseAndNoSense)
{
    ChangeStreamOptions options = optionsOf("t");
    options.connection = s_server->connection("postgres", "wrong");
    Error error = inspectionError(options);
    EXPECT_EQ(error.code, Error::Code::Unavailable);
    EXPECT_THAT(describe(error), HasSubstr("password authentication failed for user \"postgres\""));
    EXPECT_THAT(error.hint, HasSubstr("check user, password"));
    EXPECT_THAT(describe(error), testing::Not(HasSubstr("wrong")));

    options.connection = s_server->connection("postgres", "");
    EXPECT_THAT(inspectionError(options).hint, HasSubstr("asks for a password"));
    options.connection
        = s_server->connection("postgres", test::PostgresServer::kPassword, "nothing");
    EXPECT_THAT(inspectionError(options).message, HasSubstr("database \"nothing\" does not exist"));
    options.connection = "host=127.0.0.1 port=1 user=postgres";
    EXPECT_EQ(inspectionError(options).code, Error::Code::Unavailable);
    EXPECT_THAT(inspectionError(options).hint, HasSubstr("check that the server runs"));
    options.connection = "host=127.0.0.1 nonsense";
    error = inspectionError(options);
    EXPECT_EQ(error.code, Error::Code::Malformed);
    EXPECT_THAT(error.hint, HasSubstr("postgresql://"));
    EXPECT_FALSE(PostgresChangeStream(options).read(0));
}

TEST_F(PostgresTrouble, aRoleWithoutReplicationIsToldWhatItLacks)
{
    run("DROP ROLE IF EXISTS ann; CREATE ROLE ann LOGIN PASSWORD 'p'; CREATE TABLE t(id int "
        "PRIMARY "
        "KEY); ALTER TABLE t OWNER TO ann");
    ChangeStreamOptions options = optionsOf("t");
    options.connection = s_server->connection("ann", "p");
    const Error error = inspectionError(options);
    EXPECT_EQ(error.message, "the role \"ann\" may not replicate");
    EXPECT_THAT(error.hint, HasSubstr("ALTER ROLE \"ann\" REPLICATION"));
    const auto read = PostgresChangeStream(options).read(0);
    ASSERT_FALSE(read);
    EXPECT_THAT(describe(read.error()), HasSubstr("superuser or replication role"));

    run("ALTER ROLE ann REPLICATION; GRANT CREATE ON DATABASE postgres TO ann");
    run("GRANT ALL ON SCHEMA public TO ann");
    PostgresChangeStream stream(options);
    install(stream);
    run("INSERT INTO t VALUES (1)");
    EXPECT_THAT(textsOf(PostgresTest::read(stream, 1)), ElementsAre("+ 1"));
    ASSERT_TRUE(stream.remove(*stream.planRemoval()));
    run("DROP OWNED BY ann; DROP ROLE ann");
}

TEST_F(PostgresTrouble, refusesWhatHasNoRowsInTheLog)
{
    run("CREATE TABLE a(id int PRIMARY KEY); CREATE VIEW v AS SELECT * FROM a; CREATE MATERIALIZED "
        "VIEW m AS SELECT * FROM a; CREATE UNLOGGED TABLE u(id int); CREATE TABLE p(id int) "
        "PARTITION BY RANGE (id)");
    const std::pair<const char*, const char*> tables[]
        = {{"v", "\"public\".\"v\" is a view"},
           {"m", "\"public\".\"m\" is a materialized view"},
           {"u", "\"public\".\"u\" is unlogged"},
           {"p", "\"public\".\"p\" is partitioned"},
           {"pg_class", "\"pg_catalog\".\"pg_class\" is not a table of your data"},
           {"none", "there is no table \"none\" in the database"}};
    for (const auto& [table, message] : tables) {
        EXPECT_THAT(inspectionError(optionsOf(table)).message, HasSubstr(message));
        EXPECT_FALSE(PostgresChangeStream(optionsOf(table)).planInstall());
    }
    const auto read = PostgresChangeStream(optionsOf("a")).read(0);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Error::Code::Missing);
    EXPECT_THAT(describe(read.error()), HasSubstr("agree to install it again"));
}

TEST_F(PostgresTrouble, anotherWalLevelIsToldWithTheCure)
{
    run("CREATE TABLE t(id int PRIMARY KEY)");
    restart(SIGINT, {"wal_level=replica"});
    const Error error = inspectionError(optionsOf("t"));
    EXPECT_EQ(error.code, Error::Code::Conflict);
    EXPECT_EQ(error.message, "the server's wal_level is replica, which keeps no rows in its log");
    EXPECT_THAT(error.hint, HasSubstr("ALTER SYSTEM SET wal_level = logical"));
    restart(SIGINT);
    EXPECT_TRUE(PostgresChangeStream(optionsOf("t")).inspect());
}

TEST_F(PostgresTrouble, aServerThatStopsDoesNotWaitForWhatCannotBeDone)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    run("INSERT INTO t VALUES (1)");
    EXPECT_THAT(textsOf(read(stream, 1)), ElementsAre("+ 1")); // and it is never safe
    m_user.reset();
    std::atomic<bool> stopped{false};
    std::thread stopping([&] {
        s_server->stop(SIGINT);
        stopped = true;
    });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!stopped && std::chrono::steady_clock::now() < deadline) {
        (void)stream.read(m_position);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_TRUE(stopped) << "it waits for a confirmation";
    if (!stopped)
        m_streams.clear(); // its connection ends, so the server can
    stopping.join();
    s_server->start();
    reconnect();
    if (stopped) {
        m_position = 0;
        EXPECT_THAT(textsOf(read(stream, 1)), ElementsAre("+ 1")) << "it comes again";
    }
}

TEST_F(PostgresTrouble, aServerThatRestartsOrCrashesLosesNothing)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    std::vector<std::string> seen, expected;
    int id = 0;
    for (const int signal : {SIGINT, SIGQUIT, SIGQUIT}) {
        for (int i = 0; i < 50; ++i) {
            expected.push_back(fmt::format("+ {}", ++id));
            run(fmt::format("INSERT INTO t VALUES ({})", id));
        }
        for (const std::string& text : textsOf(read(stream, 30, {.changes = 10})))
            seen.push_back(text);
        ASSERT_TRUE(stream.forget(m_position));
        expected.push_back(fmt::format("+ {}", ++id));
        run(fmt::format("INSERT INTO t VALUES ({})", id)); // not read before the server goes
        m_user.reset();
        // An orderly stop waits until all has been sent and confirmed.
        std::thread stopping([&] { s_server->stop(signal); });
        auto gone = stream.read(m_position);
        for (; gone; gone = stream.read(m_position)) {
            m_position = gone->position;
            for (const std::string& text : textsOf(gone->changes))
                seen.push_back(text);
            (void)stream.forget(m_position);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        stopping.join();
        EXPECT_EQ(gone.error().code, Error::Code::Unavailable) << describe(gone.error());
        EXPECT_EQ(stream.read(m_position).error().code, Error::Code::Unavailable) << "and still";
        s_server->start();
        reconnect();
        ASSERT_LE(seen.size(), expected.size()) << "what was confirmed came again";
        const std::size_t left = expected.size() - seen.size();
        for (const std::string& text : textsOf(read(stream, left)))
            seen.push_back(text);
        EXPECT_EQ(seen, expected) << "each once, in order";
    }
}

TEST_F(PostgresTrouble, aTableDroppedAndCreatedAnewIsRepaired)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    run("INSERT INTO t VALUES (1)");
    run("DROP TABLE t");
    EXPECT_THAT(textsOf(read(stream, 1)), ElementsAre("+ 1"));
    EXPECT_EQ(stream.inspect()->kind, Kind::Broken);
    EXPECT_THAT(stream.inspect()->reasons, ElementsAre(HasSubstr("there is no table \"t\"")));
    EXPECT_FALSE(stream.planInstall());
    run("CREATE TABLE t(id int PRIMARY KEY, v int)");
    EXPECT_THAT(stream.inspect()->reasons,
                ElementsAre(HasSubstr("not in its publication"), HasSubstr("no longer FULL")));
    install(stream);
    run("INSERT INTO t VALUES (2, 3)");
    EXPECT_THAT(textsOf(read(stream, 1)), ElementsAre("+ 2,3"));
}

TEST_F(PostgresTrouble, aChangedIdentityIsNoticed)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY, v int)");
    run("ALTER TABLE t REPLICA IDENTITY DEFAULT; INSERT INTO t VALUES (1, 1)");
    run("UPDATE t SET v = 2");
    run("DELETE FROM t");
    EXPECT_THAT(textsOf(read(stream, 3)), ElementsAre("+ 1,1", "~  > 1,2", "- 1,?"));
    EXPECT_EQ(stream.inspect()->kind, Kind::Outdated);
    install(stream);
    EXPECT_EQ(text("SELECT relreplident FROM pg_class WHERE relname = 't'"), "f");
}

TEST_F(PostgresTrouble, aDroppedSlotOrPublicationIsToldAndRepaired)
{
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    const std::string name = optionsOf("t").names.slot();
    run("SELECT pg_drop_replication_slot('" + name + "')");
    auto missing = stream.read(m_position);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Error::Code::Missing);
    EXPECT_THAT(stream.inspect()->reasons, ElementsAre(HasSubstr("the slot")));
    install(stream);

    run("DROP PUBLICATION " + name);
    run("INSERT INTO t VALUES (1)");
    EXPECT_THAT(stream.inspect()->reasons, ElementsAre(HasSubstr("the publication")));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    do
        missing = stream.read(m_position);
    while (missing && std::chrono::steady_clock::now() < deadline);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Error::Code::Missing) << describe(missing.error());
    EXPECT_THAT(stream.planInstall()->warnings, testing::Contains(HasSubstr("are lost")));
    install(stream);
    run("INSERT INTO t VALUES (2)");
    EXPECT_THAT(textsOf(read(stream, 1)), ElementsAre("+ 2"));
}

TEST_F(PostgresTrouble, theServersQuestionsAreAnswered)
{
    restart(SIGINT, {"wal_sender_timeout=1s"});
    auto& stream = captured("CREATE TABLE t(id int PRIMARY KEY)");
    read(stream, 0);
    const int descriptor = stream.descriptor();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(4);
    while (std::chrono::steady_clock::now() < end) {
        pollfd ready{.fd = stream.descriptor(), .events = POLLIN, .revents = 0};
        ASSERT_GT(::poll(&ready, 1, 3000), 0) << "it asks at least every half second";
        const auto batch = stream.read(m_position);
        ASSERT_TRUE(batch) << describe(batch.error());
    }
    EXPECT_EQ(stream.descriptor(), descriptor);
    stream = PostgresChangeStream(optionsOf("t")); // a stop waits for whoever is connected
    restart(SIGINT);
}

} // namespace
} // namespace coldframe::postgres
