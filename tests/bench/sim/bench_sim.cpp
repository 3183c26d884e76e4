// How many invocations a second one core simulates, all figures kept: the kernel over loads, with a
// limit, and the engine in each order of dispatch. CPU time, so that a shared machine matters less;
// medians of several runs. Beside each, a loop that only draws the same gaps and durations: what no
// simulation can be faster than.
//
//   bench_sim [runs] [kernel|engine]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <vector>

#include <sys/resource.h>

#include "sim/engine_run.h"
#include "sim/pool_kernel.h"

using namespace coldframe;
using namespace coldframe::sim;

namespace {

constexpr double kServiceS = .2;

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

template <typename Work> double medianSeconds(int runs, Work&& work)
{
    std::vector<double> seconds;
    for (int i = 0; i < runs; ++i) {
        const double began = cpuSeconds();
        work();
        seconds.push_back(cpuSeconds() - began);
    }
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
}

Model modelOf(double busy, double invocations)
{
    Model model;
    model.platform.keepAlive.survival = {{std::chrono::seconds(600), 0}};
    model.platform.accountConcurrency = 0xffff'ffff;
    model.platform.billingStep = std::chrono::milliseconds(1);
    FunctionModel function;
    function.name = "f";
    function.rules.memoryMb = 128;
    function.service = Law::lognormalOf(kServiceS, .3);
    function.arrivals = RandomArrivals{{{{0, busy / kServiceS}}, false}};
    model.functions.push_back(function);
    model.window.to = static_cast<std::int64_t>(invocations / (busy / kServiceS) * 1e9);
    return model;
}

void line(const char* what, double busy, std::uint64_t invocations, double seconds)
{
    std::printf("  %-34s %7g busy  %7.1f M/s/core\n", what, busy,
                static_cast<double>(invocations) / seconds * 1e-6);
    std::fflush(stdout);
}

void kernels(int runs)
{
    std::puts("kernel: Poisson, lognormal service, most recently used, keep-alive 600 s");
    for (const double busy : {.1, 1., 10., 100., 1000.}) {
        const Model model = modelOf(busy, 20e6);
        std::uint64_t count = 0;
        const double seconds = medianSeconds(runs, [&] {
            count = simulateKernel(model.platform, model.functions[0], 1, model.window).arrived;
        });
        line("all figures", busy, count, seconds);
    }
    for (const double busy : {1., 10., 100., 1000.}) {
        Model model = modelOf(busy, 10e6);
        model.functions[0].rules.reserved = static_cast<std::uint32_t>(busy * 1.05 + 1);
        model.platform.saturation.policy = engine::Saturation::Policy::Queue;
        std::uint64_t count = 0;
        const double seconds = medianSeconds(runs, [&] {
            count = simulateKernel(model.platform, model.functions[0], 1, model.window).arrived;
        });
        line("with a limit and a queue", busy, count, seconds);
    }
    std::vector<std::int64_t> buffer(1024);
    const Model model = modelOf(1, 1);
    const Law gap = Law::exponential(1);
    constexpr std::uint64_t kDrawn = 20'000 * 1024;
    const double seconds = medianSeconds(runs, [&] {
        for (std::uint64_t i = 0; i < kDrawn; i += 1024) {
            Draws(gap, Stream(1, Draw::Gap, 1)).fill(i, buffer);
            Draws(model.functions[0].service, Stream(1, Draw::Service, 1)).fill(i, buffer);
        }
    });
    line("only the draws", 0, kDrawn, seconds);
}

void engines(int runs)
{
    std::puts("engine on a virtual clock, exponential service");
    const char* const names[] = {"most recently used", "least recently used", "newest created",
                                 "oldest created", "random"};
    for (int order = 0; order < 5; ++order)
        for (const double busy : {10., 1000.}) {
            Model model = modelOf(busy, 2e6);
            model.platform.dispatch = static_cast<engine::DispatchOrder>(order);
            model.functions[0].service = Law::exponential(kServiceS);
            std::uint64_t count = 0;
            const double seconds
                = medianSeconds(runs, [&] { count = simulateEngine(model, 1).front().arrived; });
            line(names[order], busy, count, seconds);
        }
}

} // namespace

int main(int argc, char** argv)
{
    const int runs = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
    const std::string_view only = argc > 2 ? argv[2] : "";
    if (only != "engine")
        kernels(runs);
    if (only != "kernel")
        engines(runs);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak memory %.1f MB\n", static_cast<double>(usage.ru_maxrss) / 1024);
}
