#include "http/responder.h"

#include <utility>

#include "http/connection.h"

namespace coldframe::http {

Responder::Responder(Connection& connection) : m_connection(&connection)
{
    intrusive_ptr_add_ref(m_connection);
}

Responder::Responder(Responder&& other) noexcept
    : m_connection(std::exchange(other.m_connection, nullptr))
{ }

Responder& Responder::operator=(Responder&& other) noexcept
{
    std::swap(m_connection, other.m_connection); // what was here goes with `other`
    return *this;
}

Responder::~Responder()
{
    if (m_connection) {
        m_connection->abandon();
        intrusive_ptr_release(m_connection);
    }
}

bool Responder::connected() const
{
    return m_connection && m_connection->isWaited();
}

void Responder::respond(int status, std::string_view headers, std::string_view body)
{
    if (const boost::intrusive_ptr<Connection> connection{std::exchange(m_connection, nullptr),
                                                          false})
        connection->respond(status, headers, body, nullptr);
}

void Responder::respond(int status, std::string_view headers,
                        std::shared_ptr<const std::string> body)
{
    if (const boost::intrusive_ptr<Connection> connection{std::exchange(m_connection, nullptr),
                                                          false}) {
        const std::string_view bytes = body ? std::string_view(*body) : std::string_view();
        connection->respond(status, headers, bytes, std::move(body));
    }
}

void Responder::readBody(TakeBody take)
{
    if (m_connection)
        m_connection->readBody(std::move(take));
}

bool Responder::begin(int status, std::string_view headers, std::uint64_t length)
{
    if (m_connection && !m_connection->beginAnswer(status, headers, length))
        return false;
    if (Connection* const connection = std::exchange(m_connection, nullptr))
        intrusive_ptr_release(connection);
    return true;
}

void Responder::write(std::shared_ptr<const std::string> piece, std::function<void()> sent)
{
    // After the last piece the connection goes on with others: it is no longer ours.
    if (m_connection && m_connection->writePiece(std::move(piece), std::move(sent)))
        intrusive_ptr_release(std::exchange(m_connection, nullptr));
}

void Responder::onGone(std::function<void()> gone)
{
    if (m_connection)
        m_connection->onGone(std::move(gone));
}

} // namespace coldframe::http
