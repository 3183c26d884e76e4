#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

// The library's headers are older than our warnings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include "study/result_text.h"
#include "study/simulation.h"
#include "temporary_folder.h"

namespace coldframe::study {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
const fs::path kRoot = COLDFRAME_SOURCE_DIR;

std::string contents(const fs::path& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A small right scenario; tests change one thing.
json small()
{
    return json::parse(R"({"format": 1, "durationS": 1000, "replications": 2, "functions": {"f": {
        "service": {"law": "exponential", "meanS": 0.5},
        "arrivals": {"law": "poisson", "ratePerS": 2}}}})");
}

ScenarioFile fileOf(const json& scenario)
{
    return {scenario.dump(2), "s.json", kRoot, kRoot / "resources"};
}

std::vector<std::string> problemsOf(const json& scenario)
{
    const auto prepared = fileOf(scenario).prepare({});
    std::vector<std::string> all;
    if (!prepared)
        for (const Error& error : prepared.error())
            all.push_back(describe(error));
    return all;
}

json with(const char* pointer, json value)
{
    json scenario = small();
    scenario[json::json_pointer(pointer)] = std::move(value);
    return scenario;
}

bool schemaAccepts(const json& document)
{
    static const auto parsed = [] {
        auto result = std::make_unique<valijson::Schema>();
        const json text
            = json::parse(contents(kRoot / "resources" / "schema" / "scenario.schema.json"));
        valijson::adapters::NlohmannJsonAdapter adapter(text);
        valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(adapter, *result);
        return result;
    }();
    valijson::adapters::NlohmannJsonAdapter adapter(document);
    return valijson::Validator().validate(*parsed, adapter, nullptr);
}

} // namespace

struct BadCase {
    const char* name;
    const char* pointer;
    const char* value; ///< JSON
    const char* message;
};

class BadScenario : public testing::TestWithParam<BadCase> { };

