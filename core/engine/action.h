#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>
#include <vector>

#include "model/ids.h"
#include "model/time.h"

// What the engine asks of its driver, in order. Every action says why, with the numbers.
namespace coldframe::engine {

/// Why an action was taken. The comment names what `a`, `b`, `c` of Reason count.
enum class Why : std::uint8_t {
    None,
    // starting
    ColdAllBusy, ///< a: instances busy, b: initialising, c: ordinal of the new one
    ColdNoneAlive, ///< a: Why the last one was retired (None: there was none), b: s since then
    Provisioned, ///< a: have, b: wanted
    ReinitAfterFailure, ///< the init is run again, inside the attempt
    ReinitAfterInitTimeout, ///< a: init limit in ms
    // dispatching
    WarmMostRecentlyUsed, ///< a: idle instances to choose from, b: idle time of the chosen in ms
    WarmLeastRecentlyUsed, ///< a, b: likewise
    WarmNewest, ///< a, b: likewise
    WarmOldest, ///< a, b: likewise
    WarmRandom, ///< a, b: likewise
    ColdReady, ///< the instance that was started for it is ready
    FromQueue, ///< a: events still waiting, b: this one's wait in ms
    // rejecting or waiting
    ThrottledReserved, ///< a: reserved concurrency, b: in use
    ThrottledAccount, ///< a: account concurrency open to the function, b: in use
    ThrottledScaleUp, ///< a: capacity of the bucket, b: ms until the next token
    ThrottledOff, ///< reserved concurrency is 0
    WaitsForJournal,
    EventTooOld, ///< a: age in s, b: limit in s
    // stopping
    KeepAliveExpired, ///< a: keep-alive in s, b: requests served
    CodeChangedStop, ///< a: requests served
    SettingsChangedStop, ///< a: requests served
    LimitLowered, ///< a: limit
    AttemptTimedOut, ///< a: timeout in ms
    InitTimedOut, ///< a: limit in ms
    Crashed, ///< a: requests served
    InitFailedStop,
    CancelledByUser,
    FunctionRemoved,
    ProvisionedLowered, ///< a: wanted
    // ending
    Success,
    RetryAfterError, ///< a: attempts done, b: delay in s
    RetriesExhausted, ///< a: attempts done
    ReservedZero,
    DebuggedStop, ///< stopping: a debugger had hold of it; a: requests served
    // rejecting or waiting, continued: recordings keep the numbers above
    ThrottledMaxInstances, ///< a: most instances of the function, b: alive
    QueueFull, ///< a: calls that may wait, b: waiting
    QueueDeadline, ///< a: waited in ms, b: limit in ms
    // sharing an instance
    SharesBusy, ///< a: attempts it serves with this one, b: how many it may (0: any number)
    JoinsStarting, ///< a: attempts that wait for it with this one, b: how many it may serve (0:
                   ///< any)
    SharedReady, ///< the instance that it joined is ready; a: waited for it in ms
    // where a timer decides how many instances there are
    NoneFree, ///< waits: a: instances ready, b: starting
    ColdAhead, ///< dispatching: an instance got ready while it waited; a: waited in ms
    ScaledFromZero, ///< starting; a: instances there, b: wanted
    ScaledUp, ///< a, b: likewise, c: load that decided, in thousandths of a request
    ScaledUpPanic, ///< a, b, c: likewise, by the short window
    ScaledToMinimum, ///< a: instances there, b: least
    ScaledForWaiting, ///< a: instances there, b: calls that wait
    ScaledDown, ///< stopping; a: requests served, b: instances there, c: wanted (0, 0: told before)
    // messages of queues
    DuplicateMessage, ///< a: serial of the first one, b: s in which an id counts once
    BatchReturned, ///< the attempt failed; a: messages
    ItemsReturned, ///< a: messages the answer names as failed, b: of how many
    BatchAnswerUnusable, ///< a: messages
    BatchUnserved, ///< hidden no longer before it could run; a: messages, b: waited in ms
    MaxReceives, ///< a: receives, b: most
    RedrivenByUser,
    MessageExpired, ///< a: limit in s
    PurgedByUser,
    DeletedByReceiver,
    VisibilitySet, ///< a: ms from now
    StaleReceipt, ///< a: receive it is of, b: latest
    ReceiptExpired, ///< a: receive it is of
    NotInFlight,
    VisibilityTooLong, ///< a: s asked for
    NoSuchMessage,
    NoSuchQueue,
    DeletedByUser,
    FilteredOut, ///< a: mapping
    MessageInFlight,
    BatchEmptied, ///< its messages were deleted before it began; a: messages
};
struct Reason {
    Why why = Why::None;
    std::uint32_t a = 0, b = 0, c = 0;
    constexpr bool operator==(const Reason&) const = default;
};

/// Journal this event, then say Persisted.
struct Persist {
    InvocationId invocation;
    FunctionId function = 0;
    Reason reason;
    constexpr bool operator==(const Persist&) const = default;
};
/// An asynchronous event may be acknowledged to whoever sent it.
struct Accept {
    InvocationId invocation;
    constexpr bool operator==(const Accept&) const = default;
};
/// A synchronous call is refused (429), or a waiting event was cancelled.
struct Reject {
    InvocationId invocation;
    FunctionId function = 0;
    Reason reason;
    constexpr bool operator==(const Reject&) const = default;
};
/// An asynchronous event, or a call that may queue, found no room and waits. Said once, when it is
/// the first in line.
struct Wait {
    InvocationId invocation;
    FunctionId function = 0;
    Reason reason;
    constexpr bool operator==(const Wait&) const = default;
};
/// Make a process for this instance. With `reinit`, the instance is there and its runtime is to be
/// started again; its time then counts as the attempt's.
struct Start {
    InstanceId instance;
    FunctionId function = 0;
    InvocationId forInvocation; ///< serial 0 when provisioned
    bool reinit = false;
    Reason reason;
    constexpr bool operator==(const Start&) const = default;
};
/// The event waits for an instance that was started for another and has room: nothing to do. Its
/// Dispatch follows, or its Meter when the init fails.
struct Join {
    InstanceId instance;
    InvocationId invocation;
    FunctionId function = 0;
    Reason reason;
    constexpr bool operator==(const Join&) const = default;
};
/// Hand the event to the instance, then say WorkStarted.
struct Dispatch {
    InstanceId instance;
    InvocationId invocation;
    FunctionId function = 0;
    std::uint32_t attempt = 1; ///< from 1
    TimePoint deadline{}; ///< what the handler is told; the engine itself enforces it
    bool cold = false; ///< first work of this instance, on-demand
    Reason reason;
    constexpr bool operator==(const Dispatch&) const = default;
};
/// End the instance and everything it started. It is gone for the engine.
struct Stop {
    InstanceId instance;
    FunctionId function = 0;
    Reason reason;
    constexpr bool operator==(const Stop&) const = default;
};

enum class Outcome : std::uint8_t {
    Succeeded,
    FunctionError,
    TimedOut,
    Crashed,
    OutOfMemory,
    InitError,
    ResponseTooLarge,
    InvalidResponse,
    Cancelled,
};
/// An attempt ended. Exactly one for every Dispatch, and one for each that waited for an init that
/// failed.
struct Meter {
    InvocationId invocation;
    InstanceId instance;
    FunctionId function = 0;
    std::uint32_t attempt = 1;
    Outcome outcome = Outcome::Succeeded;
    bool cold = false;
    bool provisioned = false; ///< billed at the provisioned rate
    bool deskWaited = false; ///< kept out of platform percentiles
    bool debugged = false; ///< a person held it: nothing of it is modelled or billed
    std::uint32_t memoryMb = 0;
    std::uint32_t peakMemoryKb = 0;
    std::uint32_t extraRequests = 0; ///< request units above the first: large asynchronous events
    Duration init{}; ///< measured; zero when warm
    Duration desk{}; ///< measured wall time of the handler
    Duration platform{}; ///< modelled from it: see platformTime()
    Duration billed{}; ///< ceiling of init + platform
    /// From accepted to dispatched, without its own init and desk wait. Of one that joined a
    /// starting instance: with the wait for that, which bears the init of another.
    Duration queued{};
    constexpr bool operator==(const Meter&) const = default;
};

/// The event is done: forget it. Success or dropped by the user.
struct Ack {
    InvocationId invocation;
    constexpr bool operator==(const Ack&) const = default;
};
/// The attempt failed: the event goes back and is due again at `notBefore`.
struct Release {
    InvocationId invocation;
    std::uint32_t attemptsDone = 0;
    TimePoint notBefore{};
    Reason reason;
    constexpr bool operator==(const Release&) const = default;
};
/// The event is given up: to the failure destination, if there is one, then forget it.
struct DeadLetter {
    InvocationId invocation;
    FunctionId function = 0;
    std::uint32_t attemptsDone = 0;
    Reason reason;
    constexpr bool operator==(const DeadLetter&) const = default;
};
/// The result goes to the success destination. Precedes the Ack.
struct Deliver {
    InvocationId invocation;
    FunctionId function = 0;
    constexpr bool operator==(const Deliver&) const = default;
};

/// The message is in its queue: acknowledge it to whoever sent it. Of a duplicate (see the reason)
/// `message` is the first one, and what was sent is to be forgotten.
struct Enqueue {
    MessageId message;
    QueueId queue = 0;
    std::uint32_t tag = 0; ///< of the input
    TimePoint visibleAt{};
    Reason reason;
    constexpr bool operator==(const Enqueue&) const = default;
};
/// The message was received, for a batch or for who asked, and is hidden until `visibleAt`. All of
/// a batch come in its order, before it is started, dispatched or said to wait.
struct Receive {
    MessageId message;
    QueueId queue = 0;
    std::uint32_t receive = 1; ///< the receipt: rises with each receive of all its life, from 1
    std::uint32_t receives = 1; ///< with this one, in this queue: its ApproximateReceiveCount
    InvocationId invocation; ///< the batch; serial 0: for who asked
    std::uint32_t tag = 0; ///< of who asked
    TimePoint firstReceivedAt{}, visibleAt{};
    MappingId mapping = 0; ///< of the batch
    constexpr bool operator==(const Receive&) const = default;
};
/// The message was not dealt with, or its visibility was changed: it is visible at `visibleAt`.
struct Return {
    MessageId message;
    QueueId queue = 0;
    std::uint32_t receives = 0;
    TimePoint visibleAt{};
    Reason reason;
    constexpr bool operator==(const Return&) const = default;
};
/// The message is gone: forget its body.
struct Drop {
    MessageId message;
    QueueId queue = 0;
    Reason reason;
    constexpr bool operator==(const Drop&) const = default;
};
/// The message lies in another queue now, under the same id: given up, or sent back by a person.
struct Move {
    MessageId message;
    QueueId from = 0, to = 0;
    std::uint32_t receives = 0; ///< so far; they count anew
    Reason reason;
    constexpr bool operator==(const Move&) const = default;
};
/// What was asked of a message is not done. With StaleReceipt, SQS tells the caller success.
struct Refuse {
    MessageId message; ///< serial 0: it was to be sent
    QueueId queue = 0;
    std::uint32_t tag = 0; ///< of a message that was to be sent, else of no meaning
    Reason reason;
    constexpr bool operator==(const Refuse&) const = default;
};
/// The batch is over: forget its event. What became of each message was told before.
struct BatchEnded {
    InvocationId invocation;
    FunctionId function = 0;
    MappingId mapping = 0;
    std::uint32_t messages = 0;
    std::uint32_t returned = 0; ///< of those: the others are deleted, or gone already
    Reason reason;
    constexpr bool operator==(const BatchEnded&) const = default;
};

using Action = std::variant<Persist, Accept, Reject, Wait, Start, Dispatch, Stop, Meter, Ack,
                            Release, DeadLetter, Deliver, Join, Enqueue, Receive, Return, Drop,
                            Move, Refuse, BatchEnded>;
static_assert(std::is_trivially_copyable_v<Action>);
using Actions = std::vector<Action>;

} // namespace coldframe::engine
