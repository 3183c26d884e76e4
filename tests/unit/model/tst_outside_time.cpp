// Times of files and of stored bytes, which may be any.
#include <gtest/gtest.h>

#include "model/outside_time.h"

using namespace coldframe;

namespace {

using Limits = std::numeric_limits<std::int64_t>;

TEST(OutsideTime, ofTheKernelIsCountedOrTheNearestThatCanBe)
{
    EXPECT_EQ(nanosecondsOf({1'700'000'000, 5}), 1'700'000'000'000'000'005);
    EXPECT_EQ(nanosecondsOf({-1, 0}), -1'000'000'000);
    EXPECT_EQ(nanosecondsOf({13'569'465'600, 0}), Limits::max()) << "the year 2400, as ext4 has it";
    EXPECT_EQ(nanosecondsOf({9'223'372'036, 999'999'999}), Limits::max());
    EXPECT_EQ(nanosecondsOf({-99'999'999'999, 0}), Limits::min());
}

TEST(OutsideTime, leavesRoomToReckonWith)
{
    const TimePoint now(std::chrono::seconds(1'772'615'707));
    EXPECT_EQ(outsideTime(now.time_since_epoch().count()), now);
    EXPECT_EQ(outsideTime(0), TimePoint());
    EXPECT_EQ(outsideTime(Limits::min()), TimePoint());
    const TimePoint last = outsideTime(Limits::max());
    EXPECT_GT(last + std::chrono::hours(24 * 365 * 30), last);
    EXPECT_GT(last - outsideTime(Limits::min()), Duration::zero());
}

} // namespace
