#pragma once

#include <cstdint>
#include <memory>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include "http/server.h"
#include "interop/invoke_backend.h"

namespace coldframe::interop {

struct ApiError;
struct InvokeRoute;

/// The part of AWS Lambda's HTTP API that calls and finds functions, on the loopback interface, so
/// that SDKs and tools work with `endpoint_url` set to it. Signatures are accepted and not looked
/// at; web pages and foreign host names are refused.
///
/// Behaviour: AWS Lambda API Reference, Invoke; botocore 1.43.11, lambda/2015-03-31; read 2026-11.
class InvokeApi {
public:
    /// `port` 0 takes any free one. `backend` must outlive the API. Errors: as http::Server's.
    static Result<std::unique_ptr<InvokeApi>> listen(boost::asio::io_context& io,
                                                     std::uint16_t port, InvokeBackend& backend);
    ~InvokeApi();
    InvokeApi(InvokeApi&&) = delete;

    std::uint16_t port() const { return m_server->port(); }
    /// Drops every connection. Replies still out stay harmless.
    void close() { m_server->close(); }

private:
    explicit InvokeApi(InvokeBackend& backend) : m_backend(backend) { }

    void handle(http::Request&& request, http::Responder responder);
    void invoke(http::Request&& request, http::Responder responder, const InvokeRoute& route);
    void tell(http::Responder responder, const InvokeRoute& route);
    void refuse(http::Responder& responder, const ApiError& error);
    http::RefusalAnswer wordRefusal(const http::Refusal& refusal);

    InvokeBackend& m_backend;
    std::unique_ptr<http::Server> m_server;
};

} // namespace coldframe::interop
