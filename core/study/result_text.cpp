#include "study/result_text.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/json_text.h"
#include "sim/backend_metrics.h"
#include "sim/metrics.h"
#include "sim/queue_metrics.h"
#include "sim/stream_metrics.h"
#include "study/csv_cell.h"
#include "study/estimate_json.h"

namespace coldframe::study {

namespace {

using Json = nlohmann::ordered_json;
using FigureList = std::vector<std::optional<sim::Estimate>>;

/// "responseS/p95" becomes "p95" within "responseS".
template <typename Metric>
Json figuresJson(std::span<const Metric> metrics, const FigureList& figures)
{
    Json made = Json::object();
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        const std::string key(metrics[i].key);
        const std::size_t slash = key.find('/');
        if (slash == std::string::npos)
            made[key] = estimateJson(figures[i]);
        else
            made[key.substr(0, slash)][key.substr(slash + 1)] = estimateJson(figures[i]);
    }
    return made;
}

void addPoint(Json& to, const PointResult& point)
{
    Json functions = Json::object(), backends = Json::object(), queues = Json::object(),
         streams = Json::object();
    for (const FunctionResult& function : point.functions)
        functions[function.name] = figuresJson(sim::metrics(), function.figures);
    to["functions"] = std::move(functions);
    to["total"] = figuresJson(sim::metrics(), point.total.figures);
    for (const BackendResult& backend : point.backends)
        backends[backend.name] = figuresJson(sim::backendMetrics(), backend.figures);
    if (!point.backends.empty())
        to["backends"] = std::move(backends);
    for (const QueueResult& queue : point.queues)
        queues[queue.name] = figuresJson(sim::queueMetrics(), queue.figures);
    if (!point.queues.empty())
        to["queues"] = std::move(queues);
    for (const StreamResult& stream : point.streams)
        streams[stream.name] = figuresJson(sim::streamMetrics(), stream.figures);
    if (!point.streams.empty())
        to["streams"] = std::move(streams);
    to["simulatedBy"] = {{"kernel", point.byKernel}, {"engine", point.byEngine}};
}

/// A setting's value as people write it: text without its quotes.
std::string plainValue(const std::string& json)
{
    const auto parsed = parseJson(json, "");
    return parsed && parsed->root().isString() ? parsed->root().string() : json;
}

void addFigures(std::string& csv, const FigureList& figures)
{
    for (const auto& figure : figures) {
        csv += figure ? fmt::format(",{}", figure->mean) : ",";
        csv += figure && figure->ci95 ? fmt::format(",{}", *figure->ci95) : ",";
    }
}

/// Two columns each, none filled.
void addEmpty(std::string& csv, std::size_t figures)
{
    csv.append(2 * figures, ',');
}

/// A column for a name and those of its figures.
void addNone(std::string& csv, std::size_t figures)
{
    csv += ',';
    addEmpty(csv, figures);
}

template <typename Metric>
void addHeads(std::string& csv, std::span<const Metric> metrics, std::string_view prefix)
{
    for (const Metric& metric : metrics) {
        std::string key(metric.key);
        if (const std::size_t slash = key.find('/'); slash != std::string::npos)
            key[slash] = '.';
        csv += fmt::format(",{0}{1},{0}{1}.ci95", prefix, key);
    }
}

void addSettings(std::string& csv, const PointResult& point)
{
    for (const Setting& setting : point.settings)
        csv += quotedCsv(plainValue(setting.value)) + ',';
}

/// Columns of kinds that are there at all, but are not this row's.
struct Kinds {
    bool backends = false, queues = false, streams = false;
};
void addNone(std::string& csv, const PointResult& point, Kinds kinds)
{
    if (kinds.backends && !point.backends.empty())
        addNone(csv, sim::backendMetrics().size());
    if (kinds.queues && !point.queues.empty())
        addNone(csv, sim::queueMetrics().size());
    if (kinds.streams && !point.streams.empty())
        addNone(csv, sim::streamMetrics().size());
}

void addRow(std::string& csv, const PointResult& point, const FunctionResult& function)
{
    addSettings(csv, point);
    csv += quotedCsv(function.name);
    addFigures(csv, function.figures);
    addNone(csv, point, {.backends = true, .queues = true, .streams = true});
    csv += '\n';
}

/// Of what functions share or are fed by: its columns lie between `before` and `after`.
template <typename Shared>
void addRow(std::string& csv, const PointResult& point, const Shared& shared, Kinds before,
            Kinds after)
{
    addSettings(csv, point);
    addEmpty(csv, sim::metrics().size());
    addNone(csv, point, before);
    csv += ',' + quotedCsv(shared.name);
    addFigures(csv, shared.figures);
    addNone(csv, point, after);
    csv += '\n';
}

} // namespace

