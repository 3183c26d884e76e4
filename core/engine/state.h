#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/deadlines.h"
#include "engine/engine.h"
#include "engine/idle_histogram.h"
#include "engine/idle_set.h"
#include "engine/slots.h"

namespace coldframe::engine {

struct Instance {
    enum class Phase : std::uint8_t { Starting, Initialising, Idle, Busy };
    std::uint32_t serial = 0;
    FunctionId function = 0;
    Phase phase = Phase::Starting;
    bool provisioned = false;
    bool reinit = false; ///< the init under way is part of the attempt
    bool deskWaited = false; ///< during the attempt under way
    bool paused = false; ///< by a debugger
    bool debugged = false; ///< likewise, at some time of the attempt under way
    Why retireWhy = Why::None; ///< set: retire after the current attempt
    std::uint64_t key = 0; ///< FunctionRules::instanceKey it was started with
    std::uint32_t memoryMb = 0; ///< likewise: what it is slowed to and billed for
    InvocationId work; ///< started for, or serving
    std::uint32_t served = 0, idlePeriods = 0;
    std::uint32_t place = 0; ///< in its pool's IdleSet
    TimePoint initStartedAt{}, workStartedAt{}, idleSince{}, pausedAt{};
    Duration init{}, pausedFor{};
};

struct Invocation {
    enum class Phase : std::uint8_t { Arriving, Persisting, Queued, Delayed, Bound, Running };
    std::uint32_t serial = 0;
    FunctionId function = 0;
    Delivery delivery = Delivery::Sync;
    Phase phase = Phase::Arriving;
    bool waitSaid = false;
    std::uint32_t attemptsDone = 0;
    std::uint32_t bytes = 0;
    std::uint32_t previous = kNoSlot, next = kNoSlot; ///< in the function's queue
    InstanceId instance; ///< when bound or running
    TimePoint acceptedAt{}, dueAt{}, boundAt{};
};

/// In the order of a deadline: it runs after all others of its instant.
inline constexpr std::uint64_t kAfterAll = std::uint64_t{1} << 63;

/// One function's pool and queue.
struct Pool {
    std::uint32_t initialising = 0, busy = 0;
    std::uint32_t inUse = 0; ///< bound or running attempts
    std::uint32_t provisionedAlive = 0, provisionFailures = 0;
    std::uint32_t choices = 0; ///< random picks so far
    Why lastRetired = Why::None;
    TimePoint retiredAt{};
    std::uint32_t waiting = 0, delayed = 0;
    std::uint32_t waitingCalls = 0; ///< of the waiting: synchronous
    std::uint32_t queueHead = kNoSlot, queueTail = kNoSlot;
    TimePoint tokensFrom{}; ///< theoretical arrival time of the scale-up bucket (GCRA)
    IdleSet onDemand, provisioned;
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
        with(provisionedAlive), with(provisionFailures), with(choices);
        with(lastRetired), with(retiredAt);
        with(waiting), with(delayed), with(waitingCalls), with(queueHead), with(queueTail),
            with(tokensFrom);
        with(onDemand), with(provisioned), with(idleTimes), with(lastEnd);
    }
};

/// The engine's insides. Its methods are spread over the files named beside them.
class Engine::State {
public:
    std::vector<Configuration> configurations;
    std::uint32_t revision = 0;
    const Configuration* rules = nullptr;

    TimePoint now{};
    std::uint64_t order = 0; ///< of arming deadlines, from 1
    Slots<Instance> instances;
    Slots<Invocation> invocations;
    std::vector<Pool> pools;
    std::uint32_t accountInUse = 0; ///< attempts outside reservations and provisioned instances
    std::uint32_t accountCapacity = 0; ///< what reservations and provisioned instances leave
    Deadlines instanceDeadlines, invocationDeadlines, poolDeadlines, accountWaiters;

    // engine.cpp
    void apply(const Input& input, Actions& out);
    void runDeadlines(TimePoint until, bool inclusive, Actions& out);
    std::optional<TimePoint> next();

    // admission.cpp
    void arrive(const Arrived& in, Actions& out);
    void persisted(const Persisted& in, Actions& out);
    void arriveSync(std::uint32_t slot, Actions& out);
    void reject(std::uint32_t slot, Reason reason, Actions& out);
    void cancel(const Cancelled& in, Actions& out);
    std::optional<Reason> blocked(FunctionId function) const;
    std::optional<Reason> serve(std::uint32_t slot, Actions& out);
    std::uint32_t limitOf(FunctionId function) const;
    bool takeToken(FunctionId function, Reason& why);
    bool roomForInstance(FunctionId function) const;

    // queue.cpp
    void enqueue(std::uint32_t slot);
    void unlink(std::uint32_t slot);
    void pump(FunctionId function, Actions& out);
    void pumpAccount(Actions& out);
    void poolDue(FunctionId function, Actions& out);
    void capacityFreed(FunctionId function, Actions& out);
    void instanceGone(FunctionId function, bool initFailed, Actions& out);
    void invocationDue(std::uint32_t slot, Actions& out);
    void retryOrGiveUp(std::uint32_t slot, Actions& out);
    void giveUpTooOld(std::uint32_t slot, Actions& out);
    bool pastHope(std::uint32_t slot, Actions& out);
    void giveUp(std::uint32_t slot, Reason reason, Actions& out);
    void forget(std::uint32_t slot);

    // instances.cpp
    void start(FunctionId function, std::uint32_t invocationSlot, Reason reason, Actions& out);
    void startProvisioned(FunctionId function, Actions& out);
    void initStarted(const InitStarted& in);
    void ready(const Ready& in, Actions& out);
    void initFailed(InstanceId id, InitFailure why, Actions& out);
    void died(const InstanceDied& in, Actions& out);
    void makeIdle(std::uint32_t slot);
    bool keepsIdle(const Instance& instance) const;
    void retire(std::uint32_t slot, Reason reason, Actions& out);
    void instanceDue(std::uint32_t slot, Actions& out);
    std::uint32_t takeIdle(FunctionId function, Reason& reason);
    void retireStale(FunctionId function, Why why, Actions& out);

    // attempts.cpp
    void dispatch(std::uint32_t instanceSlot, std::uint32_t invocationSlot, Reason reason,
                  Actions& out);
    void workStarted(const WorkStarted& in);
    void workFinished(const WorkFinished& in, Actions& out);
    struct Ending {
        Outcome outcome = Outcome::Succeeded;
        Duration desk{}, platform{};
        std::uint32_t peakMemoryKb = 0;
    };
    void conclude(std::uint32_t instanceSlot, const Ending& ending, Actions& out);
    void takeUse(const Instance& instance);
    void releaseUse(const Instance& instance);
    void afterAttempt(std::uint32_t instanceSlot, Actions& out);
    void pause(InstanceId id);
    void resume(InstanceId id);

    // configure.cpp
    void configure(const Configured& in, Actions& out);
    void recountAccount();
    void codeChanged(const CodeChanged& in, Actions& out);

    // checkpoint.cpp
    template <typename Archive> void archive(Archive& with);

    const FunctionRules& rulesOf(FunctionId function) const { return rules->functions[function]; }
    Instance* find(InstanceId id) { return instances.find(id.slot, id.serial); }
    Invocation* find(InvocationId id) { return invocations.find(id.slot, id.serial); }
    InstanceId idOf(std::uint32_t slot) const { return {slot, instances[slot].serial}; }
    InvocationId workIdOf(std::uint32_t slot) const { return {slot, invocations[slot].serial}; }
    Duration scaled(Duration wait) const;
};

} // namespace coldframe::engine
