#include "sim/keep_alive_curve.h"

#include <gtest/gtest.h>

#include "random_model.h"
#include "sim/pool_kernel.h"

using namespace coldframe;
using namespace coldframe::sim;
using namespace coldframe::sim::test;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

engine::Platform keeping(engine::Platform platform, std::int64_t keepAliveNs)
{
    platform.keepAlive = {.survival = {{Duration(keepAliveNs), 0}}};
    return platform;
}

/// Rules under which the curve says of itself that it is exact.
Model withoutLimits(Model model)
{
    FunctionModel& function = model.functions.front();
    model.platform.scaleUp = {};
    model.platform.accountConcurrency = 1'000'000;
    function.rules.reserved.reset();
    function.rules.maxInstances.reset();
    function.coldStart.reset();
    return model;
}

} // namespace

/// One pass gives what one simulation for each keep-alive gives, to the nanosecond.
TEST(KeepAliveCurve, isOneSimulationForEachKeepAlive)
{
    std::uint64_t compared = 0, cold = 0;
    for (const std::uint64_t seed : seedsToRun(300)) {
        SCOPED_TRACE("SIM_SEED=" + std::to_string(seed));
        const Model model = withoutLimits(RandomModel(seed).kernelModel());
        const FunctionModel& function = model.functions.front();
        if (!kernelIsExact(keeping(model.platform, kSecond), function))
            continue;
        const std::vector<std::int64_t> keepAlives{
            0, 1, kSecond / 100, kSecond, 10 * kSecond, 300 * kSecond, model.window.to * 2};
        const KeepAliveCurve curve
            = keepAliveCurve(model.platform, function, model.seed, model.window, keepAlives);
        ASSERT_EQ(curve.approximate, "");
        ASSERT_EQ(curve.points.size(), keepAlives.size());
        for (const KeepAlivePoint& point : curve.points) {
            const Figures figures = simulateKernel(keeping(model.platform, point.keepAliveNs),
                                                   function, model.seed, model.window);
            EXPECT_EQ(point.coldStarts, figures.cold) << point.keepAliveNs;
            EXPECT_TRUE(point.idleNs == figures.idleNs)
                << point.keepAliveNs << ": " << double(point.idleNs) << " against "
                << double(figures.idleNs);
            EXPECT_EQ(curve.arrived, figures.arrived);
            EXPECT_EQ(curve.peakInUse, figures.peakInUse);
            cold += point.coldStarts;
        }
        ++compared;
    }
    if (std::getenv("SIM_SEED"))
        return;
    EXPECT_GT(compared, 200U);
    EXPECT_GT(cold, 10'000U);
}

TEST(KeepAliveCurve, saysWhyItIsApproximate)
{
    Model plain;
    plain.platform.accountConcurrency = 1000;
    plain.window = {.to = 1000 * kSecond};
    plain.functions.emplace_back();
    plain.functions[0].arrivals = RandomArrivals{{{{0, 5}}, false}};
    plain.functions[0].service = Law::exponential(1);
    const auto why = [&](const auto& change) {
        Model model = plain;
        change(model.platform, model.functions[0]);
        const std::vector<std::int64_t> keepAlives{kSecond, 600 * kSecond};
        return keepAliveCurve(model.platform, model.functions[0], 1, model.window, keepAlives)
            .approximate;
    };
    using engine::Platform;
    EXPECT_EQ(why([](Platform&, FunctionModel&) {}), "");
    EXPECT_EQ(why([](Platform&, FunctionModel& f) { f.rules.instanceConcurrency = 2; }),
              "its instances serve several requests at once");
    EXPECT_EQ(
        why([](Platform& p, FunctionModel&) { p.scaling.decider = engine::Scaling::Decider::Kpa; }),
        "a timer decides how many instances it has");
    EXPECT_EQ(why([](Platform&, FunctionModel& f) { f.rules.provisioned = 1; }),
              "it has provisioned instances");
    EXPECT_EQ(why([](Platform& p, FunctionModel&) { p.dispatch = engine::DispatchOrder::Random; }),
              "the instance that went idle last is not the one that serves next");
    EXPECT_EQ(why([](Platform&, FunctionModel& f) {
                  f.coldStart = ColdStart{.law = Law::constant(0.2)};
              }),
              "its cold starts take time, during which an instance is busy");
    EXPECT_TRUE(why([](Platform& p, FunctionModel&) {
                    p.accountConcurrency = 4;
                }).ends_with("at once are more than the 4 it may have"));
    EXPECT_EQ(why([](Platform& p, FunctionModel&) {
                  p.scaleUp = {.capacity = 1, .refill = std::chrono::seconds(10)};
              }),
              "more starts at once than the platform allows");
}

/// Facts 4.7: most recently used, exponential service, a keep-alive of 600 s.
TEST(KeepAliveCurve, isTheClosedFormOfTheMostRecentlyUsedPool)
{
    FunctionModel function;
    function.name = "f";
    function.arrivals = RandomArrivals{{{{0, 0.9}}, false}};
    function.service = Law::exponential(1.991);
    engine::Platform platform;
    platform.accountConcurrency = 1'000'000;
    const Window window{.from = 20'000 * kSecond, .to = 20'020'000 * kSecond, .step = 0};
    const std::vector<std::int64_t> keepAlives{600 * kSecond};
    const KeepAliveCurve curve = keepAliveCurve(platform, function, 11, window, keepAlives);
    const double alive = double(curve.points[0].idleNs) / (20'000'000.0 * kSecond) + 0.9 * 1.991;
    const double cold = double(curve.points[0].coldStarts) / double(curve.arrived);
    // Some 24,000 cold starts; four standard errors.
    EXPECT_NEAR(cold, 0.00132930665, 0.00132930665 * 4 / std::sqrt(24'000.0));
    EXPECT_NEAR(alive, 7.69193351, 0.06);
}
