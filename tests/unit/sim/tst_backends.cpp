#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "random_model.h"
#include "sim/backend_metrics.h"
#include "sim/engine_run.h"
#include "sim/estimate.h"
#include "sim/metrics.h"
#include "sim/pool_kernel.h"

// Functions that visit backends: what queueing theory knows, and what holds for every run. Means of
// independent runs are compared within their 95 % confidence interval widened to 99.99 %; seeds are
// fixed, so a test that passes passes for ever.
namespace coldframe::sim {

namespace {

using namespace std::chrono_literals;
using Discipline = BackendRules::Discipline;
using OverLimit = BackendRules::OverLimit;
constexpr int kRuns = 20;

std::int64_t ns(double seconds)
{
    return static_cast<std::int64_t>(seconds * 1e9);
}

/// A function without work of its own on a pool without limits, and one backend: what comes to the
/// function comes to the backend.
Model oneBackend(BackendRules rules, ArrivalModel arrivals, Law service, double seconds,
                 double warmUp = 0)
{
    Model model;
    model.platform.accountConcurrency = 0xffff'ffff;
    model.platform.billingStep = 1ms;
    model.window = {.from = ns(warmUp), .to = ns(seconds), .step = 0};
    rules.name = "db";
    model.backends.push_back(std::move(rules));
    FunctionModel function;
    function.name = "f";
    function.service = Law::constant(0);
    function.visits = {{.backend = 0, .service = std::move(service)}};
    function.arrivals = std::move(arrivals);
    model.functions.push_back(std::move(function));
    return model;
}

ArrivalModel poisson(double rate)
{
    return RandomArrivals{{{{0, rate}}, false}};
}

std::vector<SystemFigures> runs(const Model& model, int count = kRuns)
{
    std::vector<SystemFigures> all;
    for (int i = 0; i < count; ++i)
        all.push_back(simulateSystem(model, replicationSeed(1, static_cast<std::uint64_t>(i))));
    return all;
}

void expectMean(const std::vector<double>& values, const char* key, double oracle)
{
    const auto found = estimate(values);
    ASSERT_TRUE(found && found->ci95) << key;
    // t(19): 4.9 at 99.99 %, 2.09 at 95 %.
    EXPECT_NEAR(found->mean, oracle, *found->ci95 * 4.9 / 2.09 + 1e-12)
        << key << ": 95 % interval of " << *found->ci95;
    EXPECT_LT(*found->ci95, .05 * oracle + 1e-12) << key << ": the interval proves nothing";
}

void expectBackend(const std::vector<SystemFigures>& all, const Model& model, const char* key,
                   double oracle)
{
    std::vector<double> values;
    for (const SystemFigures& run : all)
        values.push_back(
            findBackendMetric(key)->of({run.backends[0], model.window, model.backends[0]}));
    expectMean(values, key, oracle);
}

void expectFunction(const std::vector<SystemFigures>& all, const Model& model, const char* key,
                    double oracle)
{
    std::vector<double> values;
    for (const SystemFigures& run : all)
        values.push_back(findMetric(key)->of({run.functions[0], model.window, 1, 0}));
    expectMean(values, key, oracle);
}

/// Probabilities of 0 … most at once, for arrivals at `rate` (of n present) and services of mean 1
/// at `servers`.
template <typename Rate> std::vector<double> birthAndDeath(int servers, int most, Rate&& rate)
{
    std::vector<double> p{1};
    double sum = 1;
    for (int n = 1; n <= most; ++n) {
        p.push_back(p.back() * rate(n - 1) / std::min(n, servers));
        sum += p.back();
    }
    for (double& each : p)
        each /= sum;
    return p;
}

} // namespace

/// Erlang's waiting formula: ten servers at load 8.
TEST(Backends, FifoIsErlangC)
{
    constexpr double kErlangC = .409180151; // of 10 servers at load 8
    const Model model = oneBackend({.servers = 10}, poisson(8), Law::exponential(1), 15'000, 200);
    const auto all = runs(model);
    expectBackend(all, model, "waitS/mean", kErlangC / 2);
    expectBackend(all, model, "responseS/mean", 1 + kErlangC / 2);
    expectFunction(all, model, "responseS/mean", 1 + kErlangC / 2);
    expectBackend(all, model, "busyServers", 8);
    expectBackend(all, model, "utilisation", .8);
    expectBackend(all, model, "waitingVisits", 8 * kErlangC / 2);
    expectBackend(all, model, "connections", 8 + 8 * kErlangC / 2);
    expectBackend(all, model, "visits", 8 * 14'800);
}

/// Fifteen connections, ten of them at work: M/M/10/15. With as many as servers it is Erlang's
/// loss formula, whatever the law of the service.
TEST(Backends, RefusalsAreTheLossFormulas)
{
    const auto p = birthAndDeath(10, 15, [](int) { return 8.0; });
    const Model model = oneBackend({.servers = 10, .maxConnections = 15}, poisson(8),
                                   Law::exponential(1), 15'000, 200);
    const auto all = runs(model);
    expectBackend(all, model, "refusedProbability", p[15]);
    double waiting = 0;
    for (int n = 11; n <= 15; ++n)
        waiting += (n - 10) * p[static_cast<std::size_t>(n)];
    expectBackend(all, model, "waitS/mean", waiting / (8 * (1 - p[15])));
    expectBackend(all, model, "busyServers", 8 * (1 - p[15]));
    // A refused attempt is a failed one.
    expectFunction(all, model, "failedAttempts", 8 * 14'800 * p[15]);
    for (const SystemFigures& run : all)
        EXPECT_EQ(run.backends[0].peakConnections, 15);
    for (const Law& service : {Law::constant(1), Law::lognormalOf(1, 2)})
        for (const Discipline discipline : {Discipline::Fifo, Discipline::Sharing}) {
            const Model loss
                = oneBackend({.servers = 10, .discipline = discipline, .maxConnections = 10},
                             poisson(8), service, 10'000, 200);
            expectBackend(runs(loss), loss, "refusedProbability", .121661064);
        }
}

/// M/G/1 with processor sharing: the mean depends on the law's mean alone.
TEST(Backends, SharingKnowsOnlyTheMean)
{
    for (const Law& service : {Law::exponential(1), Law::lognormalOf(1, 1.5), Law::constant(1)}) {
        const Model model = oneBackend({.servers = 1, .discipline = Discipline::Sharing},
                                       poisson(.7), service, 100'000, 2'000);
        const auto all = runs(model);
        expectBackend(all, model, "responseS/mean", 1 / (1 - .7));
        expectBackend(all, model, "connections", .7 / (1 - .7));
        expectBackend(all, model, "utilisation", .7);
    }
}

/// With exponential services sharing ten servers is the same chain as standing in line for them.
TEST(Backends, SharingOfSeveralServers)
{
    const Model model = oneBackend({.servers = 10, .discipline = Discipline::Sharing}, poisson(8),
                                   Law::exponential(1), 15'000, 200);
    const auto all = runs(model);
    expectBackend(all, model, "responseS/mean", 1 + .409180151 / 2);
    expectBackend(all, model, "busyServers", 8);
}

/// Three share the server, the others wait for a connection: the M/M/1 chain again, whose tail
/// beyond three is what waits.
TEST(Backends, WaitingForAConnection)
{
    constexpr double kLoad = .8;
    const Model model = oneBackend({.servers = 1,
                                    .discipline = Discipline::Sharing,
                                    .maxConnections = 3,
                                    .overLimit = OverLimit::Wait},
                                   poisson(kLoad), Law::exponential(1), 200'000, 2'000);
    const auto all = runs(model);
    const double waiting = std::pow(kLoad, 4) / (1 - kLoad);
    expectBackend(all, model, "responseS/mean", 1 / (1 - kLoad));
    expectBackend(all, model, "waitingVisits", waiting);
    expectBackend(all, model, "waitS/mean", waiting / kLoad);
    expectBackend(all, model, "connections", kLoad / (1 - kLoad) - waiting);
}

/// Callers who wait and think, and a backend with one server or more: exact mean value analysis of
/// a closed network (Reiser and Lavenberg 1980), the marginal probabilities included.
TEST(Backends, ClosedLoopIsMeanValueAnalysis)
{
    constexpr int kClients = 12;
    constexpr double kThink = 2, kOwn = .4, kService = .5;
    for (const int servers : {1, 3}) {
        // p[j]: of j at the backend, with one client less.
        std::vector<double> p(kClients + 1);
        p[0] = 1;
        double response = 0, throughput = 0;
        for (int n = 1; n <= kClients; ++n) {
            response = 0;
            for (int j = 1; j <= n; ++j)
                response
                    += j * kService / std::min(j, servers) * p[static_cast<std::size_t>(j) - 1];
            throughput = n / (kThink + kOwn + response);
            double others = 0;
            for (int j = n; j >= 1; --j) {
                const auto at = static_cast<std::size_t>(j);
                p[at] = throughput * kService / std::min(j, servers) * p[at - 1];
                others += p[at];
            }
            p[0] = 1 - others;
        }
        // The same from the chain of a repair shop.
        const auto q = birthAndDeath(
            servers, kClients, [](int n) { return (kClients - n) * kService / (kThink + kOwn); });
        for (std::size_t j = 0; j < q.size(); ++j)
            ASSERT_NEAR(p[j], q[j], 1e-9);
        for (const Discipline discipline : {Discipline::Fifo, Discipline::Sharing}) {
            Model model = oneBackend(
                {.servers = static_cast<std::uint32_t>(servers), .discipline = discipline},
                ClosedLoop{kClients, Law::exponential(kThink)}, Law::exponential(kService), 15'000,
                200);
            model.functions[0].service = Law::lognormalOf(kOwn, .3);
            const auto all = runs(model);
            expectBackend(all, model, "responseS/mean", response);
            expectFunction(all, model, "responseS/mean", kOwn + response);
            expectFunction(all, model, "invocations", throughput * 14'800);
            expectBackend(all, model, "busyServers", throughput * kService);
        }
    }
}

/// Callers who call again at once, as a probe of a function does: all of them are at work always.
TEST(Backends, CallersWhoDoNotThink)
{
    constexpr int kClients = 6, kServers = 2;
    constexpr double kOwn = .4, kService = .5;
    const auto p
        = birthAndDeath(kServers, kClients, [](int n) { return (kClients - n) * kService / kOwn; });
    double busy = 0;
    for (int n = 1; n <= kClients; ++n)
        busy += std::min(n, kServers) * p[static_cast<std::size_t>(n)];
    Model model = oneBackend({.servers = kServers}, ClosedLoop{kClients, Law::constant(0)},
                             Law::exponential(kService), 15'000, 200);
    model.functions[0].service = Law::exponential(kOwn);
    const auto all = runs(model);
    expectBackend(all, model, "busyServers", busy);
    expectFunction(all, model, "responseS/mean", kClients * kService / busy);
    for (const SystemFigures& run : all)
        EXPECT_EQ(run.functions[0].peakAlive, kClients);
}

/// Two visits in a row at one backend and a third elsewhere: an open network, each place for itself
/// (Jackson 1957), own time between.
TEST(Backends, SeveralVisits)
{
    Model model = oneBackend({.servers = 1}, poisson(.4), Law::exponential(1), 200'000, 2'000);
    model.backends.push_back({.name = "api", .servers = 1});
    model.functions[0].service = Law::constant(.3);
    model.functions[0].visits = {{.backend = 0, .service = Law::exponential(1), .count = 2},
                                 {.backend = 1, .service = Law::exponential(1.5), .count = 1}};
    const auto all = runs(model);
    expectBackend(all, model, "visits", 2 * .4 * 198'000);
    expectBackend(all, model, "responseS/mean", 1 / (1 - .8));
    expectFunction(all, model, "responseS/mean", .3 + 2 / (1 - .8) + 1.5 / (1 - .6));
}

/// A backend that never makes anybody wait adds its service and nothing else; and what is drawn for
/// a visit depends on nothing but the seed, the function, the call, the attempt and the visit.
TEST(Backends, TheSameDrawsUnderEveryRule)
{
    Model model = oneBackend({.servers = 100'000}, poisson(5), Law::lognormalOf(.3, .5), 2'000);
    const SystemFigures free = simulateSystem(model, 7);
    EXPECT_EQ(free.backends[0].waitNs == 0, true);
    EXPECT_EQ(free.functions[0].responseNs == free.backends[0].responseNs, true);
    EXPECT_TRUE(free.functions[0].response == free.backends[0].response);
    model.backends[0].discipline = Discipline::Sharing;
    EXPECT_TRUE(free == simulateSystem(model, 7));
    model.backends[0].maxConnections = 100'000;
    EXPECT_TRUE(free == simulateSystem(model, 7));
    // One server asks the same work in other order.
    model.backends[0] = {.name = "db", .servers = 1};
    model.functions[0].arrivals = GivenArrivals{
        std::make_shared<std::vector<std::int64_t>>(std::vector<std::int64_t>(200, 1'000'000))};
    const SystemFigures one = simulateSystem(model, 7);
    model.backends[0].servers = 64;
    const SystemFigures many = simulateSystem(model, 7);
    EXPECT_EQ(one.backends[0].answered, 200U);
    EXPECT_EQ(one.backends[0].busyNs == many.backends[0].busyNs, true);
    EXPECT_GT(one.backends[0].responseNs, many.backends[0].responseNs);
    // A later visit does not change the draws of an earlier one.
    model.backends[0].servers = 100'000;
    model.functions[0].arrivals = poisson(5);
    model.backends.push_back({.name = "api", .servers = 100'000});
    model.functions[0].visits.push_back({.backend = 1, .service = Law::exponential(1)});
    EXPECT_TRUE(free.backends[0] == simulateSystem(model, 7).backends[0]);
}

/// Arrivals each second, 3 s of work, a timeout of 2 s: the one that has the server runs into its
/// timeout, the others into theirs while they wait. The server is busy for nobody.
TEST(Backends, TimeoutsWhileWaiting)
{
    Model model = oneBackend({.servers = 1}, EvenArrivals{1}, Law::constant(3), 3'000.5);
    model.functions[0].rules.timeout = 2s;
    const SystemFigures run = simulateSystem(model, 1);
    const BackendFigures& db = run.backends[0];
    EXPECT_EQ(run.functions[0].timeouts, run.functions[0].attempts);
    EXPECT_EQ(run.functions[0].response.quantile(.5), run.functions[0].response.quantile(1));
    EXPECT_EQ(db.answered, 0U);
    EXPECT_NEAR(static_cast<double>(db.abandoned), 1000, 2);
    EXPECT_NEAR(static_cast<double>(db.withdrawn), 2000, 2);
    EXPECT_EQ(db.visits, db.abandoned + db.withdrawn + db.open);
    EXPECT_NEAR(findBackendMetric("utilisation")->of({db, model.window, model.backends[0]}), 1,
                1e-3);
    // A second more, and those who get the server keep it until they are done.
    model.functions[0].rules.timeout = 3s;
    const BackendFigures patient = simulateSystem(model, 1).backends[0];
    EXPECT_GT(patient.answered, 0U);
}

/// An event that is refused at the backend is tried again by the engine, and given up in the end.
TEST(Backends, RefusedEventsAreRetried)
{
    Model model = oneBackend({.servers = 1, .maxConnections = 1}, EvenArrivals{1},
                             Law::constant(1000), 10'000);
    model.platform.retryDelays = {60s, 120s};
    FunctionModel& function = model.functions[0];
    function.delivery = engine::Delivery::Async;
    function.rules.retries = 2;
    function.rules.maxEventAge = 6h;
    function.arrivals = GivenArrivals{
        std::make_shared<std::vector<std::int64_t>>(std::vector<std::int64_t>{ns(1), ns(2)})};
    SystemFigures run = simulateSystem(model, 1);
    // The second at 2, 62 and 182 s; the first has the only connection until 1001 s.
    EXPECT_EQ(run.backends[0].visits, 4U);
    EXPECT_EQ(run.backends[0].refused, 3U);
    EXPECT_EQ(run.functions[0].failedAttempts, 3U);
    EXPECT_EQ(run.functions[0].deadLettered, 1U);
    function.visits[0].service = Law::constant(100);
    run = simulateSystem(model, 1); // given back at 101 s: the last try succeeds
    EXPECT_EQ(run.backends[0].refused, 2U);
    EXPECT_EQ(run.backends[0].answered, 2U);
    EXPECT_EQ(run.functions[0].deadLettered, 0U);
}

/// 10 s of own time and two visits of 1 s: they begin after 10/3 and 20/3 s of own work.
TEST(Backends, OwnTimeIsSpentInEqualParts)
{
    Model model = oneBackend({.servers = 1}, EvenArrivals{1}, Law::constant(1), 100);
    FunctionModel& function = model.functions[0];
    function.service = Law::constant(10);
    function.visits[0].count = 2;
    function.arrivals
        = GivenArrivals{std::make_shared<std::vector<std::int64_t>>(std::vector<std::int64_t>{0})};
    const auto connected = [&](double until) {
        model.window.to = ns(until);
        return simulateSystem(model, 1).backends[0].connectionNs;
    };
    EXPECT_EQ(connected(3.333) == 0, true);
    EXPECT_EQ(connected(4.333333333) == 1'000'000'000, true);
    EXPECT_EQ(connected(7.666) == 1'000'000'000, true);
    EXPECT_EQ(connected(7.766666666) == 1'100'000'000, true);
    EXPECT_EQ(connected(20) == 2'000'000'000, true);
    EXPECT_EQ(simulateSystem(model, 1).functions[0].responseNs == 12'000'000'000, true);
    EXPECT_EQ(simulateSystem(model, 1).functions[0].serviceNs == 12'000'000'000, true);
    EXPECT_EQ(simulateSystem(model, 1).functions[0].billedNs == 12'000'000'000, true);
}

TEST(Backends, TheKernelIsNotForThem)
{
    const Model model = oneBackend({.servers = 1}, poisson(1), Law::constant(1), 10);
    EXPECT_FALSE(kernelIsExact(model.platform, model.functions[0]));
    FunctionModel without = model.functions[0];
    without.visits.clear();
    EXPECT_TRUE(kernelIsExact(model.platform, without));
}

} // namespace coldframe::sim
