#include <optional>

#include <gtest/gtest.h>

#include "engine/autoscaler.h"

// The autoscaler's decisions beside figures worked out by hand from Knative's formulas:
// autoscaler.go and kpa/scaler.go of knative/serving at 98e5ef90. Times are seconds since it woke.

using namespace coldframe;
using namespace coldframe::engine;
using namespace std::chrono_literals;

namespace {

TimePoint second(std::int64_t s)
{
    return TimePoint(std::chrono::seconds(s));
}

/// Knative with a target of 10 requests, of which 70 % are aimed at: 7 an instance.
Scaling knative()
{
    Scaling rules;
    rules.decider = Scaling::Decider::Kpa;
    rules.target = 10;
    return rules;
}

/// Ticks an autoscaler by hand: the load is given for each stretch, and the ready count is what the
/// test says or, with follow(), what was wanted last.
class Scaler {
public:
    explicit Scaler(Scaling rules = knative(), std::uint32_t ready = 0) : m_rules(rules)
    {
        counts.most = 0xffff'ffff;
        counts.ready = counts.alive = ready;
        scaler.wake(second(0), m_rules, ready);
    }
    /// The load until that second, by ticks; the decision of the last.
    Autoscaler::Decision until(std::int64_t s, std::uint32_t load)
    {
        counts.load = load;
        while (m_now < second(s)) {
            m_now = scaler.nextTick(m_now, m_rules);
            scaler.settle(m_now, load);
            last = scaler.decide(m_now, m_rules, concurrency, counts);
            if (follows)
                counts.ready = counts.alive = last.wanted;
        }
        EXPECT_EQ(m_now, second(s)) << "no tick then";
        return last;
    }
    std::uint32_t wanted(std::int64_t s, std::uint32_t load) { return until(s, load).wanted; }
    void ready(std::uint32_t n) { counts.ready = counts.alive = n; }
    Scaler& follow()
    {
        follows = true;
        return *this;
    }

    Autoscaler scaler;
    Autoscaler::Counts counts;
    Autoscaler::Decision last;
    std::uint32_t concurrency = 0;
    bool follows = false;

private:
    Scaling m_rules;
    TimePoint m_now{};
};

} // namespace

