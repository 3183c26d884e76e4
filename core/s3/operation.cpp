#include "s3/operation.h"

#include <array>

#include "s3/call.h"

namespace coldframe::s3 {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Operation::Other) + 1> kNames{
    "ListBuckets",
    "HeadBucket",
    "CreateBucket",
    "GetBucketLocation",
    "GetBucketVersioning",
    "ListObjects",
    "ListObjectsV2",
    "DeleteObjects",
    "ListMultipartUploads",
    "GetObject",
    "HeadObject",
    "PutObject",
    "CopyObject",
    "DeleteObject",
    "CreateMultipartUpload",
    "UploadPart",
    "UploadPartCopy",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
    "ListParts",
    "Other",
};

/// Parts of buckets and objects that have operations of their own, none of them served here.
/// Source: Amazon S3 API reference, "Actions", read 2026-11.
struct PathPart {
    std::string_view query, name;
};
constexpr std::array<PathPart, 24> kParts{{
    {"acl", "Acl"},
    {"tagging", "Tagging"},
    {"policy", "Policy"},
    {"policyStatus", "PolicyStatus"},
    {"cors", "Cors"},
    {"lifecycle", "LifecycleConfiguration"},
    {"website", "Website"},
    {"notification", "NotificationConfiguration"},
    {"encryption", "Encryption"},
    {"replication", "Replication"},
    {"logging", "Logging"},
    {"accelerate", "AccelerateConfiguration"},
    {"requestPayment", "RequestPayment"},
    {"ownershipControls", "OwnershipControls"},
    {"publicAccessBlock", "PublicAccessBlock"},
    {"analytics", "AnalyticsConfiguration"},
    {"metrics", "MetricsConfiguration"},
    {"inventory", "InventoryConfiguration"},
    {"object-lock", "LockConfiguration"},
    {"retention", "Retention"},
    {"legal-hold", "LegalHold"},
    {"attributes", "Attributes"},
    {"torrent", "Torrent"},
    {"versioning", "Versioning"},
}};

std::string nameOfPart(const Call& call)
{
    const bool object = !call.key.empty();
    if (call.asks("versions"))
        return "ListObjectVersions";
    if (call.asks("restore"))
        return "RestoreObject";
    if (call.asks("select"))
        return "SelectObjectContent";
    for (const PathPart& part : kParts) {
        if (!call.asks(part.query))
            continue;
        std::string name = call.method == "PUT" ? "Put"
            : call.method == "DELETE"           ? "Delete"
                                                : "Get";
        name += object && part.query != "publicAccessBlock" ? "Object" : "Bucket";
        return name + std::string(part.name);
    }
    return {};
}

Operation ofBucket(const Call& call, std::string& name)
{
    if (call.method == "HEAD")
        return Operation::HeadBucket;
    if (call.method == "POST") {
        if (call.asks("delete"))
            return Operation::DeleteObjects;
        name = "PostObject";
        return Operation::Other;
    }
    if (call.method == "GET") {
        if (call.asks("location"))
            return Operation::GetBucketLocation;
        if (call.asks("versioning"))
            return Operation::GetBucketVersioning;
        if (call.asks("uploads"))
            return Operation::ListMultipartUploads;
    }
    name = nameOfPart(call);
    if (!name.empty())
        return Operation::Other;
    if (call.method == "GET")
        return call.query("list-type") == "2" ? Operation::ListObjectsV2 : Operation::ListObjects;
    if (call.method == "PUT")
        return Operation::CreateBucket;
    if (call.method == "DELETE")
        name = "DeleteBucket";
    return Operation::Other;
}

Operation ofObject(const Call& call, std::string& name)
{
    const bool part = call.asks("uploadId");
    if (call.method == "POST") {
        if (call.asks("uploads"))
            return Operation::CreateMultipartUpload;
        if (part)
            return Operation::CompleteMultipartUpload;
    }
    if (call.method == "PUT" && part)
        return call.header("x-amz-copy-source").empty() ? Operation::UploadPart
                                                        : Operation::UploadPartCopy;
    if (call.method == "GET" && part)
        return Operation::ListParts;
    if (call.method == "DELETE" && part)
        return Operation::AbortMultipartUpload;
    name = nameOfPart(call);
    if (!name.empty())
        return Operation::Other;
    if (call.method == "GET")
        return Operation::GetObject;
    if (call.method == "HEAD")
        return Operation::HeadObject;
    if (call.method == "DELETE")
        return Operation::DeleteObject;
    if (call.method == "PUT")
        return call.header("x-amz-copy-source").empty() ? Operation::PutObject
                                                        : Operation::CopyObject;
    return Operation::Other;
}

} // namespace

std::string_view nameOf(Operation operation)
{
    return kNames[static_cast<std::size_t>(operation)];
}

Operation findOperation(const Call& call, std::string& name)
{
    if (!call.key.empty())
        return ofObject(call, name);
    if (!call.bucket.empty())
        return ofBucket(call, name);
    return call.method == "GET" ? Operation::ListBuckets : Operation::Other;
}

} // namespace coldframe::s3
