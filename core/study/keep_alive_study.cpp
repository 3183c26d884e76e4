#include "study/keep_alive_study.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/keep_alive_curve.h"
#include "study/csv_cell.h"
#include "study/estimate_json.h"
#include "study/work_crew.h"

namespace coldframe::study {

namespace {

using CurveJson = nlohmann::ordered_json;

/// Of one keep-alive, by replication.
struct Samples {
    std::vector<double> cold, probability, idle, gbS;

    explicit Samples(std::size_t replications)
        : cold(replications), probability(replications), idle(replications), gbS(replications)
    { }
    KeepAliveRow row(std::int64_t keepAliveUs) const
    {
        return {.keepAliveS = static_cast<double>(keepAliveUs) * 1e-6,
                .coldStarts = sim::estimate(cold).value_or(sim::Estimate{}),
                .coldStartProbability = sim::estimate(probability),
                .idleInstances = sim::estimate(idle).value_or(sim::Estimate{}),
                .idleGbS = sim::estimate(gbS).value_or(sim::Estimate{})};
    }
};

struct Part {
    double memoryGb = 0;
    const sim::KeepAliveCurve* curve = nullptr;
};

/// What these functions come to together, at each keep-alive.
std::vector<KeepAliveRow> rowsOf(const std::vector<std::vector<Part>>& byReplication,
                                 const std::vector<std::int64_t>& keepAlivesUs, double seconds)
{
    std::vector<KeepAliveRow> rows;
    for (std::size_t edge = 0; edge < keepAlivesUs.size(); ++edge) {
        Samples samples(byReplication.size());
        for (std::size_t r = 0; r < byReplication.size(); ++r) {
            double arrived = 0, cold = 0, idleS = 0, gbS = 0;
            for (const Part& part : byReplication[r]) {
                const sim::KeepAlivePoint& point = part.curve->points[edge];
                const double own = static_cast<double>(point.idleNs) * 1e-9;
                arrived += static_cast<double>(part.curve->arrived);
                cold += static_cast<double>(point.coldStarts);
                idleS += own, gbS += own * part.memoryGb;
            }
            samples.cold[r] = cold, samples.gbS[r] = gbS;
            samples.idle[r] = seconds > 0 ? idleS / seconds : 0;
            samples.probability[r]
                = arrived > 0 ? cold / arrived : std::numeric_limits<double>::quiet_NaN();
        }
        rows.push_back(samples.row(keepAlivesUs[edge]));
    }
    return rows;
}

std::vector<Error> withoutCurve(const sim::Model& model)
{
    std::vector<Error> errors;
    if (model.platform.scaling.decider != engine::Scaling::Decider::PerRequest)
        return {{Error::Code::Conflict,
                 "a timer decides how many instances there are, and ends idle ones: no keep-alive "
                 "does",
                 "sweep what the timer goes by, as in --sweep pool.scaling.targetUse=0.5,0.7,0.9",
                 {},
                 {}}};
    for (const sim::FunctionModel& function : model.functions)
        if (!sim::hasKeepAliveCurve(function))
            errors.push_back(
                {Error::Code::Conflict,
                 function.reads
                     ? fmt::format("'{}' reads a queue, whose batches depend on who else is "
                                   "there, so one pass does not give every keep-alive",
                                   function.name)
                     : function.stream
                     ? fmt::format("a stream feeds '{}', and its batches depend on when those "
                                   "before them end, so one pass does not give every keep-alive",
                                   function.name)
                     : function.visits.empty()
                     ? fmt::format("the arrivals of '{}' depend on its answers, so one pass does "
                                   "not give every keep-alive",
                                   function.name)
                     : fmt::format("'{}' visits backends, where its time depends on who else is "
                                   "there, so one pass does not give every keep-alive",
                                   function.name),
                 "sweep instead: --sweep pool.keepAliveS=60,600,3600",
                 {},
                 {}});
    return errors;
}

CurveJson rowsJson(const std::vector<KeepAliveRow>& rows)
{
    CurveJson array = CurveJson::array();
    for (const KeepAliveRow& row : rows)
        array.push_back({{"keepAliveS", row.keepAliveS},
                         {"coldStarts", estimateJson(row.coldStarts)},
                         {"coldStartProbability", estimateJson(row.coldStartProbability)},
                         {"idleInstances", estimateJson(row.idleInstances)},
                         {"idleGbS", estimateJson(row.idleGbS)}});
    return array;
}

void addCsv(std::string& text, const std::string& name, const std::vector<KeepAliveRow>& rows)
{
    const auto cells = [&text](const std::optional<sim::Estimate>& estimate) {
        text += estimate ? fmt::format(",{:.9g},", estimate->mean) : std::string(",,");
        if (estimate && estimate->ci95)
            text += fmt::format("{:.9g}", *estimate->ci95);
    };
    for (const KeepAliveRow& row : rows) {
        text += quotedCsv(name) + fmt::format(",{:.9g}", row.keepAliveS);
        cells(row.coldStarts), cells(row.coldStartProbability);
        cells(row.idleInstances), cells(row.idleGbS);
        text += '\n';
    }
}

} // namespace

bool KeepAliveStudy::exact() const
{
    return std::ranges::all_of(
        functions, [](const KeepAliveFunction& function) { return function.approximate.empty(); });
}

tl::expected<std::optional<KeepAliveStudy>, std::vector<Error>>
studyKeepAlive(const ScenarioFile& file, const std::vector<Setting>& settings,
               const std::vector<std::int64_t>& keepAlivesUs, unsigned threads,
               std::stop_token stop, const std::function<void(double)>& onProgress)
{
    const auto prepared = file.prepare(settings);
    if (!prepared)
        return tl::unexpected(prepared.error());
    const sim::Model& model = prepared->model;
    if (auto errors = withoutCurve(model); !errors.empty())
        return tl::unexpected(std::move(errors));
    std::vector<std::int64_t> keepAlivesNs;
    for (const std::int64_t us : keepAlivesUs)
        keepAlivesNs.push_back(us * 1000);
    const std::size_t functions = model.functions.size();
    const std::size_t replications = prepared->scenario.replications;
    std::vector<sim::KeepAliveCurve> curves(functions * replications);
    Done done{.all = curves.size()};
    forEachItem(
        threads, curves.size(), stop,
        [&](std::size_t item, unsigned) {
            curves[item] = sim::keepAliveCurve(model.platform, model.functions[item % functions],
                                               sim::replicationSeed(model.seed, item / functions),
                                               model.window, keepAlivesNs, stop);
            ++done.units;
        },
        done, onProgress);
    if (stop.stop_requested())
        return std::nullopt;
    KeepAliveStudy study{.name = prepared->scenario.name,
                         .replications = prepared->scenario.replications};
    const double seconds = static_cast<double>(model.window.to - model.window.from) * 1e-9;
    std::vector<std::vector<Part>> all(replications);
    for (std::size_t f = 0; f < functions; ++f) {
        KeepAliveFunction& made = study.functions.emplace_back();
        made.name = model.functions[f].name;
        std::vector<std::vector<Part>> own(replications);
        for (std::size_t r = 0; r < replications; ++r) {
            const sim::KeepAliveCurve& curve = curves[r * functions + f];
            own[r].push_back({model.functions[f].rules.memoryMb / 1024.0, &curve});
            all[r].push_back(own[r].front());
            if (made.approximate.empty())
                made.approximate = curve.approximate;
        }
        made.rows = rowsOf(own, keepAlivesUs, seconds);
    }
    study.total = rowsOf(all, keepAlivesUs, seconds);
    return study;
}

std::string toJson(const KeepAliveStudy& study)
{
    CurveJson document{{"name", study.name},
                       {"replications", study.replications},
                       {"exact", study.exact()},
                       {"keepAliveCurve", rowsJson(study.total)},
                       {"functions", CurveJson::object()}};
    for (const KeepAliveFunction& function : study.functions) {
        CurveJson& made = document["functions"][function.name];
        made["exact"] = function.approximate.empty();
        if (!function.approximate.empty())
            made["approximate"] = function.approximate;
        made["keepAliveCurve"] = rowsJson(function.rows);
    }
    return document.dump() + '\n';
}

std::string toCsv(const KeepAliveStudy& study)
{
    std::string text = "function,keep_alive_s,cold_starts,cold_starts_ci95,cold_start_probability,"
                       "cold_start_probability_ci95,idle_instances,idle_instances_ci95,idle_gb_s,"
                       "idle_gb_s_ci95\n";
    for (const KeepAliveFunction& function : study.functions)
        addCsv(text, function.name, function.rows);
    addCsv(text, "total", study.total);
    return text;
}

} // namespace coldframe::study
