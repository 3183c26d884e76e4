#include "session/sample_event.h"

#include <nlohmann/json.hpp>

#include "model/workspace_draft.h"
#include "s3/digest.h"
#include "session/resources.h"
#include "sources/file_event.h"

namespace coldframe::session {

namespace {

using Json = nlohmann::ordered_json;

Json objectEvent(EventShape shape, const SampleObject& object, TimePoint now)
{
    sources::FileChange change;
    change.key = object.key;
    change.size = object.bytes.size();
    sources::FileEventContext context;
    context.trigger = object.trigger;
    context.store = object.store;
    context.etag = [&](const std::string&) { return s3::hexMd5(object.bytes); };
    const auto number = static_cast<std::uint64_t>(now.time_since_epoch().count());
    return Json::parse(sources::notificationEvent(shape, change, context, now, number));
}

const char* templateOf(HandlerEvent kind)
{
    switch (kind) {
    case HandlerEvent::Sqs:
    case HandlerEvent::S3InSqs:
        return "sqs.json";
    case HandlerEvent::Sns:
        return "sns.json";
    case HandlerEvent::DynamoDb:
        return "dynamodb-stream.json";
    case HandlerEvent::Kinesis:
        return "kinesis.json";
    case HandlerEvent::HttpV1:
        return "api-gateway-v1.json";
    case HandlerEvent::HttpV2:
        return "api-gateway-v2.json";
    case HandlerEvent::Scheduled:
        return "scheduled.json";
    default:
        return "eventbridge-custom.json";
    }
}

} // namespace

Result<std::string> sampleEventFor(HandlerEvent kind, const SampleObject& object,
                                   const std::filesystem::path& resources, TimePoint now)
{
    const auto asText = [](const Json& event) {
        return event.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    };
    switch (kind) {
    case HandlerEvent::Plain:
        return sampleEvent();
    case HandlerEvent::S3:
        return asText(objectEvent(EventShape::S3, object, now));
    case HandlerEvent::S3InEventBridge:
        return asText(objectEvent(EventShape::EventBridge, object, now));
    default:
        break;
    }
    const Result<std::string> text = readText(resources / "events" / templateOf(kind));
    if (!text || kind != HandlerEvent::S3InSqs)
        return text;
    Json event = Json::parse(*text, nullptr, false);
    if (event.is_object() && event["Records"].is_array() && !event["Records"].empty()) {
        const std::string body = objectEvent(EventShape::S3, object, now).dump();
        event["Records"][0]["body"] = body;
        event["Records"][0]["md5OfBody"] = s3::hexMd5(body);
    }
    return asText(event);
}

} // namespace coldframe::session
