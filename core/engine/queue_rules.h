#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/error.h"
#include "model/ids.h"
#include "model/time.h"

// The rules of queues and of what reads them for functions, as plain numbers. Defaults are those of
// Amazon SQS and of its event source mappings (SQS and Lambda developer guides, read 2026-11).
namespace coldframe::engine {

struct QueueRules {
    bool fifo = false; ///< order per group, deduplication
    bool removed = false; ///< keeps its id, takes no messages
    Duration visibility = std::chrono::seconds(30); ///< hidden so long after a receive
    Duration delay{}; ///< of messages that bring none
    Duration retention = std::chrono::hours(96); ///< from sent to dropped
    /// Receives after which the next one moves the message away; 0: never.
    std::uint32_t maxReceives = 0;
    QueueId deadLetters = kNoQueue; ///< where to
    std::uint32_t maxInFlight = 120'000;
    Duration deduplication = std::chrono::minutes(5); ///< FIFO: an id counts once in this time
    /// Receipts are that high at least: above those of an earlier run, of which some are not known.
    std::uint32_t receiptsFrom = 1;

    /// How long a message is hidden that asks for `own`. A FIFO queue has one delay for all, or the
    /// order would not hold.
    Duration delayOf(const std::optional<Duration>& own) const
    {
        return fifo ? delay : own.value_or(delay);
    }
    bool operator==(const QueueRules&) const = default;
};

/// An event source mapping: reads a queue in batches and hands them to a function.
struct MappingRules {
    QueueId queue = 0;
    FunctionId function = 0;
    bool enabled = true;
    bool reportItemFailures = false; ///< answers name the items that failed
    std::uint32_t batchSize = 10; ///< messages
    std::uint32_t maxBatchBytes = 6 * 1024 * 1024; ///< of their messages together
    Duration window{}; ///< how long a batch may gather; zero: what is there goes at once
    std::uint32_t maxConcurrency = 0; ///< batches at once, 2 … 1,000; 0: no limit of its own
    // Batches at once without that limit: so many to start, more while messages remain, back to the
    // start when there are none. `least` is where errors lead to: assumed, AWS publishes no figure.
    std::uint32_t startPollers = 5, pollersPerMinute = 300, maxPollers = 1250, leastPollers = 2;
    /// The bit of its filter in Unwanted: a message that has it is deleted when it is received, as
    /// the platform's pollers do. 0: it takes all.
    std::uint32_t filter = 0;

    bool operator==(const MappingRules&) const = default;
};

/// What is wrong with a queue's rules, in the words of its settings. `pointer` of the errors is the
/// name of the field.
std::vector<Error> problemsOf(const QueueRules& queue);
/// Likewise of a mapping over its queue, for a function of this timeout.
std::vector<Error> problemsOf(const MappingRules& mapping, const QueueRules& queue,
                              Duration functionTimeout);

} // namespace coldframe::engine
