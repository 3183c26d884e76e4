#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "http/server.h"

namespace coldframe::http::test {

using namespace std::chrono_literals;

/// Long enough for any machine; no test waits that long when all is well.
constexpr auto kPatience = 20s;

/// Waits until `condition` holds; false when patience ends.
inline bool eventually(const std::function<bool()>& condition)
{
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::yield();
    }
    return true;
}

/// Answers with what it was asked: "POST /x body".
inline void echo(Request&& request, Responder responder)
{
    std::string text(request.method);
    text += ' ';
    text += request.target;
    text += ' ';
    text += request.body;
    responder.respond(200, "Content-Type: text/plain\r\n", text);
}

inline Callbacks echoing()
{
    Callbacks callbacks;
    callbacks.handle = echo;
    return callbacks;
}

/// A server on a thread of its own, as in the program. Requests to "/park" are kept in `parked`.
class TestServer {
public:
    explicit TestServer(Callbacks callbacks = echoing(), const Limits& limits = {})
        : m_work(boost::asio::make_work_guard(m_io))
    {
        if (!callbacks.handle)
            callbacks.handle = echo;
        callbacks.handle
            = [this, next = std::move(callbacks.handle)](Request&& request, Responder responder) {
                  if (request.target == "/park")
                      parked.push_back(std::move(responder));
                  else
                      next(std::move(request), std::move(responder));
              };
        auto listening = Server::listen(m_io, {}, limits, std::move(callbacks));
        if (!listening)
            throw std::runtime_error(describe(listening.error()));
        server = std::move(*listening);
        port = server->port();
        m_thread = std::thread([this] { m_io.run(); });
    }

    ~TestServer()
    {
        onLoop([this] { server.reset(); });
        m_work.reset();
        m_thread.join(); // run() returns only when nothing is left pending
    }

    /// Runs `work` on the server's thread and waits for it.
    template <typename Work> std::invoke_result_t<Work> onLoop(Work work)
    {
        std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
        auto result = task.get_future();
        boost::asio::post(m_io, [&task] { task(); });
        return result.get();
    }

    std::size_t connections()
    {
        return onLoop([this] { return server ? server->connectionCount() : 0; });
    }

    bool parks(std::size_t count)
    {
        return eventually([&] { return onLoop([&] { return parked.size() == count; }); });
    }

    bool hasConnections(std::size_t count)
    {
        return eventually([&] { return connections() == count; });
    }

    std::unique_ptr<Server> server; ///< on its own thread only
    std::vector<Responder> parked; ///< likewise
    std::uint16_t port = 0;

private:
    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    std::thread m_thread;
};

} // namespace coldframe::http::test
