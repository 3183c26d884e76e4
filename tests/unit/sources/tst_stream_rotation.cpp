// A file that is renamed, truncated or gone while it is followed.
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "stream_tail_bench.h"

using namespace coldframe;
using namespace coldframe::sources;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

namespace fs = std::filesystem;

class Rotation : public test::TailBench { };

TEST_F(Rotation, readsARenamedFileToItsEndAndThenTheNewOne)
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

TEST_F(Rotation, readsRenamedFilesThatNoNewOneHasFollowedYet)
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

TEST_F(Rotation, waitsForTheWriterOfARenamedFile)
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

TEST_F(Rotation, leavesAFileThatStaysOpenAfterAQuiet)
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

TEST_F(Rotation, findsAllFilesThatWereRenamedWhileItDidNotLook)
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

TEST_F(Rotation, readsWhatWasTruncatedFromItsCopy)
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

TEST_F(Rotation, tellsOfWhatATruncationTookWithIt)
{
    append("a\nb\n");
    StreamTail stream = tail();
    all(stream);
    fs::resize_file(m_file, 0);
    append("c\n");
    EXPECT_THAT(all(stream), ElementsAre("c"));
    EXPECT_THAT(m_told, ElementsAre(HasSubstr("was truncated, and no copy of it is there")));
}

TEST_F(Rotation, noticesATruncatedFileThatHasGrownBeyondWhereItWas)
{
    append("first\nsecond\n");
    StreamTail stream = tail();
    all(stream);
    fs::resize_file(m_file, 0);
    append("quite another line\nand one more of those\n");
    EXPECT_THAT(all(stream), ElementsAre("quite another line", "and one more of those"));
}

TEST_F(Rotation, tellsThatTheFileItReadIsGone)
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

} // namespace
