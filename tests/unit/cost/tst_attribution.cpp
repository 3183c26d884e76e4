#include "cost/attribution.h"

#include <chrono>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "book.h"

using namespace coldframe;
using namespace coldframe::cost;

namespace {

constexpr int kAttempts = 1'000'000;

std::uint64_t seedOfThisRun()
{
    if (const char* given = std::getenv("COST_SEED"))
        return std::strtoull(given, nullptr, 10);
    return std::random_device()();
}

AttemptMeter randomAttempt(std::mt19937_64& random)
{
    AttemptMeter attempt;
    attempt.billed = std::chrono::milliseconds(1 + random() % 900'000);
    attempt.memoryMb = static_cast<std::uint32_t>(128 + random() % 10'113);
    attempt.paidEphemeralMb = random() % 8 ? 0 : static_cast<std::uint32_t>(random() % 9'728);
    attempt.paidStreamedBytes = random() % 8 ? 0 : random() % (194U << 20);
    attempt.requests = static_cast<std::uint32_t>(1 + random() % 13);
    attempt.architecture = random() % 2 ? Architecture::Arm64 : Architecture::X86_64;
    attempt.provisioned = random() % 4 == 0;
    return attempt;
}

/// The shipped book with boundaries a million attempts reach.
PriceBook smallTiers()
{
    PriceBook book = tests::shippedBook();
    for (const Resource compute : {Resource::ComputeX86, Resource::ComputeArm}) {
        for (Rate::Tier& tier : tests::rateOf(book, compute).tiers) {
            if (tier.upTo != kEndless)
                tier.upTo /= 16;
        }
    }
    return book;
}

} // namespace

TEST(Attribution, sharesOfAMillionRandomAttemptsSumExactlyToTheBill)
{
    const std::uint64_t seed = seedOfThisRun();
    std::printf("COST_SEED=%llu\n", static_cast<unsigned long long>(seed));
    const PriceBook book = smallTiers();
    for (const BillOptions options : {BillOptions{true}, BillOptions{false}}) {
        std::mt19937_64 random(seed);
        Attribution attribution(book, options);
        Money sum;
        int free = 0;
        for (int i = 0; i < kAttempts; ++i) {
            const Money share = attribution.add(randomAttempt(random));
            ASSERT_GE(share, Money()) << "attempt " << i << ", COST_SEED=" << seed;
            free += share == Money();
            sum += share;
        }
        const Bill bill = makeBill(attribution.meters(), book, options);
        Money lines;
        for (const BillLine& line : bill.lines)
            lines += line.amount;
        EXPECT_FALSE(bill.overflow);
        EXPECT_EQ(sum, bill.total) << "COST_SEED=" << seed;
        EXPECT_EQ(lines, bill.total) << "COST_SEED=" << seed;
        EXPECT_EQ(attribution.total(), bill.total) << "COST_SEED=" << seed;
        EXPECT_EQ(free > 0, options.freeTier) << "COST_SEED=" << seed;
    }
}

TEST(Attribution, withinTheFirstTierAShareIsTheAttemptsOwnCostGiveOrTakeTheRounding)
{
    const std::uint64_t seed = seedOfThisRun();
    std::printf("COST_SEED=%llu\n", static_cast<unsigned long long>(seed));
    const PriceBook book = tests::shippedBook();
    std::mt19937_64 random(seed);
    Attribution attribution(book, {.freeTier = false});
    for (int i = 0; i < 10'000; ++i) {
        const AttemptMeter attempt = randomAttempt(random);
        const std::int64_t share = attribution.add(attempt).picodollars();
        const std::int64_t own = attemptCost(attempt, book).picodollars();
        // Four lines at most, each up to one picodollar lower alone than in the running total.
        ASSERT_GE(share, own) << "COST_SEED=" << seed;
        ASSERT_LE(share, own + 4) << "COST_SEED=" << seed;
    }
}
