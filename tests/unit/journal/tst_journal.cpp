#include <atomic>
#include <thread>

#include "journal_fixture.h"

namespace coldframe::journal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

class JournalTest : public testing::Test {
protected:
    std::unique_ptr<Journal> open(JournalOptions options = {})
    {
        Result<std::unique_ptr<Journal>> journal = Journal::open(m_file, std::move(options));
        EXPECT_TRUE(journal) << describe(journal.error());
        return std::move(*journal);
    }
    TemporaryFolder m_folder;
    std::filesystem::path m_file = m_folder.path() / "journal.db";
};

TEST_F(JournalTest, givesBackEveryFieldOfAnEntryAfterReopening)
{
    JournalEntry given;
    {
        const auto journal = open();
        given = entryOf(*journal, std::string("\0 bytes \xff\n", 10));
        ASSERT_TRUE(journal->append(given));
        ASSERT_TRUE(journal->flush());
    }
    const auto entries = open()->pending();
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 1u);
    const JournalEntry& entry = entries->front();
    EXPECT_EQ(entry.key, given.key);
    EXPECT_EQ(entry.function, "uppercase");
    EXPECT_EQ(entry.trigger, "on-upload");
    EXPECT_EQ(entry.sourceKey, "data/uploads/1.json");
    EXPECT_EQ(entry.requestId, given.requestId);
    EXPECT_EQ(entry.acceptedAt, given.acceptedAt);
    EXPECT_EQ(entry.hops, 2u);
    EXPECT_EQ(entry.body, given.body);
    EXPECT_EQ(entry.attemptsDone, 0u);
    EXPECT_EQ(entry.notBefore, TimePoint{});
}

TEST_F(JournalTest, emptyFieldsStayEmpty)
{
    const auto journal = open();
    JournalEntry entry;
    entry.key = journal->nextKey();
    ASSERT_TRUE(journal->append(entry));
    ASSERT_TRUE(journal->flush());
    EXPECT_EQ(journal->pending()->front().body, "");
    EXPECT_EQ(journal->pending()->front().trigger, "");
}

TEST_F(JournalTest, callsBackInOrderOnlyOnceTheEntryIsInTheFile)
{
    std::vector<std::uint64_t> durable, grouped;
    const auto journal = open({.onDurable = [&](std::span<const std::uint64_t> keys) {
        grouped.insert(grouped.end(), keys.begin(), keys.end());
    }});
    std::atomic<int> missing = 0;
    for (int i = 0; i < 500; ++i) {
        JournalEntry entry = entryOf(*journal);
        const std::uint64_t key = entry.key;
        ASSERT_TRUE(journal->append(std::move(entry), [&, key] {
            durable.push_back(key);
            if (key % 100 == 0 && keysOf(journal->pending()).back() < key)
                ++missing;
        }));
    }
    JournalEntry last = entryOf(*journal);
    std::atomic<bool> ended = false;
    ASSERT_TRUE(journal->append(last, [&] { ended = true, ended.notify_all(); }));
    ended.wait(false);
    EXPECT_EQ(missing, 0);
    EXPECT_EQ(durable.size(), 500u);
    EXPECT_TRUE(std::ranges::is_sorted(durable));
    EXPECT_EQ(grouped.size(), 501u);
}