/// Every mistake is told with its place and its remedy.
TEST_P(BadScenario, IsRefused)
{
    const BadCase& each = GetParam();
    const auto problems = problemsOf(with(each.pointer, json::parse(each.value)));
    ASSERT_EQ(problems.size(), 1U) << testing::PrintToString(problems);
    EXPECT_EQ(problems[0].substr(problems[0].find(" /") + 1), each.message);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadScenario,
    testing::Values(
        BadCase{"negative rate", "/functions/f/arrivals/ratePerS", "-1",
                "/functions/f/arrivals/ratePerS: ratePerS must be a number between 1e-09 and "
                "10000000, got -1"},
        BadCase{"zero rate", "/functions/f/arrivals/ratePerS", "0",
                "/functions/f/arrivals/ratePerS: ratePerS must be a number between 1e-09 and "
                "10000000, got 0"},
        BadCase{"no such law", "/functions/f/service/law", "\"exponental\"",
                "/functions/f/service/law: law must be one of \"constant\", \"exponential\", "
                "\"uniform\", \"normal\", \"lognormal\", \"weibull\", \"pareto\", \"empirical\" "
                "and 2 more, got \"exponental\"; did you mean \"exponential\"?"},
        BadCase{
            "unknown key", "/functions/f/memory", "128",
            "/functions/f/memory: a function has no key \"memory\"; did you mean \"memoryMb\"?"},
        BadCase{"warm-up too long", "/warmUpS", "1000",
                "/warmUpS: warmUpS is 1000 s, but the simulated time ends after 1000 s; lower it, "
                "or raise durationS"},
        BadCase{"endless", "/durationS", "1e12",
                "/durationS: durationS must be a number between 0.001 and 1000000000, got "
                "1000000000000.0"},
        BadCase{"no instance", "/pool", R"({"maxInstances": 0})",
                "/pool/maxInstances: maxInstances must be a whole number between 1 and 10000000, "
                "got 0"},
        BadCase{"no such platform", "/platform", "\"aws-lambda-arm\"",
                "/platform: there is no platform \"aws-lambda-arm\"; did you mean "
                "\"aws-lambda-arm64\"?"},
        BadCase{"no such runtime", "/functions/f/coldStart", R"({"runtime": "python3.21"})",
                "/functions/f/coldStart/runtime: no cold starts are published for \"python3.21\"; "
                "did you mean \"python3.11\"?"},
        BadCase{"queue without one", "/pool", R"({"queueLength": 5})",
                "/pool/queueLength: queueLength needs a queue; add \"whenFull\": \"queue\""},
        BadCase{"falling quantiles", "/functions/f/service",
                R"({"law": "empirical", "quantiles": [[0, 2], [1, 1]]})",
                "/functions/f/service/quantiles: quantiles must not fall, but [1,1] follows a "
                "larger one; write it as [[0, 0.01], [0.5, 0.02], [1, 0.4]]"},
        BadCase{
            "a loop without pauses", "/functions/f/arrivals",
            R"({"law": "closed-loop", "clients": 2, "think": {"law": "constant", "meanS": 0}})",
            "/functions/f/arrivals/think: pauses must last 1 us in the mean or longer; raise them"},
        BadCase{"too many steps", "/stepS", "1e-6",
                "/stepS: steps of 1e-06 s make 1000000000 of them, more than 1000000; raise stepS, "
                "or set it to 0 for no figures over time"},
        BadCase{"reserved beyond the account", "/functions/f/reservedConcurrency", "5000",
                "/functions/f/reservedConcurrency: the functions up to this one keep 5000 of the "
                "account's 1000 for themselves; lower it, or raise accountConcurrency"},
        BadCase{"pauses that cannot be", "/functions/f/retry", R"({"tries": 2, "firstPauseS": 30})",
                "/functions/f/retry/firstPauseS: the first pause is 30 s, but none is longer than "
                "longestPauseS, 20 s; lower firstPauseS, or raise longestPauseS"},
        BadCase{"a curve that rises", "/pool", R"({"keepAliveS": [[60, 0.5], [90, 0.6], [99, 0]]})",
                "/pool/keepAliveS: times must rise and shares must not, but [90,0.6] follows "
                "[60,0.5]; write it as [[300, 1], [600, 0.5], [1800, 0]]"},
        BadCase{"a curve without an end", "/pool", R"({"keepAliveS": [[60, 0.5]]})",
                "/pool/keepAliveS: there must be 1 to 10000 points, and the last one must have "
                "share 0: every idle instance ends some time; write it as [[300, 1], [600, 0.5], "
                "[1800, 0]]"},
        BadCase{"a curve of numbers", "/pool", R"({"keepAliveS": [60, 0]})",
                "/pool/keepAliveS: a point is a pair of numbers, got 60; write it as [[300, 1], "
                "[600, 0.5], [1800, 0]]"},
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
                "lower it, or raise maxInstances"},
        BadCase{"retries of what waits", "/functions/f/async", R"({"retries": 1})",
                "/functions/f/async: the function is called synchronously; add \"delivery\": "
                "\"async\", or take \"async\" away"}),
    [](const auto& each) {
        std::string name = each.param.name;
        std::ranges::replace_if(
            name, [](char c) { return !std::isalnum(c); }, '_');
        return name;
    });

/// Who waits in a queue without end is never refused, and so does not call again.
TEST(Scenario, RetriesNeedRefusals)
{
    json scenario = with("/functions/f/retry", {{"tries", 3}});
    scenario["pool"] = {{"whenFull", "queue"}};
    EXPECT_EQ(problemsOf(scenario),
              (std::vector<std::string>{
                  "s.json:10:7: /functions/f/retry: no call is refused: all wait in a queue that "
                  "has no end; take \"retry\" away, or give the pool a queueLength or a "
                  "queueDeadlineS"}));
    scenario["pool"]["queueLength"] = 5;
    EXPECT_TRUE(problemsOf(scenario).empty());
}

