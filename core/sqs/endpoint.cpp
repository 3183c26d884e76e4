#include "sqs/endpoint.h"

#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include "http/origin_guard.h"
#include "http/server.h"
#include "sqs/dispatcher.h"

namespace coldframe::sqs {

namespace {

constexpr std::chrono::minutes kIdleTime{10};
/// A message of 1 MiB whose every byte is written as %XX or as \uXXXX, ten attributes beside it.
constexpr std::size_t kMostRequestBytes = 8U << 20U;
constexpr int kMostConnections = 10'000; ///< SDKs keep up to ten, of each instance

} // namespace

class Endpoint::Requests {
public:
    Requests(boost::asio::io_context& io, QueueBackend& backend)
        : m_io(io), m_backend(backend), m_dispatcher(io, backend)
    { }

    Result<void> listen(std::uint16_t port)
    {
        http::Limits limits;
        limits.bodyBytes = kMostRequestBytes;
        limits.idleTime = kIdleTime;
        limits.connections = kMostConnections;
        http::Callbacks callbacks;
        callbacks.handle = [this](http::Request&& request, http::Responder responder) {
            handle(request, std::move(responder));
        };
        callbacks.refuse = [this](const http::Refusal& refusal) { return worded(refusal); };
        auto server = http::Server::listen(m_io, {.port = port}, limits, std::move(callbacks));
        if (!server)
            return tl::unexpected(server.error());
        m_server = std::move(*server);
        m_dispatcher.setPort(m_server->port());
        return {};
    }

    void close()
    {
        m_dispatcher.polls().close();
        m_server->close();
    }

    std::uint16_t port() const { return m_server->port(); }
    Dispatcher& dispatcher() { return m_dispatcher; }

private:
    void handle(const http::Request& request, http::Responder responder)
    {
        const auto foreign = http::foreignCaller(request);
        Call call = foreign ? Call{.protocol = protocolOf(request),
                                   .action = {},
                                   .accessKey = {},
                                   .command = tl::unexpected(accessDenied(*foreign))}
                            : readCall(request);
        m_dispatcher.run(std::make_shared<Exchange>(std::move(call), m_backend.newRequestId(),
                                                    std::move(responder)));
    }

    /// What the server itself turns down, in the words of SQS.
    http::RefusalAnswer worded(const http::Refusal& refusal)
    {
        SqsError error = invalidParameter(std::string(refusal.reason) + '.');
        error.status = refusal.status;
        error.ownFault = refusal.status >= 500;
        if (refusal.status == 503)
            error.code = "ServiceUnavailable";
        Reply reply = replyOf(refusal.request ? protocolOf(*refusal.request) : Protocol::Query,
                              error, m_backend.newRequestId());
        return {std::move(reply.headers), std::move(reply.body)};
    }

    boost::asio::io_context& m_io;
    QueueBackend& m_backend;
    Dispatcher m_dispatcher;
    std::unique_ptr<http::Server> m_server;
};

Endpoint::Endpoint(std::unique_ptr<Requests> requests) : m_requests(std::move(requests)) { }

Endpoint::~Endpoint()
{
    m_requests->close();
}

Result<std::unique_ptr<Endpoint>> Endpoint::listen(boost::asio::io_context& io, std::uint16_t port,
                                                   QueueBackend& backend)
{
    auto requests = std::make_unique<Requests>(io, backend);
    if (auto listening = requests->listen(port); !listening)
        return tl::unexpected(listening.error());
    return std::unique_ptr<Endpoint>(new Endpoint(std::move(requests)));
}

std::uint16_t Endpoint::port() const
{
    return m_requests->port();
}

void Endpoint::ready(const std::string& queue)
{
    m_requests->dispatcher().polls().ready(queue);
}

std::set<std::string> Endpoint::awaited() const
{
    return m_requests->dispatcher().polls().awaited();
}

void Endpoint::close()
{
    m_requests->close();
}

} // namespace coldframe::sqs
