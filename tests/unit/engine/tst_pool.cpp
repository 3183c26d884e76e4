#include <gtest/gtest.h>

#include "harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

TEST(Pool, aFirstCallStartsAnInstanceAndIsServedByIt)
{
    Harness h;
    h.step(at(5), Arrived{});
    const Start start = h.only<Start>();
    EXPECT_EQ(describe(start.reason), "Cold: the function had no instance yet");
    h.step(at(6), InitStarted{start.instance});
    h.step(at(106), Ready{start.instance});
    const Dispatch dispatch = h.only<Dispatch>();
    EXPECT_TRUE(dispatch.cold);
    EXPECT_EQ(dispatch.deadline, at(3106));
    h.step(at(106), WorkStarted{start.instance});
    h.finish(116, start.instance, 10);
    const Meter meter = h.only<Meter>();
    EXPECT_TRUE(meter.cold);
    EXPECT_EQ(meter.init, 100ms);
    EXPECT_EQ(meter.platform, 10ms);
    EXPECT_EQ(meter.billed, 110ms); // init and run, rounded up together
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
}

TEST(Pool, aSecondCallIsWarm)
{
    Harness h;
    h.finish(200, h.callCold(0));
    h.step(at(1200), Arrived{});
    const Dispatch dispatch = h.only<Dispatch>();
    EXPECT_FALSE(dispatch.cold);
    EXPECT_EQ(describe(dispatch.reason), "Warm: the only idle instance, idle for 1000 ms");
}

TEST(Pool, aBusyInstanceMeansASecondOne)
{
    Harness h;
    h.callCold(0);
    h.step(at(150), Arrived{});
    EXPECT_EQ(describe(h.only<Start>().reason),
              "Cold: the only instance was busy, a 2nd was started");
}

struct KeepAliveRow {
    const char* name;
    std::int64_t gapNs;
    bool warm;
};
class KeepAliveEdge : public testing::TestWithParam<KeepAliveRow> { };

TEST_P(KeepAliveEdge, isExact)
{
    Harness h;
    h.finish(200, h.callCold(0));
    h.step(at(200) + 300s + std::chrono::nanoseconds(GetParam().gapNs), Arrived{});
    EXPECT_EQ(h.all<Dispatch>().size(), GetParam().warm ? 1U : 0U);
    EXPECT_EQ(h.all<Stop>().size(), GetParam().warm ? 0U : 1U);
}
INSTANTIATE_TEST_SUITE_P(Pool, KeepAliveEdge,
                         testing::Values(KeepAliveRow{"oneNanosecondBefore", -1, true},
                                         KeepAliveRow{"exactlyTheKeepAlive", 0, true},
                                         KeepAliveRow{"oneNanosecondAfter", 1, false}),
                         [](const auto& row) { return row.param.name; });

