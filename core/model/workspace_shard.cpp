#include "model/shard_reading.h"

#include <fmt/format.h>

#include "model/workspace_limits.h"

namespace coldframe {

namespace {

/// -1, or from 60 on.
int readRecordAge(JsonReader& in)
{
    const auto age = static_cast<int>(in.integer("maximumRecordAgeS", kMaximumRecordAgeS, -1));
    if (age < 0 || age >= kLeastRecordAgeS)
        return age;
    in.fail(Error::Code::OutOfRange, "maximumRecordAgeS",
            fmt::format("maximumRecordAgeS must be -1 or from {} to {}, got {}", kLeastRecordAgeS,
                        kMaximumRecordAgeS.max, age),
            "-1: records may be of any age");
    return -1;
}

} // namespace

ShardRules readShardRules(JsonReader& in)
{
    ShardRules rules;
    const auto integer = [&](const char* key, IntegerRange range, int fallback) {
        return static_cast<int>(in.integer(key, range, fallback));
    };
    rules.batchSize = integer("batchSize", kStreamBatchSize, rules.batchSize);
    rules.batchWindowS = integer("batchWindowS", kBatchWindowS, 0);
    rules.maximumRetryAttempts = integer("maximumRetryAttempts", kMaximumRetryAttempts, -1);
    rules.maximumRecordAgeS = readRecordAge(in);
    rules.bisectBatchOnFunctionError = in.boolean("bisectBatchOnFunctionError", false);
    rules.reportBatchItemFailures = in.boolean("reportBatchItemFailures", false);
    rules.parallelizationFactor = integer("parallelizationFactor", kParallelizationFactor, 1);
    rules.tumblingWindowS = integer("tumblingWindowS", kTumblingWindowS, 0);
    if (rules.tumblingWindowS > 0 && rules.parallelizationFactor > 1) {
        in.fail(Error::Code::Conflict, "parallelizationFactor",
                fmt::format("parallelizationFactor must be 1 with a tumbling window, got {}: each "
                            "invocation takes over the state of the one before",
                            rules.parallelizationFactor),
                "remove parallelizationFactor or tumblingWindowS");
        rules.parallelizationFactor = 1;
    }
    return rules;
}

} // namespace coldframe
