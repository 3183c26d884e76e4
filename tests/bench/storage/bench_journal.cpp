#include <algorithm>
#include <atomic>
#include <thread>

#include "journal_fixture.h"

namespace coldframe::journal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRows = 200'000;

double rate(Clock::time_point since, int rows)
{
    return rows / std::chrono::duration<double>(Clock::now() - since).count();
}

/// The bound: the same rows by the shortest loop over SQLite, 1,000 a transaction.
double bareRowsPerSecond(const std::filesystem::path& file, const JournalEntry& entry)
{
    sqlite3* db = nullptr;
    sqlite3_open(file.c_str(), &db);
    sqlite3_exec(
        db,
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE events(key "
        "INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, d TEXT, e INTEGER, f INTEGER, g BLOB)",
        nullptr, nullptr, nullptr);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", -1,
                       &insert, nullptr);
    const auto text = [&](int index, const std::string& value) {
        sqlite3_bind_text64(insert, index, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
    };
    const Clock::time_point begun = Clock::now();
    for (int i = 0; i < kRows; ++i) {
        if (i % 1000 == 0)
            sqlite3_exec(db, i ? "COMMIT; BEGIN" : "BEGIN", nullptr, nullptr, nullptr);
        sqlite3_bind_int64(insert, 1, i + 1);
        text(2, entry.function), text(3, entry.trigger);
        text(4, entry.sourceKey), text(5, entry.requestId);
        sqlite3_bind_int64(insert, 6, entry.acceptedAt.time_since_epoch().count());
        sqlite3_bind_int64(insert, 7, entry.hops);
        sqlite3_bind_blob64(insert, 8, entry.body.data(), entry.body.size(), SQLITE_STATIC);
        sqlite3_step(insert);
        sqlite3_reset(insert);
    }
    sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    const double perSecond = rate(begun, kRows);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return perSecond;
}

TEST(JournalSpeed, appendsInGroupsNearTheSpeedOfABareLoop)
{
    const TemporaryFolder folder;
    auto journal = Journal::open(folder.path() / "journal.db");
    ASSERT_TRUE(journal);
    const JournalEntry like = entryOf(**journal, std::string(200, 'x'));
    const double bare = bareRowsPerSecond(folder.path() / "bare.db", like);

    std::atomic<int> durable = 0;
    const Clock::time_point begun = Clock::now();
    for (int i = 0; i < kRows; ++i) {
        while (!(*journal)->append(entryOf(**journal, like.body), [&] { ++durable; }))
            std::this_thread::yield();
    }
    ASSERT_TRUE((*journal)->flush());
    const double appends = rate(begun, kRows);
    const JournalStats stats = (*journal)->stats();

    const Clock::time_point removing = Clock::now();
    for (const std::uint64_t key : keysOf((*journal)->pending()))
        (*journal)->remove(key);
    ASSERT_TRUE((*journal)->flush());
    std::printf("appends %.0f/s (bare SQLite %.0f/s, ratio %.2f), %llu commits, removes %.0f/s\n",
                appends, bare, appends / bare, static_cast<unsigned long long>(stats.commits),
                rate(removing, kRows));
    EXPECT_EQ((*journal)->stats().stored, 0u);
}

/// From append() to the callback, at a steady rate of `burst` entries every 100 µs.
void measureLatency(int burst)
{
    const TemporaryFolder folder;
    auto journal = Journal::open(folder.path() / "journal.db");
    ASSERT_TRUE(journal);
    const int events = 10'000 * burst; // one second
    std::vector<Clock::time_point> given(static_cast<std::size_t>(events)), durable(given);
    const Clock::time_point begun = Clock::now();
    for (int i = 0; i < events; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (i % burst == 0)
            std::this_thread::sleep_until(begun + std::chrono::microseconds(100) * (i / burst));
        given[at] = Clock::now();
        ASSERT_TRUE((*journal)->append(entryOf(**journal, std::string(200, 'x')),
                                       [&durable, at] { durable[at] = Clock::now(); }));
    }
    journal->reset(); // all callbacks have run
    std::vector<double> ms(given.size());
    std::ranges::transform(durable, given, ms.begin(), [](auto end, auto start) {
        return std::chrono::duration<double, std::milli>(end - start).count();
    });
    std::ranges::sort(ms);
    std::printf("append to durable at %d,000/s: p50 %.2f ms, p99 %.2f ms, longest %.2f ms\n",
                10 * burst, ms[ms.size() / 2], ms[ms.size() * 99 / 100], ms.back());
    EXPECT_GT(ms.front(), 0);
}

TEST(JournalSpeed, appendToDurableAtTenThousandASecond)
{
    measureLatency(1);
}

TEST(JournalSpeed, appendToDurableAtAHundredThousandASecond)
{
    measureLatency(10);
}

} // namespace
} // namespace coldframe::journal
