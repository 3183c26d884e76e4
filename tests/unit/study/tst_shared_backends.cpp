#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/engine_run.h"
#include "study/function_groups.h"
#include "study/result_text.h"
#include "study/simulation.h"

// Backends from a scenario's text to a result's: what is refused, who is simulated with whom, and
// where the figures stand.
namespace coldframe::study {

namespace {

using nlohmann::json;
const std::filesystem::path kRoot = COLDFRAME_SOURCE_DIR;

/// A small right scenario; tests change one thing.
json small()
{
    return json::parse(R"({"format": 1, "durationS": 500, "replications": 2,
        "backends": {"db": {"servers": 2, "maxConnections": 10}},
        "functions": {"f": {
            "service": {"law": "constant", "meanS": 0.1},
            "visits": [{"backend": "db", "service": {"law": "exponential", "meanS": 0.5}}],
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

json resultOf(const json& scenario, SimulationOptions options = {.threads = 1})
{
    auto result = simulate(fileOf(scenario), options);
    EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
    result->tookS = 0;
    return json::parse(toJson(*result));
}

double meanOf(const json& figures, const char* pointer)
{
    return figures.at(json::json_pointer(pointer)).at("mean").get<double>();
}

} // namespace

struct BadBackend {
    const char* name;
    const char* pointer;
    const char* value; ///< JSON
    const char* message;
};

class BadBackends : public testing::TestWithParam<BadBackend> { };

TEST_P(BadBackends, AreRefused)
{
    const BadBackend& each = GetParam();
    json scenario = small();
    scenario[json::json_pointer(each.pointer)] = json::parse(each.value);
    const auto problems = problemsOf(scenario);
    ASSERT_EQ(problems.size(), 1U) << testing::PrintToString(problems);
    EXPECT_EQ(problems[0].substr(problems[0].find(" /") + 1), each.message);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadBackends,
    testing::Values(
        BadBackend{"no server", "/backends/db/servers", "0",
                   "/backends/db/servers: servers must be a whole number between 1 and 1000000, "
                   "got 0"},
        BadBackend{"servers not said", "/backends/db", "{}",
                   "/backends/db: a backend needs \"servers\"; say how many visits it works on at "
                   "once"},
        BadBackend{"no connection", "/backends/db/maxConnections", "0",
                   "/backends/db/maxConnections: maxConnections must be a whole number between 1 "
                   "and 10000000, got 0"},
        BadBackend{"no such discipline", "/backends/db/discipline", "\"fife\"",
                   "/backends/db/discipline: discipline must be one of \"fifo\" and \"sharing\", "
                   "got \"fife\"; did you mean \"fifo\"?"},
        BadBackend{"a limit without a number", "/backends/db",
                   R"({"servers": 2, "overLimit": "wait"})",
                   "/backends/db/overLimit: there is no limit of connections to pass; add "
                   "\"maxConnections\", or take \"overLimit\" away"},
        BadBackend{"unknown key", "/backends/db/connections", "5",
                   "/backends/db/connections: a backend has no key \"connections\"; did you mean "
                   "\"maxConnections\"?"},
        BadBackend{"no name", "/backends/-a", R"({"servers": 2})",
                   "/backends/-a: this is no name for a backend; use letters, digits and _ . : - "
                   "(not at the beginning), 140 at most"},
        BadBackend{"no such backend", "/functions/f/visits/0/backend", "\"dp\"",
                   "/functions/f/visits/0/backend: the scenario has no backend \"dp\"; did you "
                   "mean \"db\"?"},
        BadBackend{"another backend", "/functions/f/visits/0/backend", "\"storage\"",
                   "/functions/f/visits/0/backend: the scenario has no backend \"storage\"; there "
                   "are \"db\""},
        BadBackend{"no backend said", "/functions/f/visits/0",
                   R"({"service": {"law": "constant", "meanS": 1}})",
                   "/functions/f/visits/0: a visit needs \"backend\"; name one of the scenario's "
                   "\"backends\""},
        BadBackend{"negative service", "/functions/f/visits/0/service/meanS", "-1",
                   "/functions/f/visits/0/service/meanS: meanS must be a number between 1e-09 and "
                   "100000000, got -1"},
        BadBackend{"no service", "/functions/f/visits/0", R"({"backend": "db"})",
                   "/functions/f/visits/0: a visit needs \"service\""},
        BadBackend{"no visit", "/functions/f/visits/0/count", "0",
                   "/functions/f/visits/0/count: count must be a whole number between 1 and 10000, "
                   "got 0"},
        BadBackend{"no list", "/functions/f/visits", R"({"backend": "db"})",
                   "/functions/f/visits: visits must be a list; write it as [{\"backend\": "
                   "\"db\", \"service\": {\"law\": …}}]"},
        BadBackend{"no visit at all", "/functions/f/visits", R"(["db"])",
                   "/functions/f/visits/0: a visit must be an object in { }, got \"db\""}),
    [](const auto& each) {
        std::string name = each.param.name;
        std::ranges::replace_if(
            name, [](char c) { return !std::isalnum(c); }, '_');
        return name;
    });

TEST(SharedBackends, NoneIsDescribed)
{
    json scenario = small();
    scenario.erase("backends");
    EXPECT_EQ(problemsOf(scenario),
              (std::vector<std::string>{
                  "s.json:16:22: /functions/f/visits/0/backend: the scenario has no backend "
                  "\"db\"; describe it in \"backends\""}));
}

TEST(SharedBackends, SettingsOfABackend)
{
    const auto problem = [](const Setting& setting) {
        const auto prepared = fileOf(small()).prepare({setting});
        return prepared ? std::string() : describe(prepared.error().front());
    };
    EXPECT_EQ(problem({"backends.db.servers", "4"}), "");
    EXPECT_EQ(problem({"backends.db.maxConnections", "null"}), "");
    EXPECT_EQ(problem({"functions.f.visits.0.count", "4"}), "");
    EXPECT_EQ(problem({"backends.dv.servers", "4"}),
              "s.json: backends.dv.servers: the scenario has no backend \"dv\"; did you mean "
              "\"db\"?");
    EXPECT_EQ(problem({"backends.db.servers", "0"}),
              "s.json: /backends/db/servers: servers must be a whole number between 1 and "
              "1000000, got 0 (set by backends.db.servers=0)");
}

/// Fewer connections than servers are a pool that is too small, not a mistake.
TEST(SharedBackends, FewerConnectionsThanServers)
{
    json scenario = small();
    scenario["backends"]["db"] = {{"servers", 8}, {"maxConnections", 1}, {"overLimit", "wait"}};
    const json result = resultOf(scenario);
    EXPECT_EQ(meanOf(result, "/backends/db/peakConnections"), 1);
    EXPECT_GT(meanOf(result, "/backends/db/waitS/mean"), 1);
    EXPECT_LE(meanOf(result, "/backends/db/utilisation"), 1. / 8);
}

TEST(SharedBackends, FiguresHaveIntervals)
{
    json scenario = small();
    scenario["backends"]["db"]["maxConnections"] = 2;
    const json result = resultOf(scenario);
    const json& db = result["backends"]["db"];
    for (const char* key :
         {"visits", "refused", "refusedProbability", "busyServers", "utilisation", "connections"})
        EXPECT_GT(db[key]["ci95"].get<double>(), 0) << key;
    for (const char* key : {"waitS", "responseS"})
        for (const char* part : {"mean", "p50", "p95", "p99"})
            EXPECT_TRUE(db[key][part].contains("ci95")) << key << part;
    // Erlang: two servers at load 1 refuse a fifth.
    EXPECT_NEAR(db["refusedProbability"]["mean"].get<double>(), .2, .05);
    EXPECT_EQ(meanOf(db, "/refused"), meanOf(result, "/functions/f/failedAttempts"));
    EXPECT_EQ(db["peakConnections"]["mean"], 2);
    EXPECT_EQ(result["simulatedBy"]["kernel"], 0);
}

TEST(SharedBackends, SweepsAndCsv)
{
    const auto result = simulate(fileOf(small()),
                                 {.sweeps = {{"backends.db.servers", {"2", "8"}}}, .threads = 1});
    ASSERT_TRUE(result);
    const json made = json::parse(toJson(*result));
    EXPECT_GT(meanOf(made["points"][0], "/backends/db/waitS/mean"),
              2 * meanOf(made["points"][1], "/backends/db/waitS/mean"));
    // The same luck: as many came, and as much was asked.
    EXPECT_EQ(meanOf(made["points"][0], "/functions/f/invocations"),
              meanOf(made["points"][1], "/functions/f/invocations"));
    const std::string csv = toCsv(*result);
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 2 * 3);
    EXPECT_NE(csv.find(",backend,backend.visits,backend.visits.ci95,"), std::string::npos);
    EXPECT_NE(csv.find("\n8,,"), std::string::npos);
    std::size_t begin = 0;
    const auto columns = std::ranges::count(csv.substr(0, csv.find('\n')), ',');
    for (std::size_t end; (end = csv.find('\n', begin)) != std::string::npos; begin = end + 1)
        EXPECT_EQ(std::ranges::count(csv.substr(begin, end - begin), ','), columns);
}

/// Who visits the same backend is simulated together, whoever is between them; others are not.
TEST(SharedBackends, GroupsOfFunctions)
{
    json scenario = small();
    scenario["backends"]["api"] = scenario["backends"]["queue"] = scenario["backends"]["db"];
    scenario["pool"] = {{"keepAliveS", 600}}; // as the kernel has it
    const json f = scenario["functions"]["f"];
    const auto add = [&](const char* name, const std::vector<std::string>& backends) {
        json& added = scenario["functions"][name] = f;
        added["visits"] = json::array();
        for (const std::string& backend : backends) {
            added["visits"].push_back(f["visits"][0]);
            added["visits"].back()["backend"] = backend;
        }
    };
    add("a", {"api"});
    add("b", {"db"});
    add("c", {"queue"});
    add("d", {"queue", "api", "queue"});
    add("e", {});
    const auto prepared = fileOf(scenario).prepare({});
    ASSERT_TRUE(prepared);
    const auto groups = groupsOf(prepared->model); // of a, b, c, d, e, f
    ASSERT_EQ(groups.size(), 3U);
    EXPECT_EQ(groups[0].functions, (std::vector<std::size_t>{0, 2, 3}));
    EXPECT_EQ(groups[1].functions, (std::vector<std::size_t>{1, 5}));
    EXPECT_EQ(groups[2].functions, (std::vector<std::size_t>{4}));
    EXPECT_EQ(groups[0].backends.size(), 2U);
    EXPECT_FALSE(groups[1].byKernel);
    EXPECT_TRUE(groups[2].byKernel);
    // In groups or all at once: the same to the last bit.
    sim::Model whole = prepared->model;
    whole.platform.accountConcurrency = kUnlimited;
    const sim::SystemFigures all = sim::simulateSystem(whole, 9);
    for (const FunctionGroup& group : groups) {
        sim::Model part = group.model;
        part.platform.accountConcurrency = kUnlimited;
        const sim::SystemFigures own = sim::simulateSystem(part, 9);
        for (std::size_t i = 0; i < group.functions.size(); ++i)
            EXPECT_TRUE(own.functions[i] == all.functions[group.functions[i]]);
        for (std::size_t i = 0; i < group.backends.size(); ++i)
            EXPECT_TRUE(own.backends[i] == all.backends[group.backends[i]]);
    }
}

/// A neighbour at the same backend makes a function slower, one at another does not.
TEST(SharedBackends, NeighboursDisturb)
{
    json scenario = small();
    const json alone = resultOf(scenario)["functions"]["f"];
    scenario["backends"]["other"] = scenario["backends"]["db"];
    scenario["functions"]["g"] = scenario["functions"]["f"];
    scenario["functions"]["g"]["visits"][0]["backend"] = "other";
    EXPECT_EQ(resultOf(scenario)["functions"]["f"], alone);
    scenario["functions"]["g"]["visits"][0]["backend"] = "db";
    const json shared = resultOf(scenario)["functions"]["f"];
    EXPECT_EQ(meanOf(shared, "/invocations"), meanOf(alone, "/invocations"));
    EXPECT_GT(meanOf(shared, "/responseS/mean"), 1.5 * meanOf(alone, "/responseS/mean"));
}

/// Functions of one group that run into the account's limit stay together, and others join them.
TEST(SharedBackends, AnAccountLimitIsShared)
{
    json scenario = small();
    scenario["functions"]["g"] = scenario["functions"]["f"];
    scenario["functions"]["h"] = scenario["functions"]["f"];
    scenario["functions"]["h"].erase("visits");
    const auto rejected = [&](int limit) {
        scenario["accountConcurrency"] = limit;
        return meanOf(resultOf(scenario), "/total/rejected");
    };
    EXPECT_EQ(rejected(1000), 0);
    EXPECT_GT(rejected(8), 100);
}

TEST(SharedBackends, TheSameOnAnyNumberOfThreads)
{
    json scenario = small();
    scenario["replications"] = 5;
    scenario["backends"]["db"]["discipline"] = "sharing";
    scenario["functions"]["g"] = scenario["functions"]["f"];
    const SimulationOptions sweep{.sweeps = {{"backends.db.servers", {"2", "4"}}}};
    const auto on = [&](unsigned threads) {
        SimulationOptions options = sweep;
        options.threads = threads;
        return resultOf(scenario, options);
    };
    const json one = on(1);
    EXPECT_EQ(on(2), one);
    EXPECT_EQ(on(5), one);
}

} // namespace coldframe::study
