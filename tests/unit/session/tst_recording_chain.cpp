#include "live_workspace.h"

#include <algorithm>

#include "history/recording_reader.h"
#include "history/replay.h"
#include "session/recording_chain.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

std::vector<fs::path> recordings(const fs::path& folder)
{
    std::vector<fs::path> found;
    if (fs::exists(folder))
        for (const auto& entry : fs::directory_iterator(folder))
            found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

// A run that goes on for days must not fill the disk with one file: it is cut into recordings that
// each replay by themselves, and the bodies of earlier attempts are still found.
TEST(RecordingChain, eachPartOfARunReplaysAndItsBodiesAreFound)
{
    LiveWorkspace workspace;
    workspace.python("def handler(event, context):\n    return event\n");
    Options options;
    options.recordingLimits.maxBytes = 1;
    auto session = workspace.open(options);
    ASSERT_TRUE(session);
    const fs::path folder = workspace.folder / ".coldframe/recordings";
    for (std::size_t n = 0; n < 3; ++n) {
        call(*session, "{\"n\": " + std::to_string(n) + "}");
        ASSERT_TRUE(eventually([&] { return recordings(folder).size() >= n + 2; }));
    }
    ASSERT_TRUE(eventually([&] { return session->snapshot()->attempts.size() == 3; }));
    const auto rows = session->snapshot()->attempts;
    for (std::uint64_t n = 0; n < 3; ++n) {
        std::atomic<bool> loaded{false};
        std::string event, payload;
        session->loadAttempt(rows[n], [&](const Answer& answer, const std::string& body) {
            event = body;
            payload = answer.payload;
            loaded = true;
        });
        ASSERT_TRUE(eventually([&] { return loaded.load(); }));
        const std::string sent = "{\"n\": " + std::to_string(n) + "}";
        EXPECT_EQ(event, sent);
        EXPECT_EQ(payload, sent);
    }
    session.reset();

    std::uint64_t attempts = 0;
    for (const fs::path& path : recordings(folder)) {
        const auto recording = history::RecordingReader::open(path);
        ASSERT_TRUE(recording) << describe(recording.error());
        EXPECT_TRUE(recording->closedInOrder()) << path;
        const auto report = history::replay(*recording);
        ASSERT_TRUE(report) << describe(report.error());
        EXPECT_TRUE(report->complete && report->equal()) << path;
        attempts += recording->attemptCount();
    }
    EXPECT_EQ(attempts, 3U);
}

/// A chain whose blocking work runs at once.
struct OwnChain {
    LiveWorkspace workspace;
    std::vector<std::string> said;
    engine::Engine engine;
    history::ActionDigest digest;
    TimePoint now{std::chrono::hours(1)};

    RecordingChain::Options options()
    {
        RecordingChain::Options all;
        all.folder = workspace.folder / "recordings";
        all.header = [] { return history::RecordingHeader{}; };
        all.background = [](const std::function<void()>& work) { work(); };
        all.post = [](const std::function<void()>& work) { work(); };
        all.trouble = [this](const Error& error) { said.push_back(describe(error)); };
        all.resumed = [this](const fs::path&) { said.push_back("resumed"); };
        return all;
    }
    void rest(RecordingChain& chain) { chain.rest(now, engine, digest, 0); }
};

TEST(RecordingChain, oneThatHadToStopIsFollowedByANewOneLater)
{
    OwnChain own;
    auto options = own.options();
    options.writer.maxWaitingBytes = 100; // as if the disk were too slow
    auto chain = RecordingChain::begin(std::move(options));
    ASSERT_TRUE(chain) << describe(chain.error());
    own.rest(**chain);
    (*chain)->writer().blob(std::string(1'000, 'x'));
    ASSERT_FALSE((*chain)->recording());

    own.now += std::chrono::seconds(29);
    own.rest(**chain);
    EXPECT_FALSE((*chain)->recording()) << "it waits before it tries again";
    own.now += std::chrono::seconds(1);
    own.rest(**chain); // makes the next
    own.rest(**chain); // goes over to it
    EXPECT_EQ((*chain)->parts().size(), 2U);
    EXPECT_EQ(own.said, std::vector<std::string>{"resumed"});
}

TEST(RecordingChain, oneThatGetsOldIsFollowedByANewOneWithoutAWord)
{
    OwnChain own;
    auto chain = RecordingChain::begin(own.options());
    ASSERT_TRUE(chain) << describe(chain.error());
    own.rest(**chain);
    own.now += std::chrono::hours(24);
    own.rest(**chain);
    own.rest(**chain);
    EXPECT_EQ((*chain)->parts().size(), 2U);
    EXPECT_TRUE((*chain)->recording());
    EXPECT_TRUE(own.said.empty());
    (*chain)->close(own.now, own.digest);
    EXPECT_EQ(recordings(own.workspace.folder / "recordings").size(), 2U);
}

TEST(RecordingChain, oneThatWasMadeAndNotNeededLeavesNoFolder)
{
    OwnChain own;
    auto chain = RecordingChain::begin(own.options());
    ASSERT_TRUE(chain) << describe(chain.error());
    own.rest(**chain);
    own.now += std::chrono::hours(24);
    own.rest(**chain); // made, not gone over to
    EXPECT_EQ(recordings(own.workspace.folder / "recordings").size(), 2U);
    (*chain)->close(own.now, own.digest);
    EXPECT_EQ(recordings(own.workspace.folder / "recordings").size(), 1U);
}

} // namespace
