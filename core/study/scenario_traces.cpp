#include "study/scenario_traces.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/json_reader.h"
#include "study/arrival_copies.h"
#include "study/fit.h"
#include "study/trace_shelf.h"
#include "traces/placement.h"

namespace coldframe::study {

namespace {

namespace fs = std::filesystem;
using scenario::ArrivalSpec;
using scenario::TraceRef;

constexpr double kMinuteS = 60;
constexpr std::size_t kMostTimes = 100'000'000; // 0.8 GB

/// The counts as rates, from `fromS` on.
sim::RateProfile rates(const TracedFunction& traced, double fromS, double factor)
{
    sim::RateProfile profile{{{0, 0}}, false};
    for (std::size_t i = 0; i < traced.minutes.size(); ++i) {
        const double begin = traced.minutes[i] * kMinuteS - fromS, end = begin + kMinuteS;
        if (end <= 0)
            continue;
        const double rate = traced.counts[i] * factor / kMinuteS;
        for (const sim::RateProfile::Point& point :
             {sim::RateProfile::Point{std::max(begin, 0.0), 0},
              {std::max(begin, 0.0), rate},
              {end, rate},
              {end, 0}})
            profile.points.push_back(point);
    }
    return profile;
}

/// The counts as times within [fromNs, untilNs), as far apart in each minute as can be.
std::vector<std::int64_t> evenTimes(const TracedFunction& traced, std::int64_t fromNs,
                                    std::int64_t untilNs)
{
    traces::Placement placement(traces::Arrivals::Even, 0);
    const traces::Cells cells{traced.minutes, traced.counts};
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < traced.minutes.size(); ++i) {
        placement.begin(traces::minuteCount(cells, i, 0));
        for (auto block = placement.next(); !block.empty(); block = placement.next())
            for (const std::int64_t us : block)
                if (us * 1000 >= fromNs && us * 1000 < untilNs)
                    times.push_back(us * 1000 - fromNs);
        if (times.size() > kMostTimes)
            break;
    }
    return times;
}

std::vector<std::int64_t> timesBetween(const std::vector<std::int64_t>& starts, std::int64_t fromNs,
                                       std::int64_t untilNs)
{
    std::vector<std::int64_t> times;
    for (const std::int64_t start : starts)
        if (start >= fromNs && start < untilNs)
            times.push_back(start - fromNs);
    return times;
}

const char* titleOf(TraceRef::Kind kind)
{
    return kind == TraceRef::Kind::Azure2019 ? "Azure Functions trace of 2019"
                                             : "Azure Functions trace of 2021";
}

class TraceFiller {
public:
    TraceFiller(Prepared& prepared, const fs::path& folder, const JsonText& text, TraceShelf& shelf)
        : m_prepared(prepared), m_folder(folder), m_text(text), m_shelf(shelf)
    { }

    std::vector<Error> fill()
    {
        for (scenario::ScenarioFunction& function : m_prepared.scenario.functions) {
            if (function.service.traced)
                fillService(function);
            if (function.arrivals.trace)
                fillArrivals(function);
        }
        m_shelf.close();
        return std::move(m_errors);
    }

private:
    std::shared_ptr<const TracedFunction> traced(const TraceRef& ref)
    {
        auto found = m_shelf.find(ref, m_folder);
        if (found)
            return *found;
        Error error = found.error();
        // What is wrong with a file is told with its place there; the rest is about what was asked.
        const bool inFile = !error.file.empty();
        const std::string hint = inFile ? std::string() : error.hint;
        fail(ref,
             inFile                     ? "path"
                 : ref.function.empty() ? "rank"
                                        : "function",
             error.code, inFile ? describe(error) : error.message, hint);
        return nullptr;
    }
    void fail(const TraceRef& ref, const char* key, Error::Code code, std::string message,
              std::string hint)
    {
        m_errors.push_back(errorAt(m_text, ref.pointer + "/" + key, false, code, std::move(message),
                                   std::move(hint)));
    }
    void note(const char* what, const scenario::ScenarioFunction& function, const TraceRef& ref,
              const TracedFunction& traced, const std::string& detail)
    {
        constexpr std::size_t kShownOfHash = 12;
        m_prepared.origins.push_back({fmt::format("{} of {}", what, function.model.name),
                                      "measured",
                                      fmt::format("{}; function {} (rank {}) of the {}, in {}",
                                                  detail, traced.name.substr(0, kShownOfHash),
                                                  traced.rank, titleOf(ref.kind), ref.path)});
    }

