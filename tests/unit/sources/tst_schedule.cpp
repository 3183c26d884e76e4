#include "schedule_text.h"

using testing::ElementsAre;

namespace {

struct Row {
    const char* name;
    const char* expression;
    const char* zone;
    const char* after; ///< UTC
    std::vector<std::string> expected; ///< UTC; fewer than 3: it never fires again
};
void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.name << ": " << row.expression;
}

class NextTimes : public testing::TestWithParam<Row> { };

TEST_P(NextTimes, areTheFirstThree)
{
    const Row& row = GetParam();
    EXPECT_EQ(fires(parsed(row.expression, row.zone), row.after, 3), row.expected) << row.name;
}

// Examples of the EventBridge user guide, "Cron expressions reference", read 2026-11.
INSTANTIATE_TEST_SUITE_P(
    DocumentedExamples, NextTimes,
    testing::Values(Row{"10:00 every day",
                        "cron(0 10 * * ? *)",
                        "UTC",
                        "2026-03-04 10:00",
                        {"2026-03-05 10:00", "2026-03-06 10:00", "2026-03-07 10:00"}},
                    Row{"12:15 every day",
                        "cron(15 12 * * ? *)",
                        "UTC",
                        "2026-12-31 00:00",
                        {"2026-12-31 12:15", "2027-01-01 12:15", "2027-01-02 12:15"}},
                    Row{"18:00 Monday to Friday",
                        "cron(0 18 ? * MON-FRI *)",
                        "UTC",
                        "2026-03-05 18:00",
                        {"2026-03-06 18:00", "2026-03-09 18:00", "2026-03-10 18:00"}},
                    Row{"08:00 on the first of the month",
                        "cron(0 8 1 * ? *)",
                        "UTC",
                        "2026-03-04 00:00",
                        {"2026-04-01 08:00", "2026-05-01 08:00", "2026-06-01 08:00"}},
                    Row{"every 15 minutes",
                        "cron(0/15 * * * ? *)",
                        "UTC",
                        "2026-03-04 09:15",
                        {"2026-03-04 09:30", "2026-03-04 09:45", "2026-03-04 10:00"}},
                    Row{"every 10 minutes Monday to Friday",
                        "cron(0/10 * ? * MON-FRI *)",
                        "UTC",
                        "2026-03-06 23:45",
                        {"2026-03-06 23:50", "2026-03-09 00:00", "2026-03-09 00:10"}},
                    Row{"every 5 minutes in office hours",
                        "cron(0/5 8-17 ? * MON-FRI *)",
                        "UTC",
                        "2026-03-06 17:50",
                        {"2026-03-06 17:55", "2026-03-09 08:00", "2026-03-09 08:05"}},
                    Row{"the last Friday of the month, 2022 to 2023",
                        "cron(15 10 ? * 6L 2022-2023)",
                        "UTC",
                        "2023-10-01 00:00",
                        {"2023-10-27 10:15", "2023-11-24 10:15", "2023-12-29 10:15"}},
                    Row{"the second Tuesday",
                        "cron(0 9 ? * 3#2 *)",
                        "UTC",
                        "2026-03-01 00:00",
                        {"2026-03-10 09:00", "2026-04-14 09:00", "2026-05-12 09:00"}},
                    Row{"from minute 1 every tenth minute",
                        "cron(1/10 9 * * ? *)",
                        "UTC",
                        "2026-03-04 09:31",
                        {"2026-03-04 09:41", "2026-03-04 09:51", "2026-03-05 09:01"}}));

