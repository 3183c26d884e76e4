#include "live/turns.h"

#include <boost/asio/post.hpp>

namespace coldframe::live {

Turns::Turns(boost::asio::io_context& io) : m_io(io), m_alive(std::make_shared<Turns*>(this)) { }

Turns::~Turns()
{
    *m_alive = nullptr;
}

void Turns::add(const Host& host, std::function<void()> work)
{
    m_waiting.push_back({&host, std::move(work)});
    if (!std::exchange(m_posted, true))
        post();
}

void Turns::drop(const Host& host)
{
    std::erase_if(m_waiting, [&](const Piece& piece) { return piece.host == &host; });
}

void Turns::post()
{
    boost::asio::post(m_io, [alive = m_alive] {
        Turns* turns = *alive;
        if (!turns)
            return;
        std::function<void()> work;
        if (!turns->m_waiting.empty()) {
            work = std::move(turns->m_waiting.front().work);
            turns->m_waiting.pop_front();
        }
        turns->m_posted = !turns->m_waiting.empty();
        if (turns->m_posted)
            turns->post();
        if (work)
            work();
    });
}

} // namespace coldframe::live
