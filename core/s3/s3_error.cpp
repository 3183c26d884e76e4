#include "s3/s3_error.h"

#include <fmt/format.h>

#include "s3/xml_text.h"
#include "stores/object_key.h"

namespace coldframe::s3 {

S3Error noSuchBucket(std::string_view bucket, const std::string& known)
{
    return {404,
            "NoSuchBucket",
            fmt::format("The specified bucket does not exist: buckets are the stores of the "
                        "workspace, which has {}.",
                        known.empty() ? "none" : known),
            {{"BucketName", std::string(bucket)}}};
}

S3Error noSuchKey(std::string_view key)
{
    return {404, "NoSuchKey", "The specified key does not exist.", {{"Key", std::string(key)}}};
}

S3Error noSuchUpload()
{
    return {404, "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may "
            "have been aborted or completed."};
}

S3Error invalidUri(std::string message)
{
    return {400, "InvalidURI", std::move(message)};
}

S3Error invalidArgument(std::string message, std::string_view name, std::string_view value)
{
    return {400,
            "InvalidArgument",
            std::move(message),
            {{"ArgumentName", std::string(name)}, {"ArgumentValue", std::string(value)}}};
}

S3Error invalidRequest(std::string message)
{
    return {400, "InvalidRequest", std::move(message)};
}

S3Error accessDenied(std::string message)
{
    return {403, "AccessDenied", std::move(message)};
}

S3Error preconditionFailed(std::string_view condition)
{
    return {412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
            {{"Condition", std::string(condition)}}};
}

S3Error notImplemented(std::string_view operation, std::string_view what)
{
    return {501, "NotImplemented",
            fmt::format("{} is not implemented here{}{}.",
                        operation.empty() ? "This request" : operation, what.empty() ? "" : ": ",
                        what)};
}

S3Error badDigest(std::string message)
{
    return {400, "BadDigest", std::move(message)};
}

S3Error incompleteBody()
{
    return {400, "IncompleteBody",
            "You did not provide the number of bytes specified by the request's headers."};
}

S3Error entityTooLarge(std::uint64_t bytes, std::uint64_t most)
{
    return {400,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            {{"ProposedSize", std::to_string(bytes)}, {"MaxSizeAllowed", std::to_string(most)}}};
}

S3Error malformedXml()
{
    return {400, "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published "
            "schema"};
}

S3Error internalError(std::string message)
{
    return {500, "InternalError", std::move(message)};
}

S3Error fromStore(const Error& error, std::string_view key)
{
    using Code = Error::Code;
    switch (error.code) {
    case Code::Missing:
        return noSuchKey(key);
    case Code::Malformed: {
        std::size_t longest = 0, part = 0;
        for (const char c : key)
            longest = std::max(longest, part = c == '/' ? 0 : part + 1);
        if (key.size() > stores::kMaxKeyBytes || longest > stores::kMaxNameBytes)
            return {400,
                    "KeyTooLongError",
                    describe(error),
                    {{"Size", std::to_string(key.size())},
                     {"MaxSizeAllowed", std::to_string(stores::kMaxKeyBytes)}}};
        return invalidUri(describe(error));
    }
    case Code::Conflict:
        return accessDenied(describe(error));
    case Code::Duplicate:
        return preconditionFailed("If-None-Match");
    default:
        return internalError(describe(error));
    }
}

std::string errorBody(const S3Error& error, const std::string& resource, const std::string& id)
{
    XmlText xml;
    xml.open("Error");
    xml.leaf("Code", error.code);
    xml.leaf("Message", error.message);
    for (const auto& [name, value] : error.more)
        xml.leaf(name, value);
    xml.leaf("Resource", resource);
    xml.leaf("RequestId", id);
    xml.close();
    return xml.take();
}

} // namespace coldframe::s3
