#include <chrono>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sources/schedule.h"

using namespace coldframe;
using namespace coldframe::sources;
using namespace std::chrono;
using testing::ElementsAre;

namespace {

/// "2026-03-29 02:30" in UTC.
TimePoint at(const char* text)
{
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    std::sscanf(text, "%d-%d-%d %d:%d:%d", &y, &mo, &d, &h, &mi, &s);
    return sys_days(year(y) / mo / d) + hours(h) + minutes(mi) + seconds(s);
}

std::string text(TimePoint time)
{
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(time - day));
    std::string out
        = fmt::format("{}-{:02}-{:02} {:02}:{:02}", int(date.year()), unsigned(date.month()),
                      unsigned(date.day()), clock.hours().count(), clock.minutes().count());
    if (clock.seconds().count() != 0)
        out += fmt::format(":{:02}", clock.seconds().count());
    return out;
}

Schedule parsed(std::string_view expression, std::string_view zone = "UTC")
{
    auto schedule = parseSchedule(expression, zone);
    EXPECT_TRUE(schedule) << (schedule ? "" : describe(schedule.error()));
    return schedule ? *schedule : *parseSchedule("rate(1 day)", "UTC");
}

std::vector<std::string> fires(const Schedule& schedule, const char* after, std::size_t count)
{
    std::vector<std::string> times;
    for (const TimePoint time : schedule.nextTimes(at(after), count))
        times.push_back(text(time));
    return times;
}

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

struct Refusal {
    const char* name;
    const char* expression;
    const char* zone;
    const char* message; ///< all of it, as describe() prints it
};
void PrintTo(const Refusal& row, std::ostream* out)
{
    *out << row.name << ": " << row.expression;
}

class Refused : public testing::TestWithParam<Refusal> { };

TEST_P(Refused, sayingWhatIsWrongWhereAndWhatIsAllowed)
{
    const auto schedule = parseSchedule(GetParam().expression, GetParam().zone);
    ASSERT_FALSE(schedule);
    EXPECT_EQ(describe(schedule.error()), GetParam().message);
}

#define SIX "cron needs six fields (minutes hours day-of-month month day-of-week year), got "
#define RATES "; write for example rate(1 minute), rate(5 minutes), rate(1 hour) or rate(7 days)"
#define QUESTION                                                                                   \
    "; write ? in the field that shall not matter, as in cron(0 2 * * ? *) or "                    \
    "cron(0 2 ? * MON-FRI *)"
#define WEEKDAYS "; day-of-week takes 1-7 or SUN-SAT and , - * ? L #"
#define DAYS "; day-of-month takes 1-31 and , - * ? / L W"

