#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <thread>

#include "session/table_reader.h"

// Triggers that read one table together. The source is made up: one transaction, of which it gives
// a part at a time while its position stands still, as a logical replication slot does.
namespace coldframe::session {
namespace {

using namespace std::chrono_literals;
using changes::ChangeBatch;

constexpr std::uint32_t kChanges = 20'000;
constexpr std::int64_t kCommit = 1'000;

struct Counts {
    std::atomic<std::uint64_t> told{0}; ///< changes, by all sources
    std::atomic<int> sources{0}; ///< that were opened
};

class OneTransaction final : public changes::RowSource {
public:
    explicit OneTransaction(Counts& counts) : m_counts(counts) { ++m_counts.sources; }

    Result<changes::CaptureState> inspect() override { return ready(); }
    Result<changes::CapturePlan> planInstall() override { return changes::CapturePlan{}; }
    Result<changes::CapturePlan> planRemoval(const std::vector<std::string>&) override
    {
        return changes::CapturePlan{};
    }
    Result<void> install(const changes::CapturePlan&) override { return {}; }
    Result<void> remove(const changes::CapturePlan&, const std::vector<std::string>&) override
    {
        return {};
    }
    Result<std::int64_t> latest() override { return 0; }
    Result<void> forget(std::int64_t) override { return {}; }
    void wait(int, Duration most) override
    {
        std::this_thread::sleep_for(std::min<Duration>(most, 5ms));
    }
    Result<ChangeBatch> read(std::int64_t after, changes::ReadLimit limit) override
    {
        if (after != m_position)
            m_next = 0; // as a stream that is started again
        ChangeBatch batch{.state = ready()};
        static const auto kColumns = std::make_shared<const sources::RowColumns>();
        while (after < kCommit && m_next < kChanges && batch.changes.size() < limit.changes) {
            sources::RowChange& change = batch.changes.emplace_back();
            change.sequence = kCommit;
            change.part = m_next++;
            change.columns = kColumns;
        }
        m_counts.told += batch.changes.size();
        // Its end comes after its last row, maybe alone.
        const bool committed = m_next == kChanges && batch.changes.size() < limit.changes;
        m_position = batch.position = committed ? kCommit + 1 : after;
        batch.more = batch.position < kCommit;
        return batch;
    }

private:
    static changes::CaptureState ready()
    {
        return {.kind = changes::CaptureState::Kind::Ready, .reasons = {}, .owner = {}};
    }

    Counts& m_counts;
    std::uint32_t m_next = 0;
    std::int64_t m_position = 0;
};

/// A trigger whose function takes its time for each batch; it is given room by a thread of its own.
class Taking {
public:
    Taking(TableReader& reader, std::size_t room, std::chrono::microseconds each)
        : m_reader(reader), m_room(room), m_each(each)
    {
        m_place = reader.add(
            {.marks = [](const std::string&) { return Result<ShardMarks>(ShardMarks{}); },
             .opened = [](const ShardMarks&, const std::string&, bool) {},
             .make =
                 [](const sources::RowChange& change, std::size_t) {
                     ShardRecord record;
                     record.key = change.part.value_or(0);
                     return std::optional(std::move(record));
                 },
             .give = [this](ShardReading reading, TimePoint) { take(reading); }});
        m_reader.start(m_place);
        giveRoom();
        m_thread = std::thread([this] { work(); });
    }
    ~Taking()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
        }
        m_news.notify_one();
        m_thread.join();
    }
    std::uint64_t count() const { return m_count; }
    bool inOrder() const { return m_inOrder; }
    void block(bool blocked) { m_blocked = blocked; }

private:
    void giveRoom() { m_reader.giveRoom(m_place, {m_room, 1'000'000}, 1'000'000); }
    void take(const ShardReading& reading)
    {
        for (const ShardRecord& record : reading.records)
            if (record.key != m_count++)
                m_inOrder = false;
        {
            const std::lock_guard lock(m_mutex);
            m_given = true;
        }
        m_news.notify_one();
    }
    void work()
    {
        for (;;) {
            {
                std::unique_lock lock(m_mutex);
                m_news.wait(lock, [this] { return m_given || m_ending; });
                if (m_ending)
                    return;
                m_given = false;
            }
            do
                std::this_thread::sleep_for(m_each);
            while (m_blocked && !m_ending);
            giveRoom();
        }
    }

    TableReader& m_reader;
    const std::size_t m_room;
    const std::chrono::microseconds m_each;
    TableReader::Place m_place;
    std::mutex m_mutex;
    std::condition_variable m_news;
    bool m_given = false;
    std::atomic<bool> m_ending{false}, m_blocked{false}, m_inOrder{true};
    std::atomic<std::uint64_t> m_count{0};
    std::thread m_thread;
};

class TableReaderTest : public testing::Test {
protected:
    bool waitFor(const std::function<bool()>& done) const
    {
        const auto end = std::chrono::steady_clock::now() + 60s;
        while (!done() && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(1ms);
        return done();
    }

    /// Ends the reader before those it gives to.
    struct Ending {
        TableReader& reader;
        ~Ending()
        {
            reader.end();
            while (!reader.ended())
                std::this_thread::sleep_for(1ms);
        }
    };

    Counts m_counts;
    TableReader m_reader{{.source = [this] { return std::make_unique<OneTransaction>(m_counts); },
                          .flushJournal = [] { return Result<void>(); },
                          .trouble = [](std::optional<TableTrouble>) {},
                          .notice = [](std::string) {}}};
};

TEST_F(TableReaderTest, aLargeTransactionIsReadOnceForAllThatKeepUp)
{
    Taking fast(m_reader, 500, 0us), slow(m_reader, 300, 2ms);
    const Ending ending{m_reader};
    ASSERT_TRUE(waitFor([&] { return fast.count() == kChanges && slow.count() == kChanges; }))
        << fast.count() << " and " << slow.count() << ", of " << m_counts.told << " told";
    EXPECT_TRUE(fast.inOrder() && slow.inOrder()) << "each once";
    EXPECT_LE(m_counts.told, 3 * kChanges); // a second time for one that came a little later
}

TEST_F(TableReaderTest, oneThatIsBlockedWithinATransactionHoldsUpNobodyAndGetsAllOfItLater)
{
    Taking fast(m_reader, 500, 0us), slow(m_reader, 500, 0us); // which divide it
    const Ending ending{m_reader};
    slow.block(true);
    ASSERT_TRUE(waitFor([&] { return fast.count() == kChanges; })) << fast.count();
    EXPECT_LT(slow.count(), kChanges);
    slow.block(false);
    ASSERT_TRUE(waitFor([&] { return slow.count() == kChanges; })) << slow.count();
    EXPECT_TRUE(fast.inOrder() && slow.inOrder()) << "each once";
}

} // namespace
} // namespace coldframe::session
