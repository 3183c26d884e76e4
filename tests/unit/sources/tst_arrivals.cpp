#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sources/arrivals.h"

using namespace coldframe;
using namespace coldframe::sources;
using namespace std::chrono_literals;
using testing::ElementsAre;
using Shape = ArrivalPlan::Shape;

namespace {

std::vector<std::int64_t> offsets(const ArrivalPlan& plan, std::uint64_t seed = 1)
{
    auto arrivals = Arrivals::make(plan, seed);
    if (!arrivals) {
        ADD_FAILURE() << describe(arrivals.error());
        return {};
    }
    std::vector<std::int64_t> found;
    while (const auto offset = arrivals->next())
        found.push_back(offset->count());
    return found;
}

TEST(Arrivals, constantIsExactToTheNanosecond)
{
    EXPECT_THAT(offsets({.perSecond = 3, .count = 5}),
                ElementsAre(0, 333'333'333, 666'666'666, 1'000'000'000, 1'333'333'333));
    EXPECT_THAT(offsets({.perSecond = 0.5, .length = 5s}),
                ElementsAre(0, 2'000'000'000, 4'000'000'000));
    const auto many = offsets({.perSecond = 7, .count = 7'000'001});
    EXPECT_EQ(many.back(), 1'000'000ll * 1'000'000'000); // no drift after a million seconds
}

TEST(Arrivals, endsWithItsLengthOrItsCountWhicheverIsFirst)
{
    EXPECT_EQ(offsets({.perSecond = 10, .length = 2s}).size(), 20u); // 2 s itself is outside
    EXPECT_EQ(offsets({.perSecond = 10, .length = 2s, .count = 7}).size(), 7u);
    EXPECT_EQ(offsets({.perSecond = 10, .length = 2s, .count = 70}).size(), 20u);
}

TEST(Arrivals, burstsComeTogether)
{
    const ArrivalPlan plan{.shape = Shape::Burst, .burstSize = 3, .burstEvery = 2s, .length = 5s};
    EXPECT_THAT(offsets(plan),
                ElementsAre(0, 0, 0, 2'000'000'000, 2'000'000'000, 2'000'000'000, 4'000'000'000,
                            4'000'000'000, 4'000'000'000));
}

TEST(Arrivals, poissonRepeatsWithItsSeed)
{
    const ArrivalPlan plan{.shape = Shape::Poisson, .perSecond = 100, .count = 1000};
    EXPECT_EQ(offsets(plan, 7), offsets(plan, 7));
    EXPECT_NE(offsets(plan, 7), offsets(plan, 8));
}

TEST(Arrivals, poissonHasTheMeanAndTheSpreadOfItsRate)
{
    constexpr int kCount = 100'000;
    const auto times = offsets({.shape = Shape::Poisson, .perSecond = 50, .count = kCount}, 42);
    std::vector<double> gaps(times.size());
    std::adjacent_difference(times.begin(), times.end(), gaps.begin(),
                             [](auto b, auto a) { return double(b - a) * 1e-9; });
    double sum = 0, squares = 0;
    int longGaps = 0;
    for (std::size_t i = 1; i < gaps.size(); ++i) {
        sum += gaps[i];
        squares += gaps[i] * gaps[i];
        longGaps += gaps[i] > 0.02; // longer than the mean: exp(-1) of them
        ASSERT_GE(gaps[i], 0);
    }
    const double mean = sum / (kCount - 1);
    EXPECT_NEAR(mean, 0.02, 0.0003); // five standard errors
    EXPECT_NEAR(std::sqrt(squares / (kCount - 1) - mean * mean), 0.02, 0.0005);
    EXPECT_NEAR(double(longGaps) / kCount, std::exp(-1), 0.008);
}

TEST(Arrivals, rampRisesAndFallsEvenly)
{
    const auto up
        = offsets({.shape = Shape::Ramp, .perSecond = 0, .toPerSecond = 100, .length = 10s});
    EXPECT_NEAR(double(up.size()), 500, 1); // half of 100 · 10
    const auto inFirstHalf = std::ranges::count_if(up, [](auto t) { return t < 5'000'000'000; });
    EXPECT_NEAR(double(inFirstHalf), 125, 1); // a quarter of the area
    EXPECT_TRUE(std::ranges::is_sorted(up));

    const auto down
        = offsets({.shape = Shape::Ramp, .perSecond = 100, .toPerSecond = 0, .length = 10s});
    EXPECT_NEAR(double(down.size()), 500, 1);
    EXPECT_TRUE(std::ranges::is_sorted(down));
    EXPECT_LT(down.back(), 10'000'000'000);

    const ArrivalPlan level{.shape = Shape::Ramp, .perSecond = 4, .toPerSecond = 4, .length = 1s};
    EXPECT_THAT(offsets(level), ElementsAre(0, 250'000'000, 500'000'000, 750'000'000));
}

struct Refusal {
    const char* name;
    ArrivalPlan plan;
    const char* message;
};
void PrintTo(const Refusal& row, std::ostream* out)
{
    *out << row.name;
}
class RefusedPlan : public testing::TestWithParam<Refusal> { };

TEST_P(RefusedPlan, saysWhy)
{
    const auto arrivals = Arrivals::make(GetParam().plan, 1);
    ASSERT_FALSE(arrivals);
    EXPECT_EQ(describe(arrivals.error()), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Plans, RefusedPlan,
    testing::Values(
        Refusal{"no end",
                {.perSecond = 1},
                "nothing ends the plan; give a length or a number of events"},
        Refusal{"a ramp without length",
                {.shape = Shape::Ramp, .count = 5},
                "a ramp needs a length; say how long it rises or falls"},
        Refusal{"rate zero",
                {.perSecond = 0, .length = 1s},
                "the rate per second must be between 0.000001 and 1000000, got 0"},
        Refusal{"rate not a number",
                {.perSecond = std::nan(""), .length = 1s},
                "the rate per second must be between 0.000001 and 1000000, got nan"},
        Refusal{"rate too high",
                {.shape = Shape::Poisson, .perSecond = 2e6, .length = 1s},
                "the rate per second must be between 0.000001 and 1000000, got 2000000"},
        Refusal{"a negative end of the ramp",
                {.shape = Shape::Ramp, .toPerSecond = -1, .length = 1s},
                "the rate at the end of the ramp must be between 0 and 1000000, got -1"},
        Refusal{"a ramp of nothing",
                {.shape = Shape::Ramp, .perSecond = 0, .toPerSecond = 0, .length = 1s},
                "a ramp from 0 to 0 sends nothing"},
        Refusal{"an empty burst",
                {.shape = Shape::Burst, .burstSize = 0, .length = 1s},
                "the size of a burst must be between 1 and 1000000, got 0"},
        Refusal{"bursts without pause",
                {.shape = Shape::Burst, .burstEvery = 0ns, .length = 1s},
                "bursts must lie at least 1 µs apart"},
        Refusal{"a negative length", {.length = -1s}, "the length must not be negative"}));

} // namespace
