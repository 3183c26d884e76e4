#pragma once

#include <string>
#include <string_view>

#include "model/workspace.h"

namespace coldframe::gateway {

/// What the caller gets.
struct HttpAnswer {
    int status = 200;
    std::string headers; ///< whole lines, each ending in CRLF
    std::string body;
    std::string problem; ///< why a function's result could not be made an answer; then it is a 502
};

/// {"message": "Not Found"}, as a gateway words what it answers itself.
HttpAnswer gatewayAnswer(int status, std::string_view message);

/// The answer that a handler's result means.
///
/// Format 2.0: an object with `statusCode` says all (`headers`, `cookies`, `body`,
/// `isBase64Encoded`); any other JSON is a body of type application/json with status 200, a text
/// without its quotes. Format 1.0: `statusCode` is required, `multiValueHeaders` may be there. What
/// is not of that shape is a 502, with what was wrong in `problem`.
///
/// Source: as httpEvent().
HttpAnswer httpAnswer(std::string_view result, HttpPayload payload);

} // namespace coldframe::gateway
