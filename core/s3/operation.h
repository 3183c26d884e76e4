#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coldframe::s3 {

/// What a request asks for. Named as in the documentation of Amazon S3.
enum class Operation : std::uint8_t {
    ListBuckets,
    HeadBucket,
    CreateBucket,
    GetBucketLocation,
    GetBucketVersioning,
    ListObjects,
    ListObjectsV2,
    DeleteObjects,
    ListMultipartUploads,
    GetObject,
    HeadObject,
    PutObject,
    CopyObject,
    DeleteObject,
    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    ListParts,
    Other, ///< known or not, but not served here
};

/// "GetObject".
std::string_view nameOf(Operation operation);

/// Whether it makes or replaces an object that others then see.
constexpr bool makesObject(Operation operation)
{
    return operation == Operation::PutObject || operation == Operation::CopyObject
        || operation == Operation::CompleteMultipartUpload;
}

/// Whether it brings data from the store to its caller.
constexpr bool reads(Operation operation)
{
    switch (operation) {
    case Operation::GetObject:
    case Operation::HeadObject:
    case Operation::ListObjects:
    case Operation::ListObjectsV2:
    case Operation::ListBuckets:
    case Operation::HeadBucket:
    case Operation::GetBucketLocation:
    case Operation::GetBucketVersioning:
        return true;
    default:
        return false;
    }
}

struct Call;

/// Finds the operation of a request whose method, bucket, key, query and headers are set; for
/// Other, `name` says what AWS calls it, or is empty.
Operation findOperation(const Call& call, std::string& name);

} // namespace coldframe::s3
