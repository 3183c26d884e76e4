// Runs with real processes whose clock jumps while nothing executes: hours pass in a second.

#include <algorithm>
#include <atomic>

#include <gmock/gmock.h>

#include "history/replay.h"
#include "live_workspace.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

/// 2026-03-04 00:00 UTC.
constexpr TimePoint kMidnight{1'772'582'400s};

/// An attempt without what differs from run to run: how long its handler took.
std::string told(const history::AttemptRow& row)
{
    const auto minutes = (row.acceptedAt - kMidnight) / 1min;
    return std::to_string(minutes) + " min, attempt " + std::to_string(row.attempt)
        + (row.start == history::StartKind::Cold ? ", cold" : ", warm")
        + (row.ending == history::Ending::Succeeded ? "" : ", failed") + " on "
        + std::to_string(row.instance);
}

class SkippedIdleTime : public testing::Test {
protected:
    /// A function "f" of one command, which a trigger "t" sends events.
    void commands(const std::string& command, const std::string& trigger,
                  const std::string& settings = "")
    {
        m_workspace.write("coldframe.json",
                          R"j({"format": 1, "name": "test", "functions": {"f": {
            "runtime": "command", "code": ".", "command": ["/bin/sh", "-c", ")j"
                              + command + "\"]" + settings + R"j(}},
            "stores": {"in": {"kind": "folder", "path": "in"}}, "triggers": {"t": {)j"
                              + trigger + R"j(, "function": "f"}}})j");
    }
    void open(std::optional<Duration> length, std::vector<std::string> backfill = {})
    {
        fs::create_directories(m_workspace.folder / "in");
        Options options;
        options.startTriggers = true;
        options.backfill = std::move(backfill);
        options.skipIdle = SkipIdle{length, kMidnight};
        m_session = m_workspace.open(options);
        ASSERT_TRUE(m_session);
    }
    /// The last picture of a run of this length, and its attempts in words.
    std::shared_ptr<const Snapshot> live(Duration length)
    {
        open(length);
        EXPECT_TRUE(eventually([&] { return m_session->timeIsOver(); }));
        auto last = m_session->snapshot();
        m_attempts.clear();
        for (auto row = last->attempts.firstRow(); row < last->attempts.endRow(); ++row)
            m_attempts.push_back(told(last->attempts[row]));
        m_session.reset();
        return last;
    }

    LiveWorkspace m_workspace;
    std::unique_ptr<Session> m_session;
    std::vector<std::string> m_attempts;
};

constexpr const char* kQuarters = R"j("kind": "schedule", "expression": "cron(*/15 * * * ? *)")j";

TEST_F(SkippedIdleTime, aMorningOfAScheduleThatFailsHasItsRetriesAndColdStarts)
{
    commands("exit 3", kQuarters);
    const auto last = live(6h);
    // From 00:15 to 05:45: at its last moment nothing is due any more.
    EXPECT_EQ(last->totals.events, 23U);
    EXPECT_EQ(last->totals.failed, 23U);
    EXPECT_EQ(last->totals.retries, 46U);
    EXPECT_EQ(last->totals.coldStarts, 23U) << "idle for 12 minutes, kept for 7 at most";
    ASSERT_EQ(m_attempts.size(), 69U);
    EXPECT_EQ(m_attempts[66], "345 min, attempt 1, cold, failed on 23");
    EXPECT_EQ(m_attempts[67], "345 min, attempt 2, warm, failed on 23");
    EXPECT_EQ(m_attempts[68], "345 min, attempt 3, warm, failed on 23");
    EXPECT_EQ(last->now - last->startedAt, 6h);
    EXPECT_LT(last->skipping->worked, last->skipping->took);
    EXPECT_GT(last->skipping->worked, 0s);
    EXPECT_GT(last->skipping->skipped, 6h - last->skipping->took);
}

TEST_F(SkippedIdleTime, ofAScheduleOnlyTheEventsThatMatchItsFilterCount)
{
    commands("echo {}",
             std::string(kQuarters) + R"j(, "filter": {"time": [{"suffix": ":00:00Z"}]})j");
    const auto last = live(6h);
    EXPECT_EQ(last->totals.events, 5U); // 01:00 to 05:00
    EXPECT_EQ(last->totals.succeeded, 5U);
    EXPECT_EQ(last->totals.filteredOut, 18U);
    EXPECT_EQ(last->triggers.at(0).events, 5U);
    EXPECT_EQ(last->triggers.at(0).filteredOut, 18U);
    ASSERT_EQ(m_attempts.size(), 5U);
    EXPECT_EQ(m_attempts[0], "60 min, attempt 1, cold on 1");
    const auto told = std::ranges::count_if(last->notices, [](const Notice& notice) {
        return notice.text
            == "t: its filter leaves out an event: time: \"2026-03-04T00:15:00Z\" does not end "
               "with \":00:00Z\"";
    });
    EXPECT_EQ(told, 1) << "the first one, and no other";
}

TEST_F(SkippedIdleTime, filesThatDoNotMatchTheFilterAreNotProcessed)
{
    commands("cat", R"j("kind": "file", "store": "in", "shape": "content",
                        "filter": [{"a": [1]}, {"b": [{"exists": true}]}])j");
    m_workspace.write("in/1.json", R"({"a": 1})");
    m_workspace.write("in/2.json", R"({"a": 2})");
    m_workspace.write("in/3.json", R"({"a": 3, "b": 0})");
    m_workspace.write("in/4.json", "[1]");
    open(std::nullopt, {"t"});
    ASSERT_TRUE(eventually([&] {
        const auto now = m_session->snapshot();
        return now->totals.succeeded == 2 && now->totals.filteredOut == 2;
    }));
    EXPECT_EQ(m_session->snapshot()->totals.events, 2U);
}

TEST_F(SkippedIdleTime, theSameSettingsDecideTheSame)
{
    commands("echo {}", R"j("kind": "schedule", "expression": "rate(6 minutes)")j");
    const auto first = live(6h);
    const std::vector<std::string> attempts = m_attempts;
    // Keep-alives end by a curve between 5 and 7 minutes: there must be luck for this to say much.
    EXPECT_GT(first->totals.coldStarts, 5U);
    EXPECT_LT(first->totals.coldStarts, 55U);
    live(6h);
    EXPECT_EQ(m_attempts, attempts);
}

TEST_F(SkippedIdleTime, whileAFunctionRunsTimePassesAsOnTheWall)
{
    commands("exec sleep 60", kQuarters, R"(, "timeoutMs": 300)");
    const auto last = live(20min);
    EXPECT_EQ(last->totals.failed, 1U);
    ASSERT_EQ(m_attempts.size(), 3U);
    EXPECT_GE(last->skipping->worked, 900ms) << "three attempts, each until its timeout";
    EXPECT_LT(last->skipping->worked, 20s);
}

TEST_F(SkippedIdleTime, whatComesOftenerThanInstancesAreKeptIsWarm)
{
    commands("echo {}", R"j("kind": "schedule", "expression": "rate(4 minutes)")j");
    const auto last = live(3h);
    EXPECT_EQ(last->totals.events, 44U);
    EXPECT_EQ(last->totals.succeeded, 44U);
    EXPECT_EQ(last->totals.coldStarts, 1U);
}

TEST_F(SkippedIdleTime, itsRecordingReplaysEqual)
{
    commands("exit 3", kQuarters);
    const auto last = live(2h);
    const auto recording = history::RecordingReader::open(last->recordingFolder);
    ASSERT_TRUE(recording) << describe(recording.error());
    EXPECT_TRUE(recording->closedInOrder());
    const auto report = history::replay(*recording);
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_TRUE(report->equal());
    EXPECT_TRUE(report->complete);
    EXPECT_GT(report->rows, 80U);
}

TEST_F(SkippedIdleTime, functionsSeeTheTimeOfTheEventAndWhatIsReallyLeftToThem)
{
    m_workspace.python("def handler(event, context):\n"
                       "    return [context.get_remaining_time_in_millis(), event]\n",
                       R"(, "timeoutMs": 20000)");
    open(std::nullopt);
    const Answer answer = call(*m_session, R"("{{now}}")");
    EXPECT_THAT(answer.payload, HasSubstr("2026-03-04T00:00:"));
    const int left = std::stoi(answer.payload.substr(1));
    EXPECT_GT(left, 5'000);
    EXPECT_LE(left, 20'000);
}

TEST_F(SkippedIdleTime, untilNothingWaitsSkipsRetriesAndNotToSchedules)
{
    commands("exit 3", kQuarters);
    open(std::nullopt);
    m_session->send({.function = "f", .event = "{}", .delivery = engine::Delivery::Async});
    EXPECT_TRUE(eventually([&] { return m_session->snapshot()->totals.failed == 1; }));
    EXPECT_TRUE(eventually([&] { return m_session->idle(); }));
    const auto last = m_session->snapshot();
    EXPECT_EQ(last->totals.events, 1U);
    EXPECT_GT(last->now, kMidnight + 3min);
    EXPECT_LT(last->now, kMidnight + 4min);
}

TEST_F(SkippedIdleTime, endedEarlyItStandsStill)
{
    commands("echo {}", R"j("kind": "schedule", "expression": "rate(1 minute)")j");
    open(24h * 365);
    EXPECT_TRUE(eventually([&] { return m_session->snapshot()->totals.succeeded > 3; }));
    m_session->endSkipping();
    EXPECT_TRUE(eventually([&] { return m_session->timeIsOver(); }));
    const auto last = m_session->snapshot();
    std::this_thread::sleep_for(500ms); // two pictures of a run that goes on
    EXPECT_EQ(m_session->snapshot(), last);
}

TEST_F(SkippedIdleTime, leavesNothingToTheNextRun)
{
    commands("exit 3", kQuarters);
    live(15min + 30s); // the first retry has not come
    m_session = m_workspace.open();
    ASSERT_TRUE(m_session);
    EXPECT_EQ(m_session->snapshot()->totals.events, 0U);
    const auto wall = std::chrono::system_clock::now();
    EXPECT_LT(m_session->snapshot()->now, std::chrono::time_point_cast<Duration>(wall) + 1s);
    EXPECT_FALSE(fs::exists(m_workspace.folder / ".coldframe" / "skipped.db"));
}

TEST_F(SkippedIdleTime, aTriggerThatWaitsForFilesIsRefused)
{
    commands("echo {}", R"j("kind": "file", "store": "in", "shape": "content")j");
    Options options{.workspace = m_workspace.folder,
                    .resources = COLDFRAME_SOURCE_DIR "/resources"};
    options.skipIdle = SkipIdle{1h, {}};
    const auto session = Session::open(options);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().message,
              "idle time cannot be skipped: trigger t waits for files in store in, and those come "
              "by the clock on the wall");
    EXPECT_EQ(session.error().hint,
              "process the files that are there with --backfill t, or set \"enabled\": false in "
              "the trigger, or run without --skip-idle");
}

TEST_F(SkippedIdleTime, filesThatAreThereAreProcessedAndNoOthers)
{
    commands("echo {} >in/later.json; exit 3",
             R"j("kind": "file", "store": "in", "events": ["created"], "shape": "content")j");
    m_workspace.write("in/there.json", "{}");
    open(std::nullopt, {"t"});
    EXPECT_TRUE(eventually([&] { return m_session->snapshot()->totals.failed == 1; }));
    EXPECT_TRUE(eventually([&] { return m_session->idle(); }));
    EXPECT_TRUE(fs::exists(m_workspace.folder / "in" / "later.json"));
    EXPECT_EQ(m_session->snapshot()->totals.events, 1U);
    EXPECT_EQ(m_session->snapshot()->totals.retries, 2U);
}

} // namespace
