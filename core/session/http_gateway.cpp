#include "session/http_gateway.h"

#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "gateway/http_answer.h"
#include "gateway/http_event.h"
#include "http/origin_guard.h"
#include "session/run.h"
#include "session/trigger_set.h"

namespace coldframe::session {

namespace {

using gateway::gatewayAnswer;
using gateway::HttpAnswer;

/// What an API of API Gateway takes; the event made of it is bounded by the platform.
constexpr std::size_t kMostBody = 10U << 20U;
constexpr std::size_t kMostHead = 32U << 10U;

void respond(http::Responder& responder, const HttpAnswer& answer, const std::string& requestId)
{
    std::string headers = answer.headers;
    if (!requestId.empty())
        headers += fmt::format("X-Amzn-Requestid: {}\r\n", requestId);
    responder.respond(answer.status, headers, answer.body);
}

http::RefusalAnswer wordRefusal(const http::Refusal& refusal)
{
    const HttpAnswer answer = gatewayAnswer(refusal.status, refusal.reason);
    return {answer.headers, answer.body};
}

} // namespace

/// One request whose function has not answered yet.
struct HttpGateway::Call {
    Call(boost::asio::io_context& io, http::Responder to) : responder(std::move(to)), timer(io) { }
    http::Responder responder;
    boost::asio::steady_timer timer; ///< until the gateway gives up
    HttpPayload payload = HttpPayload::V2;
    Problem problem;
    bool answered = false;

    void answer(const HttpAnswer& with, const std::string& requestId)
    {
        timer.cancel();
        if (!std::exchange(answered, true))
            respond(responder, with, requestId);
    }
    void ended(const live::Ending& ending);
};

void HttpGateway::Call::ended(const live::Ending& ending)
{
    const std::string& id = ending.event->requestId;
    if (ending.reject && ending.reject->reason.why != engine::Why::CancelledByUser)
        return answer(gatewayAnswer(429, "Too Many Requests"), id);
    if (!ending.meter || ending.meter->outcome != engine::Outcome::Succeeded)
        return answer(gatewayAnswer(502, "Internal server error"), id);
    const HttpAnswer made = gateway::httpAnswer(*ending.report->payload, payload);
    if (!made.problem.empty())
        problem(made.problem);
    answer(made, id);
}

HttpGateway::HttpGateway(Run& run) : m_run(run) { }
HttpGateway::~HttpGateway() = default;

Result<std::uint16_t> HttpGateway::open(const Trigger& trigger, const HttpTrigger& settings,
                                        Problem problem)
{
    Port& port = m_ports[settings.port];
    if (!port.server) {
        const http::Limits limits{
            .headerBytes = kMostHead, .bodyBytes = kMostBody, .idleTime = std::chrono::minutes(5)};
        auto server = http::Server::listen(
            m_run.io(), {.port = static_cast<std::uint16_t>(settings.port)}, limits,
            {.handle =
                 [this, number = settings.port](http::Request&& request,
                                                http::Responder responder) {
                     handle(number, std::move(request), std::move(responder));
                 },
             .bodyRule = {},
             .refuse = wordRefusal});
        if (!server) {
            m_ports.erase(settings.port);
            return tl::unexpected(server.error());
        }
        port.server = std::move(*server);
    }
    port.routes.add(trigger.name, settings.route);
    port.triggers.insert_or_assign(trigger.name, Served{trigger, settings, std::move(problem)});
    return port.server->port();
}

void HttpGateway::close(const std::string& trigger)
{
    for (auto at = m_ports.begin(); at != m_ports.end(); ++at) {
        Port& port = at->second;
        if (port.triggers.erase(trigger) == 0)
            continue;
        port.routes.remove(trigger);
        if (port.routes.empty())
            m_ports.erase(at);
        return;
    }
}

void HttpGateway::handle(int number, http::Request&& request, http::Responder responder)
{
    if (const auto refused = http::foreignCaller(request))
        return respond(responder, gatewayAnswer(403, *refused), {});
    const auto port = m_ports.find(number);
    if (port == m_ports.end())
        return respond(responder, gatewayAnswer(503, "Service Unavailable"), {});
    const auto match = port->second.routes.find(request.method, gateway::pathOf(request.target));
    if (!match) {
        const bool bad = match.error() == gateway::RouteTable::Failure::BadPath;
        return respond(responder,
                       bad ? gatewayAnswer(400, "Bad Request") : gatewayAnswer(404, "Not Found"),
                       {});
    }
    invoke(port->second.triggers.find(match->trigger)->second, *match, std::move(request),
           std::move(responder));
}

void HttpGateway::invoke(const Served& served, const gateway::RouteMatch& match,
                         http::Request&& request, http::Responder responder)
{
    const FunctionId function = m_run.workspace()->functionId(served.trigger.function);
    if (function == kNoFunction)
        return respond(responder, gatewayAnswer(500, "Internal Server Error"), {});
    gateway::HttpCall call{.method = std::string(request.method),
                           .target = std::string(request.target),
                           .requestId = m_requestIds.next(),
                           .at = m_run.civilNow()};
    request.forEachHeader([&](std::string_view name, std::string_view value) {
        call.headers.emplace_back(name, value);
    });
    call.body = std::move(request.body);
    live::Event event;
    event.body = std::make_shared<const std::string>(
        gateway::httpEvent(call, match, served.settings.payload));
    event.requestId = call.requestId;
    event.trigger = m_run.triggers().indexOf(served.trigger.name);
    event.source = served.trigger.name;
    event.sourceKey = fmt::format("{} {}", call.method, gateway::pathOf(call.target));

    const auto pending = std::make_shared<Call>(m_run.io(), std::move(responder));
    pending->payload = served.settings.payload;
    pending->problem = served.problem;
    pending->timer.expires_after(std::chrono::milliseconds(served.settings.timeoutMs));
    pending->timer.async_wait([pending, id = call.requestId](const boost::system::error_code& e) {
        if (!e) // the function goes on, as behind API Gateway
            pending->answer(gatewayAnswer(504, "Endpoint request timed out"), id);
    });
    event.done = [pending](const live::Ending& ending) { pending->ended(ending); };
    if (const auto refused = m_run.submit(function, engine::Delivery::Sync, std::move(event))) {
        const bool large = refused->code == Error::Code::LimitReached;
        pending->answer(large ? gatewayAnswer(413, "Request Entity Too Large")
                              : gatewayAnswer(503, describe(*refused)),
                        call.requestId);
    }
}

} // namespace coldframe::session
