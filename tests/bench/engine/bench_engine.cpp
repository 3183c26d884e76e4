// How many inputs a second one core of the engine takes: a virtual world with a fixed number of
// busy instances, most recently used first. Prints CPU time, so that a shared machine does not
// matter much; the median of several runs.
//
//   bench_engine [busy] [runs]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
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

} // namespace

int main(int argc, char** argv)
{
    const auto busy = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 10);
    const int runs = argc > 2 ? std::atoi(argv[2]) : 5;
    report("delivery off", busy, false, runs);
    report("with asynchronous delivery", busy, true, runs);
    return 0;
}
