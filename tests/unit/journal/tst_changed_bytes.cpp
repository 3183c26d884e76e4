// A journal's file in which a disk has changed bytes that SQLite does not miss.
#include <fstream>

#include "journal_fixture.h"
#include "mangled.h"

namespace coldframe::journal {
namespace {

using testing::SizeIs;

class ChangedBytes : public testing::Test {
protected:
    TemporaryFolder m_folder;
    std::filesystem::path m_file = m_folder.path() / "journal.db";
};

/// Numbers that a disk has changed are noticed by nobody.
TEST_F(ChangedBytes, aWrongNextKeyReplacesNothing)
{
    {
        auto journal = Journal::open(m_file);
        ASSERT_TRUE(journal);
        for (int i = 0; i < 20; ++i)
            ASSERT_TRUE((*journal)->append(entryOf(**journal)));
        QueuedMessage message;
        message.key = (*journal)->nextKey();
        ASSERT_TRUE((*journal)->append(message));
    }
    sqlite(m_file, "UPDATE meta SET value = 3 WHERE key = 'nextKey'");
    auto journal = Journal::open(m_file);
    ASSERT_TRUE(journal);
    const JournalEntry entry = entryOf(**journal);
    EXPECT_EQ(entry.key, 22U);
    ASSERT_TRUE((*journal)->append(entry));
    EXPECT_TRUE((*journal)->flush());
    EXPECT_THAT(keysOf((*journal)->pending()), SizeIs(21));
}

TEST_F(ChangedBytes, timesCanBeReckonedWithWhateverStandsThere)
{
    {
        auto journal = Journal::open(m_file);
        ASSERT_TRUE(journal);
        ASSERT_TRUE((*journal)->append(entryOf(**journal)));
        (*journal)->release(1, 1, TimePoint(std::chrono::seconds(1)));
    }
    sqlite(m_file,
           "UPDATE events SET accepted_at = -9223372036854775808; UPDATE retries SET not_before = "
           "9223372036854775807; UPDATE meta SET value = 9223372036854775807 WHERE key = "
           "'engineTime'");
    auto journal = Journal::open(m_file);
    ASSERT_TRUE(journal);
    const auto pending = (*journal)->pending();
    ASSERT_TRUE(pending && pending->size() == 1U);
    const Duration day = std::chrono::hours(24);
    EXPECT_EQ(pending->front().acceptedAt, TimePoint());
    EXPECT_GT(pending->front().notBefore + day, pending->front().notBefore);
    EXPECT_GT((*journal)->lastEngineTime() + day, (*journal)->lastEngineTime());
}

/// It is found out and moved aside, or what it gives is read; and nothing that is there is
/// replaced.
TEST_F(ChangedBytes, flippedBitsEndNoProgram)
{
    {
        auto journal = Journal::open(m_file);
        ASSERT_TRUE(journal);
        for (int i = 0; i < 60; ++i) {
            ASSERT_TRUE((*journal)->append(entryOf(**journal, std::string(100, 'x'))));
            QueuedMessage message;
            message.key = (*journal)->nextKey();
            message.body = std::string(100, 'y');
            ASSERT_TRUE((*journal)->append(message));
        }
        (*journal)->note({{"stream t", "position", "1 2 3"}});
        (*journal)->release(5, 1, TimePoint(std::chrono::seconds(1)));
    }
    std::ifstream in(m_file, std::ios::binary);
    const std::string good{std::istreambuf_iterator<char>(in), {}};
    std::mt19937 random(test::seedToTry());
    const std::filesystem::path file = m_folder.path() / "bad.db";
    for (int round = 0; round < 60; ++round) {
        std::string bytes = good;
        for (std::size_t flips = 1 + test::below(random, 20); flips > 0; --flips)
            bytes[test::below(random, bytes.size())]
                ^= static_cast<char>(1 << test::below(random, 8));
        for (const char* beside : {"", "-wal", "-shm"})
            std::filesystem::remove(file.string() + beside);
        std::ofstream(file, std::ios::binary) << bytes;
        auto journal = Journal::open(file);
        if (!journal) {
            EXPECT_FALSE(journal.error().message.empty());
            continue;
        }
        const auto before = (*journal)->pending();
        (void)(*journal)->messages();
        (void)(*journal)->marks("stream t");
        ASSERT_TRUE((*journal)->append(entryOf(**journal)));
        if (!(*journal)->flush())
            continue; // damaged where it is written
        const auto after = (*journal)->pending();
        if (before && after) {
            EXPECT_EQ(after->size(), before->size() + 1);
        }
    }
}

} // namespace
} // namespace coldframe::journal
