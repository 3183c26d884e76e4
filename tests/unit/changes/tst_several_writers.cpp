#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "changes/database_watch.h"
#include "changes_fixture.h"
#include "python_writer.h"

namespace coldframe::changes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr const char* kTable = "CREATE TABLE t(id INTEGER PRIMARY KEY, writer INT, n INT)";

TimePoint now()
{
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

/// In both of SQLite's modes for its journal.
class SeveralWriters : public ChangesTest, public testing::WithParamInterface<const char*> {
protected:
    SqliteChangeLog begin()
    {
        m_writer.run(std::string("PRAGMA journal_mode = ") + GetParam());
        return captured(kTable);
    }
};
INSTANTIATE_TEST_SUITE_P(Mode, SeveralWriters, testing::Values("WAL", "DELETE"));

TEST_P(SeveralWriters, processesWriteAtOnceWhileChangesAreReadAndForgotten)
{
    auto log = begin();
    m_writer.run("INSERT INTO t VALUES (1, 0, 0)");
    constexpr int kWriters = 4, kTransactions = 60;
    std::vector<PythonWriter> writers;
    for (int i = 0; i < kWriters; ++i)
        writers.emplace_back(m_file,
                             fmt::format(R"(
db.execute('PRAGMA synchronous = OFF')
for n in range({}):
    db.execute('BEGIN IMMEDIATE')
    db.execute('INSERT INTO t(writer, n) VALUES (?, ?)', ({}, n))
    db.execute('REPLACE INTO t VALUES (1, ?, ?)', ({}, n))
    db.execute('ROLLBACK' if n % 5 == 4 else 'COMMIT')
)",
                                         kTransactions, i, i));
    constexpr std::size_t kExpected = 1 + 2 * kWriters * kTransactions * 4 / 5;
    std::map<std::int64_t, std::int64_t> next; // by writer, the n that its next insert tells
    std::string standing; // the row under key 1
    std::size_t count = 0;
    std::int64_t after = 0;
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (count < kExpected && std::chrono::steady_clock::now() < deadline) {
        const auto batch = log.read(after, {.changes = 50});
        if (!batch) { // another one is committing
            ASSERT_EQ(batch.error().code, Error::Code::Unavailable) << describe(batch.error());
            continue;
        }
        for (const RowChange& change : batch->changes) {
            ++count;
            ASSERT_GT(change.sequence, after);
            after = change.sequence;
            if (std::get<std::int64_t>(change.newRow[0]) == 1) {
                EXPECT_EQ(textOf(change.oldRow), standing);
                standing = textOf(change.newRow);
                continue;
            }
            const auto n = std::get<std::int64_t>(change.newRow[2]);
            auto& expected = next[std::get<std::int64_t>(change.newRow[1])];
            EXPECT_EQ(n, expected);
            expected = n % 5 == 3 ? n + 2 : n + 1;
        }
        after = batch->position;
        if (!log.forget(after))
            std::this_thread::yield(); // locked: what is kept is forgotten the next time
    }
    for (PythonWriter& writer : writers)
        EXPECT_EQ(writer.end(), 0);
    EXPECT_EQ(count, kExpected);
    EXPECT_THAT(log.read(after)->changes, IsEmpty());
    EXPECT_TRUE(log.forget(after));
    EXPECT_EQ(m_writer.number("SELECT count(*) FROM _coldframe_changes"), 1) << "the mark";
}

TEST_P(SeveralWriters, aLockIsToldAndNothingIsLost)
{
    auto log = begin();
    PythonWriter writer(m_file, R"(
db.execute('BEGIN EXCLUSIVE')
db.execute('INSERT INTO t VALUES (1, 1, 1)')
open(db.execute('PRAGMA database_list').fetchone()[2] + '.locked', 'w').close()
input()
db.execute('COMMIT')
)");
    while (!std::filesystem::exists(m_file.string() + ".locked"))
        std::this_thread::sleep_for(1ms);
    const auto forgotten = log.forget(1);
    ASSERT_FALSE(forgotten);
    EXPECT_EQ(forgotten.error().code, Error::Code::Unavailable);
    EXPECT_THAT(describe(forgotten.error()), HasSubstr("another program is writing it"));
    const auto batch = log.read(0); // WAL lets readers read
    if (batch)
        EXPECT_THAT(batch->changes, IsEmpty());
    else
        EXPECT_EQ(batch.error().code, Error::Code::Unavailable);
    EXPECT_EQ(batch.has_value(), GetParam() == std::string("WAL"));
    writer.go();
    EXPECT_EQ(writer.end(), 0);
    EXPECT_THAT(news(log), ElementsAre("+ 1,1,1"));
}

