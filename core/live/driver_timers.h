#pragma once

#include <utility> // before asio: Boost 1.74 with GCC 12 needs it

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "live/driver.h"

namespace coldframe::live {

/// The driver's timers, kept out of its header.
struct Driver::Timers {
    explicit Timers(boost::asio::io_context& io) : deadline(io), memory(io) { }
    boost::asio::steady_timer deadline, memory;
    std::optional<TimePoint> armedFor; ///< when `deadline` will fire
    bool watching = false;
};

} // namespace coldframe::live
