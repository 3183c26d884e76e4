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
    ExitCode expected;
};
class RunExitCode : public testing::TestWithParam<Row> { };

TEST_P(RunExitCode, followsTheLimits)
{
    const Row& row = GetParam();
    EXPECT_EQ(exitCodeOf(row.failed, Money::fromPicodollars(row.cost), row.limits), row.expected);
}

constexpr Money kCent = Money::fromPicodollars(10'000'000'000);

INSTANTIATE_TEST_SUITE_P(
    Rows, RunExitCode,
    testing::Values(
        Row{"failures_without_a_limit", 5, 0, {}, ExitCode::Success},
        Row{"no_failure_and_none_allowed", 0, 0, {.maxErrors = 0}, ExitCode::Success},
        Row{"one_failure_and_none_allowed", 1, 0, {.maxErrors = 0}, ExitCode::Failed},
        Row{"as_many_as_allowed", 3, 0, {.maxErrors = 3}, ExitCode::Success},
        Row{"one_more_than_allowed", 4, 0, {.maxErrors = 3}, ExitCode::Failed},
        Row{"cost_at_its_limit", 0, 10'000'000'000, {.maxCost = kCent}, ExitCode::Success},
        Row{"cost_a_picodollar_over", 0, 10'000'000'001, {.maxCost = kCent}, ExitCode::Failed},
        Row{"good_count_and_bad_cost",
            0,
            10'000'000'001,
            {.maxErrors = 3, .maxCost = kCent},
            ExitCode::Failed}),
    [](const auto& row) { return row.param.name; });

TEST(ErrorExitCode, tellsInputFromTheSystem)
{
    EXPECT_EQ(exitCodeOf(Error{.code = Error::Code::Missing}), ExitCode::BadInput);
    EXPECT_EQ(exitCodeOf(Error{.code = Error::Code::Unavailable}), ExitCode::BadInput)
        << "a port or a workspace that is taken";
    EXPECT_EQ(exitCodeOf(Error{.code = Error::Code::Io}), ExitCode::OwnFault);
}

} // namespace
