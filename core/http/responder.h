#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace coldframe::http {

class Connection;

/// The right to answer one request, once: from inside the handler or minutes later, on the thread
/// of the io_context. Costs one pointer. Harmless when the connection is gone by then. Dropped
/// without an answer it closes the connection.
class Responder {
public:
    Responder() = default;
    explicit Responder(Connection& connection);
    Responder(Responder&& other) noexcept;
    Responder& operator=(Responder&& other) noexcept;
    ~Responder();

    /// Not answered yet, and the peer has closed neither its side nor the connection.
    bool connected() const;

    /// Sends the answer, at once as far as the socket takes it; a rest is kept and follows.
    /// `headers` are whole lines ("Name: value\r\n"), without Content-Length, Connection and Date,
    /// which the server adds. Does nothing when already answered.
    void respond(int status, std::string_view headers, std::string_view body);
    /// The same for a large body that somebody else holds as well: nothing is copied.
    void respond(int status, std::string_view headers, std::shared_ptr<const std::string> body);

    /// Calls `gone` as soon as the peer closes its side before the answer, and then frees the
    /// connection. Without it a peer that only closed its sending side still gets the answer:
    /// TCP does not tell the two apart. Never called from inside onGone() or respond().
    void onGone(std::function<void()> gone);

private:
    Connection* m_connection = nullptr;
};

} // namespace coldframe::http
