#include "http/connection.h"

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "http/listener.h"
#include "http/response_head.h"

namespace coldframe::http {
namespace {

// A peer that was refused while it still sends must be listened to for a while: closing under it
// would reset the connection, and it might never read why it was refused.
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::size_t kLingerBytes = 32U << 20U;

} // namespace

void Connection::turnAway()
{
    refuse(503, "too many connections are open");
    read();
}

/// Ends a request that is not handed out. True: step() may go on.
bool Connection::refuse(int status, std::string_view reason, bool cutOff)
{
    const std::shared_ptr<Listener> listener = m_listener;
    RefusalAnswer words;
    if (listener->callbacks().refuse) {
        Request request;
        if (m_understood)
            m_parser.describe(m_input.bytes(), request);
        request.firstByteAt = m_firstByteAt;
        m_inCallback = true;
        words = listener->callbacks().refuse(
            {status, reason, m_understood ? &request : nullptr, cutOff});
        m_inCallback = false;
    } else {
        words.headers = "Content-Type: text/plain\r\n";
        words.body = std::string(reason) + ".\n";
    }
    if (m_phase == Phase::Closed)
        return false;
    if (m_reset) {
        close();
        return false;
    }
    m_inCallback = true; // the caller goes on by itself
    answer(status, words.headers, words.body, nullptr, false);
    m_inCallback = false;
    return true;
}

void Connection::respond(int status, std::string_view headers, std::string_view body,
                         std::shared_ptr<const std::string> owner)
{
    if (m_phase != Phase::Answering)
        return;
    m_gone = nullptr;
    // What is left of a streamed body would be taken for the next request.
    answer(status, headers, body, std::move(owner), m_parser.keepAlive() && !m_bodyOpen);
}

void Connection::prepareHead(int status, std::string_view headers, std::uint64_t length,
                             bool keepAlive)
{
    m_closeAfter = !keepAlive;
    const Afterwards afterwards = !keepAlive ? Afterwards::Close
        : m_parser.isHttp10()                ? Afterwards::KeepAliveHttp10
                                             : Afterwards::KeepAlive;
    writeResponseHead(m_out, status, headers, length, afterwards);
    m_restHead = m_out;
    m_phase = Phase::Sending;
    m_take = nullptr; // nobody reads on after an answer
}

void Connection::answer(int status, std::string_view headers, std::string_view body,
                        std::shared_ptr<const std::string> owner, bool keepAlive)
{
    prepareHead(status, headers, body.size(), keepAlive);
    if (m_parser.isHead() || !mayHaveBody(status))
        body = {};
    transmit(body, std::move(owner));
}

/// Sends m_restHead and `body`. Nearly every answer fits into the socket's buffer: one system
/// call, no waiting.
void Connection::transmit(std::string_view body, std::shared_ptr<const std::string> owner)
{
    const std::string_view head = m_restHead;
    std::array<iovec, 2> parts{{{const_cast<char*>(head.data()), head.size()},
                                {const_cast<char*>(body.data()), body.size()}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = body.empty() ? 1 : 2;
    const ssize_t result
        = ::sendmsg(m_socket->native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (result < 0 && errno != EAGAIN && errno != EINTR)
        return close();
    const std::size_t sent = result > 0 ? static_cast<std::size_t>(result) : 0;
    m_restHead = {};
    if (sent == head.size() + body.size()) {
        if (!m_sent)
            return answered();
        boost::asio::post(m_socket->get_executor(), [self = Pointer(this)] { self->partSent(); });
        return;
    }
    const std::size_t ofHead = std::min(sent, head.size());
    m_restHead = head.substr(ofHead);
    m_restBody = body.substr(sent - ofHead);
    m_outOwner = std::move(owner);
    if (!m_outOwner) {
        m_outBody.assign(m_restBody);
        m_restBody = m_outBody;
    }
    sendRest();
}

void Connection::sendRest()
{
    const auto limit = m_listener->limits().requestTime;
    if (limit.count() > 0)
        setDeadline(Clock::now() + limit);
    const std::array<boost::asio::const_buffer, 2> parts{
        boost::asio::buffer(m_restHead.data(), m_restHead.size()),
        boost::asio::buffer(m_restBody.data(), m_restBody.size())};
    m_socket->async_write_some(parts,
                               [self = Pointer(this)](const Error& error, std::size_t count) {
                                   self->onSent(error, count);
                               });
}

void Connection::onSent(const Error& error, std::size_t count)
{
    if (m_phase == Phase::Closed)
        return;
    if (error)
        return close();
    const std::size_t ofHead = std::min(count, m_restHead.size());
    m_restHead.remove_prefix(ofHead);
    m_restBody.remove_prefix(count - ofHead);
    if (!m_restHead.empty() || !m_restBody.empty())
        return sendRest();
    m_outOwner.reset();
    if (m_outBody.capacity() > kKeptStorage)
        std::string().swap(m_outBody);
    if (m_sent)
        partSent();
    else
        answered();
}

void Connection::answered()
{
    m_deadline = Clock::time_point::max();
    if (m_closeAfter) {
        linger();
    } else {
        m_phase = Phase::Head;
        m_started = false;
        const auto limit = m_listener->limits().idleTime;
        if (limit.count() > 0)
            setDeadline(Clock::now() + limit);
    }
    // From here no handler is called: the caller may be in the middle of something.
    if (!m_inCallback && (!m_reading || m_inputEnded || !m_input.empty()))
        postAdvance();
}

/// All is said. Waits a little for the peer to close first.
void Connection::linger()
{
    if (m_inputEnded)
        return close();
    m_phase = Phase::Lingering;
    m_lingerLeft = kLingerBytes;
    Error ignored;
    m_socket->shutdown(Socket::shutdown_send, ignored);
    setDeadline(Clock::now() + kLingerTime);
}

bool Connection::sendContinue()
{
    constexpr std::string_view kText = "HTTP/1.1 100 Continue\r\n\r\n";
    const ssize_t sent = ::send(m_socket->native_handle(), kText.data(), kText.size(),
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == static_cast<ssize_t>(kText.size()))
        return true;
    close(); // its buffer is full before the first answer: nobody reads there
    return false;
}

void Connection::onGone(std::function<void()> gone)
{
    if (m_phase != Phase::Answering)
        return;
    m_gone = std::move(gone);
    if (m_inputEnded && !m_inCallback)
        postAdvance();
}

void Connection::abandon()
{
    if (m_phase == Phase::Answering || (m_phase == Phase::Sending && m_answerLeft > 0))
        close();
}

void Connection::close()
{
    if (m_phase == Phase::Closed)
        return;
    const Pointer keep(this);
    m_phase = Phase::Closed;
    m_deadline = Clock::time_point::max();
    m_socket.reset(); // pending reads and writes end as cancelled
    m_outOwner.reset();
    const std::function<void()> gone = std::exchange(m_gone, nullptr); // dropped, as is
    const std::function<void()> sent = std::exchange(m_sent, nullptr);
    const TakeBody take = std::exchange(m_take, nullptr);
    std::exchange(m_listener, nullptr)->remove(*this);
}

} // namespace coldframe::http
