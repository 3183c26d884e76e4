// What a workspace says of its queues, as the engine and their filters get it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/workspace_limits.h"
#include "session/first_sends.h"
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

/// A workspace's filters, as Queues takes them over.
struct Judges {
    std::vector<QueueId> adopt(const Workspace& workspace)
    {
        plan.fill(workspace, {}, configuration);
        return filters.adopt(plan, workspace, configuration.mappings);
    }
    /// Whether the mapping deletes the message.
    bool leavesOut(MappingId mapping, const journal::QueuedMessage& message) const
    {
        const bool fifo = plan.isFifo(plan.queueOf(mapping));
        return (filters.judge(message, fifo) & configuration.mappings[mapping].filter) != 0;
    }
    QueuePlan plan;
    engine::Configuration configuration;
    QueueFilters filters;
};

std::string onNumber(int n)
{
    return R"({"body": {"n": [)" + std::to_string(n) + "]}}";
}

TEST(QueueFilters, judgeForEachReaderOfAQueue)
{
    const Workspace workspace = workspaceOf(
        {{"q", QueueStore{}}, {"other", QueueStore{}}},
        {reads("t", "q", "f", onNumber(1)), reads("u", "q", "g"), reads("v", "other")});
    Judges judges;
    EXPECT_EQ(judges.adopt(workspace), std::vector<QueueId>{0});
    EXPECT_TRUE(judges.filters.has(0));
    EXPECT_FALSE(judges.filters.has(1));
    EXPECT_FALSE(judges.leavesOut(0, message(R"({"n":1})")));
    EXPECT_TRUE(judges.leavesOut(0, message(R"({"n":2})")));
    EXPECT_TRUE(judges.leavesOut(0, message("no JSON")));
    EXPECT_FALSE(judges.leavesOut(1, message("no JSON")));
    EXPECT_EQ(judges.adopt(workspace), std::vector<QueueId>{}) << "nothing has changed";

    const Workspace without = workspaceOf({{"q", QueueStore{}}, {"other", QueueStore{}}},
                                          {reads("t", "q"), reads("u", "q", "g")});
    EXPECT_EQ(judges.adopt(without), std::vector<QueueId>{0});
    EXPECT_FALSE(judges.leavesOut(0, message(R"({"n":2})")));
}

/// The keys that `validate` knows are those that judge() looks at.
TEST(QueueFilters, seeWhatAMessageHasWhenItIsSent)
{
    const auto leavesOut = [](const char* pattern, bool fifo) {
        const Workspace workspace
            = workspaceOf({{"q", QueueStore{.fifo = fifo}}}, {reads("t", "q", "f", pattern)});
        Judges judges;
        judges.adopt(workspace);
        auto made = message("order 17");
        made.queue = "q";
        made.sentAt = TimePoint(std::chrono::milliseconds(1'500));
        made.group = fifo ? "ada" : "";
        return judges.leavesOut(0, made);
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
    Judges judges;
    judges.adopt(workspaceOf(
        {{"q", QueueStore{}}},
        {reads("t", "q", "f", R"({"body": [{"prefix": "order "}]})"),
         reads("u", "q", "g", R"({"messageAttributes": {"who": {"stringValue": ["ada"]}}})")}));
    auto made = message("order 17");
    EXPECT_FALSE(judges.leavesOut(0, made));
    EXPECT_TRUE(judges.leavesOut(1, made));
    made.attributes = R"({"who": {"stringValue": "ada", "dataType": "String"}})";
    EXPECT_FALSE(judges.leavesOut(1, made));
}

TEST(QueueFilters, thatMessagesMeetWhereTheyAreGivenUpCountToo)
{
    const std::vector<Store> stores{{"q", QueueStore{.maxReceives = 1, .deadLetters = "dead"}},
                                    {"dead", QueueStore{}},
                                    {"other", QueueStore{}}};
    Judges judges;
    judges.adopt(workspaceOf(stores, {}));
    const auto changed = judges.adopt(workspaceOf(stores, {reads("t", "dead", "f", onNumber(1))}));
    EXPECT_EQ(changed, (std::vector<QueueId>{0, 1}));
    EXPECT_TRUE(judges.filters.has(0) && judges.filters.has(1));
    EXPECT_FALSE(judges.filters.has(2));
    std::vector<Store> apart = stores;
    apart[0].kind = QueueStore{};
    EXPECT_EQ(judges.adopt(workspaceOf(apart, {reads("t", "dead", "f", onNumber(1))})),
              std::vector<QueueId>{0});
    EXPECT_FALSE(judges.filters.has(0));
}

// Until the mappings take effect, some still go by the bits of before.
TEST(QueueFilters, aNewFilterTakesNoBitOfAnotherWhileThereAreFreeOnes)
{
    const std::vector<Store> stores{{"q", QueueStore{}}};
    Judges judges;
    judges.adopt(workspaceOf(stores, {reads("t", "q", "f", onNumber(1))}));
    const std::uint32_t first = judges.configuration.mappings[0].filter;
    judges.adopt(workspaceOf(stores, {reads("t", "q", "f", onNumber(2))}));
    const std::uint32_t second = judges.configuration.mappings[0].filter;
    EXPECT_NE(first, second);
    EXPECT_TRUE(judges.leavesOut(0, message(R"({"n":1})")));
    judges.adopt(workspaceOf(stores, {reads("u", "q", "g", onNumber(2)), reads("t", "q")}));
    EXPECT_EQ(judges.configuration.mappings[1].filter, second) << "it is the same one";
    EXPECT_EQ(judges.configuration.mappings[0].filter, 0U);
}

TEST(QueueFilters, theLastOfAllCountsLikeTheFirst)
{
    Workspace workspace = workspaceOf({{"q", QueueStore{}}}, {reads("plain", "q")});
    for (int n = 0; n < static_cast<int>(kMostQueueFilters); ++n) {
        const std::string name = "f" + std::to_string(n);
        workspace.functions.push_back({.name = name});
        workspace.triggers.push_back(reads(name.c_str(), "q", name.c_str(), onNumber(n)));
    }
    Judges judges;
    judges.adopt(workspace);
    for (int n = 0; n < static_cast<int>(kMostQueueFilters); ++n)
        for (const int body : {n, n + 1})
            EXPECT_EQ(judges.leavesOut(static_cast<MappingId>(n + 1),
                                       message(R"({"n":)" + std::to_string(body) + "}")),
                      body != n);
    for (int n = 0; n < static_cast<int>(kMostQueueFilters); ++n) // all others, none is free
        workspace.triggers[static_cast<std::size_t>(n) + 1].filter = onNumber(100 + n);
    EXPECT_EQ(judges.adopt(workspace), std::vector<QueueId>{0});
    EXPECT_FALSE(judges.leavesOut(1, message(R"({"n":100})")));
    EXPECT_TRUE(judges.leavesOut(1, message(R"({"n":101})")));
}

TEST(FirstSends, areKnownForAWindow)
{
    FirstSends sends;
    const auto at = [](int s) { return TimePoint(std::chrono::seconds(s)); };
    sends.add(at(0), 300s, {1, 1}, {"a", 10});
    sends.add(at(300), 300s, {2, 2}, {"b", 11});
    ASSERT_TRUE(sends.find({1, 1}));
    EXPECT_EQ(sends.find({1, 1})->messageId, "a");
    EXPECT_EQ(sends.find({1, 1})->sequence, 10U);
    sends.add(at(301), 300s, {1, 3}, {"c", 12});
    EXPECT_FALSE(sends.find({1, 1}));
    EXPECT_TRUE(sends.find({2, 2}) && sends.find({1, 3}));
}

} // namespace