    void fillService(scenario::ScenarioFunction& function)
    {
        const TraceRef& ref = *function.service.traced;
        const auto found = traced(ref);
        if (!found)
            return;
        std::string detail;
        if (found->durations.empty()) {
            function.service.law = found->service;
            detail = found->service.kind == sim::Law::Kind::Quantiles
                ? fmt::format("{} published percentiles", found->service.quantiles.size())
                : "the published average, for want of percentiles";
        } else {
            const Fit fit = fitDurations(found->durations);
            function.service.law = fit.law;
            detail = describe(fit);
        }
        note("service", function, ref, *found, detail);
    }

    void fillArrivals(scenario::ScenarioFunction& function)
    {
        ArrivalSpec& arrivals = function.arrivals;
        const TraceRef& ref = *arrivals.trace;
        const auto found = traced(ref);
        if (!found)
            return;
        if (arrivals.fromS >= found->lengthS)
            return fail(ref, "fromS", Error::Code::OutOfRange,
                        fmt::format("the trace ends after {:.0f} s", found->lengthS), "lower it");
        const double untilS = arrivals.fromS + m_prepared.scenario.durationS;
        std::size_t simulated = 0;
        if (found->starts.empty() && !arrivals.even) {
            sim::RateProfile profile = rates(*found, arrivals.fromS, arrivals.rateFactor);
            if (profile.points.size() == 1)
                return nothing(ref, arrivals);
            arrivals.model = sim::RandomArrivals{std::move(profile)};
        } else {
            const auto fromNs = static_cast<std::int64_t>(arrivals.fromS * 1e9);
            const auto untilNs = static_cast<std::int64_t>(untilS * 1e9);
            auto times = found->starts.empty() ? evenTimes(*found, fromNs, untilNs)
                                               : timesBetween(found->starts, fromNs, untilNs);
            if (times.empty())
                return nothing(ref, arrivals);
            if (static_cast<double>(times.size()) * arrivals.rateFactor
                > static_cast<double>(kMostTimes))
                return fail(
                    ref, "rateFactor", Error::Code::LimitReached,
                    fmt::format("more than {} arrivals would be kept in memory", kMostTimes),
                    "lower rateFactor or durationS, or leave \"within\" away");
            auto all = std::make_shared<std::vector<std::int64_t>>(copied(
                times, arrivals.rateFactor,
                {m_prepared.scenario.seed, sim::Draw::Pick, sim::entityOf(function.model.name)}));
            simulated = all->size();
            arrivals.model = sim::GivenArrivals{std::move(all)};
        }
        std::string detail
            = fmt::format("{} invocations in {:.0f} s", found->invocations, found->lengthS);
        if (found->starts.empty())
            detail += arrivals.even ? ", each minute's evenly spaced"
                                    : ", each minute's count as a rate";
        if (simulated > 0)
            detail += fmt::format(", {} simulated", simulated);
        if (untilS > found->lengthS)
            detail += fmt::format(", none after {:.0f} s", found->lengthS - arrivals.fromS);
        note("arrivals", function, ref, *found, detail);
    }
    void nothing(const TraceRef& ref, const ArrivalSpec& arrivals)
    {
        fail(ref, ref.function.empty() ? "rank" : "function", Error::Code::Missing,
             fmt::format("the trace has no invocation of this function after {:.0f} s",
                         arrivals.fromS),
             "choose another function, or lower fromS");
    }

    Prepared& m_prepared;
    const fs::path& m_folder;
    const JsonText& m_text;
    TraceShelf& m_shelf;
    std::vector<Error> m_errors;
};

} // namespace

std::vector<Error> fillFromTraces(Prepared& prepared, const fs::path& folder, const JsonText& text,
                                  TraceShelf& shelf)
{
    return TraceFiller(prepared, folder, text, shelf).fill();
}

} // namespace coldframe::study
