#include <gtest/gtest.h>

#include "random_model.h"
#include "sim/engine_run.h"
#include "sim/pool_kernel.h"

using namespace coldframe::sim;
using namespace coldframe::sim::test;

/// Wherever the kernel is chosen it gives what the engine gives, to the last bit of every figure.
TEST(PoolKernel, IsTheEngineOnRandomModels)
{
    std::uint64_t compared = 0, cold = 0, rejected = 0, timeouts = 0, arrived = 0, failed = 0;
    for (const std::uint64_t seed : seedsToRun(1000)) {
        const Model model = RandomModel(seed).kernelModel();
        const FunctionModel& function = model.functions.front();
        if (!kernelIsExact(model.platform, function))
            continue;
        const Figures fast = simulateKernel(model.platform, function, model.seed, model.window);
        const Figures slow = simulateEngine(model, model.seed).front();
        EXPECT_EQ(fast.arrived, slow.arrived) << "SIM_SEED=" << seed;
        EXPECT_EQ(fast.cold, slow.cold) << "SIM_SEED=" << seed;
        EXPECT_EQ(fast.rejected, slow.rejected) << "SIM_SEED=" << seed;
        EXPECT_EQ(fast.unfinished, slow.unfinished) << "SIM_SEED=" << seed;
        EXPECT_EQ(fast.billedNs == slow.billedNs, true) << "SIM_SEED=" << seed;
        EXPECT_EQ(fast.inUseHeld, slow.inUseHeld) << "SIM_SEED=" << seed;
        EXPECT_EQ(fast.aliveHeld, slow.aliveHeld) << "SIM_SEED=" << seed;
        ASSERT_TRUE(fast == slow) << "SIM_SEED=" << seed;
        ++compared;
        cold += fast.cold, rejected += fast.rejected, timeouts += fast.timeouts;
        arrived += fast.arrived, failed += fast.failedAttempts;
    }
    if (std::getenv("SIM_SEED"))
        return;
    // The models are worth comparing.
    EXPECT_GT(compared, 500U);
    EXPECT_GT(cold, 5'000U);
    EXPECT_GT(rejected, 5'000U);
    EXPECT_GT(timeouts, 2'000U);
    EXPECT_GT(failed, 2'000U);
}
