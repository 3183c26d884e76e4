// Books of platforms other than AWS Lambda: what has no price, credits, variants.

#include <gmock/gmock.h>

#include "book.h"
#include "cost/bill.h"

using namespace coldframe;
using namespace coldframe::cost;
using testing::ElementsAre;

namespace {

constexpr std::int64_t kDollar = 1'000'000'000'000;
constexpr Wide kVcpuSecond = Wide{1000} * 1'000'000'000, kGibSecond = Wide{1024} * 1'000'000'000;

std::string bookText(const std::string& prices, const std::string& more = "")
{
    return R"({"format": 1, "kind": "metered", "id": "own", "title": "Own", "region": "here",
        "currency": "USD", "prices": {)"
        + prices + "}" + more + "}";
}

std::string entry(const char* unit, const char* price)
{
    return std::string(R"({"price": ")") + price + R"(", "unit": ")" + unit
        + R"(", "source": "an offer of ours", "asOf": "2026-11"})";
}

const std::string kTwo = "\"vcpu\": " + entry("USD per vCPU-s", "2")
    + ", \"memory\": " + entry("USD per GiB-s", "1");
const std::string kFrom = R"("source": "an offer of ours", "asOf": "2026-11")";

PriceBook read(const std::string& text)
{
    auto book = readPriceBook(text, "b.json");
    if (!book)
        throw std::runtime_error(describe(book.error()));
    return std::move(*book);
}

std::string problemOf(const std::string& text)
{
    const auto book = readPriceBook(text, "b.json");
    return book ? "" : book.error().message;
}

Meters used(std::int64_t vcpuSeconds, std::int64_t gibSeconds)
{
    Meters meters;
    meters[Resource::Vcpu] = static_cast<Wide>(vcpuSeconds) * kVcpuSecond;
    meters[Resource::Memory] = static_cast<Wide>(gibSeconds) * kGibSecond;
    return meters;
}

} // namespace

TEST(Resources, keysAreUniqueAndFound)
{
    std::set<std::string> keys;
    forEachResource([&](Resource r) {
        EXPECT_TRUE(keys.insert(factsOf(r).key).second) << factsOf(r).key;
        EXPECT_EQ(resourceOf(factsOf(r).key), r);
        EXPECT_FALSE(factsOf(r).units.empty());
    });
    EXPECT_FALSE(resourceOf("tea"));
}

TEST(Resources, everyOneCanBePricedAndReadInEachOfItsUnits)
{
    forEachResource([&](Resource r) {
        const std::string key = factsOf(r).key;
        const std::size_t dot = key.find('.');
        for (const Unit& unit : factsOf(r).units) {
            const std::string one = entry(unit.priced, "3");
            const std::string prices = dot == std::string::npos
                ? "\"" + key + "\": " + one
                : "\"" + key.substr(0, dot) + "\": {\"" + key.substr(dot + 1) + "\": " + one + "}";
            const PriceBook book = read(bookText(prices));
            Meters meters;
            meters[r] = unit.per * 2;
            const Bill bill = makeBill(meters, book, {});
            ASSERT_EQ(bill.lines.size(), 1U) << key;
            EXPECT_EQ(bill.total.picodollars(), 6 * kDollar) << key << ' ' << unit.priced;
            EXPECT_EQ(bill.lines[0].what, factsOf(r).title);
            EXPECT_EQ(bill.lines[0].unit, unit.name);
        }
    });
}

TEST(Resources, whatHasNoPriceIsNotPricedAndNeverFree)
{
    const PriceBook book = read(bookText("\"vcpu\": " + entry("USD per vCPU-s", "2")));
    const Bill bill = makeBill(used(3, 5), book, {});
    EXPECT_EQ(bill.total.picodollars(), 6 * kDollar);
    ASSERT_EQ(bill.lines.size(), 1U);
    ASSERT_EQ(bill.notPriced.size(), 1U);
    EXPECT_EQ(bill.notPriced[0].what, "Memory");
    EXPECT_EQ(bill.notPriced[0].quantity, 5);
    EXPECT_TRUE(makeBill(used(3, 0), book, {}).notPriced.empty());
}

TEST(Resources, aCreditPaysWhatItsResourcesCostTogetherAndNoMore)
{
    const PriceBook book = read(bookText(
        kTwo,
        R"(, "free": {"spending": {"credit": "10", "of": ["vcpu", "memory"], "unit": "USD per month", )"
            + kFrom + "}}"));
    const auto total = [&](std::int64_t vcpu, std::int64_t memory, bool freeTier = true) {
        const Bill bill = makeBill(used(vcpu, memory), book, {.freeTier = freeTier});
        Money sum;
        for (const BillLine& line : bill.lines)
            sum += line.amount;
        EXPECT_EQ(sum, bill.total);
        EXPECT_EQ(bill.total, billTotal(used(vcpu, memory), book, {.freeTier = freeTier}));
        return bill.total.picodollars();
    };
    EXPECT_EQ(total(3, 4), 0) << "6 and 4 dollars";
    EXPECT_EQ(total(3, 5), kDollar);
    EXPECT_EQ(total(1, 1), 0);
    EXPECT_EQ(total(0, 11), kDollar) << "what vCPUs leave is for memory";
    EXPECT_EQ(total(3, 4, false), 10 * kDollar);
}

TEST(Resources, variantsReplacePricesOrMultiplyThem)
{
    const PriceBook book = read(bookText(
        kTwo,
        R"(, "variants": {"far": {"title": "far away", "prices": {"memory": )"
            + entry("USD per GiB-s", "7") + R"(}}, "dear": {"title": "dear", "multiplier": {"value":
            "1.4", )"
            + kFrom + R"(}}, "half": {"title": "half", "multiplier": {"value": "0.5", "of": ["vcpu"], )"
            + kFrom + "}}}"));
    const auto total = [&](const char* variant) {
        const auto chosen = variantOf(book, variant);
        return chosen ? makeBill(used(1, 1), *chosen, {}).total.picodollars() : -1;
    };
    EXPECT_EQ(total("far"), 9 * kDollar);
    EXPECT_EQ(total("dear"), 42 * kDollar / 10);
    EXPECT_EQ(total("half"), 2 * kDollar);
    EXPECT_EQ(total("tea"), -1);
    EXPECT_EQ(variantOf(book, "dear")->rate(Resource::Vcpu)->tiers[0].price, "2.8");
    EXPECT_EQ(variantOf(book, "far")->title, "Own, far away");
}

TEST(Resources, whatIsWrongIsTold)
{
    EXPECT_EQ(problemOf(bookText("\"vcpu\": " + entry("USD per GB-s", "2"))),
              "unknown unit \"USD per GB-s\"");
    EXPECT_EQ(problemOf(bookText(kTwo + ", \"tea\": 1")), "\"prices\" has no key \"tea\"");
    EXPECT_EQ(problemOf(bookText(kTwo, R"(, "free": {"spending": {"credit": "1", "of": ["tea"],
        "unit": "USD per month", )" + kFrom + "}}")),
              "no price is called \"tea\"");
    EXPECT_EQ(problemOf(bookText(kTwo, R"(, "variants": {"a": {"title": "A", "multiplier":
        {"value": "-1", )" + kFrom + "}}}")),
              "a factor cannot be negative, got \"-1\"");
    EXPECT_EQ(problemOf(bookText(kTwo, R"(, "variants": {"a": {"title": "A", "multiplier":
        {"value": "999999", )" + kFrom + "}}}")),
              "makes \"vcpu\" dearer than 1000000 USD");
}
