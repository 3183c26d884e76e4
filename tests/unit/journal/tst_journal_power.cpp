#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

#include "fragile_disk.h"
#include "journal_fixture.h"
#include "journal_history.h"

namespace coldframe::journal {
namespace {

/// What is said durable before the power goes.
enum class Promise : std::uint8_t { Kept, MayBeLost };

struct Rules {
    Durability durability = Durability::Process;
    Promise promise = Promise::MayBeLost;
    bool lies = false; ///< the disk, of its syncs
};

/// One journal from start to start, each of which ends with a loss of power.
class PowerPlay {
public:
    PowerPlay(std::uint64_t seed, Rules rules) : m_random(seed), m_rules(rules), m_disk(seed)
    {
        if (rules.lies)
            m_disk.lie();
        constexpr std::size_t kBodies[] = {500, 500, 500, 5'000, 5'000, 60'000, 60'000, 1'500'000};
        m_largestBody = kBodies[m_random() % std::size(kBodies)];
    }

    /// What is wrong after one of the starts; empty: nothing.
    std::string problem()
    {
        for (int start = 0; start < 4; ++start)
            if (std::string found = live(); !found.empty())
                return fmt::format("start {}: {}", start, found);
        return {};
    }

private:
    std::string live()
    {
        if (m_random() % 3 == 0) { // while it starts or ends, the power goes as well
            m_disk.cutPower(1 + m_random() % 30);
            Journal::open(m_file);
            loseAll();
        }
        const bool grouped = m_random() % 2 == 0;
        auto opened = Journal::open(m_file, options(grouped));
        if (!opened)
            return describe(opened.error());
        Journal& journal = **opened;
        if (std::string wrong = compare(journal); !wrong.empty())
            return wrong;
        m_grouped = grouped;
        m_ends = {0};
        m_disk.cutPower(1 + m_random() % (std::uint64_t{1} << m_random() % 11));
        // Without a sync a commit, one that fails loses earlier ones, and SQLite is not told.
        const bool syncFails = m_rules.durability == Durability::Power && m_random() % 3 == 0;
        if (syncFails)
            m_disk.failSync(1 + m_random() % 8);
        use(journal);
        if (m_random() % 4 == 0) { // a clean end, unless the power goes in it
            m_ends.insert(m_history.given());
            opened->reset();
            if (!m_disk.isOff() && !syncFails)
                m_safe = m_history.given();
        }
        m_disk.cutPower(0);
        opened->reset();
        loseAll();
        return {};
    }

    JournalOptions options(bool grouped)
    {
        const auto keep = [this](std::span<const std::uint64_t> keys) {
            const std::scoped_lock lock(m_mutex);
            m_durable.insert(m_durable.end(), keys.begin(), keys.end());
        };
        JournalOptions made;
        made.durability = m_rules.durability;
        // Grouped, a commit holds exactly what was handed over between two calls of flush().
        made.groupEvery = grouped ? Duration(std::chrono::hours(1)) : Duration::zero();
        made.onDurable = keep;
        made.onMessages = keep;
        return made;
    }

    void use(Journal& journal)
    {
        for (auto calls = m_random() % 50; calls > 0 && !m_disk.isOff(); --calls) {
            journal.noteEngineTime(m_engineTime += std::chrono::seconds(1));
            m_history.call(journal, m_largestBody);
            if (m_history.given() != 1 && m_random() % 4 != 0)
                continue;
            const TimePoint noted = m_engineTime;
            m_ends.insert(m_history.given());
            while (!journal.flush()) {
                if (m_disk.isOff())
                    return;
                std::this_thread::yield(); // it tries again by itself
            }
            if (m_rules.promise == Promise::Kept) {
                m_safe = m_history.given();
                m_safeEngineTime = noted;
            }
        }
    }

    void loseAll()
    {
        m_disk.restore();
        if (m_rules.promise == Promise::Kept)
            for (const std::uint64_t key : m_durable) {
                m_safe = std::max(m_safe, m_history.stateWith(key));
                m_largestKey = std::max(m_largestKey, key);
            }
        m_durable.clear();
    }

