#include "interop/invoke_errors.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "interop/invoke_route.h"

namespace coldframe::interop {
namespace {

std::string_view reasonOf(Throttle why)
{
    switch (why) {
    case Throttle::Reserved:
        return "ReservedFunctionConcurrentInvocationLimitExceeded";
    case Throttle::Account:
        return "ConcurrentInvocationLimitExceeded";
    case Throttle::ScaleUp:
        return "FunctionInvocationRateLimitExceeded";
    case Throttle::Caller:
        break;
    }
    return "CallerRateLimitExceeded";
}

} // namespace

ApiError functionNotFound(const FunctionName& function)
{
    return {.status = 404,
            .type = "ResourceNotFoundException",
            .message = "Function not found: " + functionArn(function),
            .messageKey = "Message"};
}

ApiError invalidParameter(std::string message)
{
    return {.status = 400, .type = "InvalidParameterValueException", .message = std::move(message)};
}

ApiError invalidContent(std::string message)
{
    return {.status = 400, .type = "InvalidRequestContentException", .message = std::move(message)};
}

ApiError payloadTooLarge(std::size_t bytes, bool async, std::size_t limit)
{
    std::string message = bytes == 0
        ? fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation",
                      limit)
        : fmt::format("{} byte payload is too large for the {} invocation type (limit {} bytes)",
                      bytes, async ? "Event" : "RequestResponse", limit);
    return {.status = 413, .type = "RequestTooLargeException", .message = std::move(message)};
}

ApiError throttled(Throttle why, int retryAfterS)
{
    return {.status = 429,
            .type = "TooManyRequestsException",
            .message = "Rate Exceeded.",
            .reason = reasonOf(why),
            .retryAfterS = retryAfterS};
}

ApiError accessDenied(std::string message)
{
    return {.status = 403,
            .type = "AccessDeniedException",
            .message = std::move(message),
            .messageKey = "Message"};
}

ApiError recursion(int limit)
{
    return {.status = 400,
            .type = "RecursiveInvocationException",
            .message = fmt::format("A chain of {} functions was stopped: do they call each other "
                                   "in a circle?",
                                   limit),
            .messageKey = "Message"};
}

ApiError unknownRoute(std::string_view method, std::string_view target)
{
    constexpr std::size_t kShown = 200;
    return {.status = 404,
            .type = "UnknownOperationException",
            .message = fmt::format("Coldframe's Invoke API serves {}; not {} {}", kServedRoutes,
                                   method.substr(0, kShown), target.substr(0, kShown)),
            .messageKey = "Message"};
}

std::string errorHeaders(const ApiError& error, std::string_view requestId)
{
    std::string headers = fmt::format("Content-Type: application/json\r\nx-amzn-ErrorType: {}\r\n"
                                      "x-amzn-RequestId: {}\r\n",
                                      error.type, requestId);
    if (error.retryAfterS > 0)
        headers += fmt::format("Retry-After: {}\r\n", error.retryAfterS);
    return headers;
}

std::string errorBody(const ApiError& error)
{
    nlohmann::ordered_json body;
    if (!error.reason.empty())
        body["Reason"] = error.reason;
    body["Type"] = "User";
    body[std::string(error.messageKey)] = error.message;
    using Handler = nlohmann::ordered_json::error_handler_t;
    return body.dump(-1, ' ', false, Handler::replace); // names from the wire may be any bytes
}

} // namespace coldframe::interop