INSTANTIATE_TEST_SUITE_P(
    Expressions, Refused,
    testing::Values(
        Refusal{"nothing", " ", "UTC",
                "the schedule is empty; write rate(5 minutes) or cron(0 2 * * ? *)"},
        Refusal{"bare unix cron", "*/5 * * * *", "UTC",
                "\"*/5 * * * *\" is not a schedule; write rate(5 minutes) or cron(0 2 * * ? *)"},
        Refusal{"one time", "at(2026-12-24T09:30:00)", "UTC",
                "\"at(2026-12-24T09:30:00)\" is not a schedule; for a single time use cron with "
                "a year: cron(30 9 24 12 ? 2026)"},
        Refusal{"no closing bracket", "cron(0 2 * * ? *", "UTC",
                "\"cron(0 2 * * ? *\" is not a schedule; write rate(5 minutes) or "
                "cron(0 2 * * ? *)"},
        Refusal{"five fields", "cron(0 2 * * ?)", "UTC",
                SIX "5; add the year and write ? for one of the days, as in cron(0 2 * * ? *)"},
        Refusal{"seven fields", "cron(0 0 2 * * ? *)", "UTC",
                SIX "7; write for example cron(0 2 * * ? *) for 02:00 every day"},
        Refusal{"both days given", "cron(0 2 * * * *)", "UTC",
                "cron: exactly one of day-of-month and day-of-week must be ?, got \"*\" and "
                "\"*\"" QUESTION},
        Refusal{"neither day given", "cron(0 2 ? * ? *)", "UTC",
                "cron: exactly one of day-of-month and day-of-week must be ?, got \"?\" and "
                "\"?\"" QUESTION},
        Refusal{"minute 60", "cron(60 2 * * ? *)", "UTC",
                "cron: minutes: 60 is outside 0-59; minutes takes 0-59 and , - * /"},
        Refusal{"hour 24", "cron(0 24 * * ? *)", "UTC",
                "cron: hours: 24 is outside 0-23; hours takes 0-23 and , - * /"},
        Refusal{"day 0", "cron(0 2 0 * ? *)", "UTC", "cron: day-of-month: 0 is outside 1-31" DAYS},
        Refusal{"month 13", "cron(0 2 * 13 ? *)", "UTC",
                "cron: month: 13 is outside 1-12; month takes 1-12 or JAN-DEC and , - * /"},
        Refusal{"weekday 0, as in unix", "cron(0 2 ? * 0 *)", "UTC",
                "cron: day-of-week: 0 is outside 1-7" WEEKDAYS},
        Refusal{"year 1969", "cron(0 2 * * ? 1969)", "UTC",
                "cron: year: 1969 is outside 1970-2199; year takes 1970-2199 and , - * /"},
        Refusal{"a word", "cron(noon 2 * * ? *)", "UTC",
                "cron: minutes: \"noon\" is not a value; minutes takes 0-59 and , - * /"},
        Refusal{"a negative number", "cron(0 -2 * * ? *)", "UTC",
                "cron: hours: a value is missing; hours takes 0-23 and , - * /"},
        Refusal{"an empty item", "cron(0,,5 2 * * ? *)", "UTC",
                "cron: minutes: a value is missing; minutes takes 0-59 and , - * /"},
        Refusal{"a backward range", "cron(0 22-2 * * ? *)", "UTC",
                "cron: hours: \"22-2\" runs backwards: write it as two ranges, split by a comma; "
                "hours takes 0-23 and , - * /"},
        Refusal{"step 0", "cron(0/0 2 * * ? *)", "UTC",
                "cron: minutes: \"0/0\": the step after / must be 1-60; minutes takes 0-59 and "
                ", - * /"},
        Refusal{"a step without a start", "cron(/5 * * * ? *)", "UTC",
                "cron: minutes: a value is missing; minutes takes 0-59 and , - * /"},
        Refusal{"a step of weekdays", "cron(0 2 ? * 2/2 *)", "UTC",
                "cron: day-of-week: \"2/2\": / is not allowed here" WEEKDAYS},
        Refusal{"? in hours", "cron(0 ? * * ? *)", "UTC",
                "cron: hours: ? belongs to day-of-month and day-of-week only; hours takes 0-23 "
                "and , - * /"},
        Refusal{"? in a list", "cron(0 2 1,? * ? *)", "UTC",
                "cron: day-of-month: ? stands alone" DAYS},
        Refusal{"two #", "cron(0 2 ? * 3#1,6#3 *)", "UTC",
                "cron: day-of-week: a field with # takes one expression only, without "
                "commas" WEEKDAYS},
        Refusal{"# 6", "cron(0 2 ? * 3#6 *)", "UTC",
                "cron: day-of-week: \"3#6\": after # goes which one of the month, 1-5" WEEKDAYS},
        Refusal{"L with a plus", "cron(0 2 L+3 * ? *)", "UTC",
                "cron: day-of-month: \"L+3\": write L, LW, or L-1 to L-30" DAYS},
        Refusal{"L-31", "cron(0 2 L-31 * ? *)", "UTC",
                "cron: day-of-month: \"L-31\": write L, LW, or L-1 to L-30" DAYS},
        Refusal{"32W", "cron(0 2 32W * ? *)", "UTC", "cron: day-of-month: 32 is outside 1-31" DAYS},
        Refusal{"W among weekdays", "cron(0 2 ? * 3W *)", "UTC",
                "cron: day-of-week: \"3W\" is not a value" WEEKDAYS},
        Refusal{"a huge number", "cron(99999999999 2 * * ? *)", "UTC",
                "cron: minutes: \"99999999999\" is not a value; minutes takes 0-59 and , - * /"}));

