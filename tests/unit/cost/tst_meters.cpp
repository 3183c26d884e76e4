#include "cost/bill.h"
#include "cost/meters.h"

#include <gmock/gmock.h>

#include "book.h"

using namespace coldframe;
using namespace coldframe::cost;
using namespace std::chrono_literals;

namespace {

struct BilledRow {
    const char* name;
    Duration init, run;
    std::int64_t billed;
};
class BilledTime : public testing::TestWithParam<BilledRow> { };

} // namespace

TEST_P(BilledTime, isTheCeilingOfInitAndRunTogether)
{
    EXPECT_EQ(billedMs(GetParam().init, GetParam().run, 1ms), GetParam().billed);
}

INSTANTIATE_TEST_SUITE_P(Rounding, BilledTime,
                         testing::Values(BilledRow{"at_least_one_step", 0ns, 0ns, 1}, //
                                         BilledRow{"one_nanosecond", 0ns, 1ns, 1}, //
                                         BilledRow{"exactly_one_ms", 0ns, 1ms, 1}, //
                                         BilledRow{"one_nanosecond_over", 0ns, 1ms + 1ns, 2},
                                         BilledRow{"two_halves_make_one", 500us, 500us, 1},
                                         BilledRow{"each_below_a_step_together_above", 600us, 600us,
                                                   2},
                                         // AWS News Blog, 2020-12-01
                                         BilledRow{"published_28", 0ns, 27550us, 28},
                                         // REPORT lines in the AWS Lambda developer guide, 2026
                                         BilledRow{"published_214", 133610us, 80ms, 214},
                                         BilledRow{"published_3101", 3016780us, 84ms, 3101},
                                         BilledRow{"published_147", 15740us, 130490us, 147},
                                         BilledRow{"published_756", 16330us, 739460us, 756},
                                         BilledRow{"fifteen_minutes", 10s, 900s, 910'000}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BilledTimeSteps, coarserAndFinerThanAMillisecond)
{
    EXPECT_EQ(billedMs(0ns, 260ms, 100ms), 300); // Google Cloud Functions 1st gen, its own example
    EXPECT_EQ(billedMs(0ns, 1234567ns, 100us), 2);
}

TEST(Meters, anAttemptOfTheEngineIsMeteredAboveWhatIsFree)
{
    const PriceBook book = tests::shippedBook();
    engine::Meter attempt;
    attempt.billed = 250ms;
    attempt.memoryMb = 256;
    attempt.extraRequests = 12;
    attempt.provisioned = true;
    const AttemptMeter free = attemptMeter(attempt, Architecture::Arm64, 512, 6 << 20, book);
    EXPECT_EQ(free.requests, 13U);
    EXPECT_EQ(free.billed, 250ms);
    EXPECT_EQ(free.memoryMb, 256U);
    EXPECT_TRUE(free.provisioned);
    EXPECT_EQ(free.architecture, Architecture::Arm64);
    EXPECT_EQ(free.paidEphemeralMb, 0U);
    EXPECT_EQ(free.paidStreamedBytes, 0U);

    const AttemptMeter paid
        = attemptMeter(attempt, Architecture::Arm64, 10'240, (6 << 20) + 1, book);
    EXPECT_EQ(paid.paidEphemeralMb, 9'728U);
    EXPECT_EQ(paid.paidStreamedBytes, 1U);
}

TEST(Meters, anAttemptThatWasDebuggedCostsNothing)
{
    engine::Meter attempt;
    attempt.billed = 250ms;
    attempt.memoryMb = 256;
    attempt.extraRequests = 12;
    attempt.debugged = true;
    Meters meters;
    add(meters,
        attemptMeter(attempt, Architecture::Arm64, 10'240, 7 << 20, tests::shippedBook()));
    EXPECT_EQ(billTotal(meters, tests::shippedBook(), {.freeTier = false}).picodollars(), 0);
}

TEST(Meters, sumsDoNotDependOnOrderOrGrouping)
{
    const AttemptMeter a{.billed = 15min, .memoryMb = 10'240, .paidEphemeralMb = 9'728};
    const AttemptMeter b{.billed = 1ms,
                         .paidStreamedBytes = 5,
                         .requests = 2,
                         .architecture = Architecture::Arm64,
                         .provisioned = true};
    Meters together, left, right, counted;
    for (int i = 0; i < 1000; ++i) {
        add(together, a);
        add(together, b);
        add(i % 3 == 0 ? left : right, a);
        add(i % 2 == 0 ? left : right, b);
    }
    add(left, right);
    add(counted, b, 1000);
    add(counted, a, 1000);
    for (const Meters& m : {left, counted}) {
        EXPECT_EQ(m.attempts, together.attempts);
        forEachResource([&](Resource r) { EXPECT_TRUE(m[r] == together[r]) << factsOf(r).key; });
        EXPECT_TRUE(m[Resource::Requests] == 3000);
        EXPECT_TRUE(m[Resource::Streamed] == 5000);
    }
    EXPECT_TRUE(together[Resource::ComputeX86] == Wide{1000} * 900'000'000'000 * 10'240);
    EXPECT_TRUE(together[Resource::ComputeArm] == 0 && together[Resource::ProvisionedComputeX86] == 0);
}

TEST(Meters, heldTimeIsRoundedUpToFiveMinutes)
{
    const PriceBook book = tests::shippedBook();
    Meters meters;
    addHeld(meters, Architecture::X86_64, 1024, 2, 5min + 1ns, book);
    addHeld(meters, Architecture::Arm64, 1024, 2, 10min, book);
    EXPECT_TRUE(meters[Resource::HeldArm] == Wide{600'000'000'000} * 1024 * 2);
    addHeld(meters, Architecture::X86_64, 1024, 2, 0s, book);
    EXPECT_TRUE(meters[Resource::HeldX86] == Wide{600'000'000'000} * 1024 * 2);
}
