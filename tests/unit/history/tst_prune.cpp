#include "history/prune.h"
#include "history_fixture.h"

namespace coldframe::history {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Prune : public testing::Test {
protected:
    /// A recording last written `age` ago with about 100 kB in it.
    std::filesystem::path record(const char* name, std::chrono::seconds age)
    {
        const std::filesystem::path folder = m_temporary.path() / name;
        auto writer = RecordingWriter::create(folder, sampleHeader());
        EXPECT_TRUE(writer);
        (void)(*writer)->blob(std::string(100'000, 'x'));
        EXPECT_TRUE((*writer)->close(at(0), {}));
        writer->reset();
        const auto then = std::filesystem::file_time_type::clock::now() - age;
        for (const auto& file : std::filesystem::directory_iterator(folder))
            std::filesystem::last_write_time(file.path(), then);
        return folder;
    }
    std::vector<std::string> left()
    {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(m_temporary.path()))
            names.push_back(entry.path().filename().string());
        return names;
    }
    PruneReport prune(PruneLimits limits)
    {
        const auto report = pruneRecordings(m_temporary.path(), limits);
        EXPECT_TRUE(report) << messageOf(report);
        return report.value_or(PruneReport{});
    }
    TemporaryFolder m_temporary;
};

TEST_F(Prune, removesWhatIsTooOldThenTheOldestUntilTheRestFits)
{
    record("week-old", 8 * 24h);
    const auto third = record("third", 3h);
    record("second", 2h);
    record("first", 1h);
    EXPECT_THAT(prune({}).removed, ElementsAre(m_temporary.path() / "week-old"));
    EXPECT_THAT(prune({}).removed, IsEmpty());
    const PruneReport report = prune({.maxBytes = 250'000});
    EXPECT_THAT(report.removed, ElementsAre(third));
    EXPECT_LE(report.bytesLeft, 250'000u);
    EXPECT_THAT(left(), UnorderedElementsAre("second", "first"));
}

TEST_F(Prune, neverTouchesTheOneInUse)
{
    auto writer = RecordingWriter::create(m_temporary.path() / "running", sampleHeader());
    ASSERT_TRUE(writer);
    EXPECT_THAT(prune({.maxBytes = 0, .maxAge = -1h}).removed, IsEmpty());
    writer->reset();
    EXPECT_THAT(prune({.maxBytes = 0, .maxAge = -1h}).removed, testing::SizeIs(1));
    EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Prune, touchesNothingThatIsNoRecording)
{
    std::filesystem::create_directory(m_temporary.path() / "photos");
    writeFile(m_temporary.path() / "photos" / "inputs.cfr", "mine");
    const auto folder = record("old", 8 * 24h);
    writeFile(folder / "notes.txt", "mine too");
    prune({});
    EXPECT_THAT(left(), UnorderedElementsAre("photos", "old"));
    EXPECT_EQ(readFile(folder / "notes.txt"), "mine too");
    EXPECT_FALSE(std::filesystem::exists(folder / kHeaderFile));
}

TEST_F(Prune, aFolderThatIsNotThereHoldsNothing)
{
    EXPECT_TRUE(pruneRecordings(m_temporary.path() / "none")->removed.empty());
}

} // namespace
} // namespace coldframe::history
