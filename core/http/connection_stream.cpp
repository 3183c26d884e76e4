#include "http/connection.h"

#include <algorithm>
#include <limits>

#include <boost/asio/post.hpp>

#include "http/listener.h"
#include "http/response_head.h"

// Bodies and answers in pieces: nothing is read that nobody asked for, and nothing is asked for
// that the peer has not taken.
namespace coldframe::http {

void Connection::readBody(TakeBody take)
{
    if (m_phase != Phase::Answering)
        return;
    m_take = std::move(take);
    if (std::exchange(m_continueDue, false) && m_bodyOpen && m_input.empty() && !sendContinue())
        return;
    if (!m_inCallback)
        postAdvance();
}

/// Hands the next piece to who waits for one. True: step() may go on.
bool Connection::deliverPiece()
{
    if (!m_take)
        return false;
    BodyPiece piece;
    if (!m_bodyOpen)
        piece.last = true;
    else if (!m_parser.chunked())
        takeBytes(piece);
    else
        takeChunks(piece);
    const bool ends = piece.last || !piece.problem.empty();
    if (!ends && piece.bytes.empty()) {
        const auto pause = m_listener->limits().requestTime;
        if (pause.count() > 0)
            setDeadline(Clock::now() + pause);
        return false;
    }
    m_deadline = Clock::time_point::max();
    if (piece.last)
        m_bodyOpen = false; // after a problem it stays open, so that the connection is closed
    const TakeBody take = std::exchange(m_take, nullptr);
    m_inCallback = true;
    take(std::move(piece));
    m_inCallback = false;
    return true;
}

void Connection::takeBytes(BodyPiece& piece)
{
    const std::size_t count
        = static_cast<std::size_t>(std::min<std::uint64_t>(m_input.size(), m_bodyLeft));
    piece.bytes.assign(m_input.bytes().substr(0, count));
    m_input.consume(count);
    m_bodyLeft -= count;
    piece.last = m_bodyLeft == 0;
}

void Connection::takeChunks(BodyPiece& piece)
{
    std::size_t used = 0;
    const auto result = m_parser.parseChunks(m_input.bytes(), used, piece.bytes,
                                             std::numeric_limits<std::size_t>::max());
    m_input.consume(used);
    piece.last = result == RequestParser::Step::Done;
    if (result == RequestParser::Step::Failed)
        piece.problem = m_parser.problem().reason;
    else if (!piece.last && m_input.size() > m_listener->limits().headerBytes)
        piece.problem = "the request's trailer is too large";
}

bool Connection::beginAnswer(int status, std::string_view headers, std::uint64_t length)
{
    if (m_phase != Phase::Answering)
        return true;
    m_gone = nullptr;
    prepareHead(status, headers, length, m_parser.keepAlive() && !m_bodyOpen);
    m_answerLeft = m_parser.isHead() || !mayHaveBody(status) ? 0 : length;
    if (m_answerLeft > 0)
        return false; // the head goes with the first piece
    transmit({}, nullptr);
    return true;
}

bool Connection::writePiece(std::shared_ptr<const std::string> piece, std::function<void()> sent)
{
    if (m_phase != Phase::Sending || m_answerLeft == 0)
        return true;
    const std::string_view bytes = std::string_view(*piece).substr(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(m_answerLeft, piece->size())));
    m_answerLeft -= bytes.size();
    m_sent = std::move(sent);
    const bool last = m_answerLeft == 0;
    transmit(bytes, std::move(piece));
    return last;
}

/// The piece is with the system: the next one may come, or the answer is complete.
void Connection::partSent()
{
    if (m_phase != Phase::Sending)
        return;
    m_deadline = Clock::time_point::max();
    const std::function<void()> sent = std::exchange(m_sent, nullptr);
    if (m_answerLeft == 0)
        answered();
    if (sent)
        sent();
}

} // namespace coldframe::http
