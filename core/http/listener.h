#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "http/connection.h"
#include "http/server.h"

#include <boost/asio/basic_waitable_timer.hpp>

namespace coldframe::http {

/// The listening socket of one server, its connections, and one timer for all their deadlines.
class Listener : public std::enable_shared_from_this<Listener> {
public:
    using Clock = Connection::Clock;

    /// Takes `socket` over: it listens, does not block, and is closed in child processes.
    Listener(boost::asio::io_context& io, const Limits& limits, Callbacks callbacks);
    Result<void> start(int socket);
    void close();

    std::uint16_t port() const { return m_port; }
    std::size_t connectionCount() const { return m_connections.size(); }

    // For connections.
    const Limits& limits() const { return m_limits; }
    const Callbacks& callbacks() const { return m_callbacks; }
    void remove(Connection& connection);
    /// deadlinePassed() is called on the connections that are due at `at`, or a little later.
    void watchDeadline(Clock::time_point at);

private:
    using Executor = boost::asio::io_context::executor_type;
    using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
    using Timer
        = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

    void waitForPeers();
    void acceptPeers();
    void admit(int socket);
    void pause();
    void sweep();

    boost::asio::io_context& m_io;
    const Limits m_limits;
    const Callbacks m_callbacks;
    std::optional<Acceptor> m_acceptor; ///< these three are empty once closed
    std::optional<Timer> m_pauseTimer;
    std::optional<Timer> m_sweepTimer;
    Clock::time_point m_sweepAt = Clock::time_point::max();
    std::vector<boost::intrusive_ptr<Connection>> m_connections;
    std::uint16_t m_port = 0;
};

} // namespace coldframe::http
