#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace coldframe::http {

class Connection;

/// Part of a request's body that is taken as it comes.
struct BodyPiece {
    std::string bytes; ///< empty at most in the last piece
    bool last = false;
    std::string_view problem; ///< when set, the body is malformed here and nothing more comes
};
using TakeBody = std::function<void(BodyPiece&&)>;

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

    /// Asks for the next piece of a streamed body; nothing more is read than was asked for, but for
    /// a quarter of a megabyte. `take` runs once, never from within this call; it is dropped
    /// without having run when the peer is gone or too slow. An answer before the last piece
    /// closes the connection.
    void readBody(TakeBody take);

    /// Begins an answer whose body of `length` bytes follows in pieces. Until all of it is written,
    /// dropping the responder cuts the answer off. Returns true when no piece is wanted: the answer
    /// is to HEAD, or empty.
    bool begin(int status, std::string_view headers, std::uint64_t length);
    /// The next piece; another one may follow once `sent` has run, which it does when the system
    /// has taken this one, also after the last. It is dropped without having run when the peer is
    /// gone. Never called from within this call.
    void write(std::shared_ptr<const std::string> piece, std::function<void()> sent);

    /// Calls `gone` as soon as the peer closes its side before the answer, and then frees the
    /// connection. Without it a peer that only closed its sending side still gets the answer:
    /// TCP does not tell the two apart. Never called from inside onGone() or respond().
    void onGone(std::function<void()> gone);

private:
    Connection* m_connection = nullptr;
};

} // namespace coldframe::http
