#include "scenario_bench.h"
#include "sim/engine_run.h"
#include "study/function_groups.h"
#include "study/result_text.h"

// Queues from a scenario's text to a result's: what is refused, who is simulated with whom, and
// where the figures stand.
namespace coldframe::study {

namespace {

/// A small right scenario; tests change one thing.
json queued()
{
    return json::parse(R"({"format": 1, "durationS": 500, "replications": 2,
        "queues": {
            "parts": {"visibilityTimeoutS": 5, "maxReceives": 2, "deadLetters": "dead"},
            "dead": {}
        },
        "functions": {"pack": {
            "queue": {"name": "parts", "batchSize": 5, "messageFailureShare": 0.2},
            "service": {"law": "constant", "meanS": 0.1},
            "arrivals": {"law": "poisson", "ratePerS": 4}}}})");
}

} // namespace

class BadQueues : public testing::TestWithParam<BadValue> { };

TEST_P(BadQueues, AreRefused)
{
    const BadValue& each = GetParam();
    json scenario = queued();
    scenario[json::json_pointer(each.pointer)] = json::parse(each.value);
    const auto problems = problemsOf(scenario);
    ASSERT_EQ(problems.size(), 1U) << testing::PrintToString(problems);
    EXPECT_EQ(problems[0].substr(problems[0].find(" /") + 1), each.message);
    EXPECT_EQ(schemaAccepts(scenario), each.schema);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadQueues,
    testing::Values(
        BadValue{"hidden too long", "/queues/parts/visibilityTimeoutS", "43200.5", false,
                 "/queues/parts/visibilityTimeoutS: visibilityTimeoutS must be a number between 0 "
                 "and 43200, got 43200.5"},
        BadValue{"delayed too long", "/queues/parts/delayS", "901", false,
                 "/queues/parts/delayS: delayS must be a number between 0 and 900, got 901"},
        BadValue{"kept too short", "/queues/parts/retentionS", "59", false,
                 "/queues/parts/retentionS: retentionS must be a number between 60 and 1209600, "
                 "got 59"},
        BadValue{"no receive", "/queues/parts/maxReceives", "0", false,
                 "/queues/parts/maxReceives: maxReceives must be a whole number between 1 and "
                 "1000, got 0"},
        BadValue{"receives without a queue for them", "/queues/dead", R"({"maxReceives": 3})",
                 false,
                 "/queues/dead: a queue needs \"deadLetters\"; name the queue that messages are "
                 "moved to"},
        BadValue{"dead letters without receives", "/queues/dead", R"({"deadLetters": "parts"})",
                 false,
                 "/queues/dead: a queue needs \"maxReceives\"; after how many receives a message "
                 "is moved, such as 3"},
        BadValue{"its own dead letters", "/queues/parts/deadLetters", "\"parts\"", true,
                 "/queues/parts/deadLetters: a queue cannot be its own dead-letter queue; name "
                 "another queue"},
        BadValue{"dead letters of another kind", "/queues/dead/fifo", "true", true,
                 "/queues/parts/deadLetters: the dead-letter queue of a FIFO queue is a FIFO "
                 "queue, and of a standard queue a standard one; set \"fifo\" of \"dead\" "
                 "likewise"},
        BadValue{"no such dead letters", "/queues/parts/deadLetters", "\"deed\"", true,
                 "/queues/parts/deadLetters: the scenario has no queue \"deed\"; did you mean "
                 "\"dead\"?"},
        BadValue{"groups without order", "/queues/parts/groups", "4", true,
                 "/queues/parts/groups: only a FIFO queue keeps the order of groups; add "
                 "\"fifo\": true, or take \"groups\" away"},
        BadValue{"unknown key of a queue", "/queues/parts/visibilityTimeout", "5", false,
                 "/queues/parts/visibilityTimeout: a queue has no key \"visibilityTimeout\"; did "
                 "you mean \"visibilityTimeoutS\"?"},
        BadValue{"no name of a queue", "/queues/-a", "{}", false,
                 "/queues/-a: this is no name for a queue; use letters, digits and _ . : - (not "
                 "at the beginning), 140 at most"},
        BadValue{"no queue at all", "/queues/more", "[]", false,
                 "/queues/more: a queue must be an object in { }, got a list"},
        BadValue{"no such queue", "/functions/pack/queue/name", "\"part\"", true,
                 "/functions/pack/queue/name: the scenario has no queue \"part\"; did you mean "
                 "\"parts\"?"},
        BadValue{"no queue named", "/functions/pack/queue", "{}", false,
                 "/functions/pack/queue: the reading of a queue needs \"name\"; name one of the "
                 "scenario's \"queues\""},
        BadValue{"a name alone", "/functions/pack/queue", "\"parts\"", false,
                 "/functions/pack/queue: the reading of a queue must be an object in { }, got "
                 "\"parts\""},
        BadValue{"no message", "/functions/pack/queue/batchSize", "0", false,
                 "/functions/pack/queue/batchSize: batchSize must be a whole number between 1 and "
                 "10000, got 0"},
        BadValue{"large batches at once", "/functions/pack/queue/batchSize", "11", true,
                 "/functions/pack/queue/batchSize: more than 10 messages need a batchWindowS of "
                 "at least 1; add \"batchWindowS\": 1, or lower batchSize"},
        BadValue{"too long a window", "/functions/pack/queue/batchWindowS", "301", false,
                 "/functions/pack/queue/batchWindowS: batchWindowS must be a number between 0 and "
                 "300, got 301"},
        BadValue{"one batch at once", "/functions/pack/queue/maximumConcurrency", "1", false,
                 "/functions/pack/queue/maximumConcurrency: maximumConcurrency must be a whole "
                 "number between 2 and 1000, got 1"},
        BadValue{"more than all fail", "/functions/pack/queue/messageFailureShare", "1.5", false,
                 "/functions/pack/queue/messageFailureShare: messageFailureShare must be a number "
                 "between 0 and 1, got 1.5"},
        BadValue{"no law of a message", "/functions/pack/queue/perMessage", R"({"meanS": 1})",
                 false, "/functions/pack/queue/perMessage: the law of one message needs \"law\""},
        BadValue{"unknown key of the reading", "/functions/pack/queue/batchSizes", "5", false,
                 "/functions/pack/queue/batchSizes: the reading of a queue has no key "
                 "\"batchSizes\"; did you mean \"batchSize\"?"},
        BadValue{"works longer than hidden", "/functions/pack/timeoutMs", "5001", true,
                 "/functions/pack/queue/name: messages of \"parts\" are hidden for 5 s, and the "
                 "function may take 5.001 s; raise visibilityTimeoutS of the queue; six times the "
                 "timeout is advised"},
        BadValue{"not hidden at all", "/queues/parts/visibilityTimeoutS", "0", true,
                 "/functions/pack/queue/name: messages of \"parts\" are hidden for 0 s: no batch "
                 "of them could wait for room; raise visibilityTimeoutS of the queue to 1 or more"},
        BadValue{"a delivery beside it", "/functions/pack/delivery", "\"async\"", true,
                 "/functions/pack/delivery: messages of a queue come in batches: delivery says "
                 "nothing of them; take it away; the queue has visibilityTimeoutS and "
                 "maxReceives"},
        BadValue{"retries beside it", "/functions/pack/retry", R"({"tries": 2})", true,
                 "/functions/pack/retry: messages of a queue come in batches: retry says nothing "
                 "of them; take it away; the queue has visibilityTimeoutS and maxReceives"},
        BadValue{"retries of events beside it", "/functions/pack/async", R"({"retries": 1})", true,
                 "/functions/pack/async: messages of a queue come in batches: async says nothing "
                 "of them; take it away; the queue has visibilityTimeoutS and maxReceives"},
        BadValue{
            "clients who wait", "/functions/pack/arrivals",
            R"({"law": "closed-loop", "clients": 2, "think": {"law": "constant", "meanS": 1}})",
            true,
            "/functions/pack/arrivals: clients of a closed loop wait for an answer, which "
            "messages do not have; choose another law of arrivals"}),
    [](const auto& each) {
        std::string name = each.param.name;
        std::ranges::replace_if(
            name, [](char c) { return !std::isalnum(c); }, '_');
        return name;
    });

