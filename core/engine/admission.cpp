#include "engine/state.h"

#include <algorithm>

// Whether an event may run now: limits first, then an idle instance, then a new one.
namespace coldframe::engine {

void Engine::State::arrive(const Arrived& in, Actions& out)
{
    const std::uint32_t slot = invocations.add();
    Invocation& invocation = invocations[slot];
    invocation.function = in.function;
    invocation.delivery = in.delivery;
    invocation.bytes = in.bytes;
    invocation.attemptsDone = in.attemptsDone;
    invocation.acceptedAt = in.restored ? in.acceptedAt : now;
    invocation.dueAt = std::max(now, in.notBefore);

    if (in.delivery == Delivery::Async) {
        if (!in.restored) {
            invocation.phase = Invocation::Phase::Persisting;
            out.emplace_back(Persist{workIdOf(slot), in.function, {Why::WaitsForJournal}});
        } else if (in.notBefore > now) {
            invocation.phase = Invocation::Phase::Delayed;
            ++pools[in.function].delayed;
            invocationDeadlines.arm(slot, in.notBefore, ++order);
        } else {
            enqueue(slot);
            pump(in.function, out);
        }
        return;
    }
    arriveSync(slot, out);
}

/// A caller waits: served now, in line, or refused.
void Engine::State::arriveSync(std::uint32_t slot, Actions& out)
{
    const FunctionId function = invocations[slot].function;
    const FunctionRules& own = rulesOf(function);
    const Saturation& saturation = rules->platform.saturation;
    if (own.removed)
        return reject(slot, {Why::FunctionRemoved}, out);
    if (saturation.policy == Saturation::Policy::Reject || own.reserved == 0U) {
        if (const auto reason = serve(slot, out))
            reject(slot, *reason, out);
        return;
    }
    const Pool& pool = pools[function];
    if (pool.queueHead == kNoSlot && !serve(slot, out))
        return;
    if (saturation.maxLength > 0 && pool.waitingCalls >= saturation.maxLength)
        return reject(slot, {Why::QueueFull, saturation.maxLength, pool.waitingCalls}, out);
    enqueue(slot);
    if (saturation.deadline > Duration::zero())
        invocationDeadlines.arm(slot, now + patience(function), ++order | kAfterAll);
    pump(function, out);
}

void Engine::State::reject(std::uint32_t slot, Reason reason, Actions& out)
{
    out.emplace_back(Reject{workIdOf(slot), invocations[slot].function, reason});
    forget(slot);
}

void Engine::State::persisted(const Persisted& in, Actions& out)
{
    Invocation* invocation = find(in.invocation);
    if (!invocation || invocation->phase != Invocation::Phase::Persisting)
        return;
    out.emplace_back(Accept{in.invocation});
    const FunctionId id = invocation->function;
    enqueue(in.invocation.slot);
    pump(id, out);
}

void Engine::State::cancel(const Cancelled& in, Actions& out)
{
    Invocation* invocation = find(in.invocation);
    if (!invocation)
        return;
    const std::uint32_t slot = in.invocation.slot;
    const FunctionId function = invocation->function;
    const Delivery delivery = invocation->delivery;
    switch (invocation->phase) {
    case Invocation::Phase::Running: {
        const std::uint32_t instance = invocation->instance.slot;
        const Duration ran = now - invocation->workStartedAt;
        conclude(slot, {.outcome = Outcome::Cancelled, .desk = ran, .platform = ran}, out);
        stopAttempt(instance, {Why::CancelledByUser}, out);
        return;
    }
    case Invocation::Phase::Bound: {
        // The instance goes on and will be idle once it is ready.
        const std::uint32_t instance = invocation->instance.slot;
        unbind(slot);
        list(instance);
        guardInit(instance);
        break;
    }
    case Invocation::Phase::Queued:
        unlink(slot);
        break;
    case Invocation::Phase::Delayed:
        --pools[function].delayed;
        break;
    case Invocation::Phase::Arriving:
    case Invocation::Phase::Persisting:
        break;
    }
    if (delivery == Delivery::Batch) {
        endBatch(slot, ItemsFailed::All, Poller::End::SomeFailed, {Why::CancelledByUser}, out);
    } else if (delivery == Delivery::Async) {
        out.emplace_back(Ack{in.invocation});
        forget(slot);
    } else {
        reject(slot, {Why::CancelledByUser}, out);
    }
    capacityFreed(function, out);
}

std::uint32_t Engine::State::limitOf(FunctionId function) const
{
    const FunctionRules& own = rulesOf(function);
    return own.reserved ? *own.reserved : accountCapacity + own.provisioned;
}

/// Why one more attempt of this function must not run now, if so.
std::optional<Reason> Engine::State::blocked(FunctionId function) const
{
    const FunctionRules& own = rulesOf(function);
    const Pool& pool = pools[function];
    if (own.reserved) {
        if (*own.reserved == 0)
            return Reason{Why::ThrottledOff};
        if (pool.inUse >= *own.reserved)
            return Reason{Why::ThrottledReserved, *own.reserved, pool.inUse};
        return std::nullopt;
    }
    if (accountInUse >= accountCapacity && pool.provisioned.empty()
        && pool.sharing[1].head == kNoSlot)
        return Reason{Why::ThrottledAccount, accountCapacity, accountInUse};
    return std::nullopt;
}

/// Gives the invocation an instance, idle or new, or says why it cannot have one now.
std::optional<Reason> Engine::State::serve(std::uint32_t slot, Actions& out)
{
    const FunctionId function = invocations[slot].function;
    if (const auto reason = blocked(function))
        return reason;
    Pool& pool = pools[function];
    Reason reason;
    const std::uint32_t sharing = sharingInstance(pool);
    if (sharing != kNoSlot || pool.idle() > 0) {
        if (sharing != kNoSlot)
            reason = {Why::SharesBusy, instances[sharing].inFlight + 1,
                      rulesOf(function).instanceConcurrency};
        const std::uint32_t instance = sharing != kNoSlot ? sharing : takeIdle(function, reason);
        leaveQueue(slot, reason);
        dispatch(instance, slot, reason, out);
        instances[instance].deskWaited = false;
        return std::nullopt;
    }
    if (pool.joinable.head != kNoSlot) {
        leaveQueue(slot, reason);
        join(slot, out);
        return std::nullopt;
    }
    if (timed)
        return askScaler(function, out);
    if (!roomForInstance(function))
        return Reason{Why::ThrottledMaxInstances, *rulesOf(function).maxInstances, pool.alive()};
    if (!takeToken(function, reason))
        return reason;
    reason = pool.alive() == 0
        ? Reason{Why::ColdNoneAlive, static_cast<std::uint32_t>(pool.lastRetired),
                 static_cast<std::uint32_t>(toSeconds(now - pool.retiredAt))}
        : Reason{Why::ColdAllBusy, pool.busy, pool.initialising, pool.alive() + 1};
    if (invocations[slot].phase == Invocation::Phase::Queued)
        unlink(slot);
    start(function, slot, reason, out);
    return std::nullopt;
}

/// It has its instance; one whose wait was told says how long that was.
void Engine::State::leaveQueue(std::uint32_t slot, Reason& reason)
{
    const Invocation& invocation = invocations[slot];
    if (invocation.phase != Invocation::Phase::Queued)
        return;
    unlink(slot);
    if (invocation.waitSaid)
        reason = {Why::FromQueue, pools[invocation.function].waiting,
                  static_cast<std::uint32_t>(toMilliseconds(now - invocation.dueAt))};
}

/// How long a call waits in line.
Duration Engine::State::patience(FunctionId function) const
{
    const Saturation& saturation = rules->platform.saturation;
    if (saturation.startups == 0 || !timed)
        return saturation.deadline;
    const auto mean = static_cast<double>(scalers[function].meanStartup(now).count());
    const double factor = static_cast<double>(saturation.startups) / kWhole;
    return std::max(saturation.deadline, Duration(static_cast<Duration::rep>(mean * factor)));
}

bool Engine::State::roomForInstance(FunctionId function) const
{
    const auto& most = rulesOf(function).maxInstances;
    return !most || pools[function].alive() < *most;
}

/// Generic cell rate algorithm: exact in integers, one time point of state.
bool Engine::State::takeToken(FunctionId function, Reason& why)
{
    const TokenBucket& bucket = rules->platform.scaleUp;
    if (bucket.capacity == 0)
        return true;
    const bool other = rulesOf(function).otherWork && bucket.otherRefill > Duration::zero();
    const Duration refill = other ? bucket.otherRefill : bucket.refill;
    const Duration each = refill / bucket.capacity;
    Pool& pool = pools[function];
    const TimePoint earliest = pool.tokensFrom - (refill - each);
    if (now < earliest) {
        why = {Why::ThrottledScaleUp, bucket.capacity,
               static_cast<std::uint32_t>((earliest - now) / std::chrono::milliseconds(1) + 1)};
        return false;
    }
    pool.tokensFrom = std::max(pool.tokensFrom, now) + each;
    return true;
}

} // namespace coldframe::engine
