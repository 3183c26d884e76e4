// A real other process that writes, tears lines, renames and truncates at random: every line comes
// out once, in order.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sources/stream_tail.h"
#include "temporary_folder.h"

using namespace coldframe;
using namespace coldframe::sources;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

struct Writer {
    fs::path file;
    std::mt19937 chance;
    int out = -1, lines = 0, rotations = 0;

    void openOut() { out = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0644); }
    void put(const std::string& text) const
    {
        if (::write(out, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            _exit(3);
    }
    bool oneIn(unsigned n) { return chance() % n == 0; }
    static void pause() { std::this_thread::sleep_for(6ms); } // more than a tick of file times
    void rotate()
    {
        pause();
        const fs::path to = fmt::format("{}.{}", file.string(), ++rotations);
        if (oneIn(2)) {
            fs::rename(file, to);
            if (oneIn(3)) // the writer is told late
                put(fmt::format("line {}\n", lines++));
            ::close(out);
            openOut();
        } else {
            fs::copy_file(file, to);
            if (::ftruncate(out, 0) != 0)
                _exit(4);
        }
        pause();
    }
    void run(int count)
    {
        openOut();
        while (lines < count) {
            const std::string line
                = fmt::format("line {}{}", lines++, oneIn(50) ? std::string(70'000, '.') : "");
            const std::size_t torn = oneIn(4) ? chance() % line.size() : 0;
            put(line.substr(0, torn));
            if (torn > 0 && oneIn(2))
                std::this_thread::sleep_for(std::chrono::microseconds(chance() % 2'000));
            put(line.substr(torn) + (oneIn(3) ? "\r\n" : "\n"));
            if (oneIn(40))
                rotate();
        }
    }
};

unsigned seedToRun()
{
    const char* given = std::getenv("SIM_SEED");
    return given ? static_cast<unsigned>(std::stoul(given)) : std::random_device()();
}

/// Reads until all lines have come; sometimes from a position it kept a while ago, as after a kill.
void follow(const fs::path& file, unsigned seed, int count, bool killed)
{
    const StreamTail::Options options{.path = file, .quiet = 60s};
    auto tail = std::make_unique<StreamTail>(options, std::nullopt);
    std::ofstream(file).close();
    std::optional<StreamPosition> kept = tail->read(1, 1, {}).began;
    ASSERT_TRUE(kept);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        Writer{file, std::mt19937(seed)}.run(count);
        _exit(0);
    }
    std::mt19937 chance(seed + 1);
    const auto end = [child](const void*) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    };
    const std::unique_ptr<const void, decltype(end)> ended(&file, end);
    int next = 0, keptNext = 0, repeated = 0;
    const auto patience = StreamTail::Clock::now() + 50s;
    while (next < count && StreamTail::Clock::now() < patience) {
        const auto reading = tail->read(1 + chance() % 100, 1 << 20, StreamTail::Clock::now());
        for (const std::string& told : reading.told)
            ADD_FAILURE() << "SIM_SEED=" << seed << ": " << told;
        for (const StreamRecord& record : reading.records) {
            const std::string wanted = fmt::format("line {}", next);
            ASSERT_EQ(record.bytes.substr(0, record.bytes.find('.')), wanted)
                << "SIM_SEED=" << seed;
            ++next;
            if (chance() % 20 == 0) {
                kept = parsePosition(textOf(record.after));
                keptNext = next;
            }
        }
        if (killed && chance() % 10 == 0) {
            repeated += next - keptNext;
            next = keptNext;
            tail = std::make_unique<StreamTail>(options, kept);
        }
        if (!reading.more)
            std::this_thread::sleep_for(std::chrono::microseconds(chance() % 5'000));
    }
    EXPECT_EQ(next, count) << "SIM_SEED=" << seed;
    EXPECT_EQ(repeated > 0, killed) << "SIM_SEED=" << seed;
}

TEST(TailOfAnotherProcess, givesEveryLineOnceAndInOrder)
{
    for (int round = 0; round < 8; ++round) {
        const test::TemporaryFolder folder;
        follow(folder.path() / "app.log", seedToRun(), 800, false);
        if (HasFatalFailure())
            return;
    }
}

TEST(TailOfAnotherProcess, givesEveryLineInOrderFromWhereItWasKilled)
{
    for (int round = 0; round < 8; ++round) {
        const test::TemporaryFolder folder;
        follow(folder.path() / "app.log", seedToRun(), 800, true);
        if (HasFatalFailure())
            return;
    }
}

} // namespace
