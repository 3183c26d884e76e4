#include "stream_models.h"

// Functions that streams feed: what queueing theory and arithmetic know of them. Means of
// independent runs are compared within their 95 % confidence interval widened to 99.99 %; seeds are
// fixed, so a test that passes passes for ever.
namespace coldframe::sim {

/// One record after the other, evenly, each the whole batch: the age of the oldest goes from 0 to
/// the service, and is nothing between.
TEST(SimulatedStreams, OneLaneOfEvenRecordsIsDD1)
{
    const Model model = oneStream({.batchSize = 1}, EvenArrivals{2}, Law::constant(.3), 1'000);
    const SystemFigures run = simulateSystem(model, 1);
    EXPECT_NEAR(figure(run, model, "iteratorAgeS/mean"), 2 * .3 * .3 / 2, 1e-4);
    // .4 of the time there is none.
    EXPECT_EQ(run.streams[0].age.quantile(.39, model.window.to), 0);
    EXPECT_NEAR(figure(run, model, "iteratorAgeS/p50"), (.5 - .4) / 2, .05 * .01);
    EXPECT_NEAR(figure(run, model, "iteratorAgeS/p95"), (.95 - .4) / 2, .275 * .01);
    EXPECT_NEAR(figure(run, model, "iteratorAgeS/max"), .3, 1e-9);
    EXPECT_NEAR(figure(run, model, "recordToDoneS/mean"), .3, 1e-9);
    EXPECT_NEAR(figure(run, model, "backlog"), .6, 1e-3);
    EXPECT_EQ(figure(run, model, "batchSize"), 1);
    EXPECT_EQ(figure(run, model, "blockedS"), 0);
    EXPECT_EQ(run.functions[0].arrived, run.streams[0].batches);
}

/// Poisson records, a constant service: M/D/1. Each is the oldest while it is served, when its age
/// goes from its wait W to W + S: in the mean over time rho (E W + S / 2), which is E W by
/// Pollaczek and Khinchine.
TEST(SimulatedStreams, OneLaneOfPoissonRecordsIsMD1)
{
    constexpr double kRho = .7, kService = .5, kRate = kRho / kService;
    const Model model
        = oneStream({.batchSize = 1}, poisson(kRate), Law::constant(kService), 40'000, 500);
    std::vector<SystemFigures> all;
    for (std::uint64_t i = 0; i < kRuns; ++i)
        all.push_back(simulateSystem(model, replicationSeed(1, i)));
    const double wait = kRho * kService / (2 * (1 - kRho));
    expectMean(all, model, "iteratorAgeS/mean", wait);
    expectMean(all, model, "recordToDoneS/mean", wait + kService);
    expectMean(all, model, "backlog", kRate * (wait + kService));
    expectMean(all, model, "batches", kRate * 39'500);
    // Nobody is there for 1 - rho of the time.
    const Window& window = model.window;
    for (const SystemFigures& run : all) {
        EXPECT_EQ(run.streams[0].age.quantile(.28, window.to - window.from), 0);
        EXPECT_GT(run.streams[0].age.quantile(.32, window.to - window.from), 0);
        EXPECT_EQ(run.functions[0].peakInUse, 1);
    }
}

/// The same against Lindley's recursion, record by record: a law of many values.
TEST(SimulatedStreams, OneLaneFollowsLindley)
{
    Model model = oneStream({.batchSize = 1}, poisson(1), Law::lognormalOf(.8, 1.2), 5'000);
    std::vector<std::int64_t> came, done;
    const EngineRunOptions watched{.onShard = [&](TimePoint time, const ShardStep& step) {
        const std::int64_t now = time.time_since_epoch().count();
        if (step.what == ShardStep::What::Came)
            came.push_back(now);
        if (step.what == ShardStep::What::Ended)
            done.push_back(now);
    }};
    const SystemFigures run = simulateSystem(model, 3, watched);
    const Draws services(model.functions[0].service,
                         Stream(3, Draw::Service, model.functions[0].entity()));
    std::int64_t free = 0;
    ASSERT_GT(done.size(), 4000U);
    for (std::size_t i = 0; i < done.size(); ++i) {
        free = std::max(free, came[i]) + services.at(i);
        ASSERT_EQ(done[i], free) << i;
    }
    EXPECT_EQ(run.streams[0].left, came.size() - done.size());
}

/// A batch goes when it is full; what its records add to its service is part of it.
TEST(SimulatedStreams, FullBatchesAndWhatTheyTake)
{
    Model model = oneStream({.batchSize = 10, .batchWindowS = 5}, EvenArrivals{10},
                            Law::constant(.2), 1'000.05, 10);
    model.streams[0].perRecord = Law::constant(.05);
    const SystemFigures run = simulateSystem(model, 1);
    EXPECT_EQ(figure(run, model, "batchSize"), 10);
    // Full after .9 s, done .7 s later, when the next one's first record is .6 s old.
    EXPECT_NEAR(figure(run, model, "iteratorAgeS/mean"), 1.1, 1e-3);
    EXPECT_NEAR(figure(run, model, "iteratorAgeS/p50"), 1.1, 1.1 * .01);
    EXPECT_NEAR(figure(run, model, "iteratorAgeS/max"), 1.6, 1e-9);
    EXPECT_NEAR(figure(run, model, "recordToDoneS/mean"), .45 + .7, 1e-9);
    model.streams[0].rules.batchSize = 1000;
    model.streams[0].rules.batchWindowS = 1;
    const SystemFigures windows = simulateSystem(model, 1);
    EXPECT_EQ(figure(windows, model, "batchSize"), 11); // its last instant counts
}

/// Records that come at one instant are read together.
TEST(SimulatedStreams, RecordsOfOneInstantAreOneBatch)
{
    const Story story(oneStream({.batchSize = 100}, together(40), Law::constant(1), 100));
    ASSERT_EQ(story.lines.size(), 1U);
    EXPECT_EQ(story.lines[0].records.size(), 40U);
    EXPECT_EQ(story.lines[0].at, 1);
}

/// One record that always fails holds up the shard for its tries and the pauses between them.

} // namespace coldframe::sim
