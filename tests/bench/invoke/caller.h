#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include <netinet/in.h>

namespace coldframe::bench {

/// One keep-alive connection with one call under way at a time. Ends the program on any trouble:
/// a load that limps measures nothing.
class Caller {
public:
    using Clock = std::chrono::steady_clock;

    explicit Caller(const sockaddr_in& server);
    Caller(Caller&& other) noexcept;
    ~Caller();

    int socket() const { return m_socket; }
    void send(std::string_view request);

    struct Answer {
        int status = 0;
        bool failed = false; ///< with X-Amz-Function-Error
        std::chrono::nanoseconds took{}; ///< from send() to the last byte
    };
    /// Reads what has come; true once the answer is whole.
    bool receive(Answer& answer);

private:
    std::size_t answerSize() const; ///< 0 while the head is not whole

    int m_socket = -1;
    std::string m_input;
    std::size_t m_filled = 0;
    Clock::time_point m_sentAt;
};

} // namespace coldframe::bench
