#include <numeric>
#include <random>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_up_workload.h"
#include "model/text_file.h"
#include "traces/account_gate.h"
#include "traces/account_pools.h"
#include "traces/azure_trace.h"
#include "traces/replay.h"

using namespace coldframe;
using namespace coldframe::traces;

namespace {

constexpr std::int64_t kSecondUs = 1'000'000;

struct Replayed {
    std::vector<FunctionFigures> functions;
    PartFigures part;
    FunctionFigures total() const { return sumOf(functions); }
};

Replayed replayAll(const Workload& workload, const ReplayRules& rules, const GapEdges& edges,
                   std::size_t parts = 1)
{
    Replayed done{std::vector<FunctionFigures>(workload.functions()), {edges, workload.minutes()}};
    const std::vector<std::size_t> begins = partsOf(workload, parts);
    for (std::size_t i = begins.size() - 1; i-- > 0;) { // in whatever order
        PartFigures part(edges, workload.minutes());
        const std::size_t first = begins[i], last = begins[i + 1];
        EXPECT_TRUE(replay(workload, rules, first, last,
                           std::span(done.functions).subspan(first, last - first), part, {}));
        done.part.add(part);
    }
    return done;
}

/// The same rules with instances as objects, as anyone would write them down first.
FunctionFigures reference(std::span<const std::int64_t> times,
                          const std::vector<std::int64_t>& services, std::int64_t keepAliveUs,
                          std::size_t limit, std::int64_t endUs)
{
    struct Instance {
        std::int64_t busyUntil;
    };
    std::vector<Instance> alive;
    FunctionFigures figures;
    const auto retire = [&](std::int64_t now) {
        std::erase_if(alive, [&](const Instance& one) {
            const bool over = one.busyUntil <= now && now - one.busyUntil > keepAliveUs;
            figures.idleUs += over ? keepAliveUs : 0;
            return over;
        });
    };
    for (std::size_t i = 0; i < times.size(); ++i) {
        const std::int64_t now = times[i];
        retire(now);
        ++figures.invocations;
        Instance* chosen = nullptr;
        std::size_t busy = 0;
        for (Instance& one : alive) {
            busy += one.busyUntil > now;
            if (one.busyUntil <= now && (!chosen || one.busyUntil > chosen->busyUntil))
                chosen = &one;
        }
        if (busy >= limit) {
            ++figures.rejected;
            continue;
        }
        figures.peak = std::max(figures.peak, static_cast<std::uint32_t>(busy + 1));
        figures.busyUs += std::min(services[i], endUs - now);
        if (chosen) {
            figures.idleUs += now - chosen->busyUntil;
            chosen->busyUntil = now + services[i];
        } else {
            ++figures.coldStarts;
            alive.push_back({now + services[i]});
        }
    }
    retire(endUs);
    for (const Instance& one : alive)
        figures.idleUs += std::max<std::int64_t>(0, endUs - one.busyUntil);
    return figures;
}

std::string contentOf(const std::string& path)
{
    return readTextFile(path, std::size_t{1} << 30).value();
}

/// The published sample (tests/data/azure2019_sample500_8h).
struct Sample {
    Sample()
    {
        const std::string folder = COLDFRAME_SOURCE_DIR "/tests/data/azure2019_sample500_8h/";
        invocations = contentOf(folder + "invocations.csv");
        durations = contentOf(folder + "durations.csv");
        memory = contentOf(folder + "memory.csv");
    }
    AzureTrace trace() const
    {
        const CsvText csv{invocations, ""};
        return {*readInvocations(csv), InvocationsHeader::read(csv)->minutes,
                *readDurations({durations, ""}), *readMemory({memory, ""})};
    }
    std::string invocations, durations, memory;
};

std::vector<std::int64_t> everySecondOfFourHours()
{
    std::vector<std::int64_t> seconds(4 * 3600 + 1);
    std::iota(seconds.begin(), seconds.end(), 0);
    for (std::int64_t& second : seconds)
        second *= kSecondUs;
    return seconds;
}

/// Replays under a limit of all functions together.
std::vector<FunctionFigures> underLimit(const Workload& workload, const ReplayRules& rules,
                                        std::size_t limit)
{
    const GapEdges edges({kSecondUs, rules.keepAliveUs});
    AccountGate gate(workload, limit);
    AccountPools pools(workload, rules, edges);
    MinuteMaker maker(workload, rules);
    MinuteArrivals minute;
    for (std::size_t i = 0; i < workload.minutes(); ++i) {
        maker.make(i, minute);
        gate.decide(minute);
        pools.take(minute);
    }
    pools.finish();
    return pools.figures();
}

} // namespace

