#include <gtest/gtest.h>

#include "engine/metering.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace std::chrono_literals;

namespace {

struct PlatformRow {
    const char* name;
    Duration wall, cpu, wait;
    std::uint32_t memoryMb;
    Duration platform;
};
class PlatformTime : public testing::TestWithParam<PlatformRow> { };

TEST_P(PlatformTime, isModelledFromWhatWasMeasured)
{
    const PlatformRow& row = GetParam();
    EXPECT_EQ(platformTime(row.wall, row.cpu, row.wait, row.memoryMb, 1769), row.platform);
}
INSTANTIATE_TEST_SUITE_P(
    Metering, PlatformTime,
    testing::Values(
        PlatformRow{"waitingIsNotStretched", 800ms, 0ms, 0ms, 128, 800ms},
        PlatformRow{"oneWholeVcpuChangesNothing", 100ms, 100ms, 0ms, 1769, 100ms},
        PlatformRow{"halfAVcpuDoublesTheWork", 100ms, 100ms, 0ms, 1769 / 2, 200'113'122ns},
        PlatformRow{"moreMemoryDoesNotSpeedUpOneThread", 100ms, 100ms, 0ms, 3538, 100ms},
        PlatformRow{"waitPlusStretchedWork", 100ms, 20ms, 0ms, 128, 80ms + 276'406'250ns},
        PlatformRow{"waitingForABusyCoreIsTheDesksFault", 150ms, 20ms, 50ms, 1769, 100ms},
        PlatformRow{"twoThreadsOnTwoVcpus", 100ms, 200ms, 0ms, 3538, 100ms},
        PlatformRow{"twoThreadsOnOneVcpu", 100ms, 200ms, 0ms, 1769, 200ms},
        PlatformRow{"moreWaitThanWallIsNoise", 10ms, 0ms, 20ms, 1769, 0ms}),
    [](const auto& row) { return row.param.name; });

TEST(Metering, billedTimeIsTheCeilingOfInitAndRunTogether)
{
    EXPECT_EQ(billedTime(0ns, 27'550us, 1ms), 28ms);
    // AWS documentation samples of REPORT lines after 2025-08-01
    EXPECT_EQ(billedTime(133'610us, 80ms, 1ms), 214ms);
    EXPECT_EQ(billedTime(84ms, 3'016'780us, 1ms), 3'101ms);
    EXPECT_EQ(billedTime(130'490us, 15'740us, 1ms), 147ms);
    EXPECT_EQ(billedTime(0ns, 0ns, 1ms), 1ms);
    EXPECT_EQ(billedTime(0ns, 1ms, 1ms), 1ms);
}

TEST(Metering, keepAliveFollowsTheCurve)
{
    const KeepAlive fixed{{{300s, 0}}};
    EXPECT_EQ(keepAliveFor(fixed, 0), 300s);
    EXPECT_EQ(keepAliveFor(fixed, 0.99), 300s);
    const KeepAlive curve{{{300s, 1}, {360s, 0.5}, {420s, 0}}};
    EXPECT_EQ(keepAliveFor(curve, 0.75), 330s);
    EXPECT_EQ(keepAliveFor(curve, 0.5), 360s);
    EXPECT_EQ(keepAliveFor(curve, 0.25), 390s);
    EXPECT_EQ(keepAliveFor(curve, 0), 420s);
}

} // namespace
