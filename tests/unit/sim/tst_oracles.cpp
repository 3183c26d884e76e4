#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "sim/engine_run.h"
#include "sim/estimate.h"
#include "sim/metrics.h"
#include "sim/pool_kernel.h"

// What a simulation must find, because mathematics knows it. Every comparison is of the mean of
// independent runs with its 95 % confidence interval, widened to 99.99 %; seeds are fixed, so a
// test that passes passes for ever.
namespace coldframe::sim {

namespace {

using namespace std::chrono_literals;
constexpr int kRuns = 20;

Model oneFunction(double rate, Law service, double keepAliveS, double seconds, double warmUp = 0)
{
    Model model;
    model.platform.keepAlive.survival
        = {{Duration(static_cast<std::int64_t>(keepAliveS * 1e9)), 0}};
    model.platform.accountConcurrency = 0xffff'ffff;
    model.platform.billingStep = 1ms;
    model.window = {.from = static_cast<std::int64_t>(warmUp * 1e9),
                    .to = static_cast<std::int64_t>(seconds * 1e9),
                    .step = 0};
    FunctionModel function;
    function.name = "f";
    function.service = std::move(service);
    function.arrivals = RandomArrivals{{{{0, rate}}, false}};
    model.functions.push_back(std::move(function));
    return model;
}

std::vector<Figures> runs(const Model& model, int count = kRuns)
{
    std::vector<Figures> all;
    for (int i = 0; i < count; ++i) {
        const std::uint64_t seed = replicationSeed(1, static_cast<std::uint64_t>(i));
        all.push_back(kernelIsExact(model.platform, model.functions[0])
                          ? simulateKernel(model.platform, model.functions[0], seed, model.window)
                          : simulateEngine(model, seed).front());
    }
    return all;
}

/// The mean over the runs is the oracle's within its confidence interval of 99.99 %.
void expectFinds(const std::vector<Figures>& all, const Window& window, const char* key,
                 double oracle)
{
    std::vector<double> values;
    for (const Figures& figures : all)
        values.push_back(findMetric(key)->of({figures, window, 1, 0}));
    const auto found = estimate(values);
    ASSERT_TRUE(found && found->ci95) << key;
    // t(19): 4.9 at 99.99 %, 2.09 at 95 %.
    EXPECT_NEAR(found->mean, oracle, *found->ci95 * 4.9 / 2.09 + 1e-12)
        << key << ": 95 % interval of " << *found->ci95;
}

double erlangB(int servers, double load)
{
    double b = 1;
    for (int k = 1; k <= servers; ++k)
        b = load * b / (k + load * b);
    return b;
}

} // namespace

TEST(Oracles, ErlangBAsPublished)
{
    EXPECT_NEAR(erlangB(5, 3), .110054348, 1e-9);
    EXPECT_NEAR(erlangB(10, 8), .121661064, 1e-9);
    EXPECT_NEAR(erlangB(100, 90), .0269573805, 1e-10);
    EXPECT_NEAR(erlangB(1000, 950), .00364929369, 1e-11);
}

/// An unlimited pool: the number at work is Poisson, whatever the law of the service.
TEST(Oracles, BusyCountIsPoisson)
{
    const double load = .9 * 1.991;
    for (const Law& service :
         {Law::exponential(1.991), Law::constant(1.991), Law::lognormalOf(1.991, 4)}) {
        const Model model = oneFunction(.9, service, 600, 210'000, 10'000);
        const auto all = runs(model);
        double expected = std::exp(-load);
        for (std::size_t k = 0; k < 4; ++k) {
            std::vector<double> shares;
            for (const Figures& figures : all)
                shares.push_back(static_cast<double>(figures.inUseHeld.at(k)) / 200e12);
            const auto found = estimate(shares);
            EXPECT_NEAR(found->mean, expected, *found->ci95 * 2.35) << describe(service) << k;
            expected *= load / static_cast<double>(k + 1);
        }
        expectFinds(all, model.window, "busyInstances", load);
    }
}

TEST(Oracles, ErlangBOfALimit)
{
    struct Case {
        int limit;
        double load;
    };
    for (const Case& each : {Case{5, 3}, Case{10, 8}, Case{100, 90}}) {
        for (const Law& service : {Law::exponential(1), Law::lognormalOf(1, 2)}) {
            Model model = oneFunction(each.load, service, 600, 200'000 / each.load, 100);
            model.functions[0].rules.reserved = static_cast<std::uint32_t>(each.limit);
            expectFinds(runs(model), model.window, "rejectedProbability",
                        erlangB(each.limit, each.load));
        }
    }
}

/// One instance, refused while it works: cold when nothing came for the keep-alive.
TEST(Oracles, OneInstanceColdProbability)
{
    for (const Law& service : {Law::exponential(2), Law::constant(30)}) {
        Model model = oneFunction(.01, service, 60, 2e6, 1000);
        model.functions[0].rules.reserved = 1;
        expectFinds(runs(model), model.window, "coldStartProbability", std::exp(-.01 * 60));
    }
}

/// The same with a keep-alive that is drawn anew each time, evenly between 60 and 120 s.
TEST(Oracles, KeepAliveByACurve)
{
    Model model = oneFunction(.01, Law::exponential(2), 60, 2e6, 1000);
    model.platform.keepAlive.survival = {{60s, 1}, {120s, 0}};
    model.functions[0].rules.reserved = 1;
    expectFinds(runs(model), model.window, "coldStartProbability",
                (std::exp(-.6) - std::exp(-1.2)) / .6);
}

/// Most recently used first, exponential service, a cold start costs nothing. The series of facts
/// on first passages of M/M/inf, evaluated: cold 0.00132930665, alive 7.69193351.
TEST(Oracles, MostRecentlyUsedSeries)
{
    const Model model = oneFunction(.9, Law::exponential(1.991), 600, 2'020'000, 20'000);
    const auto all = runs(model);
    expectFinds(all, model.window, "coldStartProbability", .00132930665);
    expectFinds(all, model.window, "instances", 7.69193351);
    expectFinds(all, model.window, "lifespanS", 6429.4);
}

/// Least recently used first keeps every instance in turn: none is ever idle for the keep-alive,
/// and there are as many as were once busy together. The order costs instances, not cold starts.
TEST(Oracles, OrdersOfDispatchDiffer)
{
    Model model = oneFunction(.9, Law::exponential(1.991), 600, 120'000);
    const auto run = [&](engine::DispatchOrder order) {
        model.platform.dispatch = order;
        return simulateEngine(model, 1).front();
    };
    const Figures least = run(engine::DispatchOrder::LeastRecentlyUsed);
    EXPECT_EQ(least.cold, static_cast<std::uint64_t>(least.peakInUse));
    EXPECT_EQ(least.peakAlive, least.peakInUse);
    const Figures most = run(engine::DispatchOrder::MostRecentlyUsed);
    EXPECT_EQ(most.inUseHeld, least.inUseHeld);
    EXPECT_GT(most.cold, 5 * least.cold);
    EXPECT_LT(most.aliveNs * 4, least.aliveNs * 3);
}

/// SimFaaS's published example: newest first, a cold law instead of the service's.
TEST(Oracles, SimFaasExample)
{
    Model model = oneFunction(.9, Law::exponential(1.991), 600, 1e6);
    model.platform.dispatch = engine::DispatchOrder::Newest;
    model.functions[0].coldStart
        = {.mode = ColdStart::Mode::Replaced, .law = Law::exponential(2.244)};
    const auto all = runs(model, 8);
    const auto near = [&](const char* key, double published, double half) {
        std::vector<double> values;
        for (const Figures& figures : all)
            values.push_back(findMetric(key)->of({figures, model.window, 1, 0}));
        const auto found = estimate(values);
        EXPECT_NEAR(found->mean, published, 2 * (half + *found->ci95)) << key;
    };
    near("coldStartProbability", .00133694, 1.8e-5);
    near("instances", 7.6992, .0116);
    near("busyInstances", 1.7922, .0011);
    near("lifespanS", 6423.7, 81);
}

/// Calls wait instead of being refused: Erlang's waiting formula.
TEST(Oracles, ErlangCOfAQueue)
{
    Model model = oneFunction(8, Law::exponential(1), 600, 40'000, 200);
    model.functions[0].rules.maxInstances = 10;
    model.platform.saturation.policy = engine::Saturation::Policy::Queue;
    const auto all = runs(model);
    expectFinds(all, model.window, "queueWaitS", .409180151 / 2);
    std::vector<double> waited;
    for (const Figures& figures : all)
        waited.push_back(static_cast<double>(figures.waited)
                         / static_cast<double>(figures.cold + figures.warm));
    EXPECT_NEAR(estimate(waited)->mean, .409180151, *estimate(waited)->ci95 * 2.35);
}

/// Those who wait leave after half a second: M/M/10+D.
TEST(Oracles, QueueDeadline)
{
    Model model = oneFunction(8, Law::exponential(1), 600, 40'000, 200);
    model.functions[0].rules.reserved = 10;
    model.platform.saturation
        = {.policy = engine::Saturation::Policy::Queue, .maxLength = 0, .deadline = 500ms};
    expectFinds(runs(model), model.window, "expiredProbability", .0342275877);
}

/// One instance whose set-up takes 5 s, and a queue without end.
TEST(Oracles, QueueWithSetUp)
{
    Model model = oneFunction(.01, Law::exponential(2), 60, 4e6, 1000);
    model.functions[0].rules.maxInstances = 1;
    model.functions[0].coldStart = {.mode = ColdStart::Mode::Added, .law = Law::constant(5)};
    model.platform.saturation.policy = engine::Saturation::Policy::Queue;
    const auto all = runs(model);
    expectFinds(all, model.window, "coldStartProbability", .523471053);
    // The published mean wait counts the set-up as waiting.
    std::vector<double> waits;
    for (const Figures& figures : all)
        waits.push_back(cost::toDouble(figures.responseNs - figures.serviceNs) * 1e-9
                        / static_cast<double>(figures.response.count()));
    EXPECT_NEAR(estimate(waits)->mean, 2.77835627, *estimate(waits)->ci95 * 2.35);
}

/// One instance takes all that come while it is alive.
TEST(Oracles, UnboundedConcurrency)
{
    Model model = oneFunction(1.0 / 600, Law::exponential(30), 600, 6e6, 10'000);
    model.functions[0].rules.instanceConcurrency = 0;
    const auto all = runs(model);
    expectFinds(all, model.window, "coldStartProbability", .349937749);
    for (const Figures& figures : all)
        EXPECT_EQ(figures.peakAlive, 1);
}

/// Callers who wait for their answer and think: a closed network, solved by mean value analysis.
TEST(Oracles, ClosedLoopIsMeanValueAnalysis)
{
    constexpr int kClients = 12;
    constexpr double kThink = 2, kService = .5;
    Model model = oneFunction(1, Law::exponential(kService), 600, 20'000, 200);
    FunctionModel& function = model.functions[0];
    function.arrivals = ClosedLoop{kClients, Law::exponential(kThink)};
    function.rules.reserved = 1;
    model.platform.saturation.policy = engine::Saturation::Policy::Queue;
    double queue = 0, throughput = 0;
    for (int n = 1; n <= kClients; ++n) {
        const double response = kService * (1 + queue);
        throughput = n / (kThink + response);
        queue = throughput * response;
    }
    const auto all = runs(model);
    expectFinds(all, model.window, "responseS/mean", queue / throughput);
    expectFinds(all, model.window, "invocations", throughput * 19'800);
}

/// Provisioned instances first; what they cannot take spills over.
TEST(Oracles, ProvisionedSpill)
{
    Model model = oneFunction(1.7919, Law::exponential(1), 600, 50'000, 100);
    model.functions[0].rules.provisioned = 2;
    std::vector<double> shares;
    for (int i = 0; i < kRuns; ++i) {
        std::uint64_t spilled = 0, all = 0;
        const EngineRunOptions options{.onStep = [&](TimePoint, const engine::Input&,
                                                     std::span<const engine::Action> actions) {
            for (const engine::Action& action : actions)
                if (const auto* meter = std::get_if<engine::Meter>(&action))
                    ++all, spilled += !meter->provisioned;
        }};
        (void)simulateEngine(model, replicationSeed(2, static_cast<std::uint64_t>(i)), options);
        shares.push_back(static_cast<double>(spilled) / static_cast<double>(all));
    }
    const auto found = estimate(shares);
    EXPECT_NEAR(erlangB(2, 1.7919), .365095292, 1e-9);
    EXPECT_NEAR(found->mean, .365095292, *found->ci95 * 2.35);
}

/// Rounded up to 100 ms, an exponential duration of mean 100 ms is billed as 158.197671 ms.
TEST(Oracles, BillingRoundsUp)
{
    Model model = oneFunction(10, Law::exponential(.1), 600, 20'000);
    model.platform.billingStep = 100ms;
    std::vector<double> means;
    for (const Figures& figures : runs(model))
        means.push_back(static_cast<double>(figures.billedNs) * 1e-9
                        / static_cast<double>(figures.attempts));
    const auto found = estimate(means);
    EXPECT_NEAR(found->mean, .1 / (1 - std::exp(-1.0)), *found->ci95 * 2.35);
}

/// With failure share p and r retries: (1 - p^(r+1)) / (1 - p) attempts, lost p^(r+1).
TEST(Oracles, Retries)
{
    Model model = oneFunction(.5, Law::constant(.2), 600, 100'000);
    model.platform.retryDelays = {60s, 120s};
    FunctionModel& function = model.functions[0];
    function.delivery = engine::Delivery::Async;
    function.failureShare = .3;
    function.rules.retries = 2;
    std::vector<double> attempts, lost;
    for (const Figures& figures : runs(model)) {
        const auto ended = static_cast<double>(figures.response.count() + figures.deadLettered);
        lost.push_back(static_cast<double>(figures.deadLettered) / ended);
        attempts.push_back(static_cast<double>(figures.attempts)
                           / static_cast<double>(figures.arrived));
    }
    EXPECT_NEAR(estimate(lost)->mean, .027, estimate(lost)->ci95.value() * 2.35);
    // Some at the end still wait for their retry: at most 180 s of 100,000.
    EXPECT_NEAR(estimate(attempts)->mean, 1.39, estimate(attempts)->ci95.value() * 2.35 + .0018);
}

} // namespace coldframe::sim
