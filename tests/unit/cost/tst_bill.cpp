#include "cost/bill.h"

#include <cmath>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "book.h"

using namespace coldframe;
using namespace coldframe::cost;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr std::int64_t kDollar = 1'000'000'000'000; // picodollars

Architecture architectureOf(const json& entry)
{
    return entry.at("architecture") == "arm64" ? Architecture::Arm64 : Architecture::X86_64;
}

std::int64_t toCents(std::int64_t picodollars) // half up, as the pages round
{
    constexpr std::int64_t kCent = kDollar / 100;
    return (picodollars + kCent / 2) / kCent;
}

std::int64_t publishedCents(const json& text)
{
    return std::llround(std::stod(text.get<std::string>()) * 100);
}

Meters metersOf(const json& example, const PriceBook& book)
{
    Meters meters;
    for (const json& entry : example.at("attempts")) {
        engine::Meter attempt;
        attempt.billed = std::chrono::milliseconds(entry.at("durationMs").get<std::int64_t>());
        attempt.memoryMb = entry.at("memoryMb");
        attempt.provisioned = entry.value("provisioned", false);
        const AttemptMeter one = attemptMeter(attempt, architectureOf(entry), 512,
                                              entry.value("streamedBytes", 0U), book);
        add(meters, one, entry.at("count").get<std::uint64_t>());
    }
    if (example.contains("held")) {
        const json& held = example.at("held");
        addHeld(meters, architectureOf(held), held.at("memoryMb"), held.at("instances"),
                std::chrono::hours(held.at("hours").get<int>()), book);
    }
    return meters;
}

/// A book with round prices: 2 USD per GB-s up to 10 GB-s, then 1 USD up to 30, then free.
PriceBook tieredBook()
{
    PriceBook book = tests::shippedBook();
    Rate& rate = tests::rateOf(book, Resource::ComputeX86);
    rate.tiers = {{10 * rate.unit.size, 2 * kDollar, "2"},
                  {30 * rate.unit.size, kDollar, "1"},
                  {kEndless, 0, "0"}};
    return book;
}

Meters compute(Wide mbNs)
{
    Meters meters;
    meters[Resource::ComputeX86] = mbNs;
    return meters;
}

constexpr BillOptions kNoFreeTier{.freeTier = false};
constexpr Wide kGbs = Wide{1024} * 1'000'000'000;

} // namespace

TEST(Bill, reproducesPublishedExamplesToTheCent)
{
    const json file = json::parse(tests::textOf(std::filesystem::path(COLDFRAME_SOURCE_DIR)
                                                / "tests/data/pricing/aws_lambda_examples.json"));
    int compared = 0;
    for (const json& example : file.at("examples")) {
        SCOPED_TRACE(example.at("id"));
        ASSERT_FALSE(example.at("source").get<std::string>().empty());
        ASSERT_FALSE(example.at("asOf").get<std::string>().empty());
        PriceBook book = tests::shippedBook();
        if (example.value("freeStreamingUsedUp", false))
            tests::freeOf(book, "streaming").amount = 0;
        const Bill bill = makeBill(metersOf(example, book), book,
                                   {.freeTier = example.at("freeTier").get<bool>()});

        std::int64_t sumOfCents = 0;
        std::vector<std::int64_t> cents;
        for (const BillLine& line : bill.lines) {
            if (line.price != "free")
                cents.push_back(toCents(line.amount.picodollars()));
        }
        for (const std::int64_t line : cents)
            sumOfCents += line;
        std::vector<std::int64_t> published;
        for (const auto& [name, amount] : example.at("published").at("lines").items())
            published.push_back(publishedCents(amount));
        EXPECT_THAT(cents, testing::UnorderedElementsAreArray(published));

        const std::int64_t total = publishedCents(example.at("published").at("total"));
        EXPECT_TRUE(toCents(bill.total.picodollars()) == total || sumOfCents == total)
            << "total " << bill.total.toDollars() << ", lines " << sumOfCents << " cents";
        ++compared;
    }
    EXPECT_EQ(compared, 9);
}

