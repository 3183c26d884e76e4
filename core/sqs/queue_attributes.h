#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/time.h"
#include "sqs/sqs_error.h"

namespace coldframe::sqs {

struct Draft;

/// What the API tells of a queue.
struct QueueFacts {
    std::string name;
    bool fifo = false;
    bool contentDeduplication = false; ///< FIFO: the body stands for the id that is not given
    Duration visibility{}, delay{}, retention{};
    std::uint32_t maxReceives = 0; ///< 0: no dead-letter queue
    std::string deadLetters; ///< its name
    TimePoint since{}; ///< when it was set up
    std::uint64_t visible = 0, inFlight = 0, delayed = 0; ///< messages now
};

using QueueAttributes = std::vector<std::pair<std::string, std::string>>;
/// Those of the attributes that `names` ask for; "All": each there is.
QueueAttributes attributesOf(const QueueFacts& queue, const std::vector<std::string>& names);

/// What keeps CreateQueue from standing for this queue: the first attribute that differs from it.
/// Policies, keys and tags are not compared: they mean nothing here.
std::optional<SqsError> differenceFrom(const QueueFacts& queue, const QueueAttributes& wanted);

/// What keeps a message out of this queue, standard or FIFO.
std::optional<SqsError> problemOf(const Draft& draft, const QueueFacts& queue);

/// Names that Amazon SQS knows, "All" among them.
bool isQueueAttribute(std::string_view name); ///< of queues
bool isSystemAttribute(std::string_view name); ///< of received messages

} // namespace coldframe::sqs
