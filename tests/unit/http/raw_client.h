#pragma once

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace coldframe::http::test {

struct Answer {
    int status = 0; ///< 0 when the connection ended instead
    std::string head; ///< with the empty line
    std::string body;

    bool has(std::string_view line) const
    {
        return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
    }
};

/// A client that sends exactly the bytes it is told to.
class RawClient {
public:
    RawClient() : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        const timeval patience{20, 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(m_socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    explicit RawClient(std::uint16_t port, std::string_view bytes = {}) : RawClient()
    {
        connect(port);
        send(bytes);
    }
    RawClient(RawClient&& other) noexcept
        : m_socket(std::exchange(other.m_socket, -1)), m_input(std::move(other.m_input))
    { }
    ~RawClient() { close(); }

    void connect(std::uint16_t port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("cannot connect");
    }

    /// False when the server no longer takes bytes.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    /// The next answer; `toHead` for one that carries no body whatever its Content-Length says.
    Answer read(bool toHead = false)
    {
        Answer answer;
        std::size_t end = 0;
        while ((end = m_input.find("\r\n\r\n")) == std::string::npos) {
            if (!fill())
                return answer;
        }
        answer.head = m_input.substr(0, end + 4);
        m_input.erase(0, end + 4);
        answer.status = std::atoi(answer.head.c_str() + 9);
        const std::size_t at = answer.head.find("\r\nContent-Length: ");
        const std::size_t length = at == std::string::npos || toHead
            ? 0
            : std::strtoul(answer.head.c_str() + at + 18, nullptr, 10);
        while (m_input.size() < length) {
            if (!fill())
                return {};
        }
        answer.body = m_input.substr(0, length);
        m_input.erase(0, length);
        return answer;
    }

    Answer exchange(std::string_view request)
    {
        send(request);
        return read();
    }

    /// Nothing but the end of the connection comes; false also when patience ends.
    bool ended()
    {
        char byte = 0;
        const ssize_t got = m_input.empty() ? ::recv(m_socket, &byte, 1, 0) : 1;
        return got == 0 || (got < 0 && errno != EAGAIN);
    }

    void finishSending() { ::shutdown(m_socket, SHUT_WR); }

    void close()
    {
        if (m_socket >= 0)
            ::close(std::exchange(m_socket, -1));
    }

    /// As a killed process does with unread bytes: the server sees a broken connection.
    void reset()
    {
        const linger now{1, 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }

    int socket() const { return m_socket; }

private:
    bool fill()
    {
        char bytes[65536];
        const ssize_t got = ::recv(m_socket, bytes, sizeof bytes, 0);
        if (got <= 0)
            return false;
        m_input.append(bytes, static_cast<std::size_t>(got));
        return true;
    }

    int m_socket = -1;
    std::string m_input;
};

/// "GET /path HTTP/1.1" with a Host header and further lines, each ending in CRLF.
inline std::string get(std::string_view path, std::string_view lines = {})
{
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(lines)
        + "\r\n";
}

inline std::string post(std::string_view path, std::string_view body, std::string_view lines = {})
{
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(lines)
        + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

} // namespace coldframe::http::test
