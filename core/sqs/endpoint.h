#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "model/error.h"
#include "sqs/queue_backend.h"

namespace boost::asio {
class io_context;
}

namespace coldframe::sqs {

/// Queues under the protocols of Amazon SQS, on the loopback interface: JSON, which current SDKs
/// speak, and Query, which older ones do. Signatures are not verified: the access key is only a
/// name. Web pages and foreign host names are refused. Belongs to the thread of the io_context.
///
/// Behaviour: Amazon SQS API reference; botocore 1.29.27, sqs/2012-11-05; read 2026-11.
class Endpoint {
public:
    /// Begins to listen; port 0 takes any free one. `backend` must outlive the endpoint. Errors: as
    /// http::Server::listen().
    static Result<std::unique_ptr<Endpoint>> listen(boost::asio::io_context& io, std::uint16_t port,
                                                    QueueBackend& backend);
    ~Endpoint();
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    std::uint16_t port() const;
    /// The queue may have messages for those that wait for them. Not from within the backend.
    void ready(const std::string& queue);
    /// Queues for whose messages somebody waits.
    std::set<std::string> awaited() const;
    /// Drops all callers. What the backend answers later is dropped, too.
    void close();

private:
    class Requests;
    explicit Endpoint(std::unique_ptr<Requests> requests);
    std::unique_ptr<Requests> m_requests;
};

} // namespace coldframe::sqs