/// To the last microsecond; the figures were computed independently.
TEST(TraceReplay, TheSampleIsExact)
{
    const Sample sample;
    const AzureTrace trace = sample.trace();
    const GapEdges edges(everySecondOfFourHours());
    const Replayed done = replayAll(trace, {}, edges);
    EXPECT_EQ(done.total().invocations, 3'037'902U);
    EXPECT_EQ(done.total().coldStarts, 3'074U);
    EXPECT_EQ(done.total().busyUs, 1'528'526'325'122);
    EXPECT_EQ(done.total().idleUs, 8'101'937'928'585);
    const std::vector<std::int64_t> asked{60 * kSecondUs, 600 * kSecondUs, 3600 * kSecondUs};
    const auto figures = done.part.gaps.figures(asked);
    EXPECT_EQ(figures[0].coldStarts, 20'659U);
    EXPECT_EQ(figures[1].coldStarts, 3'074U);
    EXPECT_EQ(figures[1].idleUs, 8'101'937'928'585);
    EXPECT_EQ(figures[2].coldStarts, 944U);
    // The curve is what single replays give.
    for (const KeepAliveFigures& figure : figures) {
        const Replayed single
            = replayAll(trace, {.keepAliveUs = figure.keepAliveUs}, GapEdges({7 * kSecondUs}));
        EXPECT_EQ(single.total().coldStarts, figure.coldStarts);
        EXPECT_EQ(single.total().idleUs, figure.idleUs);
    }
    // Series and functions add up to the totals.
    const auto sum = [](const std::vector<std::uint64_t>& series) {
        return std::accumulate(series.begin(), series.end(), std::uint64_t{0});
    };
    EXPECT_EQ(sum(done.part.series.invocations), 3'037'902U);
    EXPECT_EQ(sum(done.part.series.coldStarts), 3'074U);
}

TEST(TraceReplay, OrderOfRowsAndPartsChangeNothing)
{
    Sample sample;
    const GapEdges edges({kSecondUs, 600 * kSecondUs});
    std::vector<std::string> lines;
    std::istringstream text(sample.invocations);
    std::string header, line;
    std::getline(text, header);
    while (std::getline(text, line))
        lines.push_back(line);
    std::ranges::reverse(lines);
    std::swap(lines[3], lines[77]);
    Sample other = sample;
    other.invocations = header + '\n';
    for (const std::string& each : lines)
        other.invocations += each + '\n';
    for (const Arrivals arrivals : {Arrivals::Even, Arrivals::Empirical}) {
        const ReplayRules rules{.arrivals = arrivals, .service = Service::Percentiles, .seed = 5};
        const Replayed first = replayAll(sample.trace(), rules, edges);
        for (const std::size_t parts : {1U, 17U}) {
            const Replayed second = replayAll(other.trace(), rules, edges, parts);
            EXPECT_EQ(first.functions, second.functions);
            EXPECT_EQ(first.part.series.coldStarts, second.part.series.coldStarts);
            EXPECT_EQ(first.part.series.peaks, second.part.series.peaks);
            const auto a = first.part.gaps.curve(), b = second.part.gaps.curve();
            for (std::size_t i = 0; i < a.size(); ++i) {
                EXPECT_EQ(a[i].coldStarts, b[i].coldStarts);
                EXPECT_EQ(a[i].idleUs, b[i].idleUs);
            }
        }
    }
}

TEST(TraceReplay, KeepingLongerNeverCostsAColdStart)
{
    const Sample sample;
    const GapEdges edges(everySecondOfFourHours());
    for (const Arrivals arrivals : {Arrivals::Even, Arrivals::Poisson, Arrivals::Empirical}) {
        const auto curve
            = replayAll(sample.trace(), {.arrivals = arrivals}, edges).part.gaps.curve();
        ASSERT_EQ(curve.size(), 4U * 3600 + 1);
        for (std::size_t i = 1; i < curve.size(); ++i) {
            ASSERT_LE(curve[i].coldStarts, curve[i - 1].coldStarts);
            ASSERT_GE(curve[i].idleUs, curve[i - 1].idleUs);
        }
    }
}

TEST(LevelPool, IsThePoolOfInstances)
{
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 random(seed);
        const auto upTo
            = [&](std::uint64_t most) { return static_cast<std::int64_t>(random() % (most + 1)); };
        const std::int64_t endUs = 1 + upTo(2000), service = upTo(seed % 3 == 0 ? 400 : 30);
        std::vector<std::int64_t> times(static_cast<std::size_t>(upTo(200))), services, constant;
        for (std::int64_t& at : times)
            at = upTo(static_cast<std::uint64_t>(endUs - 1));
        std::ranges::sort(times);
        for (std::size_t i = 0; i < times.size(); ++i)
            services.push_back(upTo(seed % 2 == 0 ? 300 : 20)), constant.push_back(service);
        const std::size_t limit = seed % 4 == 0 ? 1 + random() % 5 : kNoLimit;
        const std::vector<std::int64_t> keepAlives{0, 1, 3, 10, 33, 100, 1000, 5000};
        for (const std::int64_t keepAlive : keepAlives) {
            const GapEdges edges(keepAlives);
            GapHistogram gaps(edges), constantGaps(edges);
            LevelPool<HeapCompletions> any(keepAlive, limit, endUs, gaps);
            LevelPool<FifoCompletions> fifo(keepAlive, limit, endUs, constantGaps);
            const std::size_t half = times.size() / 2; // in two calls
            const std::span all(times);
            any.arrive(all.first(half), [&](std::size_t i) { return services[i]; });
            any.arrive(all.subspan(half), [&](std::size_t i) { return services[half + i]; });
            fifo.arrive(all, [&](std::size_t) { return service; });
            any.finish(), fifo.finish();
            ASSERT_EQ(any.figures(), reference(times, services, keepAlive, limit, endUs));
            ASSERT_EQ(fifo.figures(), reference(times, constant, keepAlive, limit, endUs));
            for (const KeepAliveFigures& figures : gaps.figures(keepAlives)) {
                const auto expected = reference(times, services, figures.keepAliveUs, limit, endUs);
                ASSERT_EQ(figures.coldStarts, expected.coldStarts) << figures.keepAliveUs;
                ASSERT_EQ(figures.idleUs, expected.idleUs) << figures.keepAliveUs;
            }
        }
    }
}

TEST(TraceReplay, IsTheReferenceOnMadeUpTraces)
{
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        const MadeUpWorkload workload(seed, 5, 12);
        for (const Arrivals arrivals : {Arrivals::Even, Arrivals::Poisson, Arrivals::Empirical}) {
            const ReplayRules rules{.arrivals = arrivals,
                                    .service
                                    = seed % 2 == 0 ? Service::Percentiles : Service::Average,
                                    .seed = seed,
                                    .keepAliveUs = 20 * kSecondUs,
                                    .maxConcurrency = seed % 3 == 0 ? 2 : kNoLimit};
            const Replayed done = replayAll(workload, rules, GapEdges({20 * kSecondUs}));
            for (std::size_t function = 0; function < workload.functions(); ++function) {
                const auto times = timesOf(workload, rules, function);
                const auto services = servicesOf(workload, rules, function);
                ASSERT_EQ(done.functions[function],
                          reference(times, services, rules.keepAliveUs, rules.maxConcurrency,
                                    static_cast<std::int64_t>(workload.minutes()) * kMinuteUs));
            }
        }
    }
}

TEST(TraceReplay, PeaksOfMinutesAreThoseOfAllMoments)
{
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const MadeUpWorkload workload(seed, 1, 12);
        const auto times = timesOf(workload, {}, 0);
        const Replayed done = replayAll(workload, {}, GapEdges({kSecondUs}));
        for (std::size_t minute = 0; minute < workload.minutes(); ++minute) {
            const std::int64_t from = static_cast<std::int64_t>(minute) * kMinuteUs;
            std::size_t peak = 0;
            const auto look = [&](std::int64_t at) {
                const auto running = std::ranges::count_if(times, [&](std::int64_t start) {
                    return start <= at && at < start + workload.serviceUs(0);
                });
                peak = std::max(peak, static_cast<std::size_t>(running));
            };
            for (const std::int64_t at : times)
                if (at >= from && at < from + kMinuteUs)
                    look(at);
            if (std::ranges::find(times, from) == times.end())
                look(from);
            ASSERT_EQ(done.part.series.peaks[minute], peak) << seed << " " << minute;
        }
    }
}

/// Against one queue of ends and arrivals in order of time and function.
TEST(AccountLimit, IsTheReferenceOnMadeUpTraces)
{
    std::uint64_t rejectedInAll = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        const MadeUpWorkload workload(seed, 8, 12);
        const std::int64_t endUs = static_cast<std::int64_t>(workload.minutes()) * kMinuteUs;
        ReplayRules rules{.arrivals = seed % 2 == 0 ? Arrivals::Even : Arrivals::Empirical,
                          .service = seed % 3 == 0 ? Service::Percentiles : Service::Average,
                          .seed = seed,
                          .keepAliveUs = 20 * kSecondUs};
        const std::size_t limit = 1 + seed % 40;
        const auto limited = underLimit(workload, rules, limit);
        struct Arrival {
            std::int64_t at, serviceUs;
            std::size_t function;
        };
        std::vector<Arrival> arrivals;
        for (std::size_t function = 0; function < workload.functions(); ++function) {
            const auto times = timesOf(workload, rules, function);
            const auto services = servicesOf(workload, rules, function);
            for (std::size_t i = 0; i < times.size(); ++i)
                arrivals.push_back({times[i], services[i], function});
        }
        std::ranges::stable_sort(arrivals, {}, &Arrival::at);
        std::multiset<std::int64_t> ends;
        std::vector<std::vector<std::int64_t>> times(workload.functions()), services(times);
        for (const Arrival& arrival : arrivals) {
            ends.erase(ends.begin(), ends.upper_bound(arrival.at));
            if (ends.size() >= limit)
                continue;
            ends.insert(arrival.at + arrival.serviceUs);
            times[arrival.function].push_back(arrival.at);
            services[arrival.function].push_back(arrival.serviceUs);
        }
        for (std::size_t function = 0; function < workload.functions(); ++function) {
            FunctionFigures expected = reference(times[function], services[function],
                                                 rules.keepAliveUs, kNoLimit, endUs);
            const std::size_t arrived = timesOf(workload, rules, function).size();
            expected.invocations = arrived;
            expected.rejected = arrived - times[function].size();
            rejectedInAll += expected.rejected;
            ASSERT_EQ(limited[function], expected) << function;
        }
    }
    EXPECT_GT(rejectedInAll, 10'000U);
}

TEST(AccountLimit, AnEndAtTheMomentOfAnArrivalComesFirst)
{
    // Each ends when the next arrives; 1,000,000 µs apart, so in every place of a word in time.
    const auto back = underLimit(MadeUpWorkload({{kSecondUs, 60}}, 30), {}, 1);
    EXPECT_EQ(back[0].invocations, 1800U);
    EXPECT_EQ(back[0].rejected, 0U);
    EXPECT_EQ(back[0].coldStarts, 1U);
    // The first ends with a slice of 65,536 µs; the second function's next arrival is let in.
    const auto slice
        = underLimit(MadeUpWorkload({{CompletionWheel::kSliceUs, 1}, {1000, 915}}, 2), {}, 1);
    EXPECT_EQ(slice[0].rejected, 0U);
    EXPECT_EQ(slice[1].rejected, 2U); // at 0 µs of each minute, when both arrive
    // And one that lasts to the end of its minute, exactly.
    const auto minute = underLimit(MadeUpWorkload({{kMinuteUs, 1}}, 5), {}, 1);
    EXPECT_EQ(minute[0].rejected, 0U);
    EXPECT_EQ(minute[0].busyUs, 5 * kMinuteUs);
}

/// Slices that have room for all, and slices that have not, one after the other.
TEST(AccountLimit, OfThePeakChangesNothingAndOneLessRejects)
{
    const Sample sample;
    const AzureTrace trace = sample.trace();
    const GapEdges edges({600 * kSecondUs});
    const Replayed alone = replayAll(trace, {}, edges);
    const auto limited = [&](std::size_t limit) { return underLimit(trace, {}, limit); };
    EXPECT_EQ(limited(std::ranges::max(alone.part.series.peaks)), alone.functions);
    std::size_t low = 1,
                high
        = std::ranges::max(alone.part.series.peaks); // the lowest limit that rejects none
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (sumOf(limited(middle)).rejected == 0)
            high = middle;
        else
            low = middle + 1;
    }
    EXPECT_LE(low, std::ranges::max(alone.part.series.peaks));
    EXPECT_EQ(limited(low), alone.functions);
    EXPECT_GT(sumOf(limited(low - 1)).rejected, 0U);
}
