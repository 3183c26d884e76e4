#include "study/trace_study.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include <fmt/format.h>

#include "study/account_pipeline.h"
#include "study/azure_day.h"
#include "study/free_memory.h"
#include "traces/requests_replay.h"
#include "traces/synthetic_day.h"

namespace coldframe::study {

namespace {

using namespace traces;

constexpr std::size_t kPartsOfThread = 32; // so that no thread waits long for the last one

tl::unexpected<Error> stopped()
{
    return tl::unexpected(Error{.code = Error::Code::Unavailable,
                                .message = "stopped before the end: there is no result"});
}

GapEdges edgesOf(const TraceQuestion& question)
{
    std::vector<std::int64_t> edges = question.keepAlivesUs;
    edges.push_back(question.rules.keepAliveUs);
    return GapEdges(std::move(edges));
}

/// What is running at once, if arrivals are even over the trace; bursts may take some more.
Result<void> checkMemory(const Workload& workload)
{
    constexpr double kBytesOfRunning = 32;
    const double lengthUs = static_cast<double>(workload.minutes()) * kMinuteUs;
    double running = 0;
    for (std::size_t i = 0; i < workload.functions(); ++i)
        running += static_cast<double>(workload.expectedInvocations(i))
            * std::min(1.0, static_cast<double>(workload.serviceUs(i)) / lengthUs);
    const double bytes = running * kBytesOfRunning;
    const auto free = static_cast<double>(freeMemory());
    if (bytes <= free)
        return {};
    return tl::unexpected(Error{
        .code = Error::Code::LimitReached,
        .message = fmt::format("about {:.0f} invocations would run at once, which takes {:.1f} "
                               "GB; {:.1f} GB are free",
                               running, bytes * 1e-9, free * 1e-9),
        .hint = "set pool.maxConcurrency, or correct the durations"});
}

/// The results of the threads, each of which works on its own.
class Parts {
public:
    Parts(const GapEdges& edges, std::size_t minutes, unsigned threads)
    {
        for (unsigned i = 0; i < threads; ++i)
            m_parts.emplace_back(edges, minutes);
    }
    PartFigures& of(unsigned thread) { return m_parts[thread]; }
    const PartFigures& sum()
    {
        for (std::size_t i = 1; i < m_parts.size(); ++i)
            m_parts.front().add(m_parts[i]);
        return m_parts.front();
    }

private:
    std::vector<PartFigures> m_parts;
};

void takeFigures(const TraceQuestion& question, const std::vector<FunctionFigures>& figures,
                 const PartFigures& part, TraceAnswer& to)
{
    to.functions.resize(figures.size());
    to.total = {};
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const FunctionFigures& own = to.functions[i].figures = figures[i];
        to.total.invocations += own.invocations;
        to.total.coldStarts += own.coldStarts;
        to.total.rejected += own.rejected;
        to.total.busyUs += own.busyUs;
        to.total.idleUs += own.idleUs;
        to.total.peak = std::max(to.total.peak, own.peak);
    }
    to.series = part.series;
    to.keepAlives = part.gaps.figures(question.keepAlivesUs);
}

Result<TraceAnswer> answerRequests(const TraceQuestion& question, const std::stop_token& stop,
                                   const Progress& progress)
{
    const auto text = openText(question.path);
    if (!text)
        return tl::unexpected(text.error());
    const auto file = readRequests(text->csv);
    if (!file)
        return tl::unexpected(file.error());
    const GapEdges edges = edgesOf(question);
    Parts parts(edges, minutesOf(*file), question.threads);
    std::vector<FunctionFigures> figures(file->names.size());
    Done done{.all = file->requests.size()};
    forEachItem(
        question.threads, figures.size(), stop,
        [&](std::size_t i, unsigned thread) {
            replayRequests(*file, question.rules, i, i + 1, std::span(figures).subspan(i, 1),
                           parts.of(thread), stop);
            done.units += figures[i].invocations;
        },
        done, progress);
    if (stop.stop_requested())
        return stopped();
    TraceAnswer answer{.lengthUs = file->endUs};
    takeFigures(question, figures, parts.sum(), answer);
    for (std::size_t i = 0; i < figures.size(); ++i)
        answer.functions[i].name = file->names[i].function;
    return answer;
}

/// First each function alone: when they never come near the limit together, that is the answer.
Result<TraceAnswer> answerWorkload(const TraceQuestion& question, const Workload& workload,
                                   const std::stop_token& stop, const Progress& progress)
{
    if (question.rules.maxConcurrency == kNoLimit)
        if (auto enough = checkMemory(workload); !enough)
            return tl::unexpected(enough.error());
    const GapEdges edges = edgesOf(question);
    TraceAnswer answer{.lengthUs = static_cast<std::int64_t>(workload.minutes()) * kMinuteUs};
    {
        Parts parts(edges, workload.minutes(), question.threads);
        const auto begins = partsOf(workload, kPartsOfThread * question.threads);
        std::vector<FunctionFigures> figures(workload.functions());
        Done done{.all = begins.size() - 1};
        forEachItem(
            question.threads, begins.size() - 1, stop,
            [&](std::size_t i, unsigned thread) {
                const std::size_t first = begins[i], last = begins[i + 1];
                replay(workload, question.rules, first, last,
                       std::span(figures).subspan(first, last - first), parts.of(thread), stop);
                ++done.units;
            },
            done, progress);
        if (stop.stop_requested())
            return stopped();
        takeFigures(question, figures, parts.sum(), answer);
    }
    answer.concurrencyAtMost = std::ranges::max(answer.series.peaks);
    if (!question.accountConcurrency)
        return answer;
    answer.accountLimit = AccountLimit::NeverReached;
    if (answer.concurrencyAtMost <= *question.accountConcurrency)
        return answer;
    answer.accountLimit = AccountLimit::Applied;
    AccountPools pools(workload, question.rules, edges);
    if (!replayUnderLimit(workload, question.rules, *question.accountConcurrency, question.threads,
                          pools, stop, progress))
        return stopped();
    takeFigures(question, pools.figures(), pools.part(), answer);
    return answer;
}

void describeFunctions(const Workload& workload, TraceAnswer& answer)
{
    for (std::size_t i = 0; i < answer.functions.size(); ++i) {
        FunctionAnswer& function = answer.functions[i];
        function.name = workload.name(i);
        function.serviceUs = workload.serviceUs(i);
        function.memoryMb = workload.memoryMb(i);
        answer.idleMbUs += function.memoryMb * static_cast<double>(function.figures.idleUs);
    }
}

} // namespace

