#include "session/server_writers.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

namespace coldframe::session {

namespace {

constexpr std::size_t kServerThreads = 4; // each store uses one at a time

} // namespace

ServerWriters::ServerWriters() : m_stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { }

ServerWriters::~ServerWriters()
{
    close();
    ::close(m_stop);
}

void ServerWriters::run(std::function<void()> work)
{
    if (!m_threads)
        m_threads.emplace(kServerThreads);
    boost::asio::post(*m_threads, std::move(work));
}

void ServerWriters::close()
{
    const std::uint64_t one = 1; // nobody reads it, so all see it
    [[maybe_unused]] const ssize_t written = ::write(m_stop, &one, sizeof one);
    if (!m_threads)
        return;
    m_threads->stop();
    m_threads->join();
}

} // namespace coldframe::session
