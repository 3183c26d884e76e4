#include <atomic>
#include <csignal>
#include <functional>

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include "history_fixture.h"
#include "in_child.h"

namespace coldframe::history {
namespace {

using test::inChild;
using test::kNotPossible;
using test::mountSmallDisk;

using testing::ElementsAre;
using testing::HasSubstr;

class RecordingFailures : public testing::Test {
protected:
    void SetUp() override
    {
        auto writer = RecordingWriter::create(m_folder, sampleHeader());
        ASSERT_TRUE(writer) << messageOf(writer);
        (*writer)->configuration({});
        (*writer)->checkpoint(at(0), {}, {});
        (*writer)->input(at(0), engine::Tick{});
        ASSERT_TRUE((*writer)->close(at(1), {}));
    }
    std::string openError() { return messageOf(RecordingReader::open(m_folder)); }
    std::string in(const char* name) { return (m_folder / name).string(); }

    TemporaryFolder m_temporary;
    std::filesystem::path m_folder = m_temporary.path() / "recording";
};

TEST_F(RecordingFailures, everyMissingFileIsNamed)
{
    for (const char* name :
         {kConfigurationsFile, kInputsFile, kAttemptsFile, kCheckpointsFile, kBlobsFile}) {
        std::filesystem::rename(in(name), in("away"));
        EXPECT_EQ(openError(),
                  in(name)
                      + ": cannot open: No such file or directory; the recording is incomplete: "
                        "choose another one");
        std::filesystem::rename(in("away"), in(name));
    }
    EXPECT_EQ(openError(), "no error");
    std::filesystem::remove(in(kHeaderFile));
    EXPECT_EQ(openError(),
              in(kHeaderFile)
                  + ": cannot open: No such file or directory; choose a folder that holds a "
                    "recording");
}

TEST_F(RecordingFailures, aNewerFormatIsRefused)
{
    auto header = nlohmann::json::parse(readFile(in(kHeaderFile)));
    header["format"] = 4;
    writeFile(in(kHeaderFile), header.dump());
    EXPECT_EQ(openError(),
              in(kHeaderFile)
                  + ": was written by a newer Coldframe (format 4, this one knows 3); open the "
                    "recording with that version");
}

TEST_F(RecordingFailures, aNewerBatchIsRefused)
{
    std::filesystem::remove(in(kInputsFile));
    {
        auto file = AppendFile::create(in(kInputsFile));
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->append(BatchHeader{.version = 9}, {}));
    }
    EXPECT_EQ(openError(),
              in(kInputsFile)
                  + ": was written by a newer Coldframe (format 9, this one knows 1); open the "
                    "recording with that version");
}

TEST_F(RecordingFailures, otherInputsOfTheEngineStopOnlyTheReplay)
{
    auto header = nlohmann::json::parse(readFile(in(kHeaderFile)));
    header["inputLayout"] = 1;
    header["program"] = "7.0.0";
    writeFile(in(kHeaderFile), header.dump());
    const auto reader = RecordingReader::open(m_folder);
    ASSERT_TRUE(reader);
    EXPECT_EQ(messageOf(reader->inputs()),
              in(kInputsFile)
                  + ": was recorded by Coldframe 7.0.0, whose engine takes other inputs; replay it "
                    "with that version; its attempts, results and logs can be read here");
}

TEST_F(RecordingFailures, aDamagedHeaderOrConfigurationSaysWhere)
{
    const std::string lines = readFile(in(kConfigurationsFile));
    writeFile(in(kConfigurationsFile), lines + "{}\n");
    EXPECT_THAT(openError(),
                HasSubstr("configurations.jsonl:2: is no recorded configuration: "
                          "[json.exception.out_of_range.403] key 'platform' not found"));
    writeFile(in(kConfigurationsFile), lines + "{\"platf"); // torn, not damaged
    EXPECT_EQ(openError(), "no error");
    writeFile(in(kHeaderFile), "{");
    EXPECT_THAT(openError(), HasSubstr("header.json: is no header of a recording: "));
}

TEST_F(RecordingFailures, aFolderThatHoldsARecordingIsNotOverwritten)
{
    EXPECT_EQ(messageOf(RecordingWriter::create(m_folder, sampleHeader())),
              m_folder.string() + ": already holds a recording; choose another folder");
    const std::string file = in(kHeaderFile);
    EXPECT_EQ(messageOf(RecordingWriter::create(file + "/below", sampleHeader())),
              file + "/below: cannot create: Not a directory");
}

TEST_F(RecordingFailures, aDiskSlowerThanTheRunStopsTheRecordingOnce)
{
    std::vector<std::string> said;
    auto writer = RecordingWriter::create(
        m_temporary.path() / "slow", sampleHeader(),
        {.writeEvery = std::chrono::hours(1),
         .maxWaitingBytes = 3 << 20,
         .onStopped = [&](const Error& error) { said.push_back(describe(error)); }});
    ASSERT_TRUE(writer);
    for (int i = 0; i < 40'000; ++i)
        (*writer)->attempt(sampleAttempt(1));
    const std::string message
        = "the recording stopped: the disk is slower than the run and 3 MB wait to be written; the "
          "run goes on; record to a faster disk, or record less";
    EXPECT_EQ(messageOf((*writer)->close(at(1), {})), message);
    EXPECT_THAT(said, ElementsAre(message));
    EXPECT_FALSE((*writer)->checkpointDue(at(1'000'000)));
}

/// Records until the disk is full, and expects whole batches, one message and a run that goes on.
void recordUntilStopped(const std::filesystem::path& folder, const std::string& expected)
{
    std::atomic<int> said = 0;
    std::size_t recorded = 0;
    {
        auto writer = RecordingWriter::create(folder, sampleHeader(),
                                              {.onStopped = [&](const Error&) { ++said; }});
        ASSERT_TRUE(writer) << messageOf(writer);
        const auto rows = typicalRun(3000);
        Result<void> flushed;
        while ((flushed = (*writer)->flush()) && recorded < 3'000'000) {
            for (const RecordedInput& row : rows)
                (*writer)->input(row.at, row.input);
            recorded += rows.size();
        }
        EXPECT_THAT(messageOf(flushed), HasSubstr(expected));
        (*writer)->input(at(0), engine::Tick{}); // the run goes on, unrecorded
        EXPECT_FALSE((*writer)->close(at(0), {}));
    }
    EXPECT_EQ(said, 1);
    const auto reader = RecordingReader::open(folder);
    ASSERT_TRUE(reader) << messageOf(reader);
    EXPECT_TRUE(reader->warnings().empty()) << "the torn batch was cut off";
    EXPECT_EQ(reader->inputCount(), recorded - 3000);
    EXPECT_FALSE(reader->closedInOrder());
}

TEST_F(RecordingFailures, aFullDiskStopsTheRecordingAtItsLastWholeBatch)
{
    const int code = inChild([&] {
        const std::filesystem::path disk = m_temporary.path() / "disk";
        if (!mountSmallDisk(disk, 1))
            return kNotPossible;
        recordUntilStopped(disk / "recording",
                           "inputs.cfr: the recording stopped: cannot write: No space left on "
                           "device; free space on this disk and start a new recording");
        return 0;
    });
    if (code == kNotPossible)
        GTEST_SKIP() << "not run: making a small file system needs root";
    EXPECT_EQ(code, 0);
}

TEST_F(RecordingFailures, aLimitOnFileSizeStopsTheRecordingAtItsLastWholeBatch)
{
    const int code = inChild([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{.rlim_cur = 500'000, .rlim_max = 500'000};
        if (::setrlimit(RLIMIT_FSIZE, &small) != 0)
            return kNotPossible;
        recordUntilStopped(m_temporary.path() / "limited",
                           "inputs.cfr: the recording stopped: cannot write: File too large");
        return 0;
    });
    if (code == kNotPossible)
        GTEST_SKIP() << "not run: the size of files cannot be limited here";
    EXPECT_EQ(code, 0);
}

} // namespace
} // namespace coldframe::history