INSTANTIATE_TEST_SUITE_P(
    Rates, Refused,
    testing::Values(
        Refusal{"singular with 5", "rate(5 minute)", "UTC",
                "rate: 5 goes with \"minutes\", got \"minute\"" RATES},
        Refusal{"plural with 1", "rate(1 hours)", "UTC",
                "rate: 1 goes with \"hour\", got \"hours\"" RATES},
        Refusal{"zero", "rate(0 minutes)", "UTC",
                "rate: the number must be 1 or more, got 0" RATES},
        Refusal{"negative", "rate(-5 minutes)", "UTC",
                "rate: the number must be 1 or more, got -5" RATES},
        Refusal{"seconds", "rate(30 seconds)", "UTC",
                "rate: the unit must be minute(s), hour(s) or day(s), got \"seconds\"" RATES},
        Refusal{"no unit", "rate(5)", "UTC",
                "rate: \"5\" is not a whole number, a space and a unit" RATES},
        Refusal{"no space", "rate(5minutes)", "UTC",
                "rate: \"5minutes\" is not a whole number, a space and a unit" RATES},
        Refusal{"a fraction", "rate(1.5 hours)", "UTC",
                "rate: \"1.5 hours\" is not a whole number, a space and a unit" RATES},
        Refusal{"nothing inside", "rate()", "UTC",
                "rate: \"\" is not a whole number, a space and a unit" RATES},
        Refusal{"past all bounds", "rate(99999999999999999999 days)", "UTC",
                "rate: the number is too large" RATES},
        Refusal{"more than a century", "rate(40000 days)", "UTC",
                "rate: an interval of more than a century" RATES}));

INSTANTIATE_TEST_SUITE_P(
    Zones, Refused,
    testing::Values(
        Refusal{"unknown", "cron(0 2 * * ? *)", "Mars/Phobos",
                "the time zone \"Mars/Phobos\" is not known to this system; use a name of the "
                "IANA time zone database, such as Europe/Paris or UTC"},
        Refusal{"in lower case", "cron(0 2 * * ? *)", "europe/paris",
                "the time zone \"europe/paris\" is not known to this system; did you mean "
                "\"Europe/Paris\"?"},
        Refusal{"only the city", "cron(0 2 * * ? *)", "Lord Howe",
                "the time zone \"Lord Howe\" is not known to this system; use a name of the IANA "
                "time zone database, such as Europe/Paris or UTC"},
        Refusal{"a way out of the folder", "cron(0 2 * * ? *)", "../../etc/passwd",
                "the time zone \"../../etc/passwd\" is not known to this system; use a name of "
                "the IANA time zone database, such as Europe/Paris or UTC"}));

struct Described {
    const char* expression;
    const char* zone;
    const char* text;
};
void PrintTo(const Described& row, std::ostream* out)
{
    *out << row.expression;
}
class Description : public testing::TestWithParam<Described> { };

