#include <gtest/gtest.h>

#include "virtual_driver.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

class EverySeed : public testing::TestWithParam<std::uint64_t> {
protected:
    std::string which() const { return "SIM_SEED=" + std::to_string(GetParam()); }
};

TEST_P(EverySeed, nothingIsLostDoubledOrLeftBehind)
{
    SCOPED_TRACE(which());
    VirtualDriver driver(GetParam());
    driver.run(false);
    const Tally& t = driver.tally;
    // Every synchronous call ended once or was refused once; every asynchronous one was acked or
    // given up exactly once.
    EXPECT_EQ(t.arrived, t.syncEnded + t.rejected + t.acked + t.deadLettered);
    driver.ledger->expectClosed();
    const auto functions = driver.engine.configuration().functions.size();
    std::uint64_t provisioned = 0, alive = 0;
    for (FunctionId f = 0; f < functions; ++f) {
        const PoolCounts counts = driver.engine.counts(f);
        EXPECT_EQ(counts.inUse, 0U);
        EXPECT_EQ(counts.busy, 0U);
        EXPECT_EQ(counts.initialising, 0U);
        EXPECT_EQ(counts.waiting + counts.delayed, 0U);
        const FunctionRules& own = driver.engine.configuration().functions[f];
        const std::uint32_t wanted
            = std::min(own.provisioned, own.maxInstances.value_or(own.provisioned));
        provisioned += wanted;
        alive += counts.idle;
    }
    EXPECT_EQ(t.started - t.stopped, alive); // births − deaths = alive
    const KeepAlive& keepAlive = driver.engine.configuration().platform.keepAlive;
    if (keepAlive.kind == KeepAlive::Kind::Survival && keepAlive.survival.empty()) {
        EXPECT_GE(alive, provisioned);
    } else {
        EXPECT_EQ(alive, provisioned);
    }
}

TEST_P(EverySeed, theSameInputsGiveTheSameActionsHoweverTheTimersFire)
{
    SCOPED_TRACE(which());
    VirtualDriver driver(GetParam());
    driver.run(true);
    // Replay without a single tick: those are not facts.
    Engine engine;
    for (std::uint32_t revision = 0;; ++revision)
        if (!driver.engine.hasRevision(revision))
            break;
        else
            engine.define(driver.engine.revision(revision));
    Actions again;
    for (const auto& [time, input] : driver.inputs)
        if (!std::holds_alternative<Tick>(input))
            engine.step(time, input, again);
    engine.step(driver.engine.now(), Tick{}, again);
    EXPECT_TRUE(again == driver.actions);
}

TEST_P(EverySeed, aCheckpointInTheMiddleChangesNothing)
{
    SCOPED_TRACE(which());
    VirtualDriver driver(GetParam());
    driver.run(false);
    Engine engine;
    for (std::uint32_t revision = 0; driver.engine.hasRevision(revision); ++revision)
        engine.define(driver.engine.revision(revision));
    Actions again;
    const std::size_t half = driver.inputs.size() / 2;
    for (std::size_t i = 0; i < half; ++i)
        engine.step(driver.inputs[i].first, driver.inputs[i].second, again);
    Engine second;
    for (std::uint32_t revision = 0; driver.engine.hasRevision(revision); ++revision)
        second.define(driver.engine.revision(revision));
    ASSERT_TRUE(second.load(engine.save()));
    for (std::size_t i = half; i < driver.inputs.size(); ++i)
        second.step(driver.inputs[i].first, driver.inputs[i].second, again);
    EXPECT_TRUE(again == driver.actions);
}

INSTANTIATE_TEST_SUITE_P(Simulation, EverySeed, testing::ValuesIn(seedsToRun()));

} // namespace
