#include "s3/operations.h"
#include "s3/service.h"
#include "s3/xml_text.h"
#include "s3/xml_tree.h"

namespace coldframe::s3 {

namespace {

constexpr std::size_t kMostAtOnce = 1000;

/// What is not there is deleted already.
std::optional<S3Error> remove(Service& service, const stores::FolderStore& store,
                              const std::string& bucket, const std::string& key)
{
    const Result<void> done = key.ends_with('/') ? store.removeFolder(key) : store.remove(key);
    if (!done && done.error().code != Error::Code::Missing)
        return fromStore(done.error(), key);
    service.index.forget(bucket, key);
    return std::nullopt;
}

} // namespace

Outcome deleteObject(Service& service, const Call& call)
{
    const auto bucket = service.bucket(call.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    if (auto failed = remove(service, **bucket, call.bucket, call.key))
        return tl::unexpected(std::move(*failed));
    Reply reply;
    reply.status = 204;
    return reply;
}

Outcome deleteObjects(Service& service, const Call& call, std::string_view body)
{
    const auto bucket = service.bucket(call.bucket);
    if (!bucket)
        return tl::unexpected(bucket.error());
    const auto request = readXml(body);
    if (!request || request->name != "Delete")
        return tl::unexpected(malformedXml());
    const bool quiet = request->textOf("Quiet") == "true";
    std::size_t count = 0;
    XmlText xml;
    xml.open("DeleteResult", true);
    for (const XmlElement& object : request->children) {
        if (object.name != "Object")
            continue;
        if (++count > kMostAtOnce)
            return tl::unexpected(malformedXml());
        const std::string key(object.textOf("Key"));
        const auto failed = remove(service, **bucket, call.bucket, key);
        if (failed) {
            xml.open("Error");
            xml.leaf("Key", key);
            xml.leaf("Code", failed->code);
            xml.leaf("Message", failed->message);
            xml.close();
        } else if (!quiet) {
            xml.open("Deleted");
            xml.leaf("Key", key);
            xml.close();
        }
    }
    if (count == 0)
        return tl::unexpected(malformedXml());
    xml.close();
    return document(xml.take());
}

} // namespace coldframe::s3
