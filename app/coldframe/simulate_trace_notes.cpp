#include <fmt/format.h>

#include "amount_text.h"
#include "simulate_trace_text.h"

namespace coldframe::commands {

namespace {

using Source = study::TraceQuestion::Source;

std::string arrivalsSentence(const study::TraceQuestion& question)
{
    if (question.source == Source::Azure2021)
        return "arrivals: each at its recorded moment";
    switch (question.rules.arrivals) {
    case traces::Arrivals::Even:
        return "arrivals: the count of each minute, evenly spaced (assumed)";
    case traces::Arrivals::Poisson:
        return "arrivals: the count of each minute, drawn anywhere in it (assumed)";
    case traces::Arrivals::Empirical:
        return "arrivals: the count of each minute, drawn along a line between the counts around "
               "it "
               "(assumed)";
    }
    return "";
}

std::string serviceSentence(const study::TraceQuestion& question)
{
    if (question.source == Source::Azure2021)
        return "durations: each as recorded";
    if (question.rules.service == traces::Service::Percentiles)
        return "durations: drawn along each function's measured percentiles (modelled)";
    return "durations: each as long as its function's average (modelled)";
}

std::string figuresSentence(Source source)
{
    switch (source) {
    case Source::Azure2019:
        return "counts, durations and memory: measured by Azure, Azure Functions Dataset 2019, "
               "CC-BY 4.0, Shahrad et al., USENIX ATC 2020";
    case Source::Azure2021:
        return "requests: measured by Azure, Azure Functions Invocation Trace 2021, CC-BY 4.0, "
               "Zhang et al., SOSP 2021";
    case Source::SyntheticDay:
        return "counts, durations and memory: made up, with the published marginals of Azure "
               "Functions 2019 (modelled); daily course and the popularity between the published "
               "points are assumed";
    }
    return "";
}

} // namespace

bool isExact(const study::TraceQuestion& question)
{
    if (question.source == Source::Azure2021)
        return true;
    return question.source == Source::Azure2019 && question.rules.arrivals == traces::Arrivals::Even
        && question.rules.service == traces::Service::Average;
}

std::vector<std::string> traceOrigin(const study::TraceQuestion& question,
                                     const study::TraceAnswer& answer)
{
    std::vector<std::string> origin{figuresSentence(question.source), arrivalsSentence(question),
                                    serviceSentence(question)};
    origin.push_back("pool: one per function, the most recently idle instance first, one request "
                     "at a time, starting takes no time (modelled)");
    if (isExact(question))
        origin.emplace_back("computed exactly, in whole microseconds");
    else
        origin.push_back(fmt::format("drawn with seed {}", question.rules.seed));
    if (answer.accountLimit == study::AccountLimit::NeverReached)
        origin.push_back(fmt::format(
            "the account's limit of {} is never reached: all functions together run at most {} at "
            "once, so the result of the functions alone is exact",
            countText(*question.accountConcurrency), countText(answer.concurrencyAtMost)));
    if (answer.accountLimit == study::AccountLimit::Applied)
        origin.push_back(fmt::format("all functions in one order of time under the account's limit "
                                     "of {}; without it up to {} would run at once",
                                     countText(*question.accountConcurrency),
                                     countText(answer.concurrencyAtMost)));
    return origin;
}

std::vector<std::string> traceNotes(const study::TraceQuestion& question,
                                    const study::TraceAnswer& answer)
{
    std::vector<std::string> notes;
    if (question.source != Source::Azure2019)
        return notes;
    const traces::JoinNotes& join = answer.notes;
    if (join.withoutDuration > 0)
        notes.push_back(fmt::format(
            "{} functions are not in the durations file: {} ms each, the median of the others "
            "(assumed)",
            countText(join.withoutDuration), static_cast<double>(join.assumedServiceUs) / 1000));
    if (join.repeated > 0)
        notes.push_back(
            fmt::format("{} rows name a function that has a row already: each is a pool "
                        "of its own",
                        countText(join.repeated)));
    if (join.neverInvoked > 0)
        notes.push_back(fmt::format("{} functions of the durations file are never invoked",
                                    countText(join.neverInvoked)));
    if (join.withoutMemory > 0)
        notes.push_back(fmt::format("the memory of {} functions is not known: idle memory is that "
                                    "of the others",
                                    countText(join.withoutMemory)));
    return notes;
}

} // namespace coldframe::commands
