#include <cstring>
#include <thread>

#include <nlohmann/json.hpp>

#include "history/configuration_json.h"
#include "history_fixture.h"

namespace coldframe::history {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Recordings : public testing::Test {
protected:
    std::unique_ptr<RecordingWriter> create(WriterOptions options = {})
    {
        auto writer = RecordingWriter::create(m_folder, sampleHeader(), std::move(options));
        EXPECT_TRUE(writer) << messageOf(writer);
        return writer ? std::move(*writer) : nullptr;
    }
    RecordingReader open()
    {
        auto reader = RecordingReader::open(m_folder);
        EXPECT_TRUE(reader) << messageOf(reader);
        return reader ? std::move(*reader) : RecordingReader();
    }
    TemporaryFolder m_temporary;
    std::filesystem::path m_folder = m_temporary.path() / "recording";
};

std::vector<RecordedInput> inputsOf(const RecordingReader& reader, std::uint64_t from = 0)
{
    std::vector<RecordedInput> rows;
    Result<InputCursor> cursor = reader.inputs(from);
    EXPECT_TRUE(cursor) << messageOf(cursor);
    while (const auto row = cursor->next())
        rows.push_back(*row);
    EXPECT_FALSE(cursor->damaged());
    return rows;
}

TEST_F(Recordings, giveBackAllThatWasRecorded)
{
    const auto writer = create();
    engine::Configuration configuration;
    configuration.platform.id = "aws-lambda-arm64";
    writer->configuration(configuration);
    configuration.seed = 2;
    writer->configuration(configuration);
    writer->checkpoint(at(0), {std::byte{1}, std::byte{2}}, ActionDigest());
    for (const engine::Input& input : everyKind())
        writer->input(at(5), input);
    AttemptRow row = sampleAttempt(12);
    row.event = writer->blob(R"({"key": 1})");
    row.result = writer->blob("");
    row.log = writer->blob(std::string(100'000, 'l'));
    writer->attempt(row);
    writer->checkpoint(at(60'000), {std::byte{3}}, ActionDigest(17, 4));
    ASSERT_TRUE(writer->close(at(61'000), ActionDigest(18, 5)));
    EXPECT_EQ(writer->stats().inputs, everyKind().size());
    EXPECT_EQ(writer->stats().attempts, 1u);

    const RecordingReader reader = open();
    EXPECT_EQ(toJson(reader.header()), [] {
        RecordingHeader header = sampleHeader();
        header.inputLayout = inputLayout();
        return toJson(header);
    }());
    EXPECT_THAT(reader.warnings(), IsEmpty());
    EXPECT_TRUE(reader.closedInOrder());
    ASSERT_THAT(reader.configurations(), SizeIs(2));
    EXPECT_EQ(toJson(reader.configurations()[1]), toJson(configuration));
    EXPECT_EQ(reader.inputCount(), everyKind().size());
    EXPECT_EQ(inputsOf(reader).size(), everyKind().size());
    ASSERT_THAT(reader.checkpoints(), SizeIs(3));
    EXPECT_EQ(reader.checkpoints()[0].row, 0u);
    EXPECT_EQ(reader.checkpoints()[0].state.size(), 2u);
    EXPECT_EQ(reader.checkpoints()[1].row, everyKind().size());
    EXPECT_EQ(reader.checkpoints()[1].at, at(60'000));
    EXPECT_EQ(reader.checkpoints()[1].digest, ActionDigest(17, 4));
    EXPECT_TRUE(reader.checkpoints()[2].isEnd);
    EXPECT_EQ(reader.checkpoints()[2].digest, ActionDigest(18, 5));

    AttemptLog log;
    reader.readAttempts(log);
    ASSERT_EQ(log.view().size(), 1u);
    const AttemptRow& read = log.view()[0];
    EXPECT_EQ(std::memcmp(&read, &row, sizeof row), 0);
    EXPECT_EQ(reader.blob(read.event).value(), R"({"key": 1})");
    EXPECT_EQ(reader.blob(read.result).value(), "");
    EXPECT_EQ(reader.blob(read.log).value(), std::string(100'000, 'l'));
}

TEST_F(Recordings, ofTheFirstFormatAreReadAsWell)
{
    ASSERT_TRUE(create()->flush());
    auto header = nlohmann::json::parse(readFile(m_folder / kHeaderFile));
    header["format"] = 1;
    writeFile(m_folder / kHeaderFile, header.dump());
    std::filesystem::remove(m_folder / kAttemptsFile);
    AttemptRow rows[2]{sampleAttempt(1), sampleAttempt(2)};
    std::vector<std::byte> bytes(2 * kFirstRowBytes); // without what came later
    std::memcpy(bytes.data(), &rows[0], kFirstRowBytes);
    std::memcpy(bytes.data() + kFirstRowBytes, &rows[1], kFirstRowBytes);
    {
        auto file = AppendFile::create(m_folder / kAttemptsFile);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->append(BatchHeader{.kind = BatchKind::Attempts, .rows = 2}, bytes));
    }
    AttemptLog log;
    open().readAttempts(log);
    ASSERT_EQ(log.view().size(), 2u);
    for (std::size_t i = 0; i < 2; ++i)
        EXPECT_EQ(std::memcmp(&log.view()[i], &rows[i], sizeof rows[i]), 0) << i;
}

TEST_F(Recordings, canBeReadWhileTheyAreWritten)
{
    const auto writer = create();
    for (const RecordedInput& row : typicalRun(1000))
        writer->input(row.at, row.input);
    ASSERT_TRUE(writer->flush());
    EXPECT_EQ(inputsOf(open()).size(), 1000u);
    EXPECT_FALSE(open().closedInOrder());
}

TEST_F(Recordings, reachTheFileByThemselvesWithinTheirTime)
{
    const auto writer = create({.writeEvery = 1ms});
    writer->input(at(0), engine::Tick{});
    for (int tries = 0; open().inputCount() == 0 && tries < 100'000; ++tries)
        std::this_thread::yield();
    EXPECT_EQ(open().inputCount(), 1u);
}

TEST_F(Recordings, anyRowCanBeTheFirstToRead)
{
    const auto rows = typicalRun(2 * kRowsPerBatch + 77);
    const auto writer = create({.writeEvery = 1h});
    for (const RecordedInput& row : rows)
        writer->input(row.at, row.input);
    ASSERT_TRUE(writer->close(at(0), {}));
    const RecordingReader reader = open();
    for (const std::uint64_t from :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{kRowsPerBatch - 1},
          std::uint64_t{kRowsPerBatch}, std::uint64_t{kRowsPerBatch + 5},
          std::uint64_t{2 * kRowsPerBatch + 76}}) {
        const auto read = inputsOf(reader, from);
        ASSERT_EQ(read.size(), rows.size() - from);
        EXPECT_EQ(read.front().at, rows[from].at);
        EXPECT_EQ(read.front().input.index(), rows[from].input.index());
        EXPECT_EQ(read.back().at, rows.back().at);
    }
    EXPECT_THAT(inputsOf(reader, rows.size()), IsEmpty());
    EXPECT_THAT(inputsOf(reader, rows.size() + 10), IsEmpty());
}

TEST_F(Recordings, theSameRunGivesTheSameBytes)
{
    const auto record = [&](const char* name) {
        m_folder = m_temporary.path() / name;
        const auto writer = create({.writeEvery = 1h});
        writer->configuration({});
        writer->checkpoint(at(0), {}, {});
        std::uint32_t n = 0;
        for (const RecordedInput& row : typicalRun(150'000)) {
            writer->input(row.at, row.input);
            AttemptRow attempt = sampleAttempt(n++);
            attempt.event = writer->blob("{\"n\": " + std::to_string(n) + "}");
            writer->attempt(attempt);
        }
        EXPECT_TRUE(writer->close(at(1), ActionDigest(1, 2)));
        return m_folder;
    };
    const auto first = record("first"), second = record("second");
    for (const char* file : {kHeaderFile, kConfigurationsFile, kInputsFile, kAttemptsFile,
                             kCheckpointsFile, kBlobsFile}) {
        EXPECT_TRUE(readFile(first / file) == readFile(second / file)) << file;
        EXPECT_FALSE(readFile(first / file).empty()) << file;
    }
}

TEST_F(Recordings, aTailTornAtAnyByteLeavesTheWholeBatchesBeforeIt)
{
    std::size_t whole = 0;
    {
        const auto writer = create();
        writer->checkpoint(at(0), {}, {});
        for (const RecordedInput& row : typicalRun(100))
            writer->input(row.at, row.input);
        ASSERT_TRUE(writer->flush());
        whole = readFile(m_folder / kInputsFile).size();
        for (const RecordedInput& row : typicalRun(20))
            writer->input(row.at, row.input);
        ASSERT_TRUE(writer->close(at(1), {}));
    }
    const std::string all = readFile(m_folder / kInputsFile);
    ASSERT_GT(all.size(), whole);
    for (std::size_t size = whole; size < all.size(); ++size) {
        writeFile(m_folder / kInputsFile, all.substr(0, size));
        const RecordingReader reader = open();
        ASSERT_EQ(reader.inputCount(), 100u) << size;
        ASSERT_EQ(inputsOf(reader).size(), 100u) << size;
        ASSERT_EQ(reader.closedInOrder(), false) << size;
        ASSERT_EQ(reader.checkpoints().size(), 1u) << "the end refers to rows that are gone";
        ASSERT_EQ(reader.warnings().size(), size == whole ? 0u : 1u) << size;
    }
    for (std::size_t byte = whole; byte < all.size(); ++byte) {
        std::string damaged = all;
        damaged[byte] = static_cast<char>(damaged[byte] ^ 0x10);
        writeFile(m_folder / kInputsFile, damaged);
        ASSERT_EQ(open().inputCount(), 100u) << "byte " << byte << " changed";
    }
    EXPECT_EQ(describe(open().warnings().at(0)),
              (m_folder / kInputsFile).string() + ": is torn or damaged at byte "
                  + std::to_string(whole) + ": the last " + std::to_string(all.size() - whole)
                  + " bytes are left out; what came before is whole");
}

TEST_F(Recordings, aTornBodyIsAnErrorWhenItIsWanted)
{
    BlobRef ref;
    {
        const auto writer = create();
        ref = writer->blob("0123456789");
        ASSERT_TRUE(writer->close(at(1), {}));
    }
    writeFile(m_folder / kBlobsFile, "01234567");
    EXPECT_EQ(messageOf(open().blob(ref)),
              (m_folder / kBlobsFile).string()
                  + ": ends before byte 10 of a recorded body; the "
                    "recording was interrupted before it was written");
}

TEST_F(Recordings, endWithoutCloseAsIfTheProgramHadBeenKilled)
{
    {
        const auto writer = create();
        writer->input(at(0), engine::Tick{});
    }
    EXPECT_EQ(open().inputCount(), 1u);
    EXPECT_FALSE(open().closedInOrder());
}

TEST_F(Recordings, checkpointsAreDueAtOnceAndThenEveryMinute)
{
    const auto writer = create();
    EXPECT_TRUE(writer->checkpointDue(at(0)));
    writer->checkpoint(at(0), {}, {});
    EXPECT_FALSE(writer->checkpointDue(at(59'999)));
    EXPECT_TRUE(writer->checkpointDue(at(60'000)));
}

} // namespace
} // namespace coldframe::history
