#include "live_workspace.h"

#include "history/recording_reader.h"
#include "cost/bill.h"
#include "history/replay.h"
#include "study/replay_study.h"

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

// Taken apart and played again on a virtual clock, a live run comes out as it was too: so what a
// changed setting makes of it differs by nothing but the setting. The run has retries, timeouts,
// crashes, throttles, waits, a reload, other settings, and room for few processes.
TEST(ReplayLive, playedAgainFromItsPartsALiveRunTakesTheSameDecisions)
{
    LiveWorkspace workspace;
    const std::string body = R"(import os, time
def handler(event, context):
    kind = event["n"] % 8
    if kind == 5: raise ValueError("five")
    if kind == 6: os._exit(1)
    if kind == 7: time.sleep(5)
    time.sleep(0.02)
    return event
)";
    const auto settings = [&](int reserved) {
        workspace.write("coldframe.json",
                        R"({"format": 1, "name": "test", "timeScale": 300, "functions": {"f": {
                            "runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
                            "handler": "app.handler", "timeoutMs": 400, "reservedConcurrency": )"
                            + std::to_string(reserved) + "}}}");
    };
    workspace.write("code/app.py", body);
    settings(3);
    Options options;
    options.deskSlots = 2;
    auto session = workspace.open(options);
    ASSERT_TRUE(session);
    Answers answers;
    for (int n = 0; n < 48; ++n) {
        session->send({.function = "f",
                       .event = "{\"n\": " + std::to_string(n) + "}",
                       .delivery = n % 3 == 0 ? engine::Delivery::Sync : engine::Delivery::Async},
                      answers.collect());
        if (n == 15)
            workspace.write("code/app.py", body + "# changed\n");
        if (n == 30)
            settings(2);
    }
    answers.wait(48);
    ASSERT_TRUE(eventually([&] { return session->idle(); }));
    const Money bill = session->snapshot()->totals.cost;
    session.reset();

    const auto study = study::ReplayStudy::open(onlyRecording(workspace.folder));
    ASSERT_TRUE(study) << describe(study.error());
    ASSERT_TRUE(study->report().equal());
    const sim::RunFigures& recorded = study->recorded().figures.total;
    EXPECT_GT(recorded.throttled, 0U);
    EXPECT_GT(recorded.waits, 0U);
    EXPECT_GT(recorded.retries, 0U);
    EXPECT_GT(recorded.deadLetters, 0U);
    EXPECT_GT(recorded.figures.timeouts, 0U);
    EXPECT_TRUE(study->recorded().script.settled);

    const auto played = study->play({});
    ASSERT_TRUE(played) << describe(played.error());
    EXPECT_EQ(played->digest, study->report().digest);
    EXPECT_EQ(played->result.allOrigins.drawnShare(), 0);
    EXPECT_TRUE(played->result.figures.total.figures == recorded.figures);
    const auto again = [&](const sim::RunFigures& run) {
        return cost::billTotal(run.meters, study->platform().prices, {.freeTier = false});
    };
    EXPECT_EQ(again(recorded), bill);
    EXPECT_EQ(again(played->result.figures.total), bill);

    const auto changes = study::readChanges({"functions.f.reservedConcurrency=0"}, {"f"});
    ASSERT_TRUE(changes);
    const auto off = study->play(*changes);
    ASSERT_TRUE(off) << describe(off.error());
    EXPECT_NE(off->digest, study->report().digest);
    EXPECT_EQ(off->result.figures.total.coldStarts, 0U);
    EXPECT_EQ(off->result.figures.total.throttled, 16U) << "every call";
    EXPECT_EQ(off->result.figures.total.deadLetters, 32U) << "every event";
}

} // namespace
