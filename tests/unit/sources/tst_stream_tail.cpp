// A file that grows, is renamed, truncated and copied: every line comes out once, in order.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sources/stream_tail.h"
#include "temporary_folder.h"

using namespace coldframe;
using namespace coldframe::sources;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

namespace fs = std::filesystem;

class Tail : public testing::Test {
protected:
    void append(const std::string& text, const char* name = "clicks.jsonl")
    {
        std::ofstream(m_folder.path() / name, std::ios::app | std::ios::binary) << text;
    }
    void rename(const char* from, const char* to)
    {
        fs::rename(m_folder.path() / from, m_folder.path() / to);
    }
    StreamTail tail(const std::optional<StreamPosition>& position = {}, bool fromStart = true)
    {
        return StreamTail(
            {.path = m_file, .csv = m_csv, .fromStart = fromStart, .maxRecordBytes = m_maxBytes},
            position);
    }
    /// All that can be read now, a few at a time; what was told goes to m_told.
    std::vector<std::string> all(StreamTail& tail, std::size_t count = 2)
    {
        std::vector<std::string> lines;
        while (true) {
            StreamTail::Reading reading = tail.read(count, 1 << 20, m_now);
            for (StreamRecord& record : reading.records) {
                EXPECT_EQ(record.sequence, ++m_sequence);
                m_records.push_back(record);
                lines.push_back(std::move(record.bytes));
            }
            std::ranges::move(reading.told, std::back_inserter(m_told));
            if (!reading.more)
                return lines;
        }
    }

    test::TemporaryFolder m_folder;
    const fs::path m_file = m_folder.path() / "clicks.jsonl";
    bool m_csv = false;
    std::size_t m_maxBytes = 6 << 20;
    StreamTail::Clock::time_point m_now{};
    std::uint64_t m_sequence = 0;
    std::vector<StreamRecord> m_records;
    std::vector<std::string> m_told;
};

TEST_F(Tail, givesLinesAsTheyStandAndWaitsForTheEndOfTheLast)
{
    append("\xef\xbb\xbf{\"n\": 1}\r\n\n\xff broken\n{\"n\":");
    StreamTail stream = tail();
    EXPECT_THAT(all(stream), ElementsAre("{\"n\": 1}", "\xff broken"));
    EXPECT_THAT(all(stream), IsEmpty());
    append(" 3}");
    EXPECT_THAT(all(stream), IsEmpty());
    append("\r\n");
    EXPECT_THAT(all(stream), ElementsAre("{\"n\": 3}"));
    EXPECT_THAT(m_told, IsEmpty());
}

TEST_F(Tail, waitsForAFileThatIsNotThereYet)
{
    StreamTail stream = tail();
    EXPECT_THAT(all(stream), IsEmpty());
    EXPECT_EQ(stream.problem(), "there is no file " + m_file.string() + " yet");
    append("a\n");
    EXPECT_THAT(all(stream), ElementsAre("a"));
    EXPECT_EQ(stream.problem(), "");
}

TEST_F(Tail, ofAFolderSaysSo)
{
    fs::create_directory(m_file);
    StreamTail stream = tail();
    EXPECT_THAT(all(stream), IsEmpty());
    EXPECT_EQ(stream.problem(), m_file.string() + " cannot be read: Is a directory");
}

TEST_F(Tail, fromItsEndBeginsAtTheLineThatIsNotWholeYet)
{
    append("a\nb\nc");
    StreamTail stream = tail({}, false);
    EXPECT_THAT(all(stream), IsEmpty());
    const StreamPosition position = stream.position();
    append("c\nd\n");
    EXPECT_THAT(all(stream), ElementsAre("cc", "d"));
    m_sequence = 0;
    StreamTail again = tail(position, false);
    EXPECT_THAT(all(again), ElementsAre("cc", "d")) << "its first position is one to keep";
}

