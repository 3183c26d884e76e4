#include "scenario_bench.h"
#include "study/result_text.h"
#include "temporary_folder.h"

namespace coldframe::study {

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

/// The dots of a setting's path part it, unless they stand in quotes.
TEST(Scenario, NamesWithDotsNeedQuotes)
{
    json scenario = small();
    scenario["functions"]["orders.v2"] = scenario["functions"]["f"];
    const auto plain = fileOf(scenario).prepare({{"functions.orders.v2.memoryMb", "256"}});
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().front().hint, "a name with dots needs quotes: functions.\"orders.v2\"");
    const auto quoted = fileOf(scenario).prepare({{"functions.\"orders.v2\".timeoutMs", "2000"}});
    EXPECT_TRUE(quoted) << describe(quoted.error());
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
