#include <cmath>

#include <gtest/gtest.h>

#include "random_model.h"
#include "sim/engine_run.h"
#include "sim/estimate.h"
#include "sim/metrics.h"
#include "sim/queue_metrics.h"

// Functions that read queues: what queueing theory and arithmetic know of them. Means of
// independent runs are compared within their 95 % confidence interval widened to 99.99 %; seeds are
// fixed, so a test that passes passes for ever.
namespace coldframe::sim {

namespace {

using namespace std::chrono_literals;
constexpr int kRuns = 20;

std::int64_t ns(double seconds)
{
    return static_cast<std::int64_t>(seconds * 1e9);
}

ArrivalModel poisson(double rate)
{
    return RandomArrivals{{{{0, rate}}, false}};
}

/// One queue, and one function that reads it on a pool without limits and cold starts.
Model oneQueue(engine::MappingRules mapping, ArrivalModel arrivals, Law service, double seconds,
               double warmUp = 0)
{
    Model model;
    model.platform.accountConcurrency = 0xffff'ffff;
    model.platform.billingStep = 1ms;
    model.window = {.from = ns(warmUp), .to = ns(seconds), .step = 0};
    model.queues = {{.name = "parts", .rules = {.visibility = 12h, .retention = 14 * 24h}}};
    FunctionModel function;
    function.name = "work";
    function.delivery = engine::Delivery::Batch;
    function.service = std::move(service);
    function.arrivals = std::move(arrivals);
    function.reads = QueueReader{.queue = 0, .rules = mapping, .perMessage = {}};
    model.functions.push_back(std::move(function));
    return model;
}

/// With a second queue that takes what was received `most` times.
Model withDeadLetters(Model model, std::uint32_t most)
{
    model.queues.push_back({.name = "dead", .rules = {.retention = 14 * 24h}});
    model.queues[0].rules.maxReceives = most;
    model.queues[0].rules.deadLetters = 1;
    return model;
}

std::vector<SystemFigures> runs(const Model& model, int count = kRuns)
{
    std::vector<SystemFigures> all;
    for (int i = 0; i < count; ++i)
        all.push_back(simulateSystem(model, replicationSeed(1, static_cast<std::uint64_t>(i))));
    return all;
}

double figure(const SystemFigures& run, const Model& model, const char* key, std::size_t queue = 0)
{
    return findQueueMetric(key)->of({run.queues.at(queue), model.window});
}

/// `slack`: share by which the figure itself may be off, as percentiles are.
void expectQueue(const std::vector<SystemFigures>& all, const Model& model, const char* key,
                 double oracle, double slack = 0)
{
    std::vector<double> values;
    for (const SystemFigures& run : all)
        values.push_back(figure(run, model, key));
    const auto found = estimate(values);
    ASSERT_TRUE(found && found->ci95) << key;
    // t(19): 4.9 at 99.99 %, 2.09 at 95 %.
    EXPECT_NEAR(found->mean, oracle, *found->ci95 * 4.9 / 2.09 + slack * oracle + 1e-12)
        << key << ": 95 % interval of " << *found->ci95 << ", replications of seed 1";
    EXPECT_LT(*found->ci95, .05 * oracle + 1e-12) << key << ": the interval proves nothing";
}

/// Probability to wait at `servers` for arrivals that bring so much load (Erlang 1917).
double erlangC(int servers, double load)
{
    double blocked = 1; // Erlang B, one server after the other
    for (int n = 1; n <= servers; ++n)
        blocked = load * blocked / (n + load * blocked);
    return blocked / (1 - load / servers * (1 - blocked));
}

} // namespace

/// Batches of one message, four at once: M/M/4. The wait's mean, its tail, and Little's law.
TEST(SimulatedQueues, OneMessageABatchIsErlangC)
{
    constexpr double kLoad = 3.4;
    constexpr int kServers = 4;
    const Model model = oneQueue({.batchSize = 1, .maxConcurrency = kServers}, poisson(kLoad),
                                 Law::exponential(1), 40'000, 500);
    const auto all = runs(model);
    const double waits = erlangC(kServers, kLoad), wait = waits / (kServers - kLoad);
    expectQueue(all, model, "waitS/mean", wait);
    expectQueue(all, model, "sentToDeletedS/mean", wait + 1);
    expectQueue(all, model, "depth", kLoad * (wait + 1));
    for (const auto& [key, beyond] : {std::pair{"waitS/p50", .5}, {"waitS/p95", .05}})
        expectQueue(all, model, key, std::log(waits / beyond) / (kServers - kLoad),
                    Histogram::kRelativeError);
    expectQueue(all, model, "batches", kLoad * 39'500);
    expectQueue(all, model, "batchSize", 1);
    for (const SystemFigures& run : all)
        EXPECT_EQ(run.functions[0].peakInUse, kServers);
}

/// Each receive fails with probability p: p^r of all messages end as dead letters.
TEST(SimulatedQueues, DeadLettersAreThoseThatFailedEachTime)
{
    constexpr double kFails = .4;
    constexpr int kReceives = 3;
    const double dead = std::pow(kFails, kReceives);
    const auto expectShare = [&](const Model& model) {
        const auto all = runs(model);
        expectQueue(all, model, "deadLetteredProbability", dead);
        expectQueue(all, model, "received", 5 * 20'000 * (1 - dead) / (1 - kFails));
        expectQueue(all, model, "returned", 5 * 20'000 * (1 - dead) / (1 - kFails) * kFails);
        for (const SystemFigures& run : all)
            EXPECT_EQ(run.queues[0].deadLettered, run.queues[1].movedIn);
    };
    // A batch is a message, and fails as a whole …
    Model model = withDeadLetters(
        oneQueue({.batchSize = 1}, poisson(5), Law::constant(.001), 20'000), kReceives);
    model.queues[0].rules.visibility = 1s;
    model.functions[0].failureShare = kFails;
    expectShare(model);
    // … or because its message does …
    model.functions[0].failureShare = 0;
    model.functions[0].reads->messageFailureShare = kFails;
    expectShare(model);
    // … or it is one of several that a batch names.
    model.functions[0].reads->rules = {.reportItemFailures = true, .batchSize = 10, .window = 1s};
    model.queues[0].rules.visibility = 3s;
    expectShare(model);
}

/// Without a list of failed messages one of them brings back all: a batch of n fails as often as
/// not all n succeed, and takes the good ones with it.
TEST(SimulatedQueues, OneBadMessageFailsItsBatch)
{
    Model model = withDeadLetters(
        oneQueue({.batchSize = 10, .window = 60s}, EvenArrivals{10}, Law::constant(.001), 20'000),
        1);
    model.queues[0].rules.visibility = 120s;
    model.functions[0].reads->messageFailureShare = .05;
    const auto all = runs(model);
    for (const SystemFigures& run : all)
        EXPECT_EQ(run.queues[0].batched, 10 * run.queues[0].batches);
    // What failed in the last two minutes has not left yet.
    expectQueue(all, model, "deadLetteredProbability", 1 - std::pow(.95, 10), .01);
}

/// A batch goes when it is full or its window is over; the window's last instant still counts.
TEST(SimulatedQueues, BatchesByCountAndByWindow)
{
    Model model
        = oneQueue({.batchSize = 10, .window = 5s}, EvenArrivals{10}, Law::constant(.5), 1'000.05);
    model.functions[0].reads->perMessage = Law::constant(.1);
    const SystemFigures full = simulateSystem(model, 1);
    EXPECT_EQ(full.queues[0].batches, 1000U);
    EXPECT_DOUBLE_EQ(figure(full, model, "batchSize"), 10);
    EXPECT_NEAR(figure(full, model, "waitS/mean"), .45, 1e-9);
    EXPECT_NEAR(figure(full, model, "sentToDeletedS/mean"), 1.95, 1e-9); // .5 s and ten of .1 s
    EXPECT_NEAR(figure(full, model, "peakAgeS"), 2.4, 1e-9);
    EXPECT_EQ(full.functions[0].arrived, 1000U); // invocations are batches
    model.functions[0].reads->rules = {.batchSize = 1000, .window = 1s};
    const SystemFigures windows = simulateSystem(model, 1);
    EXPECT_DOUBLE_EQ(figure(windows, model, "batchSize"), 11);
}

/// A delayed message is not received before its delay is over.
TEST(SimulatedQueues, DelaysAreWaits)
{
    Model model = oneQueue({}, EvenArrivals{.1}, Law::constant(1), 10'000);
    model.queues[0].rules.delay = 7s;
    const SystemFigures run = simulateSystem(model, 1);
    EXPECT_NEAR(figure(run, model, "waitS/mean"), 7, 1e-9);
    EXPECT_NEAR(figure(run, model, "sentToDeletedS/mean"), 8, 1e-9);
    EXPECT_NEAR(figure(run, model, "depth"), .8, .001);
}

/// Batches that find no room are given up when their messages show again. The function works
/// without pause, but where messages do not live as long as they wait, it does so on those about to
/// expire.
TEST(SimulatedQueues, NoRoomAndNoTimeLeft)
{
    Model model = oneQueue({.batchSize = 1}, EvenArrivals{1}, Law::constant(10), 5'000);
    model.functions[0].rules.reserved = 2; // a fifth of what comes
    model.queues[0].rules.visibility = 30s;
    for (const Duration retention : {Duration(14 * 24h), Duration(5min)}) {
        model.queues[0].rules.retention = retention;
        std::uint64_t late = 0; // worked on by two batches: what the first one says is nothing new
        const EngineRunOptions watched{.onStep = [&](TimePoint, const engine::Input&,
                                                     std::span<const engine::Action> actions) {
            for (const engine::Action& action : actions)
                late += std::holds_alternative<engine::Refuse>(action);
        }};
        const SystemFigures run = simulateSystem(model, 1, watched);
        const QueueFigures& queue = run.queues[0];
        EXPECT_EQ(queue.sent, queue.deleted + queue.expired + queue.left);
        EXPECT_NEAR(static_cast<double>(run.functions[0].attempts), 1000, 10);
        EXPECT_GT(run.functions[0].expired, 0U); // batches
        EXPECT_EQ(run.functions[0].rejected, 0U);
        EXPECT_EQ(run.functions[0].peakInUse, 2);
        if (retention > 1h) {
            EXPECT_EQ(queue.expired, 0U);
            EXPECT_EQ(queue.deleted + late, run.functions[0].attempts);
            EXPECT_GT(late, 0U);
            EXPECT_GT(figure(run, model, "peakAgeS"), 3000);
        } else {
            EXPECT_GT(queue.expired, 4000U);
            EXPECT_LE(figure(run, model, "peakAgeS"), 300);
        }
    }
}

/// A group has one batch at a time.
TEST(SimulatedQueues, GroupsOfAFifoQueue)
{
    Model model = oneQueue({.batchSize = 1}, poisson(20), Law::constant(1), 1'000);
    model.queues[0].rules.fifo = true;
    model.queues[0].groups = 3;
    const SystemFigures three = simulateSystem(model, 1);
    EXPECT_EQ(three.functions[0].peakInUse, 3);
    EXPECT_NEAR(static_cast<double>(three.queues[0].deleted), 3000, 10);
    model.queues[0].groups = 1'000'000;
    EXPECT_GT(simulateSystem(model, 1).functions[0].peakInUse, 15);
}

/// What a message costs depends on the seed, who sends, who reads, and its number: on no setting.
TEST(SimulatedQueues, TheSameMessagesUnderEveryRule)
{
    Model model
        = oneQueue({.batchSize = 1, .maxConcurrency = 2}, poisson(5), Law::constant(0), 1'000);
    model.functions[0].reads->perMessage = Law::lognormalOf(.1, .2);
    model.functions[0].arrivals = GivenArrivals{
        std::make_shared<std::vector<std::int64_t>>(std::vector<std::int64_t>(500, 1'000'000))};
    const SystemFigures two = simulateSystem(model, 7);
    ASSERT_EQ(two.queues[0].deleted, 500U);
    model.functions[0].reads->rules = {.batchSize = 10};
    const SystemFigures batches = simulateSystem(model, 7);
    EXPECT_EQ(batches.queues[0].batches, 55U); // the first five found one message each
    EXPECT_TRUE(two.functions[0].serviceNs == batches.functions[0].serviceNs);
    EXPECT_FALSE(two.functions[0].serviceNs == simulateSystem(model, 8).functions[0].serviceNs);
}

/// The service stands for its batch, visits to backends for its attempt.
TEST(SimulatedQueues, BatchesVisitBackends)
{
    Model model = oneQueue({.batchSize = 5}, EvenArrivals{1}, Law::constant(.2), 1'000.5);
    model.backends.push_back({.name = "db", .servers = 1});
    model.functions[0].visits = {{.backend = 0, .service = Law::constant(.3)}};
    model.functions[0].reads->messageFailureShare = 1;
    model.functions[0].reads->rules.reportItemFailures = true;
    model = withDeadLetters(model, 1);
    model.queues[0].rules.visibility = 1s;
    const SystemFigures run = simulateSystem(model, 1);
    EXPECT_EQ(run.functions[0].attempts, run.backends[0].answered);
    EXPECT_GT(run.queues[0].deadLettered, 990U);
    EXPECT_EQ(run.queues[0].deleted, 0U);
    EXPECT_NEAR(findMetric("responseS/mean")->of({run.functions[0], model.window, 1, 0}), .5, 1e-9);
}

} // namespace coldframe::sim
