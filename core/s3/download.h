#pragma once

#include <memory>
#include <string>

#include "s3/exchange.h"
#include "s3/object_reading.h"

namespace coldframe::s3 {

/// Answers GetObject: a small object at once, a large one a piece at a time, the next being read
/// while one is being sent. Keeps itself until all is sent or the caller is gone.
class Download : public std::enable_shared_from_this<Download> {
public:
    static void start(std::shared_ptr<Exchange> exchange);

private:
    using Piece = std::shared_ptr<const std::string>;

    explicit Download(std::shared_ptr<Exchange> exchange) : m_exchange(std::move(exchange)) { }
    void opened(Reading&& reading, Piece first);
    void read();
    void send();

    std::shared_ptr<Exchange> m_exchange;
    std::shared_ptr<const Reading> m_reading; ///< other threads read its file
    Piece m_ready; ///< read, and not handed over yet
    std::uint64_t m_readTo = 0, m_sentTo = 0; ///< bytes of the range
    bool m_sending = false;
};

} // namespace coldframe::s3
