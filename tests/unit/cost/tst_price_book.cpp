#include "cost/price_book.h"

#include <gmock/gmock.h>

#include "book.h"
#include "cost/decimal.h"
#include "engine/platform_file.h"

using namespace coldframe;
using namespace coldframe::cost;
using namespace std::chrono_literals;

namespace {

std::string changed(std::string text, const std::string& from, const std::string& to)
{
    const std::size_t at = text.find(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

} // namespace

TEST(PriceBook, awsLambdaSaysWhatItsPageSays)
{
    const PriceBook book = tests::shippedBook();
    EXPECT_EQ(book.id, "aws-lambda-us-east-1");
    EXPECT_EQ(book.region, "us-east-1");
    EXPECT_EQ(book.asOf, "2026-09");
    const auto prices = [&](Resource resource) {
        std::vector<std::int64_t> out;
        for (const Rate::Tier& tier : book.rate(resource)->tiers)
            out.push_back(tier.picodollars);
        return out;
    };
    using testing::ElementsAre;
    EXPECT_THAT(prices(Resource::Requests), ElementsAre(200'000'000'000));
    EXPECT_TRUE(book.rate(Resource::Requests)->unit.per == 1'000'000);
    EXPECT_THAT(prices(Resource::ComputeX86), ElementsAre(16'666'700, 15'000'000, 13'333'400));
    EXPECT_THAT(prices(Resource::ComputeArm), ElementsAre(13'333'400, 12'000'100, 10'666'700));
    EXPECT_THAT(prices(Resource::ProvisionedComputeX86), ElementsAre(9'722'200));
    EXPECT_THAT(prices(Resource::ProvisionedComputeArm), ElementsAre(7'777'800));
    EXPECT_THAT(prices(Resource::HeldX86), ElementsAre(4'166'700));
    EXPECT_THAT(prices(Resource::HeldArm), ElementsAre(3'333'400));
    EXPECT_THAT(prices(Resource::Ephemeral), ElementsAre(30'900));
    EXPECT_THAT(prices(Resource::Streamed), ElementsAre(8'000'000'000));
    PriceBook copy = book;
    EXPECT_TRUE(tests::freeOf(copy, "requests").amount == 1'000'000);
    EXPECT_TRUE(tests::freeOf(copy, "compute").amount == Wide{400'000} * 1024 * 1'000'000'000);
    EXPECT_TRUE(tests::freeOf(copy, "streaming").amount == Wide{100} << 30);
    EXPECT_EQ(book.freeEphemeralMb, 512U);
    EXPECT_EQ(book.freeStreamedBytes, 6U << 20);
    EXPECT_EQ(book.provisionedStep, 5min);
}

TEST(PriceBook, everyEntryOfEveryShippedBookHasSourceAndDate)
{
    int books = 0;
    for (const auto& file : std::filesystem::directory_iterator(tests::kBookFile.parent_path())) {
        SCOPED_TRACE(file.path().filename());
        const auto book = readPriceBook(tests::textOf(file), file.path().filename());
        ASSERT_TRUE(book) << describe(book.error());
        EXPECT_EQ(file.path().stem(), book->id);
        ++books;
        const auto check = [](const auto& entry) {
            EXPECT_THAT(entry.source, testing::SizeIs(testing::Gt(10)));
            EXPECT_THAT(entry.asOf, testing::StartsWith("20"));
        };
        for (const auto& rate : book->rates)
            if (rate)
                check(*rate);
        for (const Allowance& free : book->free)
            check(free);
    }
    EXPECT_GE(books, 9);
}

TEST(PriceBook, agreesWithThePlatformFilesThatNameIt)
{
    const PriceBook book = tests::shippedBook();
    const std::filesystem::path folder
        = std::filesystem::path(COLDFRAME_SOURCE_DIR) / "resources/platforms";
    for (const char* name : {"aws-lambda-x86_64.json", "aws-lambda-arm64.json"}) {
        const auto platform = engine::readPlatform(tests::textOf(folder / name), name);
        ASSERT_TRUE(platform) << describe(platform.error());
        EXPECT_EQ(platform->priceBook, book.id);
        EXPECT_EQ(platform->asyncFirstRequestBytes, book.asyncFirstRequestBytes);
        EXPECT_EQ(platform->asyncExtraRequestBytes, book.asyncExtraRequestBytes);
    }
}

struct PriceText {
    const char* name;
    const char* text;
    std::int64_t picodollars;
};
class GoodPrice : public testing::TestWithParam<PriceText> { };

TEST_P(GoodPrice, isReadExactly)
{
    const auto price = parsePicodollars(GetParam().text);
    ASSERT_TRUE(price) << price.error();
    EXPECT_EQ(*price, GetParam().picodollars);
}

INSTANTIATE_TEST_SUITE_P(Decimals, GoodPrice,
                         testing::Values(PriceText{"zero", "0", 0}, //
                                         PriceText{"whole", "5", 5'000'000'000'000},
                                         PriceText{"cents", "0.20", 200'000'000'000},
                                         PriceText{"ten_decimals", "0.0000166667", 16'666'700},
                                         PriceText{"one_picodollar", "0.000000000001", 1},
                                         PriceText{"leading_zeros", "007.5", 7'500'000'000'000},
                                         PriceText{"largest", "999999.999999999999",
                                                   999'999'999'999'999'999}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BadPrice, isRefusedInWords)
{
    const std::string plain = "must be a plain decimal number such as \"0.20\"";
    const std::pair<const char*, std::string> rows[] = {
        {"-0.2", "cannot be negative"},
        {"", plain},
        {".5", plain},
        {"5.", plain},
        {"1e-6", plain},
        {"+1", plain},
        {"0,2", plain},
        {"0.2 ", plain},
        {"nan", plain},
        {"0.0000000000001", "may have 12 decimals at most (a picodollar)"},
        {"1000000", "must be below 1000000 USD"},
        {"99999999999999999999999", "must be below 1000000 USD"},
    };
    for (const auto& [text, message] : rows) {
        const auto price = parsePicodollars(text);
        ASSERT_FALSE(price) << text;
        EXPECT_EQ(price.error(), message) << text;
    }
}

struct BadBook {
    const char* name;
    const char* from;
    const char* to;
    const char* message;
};
class BadPriceBook : public testing::TestWithParam<BadBook> { };

TEST_P(BadPriceBook, isRefusedSayingWhereAndWhat)
{
    const std::string good = tests::textOf(tests::kBookFile);
    const std::string text = changed(good, GetParam().from, GetParam().to);
    ASSERT_NE(text, good) << "the row changes nothing";
    const Result<PriceBook> book = readPriceBook(text, "b.json");
    ASSERT_FALSE(book);
    EXPECT_EQ(describe(book.error()), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Golden, BadPriceBook,
    testing::Values(
        BadBook{"other_currency", "\"USD\"", "\"EUR\"",
                "b.json:8:15: /currency: the currency must be USD, got EUR; convert the prices "
                "to US dollars"},
        BadBook{"other_kind", "\"kind\": \"aws-lambda\"", "\"kind\": \"tea\"",
                "b.json:4:11: /kind: kind must be one of \"aws-lambda\" and \"metered\", got \"tea\""},
        BadBook{"newer_format", "\"format\": 1", "\"format\": 2",
                "b.json:3:13: /format: this version reads format 1, got 2; a newer Coldframe "
                "may read it"},
        BadBook{"negative_price", "\"0.20\"", "\"-0.20\"",
                "b.json:12:16: /prices/requests/price: a price cannot be negative, got "
                "\"-0.20\""},
        BadBook{"price_is_a_number", "\"0.20\"", "0.20",
                "b.json:12:16: /prices/requests/price: a price must be a decimal text, got "
                "0.20; put it in quotes, so that no digit is lost"},
        BadBook{"too_many_decimals", "\"0.20\"", "\"0.2000000000001\"",
                "b.json:12:16: /prices/requests/price: a price may have 12 decimals at most (a "
                "picodollar), got \"0.2000000000001\""},
        BadBook{"unknown_unit", "\"USD per 1M requests\"", "\"USD per request\"",
                "b.json:13:15: /prices/requests/unit: unknown unit \"USD per request\"; it "
                "must be \"USD per 1M requests\""},
        BadBook{"unknown_key", "\"streaming\": {\n      \"price\"",
                "\"streams\": {\n      \"price\"",
                "b.json:74:5: /prices/streams: \"prices\" has no key \"streams\"; did you mean "
                "\"streaming\"?"},
        BadBook{"missing_source",
                "\"source\": \"https://aws.amazon.com/lambda/pricing/ and the AWS Price List API, "
                "us-east-1\",\n",
                "", "b.json:11:17: /prices/requests: \"requests\" needs \"source\""},
        BadBook{"wrong_date", "\"2026-09\"", "\"September\"",
                "b.json:15:15: /prices/requests/asOf: must be a date such as 2026, 2026-07 or "
                "2026-07-12, got September"},
        BadBook{"hole_between_tiers", "{\"from\": 6000000000,", "{\"from\": 7000000000,",
                "b.json:21:20: /prices/x86_64/compute/tiers/1/from: 6000000000 to 7000000000 "
                "has no price; let this tier begin at 6000000000"},
        BadBook{"overlapping_tiers", "{\"from\": 6000000000,", "{\"from\": 5000000000,",
                "b.json:21:20: /prices/x86_64/compute/tiers/1/from: 5000000000 to 6000000000 "
                "has two prices; let this tier begin at 6000000000"},
        BadBook{"no_last_tier", "{\"from\": 15000000000, \"price\"",
                "{\"from\": 15000000000, \"upTo\": 16000000000, \"price\"",
                "b.json:19:18: /prices/x86_64/compute/tiers: above 16000000000 there is no "
                "price; leave \"upTo\" out of the last tier"},
        BadBook{"endless_tier_in_the_middle", "\"upTo\": 6000000000, ", "",
                "b.json:21:20: /prices/x86_64/compute/tiers/1/from: the tier before has no "
                "\"upTo\"; only the last tier is endless"},
        BadBook{"tier_ends_before_it_begins", "\"upTo\": 15000000000", "\"upTo\": 6000000000",
                "b.json:21:40: /prices/x86_64/compute/tiers/1/upTo: upTo must be a whole "
                "number between 6000000001 and 1000000000000000, got 6000000000"},
        BadBook{"price_and_tiers", "\"tiers\": [", "\"price\": \"1\", \"tiers\": [",
                "b.json:19:32: /prices/x86_64/compute/tiers: give either \"price\" or "
                "\"tiers\", not both"},
        BadBook{"free_quantity_is_negative", "\"value\": 1000000,", "\"value\": -1,",
                "b.json:149:16: /free/requests/value: value must be a whole number between 0 "
                "and 1000000000000000, got -1"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(PriceBook, textThatIsNoPriceBookIsRefused)
{
    for (const std::string text : {"", "[]", "{", "{}", "{\"format\": 1}", "null"}) {
        const Result<PriceBook> book = readPriceBook(text, "b.json");
        ASSERT_FALSE(book) << text;
        EXPECT_THAT(describe(book.error()), testing::StartsWith("b.json:")) << text;
    }
    const Result<PriceBook> book = readPriceBook(std::string(2'000'000, ' '), "b.json");
    EXPECT_THAT(book.error().message, testing::HasSubstr("1 MiB at most"));
}
