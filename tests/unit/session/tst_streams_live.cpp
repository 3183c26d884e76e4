#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "live_workspace.h"
#include "sim/engine_run.h"
#include "study/replay_study.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace coldframe::session::test;

namespace {

using Batches = std::vector<std::vector<std::uint64_t>>;
constexpr std::uint64_t kRecords = 150;

/// A stream of so many records that are there from the beginning, some of them poisoned.
sim::Model simulated(const ShardRules& rules)
{
    sim::Model model;
    model.platform.accountConcurrency = 1000;
    model.platform.billingStep = std::chrono::milliseconds(1);
    model.window = {.from = 0, .to = 100'000'000'000'000, .step = 0};
    model.streams = {{.name = "t", .rules = rules, .perRecord = {}, .poisonShare = .04}};
    sim::FunctionModel function;
    function.name = "f";
    function.service = sim::Law::constant(.001);
    function.arrivals = sim::GivenArrivals{
        std::make_shared<const std::vector<std::int64_t>>(kRecords, 1'000'000'000)};
    function.stream = 0;
    model.functions.push_back(std::move(function));
    return model;
}

struct Simulated {
    Batches batches;
    std::vector<std::uint64_t> poisoned;
};

Simulated simulate(const ShardRules& rules, std::uint64_t seed)
{
    Simulated found;
    const sim::EngineRunOptions watched{.onShard = [&](TimePoint, const sim::ShardStep& step) {
        if (step.what == sim::ShardStep::What::HandedOver)
            found.batches.push_back(step.order->records);
    }};
    const sim::Model model = simulated(rules);
    (void)sim::simulateSystem(model, seed, watched);
    for (std::uint64_t i = 0; i < kRecords; ++i)
        if (sim::unitOf(sim::Stream(seed, sim::Draw::Poison, sim::entityOf("t")).bits(i)) < .04)
            found.poisoned.push_back(i);
    return found;
}

std::string workspaceOf(const ShardRules& rules)
{
    const nlohmann::json workspace
        = {{"format", 1},
           {"name", "test"},
           {"timeScale", 1000},
           {"functions",
            {{"f",
              {{"runtime", "python"},
               {"interpreter", "/usr/bin/python3"},
               {"code", "code"},
               {"handler", "app.handler"}}}}},
           {"triggers",
            {{"t",
              {{"kind", "stream"},
               {"path", "clicks.jsonl"},
               {"function", "f"},
               {"batchSize", rules.batchSize},
               {"maximumRetryAttempts", rules.maximumRetryAttempts},
               {"bisectBatchOnFunctionError", rules.bisectBatchOnFunctionError},
               {"reportBatchItemFailures", rules.reportBatchItemFailures}}}}}};
    return workspace.dump();
}

/// Notes the numbers of each batch; the poisoned ones fail it, or are named.
std::string functionOf(const fs::path& calls, const Simulated& as, bool reports)
{
    return fmt::format(R"(import base64, json
def handler(event, context):
    records = [(json.loads(base64.b64decode(r["kinesis"]["data"]))["n"], r["kinesis"]["sequenceNumber"])
               for r in event["Records"]]
    with open("{}", "a") as file:
        file.write(json.dumps([n for n, _ in records]) + "\n")
    bad = [sequence for n, sequence in records if n in {{{}}}]
    if {}:
        return {{"batchItemFailures": [{{"itemIdentifier": each}} for each in bad]}}
    if bad:
        raise ValueError("poison")
)",
                       calls.string(), fmt::join(as.poisoned, ", "), reports ? "True" : "False");
}

Batches readBatches(const fs::path& file)
{
    Batches all;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        all.push_back(nlohmann::json::parse(line));
    return all;
}

} // namespace

// The same records, some of them poisoned, through a real function and in virtual time: batch for
// batch the same. And a recording of it replays to equal bits.
TEST(StreamsLive, batchesAreThoseOfTheSimulationAndReplay)
{
    const ShardRules all[]
        = {{.batchSize = 20, .maximumRetryAttempts = 1, .bisectBatchOnFunctionError = true},
           {.batchSize = 7, .maximumRetryAttempts = 2},
           {.batchSize = 32,
            .maximumRetryAttempts = 2,
            .bisectBatchOnFunctionError = true,
            .reportBatchItemFailures = true},
           {.batchSize = 40, .maximumRetryAttempts = 3, .reportBatchItemFailures = true}};
    for (const ShardRules& rules : all) {
        const Simulated expected = simulate(rules, 5);
        ASSERT_GT(expected.poisoned.size(), 2U);
        ASSERT_GE(expected.batches.size(), 10U);
        LiveWorkspace workspace;
        const fs::path calls = workspace.folder / "calls.jsonl";
        std::string lines;
        for (std::uint64_t i = 0; i < kRecords; ++i)
            lines += fmt::format("{{\"n\": {}}}\n", i);
        workspace.write("clicks.jsonl", lines);
        workspace.write("code/app.py", functionOf(calls, expected, rules.reportBatchItemFailures));
        workspace.write("coldframe.json", workspaceOf(rules));
        auto session = workspace.open({.startTriggers = true});
        ASSERT_TRUE(session);
        EXPECT_TRUE(eventually([&] {
            return readBatches(calls).size() >= expected.batches.size() && session->idle();
        }));
        session.reset();
        EXPECT_EQ(readBatches(calls), expected.batches);

        fs::path recording;
        for (const auto& entry : fs::directory_iterator(workspace.folder / ".coldframe/recordings"))
            recording = entry.path();
        const auto study = study::ReplayStudy::open(recording);
        ASSERT_TRUE(study) << describe(study.error());
        EXPECT_TRUE(study->report().equal());
        EXPECT_EQ(study->recorded().figures.total.figures.arrived, expected.batches.size());
        const auto played = study->play({});
        ASSERT_TRUE(played) << describe(played.error());
        EXPECT_EQ(played->digest, study->report().digest);
        EXPECT_TRUE(played->result.figures.total.figures
                    == study->recorded().figures.total.figures);
    }
}
