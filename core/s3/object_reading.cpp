#include "s3/object_reading.h"

#include <array>

#include "s3/conditions.h"
#include "s3/operations.h"
#include "s3/service.h"
#include "s3/time_text.h"

namespace coldframe::s3 {

namespace {

struct Override {
    std::string_view query, header;
};
constexpr std::array<Override, 6> kOverrides{{
    {"response-content-type", "content-type"},
    {"response-cache-control", "cache-control"},
    {"response-content-disposition", "content-disposition"},
    {"response-content-encoding", "content-encoding"},
    {"response-content-language", "content-language"},
    {"response-expires", "expires"},
}};

/// The caller may ask for other headers than were stored.
std::optional<S3Error> applyOverrides(const Call& call, ObjectFacts& facts)
{
    for (const Override& each : kOverrides) {
        if (!call.asks(each.query))
            continue;
        const std::string value(call.query(each.query));
        if (value.find_first_of(std::string_view("\r\n\0", 3)) != value.npos)
            return invalidArgument("A header holds no line breaks", each.query, "");
        if (each.header == "content-type") {
            facts.contentType = value;
            continue;
        }
        std::erase_if(facts.headers, [&](const auto& pair) { return pair.first == each.header; });
        facts.headers.emplace_back(each.header, value);
    }
    return std::nullopt;
}

Conditions conditionsOf(const Call& call)
{
    return {call.header("if-match"), call.header("if-none-match"), call.header("if-modified-since"),
            call.header("if-unmodified-since")};
}

/// A key that ends with a slash stands for a folder, which tools make as an empty object.
tl::expected<Reading, S3Error> folderAsObject(const stores::FolderStore& store, const Call& call)
{
    const auto there = store.hasFolder(call.key);
    if (!there)
        return tl::unexpected(fromStore(there.error(), call.key));
    if (!*there)
        return tl::unexpected(noSuchKey(call.key));
    Reading reading;
    reading.head.headers = "ETag: \"d41d8cd98f00b204e9800998ecf8427e\"\r\n"; // MD5 of nothing
    reading.head.header("Content-Type", "application/x-directory; charset=UTF-8");
    return reading;
}

void describeObject(Reply& head, const Call& call, const ObjectFacts& facts,
                    const stores::ObjectStamp& stamp, const ByteRange& range)
{
    head.headers = headerLines(facts);
    head.header("Last-Modified", httpDate(stamp.modified));
    if (head.status == 304)
        return;
    head.header("Content-Type", facts.contentType);
    head.header("Accept-Ranges", "bytes");
    if (range.partial) {
        head.status = 206;
        head.header("Content-Range", contentRange(range, stamp.bytes));
    } else if (facts.checksum && call.header("x-amz-checksum-mode") == "ENABLED") {
        head.header("x-amz-checksum-" + std::string(nameOf(facts.checksum->kind)),
                    facts.checksum->value);
        const bool composite = facts.checksum->value.find('-') != std::string::npos;
        head.header("x-amz-checksum-type", composite ? "COMPOSITE" : "FULL_OBJECT");
    }
}

} // namespace

tl::expected<Reading, S3Error> openForReading(Service& service, const Call& call)
{
    const auto bucket = service.bucket(call.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    if (const std::string_view version = call.query("versionId");
        !version.empty() && version != "null")
        return tl::unexpected(notImplemented(call.operationName, "buckets here have no versions"));
    if (call.key.ends_with('/'))
        return folderAsObject(**bucket, call);
    auto object = (*bucket)->openObject(call.key);
    if (!object)
        return tl::unexpected(fromStore(object.error(), call.key));
    ObjectFacts facts = *service.index.facts(call.bucket, call.key, *object);
    Reading reading;
    const Judged judged = judge(conditionsOf(call), facts.etag, object->stamp.modified);
    if (judged.verdict == Verdict::Failed)
        return tl::unexpected(preconditionFailed(judged.condition));
    if (auto refused = applyOverrides(call, facts))
        return tl::unexpected(std::move(*refused));
    if (judged.verdict == Verdict::NotModified) {
        reading.head.status = 304;
    } else {
        const auto range = readRange(call.header("range"), object->stamp.bytes);
        if (!range)
            return tl::unexpected(range.error());
        reading.range = *range;
    }
    describeObject(reading.head, call, facts, object->stamp, reading.range);
    reading.object = std::move(*object);
    return reading;
}

Outcome headObject(Service& service, const Call& call)
{
    auto reading = openForReading(service, call);
    if (!reading)
        return tl::unexpected(reading.error());
    reading->head.bytes = reading->range.length; // its Content-Length
    return std::move(reading->head);
}

} // namespace coldframe::s3
