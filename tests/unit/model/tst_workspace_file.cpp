#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include <gmock/gmock.h>

#include "model/workspace_file.h"
#include "temporary_folder.h"

// One small workspace a file in tests/data/workspaces, what is said about it beside it in a .txt.
// After a wanted change of words: COLDFRAME_WRITE_GOLDEN=1 tst_workspace_file, then read the diff.
namespace coldframe::test {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(COLDFRAME_SOURCE_DIR) / "tests" / "data" / "workspaces";
const fs::path kFolder = "/home/ada/garden";

std::vector<fs::path> workspaceFiles()
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(kData))
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::string reportOf(const WorkspaceReading& reading)
{
    std::string report;
    for (const Error& error : reading.errors)
        report += "error: " + describe(error) + "\n";
    for (const Error& warning : reading.warnings)
        report += "warning: " + describe(warning) + "\n";
    return report;
}

class Golden : public testing::TestWithParam<fs::path> { };

TEST_P(Golden, SaysExactlyThis)
{
    const WorkspaceReading reading = readWorkspace(readFile(GetParam()), kFolder);
    const fs::path golden = fs::path(GetParam()).replace_extension(".txt");
    if (std::getenv("COLDFRAME_WRITE_GOLDEN"))
        std::ofstream(golden) << reportOf(reading);
    ASSERT_TRUE(fs::exists(golden));
    EXPECT_EQ(reportOf(reading), readFile(golden));
    EXPECT_EQ(reading.workspace.has_value(), reading.errors.empty());

    const std::string kind = GetParam().parent_path().filename().string();
    const bool refused = kind == "syntax" || kind == "structure" || kind == "meaning";
    EXPECT_EQ(!reading.errors.empty(), refused);
    EXPECT_EQ(!reading.warnings.empty(), kind == "warnings");
}

INSTANTIATE_TEST_SUITE_P(Workspaces, Golden, testing::ValuesIn(workspaceFiles()),
                         [](const auto& row) {
                             return row.param.parent_path().filename().string() + "_"
                                 + row.param.stem().string();
                         });

Workspace readGood(const std::string& name)
{
    WorkspaceReading reading = readWorkspace(readFile(kData / "valid" / name), kFolder);
    EXPECT_EQ(reportOf(reading), "");
    return reading.workspace.value_or(Workspace{});
}

TEST(ReadWorkspace, FillsInEveryKey)
{
    const Workspace workspace = readGood("every_key.json");
    EXPECT_EQ(workspace.name, "alles ✓");
    EXPECT_EQ(workspace.folder, kFolder);
    EXPECT_EQ(workspace.fidelity, Fidelity::Platform);
    EXPECT_EQ(workspace.platform, "aws-lambda-arm64");
    EXPECT_EQ(workspace.seed, 42u);
    EXPECT_EQ(workspace.timeScale, 60.0);
    EXPECT_EQ(workspace.accountConcurrency, 2000);
    ASSERT_EQ(workspace.functions.size(), 4u);
    ASSERT_EQ(workspace.functionId("shell"), 3u);

    const Function& py = workspace.functions[0];
    EXPECT_EQ(py.runtime, Runtime::Python);
    EXPECT_EQ(py.code, "/home/ada/garden/functions/py");
    EXPECT_EQ(py.handler, "pkg.app.handler");
    EXPECT_EQ(py.interpreter, "/home/ada/garden/.venv/bin/python");
    EXPECT_EQ(py.memoryMb, 10240);
    EXPECT_EQ(py.timeoutMs, 900000);
    EXPECT_EQ(py.ephemeralStorageMb, 10240);
    EXPECT_EQ(py.environment.at("PASSWORD"), "${env:DB_PASSWORD}");
    EXPECT_EQ(py.reservedConcurrency, 20);
    EXPECT_EQ(py.provisionedConcurrency, 20);
    EXPECT_EQ(py.async.retries, 0);
    EXPECT_EQ(py.async.maxEventAgeS, 60);
    EXPECT_EQ(std::get<FunctionDestination>(*py.onSuccess).function, "js");
    EXPECT_EQ(std::get<StoreDestination>(*py.onFailure).store, "out");
    EXPECT_EQ(py.inheritAws, "sandbox");

    EXPECT_EQ(workspace.functions[1].runtime, Runtime::Node);
    EXPECT_EQ(workspace.functions[1].code, "/opt/js");
    EXPECT_EQ(workspace.functions[1].reservedConcurrency, 0);
    EXPECT_EQ(workspace.functions[2].runtime, Runtime::Lambda);
    EXPECT_THAT(workspace.functions[2].command, testing::ElementsAre("./bootstrap", "--fast"));
    EXPECT_EQ(workspace.functions[3].runtime, Runtime::Command);
    EXPECT_EQ(std::get<FolderStore>(workspace.findStore("out")->kind).path, "/tmp/out");
    EXPECT_EQ(std::get<PostgresStore>(workspace.findStore("pg")->kind).connection,
              "postgresql://app:${env:DB_PASSWORD}@localhost:5432/shop");
}

