// How many inputs a second one core of the engine takes: a virtual world with a fixed number of
// busy instances, most recently used first. Prints CPU time, so that a shared machine does not
// matter much; the median of several runs.
//
//   bench_engine [busy] [runs]
//   bench_engine orders [runs]    whole invocations a second, for each order of dispatch

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <queue>
#include <vector>

#include "engine/draw.h"
#include "engine/engine.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace std::chrono_literals;

namespace {

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

Configuration configuration(std::uint32_t limit)
{
    Configuration c;
    c.platform.keepAlive.survival = {{300s, 0}};
    c.platform.accountConcurrency = limit;
    c.platform.initLimit = 10s;
    c.platform.retryDelays = {60s, 120s};
    c.platform.billingStep = 1ms;
    c.platform.mbPerVcpu = 1769;
    c.functions.push_back({.memoryMb = 512, .timeout = 30s, .maxEventAge = 6h});
    return c;
}

struct Finish {
    TimePoint at;
    InstanceId instance;
    bool operator<(const Finish& b) const { return at > b.at; }
};

struct Result {
    std::uint64_t inputs = 0;
    double seconds = 0;
};

/// Exponential-like gaps are not needed to load the engine: uniform ones keep the driver cheap, so
/// that the engine is what is measured. `started` counts WorkStarted too.
Result run(std::uint32_t busy, bool async, std::uint64_t invocations)
{
    Engine engine;
    Actions actions;
    engine.step({}, Configured{engine.define(configuration(busy * 4 + 100))}, actions);
    std::priority_queue<Finish> running;
    const Duration service = 100ms;
    const Duration gap = service / busy;
    TimePoint now{};
    std::uint64_t n = 0;
    Result result;
    const auto feed = [&](const Input& input) {
        actions.clear();
        engine.step(now, input, actions);
        ++result.inputs;
    };
    const auto work = [&](InstanceId id) {
        feed(WorkStarted{id});
        const auto jitter = Duration(static_cast<Duration::rep>(
            draw(1, Purpose::KeepAlive, ++n, 0) % static_cast<std::uint64_t>(service.count())));
        running.push({now + service / 2 + jitter, id});
    };
    const double begin = cpuSeconds();
    for (std::uint64_t i = 0; i < invocations; ++i) {
        const TimePoint arrival = TimePoint(gap * static_cast<std::int64_t>(i));
        while (!running.empty() && running.top().at <= arrival) {
            const Finish done = running.top();
            running.pop();
            now = done.at;
            feed(WorkFinished{.instance = done.instance, .wall = service, .cpu = service / 10});
        }
        now = arrival;
        if (async) {
            const InvocationId id = engine.nextInvocation();
            feed(Arrived{.delivery = Delivery::Async, .bytes = 1000});
            feed(Persisted{id});
        } else {
            feed(Arrived{.bytes = 1000});
        }
        for (std::size_t a = 0; a < actions.size(); ++a) {
            if (const auto* dispatch = std::get_if<Dispatch>(&actions[a])) {
                work(dispatch->instance);
                break;
            }
            if (const auto* start = std::get_if<Start>(&actions[a])) {
                const InstanceId id = start->instance;
                feed(InitStarted{id});
                feed(Ready{id});
                work(id);
                break;
            }
        }
    }
    result.seconds = cpuSeconds() - begin;
    return result;
}

/// The same loop without an engine: what the bench itself costs.
double overhead(std::uint32_t busy, std::uint64_t invocations)
{
    std::priority_queue<Finish> running;
    const Duration service = 100ms, gap = service / busy;
    std::uint64_t n = 0;
    const double begin = cpuSeconds();
    for (std::uint64_t i = 0; i < invocations; ++i) {
        const TimePoint arrival = TimePoint(gap * static_cast<std::int64_t>(i));
        while (!running.empty() && running.top().at <= arrival)
            running.pop();
        const auto jitter = Duration(static_cast<Duration::rep>(
            draw(1, Purpose::KeepAlive, ++n, 0) % static_cast<std::uint64_t>(service.count())));
        running.push({arrival + service / 2 + jitter, {}});
    }
    return cpuSeconds() - begin;
}

void report(const char* what, std::uint32_t busy, bool async, int runs)
{
    constexpr std::uint64_t kInvocations = 2'000'000;
    std::vector<double> rates;
    const double bench = overhead(busy, kInvocations);
    for (int i = 0; i < runs; ++i) {
        const Result r = run(busy, async, kInvocations);
        rates.push_back(static_cast<double>(r.inputs) / (r.seconds - bench) / 1e6);
    }
    std::sort(rates.begin(), rates.end());
    std::printf("%-28s busy %5u  %6.1f M inputs/s/core (median of %d; %.1f … %.1f)\n", what, busy,
                rates[rates.size() / 2], runs, rates.front(), rates.back());
}

/// Exponential variates of mean 1, drawn before the clock starts.
class Exponential {
public:
    explicit Exponential(std::uint64_t seed) : m_values(1 << 16)
    {
        for (std::size_t i = 0; i < m_values.size(); ++i)
            m_values[i] = -std::log(1 - unitDraw(draw(seed, Purpose::KeepAlive, i, 0)));
    }
    Duration next(Duration mean)
    {
        const double value = m_values[m_at++ & (m_values.size() - 1)];
        return Duration(static_cast<Duration::rep>(value * static_cast<double>(mean.count())) + 1);
    }

private:
    std::vector<double> m_values;
    std::size_t m_at = 0;
};

/// Poisson arrivals, exponential service of 1 s on average. A call is Arrived, WorkStarted and
/// WorkFinished; a cold one has the instance's inputs as well. Without an engine it only shows what
/// the world itself costs.
class OrderWorld {
public:
    OrderWorld(DispatchOrder order, std::uint32_t busy, std::uint32_t primed, bool withEngine)
        : m_withEngine(withEngine), m_gap(Duration(1s) / busy)
    {
        Configuration c = configuration(busy * 4 + 100);
        c.platform.dispatch = order;
        c.platform.keepAlive.survival = {{600s, 0}};
        if (primed > 0)
            c.platform.keepAlive.survival.clear(); // they stay
        m_engine.step({}, Configured{m_engine.define(c)}, m_actions);
        for (std::uint32_t i = 0; i < primed; ++i)
            m_engine.step({}, Primed{}, m_actions);
    }

