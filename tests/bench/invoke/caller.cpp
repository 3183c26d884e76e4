#include "caller.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace coldframe::bench {
namespace {

[[noreturn]] void die(const char* what)
{
    std::perror(what);
    std::exit(3);
}

} // namespace

Caller::Caller(const sockaddr_in& server) : m_socket(::socket(AF_INET, SOCK_STREAM, 0))
{
    m_input.resize(64U << 10U);
    if (::connect(m_socket, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
        die("cannot connect");
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Caller::Caller(Caller&& other) noexcept
    : m_socket(std::exchange(other.m_socket, -1)), m_input(std::move(other.m_input)),
      m_filled(other.m_filled), m_sentAt(other.m_sentAt)
{ }

Caller::~Caller()
{
    if (m_socket >= 0)
        ::close(m_socket);
}

void Caller::send(std::string_view request)
{
    m_sentAt = Clock::now();
    while (!request.empty()) {
        const ssize_t sent = ::send(m_socket, request.data(), request.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            die("cannot send");
        request.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::size_t Caller::answerSize() const
{
    const std::string_view got(m_input.data(), m_filled);
    const std::size_t head = got.find("\r\n\r\n");
    if (head == std::string_view::npos)
        return 0;
    // Other servers write it in lower case.
    constexpr std::string_view kLength = "\r\ncontent-length: ";
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    const auto at = std::ranges::search(got.substr(0, head), kLength, {}, lower).begin();
    if (at == got.data() + head)
        return head + 4;
    return head + 4 + std::strtoul(at + kLength.size(), nullptr, 10);
}

bool Caller::receive(Answer& answer)
{
    if (m_filled == m_input.size())
        m_input.resize(m_input.size() * 2);
    const ssize_t got
        = ::recv(m_socket, m_input.data() + m_filled, m_input.size() - m_filled, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return false;
    if (got <= 0)
        die("the server closed the connection");
    m_filled += static_cast<std::size_t>(got);
    const std::size_t size = answerSize();
    if (size == 0 || m_filled < size)
        return false;
    answer.took = Clock::now() - m_sentAt;
    answer.status = std::atoi(m_input.data() + sizeof "HTTP/1.1");
    answer.failed = std::string_view(m_input.data(), m_filled).find("X-Amz-Function-Error")
        != std::string_view::npos;
    m_filled = 0;
    return true;
}

} // namespace coldframe::bench
