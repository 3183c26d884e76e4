#include <cstdlib>
#include <random>

#include "schedule_text.h"

namespace {

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
