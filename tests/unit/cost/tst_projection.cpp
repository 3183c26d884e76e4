#include "cost/projection.h"

#include <gtest/gtest.h>

#include "book.h"
#include "cost/bill.h"

using namespace coldframe;
using namespace coldframe::cost;
using namespace std::chrono_literals;

TEST(Projection, perMillionOfAFewAttempts)
{
    const Money three = Money::fromPicodollars(1'000'000);
    EXPECT_EQ(perMillion(three, 3).picodollars(), 333'333'333'333);
    EXPECT_DOUBLE_EQ(dollarsPerMillion(three, 3), 1.0 / 3);
    EXPECT_EQ(perMillion(three, 0), Money());
    EXPECT_EQ(dollarsPerMillion(three, 0), 0);
}

TEST(Projection, perMillionPastWhatMoneyHoldsStops)
{
    const Money tenDollarsEach = Money::fromPicodollars(10'000'000'000'000);
    EXPECT_EQ(perMillion(tenDollarsEach, 1).picodollars(),
              std::numeric_limits<std::int64_t>::max());
    EXPECT_DOUBLE_EQ(dollarsPerMillion(tenDollarsEach, 1), 10e6);
}

TEST(Projection, aMonthAtThisPaceGoesThroughFreeTierAndTiers)
{
    // One attempt of 1 GB and 1 s a second: 2,628,000 of each a month of 730 h.
    const PriceBook book = tests::shippedBook();
    Meters minute;
    add(minute, {.billed = 1s, .memoryMb = 1024}, 60);
    const Meters month = projectToMonth(minute, 1min);
    EXPECT_EQ(month.attempts, 2'628'000U);
    const Bill bill = makeBill(month, book, {});
    EXPECT_EQ(bill.total.picodollars(),
              (2'628'000 - 1'000'000) * 200'000LL + (2'628'000 - 400'000) * 16'666'700LL);
}

TEST(Projection, aMonthOfAMonthIsTheSame)
{
    Meters meters;
    add(meters,
        {.billed = 1s,
         .paidStreamedBytes = 7,
         .paidEphemeralMb = 9,
         .architecture = Architecture::Arm64,
         .provisioned = true},
        3);
    const Meters month = projectToMonth(meters, kMonth);
    EXPECT_EQ(month.attempts, 3U);
    forEachResource([&](Resource r) { EXPECT_TRUE(month[r] == meters[r]) << factsOf(r).key; });
}

TEST(Projection, nothingIsProjectedFromNoTime)
{
    Meters meters;
    add(meters, {.billed = 1s}, 3);
    EXPECT_EQ(projectToMonth(meters, 0ns).attempts, 0U);
    EXPECT_EQ(projectToMonth(meters, 999us).attempts, 0U);
}
