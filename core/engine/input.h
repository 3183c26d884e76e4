#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>

#include "model/ids.h"
#include "model/time.h"

// What the engine is told. Every input is a fact that happened at the time it is stepped with;
// times measured elsewhere travel inside it. All are trivially copyable and carry no text: bodies
// and messages stay with the driver under the ids the engine gives out.
namespace coldframe::engine {

/// Configuration `revision`, given to Engine::define() before, takes effect.
struct Configured {
    std::uint32_t revision = 0;
};
/// A function's code changed: instances that run the old code retire after their current attempt.
struct CodeChanged {
    FunctionId function = 0;
};

enum class Delivery : std::uint8_t {
    Sync, ///< a caller waits: rejected when the pool is full
    Async, ///< journaled first, then waits its turn, retried on failure
    Batch, ///< messages of a queue, which the engine itself receives: no Arrived is one
};
/// An event reached Coldframe. The engine answers under the id that nextInvocation() announced.
struct Arrived {
    FunctionId function = 0;
    Delivery delivery = Delivery::Sync;
    std::uint8_t attemptsDone = 0; ///< of an event restored from the journal, else 0
    bool restored = false; ///< already journaled: no Persist is asked for
    std::uint32_t bytes = 0; ///< of the event
    TimePoint acceptedAt{}; ///< of a restored event; else zero: now
    TimePoint notBefore{}; ///< of a restored event that waits for a retry; else zero
};
/// The journal holds the event: it may be acknowledged and delivered.
struct Persisted {
    InvocationId invocation;
};
/// Nobody wants the answer any more: a waiting event is dropped, a running attempt is stopped.
struct Cancelled {
    InvocationId invocation;
};

/// The instance's process exists; its init clock starts.
struct InitStarted {
    InstanceId instance;
};
/// Its runtime asked for work for the first time.
struct Ready {
    InstanceId instance;
    Duration runQueueWait{}; ///< of its init: for a core of this desk, which the platform has
};
enum class InitFailure : std::uint8_t {
    Reported, ///< the runtime posted init/error
    Exited, ///< the process ended before it asked for work
    NotStartable, ///< no process could be made: retrying cannot help
};
struct InitFailed {
    InstanceId instance;
    InitFailure why = InitFailure::Reported;
};
/// The instance's process ended outside init. This fails all its attempts.
struct InstanceDied {
    InstanceId instance;
    bool outOfMemory = false; ///< killed for passing its memory limit
    Duration wall{}, cpu{}; ///< of the attempt under way, if it is one; several have their clocks
    std::uint32_t peakMemoryKb = 0;
};
/// Where a busy or idle instance stands now, for charts; changes no decision.
struct UsageSampled {
    InstanceId instance;
    std::uint32_t memoryKb = 0;
};

/// The event was handed to the runtime: the attempt's clock starts.
struct WorkStarted {
    InstanceId instance;
    InvocationId invocation{}; ///< serial 0: the only one of the instance
};
struct FirstByte {
    InstanceId instance;
};
enum class WorkStatus : std::uint8_t {
    Succeeded,
    FunctionError, ///< the handler reported an error
    ResponseTooLarge,
    InvalidResponse, ///< not JSON where JSON is due
    SomeItemsFailed, ///< of a batch: those that BatchItemFailed named before
    InvalidBatchAnswer, ///< of a batch: what it says of its items cannot be used; all have failed
};
/// The runtime answered. `wall`, `cpu` and `runQueueWait` were measured over the process tree.
struct WorkFinished {
    InstanceId instance;
    WorkStatus status = WorkStatus::Succeeded;
    std::uint32_t responseBytes = 0;
    std::uint32_t peakMemoryKb = 0;
    Duration wall{};
    Duration cpu{};
    Duration runQueueWait{}; ///< runnable but not running: the desk's fault, not the platform's
    InvocationId invocation{}; ///< serial 0: the only one of the instance
};

/// A debugger has hold of the instance: the timeouts of its attempts stand still, they are left out
/// of bills, and it serves no others.
struct DebugPaused {
    InstanceId instance;
};
struct DebugResumed {
    InstanceId instance;
};
/// No free slot for a real process on this machine.
struct DeskWaitBegan {
    InstanceId instance;
};
struct DeskWaitEnded {
    InstanceId instance;
};
/// A timer fired. Says nothing new: deadlines run by themselves before any input.
struct Tick { };

/// An idle on-demand instance is there from the start, without a Start: the initial state of a
/// simulation. Its keep-alive counts from `idleFor` ago. Nothing comes of it when that has passed,
/// when nothing is kept idle, when the cap on instances is reached or the function was removed.
struct Primed {
    FunctionId function = 0;
    Duration idleFor{}; ///< zero or more
};

/// Of times and delays that a message does not bring: the queue's own counts.
inline constexpr Duration kQueueDefault = Duration(-1);

/// Which filters a message does not pass: each has a bit, see MappingRules::filter. The bits mean the
/// same in every queue, so that the verdict holds wherever the message moves. The engine knows no
/// bodies: whoever keeps them judges, and tells before any mapping with a filter may receive it.
using Unwanted = std::uint32_t;
inline constexpr std::size_t kMostFilters = 32;

/// A message is in the journal and goes into its queue. Answered by Enqueue, or by Refuse when
/// there is no such queue.
struct MessageSent {
    QueueId queue = 0;
    std::uint32_t bytes = 0; ///< body and attributes
    std::uint64_t group = 0; ///< FIFO: hash of its group
    std::uint64_t deduplication = 0; ///< FIFO: hash of the deduplication id; 0: none
    Duration delay = kQueueDefault; ///< standard queues
    std::uint32_t tag = 0; ///< comes back in the answer
    Unwanted unwanted = 0;
    TimePoint sentAt{}; ///< before it was in the journal; zero: now
};
/// A message of an earlier run, as the journal kept it. Answered likewise: one whose id counts as a
/// duplicate was not answered when that run ended.
struct MessageRestored {
    QueueId queue = 0;
    std::uint32_t bytes = 0;
    std::uint32_t receives = 0;
    std::uint32_t tag = 0;
    std::uint64_t group = 0;
    std::uint64_t deduplication = 0; ///< 0 also of one that has moved: its id counts elsewhere
    TimePoint sentAt{}, firstReceivedAt{};
    TimePoint visibleAt{}; ///< hidden until then
    std::uint32_t receipt = 0; ///< of its latest receive that is known
    Unwanted unwanted = 0;
};
/// It was judged anew: filters have changed, its body has, or it is about to be sent back. Not
/// answered.
struct MessageJudged {
    MessageId message;
    Unwanted unwanted = 0;
};
/// Somebody other than a mapping receives: answered by a Receive for each message there is.
struct MessagesWanted {
    QueueId queue = 0;
    std::uint32_t most = 10;
    Duration visibility = kQueueDefault;
    std::uint32_t tag = 0; ///< comes back in the answers
};
/// Whoever received a message wants it hidden for so long from now; zero: visible at once. Answered
/// by Return or Refuse.
struct VisibilityChanged {
    MessageId message;
    std::uint32_t receive = 0; ///< the receipt: Receive::receive
    Duration timeout{};
};
/// Instead of a receipt: a person who looks at the queue, not a receiver.
inline constexpr std::uint32_t kByHand = 0xffff'ffff;
/// Whoever received a message is done with it. Answered by Drop or Refuse. By hand, a message that
/// is not in flight.
struct MessageDeleted {
    MessageId message;
    std::uint32_t receive = 0; ///< likewise, or kByHand
};
/// Messages that may be received now go back from a dead-letter queue. Each is told by a Move.
struct Redriven {
    QueueId from = 0, to = 0;
    std::uint32_t most = 0xffff'ffff;
    MessageId message{}; ///< serial 0: the next ones; else this one, unless it is in flight
};
/// A queue is emptied. Each message is told by a Drop.
struct Purged {
    QueueId queue = 0;
};
/// The answer of a batch names this message as failed. Comes before its WorkFinished, which says
/// WorkStatus::SomeItemsFailed; in the order of the batch it costs the least.
struct BatchItemFailed {
    InvocationId invocation;
    MessageId message;
};

using Input
    = std::variant<Configured, CodeChanged, Arrived, Persisted, Cancelled, InitStarted, Ready,
                   InitFailed, InstanceDied, UsageSampled, WorkStarted, FirstByte, WorkFinished,
                   DebugPaused, DebugResumed, DeskWaitBegan, DeskWaitEnded, Tick, Primed,
                   MessageSent, MessageRestored, MessagesWanted, VisibilityChanged, MessageDeleted,
                   Redriven, Purged, BatchItemFailed, MessageJudged>;
static_assert(std::is_trivially_copyable_v<Input> && sizeof(Input) <= 72);

} // namespace coldframe::engine
