#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/responder.h"
#include "model/error.h"

namespace boost::asio {
class io_context;
}

namespace coldframe::http {

class Listener;

/// What one server accepts. A time of zero sets no limit.
struct Limits {
    /// The head of a request, in bytes. Python's runtime client sends a header of up to 1 MiB.
    std::size_t headerBytes = (1U << 20U) + (100U << 10U);
    std::size_t bodyBytes = 6U << 20U; ///< the body, unless Callbacks::bodyRule says otherwise
    /// From the first byte of a request (for the first one: from the connection) to its last.
    /// Also the longest pause in taking an answer.
    std::chrono::milliseconds requestTime{30'000};
    /// Between two requests. Unlimited by default: a runtime is silent while its handler works.
    std::chrono::milliseconds idleTime{0};
    int connections = 1000; ///< at once; one more is answered with 503
};

/// Bounds on one request's body, decided when its head has come.
struct BodyRule {
    std::size_t bytes = 0;
    std::chrono::milliseconds time{0}; ///< as Limits::requestTime
    /// Hand the request out at its head, unless its body is there already: the handler takes the
    /// body in pieces. `bytes` then bounds what Content-Length announces, and instead of `time`
    /// Limits::requestTime is the longest pause of the sender.
    bool streamed = false;
};

/// A request the server itself turns down: malformed, too large, too slow, or cut off half-way.
struct Refusal {
    int status = 0; ///< 400, 408, 413, 417, 431, 501, 503 or 505
    std::string_view reason; ///< one sentence without a full stop
    const Request* request = nullptr; ///< head only; null when even the head was not understood
    bool cutOff = false; ///< the peer left before the end of its request
};

/// How a refusal is worded on the wire.
struct RefusalAnswer {
    std::string headers; ///< lines, each ending in CRLF
    std::string body;
};

/// What the owner of a server decides. All run on the thread of the io_context, none may block,
/// and each may close or destroy the server.
struct Callbacks {
    /// Takes a whole request, or a streamed one. Answers now or later through the responder.
    std::function<void(Request&&, Responder)> handle;
    /// Optional: other bounds for some bodies. Sees the head only.
    std::function<BodyRule(const Request&)> bodyRule;
    /// Optional: learns of refused requests and words the answer; plain text by default.
    std::function<RefusalAnswer(const Refusal&)> refuse;
};

struct ListenOptions {
    std::uint16_t port = 0; ///< on 127.0.0.1; 0 lets the system choose
    /// A socket that already listens, for example from another network namespace; taken over.
    /// Replaces `port` when not negative.
    int socket = -1;
};

/// An HTTP/1.1 server on the loopback interface. Everything runs on the thread that runs the
/// io_context, which must outlive the server.
class Server {
public:
    /// Errors: Unavailable for a taken or forbidden port, LimitReached when no socket is left, Io.
    static Result<std::unique_ptr<Server>> listen(boost::asio::io_context& io,
                                                  const ListenOptions& options,
                                                  const Limits& limits, Callbacks callbacks);
    /// Closes, see close().
    ~Server();
    Server(Server&&) = delete;

    std::uint16_t port() const;
    /// Open connections, parked ones included.
    std::size_t connectionCount() const;

    /// Stops listening and drops every connection at once. Responders stay harmless; no
    /// Responder::onGone is called.
    void close();

private:
    explicit Server(std::shared_ptr<Listener> listener);
    std::shared_ptr<Listener> m_listener;
};

} // namespace coldframe::http
