#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/server.h"
#include "live/event.h"

namespace coldframe::live {

/// One event as the runtime receives it.
struct Delivery {
    std::string requestId;
    Text body;
    std::int64_t deadlineMs = 0; ///< epoch milliseconds
    std::string functionArn;
    std::string clientContext; ///< JSON or empty
    std::uint16_t debugPort = 0; ///< not 0: the runtime waits for a debugger there, then works
};

struct RuntimeApiLimits {
    std::uint32_t responseBytes = 6'291'556; ///< the platform's threshold; larger is refused
    std::uint32_t streamBytes = 200U << 20U;
};

/// What a runtime said. Runs on the live thread.
struct RuntimeApiCallbacks {
    std::function<void()> next; ///< it asks for work, for the first time or again
    /// The event delivered last is about to be sent to it. Returns how much later than planned:
    /// its deadline moves by that.
    std::function<Duration()> taken;
    std::function<void()> answered; ///< its answer has come and it still waits for ours: measure
    std::function<void(std::string body, bool streamed, Duration firstByteAgo)> response;
    std::function<void(std::string body, std::string errorType)> error; ///< of the invocation
    std::function<void(std::string body, std::string errorType)> initError;
    std::function<void()> tooLarge; ///< the response passed its limit and was refused
    std::function<void()> truncated; ///< the connection broke inside a response
    /// How waiting for a debugger goes: "listening" (on that port), "attached", or "failed" and
    /// why.
    std::function<void(std::string_view state, std::string why, std::uint16_t port)> debugging;
    /// A request that is none of this API's was turned down; nothing follows from it.
    std::function<void(int status, std::string_view why)> refused;
};

/// The Lambda Runtime API 2018-06-01 for one instance, on a loopback port of its own: stock
/// clients cannot share one.
/// Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-api and the Runtime Interface Emulator,
/// read 2026-11.
class RuntimeApi {
public:
    static Result<std::unique_ptr<RuntimeApi>>
    open(boost::asio::io_context& io, RuntimeApiLimits limits, RuntimeApiCallbacks callbacks);

    std::uint16_t port() const { return m_server->port(); }
    /// Hands the event over now, or when the runtime next asks. One at a time.
    void deliver(Delivery delivery);
    /// The attempt is over without an answer; a late one is refused.
    void abandon() { m_current.clear(); }
    /// The runtime has asked for work and has not got any.
    bool waits() const { return m_parked.connected(); }
    /// A runtime that waits for a debugger goes on without, now or when it begins to wait.
    void releaseDebugger();
    /// A new process will speak from now on, on another port: what the one before it may still
    /// say until it is dead reaches nobody.
    void reset();

private:
    RuntimeApi(boost::asio::io_context& io, RuntimeApiLimits limits, RuntimeApiCallbacks callbacks);
    Result<std::unique_ptr<http::Server>> listen();
    void handle(http::Request&& request, http::Responder responder);
    void next(http::Responder responder);
    void answer(http::Request& request, http::Responder& responder, std::string_view id,
                bool isError);
    void initError(http::Request& request, http::Responder& responder);
    void hand();
    void debug(http::Request& request, http::Responder responder, std::string_view what);
    void turnDown(http::Responder& responder, int status, std::string_view type,
                  std::string_view message);
    http::RefusalAnswer refuse(const http::Refusal& refusal);

    boost::asio::io_context& m_io;
    RuntimeApiLimits m_limits;
    RuntimeApiCallbacks m_callbacks;
    http::Responder m_parked;
    Delivery m_pending;
    bool m_hasPending = false;
    bool m_initialised = false;
    std::string m_current; ///< request id of the attempt under way
    http::Responder m_debugging; ///< asked to be told when to go on without a debugger
    bool m_debugReleased = false;
    std::string m_headers; ///< reused
    std::unique_ptr<http::Server> m_server;
};

} // namespace coldframe::live
