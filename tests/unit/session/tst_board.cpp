#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "session/board.h"

using namespace coldframe;
using namespace coldframe::session;
using namespace std::chrono_literals;

namespace {

cost::PriceBook prices()
{
    std::ifstream file(COLDFRAME_SOURCE_DIR "/resources/prices/aws-lambda-us-east-1.json");
    std::ostringstream text;
    text << file.rdbuf();
    return cost::readPriceBook(text.str(), "prices").value();
}

TEST(LatencyHistogram, quantilesAreWithinTheirStatedError)
{
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> law(2.0, 1.5);
    LatencyHistogram histogram;
    std::vector<double> exact;
    for (int i = 0; i < 20'000; ++i) {
        exact.push_back(law(random));
        histogram.add(Duration(static_cast<Duration::rep>(exact.back() * 1e6)));
    }
    std::ranges::sort(exact);
    for (const double p : {0.01, 0.5, 0.95, 0.99, 0.999}) {
        const double truth = exact[static_cast<std::size_t>(std::ceil(p * 20'000)) - 1];
        EXPECT_NEAR(static_cast<double>(histogram.quantileMs(p)) / truth, 1.0, 0.016) << p;
    }
    EXPECT_TRUE(std::isnan(LatencyHistogram().quantileMs(0.5)));
}

engine::Meter attempt(Duration platform)
{
    engine::Meter meter;
    meter.memoryMb = 1024;
    meter.platform = platform;
    meter.billed = platform;
    return meter;
}

TEST(Board, bucketsHoldWhatHappenedInThem)
{
    Board board;
    const TimePoint start{1h};
    board.begin(start);
    board.setPrices(prices(), cost::Architecture::X86_64);
    board.setFunctions(1);
    for (int i = 0; i < 5; ++i)
        board.event(start + i * 100ms, -1);
    board.attempt(start + 450ms, attempt(100ms), 512);
    for (int i = 5; i < 10; ++i)
        board.event(start + i * 100ms, -1);
    board.attempt(start + 900ms, attempt(300ms), 512);
    board.throttled(start + 900ms, 0);
    Snapshot s;
    board.fill(s, start + 1'100ms);
    ASSERT_EQ(s.buckets.size(), 3U);
    EXPECT_EQ(s.buckets[0].arrived, 5U);
    EXPECT_EQ(s.buckets[1].arrived, 5U);
    EXPECT_EQ(s.buckets[0].ended, 1U);
    EXPECT_EQ(s.buckets[1].throttled, 1U);
    EXPECT_NEAR(s.buckets[0].p50Ms, 100, 2);
    EXPECT_NEAR(s.buckets[1].p99Ms, 300, 5);
    EXPECT_TRUE(std::isnan(s.buckets[2].p50Ms));
    // 0.4 GB-s and two requests, at the first tier
    EXPECT_EQ(s.totals.cost.picodollars(), 6'666'680 + 400'000);
    EXPECT_NEAR(s.buckets[2].requestsUsd + s.buckets[2].computeUsd, s.totals.cost.toDollars(),
                1e-12);
}

TEST(Board, onlyTheLastTwoMinutesAreKept)
{
    Board board;
    const TimePoint start{1h};
    board.begin(start);
    for (int i = 0; i < 10'000; ++i)
        board.event(start + i * 100ms, -1);
    Snapshot s;
    board.fill(s, start + 1000s);
    EXPECT_EQ(s.buckets.size(), static_cast<std::size_t>(kBuckets));
    EXPECT_EQ(s.totals.events, 10'000U);
    Snapshot later; // after an hour of silence
    board.fill(later, start + 4600s);
    EXPECT_EQ(later.buckets.size(), static_cast<std::size_t>(kBuckets));
    EXPECT_EQ(later.firstBucketAt + kBucketLength * (kBuckets - 1), start + 4600s);
    for (const Bucket& bucket : later.buckets)
        EXPECT_EQ(bucket.arrived, 0U);
}

} // namespace
