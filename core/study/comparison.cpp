#include "study/comparison.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cost/bill.h"

namespace coldframe::study {

namespace {

using sim::RunFigures;

struct Shape {
    const char* key;
    const char* title;
    const char* unit;
    Basis basis;
    std::optional<double> (*of)(const RunFigures&, const cost::PriceBook&);
};

std::optional<double> count(std::uint64_t number)
{
    return static_cast<double>(number);
}

template <int Percent>
std::optional<double> latencyMs(const RunFigures& run, const cost::PriceBook&)
{
    const auto seconds = run.latency.quantile(Percent / 100.0);
    return seconds ? std::optional(*seconds * 1e3) : std::nullopt;
}

constexpr double kMbNsOfAGbS = 1024.0 * 1e9;

constexpr std::array kShapes{
    Shape{"invocations", "Invocations", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) { return count(r.figures.arrived); }},
    Shape{"coldStarts", "Cold starts", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) { return count(r.coldStarts); }},
    Shape{"throttled", "Throttled", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) { return count(r.throttled); }},
    Shape{"waits", "Waited in queue", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) { return count(r.waits); }},
    Shape{"failedAttempts", "Failed attempts", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) { return count(r.failed); }},
    Shape{"retries", "Retries", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) { return count(r.retries); }},
    Shape{"deadLetters", "Dead letters", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) { return count(r.deadLetters); }},
    Shape{"unfinished", "Unfinished", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) {
              return count(r.figures.waiting + r.figures.unfinished);
          }},
    Shape{"p50Ms", "Platform p50", "ms", Basis::Modelled, latencyMs<50>},
    Shape{"p95Ms", "Platform p95", "ms", Basis::Modelled, latencyMs<95>},
    Shape{"p99Ms", "Platform p99", "ms", Basis::Modelled, latencyMs<99>},
    Shape{"peakConcurrency", "Peak concurrency", "", Basis::Counted,
          [](const RunFigures& r, const cost::PriceBook&) {
              return count(static_cast<std::uint64_t>(r.figures.peakInUse));
          }},
    Shape{"billedGbS", "Billed", "GB-s", Basis::Modelled,
          [](const RunFigures& r, const cost::PriceBook&) {
              return std::optional(cost::toDouble(r.billedMbNs) / kMbNsOfAGbS);
          }},
    Shape{"costUsd", "Cost", "USD", Basis::Modelled,
          [](const RunFigures& r, const cost::PriceBook& prices) {
              return std::optional(
                  cost::billTotal(r.meters, prices, {.freeTier = false}).toDollars());
          }},
};

std::vector<FigurePair> pairs(const RunFigures& recorded, const cost::PriceBook& recordedPrices,
                              const RunFigures& replayed, const cost::PriceBook& replayedPrices)
{
    std::vector<FigurePair> made;
    for (const Shape& shape : kShapes)
        made.push_back({shape.key, shape.title, shape.unit, shape.basis,
                        shape.of(recorded, recordedPrices), shape.of(replayed, replayedPrices)});
    return made;
}

std::string number(const std::optional<double>& value)
{
    return value ? fmt::format("{:.12g}", *value) : std::string();
}

std::optional<double> inMs(const std::optional<double>& seconds)
{
    return seconds ? std::optional(*seconds * 1e3) : std::nullopt;
}

Course courseOf(const sim::RunBook::Result& run, Duration step)
{
    Course course;
    const auto& steps = run.total.figures.steps;
    for (const sim::Step& each : steps) {
        const Duration length = &each == &steps.back() ? run.course.lastStep : step;
        const auto mean = [&](std::int64_t integral) {
            return static_cast<double>(integral) / static_cast<double>(length.count());
        };
        course.concurrency.push_back(mean(each.inUseNs));
        course.instances.push_back(mean(each.aliveNs));
        course.arrived.push_back(each.arrived);
        course.coldStarts.push_back(each.cold);
        course.throttled.push_back(each.rejected);
    }
    for (const Money& cost : run.course.cost)
        course.costUsd.push_back(cost.toDollars());
    for (const sim::RunCourse::Latency& latency : run.course.latency) {
        course.p50Ms.push_back(inMs(latency.p50S));
        course.p95Ms.push_back(inMs(latency.p95S));
    }
    return course;
}

/// The fields of a run in one step.
std::string fields(const Course& course, std::size_t step)
{
    if (step >= course.concurrency.size())
        return ",,,,,,,,";
    const bool first = step % sim::RunCourse::kLatencySteps == 0;
    const auto latency = [&](const std::vector<std::optional<double>>& of) {
        const std::size_t at = step / sim::RunCourse::kLatencySteps;
        return first && at < of.size() ? number(of[at]) : std::string();
    };
    const auto cost
        = step < course.costUsd.size() ? std::optional(course.costUsd[step]) : std::nullopt;
    return fmt::format(",{},{},{},{},{},{},{},{}", course.arrived[step],
                       number(course.concurrency[step]), number(course.instances[step]),
                       course.coldStarts[step], course.throttled[step], latency(course.p50Ms),
                       latency(course.p95Ms), number(cost));
}

void addLines(const ComparedFunction& function, std::string& text)
{
    for (const FigurePair& pair : function.figures)
        text += fmt::format("{},{},{},{},{},{},{}\n", function.name, pair.key, pair.unit,
                            nameOf(pair.basis), number(pair.recorded), number(pair.replayed),
                            number(pair.difference()));
}

} // namespace

const char* nameOf(Basis basis)
{
    return basis == Basis::Counted ? "counted" : "modelled";
}

Comparison compare(const ComparedRun& recorded, const ComparedRun& replayed,
                   const sim::ScriptedResult* origins, const std::vector<std::string>& names,
                   Duration step)
{
    Comparison made{.step = step};
    const auto& before = recorded.figures.functions;
    const auto& after = replayed.figures.functions;
    const RunFigures nothing;
    for (std::size_t id = 0; id < std::max(before.size(), after.size()); ++id) {
        ComparedFunction function;
        function.name = id < names.size() ? names[id] : "#" + std::to_string(id);
        function.figures = pairs(id < before.size() ? before[id] : nothing, recorded.prices,
                                 id < after.size() ? after[id] : nothing, replayed.prices);
        if (origins && id < origins->origins.size())
            function.origins = origins->origins[id];
        made.functions.push_back(std::move(function));
    }
    made.total.figures
        = pairs(recorded.figures.total, recorded.prices, replayed.figures.total, replayed.prices);
    if (origins)
        made.total.origins = origins->allOrigins;
    made.recorded = courseOf(recorded.figures, step);
    made.replayed = courseOf(replayed.figures, step);
    return made;
}

std::string toCsv(const Comparison& comparison)
{
    std::string text = "function,figure,unit,basis,recorded,replayed,difference\n";
    for (const ComparedFunction& function : comparison.functions)
        addLines(function, text);
    addLines(comparison.total, text);
    return text;
}

std::string seriesToCsv(const Comparison& comparison)
{
    std::string text = "fromS";
    for (const char* run : {"recorded", "replayed"})
        for (const char* field : {"arrived", "concurrency", "instances", "coldStarts", "throttled",
                                  "p50Ms", "p95Ms", "costUsd"})
            text += fmt::format(",{}.{}", run, field);
    const std::size_t steps
        = std::max(comparison.recorded.concurrency.size(), comparison.replayed.concurrency.size());
    for (std::size_t step = 0; step < steps; ++step)
        text += '\n' + number(static_cast<double>(step) * toSeconds(comparison.step))
            + fields(comparison.recorded, step) + fields(comparison.replayed, step);
    return text + '\n';
}

} // namespace coldframe::study
