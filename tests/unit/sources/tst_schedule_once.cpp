// What EventBridge Scheduler adds to rules: one moment, bounds, a window within which it fires.
#include <set>

#include "schedule_text.h"
#include "sources/flexible_window.h"
#include "sources/schedule_timer.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace {

std::vector<std::string> texts(const std::vector<TimePoint>& times)
{
    std::vector<std::string> all;
    for (const TimePoint time : times)
        all.push_back(text(time));
    return all;
}

/// "due" and "missed due", for looks at these moments.
std::vector<std::string> looksAt(ScheduleTimer& timer, const std::vector<TimePoint>& times)
{
    std::vector<std::string> said;
    for (const TimePoint time : times)
        if (const auto due = timer.look(time))
            said.push_back((due->missed ? "missed " : "") + text(due->at));
    return said;
}

TEST(ScheduleOnce, firesOnceInItsTimeZone)
{
    const Schedule schedule = parsed("at(2026-12-24T18:00:30)", "Europe/Berlin");
    EXPECT_THAT(fires(schedule, "2026-01-01 00:00", 3), ElementsAre("2026-12-24 17:00:30"));
    EXPECT_THAT(fires(schedule, "2026-12-24 17:00:30", 3), IsEmpty());
}

// On 2026-03-29 clocks in Paris go from 02:00 to 03:00, on 2026-10-25 from 03:00 to 02:00.
TEST(ScheduleOnce, inASkippedHourNeverFiresAndInARepeatedOneTheFirstTime)
{
    EXPECT_THAT(fires(parsed("at(2026-03-29T02:30:00)", "Europe/Paris"), "2026-01-01 00:00", 2),
                IsEmpty());
    EXPECT_THAT(fires(parsed("at(2026-10-25T02:30:00)", "Europe/Paris"), "2026-01-01 00:00", 2),
                ElementsAre("2026-10-25 00:30"));
}

// EventBridge Scheduler user guide, "Daylight savings time", read 2026-11.
TEST(Schedule, CronFollowsTheSchedulersRulesOfSummerTime)
{
    const Schedule schedule = parsed("cron(30 2 * * ? *)", "Europe/Paris");
    EXPECT_THAT(fires(schedule, "2026-03-27 12:00", 3),
                ElementsAre("2026-03-28 01:30", "2026-03-30 00:30", "2026-03-31 00:30"));
    EXPECT_THAT(fires(schedule, "2026-10-24 12:00", 2),
                ElementsAre("2026-10-25 00:30", "2026-10-26 01:30"));
    EXPECT_THAT(fires(parsed("rate(1 day)", "Europe/Paris").anchoredAt(at("2026-03-28 01:30")),
                      "2026-03-28 01:30", 2),
                ElementsAre("2026-03-29 01:30", "2026-03-30 01:30"));
}

TEST(ScheduleBounds, aRateHasItsFirstTimeAtTheBeginningWheneverItIsStarted)
{
    const Schedule rate
        = parsed("rate(5 minutes)").within({at("2026-12-01 00:02"), at("2026-12-01 00:17")});
    const std::vector<std::string> all{"2026-12-01 00:02", "2026-12-01 00:07", "2026-12-01 00:12"};
    EXPECT_EQ(fires(rate, "2026-11-01 00:00", 9), all);
    EXPECT_EQ(fires(rate.anchoredAt(at("2026-11-30 23:59")), "2026-11-30 23:59", 9), all);
    EXPECT_THAT(fires(rate.anchoredAt(at("2026-12-01 00:09")), "2026-12-01 00:09", 9),
                ElementsAre("2026-12-01 00:12"))
        << "before 00:17, when it ends, and not at it";
}

TEST(ScheduleBounds, holdForCronFromTheFirstMomentOn)
{
    const Schedule cron
        = parsed("cron(0 2 * * ? *)").within({at("2026-12-01 02:00"), at("2026-12-03 02:00")});
    EXPECT_THAT(fires(cron, "2026-11-01 00:00", 9),
                ElementsAre("2026-12-01 02:00", "2026-12-02 02:00"));
}

