#include <atomic>
#include <thread>

#include "history/attempt_filter.h"
#include "history_fixture.h"

namespace coldframe::history {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t kChunk = AttemptLog::kChunkRows;

void fill(AttemptLog& log, std::uint32_t from, std::uint32_t to)
{
    for (std::uint32_t n = from; n < to; ++n)
        log.append(sampleAttempt(n));
}

TEST(AttemptLog, anEmptyLogHasNoRows)
{
    EXPECT_EQ(AttemptLog().view().size(), 0u);
    EXPECT_EQ(AttemptLog::View().size(), 0u);
}

TEST(AttemptLog, aViewKeepsWhatItSawWhileTheLogGrows)
{
    AttemptLog log;
    fill(log, 0, 10);
    const AttemptLog::View early = log.view();
    fill(log, 10, static_cast<std::uint32_t>(3 * kChunk));
    EXPECT_EQ(early.size(), 10u);
    EXPECT_EQ(early[9].invocation, 9u);
    const AttemptLog::View late = log.view();
    EXPECT_EQ(late.size(), 3 * kChunk);
    for (const std::uint64_t row : {std::uint64_t{0}, kChunk - 1, kChunk, 3 * kChunk - 1})
        EXPECT_EQ(late[row].invocation, row);
    EXPECT_EQ(&early[3], &late[3]) << "rows are shared, not copied";
}

TEST(AttemptLog, beyondItsLimitTheOldestChunkGoesButNotFromUnderAView)
{
    AttemptLog log(2 * kChunk);
    fill(log, 0, static_cast<std::uint32_t>(2 * kChunk));
    const AttemptLog::View early = log.view();
    fill(log, static_cast<std::uint32_t>(2 * kChunk), static_cast<std::uint32_t>(2 * kChunk) + 5);
    EXPECT_EQ(log.view().firstRow(), kChunk);
    EXPECT_EQ(log.view().endRow(), 2 * kChunk + 5);
    EXPECT_EQ(log.view()[kChunk].invocation, kChunk);
    EXPECT_EQ(early[0].invocation, 0u);
}

TEST(AttemptLog, viewsMayBeTakenAndReadWhileAnotherThreadAppends)
{
    AttemptLog log(3 * kChunk);
    std::atomic<bool> done = false;
    std::jthread writer([&] {
        fill(log, 0, static_cast<std::uint32_t>(6 * kChunk));
        done = true;
    });
    std::uint64_t views = 0, before = 0;
    while (!done) {
        const AttemptLog::View view = log.view();
        ASSERT_GE(view.endRow(), before);
        before = view.endRow();
        for (std::uint64_t row = view.firstRow(); row < view.endRow(); row += 997)
            ASSERT_EQ(view[row].invocation, row);
        if (view.size() > 0) {
            ASSERT_EQ(view[view.endRow() - 1].invocation, view.endRow() - 1);
        }
        ++views;
    }
    EXPECT_GT(views, 0u);
    EXPECT_EQ(log.view().endRow(), 6 * kChunk);
}

struct FilterRow {
    const char* name;
    void (*set)(AttemptFilter& filter);
    std::vector<std::uint32_t> rows;
};
class Filters : public testing::TestWithParam<FilterRow> { };

TEST_P(Filters, showTheRowsThatMatch)
{
    AttemptLog log;
    fill(log, 0, 30);
    AttemptFilter filter;
    GetParam().set(filter);
    EXPECT_EQ(matchingRows(log.view(), filter), GetParam().rows);
}

constexpr auto kTimedOut = AttemptFilter::bit(Ending::TimedOut);
constexpr auto kRejected = AttemptFilter::bit(Ending::Rejected);

INSTANTIATE_TEST_SUITE_P(
    Kinds, Filters,
    testing::Values(
        FilterRow{"one_function",
                  [](AttemptFilter& f) { f.function = 1; },
                  {1, 4, 7, 10, 13, 16, 19, 22, 25, 28}},
        FilterRow{"one_ending", [](AttemptFilter& f) { f.endings = kTimedOut; }, {2, 12, 22}},
        FilterRow{"two_endings",
                  [](AttemptFilter& f) { f.endings = kTimedOut | kRejected; },
                  {2, 9, 12, 19, 22, 29}},
        FilterRow{"cold_starts", [](AttemptFilter& f) { f.start = StartKind::Cold; }, {0}},
        FilterRow{"at_least_27_ms",
                  [](AttemptFilter& f) { f.atLeast = std::chrono::milliseconds(27); },
                  {27, 28, 29}},
        FilterRow{
            "part_of_the_request_id", [](AttemptFilter& f) { f.requestId = "3f0000001c"; }, {28}},
        FilterRow{"across_a_dash_in_capitals",
                  [](AttemptFilter& f) { f.requestId = "8F0B-0D3F0000001"; },
                  {16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29}},
        FilterRow{"all_must_hold",
                  [](AttemptFilter& f) { f.function = 2, f.requestId = "0000001"; },
                  {17, 20, 23, 26, 29}},
        FilterRow{"nothing", [](AttemptFilter& f) { f.function = 3; }, {}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(AttemptFilters, onlyLookAtWhatCameSince)
{
    AttemptLog log;
    fill(log, 0, 30);
    EXPECT_THAT(matchingRows(log.view(), {}, 28), ElementsAre(28, 29));
    EXPECT_THAT(matchingRows(log.view(), {}, 30), IsEmpty());
    EXPECT_THAT(matchingRows(log.view(), {.endings = AttemptFilter::kFailures}), SizeIs(27));
}

TEST(RequestIds, goToTextAndBack)
{
    const std::string text = "7f5c0a52-6d0c-4f0e-8f0b-0d3f6a5a1b2c";
    EXPECT_EQ(toText(parseRequestId(text)), text);
    EXPECT_EQ(toText(parseRequestId("7F5C0A52-6D0C-4F0E-8F0B-0D3F6A5A1B2C")), text);
    EXPECT_EQ(parseRequestId("no id"), RequestId{});
    EXPECT_EQ(parseRequestId("7f5c0a52-6d0c-4f0e-8f0b-0d3f6a5a1b2x"), RequestId{});
}

} // namespace
} // namespace coldframe::history
