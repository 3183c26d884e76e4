#include "traces/requests_replay.h"

#include <algorithm>

namespace coldframe::traces {

namespace {

/// A request that runs when the trace begins counts in its first minute.
std::size_t minuteOf(std::int64_t atUs)
{
    return static_cast<std::size_t>(std::max<std::int64_t>(atUs, 0) / kMinuteUs);
}

void replayRequests(std::span<const Request> requests, LevelPool<HeapCompletions>& pool,
                    MinuteSeries& series)
{
    std::vector<std::int64_t> times;
    for (std::size_t from = 0; from < requests.size();) {
        const std::size_t minute = minuteOf(requests[from].startUs);
        times.clear();
        std::size_t to = from;
        for (; to < requests.size() && minuteOf(requests[to].startUs) == minute; ++to)
            times.push_back(requests[to].startUs);
        const FunctionFigures before = pool.figures();
        const std::size_t peak
            = pool.arrive(times, [&](std::size_t i) { return requests[from + i].durationUs; });
        series.invocations[minute] += times.size();
        series.coldStarts[minute] += pool.figures().coldStarts - before.coldStarts;
        series.rejected[minute] += pool.figures().rejected - before.rejected;
        series.peaks[minute] += peak;
        from = to;
    }
    pool.finish();
}

} // namespace

std::size_t minutesOf(const RequestsFile& file)
{
    return minuteOf(file.endUs) + 1;
}

bool replayRequests(const RequestsFile& file, const ReplayRules& rules, std::size_t first,
                    std::size_t last, std::span<FunctionFigures> figures, PartFigures& part,
                    const std::stop_token& stop)
{
    for (std::size_t function = first; function < last; ++function) {
        if (stop.stop_requested())
            return false;
        LevelPool<HeapCompletions> pool(rules.keepAliveUs, rules.maxConcurrency, file.endUs,
                                        part.gaps);
        const std::size_t begin = file.first[function], end = file.first[function + 1];
        replayRequests(std::span(file.requests).subspan(begin, end - begin), pool, part.series);
        figures[function - first] = pool.figures();
    }
    return true;
}

} // namespace coldframe::traces