TEST_F(Tail, goesOnAfterARestartFromThePositionOfAnyRecord)
{
    append("a\nb\nc\n");
    StreamTail stream = tail();
    all(stream);
    append("d\n");
    for (const auto& [record, rest] : std::vector<std::pair<std::size_t, std::vector<std::string>>>{
             {0, {"b", "c", "d"}}, {1, {"c", "d"}}, {2, {"d"}}}) {
        const StreamPosition position = m_records[record].after;
        EXPECT_EQ(parsePosition(textOf(position)), position);
        StreamTail again = tail(parsePosition(textOf(position)));
        m_sequence = record + 1;
        EXPECT_EQ(all(again), rest);
    }
    EXPECT_EQ(parsePosition("1 2 x"), std::nullopt);
}

TEST_F(Tail, readsARenamedFileToItsEndAndThenTheNewOne)
{
    append("a\nb\n");
    StreamTail stream = tail();
    EXPECT_THAT(all(stream), ElementsAre("a", "b"));
    append("c\nlast without end");
    rename("clicks.jsonl", "clicks.jsonl.1");
    append("d\n");
    EXPECT_THAT(all(stream), ElementsAre("c", "last without end", "d"));
    EXPECT_THAT(m_told, IsEmpty());
}

TEST_F(Tail, readsRenamedFilesThatNoNewOneHasFollowedYet)
{
    append("a\n");
    StreamTail stream = tail();
    all(stream);
    rename("clicks.jsonl", "clicks.jsonl.2");
    std::this_thread::sleep_for(10ms);
    append("b\n");
    rename("clicks.jsonl", "clicks.jsonl.1");
    EXPECT_THAT(all(stream), ElementsAre("b"));
    append("c\n");
    EXPECT_THAT(all(stream), ElementsAre("c"));
}

TEST_F(Tail, waitsForTheWriterOfARenamedFile)
{
    append("a\n");
    StreamTail stream = tail();
    all(stream);
    std::ofstream writer(m_file, std::ios::app);
    rename("clicks.jsonl", "clicks.jsonl.1");
    append("new\n");
    EXPECT_THAT(all(stream), IsEmpty());
    writer << "old\n" << std::flush;
    EXPECT_THAT(all(stream), ElementsAre("old"));
    m_now += 5s;
    EXPECT_THAT(all(stream), IsEmpty());
    writer << "older\n" << std::flush;
    writer.close();
    EXPECT_THAT(all(stream), ElementsAre("older", "new"));
}

TEST_F(Tail, leavesAFileThatStaysOpenAfterAQuiet)
{
    append("a\n");
    StreamTail stream = tail();
    all(stream);
    const std::ofstream writer(m_file, std::ios::app);
    rename("clicks.jsonl", "clicks.jsonl.1");
    append("new\n");
    EXPECT_THAT(all(stream), IsEmpty());
    m_now += 11s;
    EXPECT_THAT(all(stream), ElementsAre("new"));
}

TEST_F(Tail, findsAllFilesThatWereRenamedWhileItDidNotLook)
{
    append("a\n");
    StreamTail stream = tail();
    all(stream);
    const StreamPosition position = stream.position();
    append("b\n");
    for (const char* line : {"c\n", "d\n", "e\n"}) {
        std::this_thread::sleep_for(10ms); // the clock of the file system stands still for 4 ms
        if (fs::exists(m_folder.path() / "clicks.jsonl.1"))
            rename("clicks.jsonl.1", fmt::format("clicks.jsonl.{}", line[0] - 'a' + 7).c_str());
        rename("clicks.jsonl", "clicks.jsonl.1");
        append(line);
    }
    append("not of it\n", "clicks.jsonl.gz");
    append("nor this\n", "other.jsonl.1");
    EXPECT_THAT(all(stream), ElementsAre("b", "c", "d", "e"));
    m_sequence = 1;
    StreamTail again = tail(position);
    EXPECT_THAT(all(again), ElementsAre("b", "c", "d", "e"));
}

