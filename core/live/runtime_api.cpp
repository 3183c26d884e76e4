#include "live/runtime_api.h"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/base64.h"

namespace coldframe::live {

namespace {

constexpr std::string_view kRuntime = "/2018-06-01/runtime/";
constexpr std::string_view kDebug = "/coldframe/debug/"; // of the shipped runtimes: not Lambda's
constexpr std::string_view kJson = "Content-Type: application/json\r\n";
constexpr std::string_view kOk = "{\"status\":\"OK\"}\n";

std::string errorBody(std::string_view type, std::string_view message)
{
    return nlohmann::ordered_json{{"errorMessage", message}, {"errorType", type}}.dump() + '\n';
}

bool streams(const http::Request& request)
{
    return http::equalNames(request.header("Lambda-Runtime-Function-Response-Mode"), "streaming");
}

/// "…/invocation/ID/response" → ID and "response".
struct InvocationPath {
    std::string_view id, verb;
};
InvocationPath splitInvocation(std::string_view path)
{
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos)
        return {path, {}};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

/// Root=1-TIME-ID;Parent=ID;Sampled=0, made of the request id so that it costs no randomness.
void appendTrace(std::string& out, std::string_view requestId, std::int64_t deadlineMs)
{
    std::string hex;
    for (const char c : requestId)
        if (c != '-')
            hex += c;
    hex.resize(40, '0');
    fmt::format_to(std::back_inserter(out),
                   "Lambda-Runtime-Trace-Id: Root=1-{:08x}-{};Parent={};Sampled=0\r\n",
                   deadlineMs / 1000, hex.substr(0, 24), hex.substr(16, 16));
}

/// What is no base64 is kept as it came, rather than lost.
std::string errorBodyOf(std::string_view header)
{
    return fromBase64(header, Padding::Optional).value_or(std::string(header));
}

} // namespace

RuntimeApi::RuntimeApi(boost::asio::io_context& io, RuntimeApiLimits limits,
                       RuntimeApiCallbacks callbacks)
    : m_io(io), m_limits(limits), m_callbacks(std::move(callbacks))
{ }

Result<std::unique_ptr<RuntimeApi>> RuntimeApi::open(boost::asio::io_context& io,
                                                     RuntimeApiLimits limits,
                                                     RuntimeApiCallbacks callbacks)
{
    std::unique_ptr<RuntimeApi> api(new RuntimeApi(io, limits, std::move(callbacks)));
    auto server = api->listen();
    if (!server)
        return tl::unexpected(server.error());
    api->m_server = std::move(*server);
    return api;
}

Result<std::unique_ptr<http::Server>> RuntimeApi::listen()
{
    http::Callbacks serve;
    serve.handle = [this](http::Request&& request, http::Responder responder) {
        handle(std::move(request), std::move(responder));
    };
    serve.bodyRule = [limits = m_limits](const http::Request& request) {
        // A handler may stream for minutes.
        return streams(request) ? http::BodyRule{limits.streamBytes, std::chrono::minutes(16)}
                                : http::BodyRule{limits.responseBytes, std::chrono::minutes(16)};
    };
    serve.refuse = [this](const http::Refusal& refusal) { return refuse(refusal); };
    http::Limits bounds;
    bounds.connections = 256;
    return http::Server::listen(m_io, {}, bounds, std::move(serve));
}

void RuntimeApi::reset()
{
    m_parked = {};
    m_initialised = false;
    m_current.clear();
    if (auto fresh = listen())
        m_server = std::move(*fresh);
    // Else no socket is to be had just now: the old one goes on serving.
}

void RuntimeApi::handle(http::Request&& request, http::Responder responder)
{
    const std::string_view target = request.target;
    if (target == "/2018-06-01/ping" || target == "/ping") {
        responder.respond(200, "Content-Type: text/plain\r\n", "pong");
        return;
    }
    if (target.starts_with(kDebug))
        return debug(request, std::move(responder), target.substr(kDebug.size()));
    if (!target.starts_with(kRuntime)) {
        return turnDown(responder, 404, "NotFound", "No such path in the Runtime API");
    }
    const std::string_view path = target.substr(kRuntime.size());
    if (request.method == "GET" && path == "invocation/next") {
        next(std::move(responder));
    } else if (request.method == "POST" && path == "init/error") {
        initError(request, responder);
    } else if (request.method == "POST" && path.starts_with("invocation/")) {
        const auto [id, verb] = splitInvocation(path.substr(11));
        if (verb == "response" || verb == "error")
            answer(request, responder, id, verb == "error");
        else
            turnDown(responder, 404, "NotFound", "No such path in the Runtime API");
    } else {
        turnDown(responder, 404, "NotFound", "No such path in the Runtime API");
    }
}

void RuntimeApi::next(http::Responder responder)
{
    if (!m_current.empty()) {
        return turnDown(responder, 403, "InvalidStateTransition",
                        "The invocation under way has not been answered yet");
    }
    m_initialised = true;
    m_parked = std::move(responder);
    m_callbacks.next(); // may deliver
    if (m_hasPending && m_parked.connected())
        hand();
}

void RuntimeApi::deliver(Delivery delivery)
{
    m_pending = std::move(delivery);
    m_hasPending = true;
    if (m_parked.connected())
        hand();
}

void RuntimeApi::hand()
{
    m_hasPending = false;
    m_current = m_pending.requestId;
    m_pending.deadlineMs += m_callbacks.taken() / std::chrono::milliseconds(1);
    m_headers.assign(kJson);
    fmt::format_to(std::back_inserter(m_headers),
                   "Lambda-Runtime-Aws-Request-Id: {}\r\nLambda-Runtime-Deadline-Ms: {}\r\n"
                   "Lambda-Runtime-Invoked-Function-Arn: {}\r\n",
                   m_pending.requestId, m_pending.deadlineMs, m_pending.functionArn);
    appendTrace(m_headers, m_pending.requestId, m_pending.deadlineMs);
    if (!m_pending.clientContext.empty())
        fmt::format_to(std::back_inserter(m_headers), "Lambda-Runtime-Client-Context: {}\r\n",
                       m_pending.clientContext);
    m_debugging = {};
    m_debugReleased = false;
    if (m_pending.debugPort != 0)
        fmt::format_to(std::back_inserter(m_headers), "Coldframe-Debug-Port: {}\r\n",
                       m_pending.debugPort);
    http::Responder parked = std::move(m_parked);
    m_parked = {};
    if (m_pending.body->size() > 64 * 1024)
        parked.respond(200, m_headers, m_pending.body);
    else
        parked.respond(200, m_headers, std::string_view(*m_pending.body));
    m_pending.body.reset();
}

void RuntimeApi::debug(http::Request& request, http::Responder responder, std::string_view what)
{
    if (request.method == "GET" && what == "release") {
        m_debugging = std::move(responder);
        if (m_debugReleased)
            releaseDebugger();
    } else if (request.method == "POST"
               && (what == "listening" || what == "attached" || what == "failed")) {
        const auto details = nlohmann::json::parse(request.body, nullptr, false);
        const std::string why
            = details.is_object() && details.contains("message") && details["message"].is_string()
            ? details["message"].get<std::string>()
            : std::string();
        const bool named = details.is_object() && details.contains("port")
            && details["port"].is_number_unsigned();
        responder.respond(202, kJson, kOk);
        m_callbacks.debugging(what, why,
                              named ? details["port"].get<std::uint16_t>() : std::uint16_t{0});
    } else {
        turnDown(responder, 404, "NotFound", "No such path for debugging");
    }
}

void RuntimeApi::releaseDebugger()
{
    m_debugReleased = true;
    if (m_debugging.connected())
        m_debugging.respond(200, kJson, kOk);
}

void RuntimeApi::answer(http::Request& request, http::Responder& responder, std::string_view id,
                        bool isError)
{
    if (id != m_current || m_current.empty()) {
        return turnDown(responder, 400, "InvalidRequestID", "No such invocation is under way");
    }
    const std::string_view mode = request.header("Lambda-Runtime-Function-Response-Mode");
    if (!isError && !mode.empty() && !streams(request)) {
        return turnDown(responder, 400, "InvalidFunctionResponseMode",
                        "The response mode must be streaming or absent");
    }
    m_current.clear();
    m_callbacks.answered();
    std::string type(request.header("Lambda-Runtime-Function-Error-Type"));
    const std::string_view streamError = request.header("Lambda-Runtime-Function-Error-Body");
    const bool brokenStream = !isError && !type.empty();
    const Duration ago = std::chrono::steady_clock::now() - request.firstByteAt;
    std::string body
        = brokenStream && !streamError.empty() ? errorBodyOf(streamError) : std::move(request.body);
    const bool streamed = streams(request);
    responder.respond(202, kJson, kOk);
    if (isError || brokenStream)
        m_callbacks.error(std::move(body), std::move(type));
    else
        m_callbacks.response(std::move(body), streamed, ago);
}

void RuntimeApi::initError(http::Request& request, http::Responder& responder)
{
    if (m_initialised) {
        return turnDown(responder, 403, "InvalidStateTransition",
                        "The runtime is initialised already");
    }
    std::string type(request.header("Lambda-Runtime-Function-Error-Type"));
    std::string body = std::move(request.body);
    responder.respond(202, kJson, kOk);
    m_callbacks.initError(std::move(body), std::move(type));
}

void RuntimeApi::turnDown(http::Responder& responder, int status, std::string_view type,
                          std::string_view message)
{
    m_callbacks.refused(status, message);
    responder.respond(status, kJson, errorBody(type, message));
}

http::RefusalAnswer RuntimeApi::refuse(const http::Refusal& refusal)
{
    const bool ofResponse = refusal.request && !m_current.empty()
        && refusal.request->target.find(m_current) != std::string_view::npos;
    if (ofResponse && refusal.cutOff) {
        m_current.clear();
        m_callbacks.answered();
        m_callbacks.truncated();
        return {std::string(kJson), errorBody("TruncatedHTTPRequest", "HTTP request truncated")};
    }
    if (ofResponse && refusal.status == 413) {
        m_current.clear();
        m_callbacks.answered();
        m_callbacks.tooLarge();
        return {std::string(kJson),
                errorBody("RequestEntityTooLarge",
                          fmt::format("Exceeded maximum allowed payload size ({} bytes).",
                                      m_limits.responseBytes))};
    }
    m_callbacks.refused(refusal.status, refusal.reason);
    return {std::string(kJson), errorBody("InvalidRequest", refusal.reason)};
}

} // namespace coldframe::live