INSTANTIATE_TEST_SUITE_P(
    Days, NextTimes,
    testing::Values(Row{"the last day, through a leap February",
                        "cron(0 0 L * ? *)",
                        "UTC",
                        "2028-01-31 00:00",
                        {"2028-02-29 00:00", "2028-03-31 00:00", "2028-04-30 00:00"}},
                    Row{"three days before the last",
                        "cron(0 0 L-3 * ? *)",
                        "UTC",
                        "2026-01-29 00:00",
                        {"2026-02-25 00:00", "2026-03-28 00:00", "2026-04-27 00:00"}},
                    Row{"thirty days before the last exists in long months only",
                        "cron(0 0 L-30 * ? *)",
                        "UTC",
                        "2026-01-02 00:00",
                        {"2026-03-01 00:00", "2026-05-01 00:00", "2026-07-01 00:00"}},
                    Row{"the last weekday",
                        "cron(0 0 LW * ? *)",
                        "UTC",
                        "2026-01-01 00:00",
                        {"2026-01-30 00:00", "2026-02-27 00:00", "2026-03-31 00:00"}},
                    Row{"nearest weekday: Sunday the 15th moves on, Saturday back",
                        "cron(0 0 15W * ? *)",
                        "UTC",
                        "2026-02-01 00:00",
                        {"2026-02-16 00:00", "2026-03-16 00:00", "2026-04-15 00:00"}},
                    Row{"nearest weekday of Saturday the 1st stays in its month",
                        "cron(0 0 1W * ? *)",
                        "UTC",
                        "2026-07-31 00:00",
                        {"2026-08-03 00:00", "2026-09-01 00:00", "2026-10-01 00:00"}},
                    Row{"nearest weekday of Sunday the 31st stays in its month",
                        "cron(0 0 31W * ? *)",
                        "UTC",
                        "2026-05-01 00:00",
                        {"2026-05-29 00:00", "2026-07-31 00:00", "2026-08-31 00:00"}},
                    Row{"the fifth Friday is absent in most months",
                        "cron(0 0 ? * 6#5 *)",
                        "UTC",
                        "2026-01-31 00:00",
                        {"2026-05-29 00:00", "2026-07-31 00:00", "2026-10-30 00:00"}},
                    Row{"L alone is the last day of the week",
                        "cron(0 0 ? * L *)",
                        "UTC",
                        "2026-03-04 00:00",
                        {"2026-03-07 00:00", "2026-03-14 00:00", "2026-03-21 00:00"}},
                    Row{"a named last weekday",
                        "cron(0 0 ? * FRIL *)",
                        "UTC",
                        "2026-03-04 00:00",
                        {"2026-03-27 00:00", "2026-04-24 00:00", "2026-05-29 00:00"}},
                    Row{"days in a list with L and W",
                        "cron(0 0 1,15W,L 2 ? *)",
                        "UTC",
                        "2026-01-01 00:00",
                        {"2026-02-01 00:00", "2026-02-16 00:00", "2026-02-28 00:00"}},
                    Row{"the 31st",
                        "cron(0 0 31 * ? *)",
                        "UTC",
                        "2026-03-31 00:00",
                        {"2026-05-31 00:00", "2026-07-31 00:00", "2026-08-31 00:00"}},
                    Row{"every second day of the month",
                        "cron(0 0 */2 * ? *)",
                        "UTC",
                        "2026-02-27 00:00",
                        {"2026-03-01 00:00", "2026-03-03 00:00", "2026-03-05 00:00"}},
                    Row{"names in lower case",
                        "cron(0 0 ? jan,jul sun#1 *)",
                        "UTC",
                        "2026-01-01 00:00",
                        {"2026-01-04 00:00", "2026-07-05 00:00", "2027-01-03 00:00"}},
                    Row{"every third month from February",
                        "cron(0 0 1 2/3 ? *)",
                        "UTC",
                        "2026-03-01 00:00",
                        {"2026-05-01 00:00", "2026-08-01 00:00", "2026-11-01 00:00"}}));

