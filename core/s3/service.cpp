#include "s3/service.h"

#include "s3/operations.h"

namespace coldframe::s3 {

void Service::setBuckets(Buckets buckets)
{
    const std::lock_guard lock(m_mutex);
    m_buckets = std::make_shared<const Buckets>(std::move(buckets));
}

std::shared_ptr<const Buckets> Service::buckets() const
{
    const std::lock_guard lock(m_mutex);
    return m_buckets;
}

tl::expected<BucketStore, S3Error> Service::bucket(std::string_view name) const
{
    const std::shared_ptr<const Buckets> all = buckets();
    if (const auto it = all->find(name); it != all->end())
        return it->second;
    std::string known;
    for (const auto& [each, store] : *all)
        known += (known.empty() ? "" : ", ") + each;
    return tl::unexpected(noSuchBucket(name, known));
}

Outcome Service::run(const Call& call, std::string_view body)
{
    using enum Operation;
    switch (call.operation) {
    case ListBuckets:
        return listBuckets(*this);
    case HeadBucket:
        return headBucket(*this, call);
    case CreateBucket:
        return createBucket(*this, call);
    case GetBucketLocation:
        return bucketLocation(*this, call);
    case GetBucketVersioning:
        return bucketVersioning(*this, call);
    case ListObjects:
    case ListObjectsV2:
        return listObjects(*this, call);
    case DeleteObjects:
        return deleteObjects(*this, call, body);
    case DeleteObject:
        return deleteObject(*this, call);
    case HeadObject:
        return headObject(*this, call);
    case CopyObject:
        return copyObject(*this, call);
    case CreateMultipartUpload:
        return createUpload(*this, call);
    case UploadPartCopy:
        return copyPart(*this, call);
    case CompleteMultipartUpload:
        return completeUpload(*this, call, body);
    case AbortMultipartUpload:
        return abortUpload(*this, call);
    case ListParts:
        return listParts(*this, call);
    case ListMultipartUploads:
        return listUploads(*this, call);
    case GetObject:
    case PutObject:
    case UploadPart:
    case Other:
        break;
    }
    return tl::unexpected(notImplemented(call.operationName));
}

} // namespace coldframe::s3