TEST(ScenarioQueues, RulesOfFifoQueues)
{
    json scenario = queued();
    scenario["queues"]["parts"]["fifo"] = scenario["queues"]["dead"]["fifo"] = true;
    scenario["queues"]["parts"]["groups"] = 4;
    EXPECT_TRUE(problemsOf(scenario).empty());
    EXPECT_TRUE(schemaAccepts(scenario));
    scenario["functions"]["pack"]["queue"]
        = {{"name", "parts"}, {"batchSize", 11}, {"batchWindowS", 2}};
    EXPECT_EQ(problemsOf(scenario),
              (std::vector<std::string>{
                  "s.json:11:22: /functions/pack/queue/batchSize: batches of a FIFO queue have 10 "
                  "messages at most; lower it to 10",
                  "s.json:12:25: /functions/pack/queue/batchWindowS: batches of a FIFO queue do "
                  "not wait to be filled; remove it"}));
}

/// Who reads what others send needs no arrivals; somebody has to send.
TEST(ScenarioQueues, MessagesComeFromSomewhere)
{
    json scenario = queued();
    scenario["functions"]["bury"]
        = {{"queue", {{"name", "dead"}}}, {"service", {{"law", "constant"}, {"meanS", 0.1}}}};
    EXPECT_TRUE(problemsOf(scenario).empty());
    EXPECT_TRUE(schemaAccepts(scenario));
    const json result = resultOf(scenario);
    EXPECT_GT(meanOf(result, "/queues/dead/movedIn"), 0);
    EXPECT_NEAR(meanOf(result, "/queues/dead/deleted"), meanOf(result, "/queues/dead/movedIn"), 5);
    EXPECT_EQ(meanOf(result, "/queues/dead/sent"), 0);
    scenario["functions"]["bury"]["queue"]["name"] = "parts"; // beside the other
    EXPECT_TRUE(problemsOf(scenario).empty());
    scenario["functions"].erase("pack");
    EXPECT_EQ(problemsOf(scenario),
              (std::vector<std::string>{
                  "s.json:5:5: /functions/bury: no message comes into the queue \"parts\"; add "
                  "\"arrivals\", or make it the dead-letter queue of another one"}));
    scenario["functions"]["bury"].erase("queue");
    EXPECT_EQ(problemsOf(scenario),
              (std::vector<std::string>{"s.json:5:13: /functions/bury: a function needs "
                                        "\"arrivals\"; say how its events arrive"}));
    EXPECT_FALSE(schemaAccepts(scenario));
}

