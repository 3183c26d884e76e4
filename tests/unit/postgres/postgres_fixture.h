#pragma once

#include <poll.h>

#include <gmock/gmock.h>

#include "postgres/postgres_change_stream.h"
#include "postgres_server.h"
#include "row_text.h"

namespace coldframe::postgres {

using changes::CaptureState;
using sources::RowChange;
using test::textOf;
using test::textsOf;

/// One server for all tests of a program; each test has a table of its own.
class PostgresTest : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        if (!test::postgresPrograms().empty())
            s_server = std::make_unique<test::PostgresServer>();
    }
    static void TearDownTestSuite() { s_server.reset(); }
    void SetUp() override
    {
        if (!s_server)
            GTEST_SKIP() << "not run: PostgreSQL's server is not installed (package postgresql)";
        reconnect();
        run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    }
    void TearDown() override
    {
        if (!m_user)
            return;
        for (const auto& stream : m_streams)
            if (const auto plan = stream->planRemoval())
                (void)stream->remove(*plan);
    }
    void reconnect()
    {
        auto connection = connect(s_server->connection(), ConnectionKind::Ordinary);
        ASSERT_TRUE(connection) << describe(connection.error());
        m_user = std::move(*connection);
    }

    void run(const std::string& sql)
    {
        const auto done = query(m_user.get(), sql);
        EXPECT_TRUE(done) << describe(done.error()) << "\n" << sql;
    }
    std::string text(const std::string& sql)
    {
        const auto rows = query(m_user.get(), sql);
        return rows && rows->count() ? rows->text(0, 0) : std::string();
    }
    static ChangeStreamOptions optionsOf(const std::string& table,
                                         const std::string& owner = "shop")
    {
        return {.connection = s_server->connection(), .names = {.table = table, .owner = owner}};
    }
    static void install(PostgresChangeStream& stream)
    {
        const auto plan = stream.planInstall();
        ASSERT_TRUE(plan) << describe(plan.error());
        const auto done = stream.install(*plan);
        ASSERT_TRUE(done) << describe(done.error());
        const auto state = stream.inspect();
        ASSERT_TRUE(state) << describe(state.error());
        EXPECT_EQ(state->kind, CaptureState::Kind::Ready) << testing::PrintToString(state->reasons);
    }
    /// Creates the table and captures it.
    PostgresChangeStream& captured(const std::string& schema, const std::string& table = "t")
    {
        run(schema);
        m_streams.push_back(std::make_unique<PostgresChangeStream>(optionsOf(table)));
        install(*m_streams.back());
        return *m_streams.back();
    }
    /// The first batch that does not meet a server that is not ready.
    changes::ChangeBatch readOnce(PostgresChangeStream& stream)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        auto batch = stream.read(m_position);
        while (!batch && batch.error().code == Error::Code::Unavailable
               && std::chrono::steady_clock::now() < deadline)
            batch = stream.read(m_position);
        EXPECT_TRUE(batch) << describe(batch.error());
        return batch ? *batch : changes::ChangeBatch{};
    }
    /// Reads until that many changes have come, as a driver does. Errors that pass are passed over.
    std::vector<RowChange> read(PostgresChangeStream& stream, std::size_t count,
                                changes::ReadLimit limit = {})
    {
        std::vector<RowChange> all;
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (std::chrono::steady_clock::now() < deadline) {
            auto batch = stream.read(m_position, limit);
            if (!batch && batch.error().code != Error::Code::Unavailable) {
                ADD_FAILURE() << describe(batch.error());
                break;
            }
            if (batch) {
                m_position = batch->position;
                std::ranges::move(batch->changes, std::back_inserter(all));
                std::ranges::move(batch->notices, std::back_inserter(m_notices));
                // Until the end of its transaction has come a change would come again.
                const bool whole = all.empty() || m_position > all.back().sequence;
                if (all.size() >= count && !batch->more && whole)
                    return all;
            }
            pollfd ready{.fd = stream.descriptor(), .events = POLLIN, .revents = 0};
            ::poll(&ready, 1, 100);
        }
        ADD_FAILURE() << all.size() << " of " << count << " changes came";
        return all;
    }

    static inline std::unique_ptr<test::PostgresServer> s_server;
    Connection m_user; ///< what writes the table
    std::vector<std::unique_ptr<PostgresChangeStream>> m_streams; ///< removed at the end
    std::int64_t m_position = 0;
    std::vector<std::string> m_notices;
};

} // namespace coldframe::postgres
