#include "http/server.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/listener.h"

namespace coldframe::http {
namespace {

constexpr int kBacklog = 1024;

tl::unexpected<Error> listenError(int error, std::uint16_t port)
{
    const std::string place = "port " + std::to_string(port) + " on 127.0.0.1";
    if (error == EADDRINUSE && port == 0)
        return tl::unexpected(Error{.code = Error::Code::Unavailable,
                                    .message = "no port is free on 127.0.0.1",
                                    .hint = "close programs that hold many connections"});
    if (error == EADDRINUSE)
        return tl::unexpected(Error{.code = Error::Code::Unavailable,
                                    .message = place + " is taken: another program listens there",
                                    .hint = "choose another port, or 0 for any free one"});
    if (error == EACCES)
        return tl::unexpected(Error{.code = Error::Code::Unavailable,
                                    .message = place + " is reserved for the system",
                                    .hint = "choose a port from 1024 up, or 0 for any free one"});
    if (error == EMFILE || error == ENFILE)
        return tl::unexpected(
            Error{.code = Error::Code::LimitReached,
                  .message = "no more files can be opened: " + std::string(std::strerror(error)),
                  .hint = "raise the limit (ulimit -n) or run fewer instances"});
    return tl::unexpected(
        Error{.code = Error::Code::Io,
              .message = "cannot listen on " + place + ": " + std::strerror(error),
              .hint = "choose another port, or 0 for any free one"});
}

Result<int> openSocket(std::uint16_t port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return listenError(errno, port);
    const int on = 1; // a port whose last connections are still dying may be used again
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
        && ::listen(socket, kBacklog) == 0)
        return socket;
    const int error = errno;
    ::close(socket);
    return listenError(error, port);
}

Result<int> adoptSocket(int socket)
{
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0)
        return tl::unexpected(
            Error{.code = Error::Code::Io,
                  .message = "descriptor " + std::to_string(socket) + " is not a listening socket",
                  .hint = "pass a socket on which listen() was called"});
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    return socket;
}

} // namespace

Result<std::unique_ptr<Server>> Server::listen(boost::asio::io_context& io,
                                               const ListenOptions& options, const Limits& limits,
                                               Callbacks callbacks)
{
    const Result<int> socket
        = options.socket >= 0 ? adoptSocket(options.socket) : openSocket(options.port);
    if (!socket)
        return tl::unexpected(socket.error());
    auto listener = std::make_shared<Listener>(io, limits, std::move(callbacks));
    if (const Result<void> started = listener->start(*socket); !started)
        return tl::unexpected(started.error());
    return std::unique_ptr<Server>(new Server(std::move(listener)));
}

Server::Server(std::shared_ptr<Listener> listener) : m_listener(std::move(listener)) { }

Server::~Server()
{
    m_listener->close();
}

std::uint16_t Server::port() const
{
    return m_listener->port();
}

std::size_t Server::connectionCount() const
{
    return m_listener->connectionCount();
}

void Server::close()
{
    m_listener->close();
}

} // namespace coldframe::http