TEST(Bill, everyLineSaysWhatHowMuchAndFromWhere)
{
    const PriceBook book = tests::shippedBook();
    Meters meters;
    add(meters, {.billed = 120ms, .memoryMb = 1536}, 3'000'000);
    const Bill bill = makeBill(meters, book, {});
    ASSERT_EQ(bill.lines.size(), 4U);
    EXPECT_EQ(bill.lines[0].what, "Requests, free");
    EXPECT_EQ(bill.lines[0].quantity, 1e6);
    EXPECT_EQ(bill.lines[0].price, "free");
    EXPECT_EQ(bill.lines[0].amount, Money());
    EXPECT_EQ(bill.lines[1].what, "Requests");
    EXPECT_EQ(bill.lines[1].quantity, 2e6);
    EXPECT_EQ(bill.lines[1].unit, "requests");
    EXPECT_EQ(bill.lines[1].price, "0.20 USD per 1M requests");
    EXPECT_EQ(bill.lines[1].amount.picodollars(), 400'000'000'000);
    EXPECT_EQ(bill.lines[2].what, "Compute x86_64, free");
    EXPECT_EQ(bill.lines[3].what, "Compute x86_64");
    EXPECT_EQ(bill.lines[3].quantity, 140'000);
    EXPECT_EQ(bill.lines[3].amount.picodollars(), 2'333'338'000'000);
    EXPECT_EQ(bill.total.picodollars(), 2'733'338'000'000);
    for (const BillLine& line : bill.lines) {
        EXPECT_THAT(line.source, testing::StartsWith("https://")) << line.what;
        EXPECT_FALSE(line.asOf.empty()) << line.what;
    }
}

TEST(Bill, tiersAreExactAtTheirBoundaries)
{
    const PriceBook book = tieredBook();
    const std::tuple<const char*, Wide, std::int64_t, std::size_t> rows[] = {
        {"one unit below the first boundary", 10 * kGbs - 1, 20 * kDollar - 2, 1},
        {"the first boundary", 10 * kGbs, 20 * kDollar, 1},
        {"one unit above the first boundary", 10 * kGbs + 1, 20 * kDollar, 2},
        {"one priced unit above", 11 * kGbs, 21 * kDollar, 2},
        {"the second boundary", 30 * kGbs, 40 * kDollar, 2},
        {"above the second boundary", 1'000'000 * kGbs, 40 * kDollar, 3},
    };
    for (const auto& [name, quantity, picodollars, lines] : rows) {
        const Bill bill = makeBill(compute(quantity), book, kNoFreeTier);
        EXPECT_EQ(bill.total.picodollars(), picodollars) << name;
        EXPECT_EQ(bill.lines.size(), lines) << name;
    }
}

TEST(Bill, shippedTiersMeetTheirPublishedAmounts)
{
    const PriceBook book = tests::shippedBook();
    constexpr Wide kBillion = 1'000'000'000;
    // 6 B at 0.0000166667, 9 B at 0.0000150000, 1 B at 0.0000133334
    EXPECT_EQ(makeBill(compute(16 * kBillion * kGbs), book, kNoFreeTier).total.picodollars(),
              (100'000'200'000 + 135'000'000'000 + 13'333'400'000) * (kDollar / 1'000'000));
}

TEST(Bill, tiersAreCountedAfterTheFreeQuantity)
{
    PriceBook book = tieredBook();
    tests::freeOf(book, "compute").amount = 5 * kGbs;
    EXPECT_EQ(makeBill(compute(15 * kGbs), book, {}).total.picodollars(), 20 * kDollar);
    EXPECT_EQ(makeBill(compute(5 * kGbs), book, {}).total, Money());
    EXPECT_EQ(makeBill(compute(15 * kGbs), book, kNoFreeTier).total.picodollars(), 25 * kDollar);
}

TEST(Bill, bothArchitecturesShareTheFreeCompute)
{
    const PriceBook book = tests::shippedBook();
    Meters meters;
    meters[Resource::ComputeX86] = 300'000 * kGbs;
    meters[Resource::ComputeArm] = 300'000 * kGbs;
    const Bill bill = makeBill(meters, book, {});
    ASSERT_EQ(bill.lines.size(), 3U);
    EXPECT_EQ(bill.lines[2].what, "Compute arm64");
    EXPECT_EQ(bill.lines[2].quantity, 200'000);
    EXPECT_EQ(bill.total.picodollars(), 200'000LL * 13'333'400);
}

TEST(Bill, temporaryStorageAndStreamingArePricedAboveTheirFreeSize)
{
    const PriceBook book = tests::shippedBook();
    engine::Meter attempt;
    attempt.billed = 1s;
    attempt.memoryMb = 128;
    Meters meters;
    add(meters,
        attemptMeter(attempt, Architecture::X86_64, 1536, (6ULL << 20) + (1ULL << 30), book), 1000);
    const Bill bill = makeBill(meters, book, kNoFreeTier);
    ASSERT_EQ(bill.lines.size(), 4U);
    EXPECT_EQ(bill.lines[2].what, "Temporary storage");
    EXPECT_EQ(bill.lines[2].amount.picodollars(), 1000 * 30'900);
    EXPECT_EQ(bill.lines[3].what, "Streamed answers");
    EXPECT_EQ(bill.lines[3].amount.picodollars(), 8 * kDollar);
}

TEST(Bill, aLineIsRoundedDownToAPicodollar)
{
    const PriceBook book = tests::shippedBook();
    // 1 ms at 128 MB: 16,666,700 / 8,000 = 2,083.3375 picodollars, and 200,000 for the request.
    EXPECT_EQ(attemptCost({.billed = 1ms, .memoryMb = 128}, book).picodollars(), 202'083);
}

TEST(Bill, nothingUsedMakesAnEmptyBill)
{
    const Bill bill = makeBill({}, tests::shippedBook(), {});
    EXPECT_TRUE(bill.lines.empty());
    EXPECT_EQ(bill.total, Money());
    EXPECT_FALSE(bill.overflow);
}

TEST(Bill, anAmountMoneyCannotHoldStopsAndSaysSo)
{
    const PriceBook book = tests::shippedBook();
    for (const Wide quantity : {Wide{1} << 90, kEndless}) {
        const Bill bill = makeBill(compute(quantity), book, kNoFreeTier);
        EXPECT_TRUE(bill.overflow);
        EXPECT_EQ(bill.total.picodollars(), std::numeric_limits<std::int64_t>::max());
    }
}
