#include "exit_code.h"

#include <gtest/gtest.h>

using namespace coldframe;
using namespace coldframe::commands;

namespace {

struct Row {
    const char* name;
    std::uint64_t failed;
    std::int64_t cost; ///< picodollars
    RunLimits limits;
    std::string expected; ///< what is said
};
class PassedLimits : public testing::TestWithParam<Row> { };

TEST_P(PassedLimits, areNamedWithWhatTheyAllow)
{
    const Row& row = GetParam();
    std::string said;
    for (const PassedLimit& limit :
         passedLimits(row.failed, Money::fromPicodollars(row.cost), row.limits))
        said += limit.option + ": " + limit.text + '\n';
    EXPECT_EQ(said, row.expected);
}

constexpr Money kCent = Money::fromPicodollars(10'000'000'000);

INSTANTIATE_TEST_SUITE_P(
    Rows, PassedLimits,
    testing::Values(
        Row{"failures_without_a_limit", 5, 0, {}, ""},
        Row{"no_failure_and_none_allowed", 0, 0, {.maxErrors = 0}, ""},
        Row{"one_failure_and_none_allowed",
            1,
            0,
            {.maxErrors = 0},
            "--max-errors: 1 invocation failed for good; --max-errors allows 0\n"},
        Row{"as_many_as_allowed", 3, 0, {.maxErrors = 3}, ""},
        Row{"one_more_than_allowed",
            1'001,
            0,
            {.maxErrors = 1'000},
            "--max-errors: 1,001 invocations failed for good; --max-errors allows 1,000\n"},
        Row{"cost_at_its_limit", 0, 10'000'000'000, {.maxCost = kCent}, ""},
        Row{"cost_a_picodollar_over",
            0,
            10'000'000'001,
            {.maxCost = kCent},
            "--max-cost: the estimated bill is 0.010000000001 USD; --max-cost allows 0.01\n"},
        Row{"good_count_and_bad_cost",
            0,
            10'000'000'001,
            {.maxErrors = 3, .maxCost = kCent},
            "--max-cost: the estimated bill is 0.010000000001 USD; --max-cost allows 0.01\n"},
        Row{"both",
            2,
            10'000'000'001,
            {.maxErrors = 1, .maxCost = kCent},
            "--max-errors: 2 invocations failed for good; --max-errors allows 1\n--max-cost: the "
            "estimated bill is 0.010000000001 USD; --max-cost allows 0.01\n"}),
    [](const auto& row) { return row.param.name; });

TEST(ErrorExitCode, tellsInputFromTheSystem)
{
    EXPECT_EQ(exitCodeOf(Error{.code = Error::Code::Missing}), ExitCode::BadInput);
    EXPECT_EQ(exitCodeOf(Error{.code = Error::Code::Unavailable}), ExitCode::BadInput)
        << "a port or a workspace that is taken";
    EXPECT_EQ(exitCodeOf(Error{.code = Error::Code::Io}), ExitCode::OwnFault);
}

} // namespace
