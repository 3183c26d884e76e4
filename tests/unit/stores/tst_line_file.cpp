#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "child_process.h"
#include "stores/line_file.h"
#include "temporary_folder.h"

using namespace coldframe;
using namespace coldframe::test;
using namespace coldframe::stores;
namespace fs = std::filesystem;

namespace {

void put(LineFiles& files, const std::string& key, const std::string& line, Rotation rotation = {})
{
    const auto done = files.append(key, line, rotation);
    EXPECT_TRUE(done) << describe(done.error());
}

TEST(LineFiles, appendsLines)
{
    const TemporaryFolder folder;
    LineFiles files(folder.path());
    put(files, "dt=1/a.jsonl", "1");
    put(files, "dt=1/a.jsonl", "{\"b\":2}");
    put(files, "dt=2/a.jsonl", "3");
    EXPECT_EQ(readFile(folder / "dt=1/a.jsonl"), "1\n{\"b\":2}\n");
    EXPECT_EQ(readFile(folder / "dt=2/a.jsonl"), "3\n");
}

struct Tail {
    const char* name;
    std::string before, after;
    std::uint64_t removed;
};
class Repair : public testing::TestWithParam<Tail> { };

TEST_P(Repair, leavesWholeLinesOnly)
{
    const TemporaryFolder folder;
    folder.write("a", GetParam().before);
    LineFiles files(folder.path());
    const auto done = files.append("a", "{}");
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(readFile(folder / "a"), GetParam().after);
    EXPECT_EQ(done->removed, GetParam().removed);
}

const std::string kLong(200'000, 'x');

INSTANTIATE_TEST_SUITE_P(
    Tails, Repair,
    testing::Values(Tail{"none", "1\n", "1\n{}\n", 0}, Tail{"empty", "", "{}\n", 0},
                    Tail{"torn", "1\n{\"a\":", "1\n{}\n", 5},
                    Tail{"tornAtOnce", "{\"a\":\"\xc3", "{}\n", 7},
                    Tail{"tornAndLong", "[1]\n\"" + kLong, "[1]\n{}\n", 200'001},
                    Tail{"tornNumber", "1\n12", "1\n{}\n", 2},
                    Tail{"wholeObject", "1\n{\"a\":1}", "1\n{\"a\":1}\n{}\n", 0},
                    Tail{"wholeLongList", "[\"" + kLong + "\"]", "[\"" + kLong + "\"]\n{}\n", 0}),
    [](const auto& row) { return row.param.name; });

std::vector<std::string> names(const fs::path& folder)
{
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder))
        found.push_back(entry.path().filename());
    std::ranges::sort(found);
    return found;
}

TEST(LineFiles, rotateBySize)
{
    const TemporaryFolder folder;
    LineFiles files(folder.path());
    for (int i = 0; i < 7; ++i)
        put(files, "a.b.jsonl", fmt::format("\"line {}\"", i), {.bytes = 20});
    const auto found = names(folder.path());
    ASSERT_EQ(found.size(), 4u); // two lines of nine bytes and their ends a file
    EXPECT_EQ(found.back(), "a.b.jsonl");
    std::multiset<std::string> lines;
    for (const std::string& name : found) {
        EXPECT_THAT(name, testing::MatchesRegex(R"(a\.b(\.[0-9]{8}T[0-9]{6}Z(-[0-9]+)?)?\.jsonl)"));
        std::istringstream in(readFile(folder / name));
        for (std::string line; std::getline(in, line);)
            lines.insert(line);
    }
    EXPECT_EQ(lines.size(), 7u);
    EXPECT_EQ(readFile(folder / "a.b.jsonl"), "\"line 6\"\n");
}

TEST(LineFiles, takeALineThatIsLargerThanAFileMayBe)
{
    const TemporaryFolder folder;
    LineFiles files(folder.path());
    put(files, "a", "\"12345678901234567890\"", {.bytes = 4});
    EXPECT_EQ(names(folder.path()).size(), 1u);
}

TEST(LineFiles, rotateByAge)
{
    const TemporaryFolder folder;
    LineFiles files(folder.path());
    put(files, "a", "1", {.age = std::chrono::hours(1)});
    put(files, "a", "2", {.age = std::chrono::hours(1)});
    EXPECT_EQ(readFile(folder / "a"), "1\n2\n");
    put(files, "a", "3", {.age = Duration(1)});
    EXPECT_EQ(readFile(folder / "a"), "3\n");
    EXPECT_EQ(names(folder.path()).size(), 2u);
}

TEST(LineFiles, goOnWhenAnotherProgramRotates)
{
    const TemporaryFolder folder;
    LineFiles files(folder.path());
    put(files, "a", "1");
    fs::rename(folder / "a", folder / "a.1");
    put(files, "a", "2");
    EXPECT_EQ(readFile(folder / "a.1"), "1\n");
    EXPECT_EQ(readFile(folder / "a"), "2\n");
}

TEST(LineFiles, sayWhoKeepsThem)
{
    const TemporaryFolder folder;
    folder.write("a", "1\n");
    LineFiles files(folder.path());
    const int other = ::open((folder / "a").c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(::flock(other, LOCK_EX), 0);
    const auto refused = files.append("a", "2");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "the file is locked by another program");
    ::close(other);
    put(files, "a", "2");
    EXPECT_EQ(readFile(folder / "a"), "1\n2\n");
}

TEST(LineFiles, neverFollowALinkOrWriteIntoAPipe)
{
    const TemporaryFolder folder, other;
    fs::create_symlink(other / "outside", folder / "link");
    fs::create_directory_symlink(other.path(), folder / "folder");
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    LineFiles files(folder.path());
    for (const char* key : {"link", "folder/a", "pipe", "../a", "/a"})
        EXPECT_FALSE(files.append(key, "1")) << key;
    EXPECT_TRUE(fs::is_empty(other.path()));
}

/// A line that does not fit leaves nothing of itself.
TEST(LineFiles, takeBackWhatDoesNotFit)
{
    const TemporaryFolder folder;
    const auto said = inChild([&]() -> std::optional<std::string> {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        LineFiles files(folder.path());
        if (!files.append("a", "1"))
            return std::nullopt;
        const auto refused = files.append("a", '"' + std::string(5000, 'x') + '"');
        return refused ? std::nullopt : std::optional(refused.error().message);
    });
    ASSERT_TRUE(said);
    EXPECT_EQ(*said, "cannot append to the file: File too large");
    EXPECT_EQ(readFile(folder / "a"), "1\n");
}

TEST(LineFiles, keepLinesWholeBetweenThreads)
{
    const TemporaryFolder folder;
    LineFiles files(folder.path()), others(folder.path());
    const auto work = [&](LineFiles& mine, char letter) {
        for (int i = 0; i < 100; ++i)
            put(mine, "a", '"' + std::string(3000, letter) + '"', {.bytes = 100'000});
    };
    {
        std::jthread a(work, std::ref(files), 'a'), b(work, std::ref(files), 'b'),
            c(work, std::ref(others), 'c');
    }
    std::map<char, int> counts;
    for (const std::string& name : names(folder.path())) {
        std::istringstream in(readFile(folder / name));
        for (std::string line; std::getline(in, line);) {
            ASSERT_EQ(line.size(), 3002u);
            ++counts[line[1]];
        }
    }
    EXPECT_EQ(counts, (std::map<char, int>{{'a', 100}, {'b', 100}, {'c', 100}}));
}

/// SINKS_SEED=<n> repeats the kills of a run that failed.
TEST(LineFiles, haveNoTornLineAfterKills)
{
    const char* given = std::getenv("SINKS_SEED");
    const auto seed = given ? std::strtoul(given, nullptr, 10) : std::random_device{}();
    SCOPED_TRACE(fmt::format("SINKS_SEED={}", seed));
    std::mt19937 random(static_cast<unsigned>(seed));
    const TemporaryFolder folder;
    std::uint64_t removed = 0;
    std::size_t told = 0;
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            LineFiles files(folder.path());
            const std::string line = '"' + std::string(4'000'000, 'x') + '"';
            while (files.append("a", line))
                if (::write(ends[1], "+", 1) != 1)
                    break;
            ::_exit(1);
        }
        ::close(ends[1]);
        char sign = 0;
        ASSERT_EQ(::read(ends[0], &sign, 1), 1);
        ++told;
        ::usleep(static_cast<useconds_t>(random() % 4000));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(ends[0], &sign, 1) == 1)
            ++told;
        ::close(ends[0]);
        LineFiles files(folder.path());
        const auto done = files.append("a", "\"after\"");
        ASSERT_TRUE(done) << describe(done.error());
        removed += done->removed;
    }
    std::size_t lines = 0;
    std::istringstream in(readFile(folder / "a"));
    for (std::string line; std::getline(in, line);)
        if (line != "\"after\"") {
            ASSERT_EQ(line.size(), 4'000'002u);
            ++lines;
        }
    EXPECT_GE(lines, told) << "what was told as written is there";
    RecordProperty("removed", std::to_string(removed));
    fmt::print("seed {}: {} lines, {} bytes of torn lines removed\n", seed, lines, removed);
}

} // namespace
