#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "live/event.h"
#include "model/destination.h"
#include "model/time.h"

namespace coldframe::session {

/// An invocation that ended, on its way to its function's destination.
struct Outgoing {
    std::string function, requestId;
    std::string trigger; ///< its name, "send" or "api"
    std::string sourceKey; ///< what the trigger saw; may be empty
    std::string condition; ///< "Success", or why it was given up: "RetriesExhausted" …
    bool succeeded = false;
    std::uint32_t attempts = 0;
    std::uint32_t hops = 0; ///< functions its chain has run through, with this one
    TimePoint acceptedAt{};
    TimePoint endedAt{};
    live::Text event;
    live::Text result; ///< the error document of a failure; null when nothing ran
    std::string errorType; ///< empty on success
    live::Text record; ///< when it is not the one of an invocation, but a stream's

    /// What Content::Payload stands for.
    const std::string& payload() const { return succeeded ? *result : *event; }
};

/// The platform's record of it, as asynchronous destinations get it.
/// Source: docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records, read 2026-11.
std::string recordOf(const Outgoing& outgoing);

/// The bytes that are written: `content`, or else the payload of a success and the record of a
/// failure.
std::string contentOf(const Outgoing& outgoing, std::optional<Content> content);

/// Such bytes as one line of JSON, without its end; what is no JSON becomes a JSON string.
std::string oneLine(std::string bytes);

/// The message group in a FIFO queue.
std::string groupOf(const Outgoing& outgoing, const StoreDestination& destination);

/// The key that a store gets it under.
std::string keyOf(const Outgoing& outgoing, const StoreDestination& destination);

} // namespace coldframe::session
