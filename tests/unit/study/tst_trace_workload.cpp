#include <numeric>

#include "scenario_bench.h"
#include "study/trace_shelf.h"
#include "temporary_folder.h"

// Scenarios whose arrivals and durations come from a published trace.
namespace coldframe::study {

namespace {

constexpr const char* kSample = "tests/data/azure2019_sample500_8h";

json traced(const json& extra)
{
    json part{{"trace", "azure2019"}, {"path", kSample}, {"rank", 1}};
    part.update(extra);
    return part;
}

json withTrace(json arrivals, json service = traced({{"law", "fitted"}}))
{
    arrivals["law"] = "trace";
    json scenario = small();
    scenario["durationS"] = 28800;
    scenario["functions"]["f"]["arrivals"] = std::move(arrivals);
    scenario["functions"]["f"]["service"] = std::move(service);
    return scenario;
}

std::string detailOf(const Prepared& prepared, const std::string& what)
{
    for (const OriginNote& note : prepared.origins)
        if (note.what == what)
            return note.detail;
    return {};
}

/// A file of the trace of 2021, its rows in no order.
fs::path requestsFile(const fs::path& folder)
{
    const fs::path file = folder / "requests.txt";
    std::ofstream(file) << "app,func,end_timestamp,duration\n"
                           "a1,slow,12.5,2.5\n"
                           "a1,quick,5.001,0.001\n"
                           "a1,slow,4.0,1.0\n"
                           "a1,slow,33.0,3.0\n";
    return file;
}

} // namespace

/// The function of rank n is the one that a plain sum over the file says.
TEST(TraceWorkload, RanksAreThoseOfTheFile)
{
    std::ifstream in(kRoot / kSample / "invocations.csv");
    std::string line;
    std::vector<std::pair<std::uint64_t, std::string>> sums;
    std::getline(in, line);
    while (std::getline(in, line)) {
        std::vector<std::string> cells;
        std::stringstream row(line);
        for (std::string cell; std::getline(row, cell, ',');)
            cells.push_back(cell);
        std::uint64_t sum = 0;
        for (std::size_t i = 4; i < cells.size(); ++i)
            sum += std::stoull(cells[i]);
        sums.emplace_back(sum, cells[2]);
    }
    std::ranges::sort(sums, std::greater());
    TraceShelf shelf;
    for (std::uint32_t rank = 1; rank <= 60; ++rank) {
        const std::uint64_t own = sums[rank - 1].first;
        if (own == sums[rank].first || (rank > 1 && own == sums[rank - 2].first))
            continue; // which of as many comes first is ours to say
        const auto found = shelf.find({.path = kSample, .rank = rank}, kRoot);
        ASSERT_TRUE(found) << describe(found.error());
        EXPECT_EQ((*found)->name, sums[rank - 1].second);
        EXPECT_EQ((*found)->invocations, sums[rank - 1].first);
        const auto& counts = (*found)->counts;
        EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}),
                  sums[rank - 1].first);
        // By its name, and by how that begins.
        const auto named = shelf.find({.path = kSample, .function = sums[rank - 1].second}, kRoot);
        ASSERT_TRUE(named);
        EXPECT_EQ((*named)->rank, rank);
        EXPECT_TRUE(
            shelf.find({.path = kSample, .function = sums[rank - 1].second.substr(0, 16)}, kRoot));
    }
}

