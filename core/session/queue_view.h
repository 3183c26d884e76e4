#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "model/time.h"

namespace coldframe::session {

/// What went through a queue since the run began.
struct Tally {
    std::uint64_t sent = 0, received = 0, deleted = 0;
    std::uint64_t returned = 0; ///< visible again after a failure
    std::uint64_t deadLettered = 0; ///< moved to its dead-letter queue
    std::uint64_t duplicates = 0, expired = 0;
    std::uint64_t filteredOut = 0; ///< deleted, as its reader's filter leaves it out
};

/// How a queue stood at one moment, and what happened since the one before.
struct QueueSample {
    std::uint32_t visible = 0, delayed = 0, inFlight = 0;
    std::uint32_t sent = 0, received = 0, deleted = 0, deadLettered = 0;
    Duration oldestAge{};
};
inline constexpr Duration kQueueSampleEvery = std::chrono::milliseconds(500);
inline constexpr std::size_t kQueueSamples = 240; ///< the last 120 s

/// A queue, for screens.
struct QueueView {
    engine::QueueCounts now;
    Tally tally;
    std::vector<QueueSample> samples; ///< oldest first, kQueueSampleEvery apart
    TimePoint lastSampleAt{};
};

/// What a message says.
struct MessageText {
    std::string body;
    std::string attributes; ///< JSON object as events have it; may be empty
};

/// A message, for lists.
struct MessageView {
    std::uint64_t key = 0;
    std::string messageId, group, sender;
    std::uint32_t bytes = 0, receives = 0, hops = 0;
    TimePoint sentAt{};
    TimePoint visibleAt{}; ///< in the past: now
    bool inFlight = false;
    std::string from; ///< the queue it was given up in
    std::string problem; ///< what its last batch failed of
    std::string beginning; ///< of its body; at most 200 bytes
};

} // namespace coldframe::session
