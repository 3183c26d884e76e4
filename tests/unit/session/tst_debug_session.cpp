#include "live_workspace.h"

#include "history/recording_reader.h"
#include "history/replay.h"

// *Debug next event* from the session's side: what a picture says, what counts nowhere, and that a
// recording of it replays.
using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

constexpr const char* kEcho = "def handler(event, context):\n    return event\n";

/// The picture once it shows an attempt that waits for its debugger.
std::shared_ptr<const Snapshot> heldPicture(const Session& session)
{
    std::shared_ptr<const Snapshot> picture;
    EXPECT_TRUE(eventually([&] {
        picture = session.snapshot();
        return !picture->debugged.empty()
            && picture->debugged.front().phase == DebugView::Phase::Waiting;
    })) << "no attempt was held";
    return picture;
}

TEST(DebugSession, aHeldAttemptIsShownAndCountsNowhere)
{
    LiveWorkspace workspace;
    workspace.python(kEcho);
    auto session = workspace.open();
    ASSERT_TRUE(session);
    session->debugNext("f", true);
    ASSERT_TRUE(eventually([&] { return session->snapshot()->functions.at(0).debugNext; }));
    Answers answers;
    session->send({.function = "f", .event = "7"}, answers.collect());
    const auto picture = heldPicture(*session);
    ASSERT_FALSE(picture->debugged.empty());
    const DebugView& held = picture->debugged.front();
    EXPECT_FALSE(picture->functions.at(0).debugNext);
    EXPECT_TRUE(held.address.starts_with("127.0.0.1:")) << held.address;
    EXPECT_NE(held.launchConfiguration.find(R"("name": "Coldframe: f")"), std::string::npos);

    session->releaseDebugger(held.invocation);
    const Answer answer = answers.wait(1).front();
    EXPECT_EQ(answer.payload, "7");
    EXPECT_TRUE(answer.debugged);
    EXPECT_EQ(answer.billed, Duration::zero());
    EXPECT_GT(answer.desk, Duration::zero()) << "measured it is";
    ASSERT_TRUE(eventually([&] { return session->snapshot()->attempts.endRow() == 1; }));
    const auto after = session->snapshot();
    EXPECT_TRUE(after->debugged.empty());
    EXPECT_EQ(after->totals.invocations, 0U);
    EXPECT_EQ(after->totals.coldStarts, 0U);
    EXPECT_EQ(after->totals.cost.picodollars(), 0);
    EXPECT_EQ(after->functions.at(0).invocations, 0U);

    session->send({.function = "f", .event = "8"}, answers.collect());
    const Answer next = answers.wait(2).back();
    EXPECT_FALSE(next.debugged);
    EXPECT_GT(next.cost.picodollars(), 0) << "or this shows nothing";
}

TEST(DebugSession, aRecordingOfItReplays)
{
    LiveWorkspace workspace;
    workspace.python(kEcho);
    auto session = workspace.open();
    ASSERT_TRUE(session);
    Answers answers;
    session->send({.function = "f", .event = "1"}, answers.collect());
    answers.wait(1);
    session->debugNext("f", true);
    session->send({.function = "f", .event = "2", .delivery = engine::Delivery::Async},
                  answers.collect());
    const auto picture = heldPicture(*session);
    ASSERT_FALSE(picture->debugged.empty());
    session->send({.function = "f", .event = "3"}, answers.collect());
    answers.wait(3);
    session->releaseDebugger(picture->debugged.front().invocation);
    ASSERT_TRUE(eventually([&] { return session->idle(); }));
    const auto rows = session->snapshot()->attempts;
    ASSERT_EQ(rows.endRow(), 3U);
    session.reset();

    fs::path folder;
    for (const auto& entry : fs::directory_iterator(workspace.folder / ".coldframe/recordings"))
        folder = entry.path();
    const auto recording = history::RecordingReader::open(folder);
    ASSERT_TRUE(recording) << describe(recording.error());
    int held = 0, marked = 0;
    history::ReplayOptions options;
    options.onStep
        = [&](const history::RecordedInput& in, std::span<const engine::Action> actions) {
              held += std::holds_alternative<engine::DebugPaused>(in.input);
              for (const engine::Action& action : actions)
                  if (const auto* meter = std::get_if<engine::Meter>(&action))
                      marked += meter->debugged;
          };
    const auto report = history::replay(*recording, options);
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_TRUE(report->complete);
    EXPECT_TRUE(report->equal());
    EXPECT_EQ(held, 1);
    EXPECT_EQ(marked, 1);
}

TEST(DebugSession, whatCannotBeDebuggedIsSaid)
{
    LiveWorkspace workspace;
    workspace.write("code/x", "");
    workspace.write("coldframe.json", R"({"format": 1, "name": "test", "functions": {"f":
        {"runtime": "command", "code": "code", "command": ["cat"]}}})");
    auto session = workspace.open();
    ASSERT_TRUE(session);
    session->debugNext("f", true);
    ASSERT_TRUE(eventually([&] { return !session->snapshot()->notices.empty(); }));
    const auto picture = session->snapshot();
    EXPECT_EQ(picture->notices.back().text,
              "events of f cannot be held for a debugger: its runtime is `command`, a new program "
              "for each event");
    EXPECT_FALSE(picture->functions.at(0).debugNext);
}

} // namespace