    /// CPU seconds; a fifth as many invocations go before, uncounted, to fill the pool.
    double run(std::uint64_t invocations)
    {
        serve(invocations / 5);
        const double begin = cpuSeconds();
        serve(invocations);
        return cpuSeconds() - begin;
    }
    std::uint32_t idle() const { return m_engine.counts(0).idle; }

private:
    void serve(std::uint64_t invocations)
    {
        for (std::uint64_t i = 0; i < invocations; ++i) {
            m_arrival += m_gaps.next(m_gap);
            while (!m_running.empty() && m_running.top().at <= m_arrival) {
                const Finish done = m_running.top();
                m_running.pop();
                feed(done.at, WorkFinished{.instance = done.instance, .wall = 1s, .cpu = 100ms});
            }
            arrive();
        }
    }
    void arrive()
    {
        InstanceId instance;
        feed(m_arrival, Arrived{.bytes = 1000});
        if (m_withEngine) {
            if (const auto* start = std::get_if<Start>(&m_actions.back())) {
                instance = start->instance;
                feed(m_arrival, InitStarted{instance});
                feed(m_arrival, Ready{instance});
            } else {
                instance = std::get<Dispatch>(m_actions.back()).instance;
            }
        }
        feed(m_arrival, WorkStarted{instance});
        m_running.push({m_arrival + m_services.next(1s), instance});
    }
    void feed(TimePoint now, const Input& input)
    {
        if (!m_withEngine)
            return;
        m_actions.clear();
        m_engine.step(now, input, m_actions);
    }

    bool m_withEngine;
    Duration m_gap;
    Engine m_engine;
    Actions m_actions;
    Exponential m_gaps{1}, m_services{2};
    std::priority_queue<Finish> m_running;
    TimePoint m_arrival{};
};

void reportOrder(const char* what, DispatchOrder order, std::uint32_t busy, std::uint32_t primed,
                 int runs)
{
    constexpr std::uint64_t kInvocations = 2'000'000;
    std::vector<double> whole, engine;
    std::uint32_t idle = 0;
    for (int i = 0; i < runs; ++i) {
        const double world = OrderWorld(order, busy, primed, false).run(kInvocations);
        OrderWorld full(order, busy, primed, true);
        const double seconds = full.run(kInvocations);
        whole.push_back(static_cast<double>(kInvocations) / seconds / 1e6);
        engine.push_back(static_cast<double>(kInvocations) / (seconds - world) / 1e6);
        idle = full.idle();
    }
    std::sort(whole.begin(), whole.end());
    std::sort(engine.begin(), engine.end());
    std::printf("%-22s busy %5u idle %5u  %6.2f M invocations/s/core with its world, "
                "%6.2f the engine alone (medians of %d; %.2f … %.2f)\n",
                what, busy, idle, whole[whole.size() / 2], engine[engine.size() / 2], runs,
                whole.front(), whole.back());
}

void reportOrders(int runs)
{
    constexpr std::pair<const char*, DispatchOrder> kOrders[]
        = {{"most recently used", DispatchOrder::MostRecentlyUsed},
           {"least recently used", DispatchOrder::LeastRecentlyUsed},
           {"newest", DispatchOrder::Newest},
           {"oldest", DispatchOrder::Oldest},
           {"random", DispatchOrder::Random}};
    constexpr std::pair<std::uint32_t, std::uint32_t> kSizes[] = {{10, 0}, {1000, 0}, {1000, 5000}};
    for (const auto& [busy, primed] : kSizes)
        for (const auto& [what, order] : kOrders)
            reportOrder(what, order, busy, primed, runs);
}

} // namespace

int main(int argc, char** argv)
{
    const int runs = argc > 2 ? std::atoi(argv[2]) : 5;
    if (argc > 1 && std::strcmp(argv[1], "orders") == 0) {
        reportOrders(runs);
        return 0;
    }
    const auto busy = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 10);
    report("delivery off", busy, false, runs);
    report("with asynchronous delivery", busy, true, runs);
    return 0;
}
