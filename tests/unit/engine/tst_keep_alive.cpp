#include <gtest/gtest.h>

#include "engine/idle_histogram.h"
#include "harness.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace coldframe::engine::test;

namespace {

struct Seen {
    int times;
    int firstMinute, lastMinute; ///< as often in each of these bins, inclusive
};
struct HistogramRow {
    const char* name;
    std::vector<Seen> seen;
    Duration keepAlive; ///< 7 h: the fallback
};
class Histogram : public testing::TestWithParam<HistogramRow> { };

TEST_P(Histogram, isUsedAsThePaperSays)
{
    IdleHistogram histogram;
    for (const Seen& seen : GetParam().seen)
        for (int minute = seen.firstMinute; minute <= seen.lastMinute; ++minute)
            for (int i = 0; i < seen.times; ++i)
                histogram.add(std::chrono::minutes(minute) + 30s);
    EXPECT_EQ(histogram.keepAlive(7h), GetParam().keepAlive);
}
// The coefficient of variation of k equal bins among 240 is √(240/k - 1): 2 at 48.
INSTANTIATE_TEST_SUITE_P(
    KeepAlive, Histogram,
    testing::Values(HistogramRow{"nothing", {}, 7h}, HistogramRow{"tooLittle", {{9, 4, 4}}, 7h},
                    HistogramRow{"enough", {{10, 4, 4}}, 330s},
                    HistogramRow{"aboveTheThreshold", {{3, 0, 46}}, 47 * 66s},
                    HistogramRow{"atTheThreshold", {{3, 0, 47}}, 7h},
                    HistogramRow{"evenlySpread", {{5, 0, 239}}, 7h},
                    HistogramRow{"oneInAHundredIsLeftOut", {{99, 4, 4}, {1, 100, 100}}, 330s},
                    HistogramRow{"twoInAHundredAreNot", {{98, 4, 4}, {2, 100, 100}}, 101 * 66s},
                    HistogramRow{"theLastBin", {{20, 239, 239}}, 240 * 66s},
                    HistogramRow{"halfBeyondTheRange", {{10, 4, 4}, {10, 240, 240}}, 330s},
                    HistogramRow{"mostBeyondTheRange", {{10, 4, 4}, {11, 500, 500}}, 7h}),
    [](const auto& row) { return row.param.name; });

Configuration keeping(KeepAlive::Kind kind)
{
    Configuration c = oneFunction();
    c.platform.keepAlive = {.survival = {}, .kind = kind};
    return c;
}

/// A call of 10 ms that may be cold; says whether it was.
bool call(Harness& h, std::int64_t ms)
{
    h.step(at(ms), Arrived{});
    const std::vector<Start> starts = h.all<Start>();
    if (!starts.empty()) {
        h.step(at(ms), InitStarted{starts[0].instance});
        h.step(at(ms), Ready{starts[0].instance});
    }
    const InstanceId id = h.only<Dispatch>().instance;
    h.step(at(ms), WorkStarted{id});
    h.finish(ms + 10, id);
    return !starts.empty();
}

TEST(KeepAlive, noneRetiresAtTheEndOfTheAttempt)
{
    Harness h(keeping(KeepAlive::Kind::None));
    EXPECT_TRUE(call(h, 0));
    EXPECT_EQ(describe(h.only<Stop>().reason), "Retired after 0 s idle, having served 1 request");
    EXPECT_TRUE(call(h, 10)); // at the same instant, and cold all the same
    EXPECT_FALSE(h.engine.nextDeadline());
}

TEST(KeepAlive, noneRetiresWhatNobodyWaitsForAnyMore)
{
    Harness h(keeping(KeepAlive::Kind::None));
    const InvocationId unwanted = h.engine.nextInvocation();
    h.step(at(0), Arrived{});
    const InstanceId id = h.only<Start>().instance;
    h.step(at(1), Cancelled{unwanted});
    h.step(at(2), InitStarted{id});
    h.step(at(3), Ready{id});
    EXPECT_EQ(h.only<Stop>().reason.why, Why::KeepAliveExpired);
}

TEST(KeepAlive, noneIsNotForProvisionedInstances)
{
    Configuration c = keeping(KeepAlive::Kind::None);
    c.functions[0].provisioned = 1;
    Harness h(c);
    const InstanceId id = h.only<Start>().instance;
    h.step(at(0), InitStarted{id});
    h.step(at(0), Ready{id});
    EXPECT_FALSE(call(h, 100));
    EXPECT_FALSE(call(h, 200));
}

TEST(KeepAlive, forEverIsNoPointAtAll)
{
    Harness h(keeping(KeepAlive::Kind::Survival));
    call(h, 0);
    EXPECT_FALSE(h.engine.nextDeadline());
    EXPECT_FALSE(call(h, 1'000'000'000));
}

TEST(KeepAlive, theHistogramLearnsFromTheGapsOfTheFunction)
{
    Configuration c = keeping(KeepAlive::Kind::Histogram);
    c.platform.keepAlive.fallback = 60s;
    Harness h(c);
    constexpr std::int64_t kGap = 10 * 60'000; // idle for 10 minutes less 10 ms
    for (int i = 0; i <= 10; ++i) // the gap that makes ten is learned when the eleventh call comes
        EXPECT_TRUE(call(h, i * kGap)) << i;
    EXPECT_EQ(h.engine.nextDeadline(), at(10 * kGap + 10) + 11min);
    EXPECT_FALSE(call(h, 11 * kGap));
}

TEST(KeepAlive, gapsBetweenOverlappingCallsTeachNothing)
{
    Configuration c = keeping(KeepAlive::Kind::Histogram);
    Harness h(c);
    const InstanceId busy = h.callCold(0);
    for (int i = 0; i < 20; ++i)
        call(h, 200 + i * 100);
    h.finish(2'900, busy);
    EXPECT_EQ(h.engine.nextDeadline(),
              at(2'110) + 4h); // the other instance's, still by the fallback
}

/// Three instances, idle for 100, 50 and 250 s, told in that order.
void primeThree(Harness& h, TimePoint now)
{
    for (const Duration idle : {100s, 50s, 250s}) {
        h.step(now, Primed{0, idle});
        EXPECT_TRUE(h.actions.empty());
    }
}

TEST(Primed, instancesAreThereAndTheirKeepAliveCountsFromBefore)
{
    Harness h;
    primeThree(h, at(0));
    h.step(at(0), Primed{0, 301s}); // must have gone a second ago
    EXPECT_EQ(h.engine.counts(0).idle, 3U);
    EXPECT_EQ(h.engine.nextDeadline(), at(50'000));
    h.step(at(10'000), Arrived{});
    EXPECT_FALSE(h.only<Dispatch>().cold);
    EXPECT_EQ(describe(h.only<Dispatch>().reason),
              "Warm: the most recently used of 3 idle instances, idle for 60000 ms");
    h.finish(10'010, h.only<Dispatch>().instance);
    h.step(at(50'001), Tick{}); // ends the one that was idle for 250 s
    EXPECT_EQ(describe(h.only<Stop>().reason),
              "Retired after 300 s idle, having served 0 requests");
}

TEST(Primed, theOrderOfUseIsThatOfTheirIdleTimes)
{
    for (const auto& [order, idleMs] :
         {std::pair(DispatchOrder::MostRecentlyUsed, 50'000U),
          std::pair(DispatchOrder::LeastRecentlyUsed, 250'000U),
          std::pair(DispatchOrder::Oldest, 100'000U), std::pair(DispatchOrder::Newest, 250'000U)}) {
        Configuration c = oneFunction();
        c.platform.dispatch = order;
        Harness h(c);
        primeThree(h, at(0));
        h.step(at(0), Arrived{});
        EXPECT_EQ(h.only<Dispatch>().reason.b, idleMs);
    }
}

TEST(Primed, atTheEdgeOfTheKeepAliveItIsWarm)
{
    Harness h;
    h.step(at(0), Primed{0, 300s});
    h.step(at(0), Arrived{});
    EXPECT_EQ(h.all<Dispatch>().size(), 1U);
}

TEST(Primed, nothingComesOfItWhereNothingMayBeIdle)
{
    Configuration none = keeping(KeepAlive::Kind::None), capped = oneFunction(),
                  removed = oneFunction();
    capped.functions[0].maxInstances = 1;
    removed.functions[0].removed = true;
    const std::pair<Configuration, std::uint32_t> rows[] = {{none, 0}, {capped, 1}, {removed, 0}};
    for (const auto& [c, idle] : rows) {
        Harness h(c);
        h.step(at(0), Primed{0, 1s});
        h.step(at(0), Primed{0, 1s});
        EXPECT_EQ(h.engine.counts(0).idle, idle);
    }
}

} // namespace
