#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/bucket_mention.h"
#include "model/event_fields.h"
#include "model/workspace.h"

namespace coldframe {

/// What kind of event a handler takes apart.
enum class HandlerEvent : std::uint8_t {
    Plain, ///< nothing that is known
    S3, ///< Records[].s3
    S3InEventBridge, ///< detail.bucket
    S3InSqs, ///< the JSON of an S3 event in Records[].body
    Sqs, ///< Records[].body
    Sns, ///< Records[].Sns
    DynamoDb, ///< Records[].dynamodb
    Kinesis, ///< Records[].kinesis
    HttpV1, ///< httpMethod: a REST API's proxy request
    HttpV2, ///< an HTTP API's or a function URL's
    EventBridge, ///< detail
    Scheduled, ///< the source aws.events, or nothing read but the time
};

/// Whether such an event tells of an object in a bucket.
constexpr bool tellsOfObject(HandlerEvent event)
{
    return event == HandlerEvent::S3 || event == HandlerEvent::S3InEventBridge
        || event == HandlerEvent::S3InSqs;
}

/// "s3", "s3-eventbridge", "s3-sqs", "sqs" …, for programs.
std::string_view nameOf(HandlerEvent event);
/// "an object in a bucket (Records[].s3)", for people.
std::string_view describe(HandlerEvent event);

/// What the source of a handler shows, read as text: nothing of it runs, and a guess may be wrong.
struct HandlerReading {
    HandlerEvent event = HandlerEvent::Plain;
    std::vector<BucketMention> buckets; ///< in the order of the source, each once
    bool writesObjects = false; ///< puts, copies or uploads
    std::vector<std::string> variables; ///< of the environment, without which it raises; no buckets
    std::string ending; ///< ".csv": what the objects it reads look like; empty when not told
    std::string heavyLibrary; ///< "pandas": needs more than the smallest memory; may be empty
    std::vector<EventField> fields; ///< of its event that it looks up
    bool usesSdk = false; ///< boto3 or an AWS SDK for JavaScript
};

/// Reads the source of a `python` or `node` handler. Lines that are comments do not count.
HandlerReading readHandler(Runtime runtime, std::string_view source);

} // namespace coldframe
