#include "traces/replay.h"

#include <algorithm>

#include "traces/service_draws.h"

namespace coldframe::traces {

namespace {

/// What one call of replay() works with.
struct Bench {
    const Workload& workload;
    const ReplayRules& rules;
    PartFigures& part;
    const std::stop_token& stop;
    Placement placement{rules.arrivals, rules.seed};
    CellBuffer buffer{};
};

class ConstantService {
public:
    explicit ConstantService(std::int64_t serviceUs) : m_serviceUs(serviceUs) { }
    void prepare(std::size_t, std::size_t, std::size_t) { }
    std::int64_t operator()(std::size_t) const { return m_serviceUs; }

private:
    std::int64_t m_serviceUs;
};

class DrawnService {
public:
    DrawnService(const sim::Law& law, std::uint64_t seed, std::uint64_t entity)
        : m_draws(law, seed, entity)
    { }
    void prepare(std::size_t minute, std::size_t first, std::size_t count)
    {
        m_services.resize(count);
        m_draws.fill(minute, first, m_services);
    }
    std::int64_t operator()(std::size_t i) const { return m_services[i]; }

private:
    ServiceDraws m_draws;
    std::vector<std::int64_t> m_services;
};

template <typename Pool, typename ServiceOf>
void replayMinute(Pool& pool, const MinuteCount& minute, ServiceOf& service, Bench& bench)
{
    const FunctionFigures before = pool.figures();
    std::size_t peak = pool.busyAt(static_cast<std::int64_t>(minute.minute) * kMinuteUs);
    bench.placement.begin(minute);
    std::size_t done = 0;
    for (auto times = bench.placement.next(); !times.empty(); times = bench.placement.next()) {
        service.prepare(minute.minute, done, times.size());
        peak = std::max(peak, pool.arrive(times, service));
        done += times.size();
    }
    const FunctionFigures& after = pool.figures();
    MinuteSeries& series = bench.part.series;
    series.invocations[minute.minute] += minute.count;
    series.coldStarts[minute.minute] += after.coldStarts - before.coldStarts;
    series.rejected[minute.minute] += after.rejected - before.rejected;
    series.peaks[minute.minute] += peak;
}

/// Minutes without arrivals, in which earlier ones may still be running.
template <typename Pool>
void passSilence(Pool& pool, std::size_t from, std::size_t to, MinuteSeries& series)
{
    for (std::size_t minute = from; minute < to && pool.busy() > 0; ++minute)
        series.peaks[minute] += pool.busyAt(static_cast<std::int64_t>(minute) * kMinuteUs);
}

/// False: it was stopped.
template <typename Completions, typename ServiceOf>
bool replayFunction(Bench& bench, std::size_t function, ServiceOf service, FunctionFigures& figures)
{
    const std::size_t minutes = bench.workload.minutes();
    LevelPool<Completions> pool(bench.rules.keepAliveUs, bench.rules.maxConcurrency,
                                static_cast<std::int64_t>(minutes) * kMinuteUs, bench.part.gaps);
    const Cells cells = bench.workload.cells(function, 0, minutes, bench.buffer);
    const std::uint64_t entity = bench.workload.entity(function);
    std::size_t silentFrom = 0;
    for (std::size_t i = 0; i < cells.minutes.size(); ++i) {
        if (bench.stop.stop_requested())
            return false;
        const MinuteCount minute = minuteCount(cells, i, entity);
        passSilence(pool, silentFrom, minute.minute, bench.part.series);
        replayMinute(pool, minute, service, bench);
        silentFrom = minute.minute + 1;
    }
    passSilence(pool, silentFrom, minutes, bench.part.series);
    pool.finish();
    figures = pool.figures();
    return true;
}

} // namespace

void MinuteSeries::add(const MinuteSeries& other)
{
    const auto sum = [](std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from) {
        std::ranges::transform(to, from, to.begin(), std::plus<>());
    };
    sum(invocations, other.invocations);
    sum(coldStarts, other.coldStarts);
    sum(rejected, other.rejected);
    sum(peaks, other.peaks);
}

bool replay(const Workload& workload, const ReplayRules& rules, std::size_t first, std::size_t last,
            std::span<FunctionFigures> figures, PartFigures& part, const std::stop_token& stop)
{
    Bench bench{workload, rules, part, stop};
    for (std::size_t function = first; function < last; ++function) {
        FunctionFigures& own = figures[function - first];
        const sim::Law* const law
            = rules.service == Service::Percentiles ? workload.serviceLaw(function) : nullptr;
        const bool done = law
            ? replayFunction<HeapCompletions>(
                bench, function, DrawnService(*law, rules.seed, workload.entity(function)), own)
            : replayFunction<FifoCompletions>(bench, function,
                                              ConstantService(workload.serviceUs(function)), own);
        if (!done)
            return false;
    }
    return true;
}

std::vector<std::size_t> partsOf(const Workload& workload, std::size_t parts)
{
    constexpr std::uint64_t kOverhead = 1000; // of a function, in invocations
    const std::size_t functions = workload.functions();
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < functions; ++i)
        all += workload.expectedInvocations(i) + kOverhead;
    const std::uint64_t share = all / std::max<std::size_t>(parts, 1) + 1;
    std::vector<std::size_t> begins{0};
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < functions; ++i) {
        sum += workload.expectedInvocations(i) + kOverhead;
        if (sum >= share) {
            begins.push_back(i + 1);
            sum = 0;
        }
    }
    if (begins.back() != functions)
        begins.push_back(functions);
    return begins;
}

} // namespace coldframe::traces
