#pragma once

#include <array>
#include <cstdint>

#include "engine/action.h"
#include "engine/draw.h"
#include "engine/idle_histogram.h"
#include "engine/idle_set.h"
#include "engine/input.h"
#include "engine/message_queue.h"
#include "engine/poller.h"
#include "engine/slots.h"

// What the engine keeps of each instance, invocation and function.
namespace coldframe::engine {

struct Instance {
    enum class Phase : std::uint8_t { Starting, Initialising, Idle, Busy };
    enum class Listed : std::uint8_t { No, Sharing, Joinable };
    std::uint32_t serial = 0;
    std::uint32_t ordinal = 0; ///< among its function's, from 1
    FunctionId function = 0;
    Phase phase = Phase::Starting;
    Listed listed = Listed::No; ///< in which list of its pool
    bool provisioned = false;
    bool ahead = false; ///< started by the autoscaler, for no attempt of its own
    bool reinit = false; ///< the init under way is part of the attempts
    bool deskWaited = false; ///< before the work it is to do next
    bool coldTold = false; ///< an attempt has been its cold start, or none is to be
    Why retireWhy = Why::None; ///< set: retire after the current attempts, take no more
    std::uint32_t memoryMb = 0; ///< it was started with: what it is slowed to and billed for
    std::uint64_t key = 0; ///< likewise: FunctionRules::instanceKey
    std::uint32_t limit = 1; ///< likewise: attempts it serves at once
    std::uint32_t inFlight = 0; ///< attempts bound to it or running
    std::uint32_t firstWork = kNoSlot, lastWork = kNoSlot; ///< their invocations, in that order
    std::uint32_t before = kNoSlot, after = kNoSlot; ///< in the list it is in
    std::uint32_t served = 0, idlePeriods = 0;
    std::uint32_t place = 0; ///< in its pool's IdleSet
    TimePoint initStartedAt{};
    TimePoint idleSince{}; ///< of one started ahead, until it is ready: since when it starts
    Duration init{};
};

struct Invocation {
    enum class Phase : std::uint8_t { Arriving, Persisting, Queued, Delayed, Bound, Running };
    std::uint32_t serial = 0;
    FunctionId function = 0;
    Delivery delivery = Delivery::Sync;
    Phase phase = Phase::Arriving;
    bool waitSaid = false;
    // Of the attempt under way:
    bool joined = false; ///< waits for, or waited for, an instance started for another
    bool cold = false;
    bool clockInInit = false; ///< its clock started in an init that was run again
    bool deskWaited = false;
    bool paused = false; ///< by a debugger
    bool debugged = false; ///< likewise, at some time
    std::uint32_t attemptsDone = 0;
    std::uint32_t bytes = 0;
    /// In the function's queue while Queued, among its instance's attempts while Bound or Running.
    std::uint32_t previous = kNoSlot, next = kNoSlot;
    InstanceId instance; ///< when bound or running
    std::uint32_t batch = kNoSlot; ///< of Delivery::Batch
    TimePoint acceptedAt{}, dueAt{}, boundAt{}, workStartedAt{}, pausedAt{};
    Duration pausedFor{};
};

/// One message of a batch.
struct BatchItem {
    std::uint32_t serial = 0;
    std::uint32_t next = kNoSlot;
    Receipt receipt;
    bool failed = false; ///< the answer names it
};
/// Items in their order.
struct BatchItems {
    std::uint32_t first = kNoSlot, last = kNoSlot, size = 0, bytes = 0;
};
struct Batch {
    std::uint32_t serial = 0;
    MappingId mapping = 0;
    BatchItems items;
    std::uint32_t named = 0; ///< items the answer names
    std::uint32_t cursor = kNoSlot; ///< where the next one named is looked for first
    TimePoint launchedAt{};
};
/// What reads a queue for a function, and the batch it gathers.
struct Mapping {
    Poller poller;
    BatchItems gathered;
};
struct QueueState {
    MessageQueue queue;
    std::uint32_t turn = 0; ///< which of its mappings receives next
    bool touched = false; ///< in State::touchedQueues

    template <typename Archive> void archive(Archive& with) { with(queue), with(turn); }
};

/// One function's pool and queue.
struct Pool {
    std::uint32_t initialising = 0, busy = 0;
    std::uint32_t inUse = 0; ///< bound or running attempts
    std::uint32_t provisionedAlive = 0, provisionFailures = 0;
    std::uint32_t choices = 0; ///< random picks so far
    DrawKey chance; ///< of those; follows from the configuration
    double nextChoice = 0; ///< the next one's draw; follows from the two
    std::uint32_t created = 0; ///< instances so far
    std::uint32_t leaving = 0; ///< instances that take no more and go after what they do
    Why lastRetired = Why::None;
    TimePoint retiredAt{};
    std::uint32_t waiting = 0, delayed = 0;
    std::uint32_t waitingCalls = 0; ///< of the waiting: synchronous
    std::uint32_t queueHead = kNoSlot, queueTail = kNoSlot;
    TimePoint tokensFrom{}; ///< theoretical arrival time of the scale-up bucket (GCRA)
    IdleSet onDemand, provisioned;
    // Instances that serve several at once and have room; see sharing.cpp.
    struct List {
        std::uint32_t head = kNoSlot, tail = kNoSlot;
    };
    std::array<List, 2> sharing; ///< busy ones, most recently used first; [1]: provisioned ones
    List joinable; ///< starting on-demand ones, in order of their start
    IdleHistogram idleTimes; ///< kept only for the keep-alive that goes by it
    TimePoint lastEnd = TimePoint::min(); ///< when the last attempt left none in use; min: never

    /// Where an instance is kept while it is idle.
    IdleSet& setOf(const Instance& instance)
    {
        return instance.provisioned ? provisioned : onDemand;
    }
    std::uint32_t idle() const { return onDemand.size() + provisioned.size(); }
    std::uint32_t alive() const { return initialising + busy + idle(); }

    template <typename Archive> void archive(Archive& with)
    {
        with(initialising), with(busy), with(inUse);
        with(provisionedAlive), with(provisionFailures), with(choices), with(created),
            with(leaving);
        with(lastRetired), with(retiredAt);
        with(waiting), with(delayed), with(waitingCalls), with(queueHead), with(queueTail),
            with(tokensFrom);
        with(onDemand), with(provisioned), with(idleTimes), with(lastEnd);
        with(sharing), with(joinable);
    }
};

} // namespace coldframe::engine
