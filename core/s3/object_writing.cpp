#include "s3/object_writing.h"

#include "s3/conditions.h"
#include "s3/service.h"
#include "s3/upload_id.h"

namespace coldframe::s3 {

namespace {

/// If-Match of a write names the object that is to be replaced.
std::optional<S3Error> checkPresent(Service& service, const stores::FolderStore& store,
                                    const Call& call)
{
    const std::string_view wanted = call.header("if-match");
    if (wanted.empty())
        return std::nullopt;
    const auto object = store.openObject(call.key);
    if (!object)
        return fromStore(object.error(), call.key);
    if (!matchesEtag(wanted, service.index.facts(call.bucket, call.key, *object)->etag))
        return preconditionFailed("If-Match");
    return std::nullopt;
}

void tellChecksum(Reply& reply, const std::optional<Checksum>& checksum)
{
    if (checksum)
        reply.header("x-amz-checksum-" + std::string(nameOf(checksum->kind)), checksum->value);
}

} // namespace

tl::expected<stores::ObjectStamp, S3Error>
makeVisible(Service& service, const Call& call, stores::ObjectWriter writer, ObjectFacts facts)
{
    const auto bucket = service.bucket(call.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    if (auto refused = checkPresent(service, **bucket, call))
        return tl::unexpected(std::move(*refused));
    using IfThere = stores::ObjectWriter::IfThere;
    const bool onlyNew = call.header("if-none-match") == "*";
    const auto stamp = writer.stamp();
    if (!stamp)
        return tl::unexpected(fromStore(stamp.error(), call.key));
    service.index.expect(call.bucket, call.key, *stamp, std::move(facts));
    const auto done = writer.commit(onlyNew ? IfThere::Refuse : IfThere::Replace);
    if (!done)
        return tl::unexpected(fromStore(done.error(), call.key));
    service.index.keep(call.bucket, call.key, *stamp);
    return *stamp;
}

Outcome finishPut(Service& service, const Call& call, BodyIntake& intake)
{
    auto facts = factsOf(call);
    if (!facts)
        return tl::unexpected(facts.error());
    auto received = intake.finish();
    if (!received)
        return tl::unexpected(received.error());
    Reply reply;
    reply.bytes = received->writer.bytes();
    facts->etag = hex(received->md5);
    facts->checksum = received->checksum;
    reply.header("ETag", '"' + facts->etag + '"');
    tellChecksum(reply, facts->checksum);
    auto stamp = makeVisible(service, call, std::move(received->writer), std::move(*facts));
    if (!stamp)
        return tl::unexpected(stamp.error());
    return reply;
}

Outcome putFolder(Service& service, const Call& call)
{
    const auto bucket = service.bucket(call.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    if (const auto made = (*bucket)->makeFolder(call.key); !made)
        return tl::unexpected(fromStore(made.error(), call.key));
    Reply reply;
    reply.header("ETag", "\"d41d8cd98f00b204e9800998ecf8427e\"");
    return reply;
}

Outcome finishPart(Service& service, const Call& call, BodyIntake& intake)
{
    auto received = intake.finish();
    if (!received)
        return tl::unexpected(received.error());
    const auto place = partPlace(call);
    if (!place)
        return tl::unexpected(place.error());
    const auto stamp = received->writer.commit();
    if (!stamp)
        return tl::unexpected(fromStore(stamp.error(), call.key));
    const MultipartUploads::Part part{.number = place->number,
                                      .md5 = received->md5,
                                      .stamp = *stamp,
                                      .checksum = received->checksum};
    if (!service.uploads.addPart(place->uploadId, part))
        return tl::unexpected(noSuchUpload()); // aborted meanwhile
    Reply reply;
    reply.bytes = received->writer.bytes();
    reply.header("ETag", '"' + hex(received->md5) + '"');
    tellChecksum(reply, received->checksum);
    return reply;
}

} // namespace coldframe::s3
