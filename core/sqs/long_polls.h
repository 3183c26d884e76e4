#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <utility> // before Asio: Boost 1.74 uses std::exchange without including it

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "sqs/exchange.h"
#include "sqs/queue_backend.h"

namespace coldframe::sqs {

/// Receives, and those of them that wait for messages: first come, first served, per queue. A
/// caller that leaves waits no longer. On the thread of the io_context.
class LongPolls : public std::enable_shared_from_this<LongPolls> {
public:
    LongPolls(boost::asio::io_context& io, QueueBackend& backend) : m_io(io), m_backend(backend) { }

    /// Answers at once when there are messages, else after `asked.wait` at the latest.
    void receive(std::shared_ptr<Exchange> exchange, const ReceiveMessages& asked);
    /// The queue may have messages for those that wait.
    void ready(const std::string& queue);
    /// Of these queues somebody waits.
    bool waitsFor(const std::string& queue) const;
    /// Drops all.
    void close();

private:
    struct Poll {
        Poll(boost::asio::io_context& io, std::shared_ptr<Exchange> of, ReceiveMessages wanted)
            : exchange(std::move(of)), asked(std::move(wanted)), end(io)
        { }
        std::shared_ptr<Exchange> exchange;
        ReceiveMessages asked;
        boost::asio::steady_timer end;
        bool asking = false; ///< the backend has not answered yet
        bool again = false; ///< and messages came meanwhile
        bool over = false; ///< its time has passed
    };
    using Polls = std::list<std::shared_ptr<Poll>>;

    void ask(const std::shared_ptr<Poll>& poll);
    void told(const std::shared_ptr<Poll>& poll, const std::vector<Received>& messages);
    void wait(const std::shared_ptr<Poll>& poll);
    void answer(const std::shared_ptr<Poll>& poll, const std::vector<Received>& messages);

    boost::asio::io_context& m_io;
    QueueBackend& m_backend;
    Polls m_polls; ///< that wait, in the order they came
    bool m_closed = false;
};

} // namespace coldframe::sqs
