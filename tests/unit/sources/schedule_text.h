#pragma once

#include <chrono>
#include <cstdio>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sources/schedule.h"

using namespace coldframe;
using namespace coldframe::sources;
using namespace std::chrono;

/// "2026-03-29 02:30" in UTC.
inline TimePoint at(const char* text)
{
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    std::sscanf(text, "%d-%d-%d %d:%d:%d", &y, &mo, &d, &h, &mi, &s);
    return sys_days(year(y) / mo / d) + hours(h) + minutes(mi) + seconds(s);
}

inline std::string text(TimePoint time)
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

inline Schedule parsed(std::string_view expression, std::string_view zone = "UTC")
{
    auto schedule = parseSchedule(expression, zone);
    EXPECT_TRUE(schedule) << (schedule ? "" : describe(schedule.error()));
    return schedule ? *schedule : *parseSchedule("rate(1 day)", "UTC");
}

inline std::vector<std::string> fires(const Schedule& schedule, const char* after,
                                      std::size_t count)
{
    std::vector<std::string> times;
    for (const TimePoint time : schedule.nextTimes(at(after), count))
        times.push_back(text(time));
    return times;
}
