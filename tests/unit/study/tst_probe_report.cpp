#include "study/probe_report.h"

#include <gmock/gmock.h>

using namespace coldframe::study;
using testing::HasSubstr;

namespace {

/// Levels as a network would show them, with times that spread so much: p95 over p50.
std::vector<ProbePoint> pointsOf(const Saturation& network, double spread)
{
    std::vector<ProbePoint> points;
    for (const std::uint32_t n : {1U, 2U, 4U, 8U, 16U}) {
        const double mean = network.responseS(n);
        points.push_back(
            {.concurrency = n,
             .measured = ProbePoint::Figures{n / mean, mean, mean, mean * spread, mean * spread},
             .calls = 1000});
    }
    return points;
}

const Saturation kOneAtATime{
    .times = Saturation::Times::Constant, .ownS = 0.06, .serviceS = 0.02, .servers = 1};

} // namespace

TEST(ProbeReport, theKneeIsProposed)
{
    const ProbeReport report = analyse(pointsOf(kOneAtATime, 1.1), 1);
    ASSERT_TRUE(report.fit);
    EXPECT_EQ(report.proposed(), 4U);
    EXPECT_FALSE(report.failsFrom);
    for (const ProbePoint& point : report.points) {
        ASSERT_TRUE(point.simulated);
        EXPECT_NEAR(point.simulated->meanS, point.measured->meanS, 0.02 * point.measured->meanS);
    }
}

TEST(ProbeReport, timesAreThoseOfTheLowestLevelWhereBothKindsFit)
{
    const ProbeReport steady = analyse(pointsOf(kOneAtATime, 1.1), 1);
    EXPECT_EQ(steady.fit->times, Saturation::Times::Constant);
    EXPECT_NEAR(steady.points[0].simulated->p95S, 0.08, 0.002);
    const ProbeReport spread = analyse(pointsOf(kOneAtATime, 3), 1);
    EXPECT_EQ(spread.fit->times, Saturation::Times::Exponential);
    // A curve that bends slowly is no constant one, whatever the lowest level looks like.
    const Saturation slow{.ownS = 0.05, .serviceS = 0.05, .servers = 1};
    EXPECT_EQ(analyse(pointsOf(slow, 1.1), 1).fit->times, Saturation::Times::Exponential);
}

TEST(ProbeReport, noMoreIsProposedThanWorksWithoutErrors)
{
    std::vector<ProbePoint> points = pointsOf(kOneAtATime, 1.1);
    points[4].failed = 5; // of a thousand: chance
    EXPECT_EQ(analyse(points, 1).failsFrom, std::nullopt);
    points[2].failed = 400;
    points[2].measured->meanS = 10; // what it says there is no part of anything
    points[3].measured.reset();
    points[3].unmeasured = "every call fails";
    const ProbeReport report = analyse(points, 1);
    EXPECT_EQ(report.failsFrom, 4U);
    EXPECT_EQ(report.proposed(), 2U);
    EXPECT_THAT(toCsv(report), HasSubstr("\n8,modelled,"));
    // Errors at every level are not of concurrency.
    for (ProbePoint& point : points)
        point.failed = 300;
    EXPECT_EQ(analyse(points, 1).failsFrom, std::nullopt);
}

TEST(ProbeReport, whatThisMachineCannotHandOutIsNoLimitOfTheFunction)
{
    const Saturation quick{.ownS = 0.0002, .serviceS = 0.0002, .servers = 1};
    const ProbeReport report = analyse(pointsOf(quick, 1.1), 1);
    EXPECT_TRUE(report.machineRate);
    EXPECT_EQ(report.proposed(), std::nullopt);
}

TEST(ProbeReport, twoLevelsAreNoFit)
{
    std::vector<ProbePoint> points = pointsOf(kOneAtATime, 1.1);
    points.resize(2);
    const ProbeReport report = analyse(points, 1);
    EXPECT_FALSE(report.fit);
    EXPECT_EQ(report.proposed(), std::nullopt);
    EXPECT_FALSE(report.points[0].simulated);
}
