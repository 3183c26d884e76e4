#include "journal/message_table.h"
#include "journal_fixture.h"

// Messages of queues in the journal: what is written is what the next run finds.
namespace coldframe::journal {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kSent{1'700'000'000s};

class QueuedMessages : public testing::Test {
protected:
    QueuedMessages() { open(); }

    void open()
    {
        m_journal.reset();
        JournalOptions options;
        options.onMessages = [this](std::span<const std::uint64_t> keys) {
            const std::scoped_lock lock(m_mutex);
            m_durable.insert(m_durable.end(), keys.begin(), keys.end());
        };
        auto opened = Journal::open(m_folder.path() / "journal.db", std::move(options));
        ASSERT_TRUE(opened) << describe(opened.error());
        m_journal = std::move(*opened);
    }

    std::uint64_t send(std::string body, std::string attributes = {})
    {
        QueuedMessage message;
        message.key = m_journal->nextKey();
        message.queue = "parts";
        message.messageId = "id-" + std::to_string(message.key);
        message.body = std::move(body);
        message.attributes = std::move(attributes);
        message.group = "g";
        message.deduplication = "d";
        message.sender = "split";
        message.sentAt = kSent;
        message.visibleAt = kSent + 5s;
        message.hops = 3;
        const std::uint64_t key = message.key;
        EXPECT_TRUE(m_journal->append(std::move(message)));
        return key;
    }

    /// As the next run finds them.
    std::vector<QueuedMessage> again()
    {
        open();
        auto found = m_journal->messages();
        EXPECT_TRUE(found) << (found ? "" : describe(found.error()));
        return found ? std::move(*found) : std::vector<QueuedMessage>();
    }

    std::string bodyOf(const QueuedMessage& message)
    {
        QueuedMessage whole = message;
        MessageReader reader(m_journal->file());
        const auto read = reader.read(whole);
        return read ? whole.body + '|' + whole.attributes : describe(read.error());
    }

    test::TemporaryFolder m_folder;
    std::mutex m_mutex;
    std::vector<std::uint64_t> m_durable;
    std::unique_ptr<Journal> m_journal;
};

TEST_F(QueuedMessages, areFoundByTheNextRun)
{
    const std::string body("a\0\xc3\xa9", 4);
    const std::uint64_t key = send(body, R"({"k":{}})");
    ASSERT_TRUE(m_journal->flush());
    const auto found = again();
    {
        const std::scoped_lock lock(m_mutex);
        EXPECT_EQ(m_durable, std::vector{key});
    }
    ASSERT_EQ(found.size(), 1U);
    const QueuedMessage& message = found.front();
    EXPECT_EQ(message.key, key);
    EXPECT_EQ(message.queue, "parts");
    EXPECT_EQ(message.messageId, "id-" + std::to_string(key));
    EXPECT_EQ(message.group, "g");
    EXPECT_EQ(message.deduplication, "d");
    EXPECT_EQ(message.sender, "split");
    EXPECT_EQ(message.sentAt, kSent);
    EXPECT_EQ(message.visibleAt, kSent + 5s);
    EXPECT_EQ(message.hops, 3U);
    EXPECT_EQ(message.bytes, body.size() + 8);
    EXPECT_EQ(message.receives, 0U);
    EXPECT_EQ(message.receipt, 0U);
    EXPECT_EQ(message.sequence, key);
    EXPECT_FALSE(message.moved);
    EXPECT_EQ(message.body, "") << "bodies are read one by one";
    EXPECT_EQ(bodyOf(message), body + R"(|{"k":{}})");
}

TEST_F(QueuedMessages, standWhereTheyWereLast)
{
    const std::uint64_t key = send("one");
    m_journal->change(MessageStands{key, "parts", 1, kSent, kSent + 10s, kSent + 40s, "", "E"});
    m_journal->change(MessageStands{key, "dead", 0, kSent, {}, {}, "parts", "ValueError"});
    const auto found = again();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].queue, "dead");
    EXPECT_EQ(found[0].receives, 0U);
    EXPECT_EQ(found[0].visibleAt, TimePoint());
    EXPECT_EQ(found[0].from, "parts");
    EXPECT_EQ(found[0].problem, "ValueError");
    EXPECT_EQ(bodyOf(found[0]), "one|");
}

