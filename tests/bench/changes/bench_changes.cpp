#include <chrono>

#include "changes_fixture.h"
#include "sources/row_event.h"

namespace coldframe::changes {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRows = 50'000;

double rate(Clock::time_point since)
{
    return kRows / std::chrono::duration<double>(Clock::now() - since).count();
}

class ChangesSpeed : public ChangesTest {
protected:
    /// Rows of an order, so many a transaction; how many a second.
    double write(const char* table, const char* sql, int perTransaction)
    {
        sqlite::Statement statement;
        EXPECT_EQ(statement.prepare(m_writer.handle(), fmt::format(fmt::runtime(sql), table)),
                  SQLITE_OK)
            << sqlite3_errmsg(m_writer.handle());
        const std::string item(60, 'i');
        const Clock::time_point begun = Clock::now();
        for (int i = 0; i < kRows; ++i) {
            if (i % perTransaction == 0)
                m_writer.run(i ? "COMMIT; BEGIN" : "BEGIN");
            statement.bind(1, i + 1).bind(2, std::string_view(item)).bind(3, i % 9);
            EXPECT_EQ(statement.run(), SQLITE_OK);
        }
        m_writer.run("COMMIT");
        return rate(begun);
    }
};

TEST_F(ChangesSpeed, rowsThroughCaptureBesideBareOnes)
{
    m_writer.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    m_writer.run("CREATE TABLE bare(id INTEGER PRIMARY KEY, item TEXT, qty INT, at REAL)");
    auto log = captured("CREATE TABLE t(id INTEGER PRIMARY KEY, item TEXT, qty INT, at REAL)");
    const std::pair<const char*, const char*> kinds[]
        = {{"insert", "INSERT INTO {}(id, item, qty) VALUES (?1, ?2, ?3)"},
           {"update", "UPDATE {} SET item = ?2, qty = ?3 + 1 WHERE id = ?1"},
           {"replace", "REPLACE INTO {}(id, item, qty) VALUES (?1, ?2, ?3)"}};
    std::int64_t after = log.read(0)->position;
    for (const int perTransaction : {1, 1000})
        for (const auto& [name, sql] : kinds) {
            const double bare = write("bare", sql, perTransaction);
            const Clock::time_point begun = Clock::now();
            const double writing = write("t", sql, perTransaction);
            const Clock::time_point readingBegun = Clock::now();
            std::size_t bytes = 0;
            int read = 0;
            for (bool more = true; more;) {
                const auto batch = log.read(after);
                ASSERT_TRUE(batch) << describe(batch.error());
                for (const RowChange& change : batch->changes)
                    bytes += sources::dynamoDbRecord(change, {}).size(), ++read;
                after = batch->position;
                more = batch->more;
                ASSERT_TRUE(log.forget(after));
            }
            std::printf("%s, %4d a transaction: bare %.0f/s; captured %.0f/s (%.2f times the "
                        "time); read, made events of and forgotten %.0f/s; both %.0f/s (%zu bytes "
                        "an event)\n",
                        name, perTransaction, bare, writing, bare / writing, rate(readingBegun),
                        rate(begun), bytes / kRows);
            EXPECT_EQ(read, kRows);
            if (name == kinds[2].first) { // the next round inserts again
                m_writer.run("DELETE FROM bare; DELETE FROM t");
                ASSERT_TRUE(log.forget(INT64_MAX));
                after = log.read(0)->position;
            }
        }
}

} // namespace
} // namespace coldframe::changes
