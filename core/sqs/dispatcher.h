#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sqs/long_polls.h"

namespace coldframe::sqs {

/// Carries out requests and answers them. On the thread of the io_context.
class Dispatcher {
public:
    Dispatcher(boost::asio::io_context& io, QueueBackend& backend)
        : m_backend(backend), m_polls(std::make_shared<LongPolls>(io, backend))
    { }

    /// Of the URLs of queues.
    void setPort(std::uint16_t port) { m_port = port; }
    void run(const std::shared_ptr<Exchange>& exchange);
    LongPolls& polls() { return *m_polls; }

private:
    using Shared = std::shared_ptr<Exchange>;
    void run(const Shared& exchange, const SendMessages& send);
    void run(const Shared& exchange, const ReceiveMessages& receive);
    void run(const Shared& exchange, const DeleteMessages& erase);
    void run(const Shared& exchange, const ChangeVisibility& change);
    void run(const Shared& exchange, const GetQueueUrl& get);
    void run(const Shared& exchange, const GetQueueAttributes& get);
    void run(const Shared& exchange, const SetQueueAttributes& set);
    void run(const Shared& exchange, const PurgeQueue& purge);
    void run(const Shared& exchange, const CreateQueue& create);
    void run(const Shared& exchange, const DeleteQueue& erase);
    void run(const Shared& exchange, const ListQueues& list);
    void run(const Shared& exchange, const ListDeadLetterSources& list);

    /// The queue, or the request is answered already.
    std::optional<QueueFacts> find(const Shared& exchange, const std::string& name);
    std::string knownQueues();

    QueueBackend& m_backend;
    std::shared_ptr<LongPolls> m_polls;
    std::uint16_t m_port = 0;
};

} // namespace coldframe::sqs
