#include <limits>

#include <nlohmann/json.hpp>

#include "history/configuration_json.h"
#include "history/fields.h"
#include "history_fixture.h"

namespace coldframe::history {
namespace {

using namespace std::chrono_literals;

engine::Configuration fullConfiguration()
{
    engine::Configuration c;
    c.platform.id = "aws-lambda-x86_64";
    c.platform.title = "AWS Lambda \"x86\" ü";
    c.platform.priceBook = "aws-2026";
    c.platform.region = "eu-central-1";
    c.platform.asOf = "2026-09";
    c.platform.dispatch = engine::DispatchOrder::Random;
    c.platform.keepAlive.survival = {{5min, 1.0}, {7min, 0.1}, {9min, 1.0 / 3}, {15min, 0}};
    c.platform.keepAlive.kind = engine::KeepAlive::Kind::Histogram;
    c.platform.keepAlive.fallback = 11min;
    c.platform.saturation = {engine::Saturation::Policy::Queue, 20, 30s};
    c.platform.saturation.startups = 3'500'000;
    c.platform.scaleUp = {.capacity = 1000, .refill = 10s, .otherRefill = 30s};
    c.platform.scaling = {.decider = engine::Scaling::Decider::Target,
                          .tick = 5s,
                          .window = 50s,
                          .target = 7,
                          .targetUse = 600'000,
                          .downDelay = 4s,
                          .panicWindow = 5s,
                          .panicThreshold = 3'000'000,
                          .maxUpRate = 4'000'000,
                          .maxDownRate = 5'000'000,
                          .burstCapacity = std::nullopt,
                          .toZeroGrace = 6s,
                          .addAtMost = 8,
                          .onDemand = true,
                          .retires = false};
    c.platform.instanceConcurrency = 80;
    c.platform.minInstances = 1;
    c.platform.maxInstances = 100;
    c.platform.attemptsBilled = false;
    c.platform.accountConcurrency = 4'294'967'295;
    c.platform.unreservedMinimum = 101;
    c.platform.initLimit = 10s;
    c.platform.sandbox = 140ms;
    c.platform.mbPerVcpu = 1770;
    c.platform.retryDelays = {1min, 2min};
    c.platform.billingStep = 1ms;
    c.platform.initBilled = false;
    c.platform.maxSyncBytes = 1, c.platform.maxAsyncBytes = 2;
    c.platform.maxResponseBytes = 3, c.platform.maxStreamBytes = 4;
    c.platform.asyncFirstRequestBytes = 5, c.platform.asyncExtraRequestBytes = 6;
    c.functions = {{.memoryMb = 256,
                    .timeout = 3s,
                    .reserved = 10,
                    .provisioned = 2,
                    .maxInstances = 7,
                    .minInstances = 3,
                    .otherWork = true,
                    .instanceConcurrency = 80,
                    .retries = 1,
                    .maxEventAge = 6h,
                    .instanceKey = std::numeric_limits<std::uint64_t>::max(),
                    .removed = true,
                    .luck = 0x1234'5678'9abc'def0},
                   {.timeout = 900s}};
    c.queues = {{.fifo = true,
                 .removed = true,
                 .visibility = 31s,
                 .delay = 1s,
                 .retention = 2h,
                 .maxReceives = 5,
                 .deadLetters = 1,
                 .maxInFlight = 20'000,
                 .deduplication = 4min,
                 .receiptsFrom = 0x1'0000},
                {}};
    c.mappings = {{.queue = 1,
                   .function = 1,
                   .enabled = false,
                   .reportItemFailures = true,
                   .batchSize = 100,
                   .maxBatchBytes = 1'000'000,
                   .window = 20s,
                   .maxConcurrency = 17,
                   .startPollers = 6,
                   .pollersPerMinute = 60,
                   .maxPollers = 1000,
                   .leastPollers = 1,
                   .filter = 0x8000'0000}};
    c.seed = std::numeric_limits<std::uint64_t>::max() - 1;
    c.timeScale = 0.1;
    return c;
}

TEST(ConfigurationJson, comesBackExactly)
{
    const engine::Configuration given = fullConfiguration();
    const std::string text = toJson(given);
    const auto read = configurationFromJson(text);
    ASSERT_TRUE(read) << messageOf(read);
    EXPECT_EQ(toJson(*read), text);
    EXPECT_EQ(read->platform.title, given.platform.title);
    EXPECT_EQ(read->platform.dispatch, engine::DispatchOrder::Random);
    ASSERT_EQ(read->platform.keepAlive.survival.size(), 4u);
    EXPECT_EQ(read->platform.keepAlive.survival[2].alive, 1.0 / 3);
    EXPECT_EQ(read->platform.keepAlive.survival[2].idle, 9min);
    EXPECT_EQ(read->platform.keepAlive.kind, engine::KeepAlive::Kind::Histogram);
    EXPECT_EQ(read->platform.keepAlive.fallback, 11min);
    EXPECT_EQ(read->platform.saturation.policy, engine::Saturation::Policy::Queue);
    EXPECT_EQ(read->platform.saturation.maxLength, 20u);
    EXPECT_EQ(read->platform.saturation.deadline, 30s);
    EXPECT_EQ(read->platform.saturation.startups, 3'500'000u);
    EXPECT_EQ(read->platform.scaling, given.platform.scaling);
    EXPECT_EQ(read->platform.scaleUp.otherRefill, 30s);
    EXPECT_EQ(read->platform.instanceConcurrency, 80u);
    EXPECT_EQ(read->platform.minInstances, 1u);
    EXPECT_EQ(read->platform.maxInstances, 100u);
    EXPECT_FALSE(read->platform.attemptsBilled);
    EXPECT_EQ(read->functions[0].minInstances, 3u);
    EXPECT_TRUE(read->functions[0].otherWork);
    EXPECT_EQ(read->functions[0].maxInstances, 7u);
    EXPECT_EQ(read->functions[0].instanceConcurrency, 80u);
    EXPECT_EQ(read->platform.scaleUp.refill, 10s);
    EXPECT_EQ(read->platform.retryDelays, (std::vector<Duration>{1min, 2min}));
    EXPECT_FALSE(read->platform.initBilled);
    EXPECT_EQ(read->platform.asyncExtraRequestBytes, 6u);
    ASSERT_EQ(read->functions.size(), 2u);
    EXPECT_EQ(read->functions[0].reserved, 10u);
    EXPECT_EQ(read->functions[0].instanceKey, given.functions[0].instanceKey);
    EXPECT_TRUE(read->functions[0].removed);
    EXPECT_FALSE(read->functions[1].reserved);
    EXPECT_EQ(read->queues, given.queues);
    EXPECT_EQ(read->mappings, given.mappings);
    EXPECT_EQ(read->seed, given.seed);
    EXPECT_EQ(read->timeScale, 0.1);
}

TEST(ConfigurationJson, aRecordingFromBeforeARuleMeansItsDefault)
{
    auto object = nlohmann::json::parse(toJson(fullConfiguration()));
    object["platform"].erase("saturation");
    object["platform"]["keepAlive"].erase("kind");
    object["platform"]["keepAlive"].erase("fallback");
    object.erase("queues"), object.erase("mappings");
    for (auto& function : object["functions"])
        function.erase("maxInstances"), function.erase("instanceConcurrency");
    const auto read = configurationFromJson(object.dump());
    ASSERT_TRUE(read) << messageOf(read);
    EXPECT_EQ(read->platform.saturation.policy, engine::Saturation::Policy::Reject);
    EXPECT_EQ(read->platform.keepAlive.kind, engine::KeepAlive::Kind::Survival);
    EXPECT_EQ(read->functions[0].instanceConcurrency, 1u);
    EXPECT_FALSE(read->functions[0].maxInstances);
    EXPECT_TRUE(read->queues.empty() && read->mappings.empty());
}

TEST(ConfigurationJson, noFieldIsLeftOut)
{
    const auto object = nlohmann::json::parse(toJson(fullConfiguration()));
    EXPECT_EQ(object.size(), detail::fieldCount<engine::Configuration>());
    EXPECT_EQ(object["platform"].size(), detail::fieldCount<engine::Platform>());
    EXPECT_EQ(object["functions"][0].size(), detail::fieldCount<engine::FunctionRules>());
    EXPECT_EQ(object["queues"][0].size(), detail::fieldCount<engine::QueueRules>());
    EXPECT_EQ(object["mappings"][0].size(), detail::fieldCount<engine::MappingRules>());
    EXPECT_EQ(object["platform"]["scaleUp"].size(), detail::fieldCount<engine::TokenBucket>());
    EXPECT_EQ(object["platform"]["scaling"].size(), detail::fieldCount<engine::Scaling>());
    EXPECT_EQ(object["platform"]["saturation"].size(), detail::fieldCount<engine::Saturation>());
    const auto& keepAlive = object["platform"]["keepAlive"];
    EXPECT_EQ(keepAlive.size(), detail::fieldCount<engine::KeepAlive>());
    EXPECT_EQ(keepAlive["survival"][0].size(), detail::fieldCount<engine::KeepAlive::Point>());
}

TEST(ConfigurationJson, isOneLine)
{
    EXPECT_EQ(toJson(fullConfiguration()).find('\n'), std::string::npos);
}

TEST(ConfigurationJson, damageIsAnErrorNeverACrash)
{
    const std::string text = toJson(fullConfiguration());
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(configurationFromJson(text.substr(0, size)));
    auto object = nlohmann::json::parse(text);
    object["platform"]["surprise"] = 1;
    EXPECT_EQ(messageOf(configurationFromJson(object.dump())),
              "is no recorded configuration: [json.exception.other_error.501] a key is unknown; it "
              "may come from another version of Coldframe");
    object = nlohmann::json::parse(text);
    object["functions"][0]["memoryMb"] = 1.5;
    EXPECT_EQ(messageOf(configurationFromJson(object.dump())),
              "is no recorded configuration: [json.exception.type_error.302] memoryMb must be a "
              "whole number; it may come from another version of Coldframe");
}

} // namespace
} // namespace coldframe::history
