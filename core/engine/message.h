#pragma once

#include <cstdint>

#include "engine/slots.h"
#include "model/ids.h"
#include "model/time.h"

namespace coldframe::engine {

/// What the engine keeps of one message. Its body stays with the driver.
struct Message {
    enum class State : std::uint8_t { Delayed, Visible, InFlight };
    std::uint32_t serial = 0;
    QueueId queue = 0;
    std::uint32_t receives = 0; ///< in this queue
    std::uint32_t receipt = 0; ///< of the latest receive: rises on in another queue
    std::uint32_t bytes = 0;
    std::uint32_t group = kNoSlot; ///< of a FIFO queue's groups
    /// Standard: among those visible. FIFO: among all of its group.
    std::uint32_t previous = kNoSlot, next = kNoSlot;
    std::uint32_t duePlace = 0, agePlace = 0; ///< in the heaps of its queue
    std::uint32_t unwanted = 0; ///< see Unwanted in input.h
    State state = State::Visible;
    TimePoint sentAt{};
    TimePoint due{}; ///< when it is visible, while delayed or in flight
    TimePoint firstReceivedAt{}, receivedAt{};
};
/// All messages of an engine, so that one keeps its name wherever it moves.
using Messages = Slots<Message>;

// With an entry in each of two heaps and one in the list of free slots, a message takes:
inline constexpr std::size_t kBytesAMessage = sizeof(Message) + 3 * sizeof(std::uint32_t);
static_assert(kBytesAMessage <= 96);

} // namespace coldframe::engine
