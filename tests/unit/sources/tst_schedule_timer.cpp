// A clock that jumps, told in words: no time passes here.

#include "sources/schedule_timer.h"

#include "schedule_text.h"

using testing::ElementsAre;

namespace {

/// What look() says, told the times of a list one after the other: "at", "missed at".
std::vector<std::string> looks(ScheduleTimer& timer, const std::vector<const char*>& times)
{
    std::vector<std::string> said;
    for (const char* time : times)
        if (const auto due = timer.look(at(time)))
            said.push_back((due->missed ? "missed " : "") + text(due->at));
    return said;
}

ScheduleTimer startedAt(const char* time, std::string_view expression)
{
    ScheduleTimer timer(parsed(expression));
    timer.start(at(time));
    return timer;
}

std::vector<std::string> next(const ScheduleTimer& timer, const char* now, std::size_t count = 2)
{
    std::vector<std::string> times;
    for (const TimePoint time : timer.nextTimes(at(now), count))
        times.push_back(text(time));
    return times;
}

struct Row {
    const char* name;
    const char* expression;
    std::vector<const char*> times; ///< the first is the start, the others are looks
    std::vector<std::string> expected;
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name;
}

class Looks : public testing::TestWithParam<Row> { };

TEST_P(Looks, tellWhatIsDue)
{
    ScheduleTimer timer = startedAt(GetParam().times.front(), GetParam().expression);
    EXPECT_EQ(looks(timer, {GetParam().times.begin() + 1, GetParam().times.end()}),
              GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Looks,
    testing::Values(
        Row{"a_rate_counts_from_the_start",
            "rate(5 minutes)",
            {"2026-03-04 10:02:17", "2026-03-04 10:05", "2026-03-04 10:07:16",
             "2026-03-04 10:07:17", "2026-03-04 10:07:18", "2026-03-04 10:12:17"},
            {"2026-03-04 10:07:17", "2026-03-04 10:12:17"}},
        Row{"a_cron_goes_by_the_wall",
            "cron(0/15 * * * ? *)",
            {"2026-03-04 10:02:17", "2026-03-04 10:14:59", "2026-03-04 10:15",
             "2026-03-04 10:15:01", "2026-03-04 10:30:02"},
            {"2026-03-04 10:15", "2026-03-04 10:30"}},
        Row{"half_a_minute_late_is_in_time",
            "cron(0/15 * * * ? *)",
            {"2026-03-04 10:00", "2026-03-04 10:15:30"},
            {"2026-03-04 10:15"}},
        Row{"a_second_more_is_missed",
            "cron(0/15 * * * ? *)",
            {"2026-03-04 10:00", "2026-03-04 10:15:31"},
            {"missed 2026-03-04 10:15"}},
        Row{"a_night_asleep_is_missed_once_and_the_next_time_comes",
            "rate(1 hour)",
            {"2026-03-04 22:30", "2026-03-05 07:10", "2026-03-05 07:29:59", "2026-03-05 07:30"},
            {"missed 2026-03-04 23:30", "2026-03-05 07:30"}},
        Row{"a_rate_set_back_goes_on_with_the_rest_of_its_interval",
            "rate(5 minutes)",
            {"2026-03-04 10:00", "2026-03-04 10:05", "2026-03-04 10:07", "2026-03-03 10:07",
             "2026-03-03 10:09:59", "2026-03-03 10:10", "2026-03-03 10:15"},
            {"2026-03-04 10:05", "2026-03-03 10:10", "2026-03-03 10:15"}},
        Row{"a_rate_set_back_behind_its_start",
            "rate(5 minutes)",
            {"2026-03-04 10:00", "2026-03-04 10:01", "2026-03-04 09:00", "2026-03-04 09:03:59",
             "2026-03-04 09:04", "2026-03-04 09:09"},
            {"2026-03-04 09:04", "2026-03-04 09:09"}},
        // However often: a rate that began anew each time would never fire.
        Row{"a_rate_set_back_again_and_again",
            "rate(5 minutes)",
            {"2026-03-04 10:00", "2026-03-04 10:02", "2026-03-04 10:00", "2026-03-04 10:02",
             "2026-03-04 10:00", "2026-03-04 10:01"},
            {"2026-03-04 10:01"}},
        Row{"a_cron_set_back_fires_again",
            "cron(0 * * * ? *)",
            {"2026-03-04 09:30", "2026-03-04 10:00", "2026-03-04 09:10", "2026-03-04 09:59",
             "2026-03-04 10:00"},
            {"2026-03-04 10:00", "2026-03-04 10:00"}},
        Row{"a_correction_by_seconds_fires_nothing_twice",
            "cron(0 * * * ? *)",
            {"2026-03-04 09:30", "2026-03-04 10:00", "2026-03-04 09:59:45", "2026-03-04 10:00",
             "2026-03-04 11:00"},
            {"2026-03-04 10:00", "2026-03-04 11:00"}},
        Row{"a_year_that_is_over_comes_again_with_the_clock",
            "cron(0 12 1 1 ? 2026)",
            {"2026-06-01 00:00", "2026-06-01 00:01", "2025-12-31 00:00", "2026-01-01 12:00"},
            {"2026-01-01 12:00"}},
        Row{"set_forward_is_missed",
            "rate(5 minutes)",
            {"2026-03-04 10:00", "2026-03-04 11:02", "2026-03-04 11:05"},
            {"missed 2026-03-04 10:05", "2026-03-04 11:05"}}),
    [](const auto& row) { return row.param.name; });

TEST(ScheduleTimer, isSilentWhileItIsStopped)
{
    ScheduleTimer never(parsed("rate(1 minute)"));
    EXPECT_THAT(looks(never, {"2026-03-04 10:00", "2026-03-04 11:00"}), ElementsAre());
    ScheduleTimer timer = startedAt("2026-03-04 10:00", "rate(1 minute)");
    timer.stop();
    EXPECT_THAT(looks(timer, {"2026-03-04 10:01", "2026-03-04 11:00"}), ElementsAre());
    timer.start(at("2026-03-04 12:00:30")); // what passed meanwhile is not missed
    EXPECT_THAT(looks(timer, {"2026-03-04 12:01", "2026-03-04 12:01:30"}),
                ElementsAre("2026-03-04 12:01:30"));
    timer.start(at("2026-03-04 12:02")); // twice is once
    EXPECT_THAT(looks(timer, {"2026-03-04 12:02:30"}), ElementsAre("2026-03-04 12:02:30"));
}

TEST(ScheduleTimer, showsTheTimesAtWhichItWillFire)
{
    ScheduleTimer timer = startedAt("2026-03-04 10:02:17", "rate(5 minutes)");
    EXPECT_THAT(next(timer, "2026-03-04 10:06"),
                ElementsAre("2026-03-04 10:07:17", "2026-03-04 10:12:17"));
    EXPECT_THAT(looks(timer, {"2026-03-04 10:07:17"}), ElementsAre("2026-03-04 10:07:17"));
    EXPECT_THAT(next(timer, "2026-03-04 10:07:18"),
                ElementsAre("2026-03-04 10:12:17", "2026-03-04 10:17:17"));
    // A time that has been fired is not shown again by a clock corrected by seconds.
    EXPECT_THAT(looks(timer, {"2026-03-04 10:07:00"}), ElementsAre());
    EXPECT_THAT(next(timer, "2026-03-04 10:07:00", 1), ElementsAre("2026-03-04 10:12:17"));
    EXPECT_THAT(looks(timer, {"2026-03-01 10:07:00"}), ElementsAre());
    EXPECT_THAT(next(timer, "2026-03-01 10:07:00", 1), ElementsAre("2026-03-01 10:12:17"));
}

TEST(ScheduleTimer, showsWhatAStartNowWouldBringWhileItIsStopped)
{
    ScheduleTimer timer(parsed("rate(5 minutes)"));
    EXPECT_THAT(next(timer, "2026-03-04 10:02:17"),
                ElementsAre("2026-03-04 10:07:17", "2026-03-04 10:12:17"));
    timer.start(at("2026-03-04 10:02:17"));
    timer.stop();
    EXPECT_THAT(next(timer, "2026-03-04 11:00:01", 1), ElementsAre("2026-03-04 11:05:01"));
    const ScheduleTimer over(parsed("cron(0 12 1 1 ? 2020)"));
    EXPECT_THAT(next(over, "2026-03-04 10:00"), ElementsAre());
}

} // namespace
