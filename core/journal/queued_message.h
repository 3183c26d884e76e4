#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "model/time.h"

namespace coldframe::journal {

/// A message of one of the workspace's queues, as it is kept.
struct QueuedMessage {
    std::uint64_t key = 0; ///< from Journal::nextKey()
    std::string queue; ///< its store's name
    std::string messageId; ///< UUID as text; what the receiver is told
    std::string body;
    std::string attributes; ///< JSON object, as SQS events have it; empty: none
    std::string group, deduplication; ///< of FIFO queues
    std::string sender; ///< who sent it: a function's or trigger's name, "send", "sqs"
    TimePoint sentAt{};
    std::uint32_t hops = 0; ///< functions its chain has already run through
    std::uint32_t bytes = 0; ///< of body and attributes; set by messages()

    // How it stands; see MessageStands
    std::uint64_t sequence = 0; ///< its place in order; set by messages(): the key at first
    std::uint32_t receives = 0; ///< in this queue
    std::uint32_t receipt = 0; ///< of its latest receive that was kept
    bool moved = false; ///< given up or sent back since it was sent; set by messages()
    TimePoint firstReceivedAt{}; ///< zero: never
    TimePoint visibleAt{}; ///< zero: at once
    std::string from; ///< the queue it was given up in; empty: it was sent to this one
    std::string problem; ///< what its last batch failed of; may be empty
};

/// It came back, was received, or moved: where it lies and since when it may be received.
struct MessageStands {
    std::uint64_t key = 0;
    std::string queue;
    std::uint32_t receives = 0;
    TimePoint sentAt{}, firstReceivedAt{}, visibleAt{};
    std::string from, problem;
    std::uint32_t receipt = 0;
    std::uint64_t sequence = 0; ///< 0: the key
};
struct MessageEdited {
    std::uint64_t key = 0;
    std::string body, attributes;
};
struct MessageRemoved {
    std::uint64_t key = 0;
};

/// What happened to messages, in order.
using MessageChange = std::variant<QueuedMessage, MessageStands, MessageEdited, MessageRemoved>;

} // namespace coldframe::journal
