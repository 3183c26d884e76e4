#include "model/workspace_file.h"
#include "scenario_bench.h"
#include "sim/engine_run.h"
#include "study/function_groups.h"
#include "study/result_text.h"

// Streams from a scenario's text to a result's: what is refused, who is simulated with whom, and
// where the figures stand.
namespace coldframe::study {

namespace {

/// A small right scenario; tests change one thing.
json streamed()
{
    return json::parse(R"({"format": 1, "durationS": 500, "replications": 2,
        "streams": {"clicks": {
            "function": "count", "shards": 2, "keys": 50, "zipfExponent": 1, "batchSize": 5,
            "maximumRetryAttempts": 1, "poisonShare": 0.02}},
        "functions": {"count": {
            "service": {"law": "constant", "meanS": 0.1},
            "arrivals": {"law": "poisson", "ratePerS": 8}}}})");
}

} // namespace

class BadStreams : public testing::TestWithParam<BadValue> { };

TEST_P(BadStreams, AreRefused)
{
    const BadValue& each = GetParam();
    json scenario = streamed();
    scenario[json::json_pointer(each.pointer)] = json::parse(each.value);
    const auto problems = problemsOf(scenario);
    ASSERT_EQ(problems.size(), 1U) << testing::PrintToString(problems);
    EXPECT_EQ(problems[0].substr(problems[0].find(" /") + 1), each.message);
    EXPECT_EQ(schemaAccepts(scenario), each.schema);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadStreams,
    testing::Values(
        BadValue{"no shard", "/streams/clicks/shards", "0", false,
                  "/streams/clicks/shards: shards must be a whole number between 1 and 10000, got "
                  "0"},
        BadValue{"no key", "/streams/clicks/keys", "0", false,
                  "/streams/clicks/keys: keys must be a whole number between 1 and 1000000, got 0"},
        BadValue{"too uneven", "/streams/clicks/zipfExponent", "11", false,
                  "/streams/clicks/zipfExponent: zipfExponent must be a number between 0 and 10, "
                  "got 11"},
        BadValue{"uneven without keys", "/streams/clicks",
                  R"({"function": "count", "zipfExponent": 1})", false,
                  "/streams/clicks/zipfExponent: each record has a partition key of its own, and "
                  "none is more frequent than others; add \"keys\": how many there are, such as "
                  "1000"},
        BadValue{"no record", "/streams/clicks/batchSize", "0", false,
                  "/streams/clicks/batchSize: batchSize must be a whole number between 1 and "
                  "10000, got 0"},
        BadValue{"half a second", "/streams/clicks/batchWindowS", "0.5", false,
                  "/streams/clicks/batchWindowS: batchWindowS must be a whole number between 0 and "
                  "300, got 0.5"},
        BadValue{"too many lanes", "/streams/clicks/parallelizationFactor", "11", false,
                  "/streams/clicks/parallelizationFactor: parallelizationFactor must be a whole "
                  "number between 1 and 10, got 11"},
        BadValue{"fewer than no retries", "/streams/clicks/maximumRetryAttempts", "-2", false,
                  "/streams/clicks/maximumRetryAttempts: maximumRetryAttempts must be a whole "
                  "number between -1 and 10000, got -2"},
        BadValue{"too young to be given up", "/streams/clicks/maximumRecordAgeS", "59", false,
                  "/streams/clicks/maximumRecordAgeS: maximumRecordAgeS must be -1 or from 60 to "
                  "604800, got 59; -1: records may be of any age"},
        BadValue{"too long a window", "/streams/clicks/tumblingWindowS", "901", false,
                  "/streams/clicks/tumblingWindowS: tumblingWindowS must be a whole number between "
                  "0 and 900, got 901"},
        BadValue{"windows of several lanes", "/streams/clicks",
                  R"({"function": "count", "tumblingWindowS": 10, "parallelizationFactor": 2})",
                  true,
                  "/streams/clicks/parallelizationFactor: parallelizationFactor must be 1 with a "
                  "tumbling window, got 2: each invocation takes over the state of the one before; "
                  "remove parallelizationFactor or tumblingWindowS"},
        BadValue{"no text for halving", "/streams/clicks/bisectBatchOnFunctionError", "1", false,
                  "/streams/clicks/bisectBatchOnFunctionError: bisectBatchOnFunctionError must be "
                  "true or false, got 1"},
        BadValue{"more than all are poisoned", "/streams/clicks/poisonShare", "1.5", false,
                  "/streams/clicks/poisonShare: poisonShare must be a number between 0 and 1, got "
                  "1.5"},
        BadValue{"fewer than none fail", "/streams/clicks/recordFailureShare", "-1", false,
                  "/streams/clicks/recordFailureShare: recordFailureShare must be a number between "
                  "0 and 1, got -1"},
        BadValue{"no law of a record", "/streams/clicks/perRecord", R"({"meanS": 1})", false,
                  "/streams/clicks/perRecord: the law of one record needs \"law\""},
        BadValue{"unknown key", "/streams/clicks/batchSizes", "5", false,
                  "/streams/clicks/batchSizes: a stream has no key \"batchSizes\"; did you mean "
                  "\"batchSize\"?"},
        BadValue{"no name of a stream", "/streams/-a", R"({"function": "count"})", false,
                  "/streams/-a: this is no name for a stream; use letters, digits and _ . : - (not "
                  "at the beginning), 140 at most"},
        BadValue{"no stream at all", "/streams/more", "[]", false,
                  "/streams/more: a stream must be an object in { }, got a list"},
        BadValue{"no function named", "/streams/clicks", "{}", false,
                  "/streams/clicks: a stream needs \"function\"; name the function that its "
                  "records go to"},
        BadValue{"no such function", "/streams/clicks/function", "\"cont\"", true,
                  "/streams/clicks/function: the scenario has no function \"cont\"; did you mean "
                  "\"count\"?"},
        BadValue{"a function of two streams", "/streams/more", R"({"function": "count"})", true,
                  "/streams/more/function: the stream \"clicks\" feeds \"count\" already; give "
                  "each stream a function of its own"},
        BadValue{"asynchronous", "/functions/count/delivery", "\"async\"", true,
                  "/functions/count/delivery: batches of the stream \"clicks\" are synchronous "
                  "calls; take it away; the stream has maximumRetryAttempts and "
                  "maximumRecordAgeS"},
        BadValue{"callers that try again", "/functions/count/retry", R"({"tries": 2})", true,
                  "/functions/count/retry: batches of the stream \"clicks\" are handed over again "
                  "until they are done: retry says nothing of them; take it away; the stream has "
                  "maximumRetryAttempts and maximumRecordAgeS"},
        BadValue{
            "clients who wait", "/functions/count/arrivals",
            R"({"law": "closed-loop", "clients": 2, "think": {"law": "constant", "meanS": 1}})",
            true,
            "/functions/count/arrivals: clients of a closed loop wait for an answer, which records "
            "do not have; choose another law of arrivals"}),
    [](const auto& each) {
        std::string name = each.param.name;
        std::ranges::replace_if(
            name, [](char c) { return !std::isalnum(c); }, '_');
        return name;
    });