TEST_F(QueuedMessages, keepTheirReceiptAndTheirPlaceInOrder)
{
    const std::uint64_t first = send("one"), second = send("two"), third = send("three");
    MessageStands stands{.key = first, .queue = "parts", .receives = 1, .sentAt = kSent};
    stands.receipt = 7;
    m_journal->change(stands);
    stands.key = second;
    stands.sentAt = kSent + 1s; // sent back
    stands.sequence = m_journal->nextKey();
    m_journal->change(stands);
    const auto found = again();
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].key, first);
    EXPECT_EQ(found[0].receipt, 7U);
    EXPECT_FALSE(found[0].moved) << "it was received";
    EXPECT_EQ(found[1].key, third);
    EXPECT_EQ(found[2].key, second);
    EXPECT_EQ(found[2].sequence, third + 1);
    EXPECT_TRUE(found[2].moved);
}

TEST_F(QueuedMessages, eachRunHasANumber)
{
    for (const std::uint64_t run : {1U, 2U, 3U}) {
        EXPECT_EQ(m_journal->run(), run);
        open();
    }
}

TEST_F(QueuedMessages, ofAJournalFromBeforeReceiptsWereKeptAreRead)
{
    const std::uint64_t key = send("one"), other = send("two");
    m_journal->change(MessageStands{key, "dead", 2, kSent, kSent, kSent, "parts", "E"});
    const std::filesystem::path file = m_journal->file();
    m_journal.reset();
    {
        sqlite::Database db;
        ASSERT_EQ(sqlite::openDatabase(file, SQLITE_OPEN_READWRITE, db), SQLITE_OK);
        ASSERT_EQ(sqlite::execute(db.get(),
                                  "ALTER TABLE stands DROP COLUMN receipt;"
                                  "ALTER TABLE stands DROP COLUMN sequence"),
                  SQLITE_OK);
    }
    for (int time = 0; time < 2; ++time) { // and once more when it has them
        const auto found = again();
        ASSERT_EQ(found.size(), 2U);
        EXPECT_EQ(found[0].queue, "dead");
        EXPECT_EQ(found[0].receives, 2U);
        EXPECT_EQ(found[0].receipt, 2U) << "as it counted then";
        EXPECT_EQ(found[0].sequence, key);
        EXPECT_TRUE(found[0].moved);
    }
    MessageStands stands{.key = other, .queue = "parts", .receives = 1, .sentAt = kSent};
    stands.receipt = 9;
    m_journal->change(stands);
    EXPECT_EQ(again().at(1).receipt, 9U);
}

TEST_F(QueuedMessages, areEditedAndRemoved)
{
    const std::uint64_t first = send("one"), second = send("two"), third = send("three");
    m_journal->change(MessageStands{second, "parts", 4, kSent, kSent, kSent, "", ""});
    m_journal->change(MessageEdited{first, "uno", "{}"});
    m_journal->change(MessageRemoved{second});
    m_journal->change(MessageRemoved{999});
    auto found = again();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].key, first);
    EXPECT_EQ(bodyOf(found[0]), "uno|{}");
    EXPECT_EQ(found[1].key, third);
    // A removed one leaves nothing that another could inherit.
    m_journal->change(MessageStands{second, "parts", 7, kSent, kSent, kSent, "", ""});
    EXPECT_EQ(again().size(), 2U);

    MessageReader reader(m_journal->file());
    QueuedMessage gone{.key = second, .messageId = "id-2"};
    const auto read = reader.read(gone);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Error::Code::Missing);
    QueuedMessage there{.key = third};
    EXPECT_TRUE(reader.read(there)) << "the reader goes on after that";
    EXPECT_EQ(there.body, "three");
}

/// What stands in a file may have been changed by a disk, and rules reckon with it.
TEST_F(QueuedMessages, haveTimesThatCanBeReckonedWith)
{
    send("x");
    ASSERT_TRUE(m_journal->flush());
    m_journal.reset();
    sqlite(m_folder.path() / "journal.db",
           "UPDATE messages SET sent_at = -9223372036854775808, visible_at = 9223372036854775807");
    const auto found = again();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].sentAt, TimePoint());
    EXPECT_GT(found[0].visibleAt, kSent);
    EXPECT_GT(found[0].visibleAt + 12h, found[0].visibleAt);
}

TEST_F(QueuedMessages, areNotTakenWhenTheJournalIsFull)
{
    m_journal.reset();
    JournalOptions options;
    options.maxWaitingBytes = 2'000;
    options.groupEvery = 1h; // but for the first
    auto opened = Journal::open(m_folder.path() / "full.db", std::move(options));
    ASSERT_TRUE(opened);
    m_journal = std::move(*opened);
    send("first");
    ASSERT_TRUE(m_journal->flush());
    send(std::string(1'500, 'x'));
    QueuedMessage more;
    more.key = m_journal->nextKey();
    more.body.assign(1'500, 'y');
    EXPECT_FALSE(m_journal->append(more));
    ASSERT_TRUE(m_journal->flush());
    EXPECT_TRUE(m_journal->append(more));
}

} // namespace
} // namespace coldframe::journal
