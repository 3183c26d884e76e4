#pragma once

#include <cstdint>
#include <string>

#include "model/time.h"

namespace coldframe::session {

/// A batch of a shard that is not tried any more.
struct FailedBatch {
    std::string function;
    std::string requestId; ///< of the last attempt; empty: there was none
    std::string condition; ///< "RetryAttemptsExhausted" or "RecordAgeExceeded"
    std::uint32_t attempts = 0;
    std::string batchInfo; ///< key of what follows: "KinesisBatchInfo" or "DDBStreamBatchInfo"
    std::string arn, shardId; ///< of the stream
    std::string firstSequence, lastSequence; ///< as they stand in the event
    TimePoint firstArrival{}, lastArrival{};
    std::size_t size = 0;
    bool functionFailed
        = false; ///< the last attempt did; its answer may have named records instead
    std::string body; ///< the event
};

/// What the on-failure destination gets: the platform's record, which tells where in the stream the
/// batch was, with the event as text, as the platform's S3 destinations have it. A batch that was
/// too old before its first attempt counts one invocation, as recorded from AWS.
/// Source: AWS Lambda developer guide, "Retain discarded batch records", Kinesis and DynamoDB, read
/// 2026-11; behaviour recorded in LocalStack's tests, 2025-11-25.
std::string failureRecord(const FailedBatch& batch, TimePoint now);

} // namespace coldframe::session
