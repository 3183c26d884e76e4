// What is refused and how, and how a schedule is described.
#include "schedule_text.h"

namespace {

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
#define FORMS "; write rate(5 minutes), cron(0 2 * * ? *) or at(2026-12-24T18:00:00)"
#define LOCAL "; write at(2026-12-24T18:00:00): a local time of \"timezone\""
#define QUESTION                                                                                   \
    "; write ? in the field that shall not matter, as in cron(0 2 * * ? *) or "                    \
    "cron(0 2 ? * MON-FRI *)"
#define WEEKDAYS "; day-of-week takes 1-7 or SUN-SAT and , - * ? L #"
#define DAYS "; day-of-month takes 1-31 and , - * ? / L W"

INSTANTIATE_TEST_SUITE_P(
    Expressions, Refused,
    testing::Values(
        Refusal{"nothing", " ", "UTC", "the schedule is empty" FORMS},
        Refusal{"bare unix cron", "*/5 * * * *", "UTC", "\"*/5 * * * *\" is not a schedule" FORMS},
        Refusal{"no closing bracket", "cron(0 2 * * ? *", "UTC",
                "\"cron(0 2 * * ? *\" is not a schedule" FORMS},
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
    Once, Refused,
    testing::Values(Refusal{"without_seconds", "at(2026-12-24T18:00)", "UTC",
                            "at: \"2026-12-24T18:00\" is not a date and a time" LOCAL},
                    Refusal{"in_UTC", "at(2026-12-24T18:00:00Z)", "UTC",
                            "at: \"2026-12-24T18:00:00Z\" ends in a Z" LOCAL},
                    Refusal{"a_day_of_no_calendar", "at(2026-02-29T18:00:00)", "UTC",
                            "at: \"2026-02-29T18:00:00\" is no day of the calendar" LOCAL},
                    Refusal{"hour_24", "at(2026-02-28T24:00:00)", "UTC",
                            "at: \"2026-02-28T24:00:00\" is no time of the day" LOCAL},
                    Refusal{"year_2200", "at(2200-01-01T00:00:00)", "UTC",
                            "at: \"2200-01-01T00:00:00\" lies outside the years 1970 to "
                            "2199" LOCAL}));

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
        Described{"at(2026-12-24T18:00:00)", "Europe/Berlin",
                  "once, on 24 December 2026 at 18:00, Europe/Berlin"},
        Described{"at(2027-01-01T00:00:07)", "", "once, on 1 January 2027 at 00:00:07, UTC"},
        Described{"rate(1 minute)", "UTC", "every minute"},
        Described{"rate(90 minutes)", "UTC", "every 90 minutes"},
        Described{"rate(7 days)", "Europe/Paris", "every 7 days"}));

} // namespace
