#include <nlohmann/json.hpp>

#include "replay_text.h"

namespace coldframe::commands {

namespace {

using Json = nlohmann::ordered_json;
using study::FigurePair;

Json number(const std::optional<double>& value)
{
    if (!value)
        return nullptr;
    const auto whole = static_cast<std::int64_t>(*value);
    return static_cast<double>(whole) == *value ? Json(whole) : Json(*value);
}

template <typename Of> Json figures(const study::ComparedFunction& function, const Of& of)
{
    Json object = Json::object();
    for (const FigurePair& pair : function.figures)
        object[pair.key] = number(of(pair));
    return object;
}

template <typename Of> Json run(const study::Comparison& comparison, const Of& of)
{
    Json functions = Json::object();
    for (const study::ComparedFunction& function : comparison.functions)
        functions[function.name] = figures(function, of);
    return {{"total", figures(comparison.total, of)}, {"functions", functions}};
}

Json origins(const sim::Origins& of)
{
    return {{"taken", of.taken}, {"drawn", of.drawn}, {"assumed", of.assumed}};
}

Json numbers(const std::vector<std::optional<double>>& values)
{
    Json list = Json::array();
    for (const auto& value : values)
        list.push_back(number(value));
    return list;
}

Json course(const study::Course& of)
{
    return {{"arrived", of.arrived},      {"concurrency", of.concurrency},
            {"instances", of.instances},  {"coldStarts", of.coldStarts},
            {"throttled", of.throttled},  {"costUsd", of.costUsd},
            {"p50Ms", numbers(of.p50Ms)}, {"p95Ms", numbers(of.p95Ms)}};
}

void addPlayed(Json& document, const study::PlayedRun& played)
{
    const study::Comparison& comparison = played.comparison;
    document["replayed"] = run(comparison, [](const FigurePair& pair) { return pair.replayed; });
    document["difference"]
        = run(comparison, [](const FigurePair& pair) { return pair.difference(); });
    document["drawnShare"] = comparison.total.origins.drawnShare();
    Json functions = Json::object();
    for (const study::ComparedFunction& function : comparison.functions)
        functions[function.name] = origins(function.origins);
    document["times"] = {{"total", origins(comparison.total.origins)}, {"functions", functions}};
}

} // namespace

std::string replayJson(const study::ReplayStudy& study, const study::Changes& changes,
                       const study::PlayedRun* played)
{
    const history::ReplayReport& report = study.report();
    const study::Comparison own = study.figures();
    const study::Comparison& comparison = played ? played->comparison : own;
    Json document{
        {"recording", study.folder().string()},
        {"inputs", report.rows},
        {"equal", report.equal()},
        {"complete", report.complete},
        {"changes", changes.texts},
        {"recorded", run(comparison, [](const FigurePair& pair) { return pair.recorded; })}};
    if (!report.equal())
        document["firstDifference"]
            = {{"input", report.firstDifference->row},
               {"atS", toSeconds(report.firstDifference->at - study.recorded().script.begin)}};
    if (played)
        addPlayed(document, *played);
    Json basis = Json::object();
    for (const FigurePair& pair : comparison.total.figures)
        basis[pair.key] = nameOf(pair.basis);
    document["basis"] = basis;
    document["series"]
        = {{"stepS", toSeconds(comparison.step)},
           {"latencyStepS", toSeconds(comparison.step * sim::RunCourse::kLatencySteps)},
           {"recorded", course(comparison.recorded)}};
    if (played)
        document["series"]["replayed"] = course(comparison.replayed);
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace coldframe::commands