TEST(ScenarioStreams, AQueueAndAStreamAreTooMuch)
{
    json scenario = streamed();
    scenario["queues"]["parts"] = json::object();
    scenario["functions"]["count"]["queue"]["name"] = "parts";
    const auto problems = problemsOf(scenario);
    ASSERT_EQ(problems.size(), 1U) << testing::PrintToString(problems);
    EXPECT_EQ(problems[0].substr(problems[0].find(" /") + 1),
              "/streams/clicks/function: \"count\" reads the queue \"parts\", and what arrives for "
              "it are messages; name another function");
}

/// The keys of a shard are the workspace's: what it takes as a trigger is taken here, with the same
/// meaning.
TEST(ScenarioStreams, KeysAreThoseOfTheWorkspace)
{
    json rules = {{"batchSize", 7},
                  {"batchWindowS", 3},
                  {"maximumRetryAttempts", 4},
                  {"maximumRecordAgeS", 90},
                  {"bisectBatchOnFunctionError", true},
                  {"reportBatchItemFailures", true},
                  {"parallelizationFactor", 5}};
    json scenario = streamed();
    scenario["streams"]["clicks"] = rules;
    scenario["streams"]["clicks"]["function"] = "count";
    EXPECT_TRUE(schemaAccepts(scenario));
    const auto prepared = fileOf(scenario).prepare({});
    ASSERT_TRUE(prepared) << testing::PrintToString(problemsOf(scenario));
    const ShardRules expected{.batchSize = 7,
                              .batchWindowS = 3,
                              .maximumRetryAttempts = 4,
                              .maximumRecordAgeS = 90,
                              .bisectBatchOnFunctionError = true,
                              .reportBatchItemFailures = true,
                              .parallelizationFactor = 5,
                              .tumblingWindowS = 0};
    ASSERT_EQ(prepared->model.streams.size(), 1U);
    EXPECT_EQ(prepared->model.streams[0].rules, expected);
    EXPECT_EQ(prepared->model.functions[0].stream, 0U);
    rules["kind"] = "stream", rules["path"] = "clicks.jsonl", rules["function"] = "count";
    const json workspace = {
        {"format", 1},
        {"name", "w"},
        {"functions", {{"count", {{"runtime", "command"}, {"command", {"true"}}, {"code", "."}}}}},
        {"triggers", {{"clicks", rules}}}};
    const auto read = readWorkspace(workspace.dump(), kRoot);
    ASSERT_TRUE(read.workspace) << describe(read.errors.front());
    EXPECT_EQ(std::get<StreamTrigger>(read.workspace->triggers[0].kind).shard, expected);
}

