#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "interop/function_name.h"
#include "interop/invoke_backend.h"

namespace coldframe::interop {

/// An error as the Invoke API words it: SDKs make an exception of the class `type` from it.
struct ApiError {
    int status = 0;
    std::string_view type; ///< "ResourceNotFoundException"; goes into x-amzn-ErrorType
    std::string message;
    std::string_view messageKey = "message"; ///< some are written "Message"
    std::string_view reason; ///< Reason of a 429
    int retryAfterS = 0; ///< 0: no such header
};

// Wordings and letter case as observed on AWS Lambda, in public bug reports and in LocalStack's
// recorded answers (2025-11).
ApiError functionNotFound(const FunctionName& function);
ApiError invalidParameter(std::string message);
ApiError invalidContent(std::string message);
/// The body of a synchronous or an asynchronous call; `bytes` 0 when its size is not known.
ApiError payloadTooLarge(std::size_t bytes, bool async, std::size_t limit);
ApiError throttled(Throttle why, int retryAfterS);
ApiError accessDenied(std::string message);
/// A chain of functions that call each other came round `limit` times.
ApiError recursion(int limit);
ApiError unknownRoute(std::string_view method, std::string_view target);

/// Header lines and body of an error on the wire.
std::string errorHeaders(const ApiError& error, std::string_view requestId);
std::string errorBody(const ApiError& error);

} // namespace coldframe::interop
