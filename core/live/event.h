#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/action.h"
#include "model/error.h"
#include "model/money.h"
#include "model/source_mark.h"
#include "model/store_work.h"
#include "model/time.h"

namespace coldframe::live {

using Text = std::shared_ptr<const std::string>;

/// How one attempt went, with everything the engine does not keep.
struct AttemptReport {
    Text payload; ///< the result, or the error document
    std::string errorType; ///< "ValueError"; empty on success
    std::string log; ///< what the function printed, without START, END and REPORT
    std::uint64_t logBytesDropped = 0;
    engine::Reason startReason; ///< why the instance was started; of cold attempts
    engine::Reason reason; ///< why it was dispatched as it was
    std::uint32_t attemptsAllowed = 1; ///< what the platform gives such an event at most
    TimePoint startedAt{}; ///< handed to the runtime
    TimePoint endedAt{};
    Duration spawn{}; ///< measured; of cold attempts
    Duration cpu{}, runQueueWait{};
    Duration deskWait{}; ///< for a slot on this machine
    Money cost; ///< its share of the bill so far; set by the observer
    StoreWork stores; ///< set by the observer
};

/// A message of a batch, as it was received.
struct BatchItem {
    engine::Receive receive;
    std::string id; ///< what answers call it; set by whoever keeps the messages
};

/// An event on its way through the engine, with what the engine does not keep.
struct Event {
    std::string requestId; ///< UUID as text, the same in every attempt
    Text body;
    TimePoint acceptedAt{};
    std::string clientContext; ///< JSON; of synchronous API calls
    std::int32_t trigger = -1; ///< index in the workspace; -1: sent by hand or API
    std::string source; ///< the trigger's name, "send" or "api"; shown
    std::string sourceKey; ///< what the trigger saw: a file's key, a scheduled time
    std::uint32_t hops = 0; ///< functions its chain has already run through
    /// What its trigger's watch for loops counts it as: a guess, and so never passed on.
    std::uint32_t countedHops = 0;
    bool comesAgain = false; ///< whoever sends it does so again when it fails
    std::uint64_t journalKey = 0; ///< 0: not journaled
    std::vector<SourceMark> marks; ///< of its source, kept once it is accepted

    // Set by the driver
    bool async = false;
    std::vector<BatchItem> items; ///< of a batch of messages; empty: it is none
    MappingId mapping = 0; ///< of a batch
    bool restored = false; ///< accepted in an earlier run
    FunctionId function = 0;
    InvocationId id;
    /// How the invocation ended, was rejected, or (asynchronous) was accepted. Once.
    std::function<void(const struct Ending&)> done;

    // Set as it goes:
    engine::Reason waited; ///< why it found no room, since it was due last; None: it did not wait
    engine::Reason retried; ///< of the last failure: after how many attempts, in how many seconds
    Text result; ///< payload of the last attempt
    std::string resultError; ///< its error type
    /// Why a batch counts as failed though its function has not: what it answers about its messages
    /// cannot be used, or it was not given all of them.
    std::string batchProblem;
    bool debugged = false; ///< of the last attempt: no part of statistics
};

/// What `Event::done` is told.
struct Ending {
    const Event* event = nullptr;
    bool accepted = false; ///< asynchronous: journaled; the rest follows without this caller
    const engine::Reject* reject = nullptr;
    const engine::Meter* meter = nullptr;
    const AttemptReport* report = nullptr;
};

} // namespace coldframe::live