INSTANTIATE_TEST_SUITE_P(
    Years, NextTimes,
    testing::Values(
        Row{"leap days only",
            "cron(0 0 29 2 ? *)",
            "UTC",
            "2096-02-29 00:00",
            {"2104-02-29 00:00", "2108-02-29 00:00", "2112-02-29 00:00"}},
        Row{"2100 is no leap year", "cron(0 0 29 2 ? 2100)", "UTC", "2026-01-01 00:00", {}},
        Row{"31 February", "cron(0 0 31 2 ? *)", "UTC", "2026-01-01 00:00", {}},
        Row{"a list of years, one of them over",
            "cron(0 0 1 1 ? 2020,2027,2030)",
            "UTC",
            "2026-01-01 00:00",
            {"2027-01-01 00:00", "2030-01-01 00:00"}},
        Row{"a year list that is over", "cron(0 0 * * ? 2020-2025)", "UTC", "2026-01-01 00:00", {}},
        Row{"every tenth year",
            "cron(0 0 1 1 ? 2000/10)",
            "UTC",
            "2026-01-01 00:00",
            {"2030-01-01 00:00", "2040-01-01 00:00", "2050-01-01 00:00"}},
        Row{"the end of the calendar",
            "cron(58-59 23 31 12 ? 2199)",
            "UTC",
            "2026-01-01 00:00",
            {"2199-12-31 23:58", "2199-12-31 23:59"}},
        Row{"seconds after a full minute do not matter",
            "cron(* * * * ? *)",
            "UTC",
            "2026-03-04 09:15:59",
            {"2026-03-04 09:16", "2026-03-04 09:17", "2026-03-04 09:18"}},
        Row{"before 1970",
            "cron(0 0 * * ? *)",
            "UTC",
            "1960-01-01 00:00",
            {"1970-01-01 00:00", "1970-01-02 00:00", "1970-01-03 00:00"}}));

// Clock changes: Paris 29 March 01:00Z and 25 October 2026 01:00Z; New York 8 March 07:00Z and
// 1 November 2026 06:00Z; Lord Howe moves by half an hour, 4 April 15:00Z and 3 October 2026
// 15:30Z.
INSTANTIATE_TEST_SUITE_P(
    DaylightSaving, NextTimes,
    testing::Values(Row{"a time skipped in spring does not fire, Paris",
                        "cron(30 2 * * ? *)",
                        "Europe/Paris",
                        "2026-03-27 12:00",
                        {"2026-03-28 01:30", "2026-03-30 00:30", "2026-03-31 00:30"}},
                    Row{"a time repeated in autumn fires once, Paris",
                        "cron(30 2 * * ? *)",
                        "Europe/Paris",
                        "2026-10-24 12:00",
                        {"2026-10-25 00:30", "2026-10-26 01:30", "2026-10-27 01:30"}},
                    Row{"asked during the second pass, Paris",
                        "cron(30 2 * * ? *)",
                        "Europe/Paris",
                        "2026-10-25 01:10",
                        {"2026-10-26 01:30", "2026-10-27 01:30", "2026-10-28 01:30"}},
                    Row{"every 30 minutes through the repeated hour, Paris",
                        "cron(0/30 * * * ? *)",
                        "Europe/Paris",
                        "2026-10-25 00:00",
                        {"2026-10-25 00:30", "2026-10-25 02:00", "2026-10-25 02:30"}},
                    Row{"every 30 minutes through the skipped hour, Paris",
                        "cron(0/30 * * * ? *)",
                        "Europe/Paris",
                        "2026-03-29 00:15",
                        {"2026-03-29 00:30", "2026-03-29 01:00", "2026-03-29 01:30"}},
                    Row{"spring, New York",
                        "cron(15 2 * * ? *)",
                        "America/New_York",
                        "2026-03-07 00:00",
                        {"2026-03-07 07:15", "2026-03-09 06:15", "2026-03-10 06:15"}},
                    Row{"autumn, New York",
                        "cron(15 1 * * ? *)",
                        "America/New_York",
                        "2026-10-31 12:00",
                        {"2026-11-01 05:15", "2026-11-02 06:15", "2026-11-03 06:15"}},
                    Row{"half an hour skipped, Lord Howe",
                        "cron(10,40 2 * * ? *)",
                        "Australia/Lord_Howe",
                        "2026-10-03 12:00",
                        {"2026-10-03 15:40", "2026-10-04 15:10", "2026-10-04 15:40"}},
                    Row{"half an hour repeated, Lord Howe",
                        "cron(25,45 1 * * ? *)",
                        "Australia/Lord_Howe",
                        "2026-04-04 12:00",
                        {"2026-04-04 14:25", "2026-04-04 14:45", "2026-04-05 14:55"}},
                    Row{"a zone of 45 minutes",
                        "cron(0 6 * * ? *)",
                        "Asia/Kathmandu",
                        "2026-03-04 00:00",
                        {"2026-03-04 00:15", "2026-03-05 00:15", "2026-03-06 00:15"}},
                    Row{"far east of Greenwich",
                        "cron(0 0 1 1 ? *)",
                        "Pacific/Kiritimati",
                        "2026-06-01 00:00",
                        {"2026-12-31 10:00", "2027-12-31 10:00", "2028-12-31 10:00"}},
                    Row{"a skipped day, Samoa 2011",
                        "cron(0 12 * * ? *)",
                        "Pacific/Apia",
                        "2011-12-29 00:00",
                        {"2011-12-29 22:00", "2011-12-30 22:00", "2011-12-31 22:00"}},
                    Row{"summer past the system's tables",
                        "cron(0 12 1 7 ? 2050-2052)",
                        "Europe/Paris",
                        "2026-01-01 00:00",
                        {"2050-07-01 10:00", "2051-07-01 10:00", "2052-07-01 10:00"}},
                    Row{"winter past the system's tables",
                        "cron(0 12 29 2 ? 2096)",
                        "America/New_York",
                        "2026-01-01 00:00",
                        {"2096-02-29 17:00"}},
                    Row{"the last Sunday of March 2048, leap year",
                        "cron(30 2 28-30 3 ? 2048)",
                        "Europe/Paris",
                        "2026-01-01 00:00",
                        {"2048-03-28 01:30", "2048-03-30 00:30"}},
                    Row{"a zone without summer time, far on",
                        "cron(0 12 1 7 ? 2100)",
                        "Asia/Tokyo",
                        "2026-01-01 00:00",
                        {"2100-07-01 03:00"}}));

