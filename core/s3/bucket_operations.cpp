#include <sys/stat.h>

#include "model/outside_time.h"
#include "s3/operations.h"
#include "s3/service.h"
#include "s3/time_text.h"
#include "s3/xml_text.h"

namespace coldframe::s3 {

Outcome listBuckets(Service& service)
{
    XmlText xml;
    xml.open("ListAllMyBucketsResult", true);
    xml.open("Owner");
    xml.leaf("ID", "COLDFRAME");
    xml.leaf("DisplayName", "coldframe");
    xml.close();
    xml.open("Buckets");
    for (const auto& [name, store] : *service.buckets()) {
        struct stat status { };
        ::stat(store->folder().c_str(), &status);
        xml.open("Bucket");
        xml.leaf("Name", name);
        const timespec made{status.st_mtim.tv_sec, 0};
        xml.leaf("CreationDate", isoTime(TimePoint(Duration(nanosecondsOf(made)))));
        xml.close();
    }
    xml.close();
    xml.close();
    return document(xml.take());
}

Outcome headBucket(Service& service, const Call& call)
{
    if (auto bucket = service.bucket(call.bucket); !bucket)
        return tl::unexpected(bucket.error());
    Reply reply;
    reply.header("x-amz-bucket-region", "us-east-1");
    return reply;
}

/// In us-east-1 making one's own bucket again is no error.
Outcome createBucket(Service& service, const Call& call)
{
    if (!service.bucket(call.bucket))
        return tl::unexpected(notImplemented(call.operationName,
                                             "a bucket is a folder store of the workspace; add \""
                                                 + call.bucket
                                                 + "\" to \"stores\" in coldframe.json"));
    Reply reply;
    reply.header("Location", '/' + percentEncode(call.bucket));
    return reply;
}

Outcome bucketLocation(Service& service, const Call& call)
{
    if (auto bucket = service.bucket(call.bucket); !bucket)
        return tl::unexpected(bucket.error());
    XmlText xml;
    xml.open("LocationConstraint", true); // empty: us-east-1
    xml.close();
    return document(xml.take());
}

Outcome bucketVersioning(Service& service, const Call& call)
{
    if (auto bucket = service.bucket(call.bucket); !bucket)
        return tl::unexpected(bucket.error());
    XmlText xml;
    xml.open("VersioningConfiguration", true); // empty: never switched on
    xml.close();
    return document(xml.take());
}

} // namespace coldframe::s3
