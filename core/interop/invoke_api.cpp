#include "interop/invoke_api.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "http/access_key.h"
#include "http/origin_guard.h"
#include "interop/function_documents.h"
#include "interop/invoke_request.h"

namespace coldframe::interop {
namespace {

using Kind = InvokeRoute::Kind;

/// However much the platform takes, memory has an end.
constexpr std::size_t kMostBodyBytes = 64U << 20U;
constexpr std::chrono::minutes kIdleTime{10};

/// Content-Length, or 0.
std::size_t announcedSize(const http::Request& request)
{
    const std::string_view text = request.header("Content-Length");
    std::size_t size = 0;
    std::from_chars(text.data(), text.data() + text.size(), size);
    return size;
}

bool isEvent(const http::Request& request)
{
    return request.header("X-Amz-Invocation-Type") == "Event"
        || findRoute(request.method, request.target).kind == Kind::InvokeAsync;
}

} // namespace

Result<std::unique_ptr<InvokeApi>> InvokeApi::listen(boost::asio::io_context& io,
                                                     std::uint16_t port, InvokeBackend& backend)
{
    auto api = std::unique_ptr<InvokeApi>(new InvokeApi(backend));
    http::Limits limits;
    limits.idleTime = kIdleTime;
    http::Callbacks callbacks;
    callbacks.handle = [self = api.get()](http::Request&& request, http::Responder responder) {
        self->handle(std::move(request), std::move(responder));
    };
    callbacks.bodyRule = [self = api.get(), time = limits.requestTime](const http::Request&) {
        return http::BodyRule{std::min(self->m_backend.limits().syncBytes, kMostBodyBytes), time};
    };
    callbacks.refuse
        = [self = api.get()](const http::Refusal& refusal) { return self->wordRefusal(refusal); };
    auto server = http::Server::listen(io, {.port = port}, limits, std::move(callbacks));
    if (!server)
        return tl::unexpected(server.error());
    api->m_server = std::move(*server);
    return api;
}

InvokeApi::~InvokeApi() = default;

void InvokeApi::handle(http::Request&& request, http::Responder responder)
{
    if (std::optional<std::string> foreign = http::foreignCaller(request))
        return refuse(responder, accessDenied(std::move(*foreign)));
    const InvokeRoute route = findRoute(request.method, request.target);
    switch (route.kind) {
    case Kind::Invoke:
    case Kind::InvokeAsync:
        return invoke(std::move(request), std::move(responder), route);
    case Kind::ListFunctions:
    case Kind::GetFunction:
    case Kind::GetConfiguration:
        return tell(std::move(responder), route);
    case Kind::Unknown:
        break;
    }
    refuse(responder, unknownRoute(request.method, request.target));
}

void InvokeApi::invoke(http::Request&& request, http::Responder responder, const InvokeRoute& route)
{
    auto head = readInvokeRequest(request, route, m_backend);
    if (!head)
        return refuse(responder, head.error());
    const bool async = head->type == InvocationType::Event;
    if (const auto fault = checkPayload(request.body, async, m_backend.limits()))
        return refuse(responder, *fault);
    InvokeCall call{.function = head->function,
                    .async = async,
                    .requestId = m_backend.newRequestId(),
                    .payload = std::move(request.body),
                    .clientContext = std::move(head->clientContext),
                    .accessKey = std::string(http::accessKeyOf(request.header("Authorization")))};
    InvokeReply reply(std::move(responder), call.requestId, head->tail && !async);
    if (head->type == InvocationType::DryRun)
        reply.dryRun();
    else
        m_backend.invoke(std::move(call), std::move(reply));
}

void InvokeApi::tell(http::Responder responder, const InvokeRoute& route)
{
    const std::vector<FunctionInfo> functions = m_backend.functions();
    std::string body;
    if (route.kind == Kind::ListFunctions) {
        body = functionList(functions);
    } else {
        auto found = findFunction(route, m_backend);
        if (!found)
            return refuse(responder, found.error());
        const auto info = std::ranges::find(functions, *found, &FunctionInfo::id);
        assert(info != functions.end() && "what find() knows, functions() tells");
        body = route.kind == Kind::GetFunction ? functionDocument(*info)
                                               : functionConfiguration(*info);
    }
    responder.respond(
        200,
        "Content-Type: application/json\r\nx-amzn-RequestId: " + m_backend.newRequestId() + "\r\n",
        body);
}

void InvokeApi::refuse(http::Responder& responder, const ApiError& error)
{
    responder.respond(error.status, errorHeaders(error, m_backend.newRequestId()),
                      errorBody(error));
}

/// What the server itself turns down, in the API's shape.
http::RefusalAnswer InvokeApi::wordRefusal(const http::Refusal& refusal)
{
    ApiError error{.status = refusal.status,
                   .type = "InvalidRequestContentException",
                   .message = std::string(refusal.reason)};
    if (refusal.status == 413 && refusal.request) {
        const bool async = isEvent(*refusal.request);
        const InvokeLimits limits = m_backend.limits();
        error = payloadTooLarge(announcedSize(*refusal.request), async,
                                async ? limits.asyncBytes : limits.syncBytes);
    } else if (refusal.status >= 500) {
        error.type = "ServiceException";
    }
    return {errorHeaders(error, m_backend.newRequestId()), errorBody(error)};
}

} // namespace coldframe::interop
