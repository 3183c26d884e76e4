#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "s3/operation.h"
#include "s3/s3_error.h"

namespace coldframe::http {
class Request;
}

namespace coldframe::s3 {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A request's head, taken apart and decoded.
struct Call {
    std::string method;
    std::string bucket, key; ///< empty: of the service, of the bucket
    Pairs queries; ///< decoded
    Pairs headers; ///< names in lower case
    std::string accessKey; ///< of who calls; the signature is not verified
    std::string id; ///< x-amz-request-id
    Operation operation = Operation::Other;
    std::string operationName; ///< as AWS calls it; may be empty for Other

    bool asks(std::string_view name) const; ///< the query has it, with or without a value
    std::string_view query(std::string_view name) const; ///< empty when there is none
    std::string_view header(std::string_view name) const; ///< likewise; `name` in lower case
    std::string resource() const { return '/' + bucket + (key.empty() ? key : '/' + key); }
};

/// Path style: "/BUCKET/KEY?QUERY". Errors: a path that is not properly encoded.
tl::expected<Call, S3Error> readCall(const http::Request& request);

/// Decodes %XX; nothing else. False when that is malformed.
bool percentDecode(std::string_view text, std::string& decoded);
/// Encodes all but letters, digits, "-._~" and "/".
std::string percentEncode(std::string_view text);

} // namespace coldframe::s3
