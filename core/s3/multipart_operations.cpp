#include "s3/operations.h"
#include "s3/service.h"
#include "s3/time_text.h"
#include "s3/upload_id.h"
#include "s3/xml_text.h"

namespace coldframe::s3 {

Outcome createUpload(Service& service, const Call& call)
{
    if (auto bucket = service.bucket(call.bucket); !bucket)
        return tl::unexpected(bucket.error());
    if (auto checked = stores::checkKey(call.key); !checked)
        return tl::unexpected(fromStore(checked.error(), call.key));
    auto facts = factsOf(call);
    if (!facts)
        return tl::unexpected(facts.error());
    XmlText xml;
    xml.open("InitiateMultipartUploadResult", true);
    xml.leaf("Bucket", call.bucket);
    xml.leaf("Key", call.key);
    xml.leaf("UploadId", service.uploads.begin(call.bucket, call.key, std::move(*facts)));
    xml.close();
    return document(xml.take());
}

Outcome abortUpload(Service& service, const Call& call)
{
    const std::string id(call.query("uploadId"));
    if (!service.uploads.find(id, call.bucket, call.key))
        return tl::unexpected(noSuchUpload());
    service.uploads.end(id);
    Reply reply;
    reply.status = 204;
    return reply;
}

Outcome listParts(Service& service, const Call& call)
{
    const auto upload = service.uploads.find(call.query("uploadId"), call.bucket, call.key);
    if (!upload)
        return tl::unexpected(noSuchUpload());
    XmlText xml;
    xml.open("ListPartsResult", true);
    xml.leaf("Bucket", call.bucket);
    xml.leaf("Key", call.key);
    xml.leaf("UploadId", upload->id);
    xml.leaf("StorageClass", "STANDARD");
    xml.leaf("MaxParts", 10'000U);
    xml.flag("IsTruncated", false);
    for (const auto& [number, part] : upload->parts) {
        xml.open("Part");
        xml.leaf("PartNumber", static_cast<std::uint64_t>(number));
        xml.leaf("LastModified", isoTime(part.stamp.modified));
        xml.leaf("ETag", '"' + hex(part.md5) + '"');
        xml.leaf("Size", part.stamp.bytes);
        if (part.checksum)
            xml.leaf(elementOf(part.checksum->kind), part.checksum->value);
        xml.close();
    }
    xml.close();
    return document(xml.take());
}

Outcome listUploads(Service& service, const Call& call)
{
    if (auto bucket = service.bucket(call.bucket); !bucket)
        return tl::unexpected(bucket.error());
    XmlText xml;
    xml.open("ListMultipartUploadsResult", true);
    xml.leaf("Bucket", call.bucket);
    xml.leaf("Prefix", call.query("prefix"));
    xml.leaf("MaxUploads", 1000U);
    xml.flag("IsTruncated", false);
    for (const auto& upload : service.uploads.list(call.bucket, call.query("prefix"))) {
        xml.open("Upload");
        xml.leaf("Key", upload.key);
        xml.leaf("UploadId", upload.id);
        xml.leaf("StorageClass", "STANDARD");
        xml.leaf("Initiated", isoTime(upload.begun));
        xml.close();
    }
    xml.close();
    return document(xml.take());
}

} // namespace coldframe::s3