Result<TraceAnswer> answer(const TraceQuestion& question, const std::stop_token& stop,
                           const Progress& progress)
{
    if (question.source == TraceQuestion::Source::Azure2021)
        return answerRequests(question, stop, progress);
    std::unique_ptr<Workload> made;
    AzureDay day;
    if (question.source == TraceQuestion::Source::SyntheticDay) {
        made = std::make_unique<SyntheticDay>(question.functions, question.rules.seed);
    } else {
        auto read = readAzureDay(question.path, question.day, question.rules, question.threads);
        if (!read)
            return tl::unexpected(read.error());
        day = std::move(*read);
    }
    const Workload& workload = made ? *made : *day.trace;
    auto answered = answerWorkload(question, workload, stop, progress);
    if (!answered)
        return answered;
    if (day.trace)
        answered->notes = day.trace->notes();
    describeFunctions(workload, *answered);
    return answered;
}

std::int64_t serviceQuantile(const TraceAnswer& answer, double share)
{
    std::vector<std::pair<std::int64_t, std::uint64_t>> services;
    std::uint64_t all = 0;
    for (const FunctionAnswer& function : answer.functions) {
        const std::uint64_t ran = function.figures.invocations - function.figures.rejected;
        services.emplace_back(function.serviceUs, ran);
        all += ran;
    }
    std::ranges::sort(services);
    const double wanted = share * static_cast<double>(all);
    std::uint64_t below = 0;
    for (const auto& [service, ran] : services)
        if (static_cast<double>(below += ran) >= wanted && ran > 0)
            return service;
    return 0;
}

} // namespace coldframe::study
