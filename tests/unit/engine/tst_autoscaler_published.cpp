#include <gtest/gtest.h>

#include "engine/autoscaler.h"

// The cases of Knative's own test of its autoscaler.

using namespace coldframe;
using namespace coldframe::engine;
using namespace std::chrono_literals;

namespace {

/// One look of the autoscaler: both windows are filled to have these averages.
struct Look {
    int at; ///< s
    std::uint32_t ready;
    double longTerm, shortTerm;
    std::uint32_t wanted;
};
struct PublishedCase {
    const char* name;
    std::uint32_t target;
    std::vector<Look> looks;
    Millionths upRate = 10 * kWhole, downRate = 10 * kWhole;
    std::uint32_t found = 0; ///< it begins in panic with so many
};

/// Loads of whole requests with this integral over the time, in requests times ns.
void fill(Autoscaler& scaler, TimePoint& now, Duration time, std::int64_t integral)
{
    const std::int64_t low = integral / time.count(), more = integral % time.count();
    scaler.settle(now + (time - Duration(more)), static_cast<std::uint32_t>(low));
    scaler.settle(now += time, static_cast<std::uint32_t>(low + 1));
}

class Published : public testing::TestWithParam<PublishedCase> { };

} // namespace

/// The cases that Knative's own test has for its autoscaler: autoscaler_test.go of knative/serving
/// at 01f103ef, read 2026-11-27. Those that end with no instance are left out: going to zero is not
/// autoscaler.go's business alone.
TEST_P(Published, isDecidedAsKnativeDecidesIt)
{
    const PublishedCase& published = GetParam();
    Scaling rules;
    rules.decider = Scaling::Decider::Kpa;
    rules.target = published.target;
    rules.targetUse = kWhole;
    rules.maxUpRate = published.upRate;
    rules.maxDownRate = published.downRate;
    Autoscaler scaler;
    scaler.wake(TimePoint{}, rules, 1);
    TimePoint filled{};
    if (published.found > 0)
        scaler.found(TimePoint{}, published.found);
    for (const Look& look : published.looks) {
        const auto inLong = static_cast<std::int64_t>(look.longTerm * 60e9 + .5),
                   inShort = static_cast<std::int64_t>(look.shortTerm * 6e9 + .5);
        ASSERT_GE(inLong, inShort);
        fill(scaler, filled, 54s, inLong - inShort);
        fill(scaler, filled, 6s, inShort);
        const auto decision
            = scaler.decide(TimePoint(std::chrono::seconds(look.at)), rules, 0,
                            {.ready = look.ready, .alive = look.ready, .load = 1, .most = 100'000});
        EXPECT_EQ(decision.wanted, look.wanted) << "at " << look.at << " s";
    }
}

INSTANTIATE_TEST_SUITE_P(
    KnativesOwn, Published,
    testing::Values(
        PublishedCase{"increase", 10, {{0, 1, 50, 10, 5}, {0, 1, 100, 10, 10}}},
        PublishedCase{"unpanicAfterSlowIncrease",
                      1,
                      {{0, 10, 11, 25, 25}, {30, 40, 30, 41, 41}, {62, 55, 50, 56, 50}}},
        PublishedCase{"extendPanicWindow", 1, {{0, 10, 11, 25, 25}, {30, 40, 30, 80, 80}}},
        PublishedCase{"stableModeDecrease", 10, {{0, 8, 100, 100, 10}, {1, 8, 50, 50, 5}}},
        PublishedCase{"panicModeExponentialTrackAndStabilize",
                      1,
                      {{0, 1, 6, 6, 6},
                       {0, 6, 36, 36, 36},
                       {1, 36, 216, 216, 216},
                       {1, 216, 1296, 1296, 1296},
                       {2, 1296, 1296, 1296, 1296}}},
        PublishedCase{"stableModeUnlimitedTbc", 181, {{0, 1, 21, 26, 1}}},
        PublishedCase{"zeroTbc", 10, {{0, 1, 50, 49, 5}}},
        PublishedCase{"stableModeNoChange", 10, {{0, 1, 50, 50, 5}}},
        PublishedCase{
            "panicStableLargerThanPanic", 1, {{5, 5, 50, 30, 50}}, 10 * kWhole, 10 * kWhole, 5},
        PublishedCase{
            "panicStableLessThanPanic", 1, {{5, 5, 20, 30, 30}}, 10 * kWhole, 10 * kWhole, 5},
        PublishedCase{"stableModeNoChangeAlreadyScaled", 10, {{0, 5, 50, 50, 5}}},
        PublishedCase{"increaseWithSmallScaleUpRate", 1, {{0, 2, 3, 3.1, 3}}, kWhole * 11 / 10},
        PublishedCase{"decreaseWithSmallScaleDownRate",
                      10,
                      {{0, 100, 1, 1, 90}},
                      10 * kWhole,
                      kWhole * 11 / 10},
        PublishedCase{"panicModeDoublePodCount", 10, {{0, 1, 50, 100, 10}}},
        PublishedCase{"panicThenUnpanicScaleDown",
                      10,
                      {{0, 1, 100, 100, 10},
                       {0, 10, 100, 1000, 100},
                       {30, 10, 1, 1, 100},
                       {61, 10, 1, 1, 1}}},
        PublishedCase{"rateLimitScaleUp", 10, {{0, 1, 1000, 1001, 10}, {0, 10, 1000, 1001, 100}}},
        PublishedCase{"rateLimitScaleDown", 10, {{0, 100, 1, 1, 10}, {0, 10, 1, 1, 1}}},
        PublishedCase{"useOnePodAsMinimumIfEndpointsNotFound", 10, {{0, 0, 1000, 888, 10}}}),
    [](const auto& row) { return std::string(row.param.name); });
