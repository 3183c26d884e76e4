#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "session/lane_keeper.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;

namespace {

constexpr TimePoint kStart{1h};
constexpr Duration kWindow = 120s;

/// A keeper that is told what an engine decides, as the board tells it.
struct Kept {
    explicit Kept(engine::FunctionRules rules = {})
    {
        engine::Configuration configuration;
        configuration.platform.keepAlive.survival = {{300s, 0}};
        configuration.platform.accountConcurrency = 1000;
        configuration.platform.initLimit = 10s;
        configuration.platform.billingStep = 1ms;
        rules.memoryMb = 1769;
        rules.timeout = 3s;
        configuration.functions = {rules};
        step(0ms, engine::Configured{engine.define(std::move(configuration))});
    }
    void step(Duration after, const engine::Input& input)
    {
        actions.clear();
        engine.step(kStart + after, input, actions);
        keeper.input(kStart + after, input);
        for (const engine::Action& action : actions)
            keeper.action(kStart + after, action);
    }
    /// A call that finds no idle instance, up to its work.
    InstanceId callCold(Duration after)
    {
        step(after, engine::Arrived{});
        InstanceId id;
        for (const engine::Action& action : actions)
            if (const auto* start = std::get_if<engine::Start>(&action))
                id = start->instance;
        step(after + 10ms, engine::InitStarted{id});
        step(after + 100ms, engine::Ready{id});
        step(after + 100ms, engine::WorkStarted{id});
        return id;
    }
    void finish(Duration after, InstanceId id,
                engine::WorkStatus status = engine::WorkStatus::Succeeded)
    {
        step(after, engine::WorkFinished{.instance = id, .status = status, .wall = 50ms});
    }
    std::vector<Lane> lanes(Duration after) { return keeper.lanes(kStart + after, hidden); }

