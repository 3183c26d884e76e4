#pragma once

#include <cstdint>
#include <string>

#include "model/time.h"
#include "model/workspace.h"

namespace coldframe::session {

/// A batch of a stream that is not tried any more.
struct FailedBatch {
    std::string trigger, function;
    std::string requestId; ///< of the last attempt; empty: there was none
    std::string condition; ///< "RetryAttemptsExhausted" or "RecordAgeExceeded"
    std::uint32_t attempts = 0;
    std::string stream; ///< its name
    std::uint64_t firstSequence = 0, lastSequence = 0;
    TimePoint firstArrival{}, lastArrival{};
    std::size_t size = 0;
    bool failedInside = false; ///< the function itself failed, last
    std::string body; ///< the event
};

/// What the on-failure destination gets: the platform's record, which tells where in the stream the
/// batch was, with the event as text, as the platform's S3 destinations have it.
/// Source: AWS Lambda developer guide, "Retain discarded batch records", Kinesis, read 2026-11.
std::string failureRecord(const FailedBatch& batch, TimePoint now);

/// Under which name the position of a stream trigger is kept. One that follows another file is
/// another stream.
std::string markSource(const std::string& trigger, const StreamTrigger& stream);

} // namespace coldframe::session