TEST(FlexibleWindow, givesTheSameMomentForTheSameSeedWithinTheWindow)
{
    const TimePoint due = at("2026-12-01 02:00");
    std::set<TimePoint> moments;
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        const FlexibleWindow window{minutes(15), seed, "nightly"};
        const TimePoint fires = window.fires(due);
        EXPECT_GE(fires, due) << seed;
        EXPECT_LT(fires, due + minutes(15)) << seed;
        EXPECT_EQ(fires, (FlexibleWindow{minutes(15), seed, "nightly"}.fires(due))) << seed;
        moments.insert(fires);
    }
    EXPECT_GT(moments.size(), 450U);
    EXPECT_LT(*moments.begin(), due + minutes(1)) << "they fill it";
    EXPECT_GT(*moments.rbegin(), due + minutes(14));
    EXPECT_NE((FlexibleWindow{minutes(15), 1, "nightly"}.fires(due)),
              (FlexibleWindow{minutes(15), 1, "weekly"}.fires(due)));
    EXPECT_EQ((FlexibleWindow{{}, 1, "nightly"}.fires(due)), due);
}

TEST(FlexibleWindow, ofATimerFiresWhereItSaysAndOnceEach)
{
    const FlexibleWindow window{minutes(30), 7, "t"};
    const TimePoint start = at("2026-12-01 00:30");
    ScheduleTimer timer(parsed("cron(0 * * * ? *)"), window);
    timer.start(start);
    const TimePoint one = at("2026-12-01 01:00"), two = at("2026-12-01 02:00");
    EXPECT_EQ(timer.nextTimes(start, 2), (std::vector{window.fires(one), window.fires(two)}));
    EXPECT_EQ(timer.next(), window.fires(one));
    EXPECT_THAT(looksAt(timer,
                        {one, window.fires(one) - milliseconds(1), window.fires(one),
                         window.fires(one) + seconds(1), window.fires(two)}),
                ElementsAre("2026-12-01 01:00", "2026-12-01 02:00"));
}

TEST(FlexibleWindow, ofManyWindowsAtOnceEachFires)
{
    const FlexibleWindow window{minutes(60), 7, "t"};
    ScheduleTimer timer(parsed("cron(* * * * ? *)"), window);
    const TimePoint start = at("2026-12-01 00:00");
    timer.start(start);
    const auto expected = timer.nextTimes(start, 200);
    EXPECT_TRUE(std::ranges::is_sorted(expected));
    std::multiset<std::string> said;
    std::size_t seen = 0;
    for (TimePoint now = start; seen < 200; now += seconds(1))
        while (const auto due = timer.look(now)) {
            EXPECT_FALSE(due->missed);
            EXPECT_LT(now - expected[seen], seconds(1)) << text(now);
            said.insert(text(due->at));
            if (++seen == 200)
                break;
        }
    for (const std::string& due : said)
        EXPECT_EQ(said.count(due), 1U) << due;
}

/// The program ends and starts again within the window.
TEST(FlexibleWindow, isKeptOverARestart)
{
    const FlexibleWindow window{minutes(30), 7, "t"};
    const TimePoint due = at("2026-12-01 01:00"), fires = window.fires(due);
    ASSERT_GT(fires - due, minutes(1)) << "choose another seed";
    ScheduleTimer before(parsed("cron(0 1 * * ? *)"), window);
    before.start(fires - seconds(40));
    EXPECT_THAT(looksAt(before, {fires}), ElementsAre("2026-12-01 01:00"));
    ScheduleTimer after(parsed("cron(0 1 * * ? *)"), window);
    after.start(fires + seconds(1));
    EXPECT_THAT(looksAt(after, {fires + seconds(2), due + minutes(31)}), IsEmpty());
    EXPECT_EQ(texts({*after.next()}).front().substr(0, 10), "2026-12-02");
}

TEST(ScheduleTimer, firesAnAtOnceWhateverTheClockShowsLater)
{
    ScheduleTimer timer(parsed("at(2026-12-24T18:00:00)"));
    timer.start(at("2026-12-24 17:59"));
    EXPECT_THAT(looksAt(timer, {at("2026-12-24 17:59:59"), at("2026-12-24 18:00:00")}),
                ElementsAre("2026-12-24 18:00"));
    timer.over();
    EXPECT_THAT(looksAt(timer, {at("2026-12-24 17:00"), at("2026-12-24 18:00:00")}), IsEmpty());
    EXPECT_EQ(timer.next(), std::nullopt);
}

TEST(ScheduleTimer, ofARateWithABeginningGoesByTheClockWhenThatIsSetBack)
{
    ScheduleTimer timer(parsed("rate(10 minutes)").within({at("2026-12-01 00:00"), {}}));
    timer.start(at("2026-12-01 00:01"));
    EXPECT_THAT(looksAt(timer,
                        {at("2026-12-01 00:10"), at("2026-12-01 00:04"), at("2026-12-01 00:09:59"),
                         at("2026-12-01 00:10")}),
                ElementsAre("2026-12-01 00:10", "2026-12-01 00:10"));
}

} // namespace
