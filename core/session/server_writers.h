#pragma once

#include <utility> // before asio: Boost 1.74 with GCC 12 needs it

#include <functional>
#include <optional>

#include <boost/asio/thread_pool.hpp>

namespace coldframe::session {

/// Threads that wait for database servers, begun with the first work: a server that does not answer
/// keeps no worker of the run waiting.
class ServerWriters {
public:
    ServerWriters();
    ~ServerWriters();
    ServerWriters(const ServerWriters&) = delete;
    ServerWriters& operator=(const ServerWriters&) = delete;

    /// First on the live thread, then also from such work.
    void run(std::function<void()> work);
    /// A descriptor that is readable once nothing must be waited for any more.
    int stop() const { return m_stop; }
    /// Breaks off what is under way, and forgets what was not begun. Nothing is run afterwards but
    /// by such work.
    void close();

private:
    const int m_stop; ///< an eventfd
    std::optional<boost::asio::thread_pool> m_threads;
};

} // namespace coldframe::session