TEST(Pool, aLateTimerChangesNothing)
{
    // The same history with a timer on time, a minute late, and not at all.
    const auto run = [](std::vector<TimePoint> ticks) {
        Harness h;
        h.finish(200, h.callCold(0));
        Actions all;
        for (const TimePoint tick : ticks)
            h.engine.step(tick, Tick{}, all);
        h.engine.step(at(400'000), Arrived{}, all);
        return std::pair(std::get<Stop>(all[0]).reason, std::get<Start>(all[1]).reason);
    };
    const auto onTime = run({at(200) + 300s + 1ns});
    EXPECT_EQ(run({}), onTime);
    EXPECT_EQ(run({at(200) + 300s, at(360'000)}), onTime);
    EXPECT_EQ(describe(onTime.second),
              "Cold: the last instance was retired 99 s ago by the "
              "keep-alive");
}

TEST(Pool, anEmptyPoolAsksForNoTick)
{
    Harness h;
    EXPECT_FALSE(h.engine.nextDeadline());
    h.finish(200, h.callCold(0));
    EXPECT_EQ(h.engine.nextDeadline(), at(200) + 300s);
    h.step(at(400'000), Tick{});
    EXPECT_EQ(describe(h.only<Stop>().reason), "Retired after 300 s idle, having served 1 request");
    EXPECT_FALSE(h.engine.nextDeadline());
}

TEST(Pool, reservedConcurrencyRejectsWithItsNumbers)
{
    Configuration c = oneFunction();
    c.functions[0].reserved = 1;
    Harness h(c);
    const InstanceId busy = h.callCold(0);
    h.step(at(150), Arrived{});
    EXPECT_EQ(describe(h.only<Reject>().reason), "Throttled: reserved concurrency 1, 1 in use");
    h.finish(160, busy);
    h.step(at(170), Arrived{});
    EXPECT_EQ(h.all<Dispatch>().size(), 1U);
}

TEST(Pool, aReservationOfZeroSwitchesTheFunctionOff)
{
    Configuration c = oneFunction();
    c.functions[0].reserved = 0;
    Harness h(c);
    h.step(at(1), Arrived{});
    EXPECT_EQ(h.only<Reject>().reason.why, Why::ThrottledOff);
    h.step(at(2), Arrived{.delivery = Delivery::Async});
    h.step(at(3), Persisted{h.only<Persist>().invocation});
    EXPECT_EQ(h.only<DeadLetter>().reason.why, Why::ReservedZero);
}

TEST(Pool, theAccountIsSharedByWhatIsNotReserved)
{
    Configuration c = oneFunction();
    c.platform.accountConcurrency = 3;
    c.functions.resize(3, c.functions[0]);
    c.functions[2].reserved = 1;
    Harness h(c);
    h.callCold(0, 100, 0);
    h.callCold(200, 100, 1);
    h.step(at(400), Arrived{.function = 0});
    EXPECT_EQ(describe(h.only<Reject>().reason),
              "Throttled: the account leaves 2 concurrent executions, 2 in use");
    h.step(at(400), Arrived{.function = 2});
    EXPECT_EQ(h.all<Start>().size(), 1U);
}

TEST(Pool, scalingUpTakesTokensThatComeBackOneByOne)
{
    Configuration c = oneFunction();
    c.platform.scaleUp = {.capacity = 2, .refill = 10s};
    Harness h(c);
    h.step(at(0), Arrived{});
    h.step(at(0), Arrived{});
    EXPECT_EQ(h.all<Start>().size(), 1U);
    h.step(at(0), Arrived{});
    EXPECT_EQ(h.only<Reject>().reason.why, Why::ThrottledScaleUp);
    h.step(at(4'999), Arrived{});
    EXPECT_EQ(h.all<Reject>().size(), 1U);
    h.step(at(5'000), Arrived{});
    EXPECT_EQ(h.all<Start>().size(), 1U);
}

TEST(Pool, dispatchOrdersChooseAsTheySay)
{
    struct Row {
        DispatchOrder order;
        std::uint32_t serial;
    };
    // Three instances, idle since 1: 1000, 2: 3000, 3: 2000.
    for (const Row row :
         {Row{DispatchOrder::MostRecentlyUsed, 2}, Row{DispatchOrder::LeastRecentlyUsed, 1},
          Row{DispatchOrder::Newest, 3}, Row{DispatchOrder::Oldest, 1}}) {
        Configuration c = oneFunction();
        c.platform.dispatch = row.order;
        Harness h(c);
        const InstanceId a = h.callCold(0), b = h.callCold(200), d = h.callCold(400);
        h.finish(1000, a), h.finish(2000, d), h.finish(3000, b);
        h.step(at(4000), Arrived{});
        EXPECT_EQ(h.only<Dispatch>().instance.serial, row.serial);
    }
}

TEST(Pool, randomChoiceDependsOnTheSeedAlone)
{
    const auto picks = [](std::uint64_t seed) {
        Configuration c = oneFunction();
        c.platform.dispatch = DispatchOrder::Random;
        c.seed = seed;
        Harness h(c);
        std::vector<InstanceId> ids;
        for (int i = 0; i < 8; ++i)
            ids.push_back(h.callCold(i * 200));
        for (const InstanceId id : ids)
            h.finish(2000, id);
        std::vector<std::uint32_t> serials;
        for (int i = 0; i < 20; ++i) {
            h.step(at(3000 + i * 10), Arrived{});
            const InstanceId id = h.only<Dispatch>().instance;
            serials.push_back(id.serial);
            h.step(at(3000 + i * 10), WorkStarted{id});
            h.finish(3005 + i * 10, id);
        }
        return serials;
    };
    EXPECT_EQ(picks(7), picks(7));
    EXPECT_NE(picks(7), picks(8));
}

TEST(Pool, aFunctionThatWasRemovedHasNoLimitToShow)
{
    Configuration configuration = oneFunction();
    configuration.functions[0].reserved = 10;
    Harness h(configuration);
    EXPECT_EQ(h.engine.counts(0).limit, 10U);
    configuration.functions[0].removed = true;
    h.configure(at(1), configuration);
    EXPECT_EQ(h.engine.counts(0).limit, 0U);
    EXPECT_FALSE(h.engine.counts(0).shares);
}

TEST(Pool, aTimeoutEndsTheInstanceAndTheNextCallIsCold)
{
    Harness h;
    const InstanceId id = h.callCold(0);
    h.step(at(3'101), Tick{});
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::TimedOut);
    EXPECT_EQ(h.only<Meter>().platform, 3s);
    EXPECT_EQ(describe(h.only<Stop>().reason),
              "Stopped: the attempt passed its timeout of 3000 ms");
    h.finish(3'200, id); // the answer that came too late
    EXPECT_TRUE(h.actions.empty());
    h.step(at(4'000), Arrived{});
    EXPECT_EQ(h.only<Start>().instance.serial, 2U);
}

TEST(Pool, aFailedInitIsRunAgainInsideTheAttempt)
{
    Harness h;
    h.step(at(0), Arrived{});
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    h.step(at(50), InitFailed{id});
    const Start again = h.only<Start>();
    EXPECT_TRUE(again.reinit);
    EXPECT_EQ(again.instance, id);
    h.step(at(50), InitStarted{id});
    h.step(at(120), InitFailed{id});
    const Meter meter = h.only<Meter>();
    EXPECT_EQ(meter.outcome, Outcome::InitError);
    EXPECT_EQ(meter.init, 50ms);
    EXPECT_EQ(meter.desk, 70ms);
    EXPECT_EQ(meter.billed, 120ms);
    EXPECT_EQ(h.all<Stop>().size(), 1U);
    EXPECT_EQ(h.engine.counts(0).inUse, 0U);
}

TEST(Pool, anInitThatCannotStartIsNotTriedAgain)
{
    Harness h;
    h.step(at(0), Arrived{});
    h.step(at(1), InitFailed{h.only<Start>().instance, InitFailure::NotStartable});
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::InitError);
    EXPECT_TRUE(h.all<Start>().empty());
}

TEST(Pool, anInitOverItsLimitIsRunAgainUnderTheFunctionsTimeout)
{
    Harness h;
    h.step(at(0), Arrived{});
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    h.step(at(10'001), Tick{});
    EXPECT_EQ(h.only<Start>().reason.why, Why::ReinitAfterInitTimeout);
    h.step(at(10'001), InitStarted{id});
    h.step(at(11'001), Ready{id});
    h.step(at(11'001), WorkStarted{id});
    h.finish(11'101, id, 100);
    EXPECT_EQ(h.only<Meter>().desk, 1'100ms);
    EXPECT_EQ(h.only<Meter>().init, 10s);
}

TEST(Pool, changedCodeRetiresAfterTheCurrentAttempt)
{
    Harness h;
    const InstanceId busy = h.callCold(0);
    const InstanceId idle = h.callCold(200);
    h.finish(400, idle);
    h.step(at(500), CodeChanged{0});
    EXPECT_EQ(h.only<Stop>().instance, idle);
    h.finish(600, busy);
    EXPECT_EQ(describe(h.only<Stop>().reason),
              "Retired because the code changed, having served 1 request");
    h.step(at(700), Arrived{});
    EXPECT_EQ(h.all<Start>().size(), 1U);
}

TEST(Pool, aChangedLimitKeepsInstancesWarmAndChangedMemoryDoesNot)
{
    Configuration c = oneFunction();
    Harness h(c);
    h.finish(200, h.callCold(0));
    c.functions[0].reserved = 5;
    h.configure(at(300), c);
    EXPECT_TRUE(h.all<Stop>().empty());
    c.functions[0].instanceKey = 1;
    h.configure(at(400), c);
    EXPECT_EQ(h.only<Stop>().reason.why, Why::SettingsChangedStop);
}

TEST(Pool, anAttemptIsMeteredWithTheMemoryOfTheInstanceItRunsOn)
{
    Configuration c = oneFunction();
    c.functions[0].memoryMb = 128;
    Harness h(c);
    const InstanceId busy = h.callCold(0);
    c.functions[0].memoryMb = 512;
    c.functions[0].instanceKey = 1;
    h.configure(at(300), c);
    h.finish(400, busy);
    EXPECT_EQ(h.only<Meter>().memoryMb, 128U);
    h.finish(700, h.callCold(500));
    EXPECT_EQ(h.only<Meter>().memoryMb, 512U);
}

TEST(Pool, aLoweredLimitIsReachedByRetiring)
{
    Configuration c = oneFunction();
    Harness h(c);
    const InstanceId a = h.callCold(0), b = h.callCold(200), d = h.callCold(400);
    h.finish(600, d);
    c.functions[0].reserved = 1;
    h.configure(at(700), c);
    EXPECT_EQ(h.only<Stop>().instance, d);
    h.finish(800, a);
    EXPECT_EQ(h.only<Stop>().reason.why, Why::LimitLowered);
    h.finish(900, b);
    EXPECT_TRUE(h.all<Stop>().empty());
    EXPECT_EQ(h.engine.counts(0).idle, 1U);
}

TEST(Pool, provisionedInstancesAreThereBeforeTheFirstCallAndNeverExpire)
{
    Configuration c = oneFunction();
    c.functions[0].provisioned = 2;
    Harness h(c);
    ASSERT_EQ(h.all<Start>().size(), 2U);
    const std::vector<Start> starts = h.all<Start>();
    for (const Start& start : starts)
        h.step(at(1), InitStarted{start.instance});
    for (const Start& start : starts)
        h.step(at(100), Ready{start.instance});
    h.step(at(10'000'000), Arrived{});
    const Dispatch dispatch = h.only<Dispatch>();
    EXPECT_FALSE(dispatch.cold);
    h.step(at(10'000'000), WorkStarted{dispatch.instance});
    h.step(at(10'000'001), InstanceDied{.instance = dispatch.instance});
    EXPECT_EQ(h.only<Meter>().outcome, Outcome::Crashed);
    EXPECT_TRUE(h.only<Meter>().provisioned);
    EXPECT_EQ(h.only<Start>().reason.why, Why::Provisioned); // replaced
}

TEST(Pool, aCheckpointGoesOnWhereItWasTaken)
{
    Configuration c = oneFunction();
    c.platform.keepAlive.survival = {{300s, 1}, {360s, 0.594}, {420s, 0}};
    Harness h(c);
    const InstanceId idle = h.callCold(0);
    h.callCold(150);
    h.finish(300, idle);
    Engine copy;
    copy.define(c);
    ASSERT_TRUE(copy.load(h.engine.save()));
    EXPECT_EQ(copy.nextDeadline(), h.engine.nextDeadline());
    std::vector<std::byte> torn = h.engine.save();
    torn.pop_back();
    EXPECT_FALSE(Engine().load(torn));
}

} // namespace
