#include "http/listener.h"

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace coldframe::http {
namespace {

constexpr int kAcceptsPerTurn = 64;
/// How long to leave waiting peers in the queue when the process has no descriptor left.
constexpr std::chrono::milliseconds kPause{50};
/// Deadlines are coarse, so that a thousand of them cost one timer.
constexpr std::chrono::milliseconds kSweepStep{50};

} // namespace

Listener::Listener(boost::asio::io_context& io, const Limits& limits, Callbacks callbacks)
    : m_io(io), m_limits(limits), m_callbacks(std::move(callbacks))
{ }

Result<void> Listener::start(int socket)
{
    const Executor executor = m_io.get_executor();
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0
        && address.sin_family == AF_INET)
        m_port = ntohs(address.sin_port);
    boost::system::error_code error;
    m_acceptor.emplace(executor);
    m_acceptor->assign(boost::asio::ip::tcp::v4(), socket, error);
    if (error) {
        ::close(socket);
        return tl::unexpected(
            Error{.code = Error::Code::Io,
                  .message = "cannot watch a listening socket: " + error.message(),
                  .hint = "close other programs and try again"});
    }
    m_pauseTimer.emplace(executor);
    m_sweepTimer.emplace(executor);
    waitForPeers();
    return {};
}

void Listener::close()
{
    m_acceptor.reset();
    m_pauseTimer.reset();
    m_sweepTimer.reset();
    const auto connections = std::exchange(m_connections, {});
    for (const auto& connection : connections)
        connection->close();
}

void Listener::remove(Connection& connection)
{
    const std::size_t slot = connection.slot;
    if (slot >= m_connections.size() || m_connections[slot].get() != &connection)
        return; // close() has taken the whole list
    m_connections.back()->slot = slot;
    std::swap(m_connections[slot], m_connections.back());
    m_connections.pop_back();
}

void Listener::waitForPeers()
{
    m_acceptor->async_wait(Acceptor::wait_read,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                               if (self->m_acceptor && !error)
                                   self->acceptPeers();
                           });
}

void Listener::acceptPeers()
{
    for (int i = 0; i < kAcceptsPerTurn; ++i) {
        // Not Asio's accept: a function's process must not inherit the socket, or a dead peer's
        // connection would stay open in it.
        const int socket = ::accept4(m_acceptor->native_handle(), nullptr, nullptr,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            admit(socket);
            continue;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            break;
        if (errno != EINTR && errno != ECONNABORTED && errno != EPROTO)
            return pause(); // EMFILE, ENFILE, ENOBUFS, ENOMEM: others will give something back
    }
    waitForPeers();
}

void Listener::pause()
{
    m_pauseTimer->expires_after(kPause);
    m_pauseTimer->async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (self->m_acceptor && !error)
            self->waitForPeers();
    });
}

void Listener::admit(int socket)
{
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Connection::Socket peer(m_io.get_executor());
    boost::system::error_code error;
    peer.assign(boost::asio::ip::tcp::v4(), socket, error);
    if (error) {
        ::close(socket);
        return;
    }
    const bool tooMany = m_connections.size() >= static_cast<std::size_t>(m_limits.connections);
    const boost::intrusive_ptr<Connection> connection(
        new Connection(shared_from_this(), std::move(peer)));
    connection->slot = m_connections.size();
    m_connections.push_back(connection);
    if (tooMany)
        connection->turnAway();
    else
        connection->start();
}

void Listener::watchDeadline(Clock::time_point at)
{
    if (m_sweepAt <= at || !m_sweepTimer)
        return;
    m_sweepAt = at;
    m_sweepTimer->expires_at(at);
    m_sweepTimer->async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (self->m_sweepTimer && !error)
            self->sweep();
    });
}

void Listener::sweep()
{
    const auto now = Clock::now();
    auto next = Clock::time_point::max();
    std::vector<boost::intrusive_ptr<Connection>> due;
    for (const auto& connection : m_connections) {
        if (connection->deadline() <= now)
            due.push_back(connection);
        else
            next = std::min(next, connection->deadline());
    }
    m_sweepAt = Clock::time_point::max();
    for (const auto& connection : due)
        connection->deadlinePassed(); // may close this listener
    if (next != Clock::time_point::max())
        watchDeadline(std::max(next, now + kSweepStep));
}

} // namespace coldframe::http
