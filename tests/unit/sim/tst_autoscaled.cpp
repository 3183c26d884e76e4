#include <cmath>

#include <gtest/gtest.h>

#include "sim/engine_run.h"

// Pools whose instances a timer decides about, in virtual time, beside what can be worked out.
namespace coldframe::sim::test {

namespace {

using namespace std::chrono_literals;

Model knative(std::uint32_t concurrency, ArrivalModel arrivals, Law service, double seconds)
{
    Model model;
    model.platform.scaling.decider = engine::Scaling::Decider::Kpa;
    model.platform.saturation.policy = engine::Saturation::Policy::Queue;
    model.platform.accountConcurrency = 0xffff'ffff;
    model.platform.billingStep = 1ms;
    model.window.to = static_cast<std::int64_t>(seconds * 1e9);
    FunctionModel function;
    function.name = "f";
    function.rules.instanceConcurrency = concurrency;
    function.arrivals = std::move(arrivals);
    function.service = std::move(service);
    model.functions.push_back(std::move(function));
    return model;
}

ColdStart starts(double seconds)
{
    return {.law = Law::constant(seconds)};
}

double mean(cost::Wide integral, const Window& window)
{
    return cost::toDouble(integral) / static_cast<double>(window.to - window.from);
}

} // namespace

/// A Poisson load of rho requests needs rho / (target * use) instances; what is rounded up to whole
/// ones is half an instance more in the mean.
TEST(Knative, ASteadyLoadHasItsShareOfInstances)
{
    for (const double rho : {70.0, 350.0, 700.0}) {
        Model model
            = knative(10, RandomArrivals{{{{0, rho / .5}}, false}}, Law::exponential(.5), 3000);
        model.functions[0].coldStart = starts(1);
        model.window.from = 400'000'000'000;
        const Figures f = simulateEngine(model, 7).front();
        EXPECT_NEAR(mean(f.inUseNs, model.window), rho, rho * .01);
        const double instances = mean(f.aliveNs, model.window);
        EXPECT_NEAR(instances, rho / 7 + .5, .5 + rho / 7 * .01) << rho;
        EXPECT_EQ(f.expired + f.rejected, 0U);
        RecordProperty("instances_" + std::to_string(static_cast<int>(rho)),
                       std::to_string(instances));
    }
}

/// One request an instance, 70 % of which is aimed at: three instances for two requests.
TEST(Knative, OneRequestAnInstanceLeavesRoom)
{
    Model model = knative(1, RandomArrivals{{{{0, 200}}, false}}, Law::exponential(.5), 4000);
    model.window.from = 400'000'000'000;
    const Figures f = simulateEngine(model, 3).front();
    EXPECT_NEAR(mean(f.aliveNs, model.window), 100 / .7 + .5, 3);
    // So a call nearly never waits: the load is 3 standard deviations below the instances.
    EXPECT_LT(static_cast<double>(f.waited), .01 * static_cast<double>(f.arrived));
}

TEST(Knative, ABurstHasItsInstancesWithinTheShortWindow)
{
    // 7 at a time, and from 300 s on 70: ten instances instead of one.
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Model model = knative(10, RandomArrivals{{{{0, 7}, {300, 7}, {300, 70}}, false}},
                              Law::constant(1), 400);
        model.functions[0].coldStart = starts(.5);
        std::uint32_t before = 0, within = 0;
        EngineRunOptions options;
        const TimePoint burst{300s};
        // Starts come with ticks, which are no input: seen when they are told of.
        std::vector<std::pair<TimePoint, std::uint32_t>> seen;
        options.onStep
            = [&](TimePoint at, const engine::Input& in, std::span<const engine::Action>) {
                  if (std::holds_alternative<engine::InitStarted>(in))
                      ++(at < burst ? before : within), seen.emplace_back(at, before + within);
              };
        const Figures f = simulateEngine(model, seed, options).front();
        std::uint32_t inTime = before;
        for (const auto& [at, count] : seen)
            if (at <= burst + 6s)
                inTime = count;
        EXPECT_LE(before, 15U) << "seed " << seed; // a second one now and then
        EXPECT_GE(inTime - before, 8U) << "seed " << seed;
        EXPECT_LE(f.peakAlive, 30) << "seed " << seed;
        // The panic keeps them: nothing of the burst waits for a second burst of starts.
        EXPECT_LE(f.instancesStarted, before + 30U) << "seed " << seed;
    }
}

TEST(Knative, NobodyComesNothingHappens)
{
    // One call, then silence for an hour: a minute of instances and no more.
    Model model = knative(0, RandomArrivals{{{{0, 1000}, {.01, 1000}, {.01, 0}}, false}},
                          Law::constant(.1), 3600);
    const Figures f = simulateEngine(model, 1).front();
    ASSERT_GT(f.arrived, 0U);
    EXPECT_EQ(f.instancesStarted, 1U);
    EXPECT_NEAR(cost::toDouble(f.aliveNs) * 1e-9, 62, .5);
}

} // namespace coldframe::sim::test
