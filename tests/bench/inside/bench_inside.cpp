// Warm invocations inside one process: accepted → result, everything recorded, no caller's HTTP.
//
//   bench_inside WORKSPACE FUNCTION [instances] [seconds] [sync|async]
//
// Keeps `instances` calls under way (sync) or the queue filled (async) and prints invocations a
// second, CPU of this process per invocation, and the handlers' share of the machine.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <thread>

#include "model/error.h"
#include "process/host.h"
#include "session/session.h"

using namespace coldframe;
using namespace coldframe::session;

namespace {

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr,
                     "usage: bench_inside WORKSPACE FUNCTION [instances] [seconds] "
                     "[sync|async]\n");
        return 2;
    }
    process::setReaperPath(COLDFRAME_INSTANCE_PATH);
    process::becomeSubreaper();
    process::raiseFileLimit();
    const int instances = argc > 3 ? std::atoi(argv[3]) : 8;
    const int seconds = argc > 4 ? std::atoi(argv[4]) : 5;
    const bool async = argc > 5 && std::strcmp(argv[5], "async") == 0;

    Options options;
    options.workspace = argv[1];
    options.privateState = true;
    auto opened = Session::open(options);
    if (!opened) {
        std::fprintf(stderr, "%s\n", describe(opened.error()).c_str());
        return 2;
    }
    Session& session = **opened;
    const SendRequest request{.function = argv[2],
                              .event = R"({"1": "abc", "2": "bdc", "3": "xyz"})",
                              .delivery = async ? engine::Delivery::Async : engine::Delivery::Sync};
    std::atomic<std::uint64_t> done{0}, failed{0};
    std::atomic<bool> stop{false};
    std::function<void(const Answer&)> next = [&](const Answer& answer) {
        if (!async
            && (answer.throttled || answer.refused || answer.outcome != engine::Outcome::Succeeded))
            ++failed;
        ++done;
        if (!stop)
            session.send(request, next);
    };
    for (int i = 0; i < instances; ++i)
        session.send(request, next);
    std::this_thread::sleep_for(std::chrono::seconds(1)); // cold starts
    const auto ended = [&] { return async ? session.snapshot()->totals.succeeded : done.load(); };
    const std::uint64_t before = ended();
    const double cpu = cpuSeconds();
    const auto begin = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    const std::uint64_t count = ended() - before;
    const double wall
        = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const double used = cpuSeconds() - cpu;
    std::printf("%s, %d under way: %.0f invocations/s, %.1f us CPU of this process each, "
                "%llu failed\n",
                async ? "async" : "sync", instances, static_cast<double>(count) / wall,
                used / static_cast<double>(count) * 1e6,
                static_cast<unsigned long long>(failed.load()));
    stop = true;
    while (!session.idle())
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return failed > 0 ? 1 : 0;
}