TEST(Scenario, KeepAliveByACurve)
{
    const json scenario = with("/pool", {{"keepAliveS", {{300, 1}, {600, 0.5}, {1800, 0}}}});
    EXPECT_TRUE(schemaAccepts(scenario));
    const auto prepared = fileOf(scenario).prepare({});
    ASSERT_TRUE(prepared);
    const auto& curve = prepared->model.platform.keepAlive.survival;
    ASSERT_EQ(curve.size(), 3U);
    EXPECT_EQ(curve[1].idle, std::chrono::seconds(600));
    EXPECT_EQ(curve[1].alive, 0.5);
    // From the command line as well.
    EXPECT_EQ(fileOf(small())
                  .prepare({{"pool.keepAliveS", "[[60,1],[90,0]]"}})
                  ->model.platform.keepAlive.survival.size(),
              2U);
}

/// The schema and the reader agree on what is right.
TEST(Scenario, ExamplesAreValid)
{
    for (const auto& entry : fs::directory_iterator(kRoot / "examples" / "scenarios")) {
        if (entry.path().extension() != ".json")
            continue;
        const auto file = ScenarioFile::open(entry.path(), kRoot / "resources");
        ASSERT_TRUE(file);
        const auto prepared = file->prepare({});
        EXPECT_TRUE(prepared) << entry.path()
                              << (prepared ? "" : describe(prepared.error().front()));
        EXPECT_TRUE(schemaAccepts(json::parse(contents(entry.path())))) << entry.path();
    }
}

json onPlatform(const char* platform)
{
    return with("/platform", platform);
}

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

/// A law without end gives attempts that are under way at the end, and no wrapped figures.
TEST(Scenario, EndlessAttemptsAreUnfinished)
{
    for (const char* law : {R"({"law": "lognormal", "mu": 0, "sigma": 20})",
                            R"({"law": "weibull", "scaleS": 1, "shape": 0.05})",
                            R"({"law": "pareto", "leastS": 1, "shape": 0.1})"}) {
        for (const char* place : {"/functions/f/service", "/functions/f/coldStart"}) {
            json scenario = with(place, json::parse(law));
            scenario["accountConcurrency"] = 1'000'000;
            const auto result = simulate(fileOf(scenario), {.threads = 1});
            const FunctionResult& f = result->points.at(0).functions.at(0);
            EXPECT_LE(f.figure("busyInstances")->mean, f.figure("instances")->mean) << law;
            EXPECT_LE(f.figure("responseS/mean")->mean, 1000) << law;
            EXPECT_LT(f.figure("attempts")->mean, f.figure("invocations")->mean) << law;
        }
    }
}

/// Many functions cost what each costs.
TEST(Scenario, ManyFunctions)
{
    json scenario = small();
    scenario["stepS"] = 0;
    for (int i = 0; i < 3000; ++i)
        scenario["functions"]["f" + std::to_string(i)] = scenario["functions"]["f"];
    scenario["replications"] = 1;
    scenario["durationS"] = 10;
    const auto result = simulate(fileOf(scenario), {.threads = 2});
    EXPECT_EQ(result->points.at(0).functions.size(), 3001U);
}

TEST(Scenario, ResultsAreTheSameOnAnyNumberOfThreads)
{
    json scenario = small();
    scenario["functions"]["g"] = scenario["functions"]["f"];
    scenario["functions"]["g"]["reservedConcurrency"] = 1;
    const auto text = [&](unsigned threads) {
        auto result = simulate(fileOf(scenario),
                               {.sweeps = {{"pool.keepAliveS", {"1", "60"}}}, .threads = threads});
        result->tookS = 0;
        return toJson(*result);
    };
    const std::string one = text(1);
    EXPECT_EQ(text(4), one);
    EXPECT_NE(one.find("\"coldStartProbability\""), std::string::npos);
}

/// Functions are simulated one by one only while the account's limit does not bind.
TEST(Scenario, AnAccountLimitIsShared)
{
    json scenario = with("/pool", {{"keepAliveS", 60}});
    scenario["functions"]["g"] = scenario["functions"]["f"];
    const auto rejected = [&](int limit) {
        scenario["accountConcurrency"] = limit;
        const auto result = simulate(fileOf(scenario), {.threads = 2});
        const PointResult& point = result->points.at(0);
        EXPECT_EQ(limit<100, point.byEngine> 0);
        return point.total.figure("rejected")->mean;
    };
    EXPECT_EQ(rejected(100), 0);
    // Each alone would stay within 3; together they offer 2 erlang.
    EXPECT_GT(rejected(3), 500);
}

