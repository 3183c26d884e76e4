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

TEST(Clock, skipsForwardAndNeverBack)
{
    live::Clock clock;
    const TimePoint before = clock.now();
    const Duration skipped = clock.skipTo(before + 24h);
    EXPECT_LE(skipped, 24h);
    EXPECT_GT(skipped, 24h - 1s);
    EXPECT_GE(clock.now(), before + 24h);
    EXPECT_LT(clock.now(), before + 24h + 1s);
    EXPECT_EQ(clock.skipTo(before), Duration::zero());
    EXPECT_GE(clock.now(), before + 24h);
}

TEST(Clock, knowsWhatTheWallWillShow)
{
    live::Clock clock;
    clock.skipTo(clock.now() + 24h);
    const Duration apart = clock.onTheWall(clock.now() + 3s) - (wall() + 3s);
    EXPECT_LT(apart < Duration::zero() ? -apart : apart, 1s);
}

TEST(Clock, standsStillAtItsEnd)
{
    live::Clock clock;
    const TimePoint end = clock.now() + 1h;
    clock.endAt(end);
    EXPECT_LT(clock.skipTo(end + 24h), 1h + 1ns);
    EXPECT_EQ(clock.now(), end);
    EXPECT_EQ(clock.skipTo(end + 48h), Duration::zero());
}

TEST(Clock, startsWhereItIsTold)
{
    const TimePoint from{1'772'582'400s}; // long ago
    live::Clock clock;
    clock.startAt(from);
    EXPECT_GE(clock.now(), from);
    EXPECT_LT(clock.now(), from + 1s);
    const Duration apart = clock.onTheWall(clock.now()) - wall();
    EXPECT_LT(apart < Duration::zero() ? -apart : apart, 1s);
}

} // namespace