TEST(ScenarioStreams, SettingsOfAStream)
{
    const auto problem = [](const Setting& setting) {
        const auto prepared = fileOf(streamed()).prepare({setting});
        return prepared ? std::string() : describe(prepared.error().front());
    };
    EXPECT_EQ(problem({"streams.clicks.parallelizationFactor", "4"}), "");
    EXPECT_EQ(problem({"streams.click.shards", "4"}),
              "s.json: streams.click.shards: the scenario has no stream \"click\"; did you mean "
              "\"clicks\"?");
}

/// A change of memory stretches what a record costs, too.
TEST(ScenarioStreams, MemoryScalesTheLawOfARecord)
{
    json scenario = streamed();
    scenario["functions"]["count"]["memoryMb"] = 1769;
    scenario["functions"]["count"]["service"]["cpuShare"] = 0.5;
    scenario["streams"]["clicks"]["perRecord"] = {{"law", "constant"}, {"meanS", 0.2}};
    const auto prepared = fileOf(scenario).prepare({{"functions.count.memoryMb", "128"}});
    ASSERT_TRUE(prepared);
    EXPECT_DOUBLE_EQ(prepared->model.streams[0].perRecord->factor, 0.5 + 0.5 * 1769 / 128);
    EXPECT_EQ(prepared->model.functions[0].delivery, engine::Delivery::Sync);
}

TEST(ScenarioStreams, FiguresInJsonAndCsv)
{
    json scenario = streamed();
    scenario["queues"]["parts"] = json::object();
    scenario["functions"]["work"] = {{"queue", {{"name", "parts"}}},
                                     {"service", {{"law", "constant"}, {"meanS", 0.1}}},
                                     {"arrivals", {{"law", "poisson"}, {"ratePerS", 1}}}};
    const auto result = simulate(
        fileOf(scenario),
        {.sweeps = {{"streams.clicks.parallelizationFactor", {"1", "4"}}}, .threads = 1});
    ASSERT_TRUE(result);
    const json made = json::parse(toJson(*result));
    const json &one = made["points"][0]["streams"]["clicks"],
               &four = made["points"][1]["streams"]["clicks"];
    // The same luck: as many came. With more lanes less waits for a poisoned one.
    EXPECT_EQ(meanOf(one, "/records"), meanOf(four, "/records"));
    EXPECT_GT(meanOf(one, "/recordToDoneS/mean"), meanOf(four, "/recordToDoneS/mean"));
    EXPECT_GT(one["retryAttemptsExhausted"]["ci95"].get<double>(), 0);
    EXPECT_NEAR(meanOf(one, "/records"),
                meanOf(one, "/done") + meanOf(one, "/retryAttemptsExhausted")
                    + meanOf(one, "/recordAgeExceeded") + meanOf(one, "/left"),
                1e-6);
    for (const char* part : {"mean", "p50", "p95", "p99", "max"})
        EXPECT_GE(one["iteratorAgeS"][part]["mean"].get<double>(), 0) << part;
    for (const char* key :
         {"batches", "batchSize", "retries", "blockedS", "blockedShards", "backlog"})
        EXPECT_GT(one[key]["mean"].get<double>(), 0) << key;
    EXPECT_EQ(made["points"][0]["simulatedBy"]["kernel"], 0);

    const std::string csv = toCsv(*result);
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 2 * 5);
    EXPECT_NE(csv.find(",stream,stream.records,stream.records.ci95,"), std::string::npos);
    EXPECT_NE(csv.find("stream.iteratorAgeS.p95,"), std::string::npos);
    std::size_t begin = 0;
    const std::string head = csv.substr(0, csv.find('\n'));
    for (std::size_t end; (end = csv.find('\n', begin)) != std::string::npos; begin = end + 1)
        EXPECT_EQ(std::ranges::count(csv.substr(begin, end - begin), ','),
                  std::ranges::count(head, ','));
    // Each name stands in its own column.
    for (const auto& [column, name] : {std::pair{",stream,", ",clicks,"}, {",queue,", ",parts,"}}) {
        const auto place = std::ranges::count(head.substr(0, head.find(column) + 1), ',');
        const std::size_t row = csv.find(name);
        const std::size_t line = csv.rfind('\n', row) + 1;
        EXPECT_EQ(std::ranges::count(csv.substr(line, row + 1 - line), ','), place) << column;
    }
}