TEST(ScenarioQueues, SettingsOfAQueue)
{
    const auto problem = [](const Setting& setting) {
        const auto prepared = fileOf(queued()).prepare({setting});
        return prepared ? std::string() : describe(prepared.error().front());
    };
    EXPECT_EQ(problem({"queues.parts.maxReceives", "4"}), "");
    EXPECT_EQ(problem({"functions.pack.queue.batchSize", "10"}), "");
    EXPECT_EQ(problem({"queues.part.maxReceives", "4"}),
              "s.json: queues.part.maxReceives: the scenario has no queue \"part\"; did you mean "
              "\"parts\"?");
}

/// A change of memory stretches what a message costs, too.
TEST(ScenarioQueues, MemoryScalesTheLawOfAMessage)
{
    json scenario = queued();
    json& work = scenario["functions"]["pack"];
    work["memoryMb"] = 1769;
    work["service"]["cpuShare"] = 0.5;
    work["queue"]["perMessage"] = {{"law", "constant"}, {"meanS", 0.2}};
    const auto prepared = fileOf(scenario).prepare({{"functions.pack.memoryMb", "128"}});
    ASSERT_TRUE(prepared);
    const sim::FunctionModel& function = prepared->model.functions[0];
    EXPECT_DOUBLE_EQ(function.reads->perMessage->factor, 0.5 + 0.5 * 1769 / 128);
    EXPECT_EQ(function.delivery, engine::Delivery::Batch);
}

TEST(ScenarioQueues, FiguresInJsonAndCsv)
{
    json scenario = queued();
    scenario["backends"]["db"]["servers"] = 2;
    scenario["functions"]["pack"]["visits"]
        = {{{"backend", "db"}, {"service", {{"law", "constant"}, {"meanS", 0.01}}}}};
    const auto result
        = simulate(fileOf(scenario),
                   {.sweeps = {{"functions.pack.queue.batchSize", {"1", "10"}}}, .threads = 1});
    ASSERT_TRUE(result);
    const json made = json::parse(toJson(*result));
    const json &one = made["points"][0]["queues"]["parts"],
               &ten = made["points"][1]["queues"]["parts"];
    EXPECT_EQ(meanOf(one, "/batchSize"), 1);
    EXPECT_GT(meanOf(ten, "/batchSize"), 1);
    // The same luck: as many were sent. One bad message takes its batch with it.
    EXPECT_EQ(meanOf(one, "/sent"), meanOf(ten, "/sent"));
    EXPECT_GT(meanOf(ten, "/deadLettered"), meanOf(one, "/deadLettered"));
    EXPECT_GT(one["deadLetteredProbability"]["ci95"].get<double>(), 0);
    for (const char* key : {"waitS", "sentToDeletedS"})
        for (const char* part : {"mean", "p50", "p95", "p99"})
            EXPECT_GE(one[key][part]["mean"].get<double>(), 0) << key << part;
    for (const char* key : {"depth", "peakDepth", "peakAgeS", "batches", "returned"})
        EXPECT_GT(one[key]["mean"].get<double>(), 0) << key;
    EXPECT_EQ(made["points"][0]["simulatedBy"]["kernel"], 0);

    const std::string csv = toCsv(*result);
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 2 * 5);
    EXPECT_NE(csv.find(",backend,backend.visits,backend.visits.ci95,"), std::string::npos);
    EXPECT_NE(csv.find(",queue,queue.sent,queue.sent.ci95,"), std::string::npos);
    EXPECT_NE(csv.find("queue.sentToDeletedS.p95,"), std::string::npos);
    std::size_t begin = 0;
    const auto columns = std::ranges::count(csv.substr(0, csv.find('\n')), ',');
    for (std::size_t end; (end = csv.find('\n', begin)) != std::string::npos; begin = end + 1)
        EXPECT_EQ(std::ranges::count(csv.substr(begin, end - begin), ','), columns);
    // Each name stands in its own column.
    const std::string head = csv.substr(0, csv.find('\n'));
    const auto place = std::ranges::count(head.substr(0, head.find(",queue,") + 1), ',');
    const std::size_t row = csv.find(",dead,");
    const std::size_t line = csv.rfind('\n', row) + 1;
    EXPECT_EQ(std::ranges::count(csv.substr(line, row + 1 - line), ','), place);
}

