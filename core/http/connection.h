#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "http/input_buffer.h"
#include "http/request_parser.h"
#include "http/responder.h"

namespace coldframe::http {

class Listener;
struct BodyRule;

inline constexpr std::size_t kKeptStorage = 64U << 10U; ///< what an idle connection may hold on to

/// One accepted socket: reads a request, hands it out, sends the answer, and so on. A read is
/// under way nearly always, also while the handler thinks: that is how a peer's death is noticed,
/// and it costs nothing.
///
/// Counted by reference, on one thread: by the listener, by each pending read or write, and by the
/// responder. close() ends it; what outlives that is an empty shell.
class Connection {
public:
    using Clock = std::chrono::steady_clock;
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                    boost::asio::io_context::executor_type>;

    Connection(std::shared_ptr<Listener> listener, Socket socket);

    void start();
    /// Answers 503 and closes: one connection too many.
    void turnAway();
    void close();

    /// When deadlinePassed() is due; Clock::time_point::max() when it is not.
    Clock::time_point deadline() const { return m_deadline; }
    void deadlinePassed();

    // For Responder.
    bool isWaited() const { return m_phase == Phase::Answering && !m_inputEnded; }
    void respond(int status, std::string_view headers, std::string_view body,
                 std::shared_ptr<const std::string> owner);
    void onGone(std::function<void()> gone);
    void readBody(TakeBody take);
    /// True when nothing is left to write.
    bool beginAnswer(int status, std::string_view headers, std::uint64_t length);
    bool writePiece(std::shared_ptr<const std::string> piece, std::function<void()> sent);
    void abandon();

    std::size_t slot = 0; ///< place in the listener's list

    friend void intrusive_ptr_add_ref(Connection* connection) { ++connection->m_references; }
    friend void intrusive_ptr_release(Connection* connection)
    {
        if (--connection->m_references == 0)
            delete connection;
    }

private:
    enum class Phase { Head, Body, Chunks, Answering, Sending, Lingering, Closed };
    using Error = boost::system::error_code;
    using Pointer = boost::intrusive_ptr<Connection>;

    ~Connection() = default;

    // connection.cpp: bytes in, requests out
    void read();
    void onRead(const Error& error, std::size_t count);
    void advance();
    void postAdvance();
    bool step();
    bool readHead();
    bool beginBody();
    bool readBody();
    bool readChunks();
    bool dispatch();
    std::size_t mostAhead() const;
    void inputEnded();
    void setDeadline(Clock::time_point at);

    // connection_answer.cpp: answers out
    bool refuse(int status, std::string_view reason, bool cutOff = false);
    void answer(int status, std::string_view headers, std::string_view body,
                std::shared_ptr<const std::string> owner, bool keepAlive);
    void prepareHead(int status, std::string_view headers, std::uint64_t length, bool keepAlive);
    void transmit(std::string_view body, std::shared_ptr<const std::string> owner);
    void sendRest();
    void onSent(const Error& error, std::size_t count);
    void answered();
    void linger();
    bool sendContinue();

    // connection_stream.cpp: bodies and answers in pieces
    bool deliverPiece();
    void takeChunks(BodyPiece& piece);
    void takeBytes(BodyPiece& piece);
    void partSent();

    std::shared_ptr<Listener> m_listener; ///< null once closed
    std::optional<Socket> m_socket;
    RequestParser m_parser;
    InputBuffer m_input;
    std::string m_body;
    std::size_t m_bodyFilled = 0; ///< bytes of m_body that have come
    std::size_t m_bodyLength = 0; ///< from Content-Length
    std::size_t m_bodyLimit = 0;
    std::size_t m_requestBytes = 0; ///< of m_input, used up when the handler returns
    std::size_t m_lingerLeft = 0; ///< bytes still read and dropped after a refusal
    std::string m_out; ///< head of the answer
    std::string m_outBody; ///< copied body, when the socket did not take it at once
    std::shared_ptr<const std::string> m_outOwner;
    std::string_view m_restHead;
    std::string_view m_restBody;
    std::function<void()> m_gone;
    TakeBody m_take; ///< waits for the next piece of a streamed body
    std::function<void()> m_sent; ///< waits until a piece of the answer is with the system
    std::uint64_t m_bodyLeft = 0; ///< of a streamed body with a length
    std::uint64_t m_answerLeft = 0; ///< of an answer in pieces, not handed over yet
    Clock::time_point m_firstByteAt;
    Clock::time_point m_deadline = Clock::time_point::max();
    unsigned m_references = 0;
    Phase m_phase = Phase::Head;
    bool m_started = false; ///< a byte of the current request has come
    bool m_understood = false; ///< its head is parsed
    bool m_reading = false;
    bool m_readingBody = false; ///< the read goes into m_body, not into m_input
    bool m_inputEnded = false;
    bool m_reset = false; ///< the connection is broken: nothing can be sent either
    bool m_inCallback = false;
    bool m_closeAfter = false;
    bool m_bodyOpen = false; ///< a streamed body is not all taken
    bool m_continueDue = false; ///< its sender waits for "100 Continue"
};

} // namespace coldframe::http