    engine::Engine engine;
    engine::Actions actions;
    LaneKeeper keeper;
    std::uint32_t hidden = 0;
};

auto spanOf(Span::Kind kind, Duration from, Duration to)
{
    return testing::AllOf(Field("kind", &Span::kind, kind),
                          Field("from", &Span::from, kStart + from),
                          Field("to", &Span::to, kStart + to));
}

TEST(LaneKeeper, aLifeIsSpansWithoutGaps)
{
    Kept kept;
    const InstanceId id = kept.callCold(1s);
    kept.finish(1'500ms, id);
    kept.step(3s, engine::Arrived{});
    kept.finish(3'400ms, id, engine::WorkStatus::FunctionError);
    const auto lanes = kept.lanes(5s);
    ASSERT_EQ(lanes.size(), 1U);
    EXPECT_EQ(lanes[0].serial, id.serial);
    EXPECT_THAT(lanes[0].spans,
                ElementsAre(spanOf(Span::Kind::Starting, 1s, 1'010ms),
                            spanOf(Span::Kind::Initialising, 1'010ms, 1'100ms),
                            spanOf(Span::Kind::Work, 1'100ms, 1'500ms),
                            spanOf(Span::Kind::Idle, 1'500ms, 3s),
                            spanOf(Span::Kind::Error, 3s, 3'400ms),
                            spanOf(Span::Kind::Idle, 3'400ms, 5s))); // it lasts until the picture
    EXPECT_NE(lanes[0].spans[2].invocation, lanes[0].spans[4].invocation);
    EXPECT_FALSE(lanes[0].retiredAt);
}

TEST(LaneKeeper, workThatADebuggerHoldsIsNoWork)
{
    Kept kept;
    const InstanceId id = kept.callCold(0s);
    kept.step(200ms, engine::DebugPaused{id});
    kept.finish(10s, id);
    const auto lane = kept.lanes(20s).at(0);
    EXPECT_THAT(lane.spans[2], spanOf(Span::Kind::Work, 100ms, 200ms));
    EXPECT_THAT(lane.spans[3], spanOf(Span::Kind::Debugged, 200ms, 10s));
    EXPECT_EQ(lane.spans[3].invocation, lane.spans[2].invocation);
    EXPECT_EQ(lane.stopped.why, engine::Why::DebuggedStop);
}

TEST(LaneKeeper, workGoesOnOverAGapNobodyCouldSee)
{
    Kept kept;
    const InstanceId id = kept.callCold(0s);
    kept.finish(500ms, id);
    kept.step(649ms, engine::Arrived{});
    kept.finish(900ms, id);
    kept.step(1'050ms, engine::Arrived{}); // 150 ms: to be seen
    const auto spans = kept.lanes(2s).at(0).spans;
    EXPECT_THAT(spans,
                ElementsAre(spanOf(Span::Kind::Starting, 0s, 10ms),
                            spanOf(Span::Kind::Initialising, 10ms, 100ms),
                            spanOf(Span::Kind::Work, 100ms, 900ms),
                            spanOf(Span::Kind::Idle, 900ms, 1'050ms),
                            spanOf(Span::Kind::Work, 1'050ms, 2s)));
}

TEST(LaneKeeper, anInstanceSaysWhyItIsThereAndWhyItIsGone)
{
    Kept kept;
    std::vector<InstanceId> busy;
    for (int i = 0; i < 4; ++i)
        busy.push_back(kept.callCold(i * 200ms));
    for (const InstanceId id : busy)
        kept.finish(1s, id);
    EXPECT_EQ(engine::describe(kept.lanes(2s).at(3).started),
              "Cold: all 3 instances were busy, a 4th was started");
    EXPECT_EQ(kept.lanes(2s).at(3).stopped.why, engine::Why::None);
    kept.step(301s + 1ns, engine::Tick{}); // a gap of exactly the keep-alive would be warm
    const auto lanes = kept.lanes(303s);
    ASSERT_EQ(lanes.size(), 4U);
    for (const Lane& lane : lanes) {
        EXPECT_EQ(engine::describe(lane.stopped),
                  "Retired after 300 s idle, having served 1 request");
        EXPECT_EQ(lane.retiredAt, kStart + 301s + 1ns);
        EXPECT_EQ(lane.spans.back().to, kStart + 301s + 1ns);
    }
}

TEST(LaneKeeper, anInitThatIsRunAgainKeepsTheFirstReason)
{
    Kept kept;
    kept.step(0s, engine::Arrived{});
    const InstanceId id = std::get<engine::Start>(kept.actions.at(0)).instance;
    kept.step(10ms, engine::InitStarted{id});
    kept.step(50ms, engine::InitFailed{id, engine::InitFailure::Reported});
    const auto lanes = kept.lanes(1s);
    ASSERT_EQ(lanes.size(), 1U);
    EXPECT_EQ(engine::describe(lanes[0].started), "Cold: the function had no instance yet");
    EXPECT_EQ(engine::describe(lanes[0].initAgain),
              "The init failed and is run once more, inside the attempt");
}

TEST(LaneKeeper, aProvisionedInstanceSaysSo)
{
    Kept kept({.provisioned = 1});
    EXPECT_EQ(engine::describe(kept.lanes(1s).at(0).started),
              "Provisioned: 0 of 1 instances were there, one was started");
}

TEST(LaneKeeper, forgetsWhatIsOlderThanWhatIsShown)
{
    Kept kept;
    const InstanceId stays = kept.callCold(0s);
    kept.finish(1s, stays);
    kept.callCold(2s); // the idle one takes it: one lane
    kept.finish(3s, stays);
    kept.step(100s, engine::CodeChanged{0});
    ASSERT_EQ(kept.lanes(100s).size(), 1U);
    // A span leaves with its end, a lane with its retirement.
    EXPECT_EQ(kept.lanes(1s + kWindow).at(0).spans.front().kind, Span::Kind::Work);
    EXPECT_THAT(kept.lanes(4s + kWindow).at(0).spans,
                ElementsAre(spanOf(Span::Kind::Idle, 3s, 100s)));
    EXPECT_EQ(kept.lanes(100s + kWindow).size(), 1U);
    EXPECT_EQ(kept.lanes(100s + kWindow + 1ns).size(), 0U);
}

TEST(LaneKeeper, showsTheNewestTwoHundredAndCountsTheOthers)
{
    Kept kept;
    std::uint32_t last = 0;
    for (int i = 0; i < 250; ++i)
        last = kept.callCold(i * 1ms + 100ms * i).serial;
    const auto lanes = kept.lanes(26s);
    EXPECT_EQ(kMaxLanes, 200U);
    ASSERT_EQ(lanes.size(), kMaxLanes);
    EXPECT_EQ(kept.hidden, 50U);
    EXPECT_EQ(lanes.back().serial, last);
    EXPECT_EQ(lanes.front().serial, last - 199);
}

TEST(LaneKeeper, anIdleInstanceOfMinutesIsStillThere)
{
    Kept kept;
    const InstanceId id = kept.callCold(0s);
    kept.finish(1s, id);
    EXPECT_THAT(kept.lanes(250s).at(0).spans, ElementsAre(spanOf(Span::Kind::Idle, 1s, 250s)));
}

} // namespace
