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

using Input
    = std::variant<Configured, CodeChanged, Arrived, Persisted, Cancelled, InitStarted, Ready,
                   InitFailed, InstanceDied, UsageSampled, WorkStarted, FirstByte, WorkFinished,
                   DebugPaused, DebugResumed, DeskWaitBegan, DeskWaitEnded, Tick, Primed>;
static_assert(std::is_trivially_copyable_v<Input> && sizeof(Input) <= 64);

} // namespace coldframe::engine
