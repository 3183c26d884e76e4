#pragma once

#include <string_view>

#include "s3/reply.h"

// What each operation does. All of it blocks on the disk.
namespace coldframe::s3 {

class Service;

// bucket_operations.cpp
Outcome listBuckets(Service& service);
Outcome headBucket(Service& service, const Call& call);
Outcome createBucket(Service& service, const Call& call);
Outcome bucketLocation(Service& service, const Call& call);
Outcome bucketVersioning(Service& service, const Call& call);

// list_objects.cpp
Outcome listObjects(Service& service, const Call& call);

// delete_objects.cpp
Outcome deleteObject(Service& service, const Call& call);
Outcome deleteObjects(Service& service, const Call& call, std::string_view body);

// object_reading.cpp
Outcome headObject(Service& service, const Call& call);

// copy_operations.cpp
Outcome copyObject(Service& service, const Call& call);
Outcome copyPart(Service& service, const Call& call);

// multipart_operations.cpp
Outcome createUpload(Service& service, const Call& call);
Outcome abortUpload(Service& service, const Call& call);
Outcome listParts(Service& service, const Call& call);
Outcome listUploads(Service& service, const Call& call);

// complete_upload.cpp
Outcome completeUpload(Service& service, const Call& call, std::string_view body);

} // namespace coldframe::s3