/// Functions that are fed by streams share nothing by that; in groups or all at once, it is the
/// same to the last bit.
TEST(ScenarioStreams, GroupsOfFunctions)
{
    json scenario = streamed();
    scenario["backends"]["db"]["servers"] = 1;
    const json visits = {{{"backend", "db"}, {"service", {{"law", "constant"}, {"meanS", 0.02}}}}};
    const auto add = [&](const char* function, const char* stream) {
        scenario["functions"][function] = scenario["functions"]["count"];
        scenario["streams"][stream] = scenario["streams"]["clicks"];
        scenario["streams"][stream]["function"] = function;
    };
    add("alone", "z");
    scenario["functions"]["count"]["visits"] = visits;
    add("more", "a");
    const auto prepared = fileOf(scenario).prepare({});
    ASSERT_TRUE(prepared) << testing::PrintToString(problemsOf(scenario));
    const auto groups = groupsOf(prepared->model); // of alone, count, more
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].functions, (std::vector<std::size_t>{0}));
    EXPECT_EQ(groups[1].functions, (std::vector<std::size_t>{1, 2}));
    EXPECT_EQ(groups[0].streams, (std::vector<std::size_t>{2})); // of a, clicks, z
    EXPECT_EQ(groups[1].streams, (std::vector<std::size_t>{1, 0}));
    EXPECT_FALSE(groups[0].byKernel);
    sim::Model whole = prepared->model;
    whole.platform.accountConcurrency = kUnlimited;
    const sim::SystemFigures all = sim::simulateSystem(whole, 9);
    for (const FunctionGroup& group : groups) {
        sim::Model part = group.model;
        part.platform.accountConcurrency = kUnlimited;
        const sim::SystemFigures own = sim::simulateSystem(part, 9);
        for (std::size_t i = 0; i < group.functions.size(); ++i)
            EXPECT_TRUE(own.functions[i] == all.functions[group.functions[i]]);
        for (std::size_t i = 0; i < group.streams.size(); ++i)
            EXPECT_TRUE(own.streams[i] == all.streams[group.streams[i]]);
    }
}

TEST(ScenarioStreams, TheSameOnAnyNumberOfThreads)
{
    json scenario = streamed();
    scenario["replications"] = 4;
    scenario["accountConcurrency"] = 2; // binds: a second round, all together
    scenario["streams"]["other"] = scenario["streams"]["clicks"];
    scenario["streams"]["other"]["function"] = "more";
    scenario["functions"]["more"] = scenario["functions"]["count"];
    const auto on = [&](unsigned threads) {
        return resultOf(
            scenario,
            {.sweeps = {{"streams.clicks.maximumRetryAttempts", {"0", "3"}}}, .threads = threads});
    };
    const json one = on(1);
    EXPECT_EQ(on(3), one);
    EXPECT_GT(meanOf(one["points"][0], "/streams/other/done"), 100);
    EXPECT_GT(meanOf(one["points"][0], "/streams/other/throttledBatches"), 10);
}

} // namespace coldframe::study
