#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "s3/call.h"
#include "s3/s3_error.h"

namespace coldframe::s3 {

/// A whole answer.
struct Reply {
    int status = 200;
    std::string headers; ///< lines, each ending in CRLF, without those of every answer
    std::string body;
    std::uint64_t bytes = 0; ///< of the object that were read or written

    void header(std::string_view name, std::string_view value)
    {
        headers.append(name).append(": ").append(value).append("\r\n");
    }
};

Reply replyOf(const S3Error& error, const Call& call);
/// 200 with an XML document.
Reply document(std::string xml);
/// What every answer carries: the request's ids.
std::string commonHeaders(const Call& call);

/// An answer, or why there is none.
using Outcome = tl::expected<Reply, S3Error>;

} // namespace coldframe::s3
