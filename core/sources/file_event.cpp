#include "sources/file_event.h"

#include <fmt/format.h>

#include "model/glob.h"

namespace coldframe::sources {

namespace {

constexpr std::uint64_t kRequestSalt = 0x5eed'0001;

/// 18 digits that compare as text in the order of their numbers.
std::string sequencerText(std::uint64_t number)
{
    return fmt::format("00{:016X}", number);
}

std::string standInETag(const FileChange& change)
{
    const auto time = static_cast<std::uint64_t>(change.mtimeNs);
    return fmt::format("{:016x}{:016x}", scatter("size", change.size ^ scatter("time", time)),
                       scatter("inode", change.inode ^ scatter("time", time)));
}

std::string etagOf(const FileChange& change, const FileEventContext& context)
{
    const std::string told = context.etag ? context.etag(change.key) : std::string();
    return told.empty() ? standInETag(change) : told;
}

std::string requestId(const FileChange& change, std::uint64_t number)
{
    return fmt::format("{:016X}", scatter(change.key, number ^ kRequestSalt));
}

std::string s3Event(const FileChange& change, const FileEventContext& context, TimePoint time,
                    std::uint64_t number)
{
    const bool created = change.kind == FileChange::Kind::Created;
    const std::string bucket = jsonString(context.store);
    const std::string object = created
        ? fmt::format(R"("size":{},"eTag":"{}",)", change.size, etagOf(change, context))
        : std::string();
    return fmt::format(
        R"({{"Records":[{{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"{}",)"
        R"("eventTime":"{}","eventName":"{}","userIdentity":{{"principalId":"COLDFRAME"}},)"
        R"("requestParameters":{{"sourceIPAddress":"127.0.0.1"}},"responseElements":)"
        R"({{"x-amz-request-id":"{}","x-amz-id-2":"Y29sZGZyYW1l"}},"s3":{{"s3SchemaVersion":"1.0",)"
        R"("configurationId":{},"bucket":{{"name":{},"ownerIdentity":{{"principalId":"COLDFRAME"}},)"
        R"("arn":"arn:aws:s3:::{}}},"object":{{"key":"{}",{}"sequencer":"{}"}}}}}}]}})",
        context.origin.region, isoMilliseconds(time),
        created ? "ObjectCreated:Put" : "ObjectRemoved:Delete", requestId(change, number),
        jsonString(context.trigger), bucket, std::string_view(bucket).substr(1),
        urlEncodedKey(change.key), object, sequencerText(number));
}

std::string eventBridgeEvent(const FileChange& change, const FileEventContext& context,
                             TimePoint time, std::uint64_t number)
{
    const bool created = change.kind == FileChange::Kind::Created;
    const std::string bucket = jsonString(context.store);
    const std::string object = created
        ? fmt::format(R"("size":{},"etag":"{}",)", change.size, etagOf(change, context))
        : std::string();
    return fmt::format(
        R"({{"version":"0","id":"{}","detail-type":"{}","source":"aws.s3","account":"{}",)"
        R"("time":"{}","region":"{}","resources":["arn:aws:s3:::{}],"detail":{{"version":"0",)"
        R"("bucket":{{"name":{}}},"object":{{"key":{},{}"sequencer":"{}"}},"request-id":"{}",)"
        R"("requester":"{}","source-ip-address":"127.0.0.1",{}}}}})",
        eventId(change.key, number), created ? "Object Created" : "Object Deleted",
        context.origin.account, isoSeconds(time), context.origin.region,
        std::string_view(bucket).substr(1), bucket, jsonString(change.key), object,
        sequencerText(number), requestId(change, number), context.origin.account,
        created ? R"("reason":"PutObject")"
                : R"("reason":"DeleteObject","deletion-type":"Permanently Deleted")");
}

std::string cloudEvent(const FileChange& change, const FileEventContext& context, TimePoint time,
                       std::uint64_t number)
{
    const bool created = change.kind == FileChange::Kind::Created;
    const std::string key = jsonString(change.key);
    const std::string size = created ? fmt::format(R"(,"size":{})", change.size) : std::string();
    return fmt::format(
        R"({{"specversion":"1.0","id":"{}","source":{},"type":"coldframe.file.{}","subject":{},)"
        R"("time":"{}","datacontenttype":"application/json","data":{{"store":{},"key":{},)"
        R"("path":{}{}}}}})",
        eventId(change.key, number), jsonString("/stores/" + urlEncodedKey(context.store)),
        !created                                        ? "removed"
            : context.tellsModified && change.overwrote ? "modified"
                                                        : "created",
        key, isoMilliseconds(time), jsonString(context.store), key,
        jsonString((context.folder / change.key).native()), size);
}

} // namespace

bool matches(const FileTrigger& trigger, std::string_view key)
{
    if (!key.starts_with(trigger.prefix) || !key.ends_with(trigger.suffix))
        return false;
    const auto slash = trigger.prefix.rfind('/'); // npos + 1 is 0
    if (!trigger.recursive && key.find('/', slash + 1) != key.npos)
        return false;
    return trigger.glob.empty() || matchesGlob(trigger.glob, key);
}

bool matches(const FileTrigger& trigger, const FileChange& change)
{
    const bool wanted = change.kind == FileChange::Kind::Removed
        ? trigger.onRemoved
        : trigger.onCreated || (trigger.onModified && change.overwrote);
    return wanted && matches(trigger, change.key);
}

std::string urlEncodedKey(std::string_view key)
{
    constexpr std::string_view kPlain = "-._~/";
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(key.size() + 16);
    for (const char c : key) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (c >= '0' && c <= '9') || kPlain.find(c) != kPlain.npos) {
            encoded += c;
        } else if (c == ' ') {
            encoded += '+';
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return encoded;
}

std::string notificationEvent(EventShape shape, const FileChange& change,
                              const FileEventContext& context, TimePoint time, std::uint64_t number)
{
    switch (shape) {
    case EventShape::EventBridge:
        return eventBridgeEvent(change, context, time, number);
    case EventShape::CloudEvents:
        return cloudEvent(change, context, time, number);
    default:
        return s3Event(change, context, time, number);
    }
}

Result<std::string> fileEvent(EventShape shape, const FileChange& change,
                              const FileEventContext& context, TimePoint time, std::uint64_t number,
                              std::uint64_t maxBytes)
{
    if (shape != EventShape::Content && shape != EventShape::Body)
        return notificationEvent(shape, change, context, time, number);
    const std::filesystem::path file = context.folder / change.key;
    if (change.kind == FileChange::Kind::Removed)
        return tl::unexpected(
            Error{.code = Error::Code::Conflict,
                  .message = "the file was removed, so its content cannot be the event",
                  .hint = "use \"shape\": \"s3\" in a trigger that hears of removed files",
                  .file = file.string()});
    auto bytes = readFileForEvent(file, maxBytes);
    if (!bytes)
        return bytes;
    return shape == EventShape::Body ? bodyEvent(*bytes) : contentEvent(std::move(*bytes), file);
}

} // namespace coldframe::sources
