#include "s3/conditions.h"
#include "s3/file_copy.h"
#include "s3/object_writing.h"
#include "s3/operations.h"
#include "s3/service.h"
#include "s3/time_text.h"
#include "s3/upload_id.h"
#include "s3/xml_text.h"

namespace coldframe::s3 {

namespace {

struct Source {
    std::string bucket, key;
    stores::OpenObject object;
    ObjectIndex::Facts facts;
};

/// Opens what x-amz-copy-source names: "/BUCKET/KEY" or "BUCKET/KEY", encoded.
tl::expected<Source, S3Error> openSource(Service& service, const Call& call)
{
    std::string_view text = call.header("x-amz-copy-source");
    if (text.starts_with('/'))
        text.remove_prefix(1);
    text = text.substr(0, text.find("?versionId="));
    std::string place;
    const bool decoded = percentDecode(text, place);
    const std::size_t slash = place.find('/');
    if (!decoded || slash == place.npos || slash == 0 || slash + 1 == place.size())
        return tl::unexpected(invalidArgument("Copy Source must mention the source bucket and key: "
                                              "sourcebucket/sourcekey",
                                              "x-amz-copy-source", text));
    Source source{place.substr(0, slash), place.substr(slash + 1), {}, {}};
    const auto bucket = service.bucket(source.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    auto object = (*bucket)->openObject(source.key);
    if (!object)
        return tl::unexpected(fromStore(object.error(), source.key));
    source.facts = service.index.facts(source.bucket, source.key, *object);
    const Conditions conditions{call.header("x-amz-copy-source-if-match"),
                                call.header("x-amz-copy-source-if-none-match"),
                                call.header("x-amz-copy-source-if-modified-since"),
                                call.header("x-amz-copy-source-if-unmodified-since")};
    const Judged judged = judge(conditions, source.facts->etag, object->stamp.modified);
    if (judged.verdict != Verdict::Goes) // a copy knows no "not modified"
        return tl::unexpected(
            preconditionFailed("x-amz-copy-source-" + std::string(judged.condition)));
    source.object = std::move(*object);
    return source;
}

/// Copies into `writer` and returns the MD5.
tl::expected<std::string, S3Error> copyInto(stores::ObjectWriter& writer, const Source& source,
                                            const ByteRange& range)
{
    if (range.length > kMostUploadBytes)
        return tl::unexpected(
            invalidRequest("The specified copy source is larger than the maximum allowable size "
                           "for a copy source: 5368709120"));
    Digest md5 = Digest::md5();
    const auto copied = copyBytes(source.object, range, writer,
                                  [&md5](std::string_view bytes) { md5.add(bytes); });
    if (!copied)
        return tl::unexpected(fromStore(copied.error(), source.key));
    return md5.finish();
}

Outcome told(std::string_view element, const std::string& etag, TimePoint modified,
             std::uint64_t bytes)
{
    XmlText xml;
    xml.open(element, true);
    xml.leaf("LastModified", isoTime(modified));
    xml.leaf("ETag", '"' + etag + '"');
    xml.close();
    Reply reply = document(xml.take());
    reply.bytes = bytes;
    return reply;
}

} // namespace

Outcome copyObject(Service& service, const Call& call)
{
    const auto bucket = service.bucket(call.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    const auto source = openSource(service, call);
    if (!source)
        return tl::unexpected(source.error());
    const bool replaces = call.header("x-amz-metadata-directive") == "REPLACE";
    if (!replaces && source->bucket == call.bucket && source->key == call.key)
        return tl::unexpected(invalidRequest(
            "This copy request is illegal because it is trying to copy an object to itself without "
            "changing the object's metadata, storage class, website redirect location or "
            "encryption attributes."));
    auto facts = replaces ? factsOf(call) : tl::expected<ObjectFacts, S3Error>(*source->facts);
    if (!facts)
        return tl::unexpected(facts.error());
    auto writer = (*bucket)->begin(call.key);
    if (!writer)
        return tl::unexpected(fromStore(writer.error(), call.key));
    const std::uint64_t bytes = source->object.stamp.bytes;
    const auto md5 = copyInto(*writer, *source, {0, bytes, false});
    if (!md5)
        return tl::unexpected(md5.error());
    facts->etag = hex(*md5);
    if (source->facts->etag.find('-') != std::string::npos)
        facts->checksum.reset(); // it was one of parts
    const auto stamp = makeVisible(service, call, std::move(*writer), *facts);
    if (!stamp)
        return tl::unexpected(stamp.error());
    return told("CopyObjectResult", facts->etag, stamp->modified, bytes);
}

Outcome copyPart(Service& service, const Call& call)
{
    const auto place = partPlace(call);
    if (!place)
        return tl::unexpected(place.error());
    if (!service.uploads.find(place->uploadId, call.bucket, call.key))
        return tl::unexpected(noSuchUpload());
    const auto source = openSource(service, call);
    if (!source)
        return tl::unexpected(source.error());
    const auto range
        = readRange(call.header("x-amz-copy-source-range"), source->object.stamp.bytes);
    if (!range)
        return tl::unexpected(range.error());
    const auto store = service.uploads.store();
    if (!store)
        return tl::unexpected(internalError(describe(store.error())));
    auto writer = (*store)->begin(MultipartUploads::partKey(place->uploadId, place->number));
    if (!writer)
        return tl::unexpected(internalError(describe(writer.error())));
    auto md5 = copyInto(*writer, *source, *range);
    if (!md5)
        return tl::unexpected(md5.error());
    const auto stamp = writer->commit();
    if (!stamp)
        return tl::unexpected(internalError(describe(stamp.error())));
    if (!service.uploads.addPart(place->uploadId,
                                 {.number = place->number, .md5 = *md5, .stamp = *stamp}))
        return tl::unexpected(noSuchUpload());
    return told("CopyPartResult", hex(*md5), stamp->modified, range->length);
}

} // namespace coldframe::s3
