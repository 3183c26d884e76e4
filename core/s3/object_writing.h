#pragma once

#include "s3/body_intake.h"
#include "s3/reply.h"

namespace coldframe::s3 {

class Service;

/// Makes a written object visible, unless a condition of the call forbids it, and remembers its
/// facts. Returns when it was modified.
tl::expected<stores::ObjectStamp, S3Error>
makeVisible(Service& service, const Call& call, stores::ObjectWriter writer, ObjectFacts facts);

/// The end of PutObject.
Outcome finishPut(Service& service, const Call& call, BodyIntake& intake);
/// PutObject of a key that ends with a slash: an empty object, which is a folder here.
Outcome putFolder(Service& service, const Call& call);
/// The end of UploadPart, whose bytes were written to the store of parts.
Outcome finishPart(Service& service, const Call& call, BodyIntake& intake);

} // namespace coldframe::s3
