#include "interop/invoke_request.h"

#include <fmt/format.h>

#include "interop/json_check.h"
#include "model/base64.h"

namespace coldframe::interop {
namespace {

constexpr std::string_view kLatest = "$LATEST";
constexpr std::size_t kMostContext = 3583; ///< base64 bytes, AWS Lambda API Reference, Invoke

tl::unexpected<ApiError> badName(std::string_view name)
{
    return tl::unexpected(invalidParameter(fmt::format(
        "\"{}\" names no function: use NAME, NAME:QUALIFIER, ACCOUNT:function:NAME or a whole ARN",
        name.substr(0, 200))));
}

tl::expected<InvocationType, ApiError> readType(const InvokeRoute& route, std::string_view header)
{
    if (route.kind == InvokeRoute::Kind::InvokeAsync)
        return InvocationType::Event;
    if (header.empty() || header == "RequestResponse")
        return InvocationType::RequestResponse;
    if (header == "Event")
        return InvocationType::Event;
    if (header == "DryRun")
        return InvocationType::DryRun;
    return tl::unexpected(invalidParameter(fmt::format(
        "X-Amz-Invocation-Type must be RequestResponse, Event or DryRun, got \"{}\"", header)));
}

tl::expected<std::string, ApiError> readContext(std::string_view header)
{
    if (header.size() > kMostContext)
        return tl::unexpected(invalidContent(fmt::format(
            "Client context must not exceed {} bytes, got {}", kMostContext, header.size())));
    std::optional<std::string> json = fromBase64(header, Padding::Optional);
    if (!json || !json->starts_with('{') || findJsonFault(*json))
        return tl::unexpected(
            invalidContent("Client context must be a valid Base64-encoded JSON object."));
    // It goes on in a header line. In valid JSON these stand only between tokens.
    for (char& c : *json) {
        if (c == '\n' || c == '\r' || c == '\t')
            c = ' ';
    }
    return std::move(*json);
}

} // namespace

tl::expected<FunctionId, ApiError> findFunction(const InvokeRoute& route,
                                                const InvokeBackend& backend)
{
    std::string_view text = route.function;
    std::optional<std::string> decoded;
    if (text.find('%') != std::string_view::npos) {
        decoded = percentDecode(text);
        if (!decoded)
            return badName(text);
        text = *decoded;
    }
    std::optional<FunctionName> name = parseFunctionName(text);
    if (!name)
        return badName(text);
    std::string qualifier;
    if (!route.query.empty()) {
        std::optional<std::string> value = queryValue(route.query, "Qualifier");
        if (!value)
            return tl::unexpected(invalidParameter("The Qualifier is not percent-encoded rightly"));
        qualifier = std::move(*value);
        if (!qualifier.empty() && !name->qualifier.empty() && qualifier != name->qualifier)
            return tl::unexpected(
                invalidParameter("The derived qualifier from the function name does not match the "
                                 "specified qualifier."));
        if (!qualifier.empty())
            name->qualifier = qualifier;
    }
    const FunctionId function = backend.find(name->name);
    if (function == kNoFunction || (!name->qualifier.empty() && name->qualifier != kLatest))
        return tl::unexpected(functionNotFound(*name));
    return function;
}

tl::expected<InvokeRequest, ApiError> readInvokeRequest(const http::Request& request,
                                                        const InvokeRoute& route,
                                                        const InvokeBackend& backend)
{
    const auto function = findFunction(route, backend);
    if (!function)
        return tl::unexpected(function.error());
    const auto type = readType(route, request.header("X-Amz-Invocation-Type"));
    if (!type)
        return tl::unexpected(type.error());
    InvokeRequest read{.function = *function, .type = *type};
    const std::string_view log = request.header("X-Amz-Log-Type");
    read.tail = log == "Tail";
    if (!log.empty() && !read.tail && log != "None")
        return tl::unexpected(
            invalidParameter(fmt::format("X-Amz-Log-Type must be None or Tail, got \"{}\"", log)));
    const std::string_view context = request.header("X-Amz-Client-Context");
    if (!context.empty()) {
        auto json = readContext(context);
        if (!json)
            return tl::unexpected(json.error());
        if (read.type == InvocationType::RequestResponse) // others pass none on, as on AWS
            read.clientContext = std::move(*json);
    }
    return read;
}

std::optional<ApiError> checkPayload(std::string& payload, bool async, const InvokeLimits& limits)
{
    const std::size_t limit = async ? limits.asyncBytes : limits.syncBytes;
    if (payload.size() > limit)
        return payloadTooLarge(payload.size(), async, limit);
    if (payload.empty())
        payload = "{}";
    if (const auto fault = findJsonFault(payload))
        return invalidContent("Could not parse request body into json: Could not parse payload "
                              "into json: "
                              + describeFault(payload, *fault));
    return std::nullopt;
}

} // namespace coldframe::interop