/// Also of a queue that nobody uses: its depth is 0 all the time.
TEST(ScenarioQueues, DepthOverTime)
{
    json scenario = queued();
    scenario["stepS"] = 50;
    scenario["queues"]["unused"] = json::object();
    const auto result = simulate(fileOf(scenario), {.threads = 1});
    ASSERT_TRUE(result);
    const PointResult& point = result->points.front();
    ASSERT_EQ(point.queues.size(), 3U); // dead, parts, unused
    for (const QueueResult& queue : point.queues) {
        ASSERT_EQ(queue.depth.mean.size(), 10U);
        double sum = 0;
        for (std::size_t i = 0; i < 10; ++i) {
            EXPECT_LE(queue.depth.low[i], queue.depth.mean[i]);
            EXPECT_LE(queue.depth.mean[i], queue.depth.high[i]);
            sum += queue.depth.mean[i];
        }
        EXPECT_NEAR(sum / 10, queue.figure("depth").value_or(sim::Estimate{}).mean, 1e-9);
    }
    EXPECT_GT(point.queues[0].depth.mean[9], point.queues[0].depth.mean[1]); // they stay there
    EXPECT_EQ(point.queues[2].depth.high[5], 0);
    const std::string csv = seriesToCsv(point);
    EXPECT_NE(csv.find(",queue.parts.depth.mean,queue.parts.depth.low,queue.parts.depth.high,"),
              std::string::npos)
        << csv.substr(0, csv.find('\n'));
}

/// Who shares a queue, also for dead letters, is simulated together; in groups or all at once, it
/// is the same to the last bit.
TEST(ScenarioQueues, GroupsOfFunctions)
{
    json scenario = queued();
    scenario["queues"]["other"] = scenario["queues"]["parts"];
    scenario["queues"]["apart"] = {{"delayS", 1}};
    scenario["queues"]["unused"] = json::object();
    const json work = scenario["functions"]["pack"];
    const auto add = [&](const char* name, const char* queue) {
        scenario["functions"][name] = work;
        scenario["functions"][name]["queue"]["name"] = queue;
    };
    add("a", "apart");
    add("b", "other"); // with `work` by their dead letters
    add("c", "apart");
    scenario["functions"]["d"] = work;
    scenario["functions"]["d"].erase("queue");
    const auto prepared = fileOf(scenario).prepare({});
    ASSERT_TRUE(prepared) << testing::PrintToString(problemsOf(scenario));
    const auto groups = groupsOf(prepared->model); // of a, b, c, d, work
    ASSERT_EQ(groups.size(), 3U);
    EXPECT_EQ(groups[0].functions, (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(groups[1].functions, (std::vector<std::size_t>{1, 4}));
    EXPECT_EQ(groups[2].functions, (std::vector<std::size_t>{3}));
    // Of apart, dead, other, parts, unused.
    EXPECT_EQ(groups[0].queues, (std::vector<std::size_t>{0}));
    EXPECT_EQ(groups[1].queues, (std::vector<std::size_t>{1, 2, 3}));
    EXPECT_TRUE(groups[2].queues.empty());
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
        for (std::size_t i = 0; i < group.queues.size(); ++i)
            EXPECT_TRUE(own.queues[i] == all.queues[group.queues[i]]);
    }
}

TEST(ScenarioQueues, TheSameOnAnyNumberOfThreads)
{
    json scenario = queued();
    scenario["replications"] = 4;
    scenario["accountConcurrency"] = 2; // binds: a second round, all together
    scenario["queues"]["other"] = json::object();
    scenario["functions"]["more"] = scenario["functions"]["pack"];
    scenario["functions"]["more"]["queue"]["name"] = "other";
    const auto on = [&](unsigned threads) {
        return resultOf(scenario,
                        {.sweeps = {{"queues.parts.maxReceives", {"1", "3"}}}, .threads = threads});
    };
    const json one = on(1);
    EXPECT_EQ(on(3), one);
    EXPECT_GT(meanOf(one["points"][0], "/queues/other/deleted"), 100);
}

} // namespace coldframe::study
