// How fast traces are read and replayed. Each measurement runs in a process of its own, so that its
// peak memory is its own.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "study/trace_study.h"
#include "traces/invocations_file.h"
#include "traces/synthetic_day.h"

using namespace coldframe;
using namespace coldframe::traces;

namespace {

constexpr std::size_t kFullDayBytes = 139'000'000;
constexpr int kRepeats = 5;

double cpuSeconds()
{
    timespec at{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

/// CPU seconds of the middle of several runs.
double median(const std::function<void()>& work)
{
    std::vector<double> seconds;
    for (int i = 0; i < kRepeats; ++i) {
        const double before = cpuSeconds();
        work();
        seconds.push_back(cpuSeconds() - before);
    }
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
}

/// Runs in a child; prints its wall clock, CPU time and peak memory after what it prints itself.
void alone(const std::string& what, const std::function<void()>& work)
{
    fmt::print("{}\n", what);
    std::fflush(stdout);
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        std::fflush(stdout);
        ::_exit(0);
    }
    int status = 0;
    rusage used{};
    ::wait4(child, &status, 0, &used);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    fmt::print("  {:.1f} s wall, {:.1f} CPU-seconds, {} MB at most\n", wall.count(),
               seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss / 1024);
}

/// As the published file of a day: 64 digits a name, most minutes empty.
std::string fullDay()
{
    const SyntheticDay day(50'000, 1);
    std::string text = "HashOwner,HashApp,HashFunction,Trigger";
    for (std::size_t minute = 1; minute <= SyntheticDay::kMinutes; ++minute)
        fmt::format_to(std::back_inserter(text), ",{}", minute);
    text.reserve(kFullDayBytes + 10'000);
    CellBuffer buffer;
    std::vector<std::uint32_t> counts(SyntheticDay::kMinutes);
    for (std::size_t function = 0; text.size() < kFullDayBytes; ++function) {
        const std::size_t own = (function * 7919) % day.functions();
        fmt::format_to(std::back_inserter(text), "\n{0:064x},{0:064x},{1:064x},http", own / 3, own);
        std::ranges::fill(counts, 0);
        const Cells cells = day.cells(own, 0, SyntheticDay::kMinutes, buffer);
        for (std::size_t i = 0; i < cells.minutes.size(); ++i)
            counts[cells.minutes[i]] = cells.counts[i];
        for (const std::uint32_t count : counts)
            fmt::format_to(std::back_inserter(text), ",{}", count);
    }
    return text + '\n';
}

void parsing()
{
    const std::string text = fullDay();
    const double megabytes = static_cast<double>(text.size()) * 1e-6;
    std::size_t lines = 0, cells = 0, rows = 0;
    const double limit = median([&] {
        lines = 0;
        const char* at = text.data();
        const char* const end = at + text.size();
        while (const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
            at = static_cast<const char*>(newline) + 1;
            ++lines;
        }
    });
    const auto parse = [&] {
        const auto read = readInvocations({text, "made"});
        rows = read ? read->names.size() : 0;
        cells = read ? read->counts.counts.size() : 0;
    };
    const double fresh = median(parse); // the system gives and clears the memory each time
    ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
    ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
    const double parsed = median(parse);
    fmt::print("  {:.0f} MB, {} rows, {} counts: {:.0f} MB/s on one core, {:.0f} MB/s into fresh "
               "memory; a bare search for line ends {:.0f} MB/s\n",
               megabytes, rows, cells, megabytes / parsed, megabytes / fresh, megabytes / limit);
}

/// One function with the same count in every minute.
class Steady : public Workload {
public:
    Steady(std::uint32_t perMinute, double busy)
        : m_serviceUs(std::max<std::int64_t>(kLeastServiceUs,
                                             static_cast<std::int64_t>(busy * 60e6 / perMinute))),
          m_law(sim::Law::lognormalOf(static_cast<double>(m_serviceUs) * 1e-6,
                                      static_cast<double>(m_serviceUs) * 2e-6))
    {
        for (std::size_t minute = 0; minute < kMinutes; ++minute)
            m_minutes.push_back(static_cast<std::uint16_t>(minute));
        m_counts.assign(kMinutes, perMinute);
    }
    std::size_t functions() const override { return 1; }
    std::size_t minutes() const override { return kMinutes; }
    std::string name(std::size_t) const override { return "f"; }
    std::uint64_t entity(std::size_t) const override { return 1; }
    std::int64_t serviceUs(std::size_t) const override { return m_serviceUs; }
    const sim::Law* serviceLaw(std::size_t) const override { return &m_law; }
    double memoryMb(std::size_t) const override { return 0; }
    Cells cells(std::size_t, std::size_t from, std::size_t to, CellBuffer&) const override
    {
        return {std::span(m_minutes).subspan(from, to - from),
                std::span(m_counts).subspan(from, to - from)};
    }
    std::uint64_t expectedInvocations(std::size_t) const override
    {
        return m_counts.front() * kMinutes;
    }

private:
    static constexpr std::size_t kMinutes = 480;
    std::int64_t m_serviceUs;
    sim::Law m_law;
    std::vector<std::uint16_t> m_minutes;
    std::vector<std::uint32_t> m_counts;
};

void replaying()
{
    constexpr std::uint32_t kPerMinute = 20'000;
    std::vector<std::int64_t> seconds;
    for (std::int64_t second = 1; second <= 4 * 3600; ++second)
        seconds.push_back(second * 1'000'000);
    const GapEdges edges(seconds);
    fmt::print("  {:>10}{:>10}{:>10}{:>12}{:>14}\n", "mean busy", "even", "poisson", "empirical",
               "drawn service");
    for (const double busy : {0.4, 1.0, 10.0, 100.0, 1000.0}) {
        const Steady workload(kPerMinute, busy);
        const auto rate = [&](Arrivals arrivals, Service service) {
            const double taken = median([&] {
                FunctionFigures figures;
                PartFigures part(edges, workload.minutes());
                replay(workload, {.arrivals = arrivals, .service = service}, 0, 1, {&figures, 1},
                       part, {});
            });
            return static_cast<double>(workload.expectedInvocations(0)) * 1e-6 / taken;
        };
        fmt::print("  {:>10}{:>10.0f}{:>10.0f}{:>12.0f}{:>14.0f}\n", busy,
                   rate(Arrivals::Even, Service::Average),
                   rate(Arrivals::Poisson, Service::Average),
                   rate(Arrivals::Empirical, Service::Average),
                   rate(Arrivals::Even, Service::Percentiles));
    }
}

void day(Arrivals arrivals, std::optional<std::size_t> limit)
{
    study::TraceQuestion question;
    question.source = study::TraceQuestion::Source::SyntheticDay;
    question.rules.arrivals = arrivals;
    question.accountConcurrency = limit;
    question.threads = 2;
    const auto answer = study::answer(question, {}, {});
    if (answer)
        fmt::print("  {} invocations, {} cold, {} rejected\n", answer->total.invocations,
                   answer->total.coldStarts, answer->total.rejected);
}

} // namespace

int main()
{
    alone("The invocations file of a full day (the memory holds the text too)", parsing);
    alone("Replay, every keep-alive up to 4 h by the second, million invocations a CPU-second",
          replaying);
    alone("A synthetic day, 50,000 functions, two threads, nothing shared",
          [] { day(Arrivals::Even, std::nullopt); });
    alone("The same, arrivals drawn", [] { day(Arrivals::Poisson, std::nullopt); });
    alone("The same, even, with a limit of the account that is reached now and then",
          [] { day(Arrivals::Even, 60'000); });
    alone("The same, even, with a limit that is reached all day",
          [] { day(Arrivals::Even, 30'000); });
    return 0;
}
