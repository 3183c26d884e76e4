// Invocations a second through a running Invoke API:
//   bench_invoke [--async] HOST PORT FUNCTION CLIENTS SECONDS [PAYLOAD]
// Every client is one keep-alive connection that calls again as soon as it has its answer. Prints
// one line; ends with 1 when a call did not succeed. HOST is an IPv4 address. With --async events
// are only accepted (202), and what is measured is how long that takes.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "caller.h"

namespace coldframe::bench {
namespace {

using Clock = Caller::Clock;
using namespace std::chrono_literals;

struct Outcome {
    std::vector<std::chrono::nanoseconds> times; ///< of calls that succeeded
    std::size_t others = 0;
    int otherStatus = 0; ///< of the last of them
    std::chrono::duration<double> length{};
    double cpuSeconds = 0;
};

double cpuSeconds()
{
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

Outcome call(std::vector<Caller>& callers, const std::string& request, int expected,
             Clock::duration length)
{
    Outcome outcome;
    outcome.times.reserve(1'000'000);
    const int poll = ::epoll_create1(0);
    for (std::size_t i = 0; i < callers.size(); ++i) {
        epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, callers[i].socket(), &event);
    }
    const double cpuBefore = cpuSeconds();
    const Clock::time_point begin = Clock::now();
    for (Caller& caller : callers)
        caller.send(request);
    for (std::size_t open = callers.size(); open > 0;) {
        epoll_event events[64];
        const int count = ::epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < count; ++i) {
            Caller& caller = callers[events[i].data.u64];
            Caller::Answer answer;
            if (!caller.receive(answer))
                continue;
            if (answer.status == expected && !answer.failed) {
                outcome.times.push_back(answer.took);
            } else {
                ++outcome.others;
                outcome.otherStatus = answer.status;
            }
            if (Clock::now() - begin < length)
                caller.send(request);
            else
                --open;
        }
    }
    outcome.length = Clock::now() - begin;
    outcome.cpuSeconds = cpuSeconds() - cpuBefore;
    ::close(poll);
    return outcome;
}

double microseconds(const std::vector<std::chrono::nanoseconds>& sorted, double share)
{
    if (sorted.empty())
        return 0;
    const auto at = static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share);
    return static_cast<double>(sorted[at].count()) * 1e-3;
}

void print(Outcome& outcome)
{
    std::ranges::sort(outcome.times);
    const auto calls = static_cast<double>(outcome.times.size());
    fmt::print("{:.0f}/s, p50 {:.0f} us, p99 {:.0f} us, client CPU {:.1f} us a call, {} calls",
               calls / outcome.length.count(), microseconds(outcome.times, 0.5),
               microseconds(outcome.times, 0.99), outcome.cpuSeconds * 1e6 / std::max(calls, 1.0),
               outcome.times.size());
    if (outcome.others > 0)
        fmt::print(", {} not answered with a result, the last with status {}", outcome.others,
                   outcome.otherStatus);
    fmt::print("\n");
}

} // namespace
} // namespace coldframe::bench

int main(int argc, char** argv)
{
    using namespace coldframe::bench;
    const bool async = argc > 1 && std::string(argv[1]) == "--async";
    if (async)
        ++argv, --argc;
    sockaddr_in server{};
    server.sin_family = AF_INET;
    if (argc < 6 || ::inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
        fmt::print(stderr, "bench_invoke [--async] HOST PORT FUNCTION CLIENTS SECONDS [PAYLOAD]\n");
        return 2;
    }
    server.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
    const std::string payload
        = argc > 6 ? argv[6] : R"({"order":17,"item":"a box of pencils","price":"12.50"})";
    const std::string request
        = fmt::format("POST /2015-03-31/functions/{}/invocations HTTP/1.1\r\nHost: {}:{}\r\n"
                      "User-Agent: bench_invoke\r\n{}Content-Length: {}\r\n\r\n{}",
                      argv[3], argv[1], argv[2], async ? "X-Amz-Invocation-Type: Event\r\n" : "",
                      payload.size(), payload);
    const int expected = async ? 202 : 200;
    std::vector<Caller> callers;
    for (int i = 0; i < std::max(1, std::atoi(argv[4])); ++i)
        callers.emplace_back(server);
    call(callers, request, expected, 500ms); // instances start, caches fill
    Outcome outcome = call(callers, request, expected, std::chrono::seconds(std::atoi(argv[5])));
    print(outcome);
    return outcome.others > 0 || outcome.times.empty() ? 1 : 0;
}
