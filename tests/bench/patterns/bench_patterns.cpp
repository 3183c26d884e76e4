// How many events a second one core holds against a pattern: a small event, a pattern of three
// fields, an event that matches and one that does not, and the same with the event still a text.
// Prints CPU time, so that a shared machine does not matter much; the median of several runs.
//
//   bench_patterns [millions] [runs]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <nlohmann/json.hpp>

#include "patterns/event_filter.h"

using namespace coldframe;
using nlohmann::json;

namespace {

constexpr const char* kPattern = R"({"source": ["aws.s3"], "detail": {"object": {
    "key": [{"suffix": ".png"}], "size": [{"numeric": [">", 1024]}]}}})";
constexpr const char* kEvent = R"({"version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "Object Created", "source": "aws.s3", "account": "111122223333",
    "time": "2026-11-12T00:00:00Z", "region": "us-east-1", "resources": ["arn:aws:s3:::in"],
    "detail": {"version": "0", "bucket": {"name": "in"}, "object": {"key": "a/b.png",
    "size": 2048, "etag": "b1946ac92492d2347c6235b4d2611184", "sequencer": "617f08299329d189"}}})";

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

template <typename Work> double median(int runs, const Work& work)
{
    std::vector<double> seconds;
    for (int i = 0; i < runs; ++i) {
        const double begin = cpuSeconds();
        work();
        seconds.push_back(cpuSeconds() - begin);
    }
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const long count = 1'000'000L * (argc > 1 ? std::atol(argv[1]) : 1);
    const int runs = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
    const auto reading = patterns::EventFilter::parse(kPattern, "pattern");
    if (!reading.filter)
        return 1;
    const patterns::EventFilter& filter = *reading.filter;
    const json event = json::parse(kEvent);
    json other = event;
    other["detail"]["object"]["size"] = 12;

    long matched = 0;
    const auto tell = [&](const char* what, long events, double seconds) {
        std::printf("%-28s %8.3f s CPU a million, %11.0f a second\n", what,
                    seconds * 1e6 / static_cast<double>(events),
                    static_cast<double>(events) / seconds);
    };
    tell("matches", count, median(runs, [&] {
             for (long i = 0; i < count; ++i)
                 matched += filter.matches(event);
         }));
    tell("does not match", count, median(runs, [&] {
             for (long i = 0; i < count; ++i)
                 matched += filter.matches(other);
         }));
    const std::string text = event.dump();
    tell("text of 500 bytes, parsed", count / 10, median(runs, [&] {
             for (long i = 0; i < count / 10; ++i)
                 matched += filter.matchesText(text);
         }));
    return matched > 0 ? 0 : 1;
}
