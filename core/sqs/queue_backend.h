#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/time.h"
#include "sqs/command.h"
#include "sqs/queue_attributes.h"
#include "sqs/receipt_handle.h"

namespace coldframe::sqs {

/// What became of a message that was sent.
struct Accepted {
    std::string messageId; ///< UUID as text
    std::string sequenceNumber; ///< FIFO
};

/// A message as its receiver is told of it.
struct Received {
    std::string messageId;
    ReceiptHandle receipt;
    std::string body;
    MessageAttributes attributes;
    std::string sender;
    TimePoint sentAt{}, firstReceivedAt{};
    std::uint32_t receives = 1; ///< with this one
    std::string group, deduplication, sequenceNumber; ///< FIFO
    std::string deadLetterOf; ///< the queue it was given up in; empty: it was sent to this one
};

/// What became of the wish of who received a message.
enum class ReceiptOutcome : std::uint8_t {
    Done,
    Gone, ///< no such message any more
    Expired, ///< FIFO: its visibility timeout is over
    NotInFlight, ///< it may be received again
    TooLong, ///< past twelve hours since its receive
};

/// Who keeps the queues. Every function is called on the thread of the io_context; queues go by the
/// names that find() has just told.
class QueueBackend {
public:
    virtual ~QueueBackend() = default;
    virtual std::string newRequestId() = 0; ///< UUID as text
    virtual std::vector<std::string> names() = 0; ///< sorted
    virtual std::optional<QueueFacts> find(std::string_view name) = 0; ///< none: no such queue

    /// One answer for each draft, in order; `then` runs on the same thread, now or later, and may
    /// be dropped, which closes its caller's connection. Of a FIFO queue each draft has its group
    /// and its deduplication id.
    virtual void send(const std::string& queue, std::vector<Draft> drafts,
                      const std::string& accessKey,
                      std::function<void(const std::vector<Expected<Accepted>>&)> then)
        = 0;
    /// Whether receive() would find something, as far as can be told without asking.
    virtual bool gives(const std::string& queue) = 0;
    /// What there is now, up to so many; may be none.
    virtual std::vector<Received> receive(const std::string& queue, std::uint32_t most,
                                          std::optional<std::chrono::seconds> visibility)
        = 0;
    virtual ReceiptOutcome erase(const std::string& queue, const ReceiptHandle& receipt) = 0;
    virtual ReceiptOutcome changeVisibility(const std::string& queue, const ReceiptHandle& receipt,
                                            std::chrono::seconds timeout)
        = 0;
    virtual void purge(const std::string& queue) = 0;
};

} // namespace coldframe::sqs
