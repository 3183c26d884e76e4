#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "s3/endpoint.h"
#include "s3/service.h"

namespace coldframe::s3 {

/// What the endpoint's requests share. On the thread of the io_context, but for `service`.
struct Core : std::enable_shared_from_this<Core> {
    Core(boost::asio::io_context& context, EndpointOptions given)
        : io(context), options(std::move(given)), service(options.state)
    { }

    /// Runs `job` where it may block and `then` with its result here, unless the endpoint was
    /// closed meanwhile.
    template <typename Job, typename Then> void inBackground(Job job, Then then)
    {
        using Made = decltype(job());
        options.post([self = shared_from_this(), job = std::move(job),
                      then = std::make_shared<Then>(std::move(then))]() mutable {
            auto made = std::make_shared<Made>(job());
            boost::asio::io_context& back = self->io;
            boost::asio::post(
                back, [self = std::move(self), then = std::move(then), made = std::move(made)] {
                    if (!self->closed)
                        (*then)(std::move(*made));
                });
        });
    }

    boost::asio::io_context& io;
    EndpointOptions options;
    Service service;
    std::uint64_t requests = 0;
    bool closed = false;
};

} // namespace coldframe::s3