TEST(Rate, countsFromItsAnchor)
{
    const Schedule schedule = parsed("rate(5 minutes)").anchoredAt(at("2026-03-04 09:01:30"));
    EXPECT_THAT(fires(schedule, "2026-03-04 09:01:30", 2),
                ElementsAre("2026-03-04 09:06:30", "2026-03-04 09:11:30"));
    EXPECT_THAT(fires(schedule, "2026-03-04 09:06:29", 1), ElementsAre("2026-03-04 09:06:30"));
    EXPECT_THAT(fires(schedule, "2026-03-04 09:06:30", 1), ElementsAre("2026-03-04 09:11:30"));
    EXPECT_THAT(fires(schedule, "2026-01-01 00:00", 1), ElementsAre("2026-03-04 09:06:30"));
}

TEST(Rate, ofDaysIsTwentyFourHoursAcrossClockChanges)
{
    const Schedule schedule
        = parsed("rate(1 day)", "Europe/Paris").anchoredAt(at("2026-03-28 08:00"));
    EXPECT_THAT(fires(schedule, "2026-03-28 08:00", 2),
                ElementsAre("2026-03-29 08:00", "2026-03-30 08:00"));
}

TEST(Schedule, neverFiringIsFoundFast)
{
    const Schedule never = parsed("cron(0 0 31 2 ? *)", "Europe/Paris");
    const Schedule rare = parsed("cron(59 23 29 2 ? 2196)", "Australia/Lord_Howe");
    const auto began = steady_clock::now();
    for (int i = 0; i < 1000; ++i) {
        ASSERT_FALSE(never.next(at("1970-01-01 00:00")));
        ASSERT_TRUE(rare.next(at("1970-01-01 00:00")));
    }
    EXPECT_LT(steady_clock::now() - began, seconds(5)); // about 50 ms; generous for a busy machine
}

} // namespace
