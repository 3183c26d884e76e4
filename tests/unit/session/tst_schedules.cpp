// Schedules and triggers by hand in a real session with real processes; the clock on the wall is
// the test's, so that a day passes in a moment.

#include <atomic>

#include <gmock/gmock.h>

#include "live_workspace.h"
#include "model/json_text.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

/// 2026-03-04 10:00 UTC.
constexpr TimePoint kTen{1'772'618'400s};

class Schedules : public testing::Test {
protected:
    /// `triggers` are members of the object; each event becomes a file in the store "out".
    void open(const std::string& triggers, bool start)
    {
        m_workspace.write("code/app.py", "def handler(event, context):\n    return event\n");
        m_workspace.write("coldframe.json",
                          R"({"format": 1, "name": "test", "functions": {"f": {
            "runtime": "python", "interpreter": "/usr/bin/python3", "code": "code",
            "handler": "app.handler", "onSuccess": {"store": "out"}}},
            "stores": {"out": {"kind": "folder", "path": "out"}}, "triggers": {)"
                              + triggers + "}}");
        Options options;
        options.startTriggers = start;
        options.civilClock = [this] { return m_now.load(); };
        m_session = m_workspace.open(options);
        ASSERT_TRUE(m_session);
        looked();
    }

    void setClock(TimePoint time)
    {
        m_now = time;
        looked();
    }
    /// Returns once every trigger has looked at the clock: pictures are made after that.
    void looked()
    {
        const std::uint64_t before = m_session->snapshotNumber();
        ASSERT_TRUE(eventually([&] { return m_session->snapshotNumber() >= before + 2; }));
    }

    /// The events handed to the function so far, or what they hold at `key`; at least `count`.
    std::vector<std::string> events(std::size_t count, const char* key = nullptr)
    {
        EXPECT_TRUE(eventually([&] { return m_session->snapshot()->totals.succeeded >= count; }));
        EXPECT_TRUE(eventually([&] { return m_session->idle(); })) << "results are being written";
        std::vector<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(m_workspace.folder / "out")) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream file(entry.path());
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            const auto json = parseJson(text, entry.path().string());
            EXPECT_TRUE(json) << text;
            if (json)
                found.push_back(key ? json->root().find(key)->string() : json->root().compact());
        }
        return found;
    }
    TriggerView view(std::size_t trigger = 0) const
    {
        return m_session->snapshot()->triggers[trigger];
    }

    std::atomic<TimePoint> m_now{kTen};
    LiveWorkspace m_workspace;
    std::unique_ptr<Session> m_session; ///< ends before the clock it asks
};

constexpr const char* kEveryMinute
    = R"j("t": {"kind": "schedule", "expression": "rate(1 minute)", "function": "f"})j";

TEST_F(Schedules, fireWhenTheirTimeComes)
{
    open(kEveryMinute, true);
    EXPECT_THAT(view().nextFires,
                ElementsAre(kTen + 1min, kTen + 2min, kTen + 3min, kTen + 4min, kTen + 5min));
    setClock(kTen + 59s);
    EXPECT_EQ(m_session->snapshot()->totals.events, 0U);
    setClock(kTen + 60s);
    EXPECT_THAT(events(1, "time"), ElementsAre("2026-03-04T10:01:00Z"));
    EXPECT_EQ(view().nextFires.front(), kTen + 2min);
}

TEST_F(Schedules, fireOnAfterTheClockWasSetBack)
{
    open(kEveryMinute, true);
    setClock(kTen + 60s);
    EXPECT_THAT(events(1, "time"), ElementsAre("2026-03-04T10:01:00Z"));
    setClock(kTen - 24h);
    EXPECT_EQ(view().nextFires.front(), kTen - 24h + 1min);
    setClock(kTen - 24h + 1min);
    EXPECT_THAT(events(2, "time"),
                UnorderedElementsAre("2026-03-04T10:01:00Z", "2026-03-03T10:01:00Z"));
}

TEST_F(Schedules, thatWereMissedAreSkippedOrFireOnce)
{
    open(R"j("skip": {"kind": "schedule", "expression": "rate(5 minutes)", "function": "f"},
             "once": {"kind": "schedule", "expression": "cron(0/15 * * * ? *)", "function": "f",
                      "onMissed": "fire-once"})j",
         true);
    setClock(kTen + 2h + 1min);
    EXPECT_THAT(events(1, "time"), ElementsAre("2026-03-04T10:15:00Z"));
    EXPECT_THAT(m_session->snapshot()->notices,
                ElementsAre(testing::AllOf(
                    Field(&Notice::text,
                          "skip was due at 2026-03-04T10:05:00Z and is skipped: the machine was "
                          "asleep or its clock was set"),
                    Field(&Notice::hint, "set onMissed to fire-once to catch up"))));
    EXPECT_EQ(view(0).nextFires.front(), kTen + 2h + 5min);
    EXPECT_EQ(view(1).nextFires.front(), kTen + 2h + 15min);
}