TEST_P(Description, isShortEnglish)
{
    EXPECT_EQ(describeSchedule(parsed(GetParam().expression, GetParam().zone)), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Schedules, Description,
    testing::Values(
        Described{"cron(0 2 * * ? *)", "Europe/Paris", "at 02:00 every day, Europe/Paris"},
        Described{"cron(0 2,14 ? * MON-FRI *)", "", "at 02:00, 14:00 on Monday to Friday, UTC"},
        Described{"cron(0/5 * * * ? *)", "UTC", "every 5 minutes, UTC"},
        Described{"cron(* * * * ? *)", "UTC", "every minute, UTC"},
        Described{"cron(5 * * * ? *)", "UTC", "at minute 5 of every hour, UTC"},
        Described{"cron(0/15 8-17 ? * MON,WED *)", "UTC",
                  "every 15 minutes of the hours 08 to 17 on Monday and Wednesday, UTC"},
        Described{"cron(0 0/6 * * ? *)", "UTC", "at 00:00, 06:00, 12:00, 18:00 every day, UTC"},
        Described{"cron(0 0/2 1 * ? *)", "UTC",
                  "at minute 0 of every 2 hours on day 1 of the month, UTC"},
        Described{"cron(0 9 L-3 * ? *)", "UTC",
                  "at 09:00 on the day 3 days before the last of the month, UTC"},
        Described{"cron(0 9 LW 1,7 ? 2027)", "UTC",
                  "at 09:00 on the last weekday of the month in January and July 2027, UTC"},
        Described{"cron(0 9 ? * 3#2 *)", "UTC", "at 09:00 on the second Tuesday of the month, UTC"},
        Described{"cron(0 9 ? * 6L 2026-2028)", "UTC",
                  "at 09:00 on the last Friday of the month in 2026 to 2028, UTC"},
        Described{"rate(1 minute)", "UTC", "every minute"},
        Described{"rate(90 minutes)", "UTC", "every 90 minutes"},
        Described{"rate(7 days)", "Europe/Paris", "every 7 days"}));

/// A second opinion that knows nothing of bit sets: looks at every minute there is.
struct RandomCron {
    std::string expression;
    int minute, hourFrom, hourTo, monthStep;
    int kind; ///< 0 day, 1 L, 2 nW, 3 weekday, 4 n#k, 5 nL
    int a, k;

    bool allows(sys_time<minutes> time) const
    {
        const auto day = floor<days>(time);
        const year_month_day date(day);
        const auto clock = hh_mm_ss(time - day);
        const int hour = int(clock.hours().count());
        if (int(clock.minutes().count()) != minute || hour < hourFrom || hour > hourTo
            || (int(unsigned(date.month())) - 1) % monthStep != 0)
            return false;
        const int d = int(unsigned(date.day()));
        const int last = int(unsigned((date.year() / date.month() / std::chrono::last).day()));
        const int weekdayNow = int(weekday(day).c_encoding()) + 1;
        switch (kind) {
        case 0:
            return d == a;
        case 1:
            return d == last - a;
        case 2:
            return allowsNearest(date, weekdayNow, last);
        case 3:
            return weekdayNow == a;
        case 4:
            return weekdayNow == a && d > 7 * (k - 1) && d <= 7 * k;
        default:
            return weekdayNow == a && d > last - 7;
        }
    }
    bool allowsNearest(year_month_day date, int weekdayNow, int last) const
    {
        if (a > last || weekdayNow == 1 || weekdayNow == 7)
            return false;
        int best = 0;
        for (int candidate = 1; candidate <= last; ++candidate) { // nearest; of two the earlier
            const int on
                = int(weekday(sys_days(date.year() / date.month() / candidate)).c_encoding());
            if (on != 0 && on != 6 && (best == 0 || std::abs(candidate - a) < std::abs(best - a)))
                best = candidate;
        }
        return int(unsigned(date.day())) == best;
    }
};

RandomCron randomCron(std::mt19937_64& random)
{
    const auto pick
        = [&](int from, int to) { return from + int(random() % std::uint64_t(to - from + 1)); };
    RandomCron cron{{}, pick(0, 59), pick(0, 23), 0, pick(1, 6), pick(0, 5), 0, pick(1, 5)};
    cron.hourTo = pick(cron.hourFrom, 23);
    std::string dom = "?", dow = "?";
    switch (cron.kind) {
    case 0:
        dom = std::to_string(cron.a = pick(1, 31));
        break;
    case 1:
        dom = (cron.a = pick(0, 30)) == 0 ? "L" : fmt::format("L-{}", cron.a);
        break;
    case 2:
        dom = fmt::format("{}W", cron.a = pick(1, 31));
        break;
    case 3:
        dow = std::to_string(cron.a = pick(1, 7));
        break;
    case 4:
        dow = fmt::format("{}#{}", cron.a = pick(1, 7), cron.k);
        break;
    default:
        dow = fmt::format("{}L", cron.a = pick(1, 7));
    }
    cron.expression = fmt::format("cron({} {}-{} {} 1/{} {} *)", cron.minute, cron.hourFrom,
                                  cron.hourTo, dom, cron.monthStep, dow);
    return cron;
}

/// COLDFRAME_SEED=<n> reruns the one that failed.
TEST(Schedule, agreesWithASearchOfEveryMinute)
{
    const char* given = std::getenv("COLDFRAME_SEED");
    const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::mt19937_64 random(seed);
    for (int round = 0; round < 60; ++round) {
        const RandomCron cron = randomCron(random);
        const Schedule schedule = parsed(cron.expression);
        auto minute = sys_time<minutes>(sys_days(year(1970 + int(random() % 220)) / 1 / 1))
            + minutes(random() % (366 * 1440));
        TimePoint after = minute;
        const auto end = minute + days(200);
        std::vector<std::string> slow, fast;
        while (++minute <= end)
            if (cron.allows(minute))
                slow.push_back(text(minute));
        for (auto time = schedule.next(after); time && *time <= end; time = schedule.next(*time))
            fast.push_back(text(*time));
        ASSERT_EQ(fast, slow) << cron.expression << " after " << text(after)
                              << ", COLDFRAME_SEED=" << seed;
    }
}

} // namespace
