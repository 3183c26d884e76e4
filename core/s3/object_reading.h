#pragma once

#include "s3/byte_range.h"
#include "s3/reply.h"
#include "stores/object.h"

namespace coldframe::s3 {

class Service;

/// What GetObject and HeadObject answer: the head, and where its body lies.
struct Reading {
    Reply head;
    stores::OpenObject object;
    ByteRange range;
};

/// Opens the object a call names and judges its conditions and range.
tl::expected<Reading, S3Error> openForReading(Service& service, const Call& call);

} // namespace coldframe::s3
