#include <algorithm>
#include <random>
#include <set>

#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal_fixture.h"

namespace coldframe::journal {
namespace {

struct Notice {
    std::uint64_t key = 0;
    std::uint64_t removed = 0; ///< 1: about to be removed, which may then have happened
};

/// Appends for ever, tells each durable key through the pipe, releases and removes some.
[[noreturn]] void appendUntilKilled(const std::filesystem::path& file, int pipe, unsigned seed)
{
    const auto tell = [pipe](Notice notice) {
        if (::write(pipe, &notice, sizeof notice) != sizeof notice)
            ::_exit(3);
    };
    auto journal = Journal::open(file);
    if (!journal)
        ::_exit(4);
    std::minstd_rand random(seed);
    for (;;) {
        JournalEntry entry = entryOf(**journal, std::string(random() % 3000, 'b'));
        const std::uint64_t key = entry.key;
        if (!(*journal)->append(std::move(entry), [=] { tell({key, 0}); }))
            continue;
        if (random() % 8 == 0)
            (*journal)->release(key, 1, TimePoint(std::chrono::seconds(1)));
        if (random() % 4 == 0 && key > 40) {
            tell({key - 40, 1});
            (*journal)->remove(key - 40);
        }
        if (random() % 200 == 0)
            ::usleep(static_cast<useconds_t>(random() % 3000));
    }
}

struct Told {
    std::set<std::uint64_t> durable, removed;
};

Told readUntilClosed(int pipe)
{
    Told told;
    Notice notice;
    while (::read(pipe, &notice, sizeof notice) == sizeof notice)
        (notice.removed ? told.removed : told.durable).insert(notice.key);
    return told;
}

/// One run that ends by SIGKILL, and what must be true of the file afterwards.
void killAndCheck(const std::filesystem::path& file, unsigned seed, std::set<std::uint64_t>& known)
{
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        appendUntilKilled(file, pipe[1], seed);
    }
    ::close(pipe[1]);
    pollfd first{.fd = pipe[0], .events = POLLIN, .revents = 0};
    ::poll(&first, 1, 20'000); // it works; now at any moment, also within the first commits
    const pid_t killer = ::fork();
    if (killer == 0) {
        ::usleep(static_cast<useconds_t>(std::minstd_rand(seed)() % 60'000));
        ::kill(child, SIGKILL);
        ::_exit(0);
    }
    const Told told = readUntilClosed(pipe[0]);
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::waitpid(killer, nullptr, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        << "ended by itself: " << status;

    auto journal = Journal::open(file);
    ASSERT_TRUE(journal) << describe(journal.error());
    EXPECT_FALSE((*journal)->warning());
    const auto entries = (*journal)->pending();
    ASSERT_TRUE(entries);
    const std::vector<std::uint64_t> keys = keysOf(entries);
    known.insert(told.durable.begin(), told.durable.end());
    for (const std::uint64_t key : told.removed)
        known.erase(key);
    EXPECT_TRUE(std::ranges::includes(keys, known)) << "an entry reported durable is gone";
    if (!keys.empty()) {
        EXPECT_GT((*journal)->nextKey(), keys.back());
    }
    EXPECT_EQ(sqlite(file, "PRAGMA integrity_check"), "ok");
}

TEST(JournalCrash, everyEntryReportedDurableSurvivesSigkillAtAnyMoment)
{
    const char* wanted = std::getenv("CRASH_SEED");
    const unsigned first
        = wanted ? static_cast<unsigned>(std::stoul(wanted)) : std::random_device()();
    const TemporaryFolder folder;
    std::set<std::uint64_t> known;
    for (unsigned round = 0; round < (wanted ? 1u : 25u) && !testing::Test::HasFailure(); ++round) {
        SCOPED_TRACE("CRASH_SEED=" + std::to_string(first + round));
        killAndCheck(folder.path() / "journal.db", first + round, known);
    }
    EXPECT_FALSE(known.empty());
    std::printf("seeds from CRASH_SEED=%u; %zu entries left\n", first, known.size());
}

} // namespace
} // namespace coldframe::journal
