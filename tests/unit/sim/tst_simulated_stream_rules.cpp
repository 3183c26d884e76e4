#include "stream_models.h"

// Functions that streams feed: what the rules say of failures, ages, windows, lanes and keys, by
// arithmetic. Seeds are fixed, so a test that passes passes for ever.
namespace coldframe::sim {

TEST(SimulatedStreams, APoisonedRecordBlocksUntilItIsGivenUp)
{
    Model model = oneStream({.batchSize = 1, .maximumRetryAttempts = 2}, at({10, 10.05}),
                            Law::constant(.1), 100);
    model.streams[0].poisonShare = 1;
    const Story story(model);
    std::vector<double> times;
    for (const Story::Line& line : story.lines)
        times.push_back(line.at);
    // Pauses of .2 and .4 s; then the other one.
    const std::vector<double> expected{10,   10.3, 10.8, 10.9, /* given up */
                                       10.9, 11.2, 11.7, 11.8};
    ASSERT_EQ(times.size(), expected.size());
    for (std::size_t i = 0; i < times.size(); ++i)
        EXPECT_NEAR(times[i], expected[i], 1e-9);
    const SystemFigures& run = story.run;
    EXPECT_EQ(run.streams[0].exhausted, 2U);
    EXPECT_EQ(run.streams[0].batches, 6U);
    EXPECT_EQ(run.streams[0].retries, 4U);
    EXPECT_EQ(run.streams[0].failed, 6U);
    EXPECT_EQ(run.functions[0].failedAttempts, 6U);
    EXPECT_NEAR(figure(run, model, "blockedS"), 2 * .8, 1e-9);
    EXPECT_EQ(figure(run, model, "peakBlockedShards"), 1);
    EXPECT_NEAR(figure(run, model, "iteratorAgeS/max"), 1.75, 1e-9);
    EXPECT_EQ(figure(run, model, "givenUpProbability"), 1);
}

namespace {

/// Attempts at a batch in which those at `poison` fail always, worked out by the rules as they
/// are written down. `retries`: for a record that is alone.
std::uint64_t halvedAttempts(const std::vector<bool>& poison, std::uint64_t retries, bool reports)
{
    const auto first = std::ranges::find(poison, true) - poison.begin();
    if (first == std::ssize(poison))
        return 1;
    if (poison.size() == 1)
        return retries + 1;
    if (reports && first > 0)
        return 1 + halvedAttempts({poison.begin() + first, poison.end()}, retries, reports);
    const auto middle = poison.begin() + std::ssize(poison) / 2;
    return 1 + halvedAttempts({poison.begin(), middle}, retries, reports)
        + halvedAttempts({middle, poison.end()}, retries, reports);
}

} // namespace

/// One poisoned record of 2^k: each halving fails once and succeeds once, then its own tries.
TEST(SimulatedStreams, HalvingTakesTwoAttemptsALevel)
{
    int seen = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Model model = oneStream(
            {.batchSize = 64, .maximumRetryAttempts = 3, .bisectBatchOnFunctionError = true},
            together(64), Law::constant(.01), 10'000);
        model.streams[0].poisonShare = .02;
        const SystemFigures run = simulateSystem(model, seed);
        if (run.streams[0].exhausted != 1)
            continue;
        ++seen;
        EXPECT_EQ(run.streams[0].batches, 2 * 6 + 3 + 1U);
        EXPECT_EQ(run.streams[0].done, 63U);
    }
    EXPECT_GT(seen, 50);
}

/// Whatever is poisoned: exactly the attempts that the rules make, and exactly those given up.
TEST(SimulatedStreams, AttemptsAtPoisonedBatches)
{
    std::map<std::size_t, int> poisoned;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const bool halves = seed % 2 == 0, reports = seed % 3 == 0;
        const int retries = static_cast<int>(seed % 4);
        constexpr std::size_t kRecords = 37;
        Model model = oneStream({.batchSize = 50,
                                 .maximumRetryAttempts = retries,
                                 .bisectBatchOnFunctionError = halves,
                                 .reportBatchItemFailures = reports},
                                together(kRecords), Law::constant(.01), 10'000);
        model.streams[0].poisonShare = .05;
        std::vector<bool> poison;
        for (std::uint64_t i = 0; i < kRecords; ++i)
            poison.push_back(unitOf(Stream(seed, Draw::Poison, entityOf("clicks")).bits(i)) < .05);
        const auto first
            = static_cast<std::size_t>(std::ranges::find(poison, true) - poison.begin());
        std::vector<Shard::Place> lost;
        for (std::size_t i = 0; i < kRecords; ++i)
            if (halves ? poison[i] : first < kRecords && (!reports || i >= first))
                lost.push_back(i);
        const Story story(model, seed);
        const auto tries = static_cast<std::uint64_t>(retries);
        EXPECT_EQ(story.run.streams[0].batches,
                  halves                 ? halvedAttempts(poison, tries, reports)
                      : first < kRecords ? tries + 1
                                         : 1)
            << seed;
        EXPECT_EQ(story.givenUp(), lost) << seed;
        // From the first failure until the last of the batch is done or given up.
        EXPECT_NEAR(figure(story.run, model, "blockedS"), first < kRecords ? story.lastS - 1.01 : 0,
                    1e-6)
            << seed;
        // Answers that name records are no errors of the function.
        EXPECT_EQ(story.run.functions[0].failedAttempts, reports ? 0 : story.run.streams[0].failed);
        ++poisoned[static_cast<std::size_t>(std::ranges::count(poison, true))];
        ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(poisoned.size(), 4U); // none, one, several
}

/// Work of 100 s at a time, a record every 10 s, none older than 60 s is begun: at 100 s the ones
/// of 10 to 30 s are too old, and the one of 40 s, which is 60 s old, is not.
TEST(SimulatedStreams, RecordsPastTheirAgeAreGivenUpAndNoOthers)
{
    std::vector<std::int64_t> times;
    for (std::int64_t i = 0; i < 100; ++i)
        times.push_back(i * 10'000'000'000);
    const Story story(oneStream(
        {.batchSize = 1, .maximumRecordAgeS = 60},
        GivenArrivals{std::make_shared<const std::vector<std::int64_t>>(std::move(times))},
        Law::constant(100), 1'000));
    std::vector<Shard::Place> begun, lost, found;
    for (Shard::Place i = 0; i <= 84; ++i) // what begins at 900 s ends with the run
        (i == 0 || i % 10 == 4 ? begun : lost).push_back(i);
    for (const Story::Line& line : story.lines)
        if (line.givenUp) {
            EXPECT_EQ(*line.givenUp, Shard::Reason::RecordAgeExceeded);
        } else {
            found.insert(found.end(), line.records.begin(), line.records.end());
        }
    EXPECT_EQ(found, begun);
    EXPECT_EQ(story.givenUp(), lost);
    EXPECT_EQ(story.run.streams[0].tooOld, lost.size());
    EXPECT_EQ(story.run.streams[0].done, 10U);
    EXPECT_EQ(story.run.streams[0].left, 15U);
}

/// Each window in which a record came ends once, when it is over; those without end never.
TEST(SimulatedStreams, TumblingWindowsEndOnce)
{
    Model model = oneStream({.batchSize = 5, .tumblingWindowS = 10},
                            at({1, 2, 9.9, 10, 35, 36, 59.5, 71, 99}), Law::constant(.2), 100);
    const Story story(model);
    std::vector<double> ends;
    std::vector<std::vector<Shard::Place>> batches;
    for (const Story::Line& line : story.lines)
        if (line.final)
            ends.push_back(line.at);
        else
            batches.push_back(line.records);
    // The work on 9.9 s and on 59.5 s ends later than its window (10.1) or before (59.7).
    EXPECT_EQ(ends, (std::vector<double>{10.1, 20, 40, 60, 80}));
    EXPECT_EQ(
        batches,
        (std::vector<std::vector<Shard::Place>>{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}}));
    EXPECT_EQ(figure(story.run, model, "windows"), 5); // the last one is open
    EXPECT_EQ(story.run.streams[0].batches, 9U); // ends are none
    EXPECT_EQ(story.run.functions[0].arrived, 14U); // but invocations
    // An end is tried until it succeeds.
    model.functions[0].failureShare = .5;
    model.streams[0].rules.maximumRetryAttempts = 0;
    const Story failing(model);
    EXPECT_EQ(failing.run.streams[0].exhausted + failing.run.streams[0].done, 9U);
    EXPECT_GT(failing.run.streams[0].exhausted, 1U);
    EXPECT_EQ(figure(failing.run, model, "windows"), 5);
    EXPECT_GT(failing.run.functions[0].failedAttempts, failing.run.streams[0].exhausted);
}

/// Refused invocations are no tries: with none to spare all is done in the end.
TEST(SimulatedStreams, ThrottlingIsNoTry)
{
    Model model = oneStream({.batchSize = 10, .maximumRetryAttempts = 0}, EvenArrivals{5},
                            Law::constant(.5), 10'000.01);
    model.streams[0].shards = 4;
    model.functions[0].rules.reserved = 1;
    const SystemFigures run = simulateSystem(model, 1);
    EXPECT_GT(run.streams[0].throttled, 1000U);
    EXPECT_EQ(run.streams[0].throttled, run.functions[0].rejected);
    EXPECT_EQ(run.streams[0].exhausted, 0U);
    EXPECT_EQ(run.streams[0].retries, 0U);
    EXPECT_EQ(run.streams[0].done + run.streams[0].left, run.streams[0].records);
    EXPECT_LT(run.streams[0].left, 1000U);
    EXPECT_EQ(run.functions[0].peakInUse, 1);
    EXPECT_GT(figure(run, model, "blockedShards"), .5);
    EXPECT_GE(figure(run, model, "peakBlockedShards"), 3);
}

/// Each shard has so many batches at work as it has lanes, and no more.
TEST(SimulatedStreams, LanesOfShards)
{
    Model model = oneStream({.batchSize = 1, .parallelizationFactor = 3}, poisson(200),
                            Law::constant(1), 300);
    model.streams[0].shards = 5;
    EXPECT_EQ(simulateSystem(model, 1).functions[0].peakInUse, 15);
    model.streams[0].keys = 1; // all of one
    const SystemFigures one = simulateSystem(model, 1);
    EXPECT_EQ(one.functions[0].peakInUse, 1);
    EXPECT_NEAR(static_cast<double>(one.streams[0].done), 299, 1);
}

/// What a record costs and whether it fails depends on the seed, the stream and its number.
TEST(SimulatedStreams, TheSameRecordsUnderEveryRule)
{
    Model model = oneStream({.batchSize = 1}, together(500), Law::constant(0), 1'000);
    model.streams[0].perRecord = Law::lognormalOf(.1, .2);
    const SystemFigures one = simulateSystem(model, 7);
    ASSERT_EQ(one.streams[0].done, 500U);
    model.streams[0].rules.batchSize = 40;
    model.streams[0].rules.parallelizationFactor = 2;
    const SystemFigures many = simulateSystem(model, 7);
    EXPECT_LT(many.streams[0].batches, 20U);
    EXPECT_TRUE(one.functions[0].serviceNs == many.functions[0].serviceNs);
    EXPECT_FALSE(one.functions[0].serviceNs == simulateSystem(model, 8).functions[0].serviceNs);
}

/// A record that fails with probability p at each try, alone in its batch: (1 - p^(r + 1)) /
/// (1 - p) attempts, and p^(r + 1) given up.
TEST(SimulatedStreams, RecordsThatFailAtRandom)
{
    constexpr double kFails = .4;
    Model model
        = oneStream({.batchSize = 1, .maximumRetryAttempts = 2, .parallelizationFactor = 10},
                    poisson(5), Law::constant(.01), 8'000);
    model.streams[0].shards = 8;
    model.streams[0].recordFailureShare = kFails;
    std::vector<SystemFigures> all;
    for (std::uint64_t i = 0; i < kRuns; ++i)
        all.push_back(simulateSystem(model, replicationSeed(1, i)));
    expectMean(all, model, "givenUpProbability", std::pow(kFails, 3));
    expectMean(all, model, "batches", 5 * 8'000 * (1 - std::pow(kFails, 3)) / (1 - kFails));
    // The same of batches that fail as a whole, whatever is in them.
    model.streams[0].recordFailureShare = 0;
    model.functions[0].failureShare = kFails;
    all.clear();
    for (std::uint64_t i = 0; i < kRuns; ++i)
        all.push_back(simulateSystem(model, replicationSeed(1, i)));
    expectMean(all, model, "givenUpProbability", std::pow(kFails, 3));
}

/// Keys are as frequent as they should be, and each lies in one shard, spread evenly.
TEST(SimulatedStreams, KeysAndTheirShards)
{
    StreamModel model{.name = "clicks", .rules = {}, .shards = 8, .keys = 1000, .perRecord = {}};
    constexpr std::uint64_t kRecords = 200'000;
    for (const double exponent : {0.0, 1.0}) {
        model.zipfExponent = exponent;
        const StreamKeys keys(model, 5);
        std::map<std::uint64_t, std::uint64_t> counts;
        std::map<std::uint32_t, std::uint64_t> places;
        for (std::uint64_t i = 0; i < kRecords; ++i)
            ++counts[keys.hashOf(i)];
        for (const auto& [hash, count] : counts)
            ++places[keys.shardOf(hash)];
        double sum = 0;
        for (int key = 1; key <= 1000; ++key)
            sum += std::pow(key, -exponent);
        std::vector<double> found;
        for (const auto& [hash, count] : counts)
            found.push_back(static_cast<double>(count) / double{kRecords});
        std::ranges::sort(found, std::greater{});
        EXPECT_LE(found.size(), 1000U);
        EXPECT_GT(found.size(), 990U);
        if (exponent > 0) {
            for (const int rank : {1, 2, 10})
                EXPECT_NEAR(found[static_cast<std::size_t>(rank - 1)], 1 / sum / rank,
                            .05 / sum / rank);
        } else {
            EXPECT_LT(found[0], 2 * .001);
        }
        ASSERT_EQ(places.size(), 8U);
        for (const auto& [shard, count] : places)
            EXPECT_NEAR(static_cast<double>(count), 125, 45);
    }
    model.keys = 0;
    model.zipfExponent = 0;
    const StreamKeys own(model, 5);
    EXPECT_NE(own.hashOf(1), own.hashOf(2));
}

/// An attempt of a batch visits backends as any other does.
TEST(SimulatedStreams, BatchesVisitBackends)
{
    Model model = oneStream({.batchSize = 5}, EvenArrivals{1}, Law::constant(.2), 1'000.5);
    model.backends.push_back({.name = "db", .servers = 1});
    model.functions[0].visits = {{.backend = 0, .service = Law::constant(.3)}};
    const SystemFigures run = simulateSystem(model, 1);
    EXPECT_EQ(run.functions[0].attempts, run.backends[0].answered);
    EXPECT_NEAR(figure(run, model, "recordToDoneS/mean"), .5, 1e-9);
}

} // namespace coldframe::sim
