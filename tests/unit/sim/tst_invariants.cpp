#include <gtest/gtest.h>

#include "random_model.h"
#include "sim/engine_run.h"
#include "sim/pool_kernel.h"

// What holds for every run, whatever its laws and rules.
namespace coldframe::sim::test {

/// Every rule of the engine at random: all that the kernel cannot do, too.
Model anyModel(std::uint64_t seed)
{
    Model model = RandomModel(seed).kernelModel();
    std::mt19937_64 random(seed ^ 0x5eed);
    const auto pick = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    model.platform.dispatch = static_cast<engine::DispatchOrder>(pick(5));
    model.platform.keepAlive.kind = static_cast<engine::KeepAlive::Kind>(pick(3));
    if (pick(2))
        model.platform.keepAlive.survival = {{1s, 1}, {3s, .5}, {6s, 0}};
    model.platform.retryDelays = {2s, 4s};
    const std::uint32_t functions = 1 + pick(3);
    for (std::uint32_t i = 1; i < functions; ++i) {
        model.functions.push_back(RandomModel(seed * 100 + i).kernelModel().functions.front());
        model.functions.back().name += "-" + std::to_string(i);
    }
    for (FunctionModel& function : model.functions) {
        function.delivery = pick(3) ? engine::Delivery::Sync : engine::Delivery::Async;
        function.rules.retries = pick(3);
        function.rules.maxEventAge = pick(2) ? Duration(10s) : Duration(6h);
        function.rules.instanceConcurrency = pick(3) ? 1 : pick(5);
        function.rules.provisioned = pick(4) || function.rules.reserved ? 0 : 1;
        if (function.delivery == engine::Delivery::Sync)
            function.clientRetry.tries = 1 + pick(3);
        if (pick(5) == 0)
            function.arrivals = ClosedLoop{1 + pick(6), Law::exponential(.5)};
    }
    return model;
}

/// The same where a timer decides how many instances there are.
Model timedModel(std::uint64_t seed)
{
    Model model = anyModel(seed);
    std::mt19937_64 random(seed ^ 0x71c);
    const auto pick = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    engine::Scaling& s = model.platform.scaling;
    s.decider = pick(2) ? engine::Scaling::Decider::Kpa : engine::Scaling::Decider::Target;
    s.tick = std::chrono::milliseconds(500 << pick(3));
    s.window = std::chrono::seconds(6 * (1 + pick(10)));
    s.panicWindow = s.window / 6;
    s.target = 1 + pick(5);
    s.maxUpRate = engine::kWhole * (2 + pick(20));
    s.toZeroGrace = std::chrono::seconds(pick(30));
    s.burstCapacity = pick(2) * 100;
    s.downDelay = std::chrono::seconds(5 * pick(3));
    s.addAtMost = pick(4);
    s.onDemand = pick(2) != 0;
    s.retires = pick(3) != 0;
    model.platform.saturation.startups = pick(2) ? engine::kWhole * 3 : 0;
    if (pick(3) == 0)
        model.platform.scaleUp = {.capacity = 1, .refill = 1s, .otherRefill = 5s};
    for (FunctionModel& function : model.functions) {
        function.rules.provisioned = 0;
        function.rules.minInstances = pick(4) ? 0 : 1;
        function.rules.otherWork = function.delivery == engine::Delivery::Async;
    }
    return model;
}

Model everyKind(std::uint64_t seed)
{
    return seed % 2 == 0 ? timedModel(seed) : anyModel(seed);
}

TEST(Invariants, HoldForEverySeed)
{
    std::uint64_t shared = 0, asynchronous = 0, timed = 0;
    for (const std::uint64_t seed : seedsToRun(800)) {
        const Model model = everyKind(seed);
        const auto all = simulateEngine(model, model.seed);
        ASSERT_EQ(all, simulateEngine(model, model.seed)) << "SIM_SEED=" << seed;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Figures& f = all[i];
            const FunctionModel& function = model.functions[i];
            EXPECT_EQ(f.arrived, f.cold + f.warm + f.rejected + f.expired + f.waiting)
                << "SIM_SEED=" << seed << " " << function.name;
            EXPECT_LE(f.idleNs + f.initNs, f.aliveNs) << "SIM_SEED=" << seed;
            EXPECT_LE(f.provisionedNs, f.billedNs) << "SIM_SEED=" << seed;
            EXPECT_LE(f.cold, f.instancesStarted + f.waited + 1) << "SIM_SEED=" << seed;
            EXPECT_LE(f.peakAlive, std::int64_t{function.rules.maxInstances.value_or(~0U)});
            EXPECT_LE(f.peakInUse, std::int64_t{function.rules.reserved.value_or(~0U)});
            // Little's law, exactly: the integral of a count is the sum of its times.
            cost::Wide held = 0, steps = 0;
            for (std::size_t n = 0; n < f.inUseHeld.size(); ++n)
                held += static_cast<cost::Wide>(f.inUseHeld[n]) * n;
            for (const Step& step : f.steps)
                steps += static_cast<cost::Wide>(step.inUseNs);
            EXPECT_EQ(held == f.inUseNs, true) << "SIM_SEED=" << seed;
            EXPECT_TRUE(f.steps.empty() || steps == f.inUseNs) << "SIM_SEED=" << seed;
            timed += model.platform.scaling.byTimer() && f.cold + f.warm > 0;
            shared += function.rules.instanceConcurrency != 1;
            asynchronous += function.delivery == engine::Delivery::Async;
        }
    }
    if (std::getenv("SIM_SEED"))
        return;
    EXPECT_GT(shared, 50U);
    EXPECT_GT(asynchronous, 50U);
    EXPECT_GT(timed, 200U);
}

/// Functions that share nothing have the same figures alone, together, and in any order.
TEST(Invariants, FunctionsThatShareNothingDoNotMatterToEachOther)
{
    for (const std::uint64_t seed : seedsToRun(200)) {
        Model model = everyKind(seed);
        model.platform.accountConcurrency = 0xffff'ffff;
        const auto together = simulateEngine(model, model.seed);
        Model reversed = model;
        std::ranges::reverse(reversed.functions);
        const auto other = simulateEngine(reversed, model.seed);
        for (std::size_t i = 0; i < together.size(); ++i) {
            EXPECT_TRUE(together[i] == other[together.size() - 1 - i]) << "SIM_SEED=" << seed;
            Model alone = model;
            alone.functions = {model.functions[i]};
            EXPECT_TRUE(together[i] == simulateEngine(alone, model.seed).front())
                << "SIM_SEED=" << seed;
        }
    }
}

/// Most recently used first, no init: a longer keep-alive never makes more cold starts.
TEST(Invariants, ColdStartsFallWithTheKeepAlive)
{
    for (const std::uint64_t seed : seedsToRun(200)) {
        Model model = RandomModel(seed).kernelModel();
        model.platform.scaleUp = {};
        FunctionModel& function = model.functions.front();
        function.coldStart.reset();
        function.rules = {};
        model.platform.accountConcurrency = 0xffff'ffff;
        std::uint64_t before = ~std::uint64_t{0};
        for (const int keep : {0, 1, 2, 5, 20, 300}) {
            model.platform.keepAlive.survival = {{std::chrono::seconds(keep), 0}};
            const Figures f = simulateKernel(model.platform, function, model.seed, model.window);
            EXPECT_LE(f.cold, before) << "SIM_SEED=" << seed << " keep-alive " << keep;
            before = f.cold;
        }
    }
}

} // namespace coldframe::sim::test
