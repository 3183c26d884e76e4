#include <gmock/gmock.h>

#include "book.h"
#include "cost/decimal.h"
#include "cost/example.h"

using namespace coldframe;
using namespace coldframe::cost;

namespace {

const std::filesystem::path kExamples
    = std::filesystem::path(COLDFRAME_SOURCE_DIR) / "tests/data/pricing/published_examples.json";

PricedExamples priced(const std::string& text)
{
    auto out = priceExamples(text, "e.json", tests::shippedBooks());
    if (!out)
        throw std::runtime_error(describe(out.error()));
    return std::move(*out);
}

/// The lines as "name amount", amounts with six decimals.
std::vector<std::string> linesOf(const PricedExample& example)
{
    std::vector<std::string> out;
    for (const PricedExample::Line& line : example.lines)
        out.push_back(line.name + ' ' + roundedText(line.amount, 6));
    return out;
}

std::string exampleText(const std::string& provider, const std::string& inputs,
                        const std::string& total = "0.00")
{
    return R"({"examples": [{"id": "x", "provider": ")" + provider + R"(", "inputs": )" + inputs
        + R"(, "published": {"total": ")" + total + R"("}}]})";
}

} // namespace

TEST(PublishedExamples, areAllReproducedToTheCent)
{
    const PricedExamples all = priced(tests::textOf(kExamples));
    for (const Error& error : all.errors)
        ADD_FAILURE() << describe(error);
    EXPECT_EQ(all.examples.size(), 30U);
    for (const PricedExample& example : all.examples)
        EXPECT_TRUE(example.matches) << example.id << ": published " << example.published
                                     << ", computed " << decimalText(example.total) << ", "
                                     << testing::PrintToString(linesOf(example));
}

TEST(PublishedExamples, anotherAmountDoesNotMatch)
{
    const std::string inputs
        = R"({"arch": "x86_64", "requests": 3000000, "durationMs": 120, "memoryMB": 1536,
              "freeTier": true})";
    EXPECT_TRUE(priced(exampleText("aws-lambda", inputs, "2.73")).examples.at(0).matches);
    EXPECT_FALSE(priced(exampleText("aws-lambda", inputs, "2.74")).examples.at(0).matches);
    EXPECT_FALSE(priced(exampleText("aws-lambda", inputs, "2.72")).examples.at(0).matches);
}

struct LinesRow {
    const char* name;
    const char* provider;
    const char* inputs;
    std::vector<std::string> lines;
};
class ExampleLines : public testing::TestWithParam<LinesRow> { };

TEST_P(ExampleLines, areThoseOfTheProvider)
{
    const PricedExamples out = priced(exampleText(GetParam().provider, GetParam().inputs));
    for (const Error& error : out.errors)
        ADD_FAILURE() << describe(error);
    ASSERT_EQ(out.examples.size(), 1U);
    EXPECT_EQ(linesOf(out.examples.at(0)), GetParam().lines);
}

