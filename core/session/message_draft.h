#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/error.h"
#include "model/time.h"

namespace coldframe::session {

/// A message on its way into a queue.
struct MessageDraft {
    std::string queue; ///< its store's name
    std::string body;
    std::string attributes; ///< JSON object in the form of events; empty: none
    std::string group, deduplication; ///< of FIFO queues
    std::optional<Duration> delay; ///< of standard queues; none: the queue's
    std::string sender; ///< "split", "send", "sqs"
    std::uint32_t hops = 0; ///< functions its chain has run through
};
/// What became of it.
struct MessageReceipt {
    std::string messageId; ///< of a duplicate: the first one's
    std::uint64_t sequence = 0; ///< rises with the order of sending
    std::optional<Error> refused;
};

} // namespace coldframe::session