/// Waits as a driver does, for the kernel or the next look. How long the change took to be seen.
std::optional<Duration> waitForChange(SqliteChangeLog& log, DatabaseWatch& watch, LookTimes& times,
                                      std::int64_t& after)
{
    for (const TimePoint begun = now(); now() - begun < 20s;) {
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(times.next() - now());
        pollfd ready{.fd = watch.descriptor(), .events = POLLIN, .revents = 0};
        ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(wait.count(), 0)));
        if (ready.revents && watch.drain())
            times.written(now());
        if (now() < times.next())
            continue;
        bool busy = false;
        if (log.touched()) {
            const auto batch = log.read(after);
            busy = !batch;
            if (batch && !batch->changes.empty()) {
                after = batch->position;
                times.written(now());
                return now() - batch->changes.back().at;
            }
        }
        times.looked(now(), busy);
    }
    return std::nullopt;
}

TEST_P(SeveralWriters, theKernelTellsOfEachCommitOfAnotherProcess)
{
    auto log = begin();
    DatabaseWatch watch(m_file);
    ASSERT_EQ(watch.number(), 0);
    PythonWriter writer(m_file, R"(
for n in range(40):
    input()
    db.execute('INSERT INTO t(n) VALUES (?)', (n,))
)");
    LookTimes times;
    std::int64_t after = log.read(0)->position;
    std::vector<Duration> took;
    for (int i = 0; i < 40; ++i) {
        writer.go();
        const auto time = waitForChange(log, watch, times, after);
        ASSERT_TRUE(time) << "change " << i << " was not seen";
        took.push_back(*time);
    }
    EXPECT_EQ(writer.end(), 0);
    std::ranges::sort(took);
    std::printf("statement to seen, %s: p50 %.1f ms, longest %.1f ms\n", GetParam(),
                toMilliseconds(took[took.size() / 2]), toMilliseconds(took.back()));
    EXPECT_LT(took[took.size() / 2], 4s) << "the kernel told, not the look every five seconds";
}

/// A reader that keeps each change in a file of its own before it forgets it, until it is killed.
[[noreturn]] void readUntilKilled(const std::filesystem::path& file,
                                  const std::filesystem::path& kept)
{
    SqliteChangeLog log(file, "t", {.owner = "shop"});
    std::FILE* out = std::fopen(kept.c_str(), "a");
    for (std::int64_t after = 0;;) {
        const auto batch = log.read(after, {.changes = 5});
        if (!batch)
            continue;
        for (const RowChange& change : batch->changes)
            fmt::print(out, "{} {}\n", change.sequence, textOf(change));
        std::fflush(out);
        after = batch->position;
        (void)log.forget(after);
    }
}

TEST_P(SeveralWriters, aReaderKilledAtAnyMomentLosesNothing)
{
    const unsigned seed = std::random_device()();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::minstd_rand random(seed);
    { // SQLite must not be used across fork(): the children open the file themselves
        auto log = begin();
    }
    PythonWriter writer(m_file, R"(
db.execute('PRAGMA synchronous = OFF')
for n in range(400):
    db.execute('BEGIN IMMEDIATE')
    db.execute('INSERT INTO t VALUES (?, 0, 0) ON CONFLICT DO UPDATE SET n = n + 1', (n % 7,))
    db.execute('REPLACE INTO t VALUES (?, 1, ?)', (100 + n % 3, n))
    db.execute('COMMIT')
)");
    const std::filesystem::path kept = m_folder / "kept.txt";
    const auto readFor = [&](std::chrono::microseconds time) {
        const pid_t child = ::fork();
        if (child == 0)
            readUntilKilled(m_file, kept);
        std::this_thread::sleep_for(time); // the moment of death is what is random
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        std::ofstream(kept, std::ios::app) << "\n"; // a torn line ends here
    };
    for (int i = 0; i < 20; ++i)
        readFor(std::chrono::microseconds(random() % 60'000));
    EXPECT_EQ(writer.end(), 0);
    SqliteChangeLog log(m_file, "t", {.owner = "shop"});
    std::int64_t left = 1;
    for (int i = 0; i < 200 && left > 0; ++i) {
        readFor(50ms * (1 + i / 10)); // longer on a busy machine
        left = static_cast<std::int64_t>(log.read(0)->changes.size());
    }
    ASSERT_EQ(left, 0);

    std::map<std::int64_t, std::string> changes; // by sequence: those that came twice are alike
    std::ifstream lines(kept);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.find(' ');
        if (space == line.npos || line.size() < space + 8)
            continue;
        ++count;
        auto [known, first] = changes.emplace(std::stoll(line), line);
        if (!first && known->second.size() < line.size())
            known->second = line; // the first one was torn
    }
    EXPECT_EQ(changes.size(), 800u) << count << " lines";
    std::map<std::string, std::string> rows;
    for (const auto& [sequence, line] : changes) {
        const std::string text = line.substr(line.find(' ') + 1);
        const auto arrow = text.find(" > ");
        const std::string made = arrow == text.npos ? text.substr(2) : text.substr(arrow + 3);
        std::string& row = rows[made.substr(0, made.find(','))];
        if (arrow != text.npos) {
            EXPECT_EQ(row, text.substr(2, arrow - 2)) << "order of a key";
        }
        row = made;
    }
    EXPECT_EQ(rows.size(), 10u);
}

} // namespace
} // namespace coldframe::changes
