#include "amount_text.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cstdint>

using namespace coldframe;
using namespace coldframe::commands;
using namespace std::chrono_literals;

namespace {

struct GoodDuration {
    const char* name;
    const char* text;
    Duration value;
};
class GoodDurations : public testing::TestWithParam<GoodDuration> { };

TEST_P(GoodDurations, areRead)
{
    const auto read = parseDuration(GetParam().text);
    ASSERT_TRUE(read.has_value()) << describe(read.error());
    EXPECT_EQ(read->count(), GetParam().value.count());
}
INSTANTIATE_TEST_SUITE_P(Rows, GoodDurations,
                         testing::Values(GoodDuration{"milliseconds", "500ms", 500ms},
                                         GoodDuration{"seconds", "30s", 30s},
                                         GoodDuration{"minutes", "5m", 5min},
                                         GoodDuration{"hours", "1h", 1h},
                                         GoodDuration{"a_fraction", "1.5s", 1500ms},
                                         GoodDuration{"below_a_millisecond", "0.25ms", 250us},
                                         GoodDuration{"the_longest", "1000h", 1000h}),
                         [](const auto& row) { return row.param.name; });

TEST(Times, areReadInUtc)
{
    EXPECT_EQ(parseTime("2026-03-04").value(), TimePoint(1'772'582'400s));
    EXPECT_EQ(parseTime("2026-03-04T10:30").value(), TimePoint(1'772'582'400s + 10h + 30min));
    EXPECT_EQ(parseTime("2028-02-29T23:59:58Z").value(), TimePoint(1'835'481'598s));
    EXPECT_EQ(parseTime("1970-01-01").value(), TimePoint());
}

TEST(Times, areRefusedWithAdvice)
{
    for (const char* text :
         {"", "tomorrow", "2026-3-4", "2026-02-29", "2026-13-01", "2026-03-04T", "2026-03-04T24:00",
          "2026-03-04T10", "2026-03-04T10:60", "2026-03-04T10:00:60Z", "2026-03-04 10:00",
          "2026-03-04T10:00+01:00", "2026-03-04x", "-026-03-04", "1969-12-31", "2201-01-01"}) {
        const auto read = parseTime(text);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(describe(read.error()),
                  std::string("\"") + text
                      + "\" is no time from 1970 to 2200; write it in UTC: 2026-03-29 or "
                        "2026-03-29T01:30:00Z");
    }
}

struct BadDuration {
    const char* name;
    const char* text;
    const char* said;
};
class BadDurations : public testing::TestWithParam<BadDuration> { };

TEST_P(BadDurations, areRefusedWithAdvice)
{
    const auto read = parseDuration(GetParam().text);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(describe(read.error()), GetParam().said);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, BadDurations,
    testing::Values(
        BadDuration{"empty", "",
                    "\"\" is no duration; write a number and its unit: 500ms, 30s, 5m or 1h"},
        BadDuration{"no_unit", "30",
                    "\"30\" is no duration; write a number and its unit: 500ms, 30s, 5m or 1h"},
        BadDuration{"unknown_unit", "30d",
                    "\"30d\" is no duration; write a number and its unit: 500ms, 30s, 5m or 1h"},
        BadDuration{"only_a_unit", "s",
                    "\"s\" is no duration; write a number and its unit: 500ms, 30s, 5m or 1h"},
        BadDuration{"decimal_comma", "1,5s",
                    "\"1,5s\" is no duration; write a number and its unit: 500ms, 30s, 5m or 1h"},
        BadDuration{"infinite", "infs",
                    "\"infs\" is no duration; write a number and its unit: 500ms, 30s, 5m or 1h"},
        BadDuration{"zero", "0s",
                    "\"0s\" must be above zero and at most 1000h; leave the option out to run "
                    "without an end"},
        BadDuration{"negative", "-1s",
                    "\"-1s\" must be above zero and at most 1000h; leave the option out to run "
                    "without an end"},
        BadDuration{"too_long", "1001h",
                    "\"1001h\" must be above zero and at most 1000h; leave the option out to run "
                    "without an end"}),
    [](const auto& row) { return row.param.name; });

TEST(DurationText, saysWhatPeopleSay)
{
    EXPECT_EQ(durationText(0ns), "0 ms");
    EXPECT_EQ(durationText(850ms), "850 ms");
    EXPECT_EQ(durationText(12'449ms), "12.4 s");
    EXPECT_EQ(durationText(59'990ms), "59.9 s") << "not a minute yet";
    EXPECT_EQ(durationText(200s), "3 min 20 s");
    EXPECT_EQ(durationText(7'500s), "2 h 05 min");
}

TEST(UsdText, isExact)
{
    EXPECT_EQ(usdText(Money()), "0");
    EXPECT_EQ(usdText(Money::fromPicodollars(1)), "0.000000000001");
    EXPECT_EQ(usdText(Money::fromPicodollars(208'300)), "0.0000002083");
    EXPECT_EQ(usdText(Money::fromPicodollars(1'500'000'000'000)), "1.5");
    EXPECT_EQ(usdText(Money::fromPicodollars(-20'000'000'000)), "-0.02");
    EXPECT_EQ(usdText(Money::fromPicodollars(INT64_MIN)), "-9223372.036854775808");
}

TEST(ParseUsd, readsWhatUsdTextWrites)
{
    for (const std::int64_t amount : {0L, 1L, 208'300L, 250'000'000'000L, 9'999'000'000'000'001L}) {
        const auto read = parseUsd(usdText(Money::fromPicodollars(amount)));
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(read->picodollars(), amount);
    }
}

TEST(ParseUsd, refusesWithAdvice)
{
    EXPECT_EQ(describe(parseUsd("-1").error()),
              "\"-1\" cannot be negative; write US dollars, such as 0.25");
    EXPECT_EQ(describe(parseUsd("$5").error()),
              "\"$5\" must be a plain decimal number such as \"0.20\"; write US dollars, such as "
              "0.25");
}

TEST(Amounts, doNotFollowTheLocale)
{
    if (!std::setlocale(LC_ALL, "de_DE.UTF-8") && !std::setlocale(LC_ALL, "fr_FR.UTF-8"))
        GTEST_SKIP() << "no locale with a decimal comma is installed";
    EXPECT_EQ(parseDuration("1.5s").value().count(), Duration(1500ms).count());
    EXPECT_EQ(durationText(12'449ms), "12.4 s");
    std::setlocale(LC_ALL, "C");
}

TEST(CountText, groupsThousands)
{
    EXPECT_EQ(countText(0), "0");
    EXPECT_EQ(countText(999), "999");
    EXPECT_EQ(countText(1'000), "1,000");
    EXPECT_EQ(countText(1'204'331), "1,204,331");
}

} // namespace