INSTANTIATE_TEST_SUITE_P(
    Roundings, ExampleLines,
    testing::Values(
        // 1,000 requests of 250 ms are billed as 300 ms: 300 vCPU-s and 150 GiB-s.
        LinesRow{"cloud_run_by_100_ms",
                 "gcp-cloud-run",
                 R"({"requests": 1000, "latencyMs": 250, "vcpu": "1", "memoryMiB": 512,
                     "freeTier": false})",
                 {"requests 0.000400", "cpu 0.007200", "memory 0.000375"}},
        LinesRow{"cloud_run_concurrency_shares_an_instance",
                 "gcp-cloud-run",
                 R"({"requests": 1000, "latencyMs": 300, "vcpu": "1", "memoryMiB": 512,
                     "concurrency": 10, "freeTier": false})",
                 {"requests 0.000400", "cpu 0.000720", "memory 0.000038"}},
        LinesRow{"cloud_run_tier_2",
                 "gcp-cloud-run",
                 R"({"requests": 1000, "latencyMs": 300, "vcpu": "1", "memoryMiB": 512, "tier": 2,
                     "freeTier": false})",
                 {"requests 0.000400", "cpu 0.010080", "memory 0.000525"}},
        LinesRow{"a_credit_is_no_more_than_the_cost",
                 "gcp-cloud-run",
                 R"({"requests": 1000, "latencyMs": 300, "vcpu": "1", "memoryMiB": 512})",
                 {"requests 0.000000", "cpu 0.007200", "memory 0.000375", "freeCredit -0.007575"}},
        LinesRow{"first_generation_finds_the_clock",
                 "gcp-functions-gen1",
                 R"({"invocations": 1000000, "durationMs": 201, "memoryMB": 256,
                     "freeTier": false})",
                 {"invocations 0.400000", "memory 0.187500", "cpu 1.200000"}},
        // 3M x 50 ms x 10 MB are 100 ms and 128 MB at least: 37,500 GB-s.
        LinesRow{"consumption_has_least_time_and_memory",
                 "azure-functions-consumption",
                 R"({"executions": 3000000, "durationMs": 50, "memoryMB": 10, "freeTier": false})",
                 {"executions 0.600000", "duration 0.600000"}},
        LinesRow{"tiers_are_lines",
                 "aws-lambda",
                 R"({"arch": "arm64", "requests": 1, "durationMs": 1, "gbSeconds": 8000000000,
                     "freeTier": false})",
                 {"requests 0.000000", "t1 100000.500000", "t2 6000.050000"}},
        LinesRow{"streams_below_6_mb_are_free",
                 "aws-lambda",
                 R"({"arch": "x86_64", "requests": 1, "durationMs": 1, "memoryMB": 128,
                     "streams": [{"count": 1000000, "MB": 6}], "freeTier": false})",
                 {"requests 0.000000", "compute 0.000000"}}),
    [](const auto& row) { return std::string(row.param.name); });

struct BadExample {
    const char* name;
    const char* text;
    const char* message;
};
class BadExamples : public testing::TestWithParam<BadExample> { };

TEST_P(BadExamples, areToldWithTheirPlace)
{
    const PricedExamples out = priced(GetParam().text);
    EXPECT_TRUE(out.examples.empty());
    ASSERT_EQ(out.errors.size(), 1U);
    EXPECT_EQ(describe(out.errors.at(0)), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Golden, BadExamples,
    testing::Values(
        BadExample{"unknown_provider",
                   R"({"examples": [{"id": "a", "provider": "tea", "inputs": {}}]})",
                   "e.json:1:39: /examples/0/provider: nobody knows its examples; use one of "
                   "\"aws-lambda\", \"gcp-cloud-run\", \"gcp-functions-gen1\", "
                   "\"azure-functions-consumption\", \"azure-functions-flex\", "
                   "\"azure-functions-premium\", \"cloudflare-workers\""},
        BadExample{"misspelt_input",
                   R"({"examples": [{"id": "a", "provider": "cloudflare-workers",
  "inputs": {"requests": 1, "cpuMs": 7, "request": 2}}]})",
                   "e.json:2:41: /examples/0/inputs/request: the inputs has no key \"request\"; "
                   "did you mean \"requests\"?"},
        BadExample{"negative",
                   R"({"examples": [{"id": "a", "provider": "cloudflare-workers",
  "inputs": {"requests": -1, "cpuMs": 7}}]})",
                   "e.json:2:26: /examples/0/inputs/requests: requests must be a whole number "
                   "between 0 and 1000000000000000, got -1"},
        BadExample{"no_such_commitment",
                   R"({"examples": [{"id": "a", "provider": "gcp-cloud-run",
  "inputs": {"requests": 1, "latencyMs": 7, "memoryMiB": 1, "cud": "9y"}}]})",
                   "e.json:2:13: /examples/0/inputs: the price book \"gcp-cloud-run\" has no "
                   "variant \"9y\""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(PublishedExamples, textThatHoldsNoneIsRefused)
{
    for (const char* text : {"", "[]", "{}", R"({"examples": 1})"}) {
        const auto out = priceExamples(text, "e.json", tests::shippedBooks());
        ASSERT_FALSE(out) << text;
        EXPECT_THAT(describe(out.error()), testing::StartsWith("e.json")) << text;
    }
}