Json estimateJson(const std::optional<sim::Estimate>& estimate)
{
    if (!estimate)
        return nullptr;
    return {{"mean", estimate->mean},
            {"ci95", estimate->ci95 ? Json(*estimate->ci95) : Json(nullptr)}};
}

std::string toJson(const SimulationResult& result)
{
    Json document = {{"scenario", result.name},       {"platform", result.platform},
                     {"seed", result.seed},           {"replications", result.replications},
                     {"durationS", result.durationS}, {"warmUpS", result.warmUpS},
                     {"complete", result.complete()}, {"tookS", result.tookS}};
    for (const OriginNote& note : result.origins)
        document["origins"].push_back(
            {{"what", note.what}, {"origin", note.origin}, {"detail", note.detail}});
    const bool swept
        = result.wanted > 1 || (!result.points.empty() && !result.points.front().settings.empty());
    if (!swept && !result.points.empty()) {
        addPoint(document, result.points.front());
    } else {
        document["points"] = Json::array();
        for (const PointResult& point : result.points) {
            Json made = {{"settings", Json::object()}};
            for (const Setting& setting : point.settings)
                made["settings"][setting.path] = Json::parse(setting.value);
            addPoint(made, point);
            document["points"].push_back(std::move(made));
        }
    }
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string toCsv(const SimulationResult& result)
{
    std::string csv;
    if (!result.points.empty())
        for (const Setting& setting : result.points.front().settings)
            csv += quotedCsv(setting.path) + ',';
    csv += "function";
    addHeads(csv, sim::metrics(), "");
    if (!result.points.empty() && !result.points.front().backends.empty()) {
        csv += ",backend";
        addHeads(csv, sim::backendMetrics(), "backend.");
    }
    if (!result.points.empty() && !result.points.front().queues.empty()) {
        csv += ",queue";
        addHeads(csv, sim::queueMetrics(), "queue.");
    }
    if (!result.points.empty() && !result.points.front().streams.empty()) {
        csv += ",stream";
        addHeads(csv, sim::streamMetrics(), "stream.");
    }
    csv += '\n';
    for (const PointResult& point : result.points) {
        for (const FunctionResult& function : point.functions)
            addRow(csv, point, function);
        addRow(csv, point, point.total);
        for (const BackendResult& backend : point.backends)
            addRow(csv, point, backend, {}, {.queues = true, .streams = true});
        for (const QueueResult& queue : point.queues)
            addRow(csv, point, queue, {.backends = true}, {.streams = true});
        for (const StreamResult& stream : point.streams)
            addRow(csv, point, stream, {.backends = true, .queues = true}, {});
    }
    return csv;
}

std::string seriesToCsv(const PointResult& point)
{
    std::vector<std::pair<std::string, const Series*>> all{{"concurrency", &point.inUse},
                                                           {"instances", &point.alive},
                                                           {"arrivalsPerS", &point.arrivals},
                                                           {"coldStartsPerS", &point.coldStarts},
                                                           {"rejectedPerS", &point.rejections}};
    for (const QueueResult& queue : point.queues)
        all.emplace_back("queue." + queue.name + ".depth", &queue.depth);
    std::string csv = "fromS";
    for (const auto& [name, series] : all)
        for (const char* part : {".mean", ".low", ".high"})
            csv += ',' + quotedCsv(name + part);
    csv += '\n';
    for (std::size_t i = 0; i < point.inUse.mean.size(); ++i) {
        csv += fmt::format("{}", point.fromS + static_cast<double>(i) * point.stepS);
        for (const auto& [name, series] : all)
            csv += fmt::format(",{},{},{}", series->mean[i], series->low[i], series->high[i]);
        csv += '\n';
    }
    return csv;
}

} // namespace coldframe::study
