// Lines and records of a file that only grows.
#include <fcntl.h>
#include <sys/stat.h>

#include <gmock/gmock.h>

#include "mangled.h"
#include "stream_tail_bench.h"

using namespace coldframe;
using namespace coldframe::sources;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

namespace fs = std::filesystem;

class Tail : public test::TailBench { };

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

/// What the journal kept may have been changed: it goes on from somewhere, with whole lines.
TEST_F(Tail, goesOnFromAMangledPosition)
{
    append("first\nsecond\nthird\n");
    StreamTail begun = tail();
    all(begun);
    const std::string kept = textOf(begun.position());
    std::mt19937 random(coldframe::test::seedToTry());
    for (int round = 0; round < 500; ++round) {
        const auto position = parsePosition(coldframe::test::mangled(kept, random));
        if (!position)
            continue;
        EXPECT_EQ(parsePosition(textOf(*position)), position);
        StreamTail stream = tail(position);
        std::vector<std::string> lines;
        for (StreamRecord& record : stream.read(10, 1'000, {}).records)
            lines.push_back(std::move(record.bytes));
        EXPECT_THAT(lines, testing::AnyOf(IsEmpty(), ElementsAre("first", "second", "third")));
    }
}

TEST_F(Tail, hasATimeThatCanBeReckonedWith)
{
    append("x\n");
    for (const std::int64_t seconds :
         {std::int64_t{13'569'465'600}, std::int64_t{-2'000'000'000}}) { // the years 2400 and 1906
        const timespec times[]{{seconds, 0}, {seconds, 0}};
        ASSERT_EQ(::utimensat(AT_FDCWD, m_file.c_str(), times, 0), 0);
        StreamTail stream = tail();
        const auto reading = stream.read(10, 1'000, {});
        ASSERT_EQ(reading.records.size(), 1U);
        EXPECT_GE(reading.records[0].arrival, TimePoint());
        EXPECT_GT(reading.records[0].arrival + 24h, reading.records[0].arrival);
    }
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

} // namespace