    std::string compare(Journal& journal)
    {
        if (journal.warning())
            return describe(*journal.warning());
        if (const std::string verdict = sqlite(m_file, "PRAGMA integrity_check"); verdict != "ok")
            return verdict;
        const Content found = contentOf(journal);
        std::size_t state = m_history.given() + 1;
        do {
            if (state-- == m_safe)
                return difference(found);
        } while (m_history.states()[state] != found || (m_grouped && !m_ends.contains(state)));
        if (journal.lastEngineTime() < m_safeEngineTime || journal.lastEngineTime() > m_engineTime)
            return "engine time is another";
        if (journal.nextKey() <= m_largestKey)
            return "a key is given twice";
        m_engineTime = m_safeEngineTime = journal.lastEngineTime();
        m_history = JournalHistory(m_random(), found);
        m_safe = 0;
        return {};
    }

    std::string difference(const Content& found) const
    {
        std::string text = fmt::format(
            "no state from {} to {}{} is what was found, which differs from the last one:", m_safe,
            m_history.given(), m_grouped ? " at which a commit ended" : "");
        const Content& wanted = m_history.states().back();
        for (const auto& [name, row] : wanted)
            if (const auto it = found.find(name); it == found.end() || it->second != row)
                text += "\n- " + name + ": " + row;
        for (const auto& [name, row] : found)
            if (const auto it = wanted.find(name); it == wanted.end() || it->second != row)
                text += "\n+ " + name + ": " + row;
        return text;
    }

    std::mt19937_64 m_random;
    const Rules m_rules;
    const TemporaryFolder m_folder;
    const std::filesystem::path m_file = m_folder / "journal.db";
    FragileDisk m_disk;
    std::size_t m_largestBody = 0;

    JournalHistory m_history{0, {}};
    std::size_t m_safe = 0; ///< the earliest state that may be found
    bool m_grouped = false;
    std::set<std::size_t> m_ends; ///< of commits, when grouped
    TimePoint m_engineTime{}, m_safeEngineTime{};
    std::uint64_t m_largestKey = 0;
    std::mutex m_mutex;
    std::vector<std::uint64_t> m_durable; ///< guarded
};

/// POWER_SEED=<n> plays that one alone; COLDFRAME_LONG asks for more.
std::vector<std::uint64_t> seeds(std::uint64_t count)
{
    if (const char* wanted = std::getenv("POWER_SEED"))
        return {std::stoull(wanted)};
    const std::uint64_t first = std::random_device()();
    std::printf("seeds from POWER_SEED=%llu\n", static_cast<unsigned long long>(first));
    std::vector<std::uint64_t> all(std::getenv("COLDFRAME_LONG") ? 20 * count : count);
    std::iota(all.begin(), all.end(), first);
    return all;
}

void expectNoProblem(Rules rules)
{
    for (const std::uint64_t seed : seeds(120)) {
        EXPECT_EQ(PowerPlay(seed, rules).problem(), "") << "POWER_SEED=" << seed;
        if (testing::Test::HasFailure())
            return;
    }
}

bool findsAProblem(Rules rules)
{
    for (std::uint64_t seed = 1; seed < 100; ++seed)
        if (!PowerPlay(seed, rules).problem().empty())
            return true;
    return false;
}

TEST(JournalPower, whatWasReportedDurableSurvives)
{
    expectNoProblem({.durability = Durability::Power, .promise = Promise::Kept});
}

TEST(JournalPower, byDefaultTheLastCommitsMayBeLostButWholeOnesInOrder)
{
    expectNoProblem({.durability = Durability::Process, .promise = Promise::MayBeLost});
}

TEST(JournalPower, aFileThatCanOnlyBeReadIsRefused)
{
    FragileDisk disk(1);
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "journal.db";
    ASSERT_TRUE(Journal::open(file));
    disk.forbidWriting(true);
    const auto refused = Journal::open(file);
    ASSERT_FALSE(refused) << "it would wait for ever to write";
    EXPECT_EQ(describe(refused.error()),
              file.string()
                  + ": the journal: the file cannot be opened for writing; check that the folder "
                    "exists and that you may write to it");
    disk.forbidWriting(false);
    EXPECT_TRUE(Journal::open(file));
}

TEST(JournalPower, theDifferenceIsSeenHere)
{
    EXPECT_TRUE(findsAProblem({.durability = Durability::Process, .promise = Promise::Kept}));
}

TEST(JournalPower, aDiskThatLiesIsSeenHere)
{
    EXPECT_TRUE(
        findsAProblem({.durability = Durability::Power, .promise = Promise::Kept, .lies = true}));
    EXPECT_TRUE(findsAProblem(
        {.durability = Durability::Process, .promise = Promise::MayBeLost, .lies = true}));
}

} // namespace
} // namespace coldframe::journal
