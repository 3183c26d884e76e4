#include "history/replay.h"

#include "history/configuration_json.h"
#include "history_fixture.h"
#include "virtual_driver.h"

namespace coldframe::history {
namespace {

using engine::test::VirtualDriver;
using testing::HasSubstr;

constexpr std::size_t kCheckpointEvery = 200; ///< rows

/// A run of the engine as a live driver does it: step, digest, record, now and then a checkpoint.
class LiveRun {
public:
    LiveRun(const std::filesystem::path& folder, const VirtualDriver& world)
        : m_world(world), m_writer(std::move(*RecordingWriter::create(folder, sampleHeader())))
    { }

    void run(bool close = true)
    {
        for (std::uint32_t n = 0; m_world.engine.hasRevision(n); ++n) {
            m_engine.define(m_world.engine.revision(n));
            m_writer->configuration(m_world.engine.revision(n));
        }
        engine::Actions actions;
        for (std::size_t row = 0; row < m_world.inputs.size(); ++row) {
            const auto& [now, input] = m_world.inputs[row];
            if (row % kCheckpointEvery == 0)
                m_writer->checkpoint(now, m_engine.save(), m_digest);
            m_writer->input(now, input);
            actions.clear();
            m_engine.step(now, input, actions);
            m_digest.add(actions);
        }
        if (close) {
            ASSERT_TRUE(m_writer->close(m_world.inputs.back().first, m_digest));
        }
        m_writer.reset();
    }

    const ActionDigest& digest() const { return m_digest; }

private:
    const VirtualDriver& m_world;
    std::unique_ptr<RecordingWriter> m_writer;
    engine::Engine m_engine;
    ActionDigest m_digest;
};

class Replay : public testing::TestWithParam<std::uint64_t> {
protected:
    Replay() : m_world(GetParam()) { m_world.run(true); }