TEST_F(Schedules, thatAreStoppedOrDisabledFireNothingAndSayWhatAStartWouldBring)
{
    open(kEveryMinute, false);
    setClock(kTen + 10min + 7s);
    EXPECT_FALSE(view().running);
    EXPECT_EQ(view().nextFires.front(), kTen + 11min + 7s);

    m_session->setTriggerEnabled("t", false);
    m_session->startTriggers();
    setClock(kTen + 20min);
    EXPECT_TRUE(m_session->snapshot()->triggersRunning);
    EXPECT_FALSE(view().running);
    EXPECT_EQ(view().nextFires.front(), kTen + 21min);

    m_session->setTriggerEnabled("t", true);
    ASSERT_TRUE(eventually([&] { return view().running; }));
    setClock(kTen + 20min + 59s);
    EXPECT_EQ(m_session->snapshot()->totals.events, 0U);
    setClock(kTen + 21min);
    EXPECT_THAT(events(1, "time"), ElementsAre("2026-03-04T10:21:00Z"));

    m_session->stopTriggers();
    setClock(kTen + 21min + 30s);
    EXPECT_FALSE(view().running);
    EXPECT_EQ(view().nextFires.front(), kTen + 22min + 30s);
    setClock(kTen + 22min + 30s);
    EXPECT_EQ(m_session->snapshot()->totals.events, 1U);
    EXPECT_THAT(m_session->snapshot()->notices, IsEmpty());
}

TEST_F(Schedules, canBeFiredByHandAtAnyTime)
{
    open(R"j("t": {"kind": "schedule", "expression": "cron(0 2 * * ? *)", "function": "f"},
             "own": {"kind": "schedule", "expression": "rate(1 day)", "function": "f",
                     "event": {"time": "mine"}})j",
         false);
    m_session->fireNow("t");
    EXPECT_THAT(events(1, "time"), ElementsAre("2026-03-04T10:00:00Z"));
    m_session->fireNow("own");
    EXPECT_THAT(events(2, "time"), UnorderedElementsAre("2026-03-04T10:00:00Z", "mine"));
    EXPECT_EQ(view(0).events, 1U);
    EXPECT_EQ(view(1).events, 1U);
    EXPECT_EQ(view(0).nextFires.front(), kTen + 16h) << "its own times are as before";
}

constexpr const char* kAtEleven
    = R"j("t": {"kind": "schedule", "expression": "at(2026-03-04T11:00:00)", "function": "f"})j";

TEST_F(Schedules, thatFireOnceDoSoOnceOverARestart)
{
    open(kAtEleven, true);
    EXPECT_THAT(view().nextFires, ElementsAre(kTen + 1h));
    setClock(kTen + 1h);
    EXPECT_THAT(events(1, "time"), ElementsAre("2026-03-04T11:00:00Z"));
    EXPECT_THAT(view().nextFires, IsEmpty());
    EXPECT_EQ(view().message, "It fired at 2026-03-04T11:00:00Z");

    m_session.reset();
    m_now = kTen + 30min; // the clock was set back meanwhile
    open(kAtEleven, true);
    setClock(kTen + 2h);
    EXPECT_EQ(m_session->snapshot()->totals.events, 0U);
    EXPECT_EQ(view().message, "It fired at 2026-03-04T11:00:00Z");
    EXPECT_THAT(view().nextFires, IsEmpty());
    EXPECT_THAT(m_session->snapshot()->notices, IsEmpty());
}

TEST_F(Schedules, thatPassedWhileNothingRanAreToldOrFireOnce)
{
    m_now = kTen + 5h;
    open(R"j("told": {"kind": "schedule", "expression": "at(2026-03-04T11:00:00)",
                     "function": "f"},
             "late": {"kind": "schedule", "expression": "at(2026-03-04T12:00:00)",
                     "function": "f", "onMissed": "fire-once"})j",
         true);
    EXPECT_THAT(events(1, "time"), ElementsAre("2026-03-04T12:00:00Z"));
    EXPECT_THAT(
        m_session->snapshot()->notices,
        Contains(Field(&Notice::text, "told: at(2026-03-04T11:00:00) is past: it does not fire")));
    EXPECT_EQ(view(0).message, "at(2026-03-04T11:00:00) is past: it does not fire");
    EXPECT_EQ(view(1).message, "It fired at 2026-03-04T15:00:00Z");
}

TEST_F(Schedules, withAWindowFireWithinIt)
{
    open(R"j("t": {"kind": "schedule", "expression": "cron(0 11 * * ? *)", "function": "f",
                   "flexibleWindowMinutes": 30})j",
         true);
    const TimePoint fires = view().nextFires.front();
    EXPECT_GT(fires, kTen + 1h);
    EXPECT_LT(fires, kTen + 1h + 30min);
    setClock(fires - 1s);
    EXPECT_EQ(m_session->snapshot()->totals.events, 0U);
    setClock(fires);
    EXPECT_THAT(events(1, "time"), ElementsAre("2026-03-04T11:00:00Z"));
}

TEST_F(Schedules, ofNoKindAreTriggersByHand)
{
    open(R"j("t": {"kind": "manual", "function": "f", "event": {"by": ["hand"]}},
             "empty": {"kind": "manual", "function": "f"})j",
         true);
    m_session->fireNow("t");
    m_session->fireNow("empty");
    m_session->fireNow("of another name");
    EXPECT_THAT(events(2), UnorderedElementsAre(R"({"by":["hand"]})", "{}"));
    EXPECT_EQ(view(0).events, 1U);
    EXPECT_EQ(view(1).events, 1U);
    EXPECT_EQ(m_session->snapshot()->totals.events, 2U);
}

} // namespace
