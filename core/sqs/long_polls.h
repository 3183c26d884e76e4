#pragma once

#include <list>
#include <memory>
#include <set>
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
    /// Queues for whose messages somebody waits, each once.
    std::set<std::string> awaited() const;
    /// Drops all.
    void close() { m_polls.clear(); }

private:
    struct Poll {
        Poll(boost::asio::io_context& io, std::shared_ptr<Exchange> of, ReceiveMessages wanted)
            : exchange(std::move(of)), asked(std::move(wanted)), end(io)
        { }
        std::shared_ptr<Exchange> exchange;
        ReceiveMessages asked;
        boost::asio::steady_timer end;
    };
    using Polls = std::list<std::shared_ptr<Poll>>;

    void wait(const std::shared_ptr<Poll>& poll);

    boost::asio::io_context& m_io;
    QueueBackend& m_backend;
    Polls m_polls; ///< that wait, in the order they came
};

} // namespace coldframe::sqs