TEST_F(JournalTest, removedEntriesAreGoneAndReleasedOnesKeepTheirBodyAndAttempts)
{
    const TimePoint later = TimePoint(std::chrono::seconds(1'700'000'060));
    std::uint64_t kept = 0;
    {
        const auto journal = open();
        JournalEntry done = entryOf(*journal), retried = entryOf(*journal, "again");
        const std::uint64_t doneKey = done.key;
        kept = retried.key;
        ASSERT_TRUE(journal->append(std::move(done)));
        ASSERT_TRUE(journal->append(std::move(retried)));
        journal->release(kept, 1, later - 30s);
        journal->release(kept, 2, later);
        journal->release(doneKey, 1, later);
        journal->remove(doneKey);
        journal->remove(4711); // unknown: no error
        ASSERT_TRUE(journal->flush());
        EXPECT_EQ(journal->stats().stored, 1u);
    }
    const auto journal = open();
    const auto entries = journal->pending();
    ASSERT_THAT(keysOf(entries), ElementsAre(kept));
    EXPECT_EQ(entries->front().body, "again");
    EXPECT_EQ(entries->front().attemptsDone, 2u);
    EXPECT_EQ(entries->front().notBefore, later);
    EXPECT_EQ(journal->stats().stored, 1u);

    journal->remove(kept);
    ASSERT_TRUE(journal->flush());
    EXPECT_EQ(
        sqlite(m_file, "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM retries)"),
        "0");
    EXPECT_EQ(sqlite(m_file, "SELECT count(*) FROM retries"), "0");
}

TEST_F(JournalTest, keysAreNeverGivenOutTwice)
{
    std::uint64_t last = 0;
    for (int run = 0; run < 3; ++run) {
        const auto journal = open();
        JournalEntry entry = entryOf(*journal);
        EXPECT_GT(entry.key, last);
        last = entry.key;
        ASSERT_TRUE(journal->append(entry));
        journal->remove(entry.key); // nothing in the file remembers the key
    }
}

TEST_F(JournalTest, engineTimeIsKeptAndNeverMovesBack)
{
    const TimePoint noon = TimePoint(std::chrono::seconds(1'700'000'000));
    {
        const auto journal = open();
        EXPECT_EQ(journal->lastEngineTime(), TimePoint{});
        journal->noteEngineTime(noon);
        journal->noteEngineTime(noon - 1h);
    }
    EXPECT_EQ(open()->lastEngineTime(), noon);
    EXPECT_EQ(open()->lastEngineTime(), noon) << "a run that notes nothing keeps it";
}

TEST_F(JournalTest, anEntryAfterAPauseDoesNotWaitForAGroup)
{
    const auto journal = open({.groupEvery = 1h});
    std::atomic<bool> durable = false;
    ASSERT_TRUE(journal->append(entryOf(*journal), [&] { durable = true, durable.notify_all(); }));
    durable.wait(false); // an hour, if it did
    ASSERT_TRUE(journal->append(entryOf(*journal)));
    ASSERT_TRUE(journal->flush()) << "and flush() does not wait for one either";
    EXPECT_EQ(journal->stats().commits, 2u);
}

TEST_F(JournalTest, closingWritesWhatStillWaitsForItsGroup)
{
    {
        const auto journal = open({.groupEvery = 1h});
        for (int i = 0; i < 100; ++i)
            ASSERT_TRUE(journal->append(entryOf(*journal)));
    }
    EXPECT_EQ(keysOf(open()->pending()).size(), 100u);
}

TEST_F(JournalTest, manyThreadsMayAppendAtOnce)
{
    const auto journal = open({.durability = Durability::Power});
    std::atomic<int> durable = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 500; ++i)
                    EXPECT_TRUE(journal->append(entryOf(*journal), [&] { ++durable; }));
            });
    }
    ASSERT_TRUE(journal->flush());
    EXPECT_EQ(keysOf(journal->pending()).size(), 2000u);
    EXPECT_EQ(journal->stats().waiting, 0u);
    EXPECT_EQ(journal->stats().waitingBytes, 0u);
}

TEST_F(JournalTest, aBacklogThatWasWorkedOffGivesItsSpaceBackAtTheNextStart)
{
    {
        const auto journal = open();
        for (int i = 0; i < 400; ++i) {
            JournalEntry entry = entryOf(*journal, std::string(100'000, 'x'));
            const std::uint64_t key = entry.key;
            ASSERT_TRUE(journal->append(std::move(entry)));
            if (i % 50 == 0) {
                ASSERT_TRUE(journal->flush());
            }
            journal->remove(key);
        }
        JournalEntry large = entryOf(*journal, std::string(40'000'000, 'x'));
        const std::uint64_t key = large.key;
        ASSERT_TRUE(journal->flush());
        ASSERT_TRUE(journal->append(std::move(large)));
        ASSERT_TRUE(journal->flush());
        journal->remove(key);
    }
    EXPECT_GT(std::filesystem::file_size(m_file), 16'000'000u);
    open();
    EXPECT_LT(std::filesystem::file_size(m_file), 100'000u);
}

TEST_F(JournalTest, aNewJournalIsEmptyAndWithoutWarning)
{
    const auto journal = open();
    EXPECT_FALSE(journal->warning());
    EXPECT_THAT(keysOf(journal->pending()), IsEmpty());
    EXPECT_EQ(journal->nextKey(), 1u);
}

TEST_F(JournalTest, keepsMarksWithTheirEventsAndOfEachSourceApart)
{
    const std::vector<SourceMark> ofFiles{
        {"files", "", "begun"}, {"files", "a", std::string("1\0 2", 4)}, {"files", "b", "3"}};
    {
        const auto journal = open();
        JournalEntry entry = entryOf(*journal);
        entry.marks = {ofFiles[1], {"stream", "position", "7"}};
        ASSERT_TRUE(journal->append(std::move(entry)));
        journal->note({ofFiles[0], ofFiles[2], {"files", "c", "4"}});
        journal->note({{"files", "c", ""}, {"stream", "position", "8"}});
        ASSERT_TRUE(journal->flush());
        EXPECT_EQ(*journal->marks("files"), ofFiles);
    }
    const auto again = open();
    EXPECT_EQ(*again->marks("files"), ofFiles);
    EXPECT_THAT(*again->marks("stream"), ElementsAre(SourceMark{"stream", "position", "8"}));
    EXPECT_THAT(*again->marks("other"), IsEmpty());
    EXPECT_EQ(keysOf(again->pending()).size(), 1U);
}

/// A journal of this format that was made before there were marks.
TEST_F(JournalTest, opensAFileWithoutMarks)
{
    open();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(m_file.c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, "DROP TABLE marks", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
    const auto journal = open();
    EXPECT_FALSE(journal->warning());
    EXPECT_THAT(*journal->marks("files"), IsEmpty());
}

} // namespace
} // namespace coldframe::journal
