#pragma once

namespace coldframe {

/// How the records of one shard are handed to a function: the settings of an event source mapping
/// over a stream, in the units of the workspace file. Meaning and bounds: Lambda API reference,
/// CreateEventSourceMapping, read 2026-11.
struct ShardRules {
    int batchSize = 100; ///< records, 1…10,000
    int batchWindowS = 0; ///< waits this long for a full batch, 0…300
    int maximumRetryAttempts = -1; ///< -1: until it succeeds; …10,000
    int maximumRecordAgeS = -1; ///< -1: no limit; else 60…604,800
    bool bisectBatchOnFunctionError = false; ///< a batch that failed is halved
    bool reportBatchItemFailures = false; ///< answers name the first record that failed
    int parallelizationFactor = 1; ///< batches at once, each of its own keys, 1…10
    int tumblingWindowS = 0; ///< windows with a state, 0…900; 0: none

    bool operator==(const ShardRules&) const = default;
};

} // namespace coldframe
