#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live_workspace.h"
#include "session/answer.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace std::chrono_literals;
using engine::Why;

namespace {

history::AttemptRow coldRow()
{
    history::AttemptRow row;
    row.start = history::StartKind::Cold;
    row.why = Why::ColdAllBusy;
    row.reasonA = 3;
    row.reasonC = 4;
    row.spawn = 700us;
    row.init = 71'400us;
    row.attemptsAllowed = 1;
    return row;
}

history::AttemptRow retriedRow()
{
    history::AttemptRow row;
    row.start = history::StartKind::Warm;
    row.why = Why::FromQueue;
    row.reasonA = 3;
    row.reasonB = 812;
    row.queued = 812ms;
    row.waitWhy = Why::ThrottledReserved;
    row.waitA = row.waitB = 2;
    row.attempt = 2;
    row.attemptsAllowed = 3;
    row.retryAfterS = 60;
    return row;
}

struct Row {
    const char* name;
    history::AttemptRow (*make)();
    const char* sentences;
};
class ReasonText : public testing::TestWithParam<Row> { };

/// The table, which has rows alone, says what the result pane says.
TEST_P(ReasonText, isTheSameFromARowAndFromAnAnswer)
{
    const history::AttemptRow row = GetParam().make();
    EXPECT_EQ(reasonText(row, 140ms), GetParam().sentences);
    EXPECT_EQ(makeAnswer(row, {}, 140ms).reasonText, GetParam().sentences);
}
INSTANTIATE_TEST_SUITE_P(
    Session, ReasonText,
    testing::Values(
        Row{"aColdStart", coldRow,
            "Cold: all 3 instances were busy, a 4th was started: 0.7 ms spawn + 71 ms init "
            "measured, 140 ms sandbox modelled."},
        Row{"aRetryThatWaited", retriedRow,
            "Warm: an instance became free after the event had waited 812 ms; 3 events are still "
            "waiting. Waited 812 ms in the queue: reserved concurrency 2, 2 in use. Attempt 2 of "
            "3, due 60 s after attempt 1 failed."},
        Row{"theFirstOfThreeThatFailed",
            [] {
                history::AttemptRow row = coldRow();
                row.attemptsAllowed = 3;
                row.ending = history::Ending::FunctionError;
                return row;
            },
            "Cold: all 3 instances were busy, a 4th was started: 0.7 ms spawn + 71 ms init "
            "measured, 140 ms sandbox modelled. Attempt 1 of 3."},
        Row{"aRetryOverARestart",
            [] {
                history::AttemptRow row = retriedRow();
                row.waitWhy = Why::None;
                row.why = Why::WarmNewest;
                row.retryAfterS = 0;
                return row;
            },
            "Warm: the newest of 3 idle instances, idle for 812 ms. Attempt 2 of 3."},
        Row{"aRetryInAnOldRecording",
            [] {
                history::AttemptRow row = retriedRow();
                row.waitWhy = Why::None;
                row.retryAfterS = row.attemptsAllowed = 0;
                row.why = Why::WarmNewest;
                return row;
            },
            "Warm: the newest of 3 idle instances, idle for 812 ms. Attempt 2."},
        Row{"aProvisionedOne",
            [] {
                history::AttemptRow row;
                row.start = history::StartKind::Provisioned;
                row.why = Why::WarmMostRecentlyUsed;
                row.reasonA = 1;
                row.reasonB = 20;
                return row;
            },
            "Warm: the only idle instance, idle for 20 ms. The instance is provisioned: it was "
            "started before it was needed."},
        Row{"aThrottledCall",
            [] {
                history::AttemptRow row;
                row.ending = history::Ending::Rejected;
                row.why = Why::ThrottledReserved;
                row.reasonA = row.reasonB = 10;
                return row;
            },
            "Throttled: reserved concurrency 10, 10 in use."},
        Row{"anEventThatWaitedTooLong",
            [] {
                history::AttemptRow row;
                row.ending = history::Ending::Rejected;
                row.why = Why::EventTooOld;
                row.reasonA = 61;
                row.reasonB = 60;
                row.queued = 61s;
                row.waitWhy = Why::ThrottledScaleUp;
                row.waitA = 1000;
                row.waitB = 10;
                return row;
            },
            "Given up: the event is 61 s old and its limit is 60 s, counting the next retry. "
            "Waited 61 s in the queue: scaling up by more than 1000 instances at once; the next "
            "may start in 10 ms."}),
    [](const auto& row) { return row.param.name; });

/// Events that wait for the one place there is, fail, and are tried again: real ones, whose reasons
/// must come through the driver into the rows and back out of the recording.
TEST(Reasons, ofARealRunAreInItsRowsAndItsRecording)
{
    const test::LiveWorkspace workspace;
    workspace.write("code/app.py",
                    "import time\ndef handler(event, context):\n"
                    "    time.sleep(0.2)\n    raise ValueError('as asked')\n");
    workspace.write("coldframe.json",
                    R"({"format": 1, "name": "test", "timeScale": 200, "functions": {"f": {
                        "runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
                        "handler": "app.handler", "reservedConcurrency": 1,
                        "async": {"retries": 1}}}})");
    const auto session = workspace.open();
    ASSERT_TRUE(session);
    session->sendMany({.function = "f", .event = "{}", .delivery = engine::Delivery::Async}, 2);
    ASSERT_TRUE(test::eventually([&] { return session->snapshot()->attempts.size() == 4; }));
    const auto picture = session->snapshot();
    EXPECT_GT(picture->sandbox, Duration::zero());
    std::size_t waited = 0, second = 0;
    for (std::uint64_t at = 0; at < 4; ++at) {
        const history::AttemptRow& row = picture->attempts[at];
        const std::string said = reasonText(row, picture->sandbox);
        waited += said.find("in the queue: reserved concurrency 1, 1 in use.") != said.npos;
        EXPECT_EQ(said.find("Waited ") != said.npos, row.waitWhy != Why::None) << said;
        if (row.attempt == 1) {
            EXPECT_THAT(said, testing::EndsWith("Attempt 1 of 2.")); // it failed
        } else {
            ++second;
            EXPECT_THAT(said,
                        testing::EndsWith("Attempt 2 of 2, due 60 s after attempt 1 failed."));
        }
        test::Answers loaded;
        session->loadAttempt(
            row, [done = loaded.collect()](const Answer& answer, std::string) { done(answer); });
        EXPECT_EQ(loaded.wait(1).at(0).reasonText, said);
    }
    EXPECT_GE(waited, 1U);
    EXPECT_EQ(second, 2U);
}

} // namespace