TEST_F(Tail, readsWhatWasTruncatedFromItsCopy)
{
    append("a\nb\n");
    StreamTail stream = tail();
    EXPECT_THAT(all(stream), ElementsAre("a", "b"));
    const StreamPosition position = stream.position();
    append("c\n");
    fs::copy_file(m_file, m_folder.path() / "clicks.jsonl.1");
    fs::resize_file(m_file, 0);
    append("d, and more than there was\n");
    EXPECT_THAT(all(stream), ElementsAre("c", "d, and more than there was"));
    EXPECT_THAT(m_told, IsEmpty());
    m_sequence = 2;
    StreamTail again = tail(position);
    EXPECT_THAT(all(again), ElementsAre("c", "d, and more than there was"));
    EXPECT_THAT(m_told, IsEmpty());
}

TEST_F(Tail, tellsOfWhatATruncationTookWithIt)
{
    append("a\nb\n");
    StreamTail stream = tail();
    all(stream);
    fs::resize_file(m_file, 0);
    append("c\n");
    EXPECT_THAT(all(stream), ElementsAre("c"));
    EXPECT_THAT(m_told, ElementsAre(HasSubstr("was truncated, and no copy of it is there")));
}

TEST_F(Tail, noticesATruncatedFileThatHasGrownBeyondWhereItWas)
{
    append("first\nsecond\n");
    StreamTail stream = tail();
    all(stream);
    fs::resize_file(m_file, 0);
    append("quite another line\nand one more of those\n");
    EXPECT_THAT(all(stream), ElementsAre("quite another line", "and one more of those"));
}

TEST_F(Tail, tellsThatTheFileItReadIsGone)
{
    append("a\nb\n");
    StreamTail stream = tail();
    stream.read(1, 100, m_now);
    const StreamPosition position = stream.position();
    append("c\n", "new");
    rename("new", "clicks.jsonl");
    StreamTail again = tail(position);
    m_sequence = 1;
    EXPECT_THAT(all(again), ElementsAre("c"));
    EXPECT_THAT(m_told, ElementsAre(HasSubstr("is gone: what had not been read of it is lost")));
}

TEST_F(Tail, leavesOutALineAboveTheLimitHoweverItComes)
{
    m_maxBytes = 1'000'000;
    append("a\n");
    StreamTail stream = tail();
    all(stream);
    for (int piece = 0; piece < 30; ++piece) {
        append(std::string(50'000, 'x'));
        EXPECT_THAT(all(stream), IsEmpty());
    }
    append("y\nb\n");
    EXPECT_THAT(all(stream), ElementsAre("b"));
    EXPECT_THAT(m_told, ElementsAre(HasSubstr("the line at byte 2 of ")));
    EXPECT_THAT(m_told, ElementsAre(HasSubstr("has 1500002 bytes and is left out: 1000000")));
    append("c\n");
    EXPECT_THAT(all(stream), ElementsAre("c"));
    EXPECT_EQ(m_told.size(), 1U);
}

TEST_F(Tail, ofCsvKnowsTheHeaderOfEachFileAndKeepsQuotedLineEnds)
{
    m_csv = true;
    append("user,text\r\nada,\"two\nlines, \"\"quoted\"\"\"\r\n");
    StreamTail stream = tail();
    EXPECT_THAT(all(stream), ElementsAre("ada,\"two\nlines, \"\"quoted\"\"\""));
    EXPECT_EQ(*m_records.back().header, "user,text");
    StreamTail again = tail(stream.position());
    append("bob,\"torn\n");
    EXPECT_THAT(all(stream), IsEmpty());
    append("\"\n");
    EXPECT_THAT(all(stream), ElementsAre("bob,\"torn\n\""));
    m_sequence = 1;
    EXPECT_THAT(all(again), ElementsAre("bob,\"torn\n\""));
    EXPECT_EQ(*m_records.back().header, "user,text") << "after a restart, too";
    rename("clicks.jsonl", "clicks.jsonl.1");
    append("text,user\nhi,eve\n");
    EXPECT_THAT(all(stream), ElementsAre("hi,eve"));
    EXPECT_EQ(*m_records.back().header, "text,user");
}

// ── A real other process that writes, tears lines, renames and truncates at random ──────────────

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
