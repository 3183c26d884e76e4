#include <nlohmann/json.hpp>

#include "simulate_trace.h"
#include "simulate_trace_text.h"

namespace coldframe::commands {

namespace {

using Json = nlohmann::ordered_json;

double secondsOf(std::int64_t us)
{
    return static_cast<double>(us) * 1e-6;
}

double coldShare(const traces::FunctionFigures& figures)
{
    const std::uint64_t ran = figures.invocations - figures.rejected;
    return ran == 0 ? 0 : static_cast<double>(figures.coldStarts) / static_cast<double>(ran);
}

Json figuresJson(const traces::FunctionFigures& figures)
{
    return {{"invocations", figures.invocations},
            {"coldStarts", figures.coldStarts},
            {"coldStartProbability", coldShare(figures)},
            {"rejected", figures.rejected},
            {"busyUs", figures.busyUs},
            {"idleUs", figures.idleUs}};
}

Json totalsJson(const study::TraceQuestion& question, const study::TraceAnswer& answer)
{
    constexpr double kMbOfGb = 1024;
    Json totals = figuresJson(answer.total);
    totals["functions"] = answer.functions.size();
    totals["busyInstances"] = secondsOf(answer.total.busyUs) / secondsOf(answer.lengthUs);
    totals["idleInstances"] = secondsOf(answer.total.idleUs) / secondsOf(answer.lengthUs);
    if (answer.idleMbUs > 0)
        totals["idleGbS"] = answer.idleMbUs * 1e-6 / kMbOfGb;
    if (question.rules.service == traces::Service::Average
        && question.source != study::TraceQuestion::Source::Azure2021)
        totals["responseS"] = {{"p50", secondsOf(serviceQuantile(answer, 0.5))},
                               {"p95", secondsOf(serviceQuantile(answer, 0.95))},
                               {"p99", secondsOf(serviceQuantile(answer, 0.99))}};
    return totals;
}

Json accountJson(const study::TraceQuestion& question, const study::TraceAnswer& answer)
{
    return {{"concurrency", *question.accountConcurrency},
            {"limit",
             answer.accountLimit == study::AccountLimit::Applied ? "applied" : "never reached"},
            {"concurrencyAtMost", answer.concurrencyAtMost}};
}

Json curveJson(const study::TraceAnswer& answer)
{
    Json curve = Json::array();
    for (const traces::KeepAliveFigures& figures : answer.keepAlives)
        curve.push_back({{"keepAliveS", secondsOf(figures.keepAliveUs)},
                         {"coldStarts", figures.coldStarts},
                         {"idleUs", figures.idleUs}});
    return curve;
}

Json functionsJson(const study::TraceAnswer& answer)
{
    Json functions = Json::array();
    for (const study::FunctionAnswer& function : answer.functions) {
        Json one{{"function", function.name}};
        one.update(figuresJson(function.figures));
        one["peak"] = function.figures.peak;
        if (function.serviceUs > 0)
            one["serviceUs"] = function.serviceUs;
        if (function.memoryMb > 0)
            one["memoryMb"] = function.memoryMb;
        functions.push_back(std::move(one));
    }
    return functions;
}

Json seriesJson(const study::TraceAnswer& answer)
{
    return {{"invocations", answer.series.invocations},
            {"coldStarts", answer.series.coldStarts},
            {"rejected", answer.series.rejected}};
}

} // namespace

std::string traceJson(const SimulateTraceOptions& options, const study::TraceQuestion& question,
                      const study::TraceAnswer& answer)
{
    Json pool{{"dispatch", "most-recently-idle"},
              {"keepAliveS", secondsOf(question.rules.keepAliveUs)},
              {"maxConcurrency", nullptr}};
    if (question.rules.maxConcurrency != traces::kNoLimit)
        pool["maxConcurrency"] = question.rules.maxConcurrency;
    Json document{{"trace", options.syntheticDay ? "synthetic-day" : options.trace},
                  {"arrivals", options.trace == "azure2021" ? "recorded" : options.arrivals},
                  {"service", options.trace == "azure2021" ? "recorded" : options.service},
                  {"exact", isExact(question)},
                  {"seed", options.seed},
                  {"durationS", secondsOf(answer.lengthUs)},
                  {"pool", std::move(pool)}};
    if (question.accountConcurrency)
        document["account"] = accountJson(question, answer);
    document["totals"] = totalsJson(question, answer);
    if (!question.keepAlivesUs.empty())
        document["keepAliveCurve"] = curveJson(answer);
    document["minutes"] = seriesJson(answer);
    if (options.perFunction)
        document["functions"] = functionsJson(answer);
    document["notes"] = traceNotes(question, answer);
    document["origin"] = traceOrigin(question, answer);
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace coldframe::commands
