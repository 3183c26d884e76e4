#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/queue_rules.h"
#include "sim/law.h"

namespace coldframe::sim {

/// A queue as a simulation sees it: rules, and no bodies.
struct QueueModel {
    std::string name;
    engine::QueueRules rules; ///< `deadLetters`: index into Model::queues
    std::uint32_t groups = 1; ///< FIFO: each message is of one of so many, each as likely
};

/// How a function reads a queue. What arrives for it are messages then, and its attempts are
/// batches of them.
struct QueueReader {
    std::uint32_t queue = 0; ///< index into Model::queues
    engine::MappingRules rules; ///< all but whose they are
    std::optional<Law> perMessage; ///< added to an attempt's service for each of its messages
    /// Of the messages of a batch, each time anew. Without reportItemFailures one of them fails
    /// all.
    double messageFailureShare = 0;
};

} // namespace coldframe::sim
