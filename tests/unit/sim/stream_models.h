#pragma once

#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "sim/engine_run.h"
#include "sim/estimate.h"
#include "sim/stream_metrics.h"

// Simulations of functions that streams feed, for tests.
namespace coldframe::sim {

using namespace std::chrono_literals;
using engine::Shard;
inline constexpr int kRuns = 20;

inline std::int64_t ns(double seconds)
{
    return std::llround(seconds * 1e9);
}

inline ArrivalModel poisson(double rate)
{
    return RandomArrivals{{{{0, rate}}, false}};
}

inline ArrivalModel at(std::initializer_list<double> seconds)
{
    std::vector<std::int64_t> times;
    for (const double each : seconds)
        times.push_back(ns(each));
    return GivenArrivals{std::make_shared<const std::vector<std::int64_t>>(std::move(times))};
}

/// So many, all at one second.
inline ArrivalModel together(std::size_t records)
{
    return GivenArrivals{std::make_shared<const std::vector<std::int64_t>>(records, 1'000'000'000)};
}

/// One stream, and the function that it feeds on a pool without limits and cold starts.
inline Model oneStream(ShardRules rules, ArrivalModel arrivals, Law service, double seconds,
                double warmUp = 0)
{
    Model model;
    model.platform.accountConcurrency = 0xffff'ffff;
    model.platform.billingStep = 1ms;
    model.window = {.from = ns(warmUp), .to = ns(seconds), .step = 0};
    model.streams = {{.name = "clicks", .rules = rules, .perRecord = {}}};
    FunctionModel function;
    function.name = "count";
    function.service = std::move(service);
    function.arrivals = std::move(arrivals);
    function.stream = 0;
    model.functions.push_back(std::move(function));
    return model;
}

inline double figure(const SystemFigures& run, const Model& model, const char* key)
{
    return findStreamMetric(key)->of({run.streams.at(0), model.window});
}

/// Of the means of many runs.
inline void expectMean(const std::vector<SystemFigures>& all, const Model& model, const char* key,
                double oracle)
{
    std::vector<double> values;
    for (const SystemFigures& run : all)
        values.push_back(figure(run, model, key));
    const auto found = estimate(values);
    ASSERT_TRUE(found && found->ci95) << key;
    // t(19): 4.9 at 99.99 %, 2.09 at 95 %.
    EXPECT_NEAR(found->mean, oracle, *found->ci95 * 4.9 / 2.09 + 1e-12) << key;
    EXPECT_LT(*found->ci95, .05 * oracle + 1e-12) << key << ": the interval proves nothing";
}

/// What was handed over and given up, with times in seconds, and who was poisoned: records of
/// one shard by their places.
struct Story {
    struct Line {
        double at = 0;
        std::vector<Shard::Place> records;
        std::optional<Shard::Reason> givenUp;
        bool final = false;
    };
    std::vector<Line> lines;
    double lastS = 0; ///< when something ended, or was given up
    SystemFigures run;

    explicit Story(const Model& model, std::uint64_t seed = 1)
    {
        const EngineRunOptions watched{.onShard = [this](TimePoint time, const ShardStep& step) {
            if (step.what == ShardStep::What::Ended || step.what == ShardStep::What::GivenUp)
                lastS = toSeconds(time.time_since_epoch());
            if (step.what != ShardStep::What::HandedOver && step.what != ShardStep::What::GivenUp)
                return;
            lines.push_back({.at = toSeconds(time.time_since_epoch()),
                             .records = step.order->records,
                             .givenUp = step.order->giveUp,
                             .final = step.order->window && step.order->window->final});
        }};
        run = simulateSystem(model, seed, watched);
    }
    std::vector<Shard::Place> givenUp() const
    {
        std::vector<Shard::Place> all;
        for (const Line& line : lines)
            if (line.givenUp)
                all.insert(all.end(), line.records.begin(), line.records.end());
        return all;
    }
};

} // namespace coldframe::sim
