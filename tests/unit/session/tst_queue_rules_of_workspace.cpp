// What a workspace says of its queues, as the engine and their filters get it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/queue_filters.h"
#include "session/queue_plan.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace std::chrono_literals;

namespace {

Workspace workspaceOf(std::vector<Store> stores, std::vector<Trigger> triggers = {})
{
    Workspace workspace;
    for (const char* name : {"f", "g"})
        workspace.functions.push_back({.name = name});
    workspace.stores = std::move(stores);
    workspace.triggers = std::move(triggers);
    return workspace;
}

Trigger reads(const char* name, const char* queue, const char* function = "f",
              std::string filter = {})
{
    Trigger trigger;
    trigger.name = name;
    trigger.function = function;
    trigger.filter = std::move(filter);
    trigger.kind = QueueTrigger{.store = queue};
    return trigger;
}

journal::QueuedMessage message(std::string body)
{
    journal::QueuedMessage made;
    made.messageId = "m";
    made.body = std::move(body);
    return made;
}

TEST(QueuePlan, saysEveryRuleOfTheQueue)
{
    QueuePlan plan;
    engine::Configuration c;
    Trigger trigger = reads("t", "jobs", "g");
    trigger.kind = QueueTrigger{"jobs", 100, 5, 7, true};
    plan.fill(
        workspaceOf({{"jobs", QueueStore{false, false, 60, 2, 300, 4, "dead"}},
                     {"dead", QueueStore{}},
                     {"ordered", QueueStore{.fifo = true, .contentBasedDeduplication = true}}},
                    {trigger}),
        {"t"}, c);
    ASSERT_EQ(c.queues.size(), 3U);
    const engine::QueueRules& jobs = c.queues[0];
    EXPECT_EQ(jobs.visibility, 60s);
    EXPECT_EQ(jobs.delay, 2s);
    EXPECT_EQ(jobs.retention, 300s);
    EXPECT_EQ(jobs.maxReceives, 4U);
    EXPECT_EQ(jobs.deadLetters, 1U);
    EXPECT_TRUE(c.queues[2].fifo);
    EXPECT_TRUE(plan.deduplicatesByContent(2));
    EXPECT_FALSE(plan.deduplicatesByContent(0));
    ASSERT_EQ(c.mappings.size(), 1U);
    const engine::MappingRules& mapping = c.mappings[0];
    EXPECT_EQ(mapping.queue, 0U);
    EXPECT_EQ(mapping.function, 1U);
    EXPECT_TRUE(mapping.enabled && mapping.reportItemFailures);
    EXPECT_EQ(mapping.batchSize, 100U);
    EXPECT_EQ(mapping.window, 5s);
    EXPECT_EQ(mapping.maxConcurrency, 7U);
    EXPECT_TRUE(plan.isRead(0));
    EXPECT_FALSE(plan.isRead(1));
}

TEST(QueuePlan, keepsIdsWhileTheWorkspaceChanges)
{
    QueuePlan plan;
    engine::Configuration c;
    plan.fill(workspaceOf({{"a", QueueStore{}}, {"b", QueueStore{}}}, {reads("t", "b")}), {"t"}, c);
    plan.fill(workspaceOf({{"c", QueueStore{}}, {"b", QueueStore{}}}, {}), {"t"}, c);
    EXPECT_EQ(plan.id("a"), kNoQueue);
    EXPECT_EQ(plan.id("b"), 1U);
    EXPECT_EQ(plan.id("c"), 2U);
    EXPECT_TRUE(c.queues[0].removed);
    ASSERT_EQ(c.mappings.size(), 1U);
    EXPECT_FALSE(c.mappings[0].enabled) << "its trigger was removed";
    EXPECT_EQ(plan.trigger(0), "");
    plan.fill(workspaceOf({{"a", QueueStore{}}, {"b", QueueStore{}}}, {reads("u", "b")}), {}, c);
    EXPECT_EQ(plan.id("a"), 0U);
    ASSERT_EQ(c.mappings.size(), 1U) << "the same queue read for the same function";
    EXPECT_EQ(plan.trigger(0), "u");
    EXPECT_FALSE(c.mappings[0].enabled) << "it is not started";
}

TEST(QueuePlan, aQueueThatIsTakenAwayGoesOnByItsRules)
{
    QueuePlan plan;
    engine::Configuration c;
    plan.fill(workspaceOf({{"a", QueueStore{.retentionS = 1'209'600}}}), {}, c);
    plan.fill(workspaceOf({{"b", QueueStore{}}}), {}, c);
    EXPECT_TRUE(c.queues[0].removed);
    EXPECT_EQ(c.queues[0].retention, 14 * 24h) << "or its messages of five days were dropped";
}

TEST(QueuePlan, aBatchFitsIntoAnEventOfThePlatform)
{
    QueuePlan plan;
    engine::Configuration c;
    const auto most = [&](std::uint32_t maxSyncBytes) {
        c.platform.maxSyncBytes = maxSyncBytes;
        plan.fill(workspaceOf({{"a", QueueStore{}}}, {reads("t", "a")}), {}, c);
        return c.mappings.at(0).maxBatchBytes;
    };
    EXPECT_EQ(most(6 << 20), (6U << 20) - 14);
    EXPECT_EQ(most(0), (6U << 20) - 14) << "the limit of the mapping itself";
    EXPECT_EQ(most(1 << 20), (1U << 20) - 14);
    EXPECT_EQ(most(5), 0U);
}

TEST(QueueFilters, judgeForEachReaderOfAQueue)
{
    const Workspace workspace = workspaceOf({{"q", QueueStore{}}, {"other", QueueStore{}}},
                                            {reads("t", "q", "f", R"({"body": {"n": [1]}})"),
                                             reads("u", "q", "g"), reads("v", "other")});
    QueuePlan plan;
    engine::Configuration c;
    plan.fill(workspace, {}, c);
    QueueFilters filters;
    EXPECT_EQ(filters.adopt(plan, workspace), std::vector<QueueId>{0});
    EXPECT_TRUE(filters.has(0));
    EXPECT_FALSE(filters.has(1));
    EXPECT_EQ(filters.judge(0, message(R"({"n":1})")), 0);
    EXPECT_EQ(filters.judge(0, message(R"({"n":2})")), 1);
    EXPECT_EQ(filters.judge(0, message("no JSON")), 1);
    EXPECT_EQ(filters.judge(1, message("no JSON")), 0);
    EXPECT_EQ(filters.adopt(plan, workspace), std::vector<QueueId>{}) << "nothing has changed";

    const Workspace without = workspaceOf({{"q", QueueStore{}}, {"other", QueueStore{}}},
                                          {reads("t", "q"), reads("u", "q", "g")});
    plan.fill(without, {}, c);
    EXPECT_EQ(filters.adopt(plan, without), std::vector<QueueId>{0});
    EXPECT_EQ(filters.judge(0, message(R"({"n":2})")), 0);
}

/// The keys that `validate` knows are those that judge() looks at.
TEST(QueueFilters, seeWhatAMessageHasWhenItIsSent)
{
    const auto leavesOut = [](const char* pattern, bool fifo) {
        const Workspace workspace
            = workspaceOf({{"q", QueueStore{.fifo = fifo}}}, {reads("t", "q", "f", pattern)});
        QueuePlan plan;
        engine::Configuration c;
        plan.fill(workspace, {}, c);
        QueueFilters filters;
        filters.adopt(plan, workspace);
        auto made = message("order 17");
        made.queue = "q";
        made.sentAt = TimePoint(std::chrono::milliseconds(1'500));
        made.group = fifo ? "ada" : "";
        return filters.judge(0, made) != 0;
    };
    for (const char* pattern :
         {R"({"eventSource": ["aws:sqs"], "awsRegion": ["us-east-1"]})", R"({"messageId": ["m"]})",
          R"({"eventSourceARN": [{"suffix": ":q"}]})",
          R"({"attributes": {"SentTimestamp": ["1500"]}})", R"({"md5OfBody": [{"exists": true}]})",
          R"({"messageAttributes": {"x": [{"exists": false}]}})",
          R"({"attributes": {"MessageGroupId": [{"exists": false}]}})"})
        EXPECT_FALSE(leavesOut(pattern, false)) << pattern;
    EXPECT_FALSE(leavesOut(R"({"attributes": {"MessageGroupId": ["ada"]}})", true));
    EXPECT_FALSE(leavesOut(R"({"eventSourceARN": [{"suffix": ":q.fifo"}]})", true));
    for (const std::string& key : QueueFilters::keys()) {
        const bool object = key == "attributes" || key == "messageAttributes";
        const std::string pattern = object ? R"({")" + key + R"(": {"SenderId": [{"exists": )"
                + (key == "attributes" ? "true" : "false") + "}]}}"
                                           : R"({")" + key + R"(": [{"exists": true}]})";
        EXPECT_FALSE(leavesOut(pattern.c_str(), false)) << key;
    }
    EXPECT_TRUE(leavesOut(R"({"receiptHandle": [{"exists": true}]})", false));
}

TEST(QueueFilters, bodiesThatAreTextsAreMatchedAsTexts)
{
    const Workspace workspace = workspaceOf(
        {{"q", QueueStore{}}},
        {reads("t", "q", "f", R"({"body": [{"prefix": "order "}]})"),
         reads("u", "q", "g", R"({"messageAttributes": {"who": {"stringValue": ["ada"]}}})")});
    QueuePlan plan;
    engine::Configuration c;
    plan.fill(workspace, {}, c);
    QueueFilters filters;
    filters.adopt(plan, workspace);
    auto made = message("order 17");
    EXPECT_EQ(filters.judge(0, made), 2);
    made.attributes = R"({"who": {"stringValue": "ada", "dataType": "String"}})";
    EXPECT_EQ(filters.judge(0, made), 0);
}

} // namespace
