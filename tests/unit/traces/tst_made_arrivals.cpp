#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "traces/placement.h"
#include "traces/synthetic_day.h"

// Where arrivals come from that no file lists: places within a minute, and a made-up day.
using namespace coldframe;
using namespace coldframe::traces;

TEST(Placement, EvenArrivalsAreTheirFormula)
{
    Placement placement(Arrivals::Even, 1);
    for (const std::uint32_t n : {1U, 2U, 3U, 7U, 2047U, 2048U, 2049U, 99'991U, 70'000'000U}) {
        placement.begin({.minute = 3, .count = n});
        std::uint64_t i = 0;
        for (auto times = placement.next(); !times.empty(); times = placement.next())
            for (const std::int64_t at : times) {
                if (at != 180'000'000 + static_cast<std::int64_t>(60'000'000 * i / n))
                    FAIL() << i << " of " << n;
                ++i;
            }
        EXPECT_EQ(i, n);
    }
}

TEST(Placement, DrawnArrivalsStayInTheirMinuteAndLieWhereTheyShould)
{
    constexpr std::uint32_t kCount = 100'000;
    struct Case {
        Arrivals arrivals;
        std::uint32_t before, after;
        double mean; ///< place in the minute, 0 … 1
    };
    // A rate that rises from a to b over the minute has its middle at (a + 2 b) / (3 (a + b)).
    for (const Case& c : {Case{Arrivals::Poisson, 0, 3 * kCount, 0.5},
                          Case{Arrivals::Empirical, kCount, kCount, 0.5},
                          Case{Arrivals::Empirical, 0, 3 * kCount, (0.5 + 4) / (3 * 2.5)},
                          Case{Arrivals::Empirical, 3 * kCount, 0, (2 + 1) / (3 * 2.5)}}) {
        Placement placement(c.arrivals, 9);
        placement.begin(
            {.entity = 4, .minute = 2, .count = kCount, .before = c.before, .after = c.after});
        const auto times = placement.next();
        ASSERT_EQ(times.size(), kCount);
        EXPECT_TRUE(std::ranges::is_sorted(times));
        EXPECT_GE(times.front(), 2 * kMinuteUs);
        EXPECT_LT(times.back(), 3 * kMinuteUs);
        double sum = 0;
        for (const std::int64_t at : times)
            sum += static_cast<double>(at - 2 * kMinuteUs) / static_cast<double>(kMinuteUs);
        EXPECT_NEAR(sum / kCount, c.mean, 4 * 0.3 / std::sqrt(kCount));
        EXPECT_TRUE(placement.next().empty());
    }
}

/// What docs/TRACES.md says is published, within what a draw may differ.
TEST(SyntheticDay, HasThePublishedFigures)
{
    constexpr std::size_t kFunctions = 50'000;
    const SyntheticDay day(kFunctions, 1);
    CellBuffer buffer;
    double all = 0, top = 0;
    std::size_t oncePerMinute = 0, oncePerHour = 0;
    std::vector<double> services, memory;
    for (std::size_t i = 0; i < kFunctions; ++i) {
        const Cells cells = day.cells(i, 0, SyntheticDay::kMinutes, buffer);
        const double own = std::accumulate(cells.counts.begin(), cells.counts.end(), 0.0);
        all += own;
        top += i < 10 ? own : 0;
        oncePerMinute += own <= 1440;
        oncePerHour += own <= 24;
        services.push_back(static_cast<double>(day.serviceUs(i)) * 1e-6);
        memory.push_back(day.memoryMb(i));
    }
    const auto quantile = [](std::vector<double>& of, double share) {
        std::ranges::sort(of);
        return of[static_cast<std::size_t>(share * static_cast<double>(of.size()))];
    };
    EXPECT_NEAR(all, 892.6e6, 0.002 * 892.6e6);
    EXPECT_NEAR(top / all, 0.44, 0.002);
    EXPECT_NEAR(static_cast<double>(oncePerMinute) / kFunctions, 0.81, 0.01);
    EXPECT_NEAR(static_cast<double>(oncePerHour) / kFunctions, 0.45, 0.01);
    EXPECT_NEAR(quantile(services, 0.5), std::exp(-0.38), 0.03);
    EXPECT_NEAR(quantile(services, 0.9), std::exp(-0.38 + 1.2816 * 2.36), 0.5);
    const auto burr = [](double share) {
        return 107.083 * std::pow(std::pow(1 - share, -1 / 0.221) - 1, 1 / 11.652);
    };
    EXPECT_NEAR(quantile(memory, 0.5), burr(0.5), 2);
    EXPECT_NEAR(quantile(memory, 0.9), burr(0.9), 8);
}

/// Minutes are drawn alone or together, in any order, with the same counts.
TEST(SyntheticDay, AnyPartOfItIsTheSame)
{
    const SyntheticDay day(200, 3);
    CellBuffer whole, part;
    for (std::size_t function = 0; function < day.functions(); function += 13) {
        const Cells all = day.cells(function, 0, SyntheticDay::kMinutes, whole);
        std::vector<std::uint32_t> joined;
        for (std::size_t from = 0; from < SyntheticDay::kMinutes;) {
            const std::size_t to
                = std::min<std::size_t>(from + 1 + from % 97, SyntheticDay::kMinutes);
            const Cells some = day.cells(function, from, to, part);
            joined.insert(joined.end(), some.counts.begin(), some.counts.end());
            from = to;
        }
        EXPECT_TRUE(std::ranges::equal(joined, all.counts));
    }
    EXPECT_NE(SyntheticDay(200, 4).serviceUs(0), day.serviceUs(0));
}