TEST(LoadWindow, averagesWholeStepsAndOnlyWhatItHasSeen)
{
    LoadWindow window;
    window.begin(second(100), 2s, 60s);
    EXPECT_FALSE(window.knows());
    window.settle(second(101), 5);
    EXPECT_FALSE(window.knows()) << "no step is over";
    window.settle(second(104), 8); // 5 + 8, then 8 + 8
    EXPECT_EQ(window.over(60s).loadNs, 29'000'000'000U);
    EXPECT_EQ(window.over(60s).ns, 4'000'000'000U) << "the past is not taken for zero";
    EXPECT_EQ(window.over(2s).loadNs, 16'000'000'000U);
    window.settle(second(105), 1000); // a step that is not over does not count
    EXPECT_EQ(window.over(2s).loadNs, 16'000'000'000U);
    window.settle(second(164), 0); // a minute on; 1000 requests for one second remain
    EXPECT_EQ(window.over(60s).loadNs, 1'000'000'000'000U);
    EXPECT_EQ(window.over(60s).ns, 60'000'000'000U);
    window.settle(second(166), 0);
    EXPECT_EQ(window.over(60s).loadNs, 0U);
}

TEST(Kpa, theFirstRequestOfAFunctionAtZeroStartsAtOnce)
{
    struct Row {
        std::uint32_t concurrency, target, wanted;
        bool panics;
    };
    // 1 / (0.7 * min(target, concurrency)), rounded up.
    for (const Row& row : {Row{0, 100, 1, false}, Row{1, 100, 2, true}, Row{2, 100, 1, false},
                           Row{10, 1, 2, true}}) {
        Scaling rules = knative();
        rules.target = row.target;
        Scaler s(rules);
        s.counts.load = 1;
        const auto decision = s.scaler.decide(second(0), rules, row.concurrency, s.counts);
        EXPECT_EQ(decision.wanted, row.wanted) << row.concurrency << " " << row.target;
        EXPECT_EQ(decision.why, Why::ScaledFromZero);
    }
}

TEST(Kpa, aSteadyLoadWantsItsShareOfTheTargetRoundedUp)
{
    // load, instances that are there (enough not to panic), ceil(load / 7)
    for (const auto& [load, ready, wanted] :
         {std::tuple{7U, 1U, 1U}, {15U, 2U, 3U}, {21U, 3U, 3U}, {22U, 3U, 4U}, {70U, 9U, 10U}}) {
        Scaler s(knative(), ready);
        EXPECT_EQ(s.wanted(60, load), wanted) << load;
        EXPECT_EQ(s.last.why, Why::ScaledUp);
        EXPECT_EQ(s.last.load, load * 1000);
    }
}

TEST(Kpa, theLongWindowForgetsAfterAMinute)
{
    Scaler s(knative(), 10);
    EXPECT_EQ(s.wanted(60, 70), 10U);
    EXPECT_EQ(s.wanted(90, 0), 5U) << "half a minute of 70: 35 / 7";
    EXPECT_EQ(s.wanted(108, 0), 5U) << "14 / 7 = 2, but no more than half may go at once";
    s.ready(3);
    EXPECT_EQ(s.wanted(110, 0), 2U) << "11.67 / 7, rounded up; floor(3 / 2) = 1 is below";
    EXPECT_EQ(s.wanted(118, 0), 1U) << "2.33 / 7";
}

TEST(Kpa, ratesBoundADecision)
{
    Scaling slow = knative();
    slow.maxUpRate = 2 * kWhole;
    slow.panicThreshold = 1000 * kWhole;
    EXPECT_EQ(Scaler(slow, 3).wanted(60, 700), 6U);
    // The case that the source names: 1.1 times 2 is 2.2, and 3 are needed.
    slow.maxUpRate = kWhole * 11 / 10;
    slow.target = 1;
    slow.targetUse = kWhole;
    EXPECT_EQ(Scaler(slow, 2).wanted(60, 3), 3U);
    EXPECT_EQ(Scaler(slow, 10).wanted(60, 100), 11U);
    // Down: by half, rounded down, from 1 to 0.
    for (const auto& [ready, wanted] : {std::pair{10U, 5U}, {5U, 2U}, {3U, 1U}, {2U, 1U}})
        EXPECT_EQ(Scaler(knative(), ready).wanted(60, 0), wanted) << ready;
    Scaling third = knative();
    third.maxDownRate = 3 * kWhole;
    EXPECT_EQ(Scaler(third, 10).wanted(60, 0), 3U);
}

TEST(Kpa, aBurstPanicsWithinSixSecondsAndStaysForAMinute)
{
    Scaler s(knative(), 1);
    EXPECT_EQ(s.wanted(60, 7), 1U);
    // The short window: (4 * 7 + 2 * 70) / 6 = 28; 28 / 7 = 4 = 4 times what is there.
    EXPECT_EQ(s.wanted(62, 70), 4U);
    EXPECT_EQ(s.last.why, Why::ScaledUpPanic);
    EXPECT_EQ(s.last.load, 28'000U);
    EXPECT_EQ(s.wanted(64, 70), 7U); // 49
    EXPECT_EQ(s.wanted(66, 70), 10U); // 70: all of the burst
    s.ready(10); // from now on 10 are enough: the load was last over the threshold at 66
    EXPECT_EQ(s.wanted(68, 70), 10U);
    EXPECT_EQ(s.wanted(126, 0), 10U) << "no scaling down while it panics";
    EXPECT_EQ(s.wanted(128, 0), 5U) << "66 + 60 lies before: the panic is over";
    EXPECT_EQ(s.last.why, Why::ScaledUp);
}

TEST(Kpa, whilePanickingMoreMayComeButNeverLess)
{
    Scaler s(knative(), 1);
    s.until(60, 7);
    s.until(66, 70);
    s.ready(10);
    EXPECT_EQ(s.wanted(72, 35), 10U); // 35 / 7 = 5
    EXPECT_EQ(s.wanted(78, 140), 20U); // 20 / 10 is the threshold again
    s.ready(20);
    EXPECT_EQ(s.wanted(136, 0), 20U);
    EXPECT_EQ(s.wanted(138, 0), 20U) << "78 + 60 is not before 138";
    EXPECT_EQ(s.wanted(140, 0), 10U);
}

TEST(Kpa, oneInstanceShortOfTheThresholdIsNoPanic)
{
    Scaler s(knative(), 5);
    s.until(60, 35);
    s.until(66, 63); // 9 wanted of 5: 1.8
    EXPECT_EQ(s.last.why, Why::ScaledUp);
    EXPECT_EQ(s.last.wanted, 6U); // (54 * 35 + 6 * 63) / 60 = 37.8
    s.until(72, 70); // 10 of 5
    EXPECT_EQ(s.last.why, Why::ScaledUpPanic);
    EXPECT_EQ(s.last.wanted, 10U);
}

TEST(Kpa, leastAndMostBoundItLast)
{
    Scaler most(knative(), 3);
    most.counts.most = 4;
    EXPECT_EQ(most.wanted(60, 700), 4U);
    Scaler least(knative(), 1);
    least.counts.least = 3;
    EXPECT_EQ(least.wanted(200, 0), 3U);
    EXPECT_EQ(least.last.why, Why::ScaledToMinimum);
    EXPECT_FALSE(least.last.rest) << "it has instances to keep";
    Scaler none(knative());
    none.counts.most = 0;
    EXPECT_EQ(none.wanted(60, 5), 0U);
}

TEST(Kpa, goesToZeroAfterAMinuteWithoutLoad)
{
    Scaler s(knative(), 1);
    EXPECT_EQ(s.wanted(10, 3), 1U);
    EXPECT_EQ(s.wanted(68, 0), 1U) << "two seconds of load are still in the window";
    // 1 * 10 - 211 < 0: the buffer has been in the way since the beginning, longer than the grace.
    EXPECT_EQ(s.wanted(70, 0), 0U);
    EXPECT_FALSE(s.last.rest) << "one is still there";
    s.ready(0);
    EXPECT_TRUE(s.until(72, 0).rest);
}

TEST(Kpa, theGraceBeginsWhenTheBufferIsInTheWay)
{
    Scaling rules = knative();
    rules.burstCapacity = 0; // only once it is inactive
    Scaler s(rules, 1);
    s.until(10, 3);
    EXPECT_EQ(s.wanted(98, 0), 1U) << "inactive since 70";
    EXPECT_EQ(s.wanted(100, 0), 0U);

    Scaler again(rules, 1);
    again.until(10, 3);
    again.until(80, 0);
    EXPECT_EQ(again.wanted(82, 1), 1U) << "active again";
    EXPECT_EQ(again.wanted(170, 0), 1U) << "inactive since 142";
    EXPECT_EQ(again.wanted(172, 0), 0U);
}

TEST(Kpa, keptFreeForABurstCountsWithWhatIsBusy)
{
    // All may go at once; 25 instances could serve 250. Idle, 39 more than the 211 to keep free.
    Scaling rules = knative();
    rules.maxDownRate = 1000 * kWhole;
    Scaler roomy(rules, 25);
    EXPECT_EQ(roomy.wanted(60, 0), 25U) << "inactive and in the way since 60";
    EXPECT_EQ(roomy.wanted(88, 0), 25U);
    EXPECT_EQ(roomy.wanted(90, 0), 0U);
    Scaler tight(rules, 21); // 210 < 211
    EXPECT_EQ(tight.wanted(60, 0), 0U) << "in the way all the time";
}

TEST(Kpa, whatIsStartingIsNotTakenAway)
{
    Scaler s(knative());
    s.counts.alive = 1; // it never gets ready, and whoever came has gone
    EXPECT_EQ(s.wanted(300, 0), 1U);
    s.scaler.ready(second(300), 300s);
    s.ready(1);
    EXPECT_EQ(s.wanted(358, 0), 1U) << "active for less than a window";
    EXPECT_EQ(s.wanted(360, 0), 0U);
}

TEST(Kpa, aDelayKeepsTheMostThatWasWanted)
{
    Scaling rules = knative();
    rules.downDelay = 20s;
    rules.maxDownRate = 1000 * kWhole;
    Scaler s(rules, 10);
    s.until(60, 70);
    EXPECT_EQ(s.wanted(78, 0), 10U); // 49 / 7 = 7 by now
    EXPECT_EQ(s.wanted(82, 0), 10U) << "what was wanted at 62: 67.67 / 7";
    EXPECT_EQ(s.wanted(86, 0), 9U) << "what was wanted at 68: 60.67 / 7";
}

TEST(Kpa, foundWithInstancesItKeepsThemForAWindow)
{
    Scaler s(knative());
    s.scaler.found(second(0), 8);
    s.ready(8);
    EXPECT_EQ(s.wanted(60, 7), 8U);
    EXPECT_EQ(s.wanted(62, 7), 4U);
}

TEST(Kpa, aShortSleepForgetsNothing)
{
    const Scaling rules = knative();
    Scaler s(rules, 1);
    s.until(10, 70);
    s.scaler.rest();
    s.scaler.wake(second(41), rules, 0); // the window still reaches back
    EXPECT_EQ(s.scaler.nextTick(second(41), rules), second(42)) << "on the grid";
    s.ready(0);
    s.counts.load = 1;
    s.scaler.settle(second(42), 1);
    // (10 * 70 + 31 * 0 + 1 * 1) / 42 = 16.69, of which 2.38 instances
    EXPECT_EQ(s.scaler.decide(second(42), rules, 0, s.counts).wanted, 3U);
    s.scaler.rest();
    s.scaler.wake(second(1001), rules, 0);
    EXPECT_EQ(s.scaler.nextTick(second(1001), rules), second(1003)) << "a grid of its own";
    s.scaler.settle(second(1003), 1);
    EXPECT_EQ(s.scaler.decide(second(1003), rules, 0, s.counts).wanted, 1U);
}

TEST(Kpa, theDelayOfKnativesOwnTest)
{
    Scaling rules = knative();
    rules.targetUse = kWhole;
    rules.maxDownRate = 10 * kWhole;
    rules.panicThreshold = 100 * kWhole;
    rules.downDelay = 5min;
    Scaler s(rules, 1);
    EXPECT_EQ(s.wanted(2, 40), 4U);
    s.until(62, 0); // four until then: the window is full of them
    EXPECT_EQ(s.last.wanted, 4U);
    for (std::int64_t at = 64; at <= 360; at += 2)
        ASSERT_EQ(s.wanted(at, 0) == 4, at < 302) << at;
}

TEST(Target, theLoadOverTheTargetAddsAFewAtATime)
{
    Scaling rules = knative();
    rules.decider = Scaling::Decider::Target;
    rules.window = 60s;
    rules.targetUse = kWhole * 6 / 10;
    rules.addAtMost = 4;
    Scaler s(rules, 1);
    EXPECT_EQ(s.wanted(2, 600), 5U);
    s.follow();
    EXPECT_EQ(s.wanted(4, 600), 5U);
    EXPECT_EQ(s.wanted(6, 600), 9U);
    EXPECT_EQ(s.wanted(60, 600), 100U);
    EXPECT_EQ(s.wanted(90, 0), 50U) << "half a minute of 600: 300 / 6";
}

TEST(Target, wherePlatformsKeepAliveRetiresItWantsNoFewer)
{
    Scaling rules = knative();
    rules.decider = Scaling::Decider::Target;
    rules.retires = false;
    rules.window = {};
    Scaler s(rules, 4);
    EXPECT_EQ(s.wanted(2, 35), 5U) << "the load as it is";
    s.ready(5);
    EXPECT_EQ(s.wanted(4, 0), 5U);
    s.ready(0);
    EXPECT_TRUE(s.until(6, 0).rest) << "what has passed starts nothing";
}

TEST(Startups, theFirstCountsWhileItLasts)
{
    Autoscaler scaler;
    EXPECT_EQ(scaler.meanStartup(second(5)), 0s);
    scaler.starting(second(5));
    EXPECT_EQ(scaler.meanStartup(second(8)), 3s);
    scaler.ready(second(9), 4s);
    scaler.starting(second(10));
    scaler.ready(second(20), 10s);
    EXPECT_EQ(scaler.meanStartup(second(30)), 7s);
}
