#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/error.h"

namespace coldframe::s3 {

struct Call;

/// A refusal in S3's shape. Codes and statuses: Amazon S3 API reference, "Error responses", read
/// 2026-11.
struct S3Error {
    int status = 0;
    std::string code; ///< SDKs make exceptions of it
    std::string message;
    std::vector<std::pair<std::string, std::string>> more; ///< further elements
};

S3Error noSuchBucket(std::string_view bucket, const std::string& known);
S3Error noSuchKey(std::string_view key);
S3Error noSuchUpload();
S3Error invalidUri(std::string message);
S3Error invalidArgument(std::string message, std::string_view name, std::string_view value);
S3Error invalidRequest(std::string message);
S3Error accessDenied(std::string message);
S3Error preconditionFailed(std::string_view condition);
S3Error notImplemented(std::string_view operation, std::string_view what = {});
S3Error badDigest(std::string message);
S3Error incompleteBody();
S3Error entityTooLarge(std::uint64_t bytes, std::uint64_t most);
S3Error malformedXml();
S3Error internalError(std::string message);

/// What a store refused to do with `key`.
S3Error fromStore(const Error& error, std::string_view key);

/// The document that goes with it.
std::string errorBody(const S3Error& error, const std::string& resource, const std::string& id);

} // namespace coldframe::s3
