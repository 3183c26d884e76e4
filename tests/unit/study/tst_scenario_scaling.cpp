#include <gmock/gmock.h>

#include "scenario_bench.h"

// Scenarios where a timer decides how many instances there are.
namespace coldframe::study {

struct BadCase {
    const char* name;
    const char* pointer;
    const char* value; ///< JSON
    const char* message;
};

class BadScaling : public testing::TestWithParam<BadCase> { };

/// Every mistake is told with its place and its remedy.
TEST_P(BadScaling, IsRefused)
{
    const BadCase& each = GetParam();
    const auto problems = problemsOf(with(each.pointer, json::parse(each.value)));
    ASSERT_EQ(problems.size(), 1U) << testing::PrintToString(problems);
    EXPECT_EQ(problems[0].substr(problems[0].find(" /") + 1), each.message);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadScaling,
    testing::Values(
        BadCase{"no such decider", "/pool", R"({"scaling": {"decider": "knative"}})",
                "/pool/scaling/decider: decider must be one of \"per-request\", \"knative-kpa\" "
                "and \"target\", got \"knative\""},
        BadCase{"a timer's key without one", "/pool", R"({"scaling": {"windowS": 30}})",
                "/pool/scaling/windowS: the decider of this pool does not go by windowS; take it "
                "away, or set \"decider\" to \"knative-kpa\" or \"target\""},
        BadCase{"another decider's key", "/pool",
                R"({"scaling": {"decider": "target", "maxUpRate": 10}})",
                "/pool/scaling/maxUpRate: the decider of this pool does not go by maxUpRate; take "
                "it away, or set \"decider\" to \"knative-kpa\""},
        BadCase{"misspelt key of the timer", "/pool", R"({"scaling": {"panicWindow": 6}})",
                "/pool/scaling/panicWindow: the scaling of a pool has no key \"panicWindow\"; did "
                "you mean \"panicWindowS\"?"},
        BadCase{"a rate that never grows", "/pool",
                R"({"scaling": {"decider": "knative-kpa", "maxUpRate": 1}})",
                "/pool/scaling/maxUpRate: maxUpRate must be a number between 1.000001 and 1000000, "
                "got 1"},
        BadCase{"keep-alive beside the autoscaler", "/pool",
                R"({"keepAliveS": 60, "scaling": {"decider": "knative-kpa"}})",
                "/pool/keepAliveS: the autoscaler ends the instances of this pool itself; take "
                "keepAliveS away; \"scaling\" has downDelayS and toZeroGraceS"},
        BadCase{"panic longer than the window", "/pool",
                R"({"scaling": {"decider": "knative-kpa", "windowS": 4}})",
                "/pool/scaling: the panic window of 6 s is longer than the window of 4 s; lower "
                "panicWindowS, or raise windowS"},
        BadCase{
            "times without a common step", "/pool",
            R"({"scaling": {"decider": "knative-kpa", "panicWindowS": 6.00001}})",
            "/pool/scaling: the window is made of 6000000 steps of 10000 ns, the longest of which "
            "the tick and the windows are multiples; there may be 100000; choose rounder times"},
        BadCase{"least number without a timer", "/functions/f/minInstances", "2",
                "/functions/f/minInstances: an instance for each request knows no least number of "
                "them; use provisionedConcurrency, or \"scaling\" in the pool"},
        BadCase{"least number of all without a timer", "/pool", R"({"minInstances": 2})",
                "/pool/minInstances: an instance for each request knows no least number of them; "
                "use provisionedConcurrency of the functions, or \"scaling\""},
        BadCase{"more at least than at most", "/pool",
                R"({"minInstances": 5, "maxInstances": 4, "scaling": {"decider": "target"}})",
                "/pool/minInstances: minInstances is 5, but there may be 4 instances at most; "
                "lower it, or raise maxInstances"}),
    [](const auto& each) {
        std::string name = each.param.name;
        std::ranges::replace_if(
            name, [](char c) { return !std::isalnum(c); }, '_');
        return name;
    });

namespace {

json onPlatform(const char* platform)
{
    return with("/platform", platform);
}

} // namespace

TEST(Scaling, ProvisionedInstancesAndReplacedServicesDoNotGoWithIt)
{
    json scenario = onPlatform("knative");
    scenario["functions"]["f"]["provisionedConcurrency"] = 1;
    EXPECT_EQ(problemsOf(scenario),
              std::vector<std::string>{
                  "s.json:10:7: /functions/f/provisionedConcurrency: where an autoscaler decides, "
                  "no instances are provisioned beside it; use minInstances"});
    scenario = onPlatform("knative");
    scenario["functions"]["f"]["coldStart"]
        = json::parse(R"({"mode": "replace", "law": "constant", "meanS": 1})");
    EXPECT_EQ(problemsOf(scenario),
              std::vector<std::string>{
                  "s.json:10:7: /functions/f/coldStart: an autoscaler starts instances before "
                  "there is an event whose service the cold start could replace; set its \"mode\" "
                  "to \"add\", with the time that a start takes"});
    scenario = small();
    scenario["pool"] = json::parse(R"({"scaling": {"decider": "knative-kpa"}})");
    scenario["functions"]["f"]["retry"]["tries"] = 2;
    EXPECT_THAT(problemsOf(scenario),
                testing::ElementsAre(testing::HasSubstr(
                    "/functions/f/retry: no call is refused: all wait in a queue that has no end; "
                    "take \"retry\" away, or give the pool a queueLength or a queueDeadlineS")));
    scenario = onPlatform("knative");
    scenario["pool"] = json::parse(R"({"scaling": {"decider": "target"}})");
    EXPECT_EQ(problemsOf(scenario),
              std::vector<std::string>{
                  "s.json:19:7: /pool/scaling/decider: without Knative's decider nothing says how "
                  "long idle instances live; add \"keepAliveS\" to the pool"});
}

TEST(Scaling, APlatformsRulesHoldUnlessTheScenarioSaysOtherwise)
{
    const auto modelOf = [](const json& scenario) {
        const auto prepared = fileOf(scenario).prepare({});
        EXPECT_TRUE(prepared) << testing::PrintToString(problemsOf(scenario));
        EXPECT_TRUE(schemaAccepts(scenario));
        return prepared ? prepared->model : sim::Model();
    };
    json scenario = onPlatform("cloud-run-functions");
    sim::Model model = modelOf(scenario);
    EXPECT_EQ(model.functions[0].rules.maxInstances, 100U);
    EXPECT_EQ(model.functions[0].rules.instanceConcurrency, 1U);
    EXPECT_TRUE(model.platform.scaling.onDemand);
    scenario["pool"] = json::parse(R"({"maxInstances": null, "instanceConcurrency": 80,
        "minInstances": 2, "scaling": {"tickS": 10, "onDemand": false, "targetConcurrency": 40}})");
    scenario["functions"]["f"]["minInstances"] = 3;
    model = modelOf(scenario);
    EXPECT_EQ(model.functions[0].rules.maxInstances, std::nullopt);
    EXPECT_EQ(model.functions[0].rules.instanceConcurrency, 80U);
    EXPECT_EQ(model.functions[0].rules.minInstances, 3U);
    EXPECT_EQ(model.platform.scaling.tick, std::chrono::seconds(10));
    EXPECT_EQ(model.platform.scaling.target, 40U);
    EXPECT_FALSE(model.platform.scaling.onDemand);