/// Evenly spaced, every count is played; as rates, about as many, and other ones in each run.
TEST(TraceWorkload, PlaysTheCounts)
{
    const json even = withTrace(traced({{"rank", 40}, {"within", "even"}}));
    ASSERT_TRUE(schemaAccepts(even));
    const auto prepared = fileOf(even).prepare({});
    ASSERT_TRUE(prepared) << describe(prepared.error());
    TraceShelf shelf;
    const auto told = shelf.find({.path = kSample, .rank = 40}, kRoot);
    ASSERT_TRUE(told);
    const auto& given = std::get<sim::GivenArrivals>(prepared->model.functions[0].arrivals);
    ASSERT_EQ(given.times->size(), (*told)->invocations);
    std::vector<std::uint32_t> byMinute(480);
    for (const std::int64_t at : *given.times)
        ++byMinute.at(static_cast<std::size_t>(at / 60'000'000'000));
    for (std::size_t i = 0; i < (*told)->minutes.size(); ++i)
        EXPECT_EQ(byMinute[(*told)->minutes[i]], (*told)->counts[i]) << i;

    const auto rates = fileOf(withTrace(traced({{"rank", 40}, {"rateFactor", 3}}))).prepare({});
    ASSERT_TRUE(rates) << describe(rates.error());
    const auto& random = std::get<sim::RandomArrivals>(rates->model.functions[0].arrivals);
    EXPECT_NEAR(sim::expectedArrivals(random, 28800), 3 * static_cast<double>((*told)->invocations),
                1e-6);
    EXPECT_NE(detailOf(*rates, "arrivals of f").find("each minute's count as a rate"),
              std::string::npos);
}

/// `fromS` moves the trace: what comes then is what came so much later before.
TEST(TraceWorkload, BeginsWhereAsked)
{
    const auto whole = fileOf(withTrace(traced({{"within", "even"}}))).prepare({});
    const auto later
        = fileOf(withTrace(traced({{"within", "even"}, {"fromS", 20'000}}))).prepare({});
    ASSERT_TRUE(whole && later);
    constexpr std::int64_t kFrom = 20'000'000'000'000;
    std::vector<std::int64_t> expected;
    for (const std::int64_t at :
         *std::get<sim::GivenArrivals>(whole->model.functions[0].arrivals).times)
        if (at >= kFrom)
            expected.push_back(at - kFrom);
    EXPECT_GT(expected.size(), 1000U);
    EXPECT_EQ(*std::get<sim::GivenArrivals>(later->model.functions[0].arrivals).times, expected);
    EXPECT_NE(detailOf(*later, "arrivals of f").find("none after 8800 s"), std::string::npos);
    const auto rates = fileOf(withTrace(traced({{"fromS", 20'030}}))).prepare({});
    ASSERT_TRUE(rates);
    const auto& profile = std::get<sim::RandomArrivals>(rates->model.functions[0].arrivals).profile;
    EXPECT_EQ(profile.points[1].at, 0);
    EXPECT_EQ(profile.points[3].at, 10); // the rest of the minute from 19,980 s: 333 x 60
}

/// The service is the published percentiles, which the file holds in milliseconds.
TEST(TraceWorkload, DurationsAreThePublishedPercentiles)
{
    const auto prepared = fileOf(withTrace(traced(json::object()))).prepare({});
    ASSERT_TRUE(prepared);
    const sim::Law& law = prepared->model.functions[0].service;
    ASSERT_EQ(law.kind, sim::Law::Kind::Quantiles);
    TraceShelf shelf;
    const auto told = shelf.find({.path = kSample, .rank = 1}, kRoot);
    std::ifstream in(kRoot / kSample / "durations.csv");
    std::string line;
    while (std::getline(in, line) && line.find((*told)->name) == std::string::npos) { }
    std::vector<double> cells;
    std::stringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');)
        cells.push_back(std::strtod(cell.c_str(), nullptr));
    ASSERT_EQ(law.quantiles.size(), 7U);
    for (std::size_t i = 0; i < 7; ++i)
        EXPECT_DOUBLE_EQ(law.quantiles[i].seconds, cells[7 + i] / 1000) << i;
}

/// The trace of 2021 lists invocations: they come when they came, and take what they took.
TEST(TraceWorkload, RequestsComeWhenTheyCame)
{
    const test::TemporaryFolder folder;
    const fs::path file = requestsFile(folder.path());
    const json from{{"trace", "azure2021"}, {"path", file.string()}, {"function", "slow"}};
    json service = from;
    service["law"] = "fitted";
    const json scenario = withTrace(from, service);
    EXPECT_TRUE(schemaAccepts(scenario));
    const auto prepared = fileOf(scenario).prepare({});
    ASSERT_TRUE(prepared) << describe(prepared.error());
    const sim::FunctionModel& model = prepared->model.functions[0];
    constexpr std::int64_t kS = 1'000'000'000;
    EXPECT_EQ(*std::get<sim::GivenArrivals>(model.arrivals).times,
              (std::vector<std::int64_t>{3 * kS, 10 * kS, 30 * kS}));
    EXPECT_EQ(model.service.kind, sim::Law::Kind::Samples);
    json twice = scenario;
    twice["functions"]["f"]["arrivals"]["rateFactor"] = 2;
    const auto copies = fileOf(twice).prepare({});
    ASSERT_TRUE(copies);
    EXPECT_EQ(std::get<sim::GivenArrivals>(copies->model.functions[0].arrivals).times->size(), 6U);
}

/// A whole run: what the trace counted is what is simulated, for every setting of a sweep.
TEST(TraceWorkload, IsSimulated)
{
    TraceShelf shelf;
    const auto told = shelf.find({.path = kSample, .rank = 30}, kRoot);
    SimulationOptions options;
    options.threads = 1;
    options.sweeps = {{"pool.keepAliveS", {"60", "600"}}};
    json scenario = withTrace(traced({{"rank", 30}, {"within", "even"}}));
    scenario["replications"] = 1;
    const auto result = simulate(fileOf(scenario), options);
    ASSERT_TRUE(result) << describe(result.error());
    ASSERT_EQ(result->points.size(), 2U);
    for (const PointResult& point : result->points)
        EXPECT_EQ(point.functions[0].figure("invocations")->mean,
                  static_cast<double>((*told)->invocations));
}

struct BadTrace {
    const char* name;
    json arrivals;
    const char* message; ///< from the pointer on
};

class BadTraceWorkload : public testing::TestWithParam<BadTrace> { };

TEST_P(BadTraceWorkload, IsRefused)
{
    const auto problems
        = problemsOf(withTrace(GetParam().arrivals, json{{"law", "exponential"}, {"meanS", 1}}));
    ASSERT_EQ(problems.size(), 1U) << testing::PrintToString(problems);
    EXPECT_EQ(problems[0].substr(problems[0].find(" /") + 1), GetParam().message);
}

json without(json from, const char* key)
{
    from.erase(key);
    return from;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadTraceWorkload,
    testing::Values(
        BadTrace{"no function", without(traced(json::object()), "rank"),
                 "/functions/f/arrivals: a law of arrivals needs \"rank\"; 1 is the function "
                 "invoked most; or name one with \"function\""},
        BadTrace{"both", traced({{"function", "abc"}}),
                 "/functions/f/arrivals/rank: a trace's function is named by \"function\" or by "
                 "\"rank\", not by both; take one of them away"},
        BadTrace{"rank", traced({{"rank", 501}}),
                 "/functions/f/arrivals/rank: rank 501 is asked for, but the trace has 500 "
                 "functions; lower it"},
        BadTrace{"name", without(traced({{"function", "xyz"}}), "rank"),
                 "/functions/f/arrivals/function: the trace has no function \"xyz\"; names are "
                 "hashes; \"rank\": 1 is the function invoked most"},
        BadTrace{"too late", traced({{"fromS", 28'800}}),
                 "/functions/f/arrivals/fromS: the trace ends after 28800 s; lower it"},
        BadTrace{"too many", traced({{"within", "even"}, {"rateFactor", 1000}}),
                 "/functions/f/arrivals/rateFactor: more than 100000000 arrivals would be kept in "
                 "memory; lower rateFactor or durationS, or leave \"within\" away"},
        BadTrace{"no folder", traced({{"path", "/nowhere"}}),
                 "/functions/f/arrivals/path: /nowhere: there is no such folder; name the folder "
                 "that holds the files of the trace"},
        BadTrace{"day of 2021", traced({{"trace", "azure2021"}, {"day", 3}}),
                 "/functions/f/arrivals/day: the trace of 2021 is one file for all its days; take "
                 "\"day\" away"}),
    [](const auto& each) {
        std::string name = each.param.name;
        std::ranges::replace(name, ' ', '_');
        return name;
    });

/// What is wrong in a file of the trace is told with its place there.
TEST(TraceWorkload, BrokenFileIsToldWithItsLine)
{
    const test::TemporaryFolder folder;
    const fs::path file = requestsFile(folder.path());
    std::ofstream(file, std::ios::app) << "a1,slow,soon,1\n";
    const auto problems
        = problemsOf(withTrace({{"trace", "azure2021"}, {"path", file.string()}, {"rank", 1}},
                               {{"law", "exponential"}, {"meanS", 1}}));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].find("/functions/f/arrivals/path: "), std::string::npos) << problems[0];
    EXPECT_NE(problems[0].find("requests.txt:6:9"), std::string::npos) << problems[0];
}

} // namespace coldframe::study
