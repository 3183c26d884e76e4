#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "s3/call.h"
#include "s3/digest.h"

namespace coldframe::s3 {

inline constexpr std::string_view kPlainType = "binary/octet-stream"; ///< when nobody names one

struct Checksum {
    ChecksumKind kind{};
    std::string value; ///< base64; of parts with "-N" behind it
};

/// What S3 keeps of an object beside its bytes.
struct ObjectFacts {
    std::string etag; ///< without quotes
    std::string contentType{kPlainType};
    Pairs headers; ///< Cache-Control and the like, names in lower case
    Pairs metadata; ///< of the user, names in lower case and without "x-amz-meta-"
    std::optional<Checksum> checksum;
};

/// From the headers of a request that makes an object. Error: MetadataTooLarge.
tl::expected<ObjectFacts, S3Error> factsOf(const Call& call);

/// The lines of an answer that tell of the object; not its length and time.
std::string headerLines(const ObjectFacts& facts);

/// By the ending of the key, as tools that upload files do; kPlainType when unknown.
std::string_view contentTypeOf(std::string_view key);

} // namespace coldframe::s3
