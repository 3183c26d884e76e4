#include "live_workspace.h"

#include "history/recording_reader.h"
#include "history/replay.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

fs::path onlyRecording(const fs::path& workspace)
{
    fs::path found;
    for (const auto& entry : fs::directory_iterator(workspace / ".coldframe/recordings"))
        found = entry.path();
    return found;
}

// The promise the whole design rests on: what was decided live is what a replay decides. The run
// has late timers (the machine is busy), code that changes under it, settings that change, room for
// two processes only, retries, timeouts, crashes and throttles.
TEST(ReplayLive, aLiveRunReplaysToEqualBits)
{
    LiveWorkspace workspace;
    const std::string body = R"(import os, time
def handler(event, context):
    kind = event.get("n", 0) % 10
    if kind == 7: raise ValueError("seven")
    if kind == 8: os._exit(1)
    if kind == 9: time.sleep(5)
    time.sleep(0.01)
    return event
)";
    workspace.python(body, R"(, "timeoutMs": 700, "async": {"retries": 1})");
    Options options;
    options.deskSlots = 2;
    auto session = workspace.open(options);
    ASSERT_TRUE(session);
    Answers answers;
    for (int n = 0; n < 40; ++n) {
        session->send({.function = "f",
                       .event = "{\"n\": " + std::to_string(n) + "}",
                       .delivery = n % 2 == 0 ? engine::Delivery::Sync : engine::Delivery::Async},
                      answers.collect());
        if (n == 15)
            workspace.write("code/app.py", body + "# changed\n");
        if (n == 25)
            workspace.python(body, R"(, "timeoutMs": 700, "memoryMb": 256,
                "reservedConcurrency": 6, "async": {"retries": 1})");
    }
    answers.wait(40);
    session.reset();

    const auto recording = history::RecordingReader::open(onlyRecording(workspace.folder));
    ASSERT_TRUE(recording) << describe(recording.error());
    EXPECT_TRUE(recording->closedInOrder());
    EXPECT_GT(recording->inputCount(), 100U);
    const auto report = history::replay(*recording);
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_TRUE(report->complete);
    EXPECT_TRUE(report->equal());
    EXPECT_GE(report->compared, 1U);
}

} // namespace
