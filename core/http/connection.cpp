#include "http/connection.h"

#include <algorithm>
#include <limits>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "http/listener.h"

namespace coldframe::http {
namespace {

constexpr std::size_t kHeadRead = 1024; ///< least space for a read while a head comes
constexpr std::size_t kBodyRead = 64U << 10U; ///< the same for bodies
constexpr std::size_t kMostRead = 1U << 20U; ///< bytes in one turn, so that others get theirs
constexpr std::size_t kPipelined = 64U << 10U; ///< taken ahead while an answer is due
constexpr std::size_t kStreamed = 256U << 10U; ///< the same of a body taken in pieces
constexpr int kStepsPerTurn = 32;

} // namespace

Connection::Connection(std::shared_ptr<Listener> listener, Socket socket)
    : m_listener(std::move(listener)), m_socket(std::move(socket))
{ }

void Connection::start()
{
    const auto limit = m_listener->limits().requestTime;
    if (limit.count() > 0)
        setDeadline(Clock::now() + limit);
    read();
}

void Connection::read()
{
    if (m_reading || m_inputEnded || m_phase == Phase::Closed)
        return;
    std::span<char> space;
    m_readingBody = m_phase == Phase::Body;
    if (m_readingBody) {
        // The declared length is only believed as its bytes come.
        if (m_bodyFilled == m_body.size())
            m_body.resize(std::min(m_bodyLength, std::max(kBodyRead, m_body.size() * 2)));
        space = std::span(m_body).subspan(m_bodyFilled);
    } else {
        if (m_input.size() >= mostAhead())
            return;
        const bool bulk = m_phase == Phase::Chunks || m_phase == Phase::Lingering || m_bodyOpen;
        space = m_input.space(bulk ? kBodyRead : kHeadRead);
    }
    m_reading = true;
    m_socket->async_read_some(boost::asio::buffer(space.data(), std::min(space.size(), kMostRead)),
                              [self = Pointer(this)](const Error& error, std::size_t count) {
                                  self->onRead(error, count);
                              });
}

/// Bytes that may wait in memory: while an answer is due, only a little is read ahead.
std::size_t Connection::mostAhead() const
{
    if (m_phase != Phase::Answering && m_phase != Phase::Sending)
        return std::numeric_limits<std::size_t>::max();
    return m_bodyOpen ? kStreamed : kPipelined;
}

void Connection::onRead(const Error& error, std::size_t count)
{
    m_reading = false;
    if (m_phase == Phase::Closed)
        return;
    if (m_readingBody)
        m_bodyFilled += count;
    else
        m_input.commit(count);
    if (error) {
        m_inputEnded = true;
        m_reset = error != boost::asio::error::eof;
    }
    advance();
}

/// Does what the bytes at hand allow, then waits for more.
void Connection::advance()
{
    const std::shared_ptr<Listener> listener = m_listener; // a callback may close the server
    if (m_phase == Phase::Closed)
        return;
    for (int turns = 0; step(); ++turns) {
        if (turns == kStepsPerTurn)
            return postAdvance(); // a long pipeline must not keep the others waiting
    }
    if (m_inputEnded && m_phase != Phase::Closed)
        inputEnded();
    read();
}

void Connection::postAdvance()
{
    if (m_phase != Phase::Closed)
        boost::asio::post(m_socket->get_executor(), [self = Pointer(this)] { self->advance(); });
}

/// True when there may be more to do without waiting.
bool Connection::step()
{
    switch (m_phase) {
    case Phase::Head:
        return readHead();
    case Phase::Body:
        return readBody();
    case Phase::Chunks:
        return readChunks();
    case Phase::Lingering:
        if (m_input.size() > m_lingerLeft) {
            close();
        } else {
            m_lingerLeft -= m_input.size();
            m_input.consume(m_input.size());
        }
        return false;
    case Phase::Answering:
        return deliverPiece();
    case Phase::Sending:
    case Phase::Closed:
        break;
    }
    return false;
}

bool Connection::readHead()
{
    if (!m_started) {
        // RFC 9112 section 2.2: empty lines before a request are skipped.
        while (m_input.bytes().starts_with("\r\n"))
            m_input.consume(2);
        if (m_input.empty()) {
            if (!m_reading)
                m_input.shrink(kKeptStorage);
            return false;
        }
        if (m_input.bytes() == "\r")
            return false;
        m_started = true;
        m_understood = false;
        m_firstByteAt = Clock::now();
        m_parser.reset();
    }
    const std::size_t limit = m_listener->limits().headerBytes;
    const RequestParser::Step result = m_parser.parseHead(m_input.bytes());
    const bool done = result == RequestParser::Step::Done;
    if (result == RequestParser::Step::Failed)
        return refuse(m_parser.problem().status, m_parser.problem().reason);
    if ((done ? m_parser.headSize() : m_input.size()) > limit)
        return refuse(431, "the request's header is too large");
    if (done) {
        m_understood = true;
        return beginBody();
    }
    const auto time = m_listener->limits().requestTime;
    setDeadline(time.count() > 0 ? m_firstByteAt + time : Clock::time_point::max());
    return false;
}

bool Connection::beginBody()
{
    const std::uint64_t length = m_parser.bodyLength();
    const std::size_t headSize = m_parser.headSize();
    m_body.clear();
    if (length == 0 && !m_parser.chunked()) {
        m_requestBytes = headSize;
        return dispatch();
    }
    const Limits& limits = m_listener->limits();
    BodyRule rule{limits.bodyBytes, limits.requestTime, false};
    if (m_listener->callbacks().bodyRule) {
        Request request;
        m_parser.describe(m_input.bytes(), request);
        m_inCallback = true;
        rule = m_listener->callbacks().bodyRule(request);
        m_inCallback = false;
        if (m_phase == Phase::Closed)
            return false;
    }
    if (length > rule.bytes)
        return refuse(413, "the request body is too large");
    if (!m_parser.chunked() && m_input.size() - headSize >= length) {
        m_requestBytes = headSize + static_cast<std::size_t>(length);
        m_body.assign(m_input.bytes().substr(headSize, static_cast<std::size_t>(length)));
        return dispatch();
    }
    m_parser.keepHead();
    m_input.consume(headSize);
    m_requestBytes = 0;
    m_bodyLength = static_cast<std::size_t>(length);
    m_bodyLimit = rule.bytes;
    m_bodyFilled = 0;
    if (rule.streamed) {
        m_bodyOpen = true;
        m_bodyLeft = length;
        m_continueDue = m_parser.expectsContinue();
        return dispatch();
    }
    m_phase = m_parser.chunked() ? Phase::Chunks : Phase::Body;
    setDeadline(rule.time.count() > 0 ? m_firstByteAt + rule.time : Clock::time_point::max());
    return !m_parser.expectsContinue() || !m_input.empty() || sendContinue();
}

bool Connection::readBody()
{
    // Bytes that came with the head, or with the request before this one.
    const std::size_t count = std::min(m_input.size(), m_bodyLength - m_bodyFilled);
    if (count > 0) {
        if (m_body.size() < m_bodyFilled + count)
            m_body.resize(m_bodyFilled + count);
        m_input.bytes().copy(m_body.data() + m_bodyFilled, count);
        m_input.consume(count);
        m_bodyFilled += count;
    }
    return m_bodyFilled == m_bodyLength && dispatch();
}

bool Connection::readChunks()
{
    std::size_t used = 0;
    const auto result = m_parser.parseChunks(m_input.bytes(), used, m_body, m_bodyLimit);
    m_input.consume(used);
    if (result == RequestParser::Step::Failed)
        return refuse(m_parser.problem().status, m_parser.problem().reason);
    if (result == RequestParser::Step::NeedMore) {
        if (m_input.size() > m_listener->limits().headerBytes)
            return refuse(431, "the request's trailer is too large");
        return false;
    }
    return dispatch();
}

/// Hands the whole request out. The answer may come before the handler returns.
bool Connection::dispatch()
{
    m_deadline = Clock::time_point::max();
    m_phase = Phase::Answering;
    Request request;
    m_parser.describe(m_input.bytes(), request);
    request.firstByteAt = m_firstByteAt;
    request.body = std::move(m_body);
    request.streamed = m_bodyOpen;
    m_inCallback = true;
    m_listener->callbacks().handle(std::move(request), Responder(*this));
    m_inCallback = false;
    m_input.consume(m_requestBytes);
    m_body.clear();
    if (request.body.capacity() <= kKeptStorage)
        m_body = std::move(request.body); // its storage serves the next one
    return true;
}

/// The peer has closed its side, and all it sent has been looked at.
void Connection::inputEnded()
{
    switch (m_phase) {
    case Phase::Head:
        if (m_started) {
            refuse(400, "the connection was closed before the end of the request", true);
            return;
        }
        break;
    case Phase::Body:
    case Phase::Chunks:
        refuse(400, "the connection was closed before the end of the request", true);
        return;
    case Phase::Answering: {
        if (m_bodyOpen) {
            if (m_take || m_reset)
                close(); // cut off half-way; who took the pieces learns it as `take` goes
            return;
        }
        if (!m_gone && !m_reset)
            return; // it may have closed its sending side only, and still get its answer
        const std::function<void()> gone = std::exchange(m_gone, nullptr);
        close();
        if (gone)
            gone();
        return;
    }
    case Phase::Sending:
        if (!m_reset)
            return;
        break;
    case Phase::Lingering:
    case Phase::Closed:
        break;
    }
    close();
}

void Connection::setDeadline(Clock::time_point at)
{
    m_deadline = at;
    if (at != Clock::time_point::max())
        m_listener->watchDeadline(at);
}

void Connection::deadlinePassed()
{
    m_deadline = Clock::time_point::max();
    const bool receiving = m_phase == Phase::Body || m_phase == Phase::Chunks
        || (m_phase == Phase::Head && m_started);
    if (receiving)
        refuse(408, "the request did not arrive in time");
    else
        close();
}

} // namespace coldframe::http
