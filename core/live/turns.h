#pragma once

#include <utility> // before asio: Boost 1.74 with GCC 12 needs it

#include <deque>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

namespace coldframe::live {

class Host;

/// Work of hosts that takes long for the live thread, one piece a turn of its loop: making a
/// process takes from a third of a millisecond to two, and a burst asks for hundreds of them at
/// once. What already runs is served in between.
class Turns {
public:
    explicit Turns(boost::asio::io_context& io);
    ~Turns(); ///< nothing runs any more

    /// After what was added before, never from within.
    void add(const Host& host, std::function<void()> work);
    /// Forgets what waits for this host.
    void drop(const Host& host);

private:
    struct Piece {
        const Host* host;
        std::function<void()> work;
    };
    void post();

    boost::asio::io_context& m_io;
    std::deque<Piece> m_waiting;
    bool m_posted = false;
    std::shared_ptr<Turns*> m_alive; ///< what is posted looks first
};

} // namespace coldframe::live
