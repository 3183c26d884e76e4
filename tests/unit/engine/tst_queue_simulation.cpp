#include <gtest/gtest.h>

#include "queue_world.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

class QueueSeeds : public testing::TestWithParam<std::uint64_t> {
protected:
    std::string which() const { return "SIM_SEED=" + std::to_string(GetParam()); }
    /// An engine that knows the configurations of another.
    static Engine likeOf(const Engine& engine)
    {
        Engine other;
        for (std::uint32_t revision = 0; engine.hasRevision(revision); ++revision)
            other.define(engine.revision(revision));
        return other;
    }
};

TEST_P(QueueSeeds, noMessageIsLostDoubledOvertakenOrLeftBehind)
{
    SCOPED_TRACE(which());
    QueueWorld world(GetParam());
    world.run();
    world.book.expectClosed();
    for (MappingId mapping = 0; mapping < world.engine.configuration().mappings.size(); ++mapping)
        EXPECT_EQ(world.engine.mapping(mapping).gathered, 0U);
    for (FunctionId f = 0; f < world.engine.configuration().functions.size(); ++f)
        EXPECT_EQ(world.engine.counts(f).inUse + world.engine.counts(f).waiting, 0U);
}

TEST_P(QueueSeeds, theSameInputsGiveTheSameActionsWithoutTimers)
{
    SCOPED_TRACE(which());
    QueueWorld world(GetParam());
    world.run();
    Engine engine = likeOf(world.engine);
    Actions again;
    for (const auto& [time, input] : world.inputs)
        engine.step(time, input, again);
    engine.step(world.engine.now(), Tick{}, again);
    EXPECT_TRUE(again == world.actions);
}

TEST_P(QueueSeeds, aCheckpointInTheMiddleChangesNothing)
{
    SCOPED_TRACE(which());
    QueueWorld world(GetParam());
    world.run();
    Engine first = likeOf(world.engine), second = likeOf(world.engine);
    Actions again;
    const std::size_t half = world.inputs.size() / 2;
    for (std::size_t i = 0; i < half; ++i)
        first.step(world.inputs[i].first, world.inputs[i].second, again);
    ASSERT_TRUE(second.load(first.save()));
    for (std::size_t i = half; i < world.inputs.size(); ++i)
        second.step(world.inputs[i].first, world.inputs[i].second, again);
    second.step(world.engine.now(), Tick{}, again);
    EXPECT_TRUE(again == world.actions);
}

INSTANTIATE_TEST_SUITE_P(Queues, QueueSeeds, testing::ValuesIn(queueSeeds()));

TEST(QueueSimulation, comesPastEverything)
{
    QueueBook all;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        QueueWorld world(seed);
        world.run();
        const QueueBook& book = world.book;
        all.sent += book.sent, all.moved += book.moved, all.batches += book.batches;
        all.returned += book.returned, all.done += book.done, all.partly += book.partly;
        all.duplicates += book.duplicates, all.refused += book.refused;
        all.unserved += book.unserved, all.expired += book.expired;
        all.filteredOut += book.filteredOut, all.emptied += book.emptied;
    }
    EXPECT_GT(all.sent, 10'000U);
    EXPECT_GT(all.batches, 2'000U);
    EXPECT_GT(all.done, 2'000U);
    EXPECT_GT(all.returned, 1'000U);
    EXPECT_GT(all.moved, 200U);
    EXPECT_GT(all.partly, 100U);
    EXPECT_GT(all.duplicates, 100U);
    EXPECT_GT(all.refused, 20U);
    EXPECT_GT(all.unserved, 100U);
    EXPECT_GT(all.filteredOut, 100U);
    EXPECT_GT(all.emptied, 10U);
    EXPECT_GT(all.expired, 100U);
}

} // namespace
