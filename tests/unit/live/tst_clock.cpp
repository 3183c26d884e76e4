#include <gtest/gtest.h>

#include "live/clock.h"

using namespace coldframe;
using namespace std::chrono_literals;

namespace {

TimePoint wall()
{
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

TEST(Clock, showsTheWallClocksTime)
{
    const live::Clock clock;
    const Duration apart = clock.now() - wall();
    EXPECT_LT(apart < Duration::zero() ? -apart : apart, 1s);
}

TEST(Clock, neverRunsBackwards)
{
    const live::Clock clock;
    TimePoint last = clock.now();
    for (int i = 0; i < 1'000'000; ++i) {
        const TimePoint now = clock.now();
        ASSERT_GE(now, last);
        last = now;
    }
}

TEST(Clock, beginsNoEarlierThanWhatTheJournalRemembers)
{
    const TimePoint remembered = wall() + 48h; // somebody has set the clock back by two days
    const live::Clock clock(remembered);
    EXPECT_GE(clock.now(), remembered);
    EXPECT_LT(clock.now(), remembered + 1s);
}

TEST(Clock, aTimeRememberedFromThePastChangesNothing)
{
    const live::Clock clock(wall() - 48h);
    EXPECT_GE(clock.now() + 1s, wall());
}

TEST(Clock, goesOnFromWhereItBegan)
{
    const TimePoint remembered = wall() + 48h;
    const live::Clock clock(remembered);
    const TimePoint first = clock.now();
    while (clock.now() == first) { }
    EXPECT_GT(clock.now(), remembered);
}

} // namespace
