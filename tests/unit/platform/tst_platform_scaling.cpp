#include "engine/platform_file.h"

#include <chrono>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "files.h"

// Platform files whose platform has a timer that decides how many instances there are.

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::tests;
using namespace std::chrono_literals;

namespace {

Platform shipped(const std::string& id)
{
    const auto file = kPlatforms / (id + ".json");
    const Result<Platform> platform = readPlatform(textOf(file), file.filename());
    EXPECT_TRUE(platform) << (platform ? "" : describe(platform.error()));
    return platform.value_or(Platform());
}

std::string messageOf(const std::string& text)
{
    const Result<Platform> platform = readPlatform(text, "p.json");
    return platform ? "read without error" : describe(platform.error());
}

} // namespace

TEST(ShippedPlatforms, knativeSaysWhatItsSourceSays)
{
    const Platform p = shipped("knative");
    const Scaling& s = p.scaling;
    EXPECT_EQ(s.decider, Scaling::Decider::Kpa);
    EXPECT_EQ(s.tick, 2s);
    EXPECT_EQ(s.window, 60s);
    EXPECT_EQ(s.panicWindow, 6s);
    EXPECT_EQ(s.step(), 2s);
    EXPECT_EQ(s.target, 100U);
    EXPECT_EQ(s.targetUse, 700'000U);
    EXPECT_EQ(s.panicThreshold, 2 * kWhole);
    EXPECT_EQ(s.maxUpRate, 1000 * kWhole);
    EXPECT_EQ(s.maxDownRate, 2 * kWhole);
    EXPECT_EQ(s.burstCapacity, 211U);
    EXPECT_EQ(s.toZeroGrace, 30s);
    EXPECT_EQ(s.downDelay, 0s);
    EXPECT_TRUE(s.retires);
    // What a scenario begins with that names the decider alone is the same.
    Scaling defaults;
    defaults.decider = Scaling::Decider::Kpa;
    EXPECT_EQ(s, defaults);
    EXPECT_EQ(p.instanceConcurrency, 0U);
    EXPECT_EQ(p.saturation.policy, Saturation::Policy::Queue);
    EXPECT_EQ(p.saturation.deadline, 300s);
    EXPECT_TRUE(p.keepAlive.survival.empty());
    EXPECT_FALSE(p.attemptsBilled);
    EXPECT_EQ(p.priceBook, "");
}

TEST(ShippedPlatforms, cloudRunAndAzureSayWhatTheirSourcesSay)
{
    const Platform run = shipped("cloud-run-functions");
    EXPECT_EQ(run.scaling.decider, Scaling::Decider::Target);
    EXPECT_EQ(run.scaling.tick, 5s);
    EXPECT_EQ(run.scaling.window, 60s);
    EXPECT_EQ(run.scaling.targetUse, 600'000U);
    EXPECT_TRUE(run.scaling.onDemand);
    EXPECT_FALSE(run.scaling.retires);
    EXPECT_EQ(run.saturation.deadline, 10s);
    EXPECT_EQ(run.saturation.startups, 3'500'000U);
    EXPECT_EQ(run.keepAlive.survival.front().idle, 15min);
    EXPECT_EQ(run.maxInstances, 100U);
    EXPECT_FALSE(run.attemptsBilled) << "busy instances are billed, not attempts";
    const Platform azure = shipped("azure-consumption");
    EXPECT_EQ(azure.scaling.decider, Scaling::Decider::Target);
    EXPECT_EQ(azure.scaling.window, 0s) << "the load as it is";
    EXPECT_EQ(azure.scaling.target, 16U);
    EXPECT_EQ(azure.scaling.addAtMost, 4U);
    EXPECT_EQ(azure.scaleUp.capacity, 1U);
    EXPECT_EQ(azure.scaleUp.refill, 1s);
    EXPECT_EQ(azure.scaleUp.otherRefill, 30s);
    EXPECT_EQ(azure.saturation.maxLength, 200U);
    EXPECT_EQ(azure.maxInstances, 200U);
    EXPECT_EQ(azure.instanceConcurrency, 100U);
    EXPECT_FALSE(azure.attemptsBilled) << "observed memory is billed, not configured memory";
}

TEST(PlatformFile, whatCannotBeBilledIsNotPricedAndRefusedWithAPriceBook)
{
    const std::string text = textOf(kPlatforms / "cloud-run-functions.json");
    EXPECT_EQ(messageOf(text), "read without error");
    EXPECT_EQ(messageOf(changed(text, "\"region\"", "\"priceBook\": \"x\", \"region\"")),
              "p.json:176:17: /meter/interval: the format knows interval instance-busy, but this "
              "version cannot run it; without \"priceBook\" the platform is run and not priced");
}

/// A mistake in the rules of a timer, made in Knative's file.
struct BadScaling {
    const char* name;
    const char* figure; ///< below /scaling, to be changed
    const char* value; ///< JSON; empty: left out
    const char* message;
};
class BadScalingFile : public testing::TestWithParam<BadScaling> { };

TEST_P(BadScalingFile, isRefusedSayingWhereAndWhat)
{
    nlohmann::ordered_json file
        = nlohmann::ordered_json::parse(textOf(kPlatforms / "knative.json"));
    const nlohmann::ordered_json::json_pointer at(GetParam().figure);
    if (*GetParam().value)
        file[at]["value"] = nlohmann::ordered_json::parse(GetParam().value);
    else
        file[at.parent_pointer()].erase(at.back());
    const std::string message = messageOf(file.dump());
    EXPECT_EQ(message.substr(message.find(" /") + 1), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Golden, BadScalingFile,
    testing::Values(
        BadScaling{"no_window", "/scaling/window", "",
                   "/scaling/window: needed by this decider; docs/PLATFORMS.md says what it means"},
        BadScaling{"no_tick", "/scaling/tick", "0", "/scaling/tick/value: must be above 0"},
        BadScaling{"long_panic", "/scaling/panicWindow", "1.5",
                   "/scaling/panicWindow/value: must be above 0 and at most 1"},
        BadScaling{"no_growth", "/scaling/maxUpRate", "1",
                   "/scaling/maxUpRate/value: must be above 1"},
        BadScaling{"more_than_all", "/scaling/targetUse", "1.1",
                   "/scaling/targetUse/value: must be above 0 and at most 1"},
        BadScaling{"no_target", "/scaling/targetConcurrency", "0",
                   "/scaling/targetConcurrency/value: must be above 0"},
        BadScaling{"another_decider", "/scaling/decider", "\"target\"",
                   "/scaling/panicWindow: the decider of this platform does not go by it; remove "
                   "it, or set scaling.decider to knative-kpa"},
        BadScaling{"a_request_at_a_time", "/scaling/decider", "\"per-request\"",
                   "/scaling/tick: the decider of this platform does not go by it; remove it, or "
                   "set scaling.decider to knative-kpa or target"},
        BadScaling{"own_keep_alive", "/keepAlive/policy", "\"forever\"",
                   "/keepAlive/policy/value: the decider knative-kpa ends instances itself; set "
                   "the policy to \"decider\""},
        BadScaling{"too_fine", "/scaling/panicWindow", "0.100001",
                   "/scaling/window/value: the window is made of 3000000 steps of 20000 ns, the "
                   "longest of which the tick and the windows are multiples; there may be 100000; "
                   "choose rounder times"},
        BadScaling{"nobody_waits", "/saturation/sync", "\"reject\"",
                   "/saturation/queueTimeout: calls do not wait on this platform; remove it, or "
                   "set saturation.sync to \"queue\""}),
    [](const auto& row) { return std::string(row.param.name); });
