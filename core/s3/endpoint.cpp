#include "s3/endpoint.h"

#include <random>

#include <fmt/format.h>

#include "http/origin_guard.h"
#include "http/server.h"
#include "s3/core.h"
#include "s3/download.h"
#include "s3/exchange.h"
#include "s3/object_writing.h"
#include "s3/upload.h"

namespace coldframe::s3 {

namespace {

constexpr std::chrono::minutes kIdleTime{10};
constexpr std::chrono::minutes kPause{10}; ///< a debugger may hold the caller in the middle
constexpr int kConnections = 10'000; ///< SDKs keep up to ten, of each instance
constexpr std::size_t kMostDocument = 8U << 20U; ///< a list of 10,000 parts has about 2 MB
constexpr std::uint64_t kMostBody
    = kMostUploadBytes + (kMostUploadBytes >> 4U); ///< with chunks' heads

} // namespace

class Endpoint::Requests {
public:
    Requests(boost::asio::io_context& io, EndpointOptions options)
        : m_core(std::make_shared<Core>(io, std::move(options))),
          m_idPrefix(fmt::format("{:08X}", std::random_device{}()))
    { }

    Result<void> listen(std::uint16_t port)
    {
        http::Limits limits;
        limits.idleTime = kIdleTime;
        limits.requestTime = kPause;
        limits.connections = kConnections;
        http::Callbacks callbacks;
        callbacks.bodyRule = [time = limits.requestTime](const http::Request& request) {
            const bool upload = request.method == "PUT";
            return http::BodyRule{upload ? kMostBody : kMostDocument, time, upload};
        };
        callbacks.handle = [this](http::Request&& request, http::Responder responder) {
            handle(std::move(request), std::move(responder));
        };
        callbacks.refuse = [this](const http::Refusal& refusal) { return worded(refusal); };
        auto server
            = http::Server::listen(m_core->io, {.port = port}, limits, std::move(callbacks));
        if (!server)
            return tl::unexpected(server.error());
        m_server = std::move(*server);
        return {};
    }

    void close()
    {
        m_core->closed = true;
        m_server->close();
    }

    Core& core() { return *m_core; }
    std::uint16_t port() const { return m_server->port(); }

private:
    std::string newId() { return fmt::format("{}{:08X}", m_idPrefix, ++m_core->requests); }

    void handle(http::Request&& request, http::Responder responder)
    {
        auto read = readCall(request);
        Call call = read ? std::move(*read) : Call{};
        call.id = newId();
        const bool streamed = request.streamed;
        auto exchange = std::make_shared<Exchange>(m_core, std::move(responder), std::move(call));
        if (const auto foreign = http::foreignCaller(request))
            return exchange->refuse(accessDenied(*foreign));
        if (!read)
            return exchange->refuse(read.error());
        dispatch(std::move(exchange), std::move(request.body), streamed);
    }

    void dispatch(std::shared_ptr<Exchange> exchange, std::string body, bool streamed)
    {
        const Call& call = *exchange->call();
        switch (call.operation) {
        case Operation::Other:
            return exchange->refuse(notImplemented(call.operationName));
        case Operation::GetObject:
            return Download::start(std::move(exchange));
        case Operation::PutObject:
            if (call.key.ends_with('/'))
                return makeFolder(std::move(exchange), body, streamed);
            [[fallthrough]];
        case Operation::UploadPart:
            return Upload::start(std::move(exchange), std::move(body), streamed);
        default:
            break;
        }
        if (makesObject(call.operation) && m_core->options.writing)
            m_core->options.writing(call.accessKey, call.bucket, call.key);
        m_core->inBackground(
            [service = &m_core->service, of = exchange->call(), body = std::move(body)] {
                return service->run(*of, body);
            },
            [exchange](Outcome&& outcome) { exchange->answer(std::move(outcome)); });
    }

    void makeFolder(std::shared_ptr<Exchange> exchange, const std::string& body, bool streamed)
    {
        if (streamed || !body.empty())
            return exchange->refuse(invalidUri(
                "A key that ends with a slash is a folder here and holds no bytes; leave the slash "
                "out."));
        m_core->inBackground(
            [service = &m_core->service, of = exchange->call()] {
                return putFolder(*service, *of);
            },
            [exchange](Outcome&& outcome) { exchange->answer(std::move(outcome)); });
    }

    /// What the server itself turns down, in S3's shape.
    http::RefusalAnswer worded(const http::Refusal& refusal)
    {
        Call call;
        if (refusal.request)
            if (auto read = readCall(*refusal.request))
                call = std::move(*read);
        call.id = newId();
        S3Error error = invalidRequest(std::string(refusal.reason) + '.');
        if (refusal.status == 413)
            error = entityTooLarge(kMostUploadBytes + 1, kMostUploadBytes);
        else if (refusal.status == 408)
            error.code = "RequestTimeout";
        else if (refusal.status == 503)
            error.code = "SlowDown";
        const Reply reply = replyOf(error, call);
        return {commonHeaders(call) + reply.headers, reply.body};
    }

    std::shared_ptr<Core> m_core;
    std::string m_idPrefix;
    std::unique_ptr<http::Server> m_server;
};

Endpoint::Endpoint(std::unique_ptr<Requests> requests) : m_requests(std::move(requests)) { }

Endpoint::~Endpoint()
{
    m_requests->close();
}

Result<std::unique_ptr<Endpoint>> Endpoint::listen(boost::asio::io_context& io, std::uint16_t port,
                                                   EndpointOptions options)
{
    auto requests = std::make_unique<Requests>(io, std::move(options));
    if (auto listening = requests->listen(port); !listening)
        return tl::unexpected(listening.error());
    return std::unique_ptr<Endpoint>(new Endpoint(std::move(requests)));
}

void Endpoint::setBuckets(std::map<std::string, Store, std::less<>> buckets)
{
    m_requests->core().service.setBuckets(std::move(buckets));
}

std::uint16_t Endpoint::port() const
{
    return m_requests->port();
}

std::function<std::string(const std::string&, const std::string&)> Endpoint::etags() const
{
    return [core = m_requests->core().shared_from_this()](const std::string& bucket,
                                                          const std::string& key) {
        const auto store = core->service.bucket(bucket);
        const auto object = store ? (*store)->openObject(key)
                                  : Result<stores::OpenObject>(tl::unexpected(Error{}));
        return object ? core->service.index.facts(bucket, key, *object)->etag : std::string();
    };
}

void Endpoint::close()
{
    m_requests->close();
}

} // namespace coldframe::s3