    // On a platform of another kind, the figures are Knative's and calls wait.
    scenario = onPlatform("aws-lambda-x86_64");
    scenario["pool"] = json::parse(R"({"scaling": {"decider": "knative-kpa", "windowS": 120}})");
    model = modelOf(scenario);
    EXPECT_EQ(model.platform.scaling.panicThreshold, 2'000'000U);
    EXPECT_EQ(model.platform.scaling.window, std::chrono::seconds(120));
    EXPECT_TRUE(model.platform.scaling.retires);
    EXPECT_TRUE(model.platform.keepAlive.survival.empty());
    EXPECT_EQ(model.platform.saturation.policy, engine::Saturation::Policy::Queue);
}

TEST(Scaling, WhatHasNoPriceIsNotFree)
{
    for (const char* platform : {"knative", "cloud-run-functions", "azure-consumption"}) {
        const auto result = simulate(fileOf(onPlatform(platform)), {});
        ASSERT_TRUE(result) << platform;
        const PointResult& point = result->points.front();
        EXPECT_FALSE(point.total.figure("costUsd")) << platform;
        EXPECT_FALSE(point.total.figure("billedGbS")) << platform;
        EXPECT_FALSE(point.functions[0].figure("billedGbS")) << platform;
        EXPECT_EQ(result->origins.back().origin, "not priced");
        EXPECT_EQ(point.byKernel, 0U) << "the kernel knows no timer";
        EXPECT_GT(point.total.figure("invocations")->mean, 1900) << platform;
    }
}

/// 100 calls a second of half a second each, from zero: one start a second at the most.
TEST(Scaling, AzureStartsOneInstanceASecond)
{
    json scenario = onPlatform("azure-consumption");
    scenario["durationS"] = 60;
    scenario["stepS"] = 1;
    scenario["functions"]["f"]["arrivals"] = json::parse(R"({"law": "constant", "ratePerS": 400})");
    scenario["functions"]["f"]["coldStart"] = json::parse(R"({"law": "constant", "meanS": 0.1})");
    const auto result = simulate(fileOf(scenario), {});
    ASSERT_TRUE(result);
    const std::vector<double>& alive = result->points.front().alive.high;
    for (std::size_t second = 0; second < alive.size(); ++second)
        EXPECT_LE(alive[second], static_cast<double>(second) + 1.001) << second;
    // 200 at work and 16 an instance: 12.5 instances, and as many seconds to get there.
    EXPECT_GE(alive[14], 12.0);
    EXPECT_LE(alive.back(), 20.0);
}

/// One instance, calls of 30 s: who waits for 10 s is refused.
TEST(Scaling, CloudRunRefusesWhoWaitsTooLong)
{
    json scenario = onPlatform("cloud-run-functions");
    scenario["pool"] = json::parse(R"({"maxInstances": 1})");
    scenario["functions"]["f"] = json::parse(R"({"service": {"law": "constant", "meanS": 30},
        "coldStart": {"law": "constant", "meanS": 1},
        "arrivals": {"law": "poisson", "ratePerS": 0.5}})");
    const auto result = simulate(fileOf(scenario), {});
    ASSERT_TRUE(result);
    const FunctionResult& total = result->points.front().total;
    EXPECT_GT(total.figure("expiredProbability")->mean, .9);
    EXPECT_LE(total.figure("responseS/p99")->mean, 10 + 30.5);
}

} // namespace coldframe::study
