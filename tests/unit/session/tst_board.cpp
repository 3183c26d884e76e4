#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "session/board.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace std::chrono_literals;

namespace {

cost::PriceBook prices()
{
    std::ifstream file(COLDFRAME_SOURCE_DIR "/resources/prices/aws-lambda-us-east-1.json");
    std::ostringstream text;
    text << file.rdbuf();
    return cost::readPriceBook(text.str(), "prices").value();
}

TEST(LatencyHistogram, quantilesAreWithinTheirStatedError)
{
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> law(2.0, 1.5);
    LatencyHistogram histogram;
    std::vector<double> exact;
    for (int i = 0; i < 20'000; ++i) {
        exact.push_back(law(random));
        histogram.add(Duration(static_cast<Duration::rep>(exact.back() * 1e6)));
    }
    std::ranges::sort(exact);
    for (const double p : {0.01, 0.5, 0.95, 0.99, 0.999}) {
        const double truth = exact[static_cast<std::size_t>(std::ceil(p * 20'000)) - 1];
        EXPECT_NEAR(static_cast<double>(histogram.quantileMs(p)) / truth, 1.0, 0.016) << p;
    }
    EXPECT_TRUE(std::isnan(LatencyHistogram().quantileMs(0.5)));
}

/// A board that is told what an engine decides, as a session tells it.
struct Played {
    explicit Played(engine::FunctionRules rules)
    {
        engine::Configuration configuration;
        configuration.platform.keepAlive.survival = {{1h, 0}};
        configuration.platform.initLimit = 1h;
        configuration.platform.billingStep = 1ms;
        configuration.platform.mbPerVcpu = 0; // platform time is wall time
        rules.memoryMb = 1024;
        rules.timeout = 1h;
        configuration.functions = {rules};
        board.begin(kStart);
        board.setPrices(prices(), cost::Architecture::X86_64);
        board.setFunctions(1);
        step(0ms, engine::Configured{engine.define(std::move(configuration))});
    }
    void step(Duration after, const engine::Input& input)
    {
        actions.clear();
        engine.step(kStart + after, input, actions);
        board.stepped(kStart + after, engine, input, actions);
        for (const engine::Action& action : actions)
            if (const auto* meter = std::get_if<engine::Meter>(&action))
                board.attempt(kStart + after, *meter, 512);
    }
    /// An event comes; the instance that was started for it, if one was.
    InstanceId arrive(Duration after)
    {
        board.event(kStart + after, -1);
        step(after, engine::Arrived{});
        const auto* start = actions.empty() ? nullptr : std::get_if<engine::Start>(&actions[0]);
        return start ? start->instance : InstanceId{};
    }
    void work(Duration after, InstanceId instance)
    {
        step(after, engine::InitStarted{instance});
        step(after, engine::Ready{instance});
        step(after, engine::WorkStarted{instance});
    }
    void finish(Duration after, InstanceId instance, Duration wall)
    {
        step(after, engine::WorkFinished{.instance = instance, .wall = wall});
    }
    Snapshot picture(Duration after)
    {
        Snapshot made;
        board.fill(made, kStart + after);
        return made;
    }

    static constexpr TimePoint kStart{1h};
    engine::Engine engine;
    engine::Actions actions;
    Board board;
};

TEST(Board, bucketsHoldWhatHappenedInThem)
{
    Played played({.reserved = 10});
    std::vector<InstanceId> instances;
    for (int i = 0; i < 10; ++i)
        instances.push_back(played.arrive(i * 100ms));
    played.work(900ms, instances[0]);
    played.work(900ms, instances[1]);
    played.finish(950ms, instances[0], 100ms);
    played.arrive(960ms); // finds the idle one
    played.arrive(970ms); // finds ten of ten in use
    played.finish(1'000ms, instances[1], 300ms); // the first moment of the next slice
    const Snapshot s = played.picture(1'100ms);
    ASSERT_EQ(s.buckets.size(), 3U);
    EXPECT_EQ(s.buckets[0].arrived, 5U);
    EXPECT_EQ(s.buckets[1].arrived, 7U);
    EXPECT_EQ(s.buckets[1].ended, 1U);
    EXPECT_EQ(s.buckets[1].throttled, 1U);
    EXPECT_EQ(s.buckets[1].cold, 1U);
    EXPECT_EQ(s.buckets[2].ended, 1U);
    EXPECT_TRUE(std::isnan(s.buckets[0].p50Ms));
    EXPECT_NEAR(s.buckets[1].p50Ms, 100, 2);
    EXPECT_NEAR(s.buckets[2].p99Ms, 300, 5);
    // 0.4 GB-s and two requests, at the first tier
    EXPECT_EQ(s.totals.cost.picodollars(), 6'666'680 + 400'000);
    EXPECT_NEAR(s.buckets[2].requestsUsd + s.buckets[2].computeUsd, s.totals.cost.toDollars(),
                1e-12);
    EXPECT_NEAR(s.buckets[1].requestsUsd, 0.2e-6, 1e-12) << "priced when it closed";
}

TEST(Board, whatADebuggerHeldIsCountedNowhere)
{
    Played played({});
    const InstanceId held = played.arrive(0ms);
    played.work(10ms, held);
    played.step(10ms, engine::DebugPaused{held});
    played.finish(400ms, held, 390ms);
    const Snapshot s = played.picture(450ms);
    EXPECT_EQ(s.buckets[0].arrived, 1U);
    EXPECT_EQ(s.buckets[0].ended, 0U);
    EXPECT_EQ(s.buckets[0].cold, 0U);
    EXPECT_EQ(s.totals.coldStarts, 0U);
    EXPECT_EQ(s.totals.cost.picodollars(), 0);
    EXPECT_TRUE(std::isnan(s.buckets[0].p50Ms));
}

TEST(Board, theAccountsLimitIsOneHoweverManyShareIt)
{
    engine::Configuration configuration;
    configuration.platform.accountConcurrency = 1000;
    configuration.functions
        = {{.memoryMb = 128}, {.memoryMb = 128}, {.memoryMb = 128, .reserved = 50}};
    engine::Engine engine;
    Board board;
    board.begin(Played::kStart);
    board.setFunctions(3);
    engine::Actions actions;
    const engine::Configured input{engine.define(configuration)};
    engine.step(Played::kStart, input, actions);
    board.stepped(Played::kStart, engine, input, actions);
    Snapshot picture;
    board.fill(picture, Played::kStart);
    EXPECT_EQ(picture.buckets.back().limit, 1000.0F) << "950 for two of them, 50 for the third";
}

TEST(Board, aFunctionIsFailingUntilItSucceeds)
{
    Played played({});
    const auto state = [&](Duration after) { return played.picture(after).functions.at(0).state; };
    EXPECT_EQ(state(0s), "idle");
    played.board.ended(0, false);
    EXPECT_EQ(state(1s), "failing");
    EXPECT_EQ(state(10min), "failing") << "nothing has shown that it is mended";
    played.board.ended(0, true);
    EXPECT_EQ(state(10min), "idle");
}

TEST(Board, aSliceBeginsWithThePoolAsItWas)
{
    Played played({});
    const InstanceId instance = played.arrive(100ms);
    played.work(200ms, instance);
    played.finish(1'600ms, instance, 1'400ms);
    const Snapshot s = played.picture(2'100ms);
    ASSERT_EQ(s.buckets.size(), 5U);
    const auto row = [&](float Bucket::*figure) {
        std::vector<float> values;
        for (const Bucket& bucket : s.buckets)
            values.push_back(bucket.*figure);
        return values;
    };
    EXPECT_EQ(row(&Bucket::initialising), (std::vector<float>{1, 0, 0, 0, 0}));
    EXPECT_EQ(row(&Bucket::busy), (std::vector<float>{0, 1, 1, 1, 0}))
        << "one instance is never counted twice in a slice";
    EXPECT_EQ(row(&Bucket::idle), (std::vector<float>{0, 0, 0, 0, 1}));
}

TEST(Board, aProvisionedInstanceIsIdleOnceItIsReady)
{
    Played played({.provisioned = 1});
    const InstanceId instance{0, 1};
    played.step(50ms, engine::InitStarted{instance});
    played.step(100ms, engine::Ready{instance});
    EXPECT_TRUE(played.actions.empty()) << "nothing is asked for, and yet the pool has changed";
    const Snapshot s = played.picture(600ms);
    EXPECT_EQ(s.functions[0].pool.idle, 1U);
    EXPECT_EQ(s.functions[0].pool.initialising, 0U);
    EXPECT_EQ(s.buckets[0].initialising, 1);
    EXPECT_EQ(s.buckets[1].initialising, 0);
    EXPECT_EQ(s.buckets[1].idle, 1);
}

TEST(Board, onlyTheLastTwoMinutesAreKept)
{
    Played played({.reserved = 0});
    for (int i = 0; i < 10'000; ++i)
        played.arrive(i * 100ms);
    const Snapshot s = played.picture(1000s);
    EXPECT_EQ(s.buckets.size(), static_cast<std::size_t>(kBuckets));
    EXPECT_EQ(s.totals.events, 10'000U);
    EXPECT_EQ(s.buckets[0].arrived, 5U);
    const Snapshot later = played.picture(4600s); // after an hour of silence
    EXPECT_EQ(later.buckets.size(), static_cast<std::size_t>(kBuckets));
    EXPECT_EQ(later.firstBucketAt + kBucketLength * (kBuckets - 1), Played::kStart + 4600s);
    for (const Bucket& bucket : later.buckets)
        EXPECT_EQ(bucket.arrived, 0U);
}

} // namespace