TEST(Scenario, SettingsAreCheckedLikeTheFile)
{
    const auto bad = fileOf(small()).prepare({{"functions.f.memoryMb", "-5"}});
    ASSERT_FALSE(bad);
    EXPECT_EQ(describe(bad.error().front()),
              "s.json: /functions/f/memoryMb: memoryMb must be a whole number between 1 and "
              "1000000, got -5 (set by functions.f.memoryMb=-5)");
    const auto misspelt = fileOf(small()).prepare({{"functions.g.memoryMb", "5"}});
    ASSERT_FALSE(misspelt);
    EXPECT_EQ(
        describe(misspelt.error().front()),
        "s.json: functions.g.memoryMb: the scenario has no function \"g\"; did you mean \"f\"?");
}

/// A change of memory stretches the CPU's part of a law, or is refused.
TEST(Scenario, MemoryScalesTheCpuShare)
{
    json scenario = small();
    scenario["functions"]["f"]["memoryMb"] = 1769;
    const auto refused = fileOf(scenario).prepare({{"functions.f.memoryMb", "128"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(describe(refused.error().front()),
              "s.json:11:7: /functions/f/service: the service law holds at 1769 MB, but the "
              "function has 128 MB, and how much of its time is CPU time is not known; add "
              "\"cpuShare\" (0: only waits, 1: only computes) to the law");
    scenario["functions"]["f"]["service"]["cpuShare"] = 0.5;
    const auto prepared = fileOf(scenario).prepare({{"functions.f.memoryMb", "128"}});
    ASSERT_TRUE(prepared);
    EXPECT_DOUBLE_EQ(prepared->model.functions[0].service.factor, 0.5 + 0.5 * 1769 / 128);
}

TEST(Sweeps, AreCombined)
{
    const auto list = parseSweep("a.b=1,2,x"), range = parseSweep("c=60..3600/4");
    ASSERT_TRUE(list && range);
    EXPECT_EQ(list->values, (std::vector<std::string>{"1", "2", "\"x\""}));
    EXPECT_EQ(range->values, (std::vector<std::string>{"60", "1240", "2420", "3600"}));
    EXPECT_EQ(pointCount({*list, *range}), 12U);
    EXPECT_EQ(pointAt({*list, *range}, 5), (std::vector<Setting>{{"a.b", "2"}, {"c", "1240"}}));
    EXPECT_FALSE(parseSweep("c=60..3600"));
    EXPECT_FALSE(parseSweep("c=60..3600/1"));
    EXPECT_FALSE(parseSweep("c=1,,2"));
    EXPECT_FALSE(parseSweep("c"));
    EXPECT_EQ(*pointerOf("functions.\"a.b\".memoryMb"), "/functions/a.b/memoryMb");
    EXPECT_FALSE(pointerOf("functions..x"));
}

TEST(Results, CsvHasARowForEachPointAndFunction)
{
    const auto result
        = simulate(fileOf(small()), {.sweeps = {{"seed", {"1", "2", "3"}}}, .threads = 1});
    const std::string csv = toCsv(*result);
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 3 * 2);
    EXPECT_TRUE(csv.starts_with("seed,function,invocations,invocations.ci95,"));
    const std::string series = seriesToCsv(result->points[0]);
    EXPECT_EQ(std::ranges::count(series, '\n'), 1 + 17); // 1000 s in steps of 60
}

TEST(Results, AStoppedSimulationKeepsWhatWasFinished)
{
    std::stop_source stop;
    SimulationOptions options;
    options.sweeps = {{"seed", {"1", "2", "3", "4", "5"}}};
    options.threads = 1;
    options.stop = stop.get_token();
    json scenario = small();
    scenario["durationS"] = 300'000; // long enough for a word on the way
    options.onProgress = [&](double share, const std::string&) {
        if (share >= 0.4)
            stop.request_stop();
    };
    const auto result = simulate(fileOf(scenario), options);
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->complete());
    EXPECT_GE(result->points.size(), 1U);
    EXPECT_LT(result->points.size(), 5U);
}

} // namespace coldframe::study