TEST(ReadWorkspace, FillsInEveryKeyOfTriggers)
{
    const Workspace workspace = readGood("every_key.json");
    ASSERT_EQ(workspace.triggers.size(), 8u);
    const Trigger& files = workspace.triggers[0];
    EXPECT_EQ(files.name, "files");
    EXPECT_FALSE(files.enabled);
    const auto& file = std::get<FileTrigger>(files.kind);
    EXPECT_EQ(file.store, "in");
    EXPECT_TRUE(file.onCreated && file.onModified && file.onRemoved);
    EXPECT_EQ(file.glob, "a/**/[0-9]*.csv");
    EXPECT_FALSE(file.recursive || file.catchUp);
    EXPECT_EQ(file.prefix, "a/");
    EXPECT_EQ(file.suffix, ".csv");
    EXPECT_EQ(file.shape, EventShape::CloudEvents);
    EXPECT_EQ(file.settleMs, 250);
    EXPECT_EQ(files.filter, R"({"subject":[{"suffix":".csv"}]})");
    const auto& clock = std::get<ScheduleTrigger>(workspace.triggers[1].kind);
    EXPECT_EQ(clock.expression, "rate(5 minutes)");
    EXPECT_EQ(clock.timezone, "Europe/Berlin");
    EXPECT_EQ(clock.event, R"({"n":[1,2.5,"a b"]})");
    EXPECT_TRUE(clock.fireMissedOnce);
    EXPECT_EQ(clock.startsAt, "2026-12-01T00:00:00");
    EXPECT_EQ(clock.endsAt, "2027-01-01T00:00:00Z");
    EXPECT_EQ(clock.flexibleWindowMinutes, 15);
    EXPECT_EQ(std::get<ScheduleTrigger>(workspace.triggers[2].kind).expression,
              "at(2026-12-24T18:00:00)");
    const auto& rows = std::get<StreamTrigger>(workspace.triggers[3].kind);
    EXPECT_EQ(rows.path, kFolder / "data/clicks.log");
    EXPECT_EQ(rows.format, StreamTrigger::Format::Csv);
    EXPECT_EQ(rows.shape, StreamTrigger::Shape::Lines);
    EXPECT_EQ(rows.start, StreamTrigger::Start::Latest);
    EXPECT_EQ(rows.partitionKey, "user");
    EXPECT_EQ(rows.shard,
              (ShardRules{.batchSize = 7,
                          .batchWindowS = 2,
                          .maximumRetryAttempts = 3,
                          .maximumRecordAgeS = 60,
                          .bisectBatchOnFunctionError = true,
                          .reportBatchItemFailures = true,
                          .parallelizationFactor = 4}));
    EXPECT_EQ(workspace.triggers[3].filter, R"({"user":["ada"]})");
    EXPECT_EQ(std::get<StreamTrigger>(workspace.triggers[7].kind).shard.tumblingWindowS, 60);
    EXPECT_EQ(workspace.triggers[1].filter, R"([{"n":[1.0]},{"n":["c"]}])");
    const auto& messages = std::get<QueueTrigger>(workspace.triggers[4].kind);
    EXPECT_EQ(messages.store, "jobs");
    EXPECT_EQ(messages.batchSize, 20);
    EXPECT_EQ(messages.batchWindowS, 2);
    EXPECT_EQ(messages.maximumConcurrency, 4);
    EXPECT_TRUE(messages.reportBatchItemFailures);
    EXPECT_EQ(workspace.triggers[6].filter, "");
    EXPECT_EQ(std::get<ManualTrigger>(workspace.triggers[6].kind).event, "null");
}

TEST(ReadWorkspace, FillsInEveryKeyOfTriggersOverChanges)
{
    const Workspace workspace = readGood("every_key.json");
    const auto& orders = std::get<ChangesTrigger>(workspace.triggers[5].kind);
    EXPECT_EQ(orders.store, "pg");
    EXPECT_EQ(orders.table, "sales.orders");
    EXPECT_TRUE(!orders.onInsert && orders.onModify && orders.onRemove);
    EXPECT_EQ(orders.shape, ChangesTrigger::Shape::Row);
    EXPECT_EQ(orders.start, StreamTrigger::Start::Latest);
    EXPECT_EQ(orders.shard.batchSize, 7);
    EXPECT_EQ(orders.shard.parallelizationFactor, 4);
    EXPECT_EQ(workspace.triggers[5].filter, R"({"op":["modify"]})");
}

TEST(ReadWorkspace, FillsInEveryKeyOfQueues)
{
    const Workspace workspace = readGood("every_key.json");
    const auto& jobs = std::get<QueueStore>(workspace.findStore("jobs")->kind);
    EXPECT_EQ(jobs.visibilityTimeoutS, 43'200);
    EXPECT_EQ(jobs.delayS, 1);
    EXPECT_EQ(jobs.retentionS, 60);
    EXPECT_EQ(jobs.maxReceives, 1'000);
    EXPECT_EQ(jobs.deadLetters, "dead");
    EXPECT_FALSE(jobs.fifo || jobs.contentBasedDeduplication);
    const auto& dead = std::get<QueueStore>(workspace.findStore("dead")->kind);
    EXPECT_EQ(dead.visibilityTimeoutS, 30);
    EXPECT_EQ(dead.delayS, 0);
    EXPECT_EQ(dead.retentionS, 345'600);
    EXPECT_EQ(dead.maxReceives, 0);
    const auto& ordered = std::get<QueueStore>(workspace.findStore("ordered")->kind);
    EXPECT_TRUE(ordered.fifo && ordered.contentBasedDeduplication);
}

TEST(ReadWorkspace, LeavesDefaultsWhereNothingIsSaid)
{
    const Workspace workspace = readGood("nothing.json");
    EXPECT_EQ(workspace.name, "garden");
    EXPECT_EQ(workspace.platform, "aws-lambda-x86_64");
    EXPECT_EQ(workspace.seed, 1u);
    EXPECT_EQ(workspace.timeScale, 1.0);
    EXPECT_EQ(workspace.accountConcurrency, 0);
    EXPECT_TRUE(workspace.functions.empty());
    EXPECT_EQ(workspace.text, "{}\n");
}

} // namespace
} // namespace coldframe::test
