#include <gtest/gtest.h>

#include "engine/queue_rules.h"

using namespace coldframe;
using namespace coldframe::engine;
using namespace std::chrono_literals;

namespace {

TEST(QueueRules, defaultsAreThoseOfSqs)
{
    const QueueRules queue;
    EXPECT_EQ(queue.visibility, 30s);
    EXPECT_EQ(queue.retention, 4 * 24h);
    EXPECT_EQ(queue.delay, 0s);
    EXPECT_EQ(queue.maxInFlight, 120'000U);
    EXPECT_EQ(queue.deduplication, 5min);
    EXPECT_TRUE(problemsOf(queue).empty());
    EXPECT_TRUE(problemsOf(MappingRules{}, queue, 30s).empty());
}

struct Row {
    const char* name;
    QueueRules queue;
    MappingRules mapping;
    Duration timeout;
    const char* problem; ///< "field: message"; empty: none
};
class Problems : public testing::TestWithParam<Row> { };
TEST_P(Problems, areNamedWithTheirField)
{
    const Row& row = GetParam();
    std::vector<Error> errors = problemsOf(row.queue);
    for (Error& error : problemsOf(row.mapping, row.queue, row.timeout))
        errors.push_back(std::move(error));
    std::string text;
    for (const Error& error : errors)
        text += error.pointer + ": " + error.message;
    EXPECT_EQ(text, row.problem);
}
INSTANTIATE_TEST_SUITE_P(
    QueueRules, Problems,
    testing::Values(
        Row{"longestTimes",
            {.visibility = 12h, .delay = 15min, .retention = 14 * 24h},
            {},
            900s,
            ""},
        Row{"visibility",
            {.visibility = 12h + 1s},
            {},
            3s,
            "visibility: must be between 0 and 43200 s, got 43201"},
        Row{"delay", {.delay = 901s}, {}, 3s, "delay: must be between 0 and 900 s, got 901"},
        Row{"retention",
            {.retention = 59s},
            {},
            3s,
            "retention: must be between 60 and 1209600 s, got 59"},
        Row{"receives",
            {.maxReceives = 1001, .deadLetters = 1},
            {},
            3s,
            "maxReceives: must be between 1 and 1000, got 1001"},
        Row{"noDeadLetters", {.maxReceives = 3}, {}, 3s, "maxReceives: needs a dead-letter queue"},
        Row{"largestBatch", {}, {.batchSize = 10'000, .window = 300s}, 3s, ""},
        Row{"batchTooLarge",
            {},
            {.batchSize = 10'001, .window = 300s},
            3s,
            "batchSize: must be between 1 and 10000, got 10001"},
        Row{"emptyBatch",
            {},
            {.batchSize = 0},
            3s,
            "batchSize: must be between 1 and 10000, got 0"},
        Row{"elevenNeedAWindow",
            {},
            {.batchSize = 11},
            3s,
            "window: must be at least 1 s when batchSize is above 10"},
        Row{"elevenWithAWindow", {}, {.batchSize = 11, .window = 1s}, 3s, ""},
        Row{"windowTooLong",
            {},
            {.window = 301s},
            3s,
            "window: must be between 0 and 300 s, got 301"},
        Row{"fifoTen", {.fifo = true}, {.batchSize = 10}, 3s, ""},
        Row{"fifoEleven",
            {.fifo = true},
            {.batchSize = 11},
            3s,
            "batchSize: must be between 1 and 10, got 11"},
        Row{"fifoWindow",
            {.fifo = true},
            {.window = 1s},
            3s,
            "window: must be between 0 and 0 s, got 1"},
        Row{"timeoutAsLong", {.visibility = 30s}, {}, 30s, ""},
        Row{"timeoutLonger",
            {.visibility = 30s},
            {},
            31s,
            "visibility: must not be below the function's timeout of 31 s, got 30"},
        Row{"concurrencyOne",
            {},
            {.maxConcurrency = 1},
            3s,
            "maxConcurrency: must be between 2 and 1000, got 1"},
        Row{"concurrencyTwo", {}, {.maxConcurrency = 2}, 3s, ""},
        Row{"concurrencyTooHigh",
            {},
            {.maxConcurrency = 1001},
            3s,
            "maxConcurrency: must be between 2 and 1000, got 1001"}),
    [](const auto& row) { return row.param.name; });

} // namespace