    RecordingReader open()
    {
        auto reader = RecordingReader::open(m_folder);
        EXPECT_TRUE(reader) << messageOf(reader);
        return std::move(*reader);
    }
    VirtualDriver m_world; ///< arrivals, crashes, reloads, late timers, desk waits: all by the seed
    TemporaryFolder m_temporary;
    std::filesystem::path m_folder = m_temporary.path() / "recording";
};

TEST_P(Replay, givesTheSameDecisionsToTheLastBit)
{
    SCOPED_TRACE("SIM_SEED=" + std::to_string(GetParam()));
    LiveRun live(m_folder, m_world);
    live.run();
    engine::Actions replayed;
    const auto report = replay(open(), {.onStep = [&](const RecordedInput&, auto actions) {
                                   replayed.insert(replayed.end(), actions.begin(), actions.end());
                               }});
    ASSERT_TRUE(report) << messageOf(report);
    EXPECT_TRUE(report->equal());
    EXPECT_TRUE(report->complete);
    EXPECT_EQ(report->rows, m_world.inputs.size());
    EXPECT_EQ(report->digest, live.digest());
    EXPECT_EQ(report->compared, (m_world.inputs.size() - 1) / kCheckpointEvery + 1);
    EXPECT_TRUE(replayed == m_world.actions);
}

TEST_P(Replay, fromAnyCheckpointEndsWithTheSameDigest)
{
    LiveRun live(m_folder, m_world);
    live.run();
    const RecordingReader recording = open();
    ASSERT_GT(recording.checkpoints().size(), 3u);
    for (std::size_t i = 0; i + 1 < recording.checkpoints().size(); ++i) {
        const auto report = replay(recording, {.checkpoint = i});
        ASSERT_TRUE(report) << messageOf(report);
        EXPECT_TRUE(report->equal()) << "from checkpoint " << i;
        EXPECT_EQ(report->digest, live.digest());
        EXPECT_EQ(report->rows, m_world.inputs.size() - i * kCheckpointEvery);
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Replay, testing::Range(std::uint64_t{1}, std::uint64_t{31}));

class ReplayOfOneRun : public Replay { };
INSTANTIATE_TEST_SUITE_P(Seed, ReplayOfOneRun, testing::Values(4));

/// Writes the world's inputs with a change: what another engine, or a damaged file, would look
/// like.
template <typename Change>
void recordChanged(const std::filesystem::path& folder, const VirtualDriver& world,
                   const ActionDigest& atEnd, Change change, std::uint32_t configurations = 1000)
{
    auto writer = RecordingWriter::create(folder, sampleHeader());
    ASSERT_TRUE(writer);
    for (std::uint32_t n = 0; world.engine.hasRevision(n) && n < configurations; ++n)
        (*writer)->configuration(world.engine.revision(n));
    std::size_t row = 0;
    for (auto [now, input] : world.inputs) {
        change(row++, now, input);
        (*writer)->input(now, input);
    }
    ASSERT_TRUE((*writer)->close(world.inputs.back().first, atEnd));
}

TEST_P(ReplayOfOneRun, aChangedInputIsFoundByTheDigest)
{
    LiveRun live(m_folder, m_world);
    live.run();
    bool changed = false;
    recordChanged(m_temporary.path() / "changed", m_world, live.digest(),
                  [&](std::size_t, TimePoint, engine::Input& input) {
                      auto* finished = std::get_if<engine::WorkFinished>(&input);
                      if (finished && !changed && (changed = true))
                          finished->wall += Duration(1);
                  });
    const auto report = replay(*RecordingReader::open(m_temporary.path() / "changed"));
    ASSERT_TRUE(report) << messageOf(report);
    EXPECT_TRUE(report->complete);
    ASSERT_FALSE(report->equal()) << "one nanosecond more";
    EXPECT_TRUE(report->firstDifference->isEnd);
    EXPECT_EQ(report->digest.actions(), live.digest().actions());
}

TEST_P(ReplayOfOneRun, theFirstCheckpointThatDiffersIsNamed)
{
    auto writer = RecordingWriter::create(m_folder, sampleHeader());
    ASSERT_TRUE(writer);
    for (std::uint32_t n = 0; m_world.engine.hasRevision(n); ++n)
        (*writer)->configuration(m_world.engine.revision(n));
    engine::Engine engine;
    (*writer)->checkpoint(m_world.inputs[0].first, engine.save(), {});
    for (std::size_t row = 0; row < 20; ++row)
        (*writer)->input(m_world.inputs[row].first, m_world.inputs[row].second);
    (*writer)->checkpoint(m_world.inputs[19].first, {}, ActionDigest(1, 1));
    (*writer)->input(m_world.inputs[20].first, m_world.inputs[20].second);
    (*writer)->checkpoint(m_world.inputs[20].first, {}, ActionDigest(2, 2));
    writer->reset();
    const auto report = replay(open());
    ASSERT_TRUE(report) << messageOf(report);
    ASSERT_FALSE(report->equal());
    EXPECT_EQ(report->firstDifference->row, 20u);
    EXPECT_EQ(report->compared, 2u);
    EXPECT_FALSE(report->complete);
}

TEST_P(ReplayOfOneRun, anInterruptedRecordingIsComparedUpToItsLastCheckpoint)
{
    LiveRun live(m_folder, m_world);
    live.run(false);
    const auto report = replay(open());
    ASSERT_TRUE(report) << messageOf(report);
    EXPECT_TRUE(report->equal());
    EXPECT_FALSE(report->complete);
    EXPECT_EQ(report->compared, (m_world.inputs.size() - 1) / kCheckpointEvery);
}

TEST_P(ReplayOfOneRun, withoutACheckpointItStartsFromAFreshEngine)
{
    LiveRun live(m_folder, m_world);
    live.run();
    recordChanged(m_temporary.path() / "bare", m_world, live.digest(),
                  [](std::size_t, TimePoint, engine::Input&) {});
    const auto report = replay(*RecordingReader::open(m_temporary.path() / "bare"));
    ASSERT_TRUE(report) << messageOf(report);
    EXPECT_TRUE(report->equal());
    EXPECT_TRUE(report->complete);
    EXPECT_EQ(report->digest, live.digest());
}

TEST_P(ReplayOfOneRun, whatCannotBeReplayedSaysWhy)
{
    const auto folder = m_temporary.path() / "changed";
    const auto same = [](std::size_t, TimePoint, engine::Input&) {};
    recordChanged(folder, m_world, {}, same, 0);
    EXPECT_EQ(
        messageOf(replay(*RecordingReader::open(folder))),
        "configuration 0 of input 0 is missing; the recording is damaged or comes from another "
        "version; choose another one");
    EXPECT_EQ(messageOf(replay(*RecordingReader::open(folder), {.checkpoint = 5})),
              "there is no such checkpoint to start from; the recording is damaged or comes from "
              "another version; choose another one");

    std::filesystem::remove_all(folder);
    recordChanged(folder, m_world, {}, [](std::size_t row, TimePoint& now, engine::Input&) {
        now -= std::chrono::hours(row == 100 ? 1 : 0);
    });
    EXPECT_THAT(messageOf(replay(*RecordingReader::open(folder))),
                HasSubstr("time runs backwards at input 100; "));

    auto writer = RecordingWriter::create(m_folder, sampleHeader());
    ASSERT_TRUE(writer);
    (*writer)->checkpoint(at(0), {std::byte{1}}, {});
    writer->reset();
    EXPECT_EQ(messageOf(replay(open())),
              "the engine's state was recorded by Coldframe 0.1.0 and cannot be read here; replay "
              "the recording with that version");
}

TEST_P(ReplayOfOneRun, canBeStopped)
{
    LiveRun live(m_folder, m_world);
    live.run();
    std::stop_source stop;
    const auto report = replay(
        open(), {.onStep = [&](auto&, auto) { stop.request_stop(); }, .stop = stop.get_token()});
    ASSERT_TRUE(report);
    EXPECT_EQ(report->rows, 1u);
    EXPECT_FALSE(report->complete);
}

} // namespace
} // namespace coldframe::history
