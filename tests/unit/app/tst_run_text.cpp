#include "run_text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace coldframe;
using namespace coldframe::commands;
using namespace std::chrono_literals;

namespace {

session::Snapshot halfWay()
{
    session::Snapshot snapshot;
    snapshot.startedAt = TimePoint(1'000s);
    snapshot.now = snapshot.startedAt + 12'400ms;
    snapshot.totals.events = 1'204;
    snapshot.totals.invocations = 1'180;
    snapshot.totals.succeeded = 1'178;
    snapshot.totals.failed = 2;
    snapshot.totals.coldStarts = 10;
    snapshot.totals.cost = Money::fromPicodollars(12'345'000);
    snapshot.functions.resize(2);
    snapshot.functions[0].pool = {.idle = 1, .busy = 8, .inUse = 9, .waiting = 12, .delayed = 2};
    snapshot.functions[1].pool = {.initialising = 1, .inUse = 1};
    snapshot.platformTitle = "AWS Lambda (x86_64)";
    snapshot.platformRegion = "us-east-1";
    snapshot.platformAsOf = "2026-11-20";
    auto workspace = std::make_shared<Workspace>();
    workspace->triggers.resize(2);
    workspace->triggers[0].name = "on-upload";
    workspace->triggers[1].name = "on-csv";
    snapshot.workspace = workspace;
    snapshot.triggers.resize(2);
    return snapshot;
}

TEST(RunText, progressHoldsTheFiguresOfOneMoment)
{
    EXPECT_EQ(
        progressText(halfWay()),
        "12.4 s  1,204 events, 1,178 succeeded, 2 failed, 24 under way; 10 instances, 8 busy");
}

TEST(RunText, progressNamesThrottlesOnlyWhenThereAreAny)
{
    session::Snapshot snapshot = halfWay();
    snapshot.totals.throttled = 3;
    EXPECT_TRUE(progressText(snapshot).ends_with("8 busy; 3 throttled")) << progressText(snapshot);
}

TEST(RunText, filteredEventsAreCountedWhereThereIsAFilter)
{
    session::Snapshot snapshot = halfWay();
    auto workspace = std::make_shared<Workspace>(*snapshot.workspace);
    workspace->triggers[0].filter = R"({"a":[1]})";
    snapshot.workspace = workspace;
    EXPECT_TRUE(progressText(snapshot).ends_with("8 busy")) << progressText(snapshot);
    EXPECT_EQ(nlohmann::json::parse(summaryJson(snapshot)).at("filteredOut"), 0);
    snapshot.totals.filteredOut = 1'024;
    EXPECT_TRUE(progressText(snapshot).ends_with("8 busy; 1,024 filtered out"))
        << progressText(snapshot);
    EXPECT_EQ(nlohmann::json::parse(summaryJson(snapshot)).at("filteredOut"), 1'024);
    EXPECT_NE(summaryText(snapshot).find("\nFiltered out 1,024\n"), std::string::npos)
        << summaryText(snapshot);
    EXPECT_FALSE(nlohmann::json::parse(summaryJson(halfWay())).contains("filteredOut"));
}

TEST(RunText, filesAlreadyHereComeWithTheOptionThatProcessesThem)
{
    session::Snapshot snapshot = halfWay();
    EXPECT_EQ(alreadyHereText(snapshot, {}), "");
    snapshot.triggers[0].alreadyThere = 214;
    snapshot.triggers[1].alreadyThere = 1;
    EXPECT_EQ(alreadyHereText(snapshot, {}),
              "214 files already here: process them with --backfill on-upload\n"
              "1 file already here: process it with --backfill on-csv\n");
    EXPECT_EQ(alreadyHereText(snapshot, {"on-upload"}),
              "1 file already here: process it with --backfill on-csv\n");
}

TEST(RunText, aTriggerOfANewWorkspaceMayBeMissingFromThePicture)
{
    session::Snapshot snapshot = halfWay();
    snapshot.triggers.resize(1);
    EXPECT_EQ(alreadyHereText(snapshot, {}), "");
}

TEST(RunText, summaryIsOneLineOfJson)
{
    EXPECT_EQ(summaryJson(halfWay()),
              R"({"events":1204,"invocations":1180,"succeeded":1178,"failed":2,"throttled":0,)"
              R"("coldStarts":10,"costUsd":0.000012345})"
              "\n");
    EXPECT_TRUE(nlohmann::json::accept(summaryJson({})));
    const auto passed = nlohmann::json::parse(
        summaryJson(halfWay(), {{"--max-errors", "text"}, {"--max-cost", "text"}}));
    EXPECT_EQ(passed["limitsPassed"], nlohmann::json({"--max-errors", "--max-cost"}));
    EXPECT_EQ(passed["failed"], 2);
}

/// A day of which half a second passed on the wall while anything ran.
session::Snapshot skippedDay()
{
    session::Snapshot snapshot = halfWay();
    snapshot.now = snapshot.startedAt + 24h;
    snapshot.skipping = session::SkippedTime{24h - 500ms, 3'200ms, 400ms};
    return snapshot;
}

TEST(RunText, skippedTimeIsToldAsLivedAndAsWhatItTook)
{
    const auto json = nlohmann::json::parse(summaryJson(skippedDay()));
    EXPECT_EQ(json["livedS"], 86'400);
    EXPECT_EQ(json["skippedS"], 86'399.5);
    EXPECT_EQ(json["tookS"], 3.2);
    EXPECT_EQ(json["functionsS"], 0.4);
    EXPECT_NE(summaryText(skippedDay())
                  .find("Time         24 h 00 min in 3.2 s; functions ran for 400 ms\n"),
              std::string::npos)
        << summaryText(skippedDay());
    EXPECT_TRUE(progressText(skippedDay()).starts_with("24 h 00 min in 3.2 s  1,204 events"))
        << progressText(skippedDay());
    EXPECT_FALSE(nlohmann::json::parse(summaryJson(halfWay())).contains("livedS"));
}

TEST(RunText, summaryForPeopleSaysWhereItsCostComesFrom)
{
    session::Snapshot snapshot = halfWay();
    snapshot.recordingFolder = ".coldframe/recordings/2026-11-23 14.00.00";
    EXPECT_EQ(summaryText(snapshot),
              "Events       1,204\n"
              "Invocations  1,180: 1,178 succeeded, 2 failed\n"
              "Throttled    0\n"
              "Cold starts  10\n"
              "Cost         0.000012345 USD, modelled: AWS Lambda (x86_64), us-east-1, as of "
              "2026-11-20\n"
              "Recording    .coldframe/recordings/2026-11-23 14.00.00\n");
}

} // namespace
