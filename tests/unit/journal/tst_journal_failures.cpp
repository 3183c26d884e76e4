#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include <sys/resource.h>

#include "in_child.h"
#include "journal_fixture.h"

namespace coldframe::journal {
namespace {

using test::inChild;
using test::kNotPossible;
using test::mountSmallDisk;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

class JournalFailures : public testing::Test {
protected:
    TemporaryFolder m_folder;
    std::filesystem::path m_file = m_folder.path() / "journal.db";
    std::string m_at = m_file.string() + ": ";
};

std::string openError(const std::filesystem::path& file)
{
    const auto journal = Journal::open(file);
    return journal ? "opened" : describe(journal.error());
}

TEST_F(JournalFailures, namesAFolderThatIsNotThere)
{
    const std::string folder = (m_folder.path() / "gone").string();
    EXPECT_EQ(openError(folder + "/journal.db"),
              folder + "/journal.db: the journal's folder does not exist; make the folder "
                  + folder);
}

TEST_F(JournalFailures, refusesAFileOfANewerVersionAndLeavesItAlone)
{
    {
        ASSERT_TRUE(Journal::open(m_file));
    }
    sqlite(m_file, "UPDATE meta SET value = 2 WHERE key = 'format'");
    EXPECT_EQ(openError(m_file),
              m_at
                  + "the journal was written by a newer Coldframe (format 2, this one knows 1); "
                    "use that version, or move the file away to begin a new journal");
    EXPECT_EQ(sqlite(m_file, "SELECT value FROM meta WHERE key = 'format'"), "2");
}

TEST_F(JournalFailures, refusesADatabaseOfSomethingElse)
{
    sqlite(m_file, "CREATE TABLE orders(id)");
    EXPECT_EQ(openError(m_file),
              m_at
                  + "is a database, but not a journal of Coldframe; move the file away, or choose "
                    "another state folder");
}

TEST_F(JournalFailures, aDirectoryInItsPlaceIsAnError)
{
    std::filesystem::create_directory(m_file);
    EXPECT_EQ(openError(m_file),
              m_at
                  + "the journal: unable to open database file; check that the folder exists and "
                    "that you may write to it");
}

struct Damage {
    const char* name;
    std::streamoff at;
    std::size_t bytes;
};
class JournalDamage : public JournalFailures, public testing::WithParamInterface<Damage> { };

TEST_P(JournalDamage, isMovedAsideAndANewJournalBegins)
{
    {
        auto journal = Journal::open(m_file);
        ASSERT_TRUE(journal);
        for (int i = 0; i < 200; ++i)
            ASSERT_TRUE((*journal)->append(entryOf(**journal, std::string(500, 'x'))));
    }
    {
        std::fstream file(m_file, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(GetParam().at);
        file << std::string(GetParam().bytes, '\x5a');
    }
    auto journal = Journal::open(m_file);
    ASSERT_TRUE(journal) << describe(journal.error());
    ASSERT_TRUE((*journal)->warning());
    EXPECT_THAT(describe(*(*journal)->warning()),
                MatchesRegex(".*journal.db: the journal: .*; it was moved to "
                             "journal.corrupt-20[0-9]{6}T[0-9]{6}Z.db and a new one begun; events "
                             "that were waiting in it were not delivered: send them again, or "
                             "recover the file with sqlite3's .recover"));
    EXPECT_THAT(keysOf((*journal)->pending()), IsEmpty());
    ASSERT_TRUE((*journal)->append(entryOf(**journal)));
    EXPECT_TRUE((*journal)->flush());
    EXPECT_THAT(keysOf((*journal)->pending()), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Kinds, JournalDamage,
                         testing::Values(Damage{"the first bytes", 0, 16},
                                         Damage{"page size", 16, 2},
                                         Damage{"the first page", 100, 3000},
                                         Damage{"a page of events", 5 * 4096, 4096},
                                         Damage{"everything", 0, 100'000}),
                         [](const auto& row) {
                             std::string name = row.param.name;
                             std::ranges::replace(name, ' ', '_');
                             return name;
                         });

TEST_F(JournalFailures, twoDamagedFilesInOneSecondBothStay)
{
    for (int i = 0; i < 3; ++i) {
        std::ofstream(m_file) << "no database at all, but longer than a hundred bytes: "
                              << std::string(200, '-');
        ASSERT_EQ(openError(m_file), "opened");
        std::filesystem::remove(m_file);
    }
    int aside = 0;
    for (const auto& file : std::filesystem::directory_iterator(m_folder.path()))
        aside += file.path().filename().string().starts_with("journal.corrupt-") ? 1 : 0;
    EXPECT_EQ(aside, 3);
}

TEST_F(JournalFailures, aLockHeldByAnotherProgramStallsAndGoesOnByItself)
{
    StateLog states;
    auto journal
        = Journal::open(m_file, {.onState = [&](const auto& stalled) { states(stalled); }});
    ASSERT_TRUE(journal);
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(m_file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);

    std::atomic<int> durable = 0;
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE((*journal)->append(entryOf(**journal), [&] { ++durable; }));
    const std::string locked = m_at
        + "the journal: database is locked; close the program that has the file open; events wait "
          "in memory until then";
    EXPECT_THAT(states.waitFor(1), ElementsAre(locked));
    EXPECT_EQ(durable, 0);
    const Result<void> flushed = (*journal)->flush();
    ASSERT_FALSE(flushed);
    EXPECT_EQ(describe(flushed.error()), locked);
    EXPECT_EQ((*journal)->stats().waiting, 10u);

    std::this_thread::sleep_for(std::chrono::seconds(1)); // the lock's length is the test's input
    sqlite3_close(other);
    EXPECT_THAT(states.waitFor(2), ElementsAre(locked, "works again"));
    ASSERT_TRUE((*journal)->flush());
    EXPECT_THAT(keysOf((*journal)->pending()), SizeIs(10));
}

TEST_F(JournalFailures, aFileMovedAwayStallsUntilItIsBack)
{
    StateLog states;
    auto journal
        = Journal::open(m_file, {.onState = [&](const auto& stalled) { states(stalled); }});
    ASSERT_TRUE(journal);
    std::filesystem::rename(m_file, m_folder.path() / "elsewhere");
    ASSERT_TRUE((*journal)->append(entryOf(**journal)));
    const std::string moved = m_at
        + "the journal was moved or deleted while in use; put it back, or start Coldframe again; "
          "events wait in memory until then";
    EXPECT_THAT(states.waitFor(1), ElementsAre(moved));
    std::filesystem::rename(m_folder.path() / "elsewhere", m_file);
    EXPECT_THAT(states.waitFor(2), ElementsAre(moved, "works again"));
    EXPECT_THAT(keysOf((*journal)->pending()), SizeIs(1));
}

TEST_F(JournalFailures, refusesEntriesBeyondItsMemoryWhileItCannotWrite)
{
    auto journal = Journal::open(m_file, {.maxWaitingBytes = 100'000});
    ASSERT_TRUE(journal);
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(m_file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    std::size_t taken = 0;
    while ((*journal)->append(entryOf(**journal, std::string(1000, 'x'))))
        ++taken;
    EXPECT_GT(taken, 50u);
    EXPECT_LT(taken, 100u);
    EXPECT_LE((*journal)->stats().waitingBytes, 100'000u);
    (*journal)->remove(1); // never refused: it makes room
    sqlite3_close(other);
    while (!(*journal)->flush()) { } // stalled until the next try
    EXPECT_FALSE((*journal)->full());
    EXPECT_THAT(keysOf((*journal)->pending()), SizeIs(taken - 1));
    EXPECT_TRUE((*journal)->append(entryOf(**journal, std::string(200'000, 'x'))))
        << "an entry larger than the limit may go alone";
}

TEST_F(JournalFailures, marksThatWaitTakeRoomAsWell)
{
    auto journal = Journal::open(m_file, {.maxWaitingBytes = 10'000});
    ASSERT_TRUE(journal);
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(m_file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    for (int i = 0; i < 1'000 && !(*journal)->full(); ++i)
        (*journal)->note({{"stream lines", "position", std::to_string(i)}});
    EXPECT_TRUE((*journal)->full()) << "a stream goes on for ever while the disk is full";
    sqlite3_close(other);
    while (!(*journal)->flush()) { } // stalled until the next try
    EXPECT_FALSE((*journal)->full());
    EXPECT_THAT((*journal)->marks("stream lines").value_or(std::vector<SourceMark>{}), SizeIs(1));
}

/// Appends until commits fail, makes room, and expects every appended entry in the file.
void fillStallAndRecover(const std::filesystem::path& file, const std::string& message,
                         const std::function<void()>& makeRoom)
{
    StateLog states;
    auto journal = Journal::open(file, {.onState = [&](const auto& stalled) { states(stalled); }});
    ASSERT_TRUE(journal) << describe(journal.error());
    std::size_t appended = 0;
    std::atomic<std::size_t> durable = 0;
    do {
        for (int i = 0; i < 20; ++i, ++appended)
            ASSERT_TRUE((*journal)->append(entryOf(**journal, std::string(10'000, 'x')),
                                           [&] { ++durable; }));
    } while ((*journal)->flush() && appended < 10'000);
    EXPECT_THAT(states.waitFor(1).at(0), HasSubstr(message));
    EXPECT_LT(durable, appended);
    makeRoom();
    EXPECT_THAT(states.waitFor(2).back(), "works again");
    EXPECT_TRUE((*journal)->flush());
    EXPECT_THAT(keysOf((*journal)->pending()), SizeIs(appended));
    // Told on the journal's thread, a moment after the commit that flush() waits for.
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (durable != appended && std::chrono::steady_clock::now() < limit)
        std::this_thread::yield();
    EXPECT_EQ(durable, appended);
    EXPECT_EQ(sqlite(file, "PRAGMA integrity_check"), "ok");
}

TEST_F(JournalFailures, aFullDiskStallsAndGoesOnOnceThereIsRoom)
{
    const int code = inChild([&] {
        const std::filesystem::path disk = m_folder.path() / "disk";
        if (!mountSmallDisk(disk, 4))
            return kNotPossible;
        std::ofstream(disk / "filler") << std::string(2'500'000, 'x');
        fillStallAndRecover(disk / "journal.db",
                            "the journal: database or disk is full; free space on this disk; "
                            "accepted events wait in memory and are written as soon as there is "
                            "room",
                            [&] { std::filesystem::remove(disk / "filler"); });
        return 0;
    });
    if (code == kNotPossible)
        GTEST_SKIP() << "not run: making a small file system needs root";
    EXPECT_EQ(code, 0);
}

TEST_F(JournalFailures, aDiskThatIsFullAtTheStartIsCalledSo)
{
    const int code = inChild([&] {
        const std::filesystem::path disk = m_folder.path() / "disk";
        if (!mountSmallDisk(disk, 1))
            return kNotPossible;
        std::string error;
        int refused = 0;
        for (std::size_t room = 0; error != "opened"; room += 4096, ++refused) {
            std::ofstream(disk / "filler") << std::string((std::size_t{1} << 20) - room, 'x');
            error = openError(disk / "journal.db");
            EXPECT_THAT(error, testing::AnyOf("opened", HasSubstr("; free space on this disk")))
                << room << " bytes are free";
            for (const auto& file : std::filesystem::directory_iterator(disk))
                std::filesystem::remove(file);
        }
        EXPECT_GT(refused, 3);
        return 0;
    });
    if (code == kNotPossible)
        GTEST_SKIP() << "not run: making a small file system needs root";
    EXPECT_EQ(code, 0);
}

TEST_F(JournalFailures, aLimitOnFileSizeStallsAndGoesOnOnceItIsRaised)
{
    const int code = inChild([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit small{.rlim_cur = 1'000'000, .rlim_max = limit.rlim_max};
        if (::setrlimit(RLIMIT_FSIZE, &small) != 0)
            return kNotPossible;
        fillStallAndRecover(m_file,
                            "the journal: disk I/O error; check the disk and the size limits of "
                            "files; the write is tried again",
                            [&] { ::setrlimit(RLIMIT_FSIZE, &limit); });
        return 0;
    });
    if (code == kNotPossible)
        GTEST_SKIP() << "not run: the size of files cannot be limited here";
    EXPECT_EQ(code, 0);
}

TEST_F(JournalFailures, closingWhileItCannotWriteDoesNotHang)
{
    sqlite3* other = nullptr;
    std::atomic<int> durable = 0;
    {
        auto journal = Journal::open(m_file);
        ASSERT_TRUE(journal);
        ASSERT_EQ(sqlite3_open(m_file.c_str(), &other), SQLITE_OK);
        ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
        ASSERT_TRUE((*journal)->append(entryOf(**journal), [&] { ++durable; }));
    }
    EXPECT_EQ(durable, 0) << "never written, so never acknowledged";
    sqlite3_close(other);
}

} // namespace
} // namespace coldframe::journal
