#include "study/saturation_fit.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "study/probe_simulation.h"

using namespace coldframe::study;
using Times = Saturation::Times;

namespace {

/// Exact mean value analysis of a closed network with a delay and a station of several servers,
/// after Reiser and Lavenberg: by population, from one caller up. Independent of the chain that
/// the fit solves.
double meanValueAnalysis(double own, double service, std::uint32_t servers, std::uint32_t callers)
{
    std::vector<double> there(callers + 1, 0.0); // P(j at the station) with one caller less
    there[0] = 1;
    double response = own + service;
    for (std::uint32_t n = 1; n <= callers; ++n) {
        double at = 0;
        for (std::uint32_t j = 1; j <= n; ++j)
            at += j * service / std::min(j, servers) * there[j - 1];
        response = own + at;
        const double rate = n / response;
        std::vector<double> next(callers + 1, 0.0);
        double sum = 0;
        for (std::uint32_t j = 1; j <= n; ++j)
            sum += next[j] = rate * service / std::min(j, servers) * there[j - 1];
        next[0] = 1 - sum;
        there = next;
    }
    return response;
}

std::vector<LevelPoint> levelsOf(const Saturation& truth, double noise = 0, std::uint32_t seed = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> error(0, noise);
    std::vector<LevelPoint> levels;
    for (const std::uint32_t n : {1U, 2U, 3U, 4U, 6U, 8U, 12U, 16U, 24U})
        levels.push_back({n, truth.responseS(n) * std::exp(error(random))});
    return levels;
}

class ClosedNetwork : public testing::TestWithParam<Saturation> { };

TEST_P(ClosedNetwork, responseIsThatOfMeanValueAnalysis)
{
    const Saturation& network = GetParam();
    for (std::uint32_t n = 1; n <= 20; ++n) {
        const double expected
            = meanValueAnalysis(network.ownS, network.serviceS, network.servers, n);
        EXPECT_NEAR(network.responseS(n), expected, expected * 1e-9) << n;
    }
}

TEST_P(ClosedNetwork, isFoundAgainFromItsOwnCurve)
{
    const Saturation& truth = GetParam();
    const Saturation fit = fitSaturation(levelsOf(truth));
    EXPECT_EQ(fit.times, Times::Exponential);
    EXPECT_EQ(fit.servers, truth.servers);
    EXPECT_NEAR(fit.ownS, truth.ownS, 0.01 * (truth.ownS + truth.serviceS));
    EXPECT_NEAR(fit.serviceS, truth.serviceS, 0.01 * truth.serviceS);
    EXPECT_LT(fit.error, 0.003);
}

TEST_P(ClosedNetwork, kneeIsFoundThroughNoise)
{
    const Saturation& truth = GetParam();
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(seed);
        const Saturation fit = fitSaturation(levelsOf(truth, 0.02, seed));
        ASSERT_TRUE(fit.knee());
        EXPECT_NEAR(*fit.knee(), *truth.knee(), 0.15 * *truth.knee());
        EXPECT_LE(fit.leastServers, fit.servers);
        EXPECT_GE(fit.mostServers, fit.servers);
    }
}

TEST_P(ClosedNetwork, isWhatTheSimulatorPlays)
{
    const Saturation& network = GetParam();
    for (const std::uint32_t n : {1U, 3U, 8U, 30U}) {
        const ProbePoint::Figures played = simulateLevel(network, n, 1);
        const double expected = network.responseS(n);
        EXPECT_NEAR(played.meanS, expected, 0.04 * expected) << n;
        // Little's law holds in the run itself, but for who is under way at its ends.
        EXPECT_NEAR(played.perS * played.meanS, n, 0.01 * n + 0.05) << n;
        EXPECT_LT(played.p50S, played.p95S);
        EXPECT_LT(played.p95S, played.p99S);
    }
}

INSTANTIATE_TEST_SUITE_P(Networks, ClosedNetwork,
                         testing::Values(Saturation{.ownS = 0.05, .serviceS = 0.02, .servers = 1},
                                         Saturation{.ownS = 0.01, .serviceS = 0.03, .servers = 2},
                                         Saturation{.ownS = 0.1, .serviceS = 0.1, .servers = 5}));

TEST(SaturationFit, aCallThatIsAllSharedHasItsServersAtTheKnee)
{
    // What two cores make of a function that only computes.
    std::vector<LevelPoint> levels;
    for (const std::uint32_t n : {1U, 2U, 4U, 8U})
        levels.push_back({n, 0.1 * std::max(1.0, n / 2.0)});
    const Saturation fit = fitSaturation(levels);
    ASSERT_TRUE(fit.knee());
    EXPECT_NEAR(*fit.knee(), 2, 0.05);
    EXPECT_NEAR(fit.mostPerS(), 20, 0.5);
    EXPECT_LT(fit.error, 0.01);
}

TEST(SaturationFit, constantTimesBendAtOnce)
{
    const Saturation truth{.times = Times::Constant, .ownS = 0.09, .serviceS = 0.03, .servers = 1};
    const Saturation fit = fitSaturation(levelsOf(truth));
    EXPECT_NEAR(*fit.knee(), 4, 0.1);
    // Four servers that take the whole call look the same from outside, and the fit says so.
    EXPECT_EQ(fit.leastServers, 1U);
    EXPECT_EQ(fit.mostServers, 4U);
    EXPECT_LT(fit.error, 0.003);
    EXPECT_NEAR(fit.mostPerS(), 1 / 0.03, 0.5);
}

TEST(SaturationFit, nothingSharedIsNoKnee)
{
    std::vector<LevelPoint> levels;
    std::mt19937 random(7);
    std::normal_distribution<double> error(0, 0.05);
    for (const std::uint32_t n : {1U, 2U, 4U, 8U, 16U})
        levels.push_back({n, 0.2 * std::exp(error(random))});
    const Saturation fit = fitSaturation(levels);
    EXPECT_EQ(fit.servers, 0U);
    EXPECT_EQ(fit.knee(), std::nullopt);
    EXPECT_EQ(fit.mostPerS(), 0);
    EXPECT_NEAR(fit.responseS(100), 0.2, 0.02);
}

TEST(SaturationFit, thousandCallersStayFinite)
{
    const Saturation network{.ownS = 1, .serviceS = 0.001, .servers = 3};
    EXPECT_NEAR(network.responseS(1000), 1.001, 0.01);
    const Saturation full{.ownS = 0.01, .serviceS = 0.1, .servers = 3};
    EXPECT_NEAR(full.responseS(1000), 1000 * 0.1 / 3, 1e-6 * 33);
}

} // namespace
