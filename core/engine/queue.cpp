#include "engine/state.h"

#include <algorithm>

// Waiting one's turn; of asynchronous events also retries, age, giving up.
namespace coldframe::engine {

namespace {
std::uint32_t seconds(Duration d)
{
    return static_cast<std::uint32_t>(d / std::chrono::seconds(1));
}
} // namespace

Duration Engine::State::scaled(Duration wait) const
{
    if (rules->timeScale == 1)
        return wait;
    return Duration(
        static_cast<Duration::rep>(static_cast<double>(wait.count()) / rules->timeScale));
}

/// To the end of its function's queue.
void Engine::State::enqueue(std::uint32_t slot)
{
    Invocation& invocation = invocations[slot];
    Pool& pool = pools[invocation.function];
    if (timed)
        settleLoad(invocation.function);
    invocation.phase = Invocation::Phase::Queued;
    invocation.waitSaid = false;
    invocation.next = kNoSlot;
    invocation.previous = pool.queueTail;
    if (pool.queueTail == kNoSlot)
        pool.queueHead = slot;
    else
        invocations[pool.queueTail].next = slot;
    pool.queueTail = slot;
    ++pool.waiting;
    pool.waitingCalls += invocation.delivery == Delivery::Sync ? 1 : 0;
}

void Engine::State::unlink(std::uint32_t slot)
{
    Invocation& invocation = invocations[slot];
    Pool& pool = pools[invocation.function];
    if (timed)
        settleLoad(invocation.function);
    if (invocation.previous == kNoSlot)
        pool.queueHead = invocation.next;
    else
        invocations[invocation.previous].next = invocation.next;
    if (invocation.next == kNoSlot)
        pool.queueTail = invocation.previous;
    else
        invocations[invocation.next].previous = invocation.previous;
    --pool.waiting;
    pool.waitingCalls -= invocation.delivery == Delivery::Sync ? 1 : 0;
    invocationDeadlines.disarm(slot);
}

/// Takes a waiting event out that will never run: its function is gone or off, it is too old, or it
/// is a batch of nothing any more.
bool Engine::State::pastHope(std::uint32_t slot, Actions& out)
{
    const Invocation& invocation = invocations[slot];
    const FunctionRules& own = rulesOf(invocation.function);
    const bool sync = invocation.delivery == Delivery::Sync;
    if (invocation.delivery == Delivery::Batch) { // waits as long as its messages are hidden
        const bool empty = emptied(slot);
        if (!own.removed && !empty)
            return false;
        unlink(slot);
        if (empty)
            endEmptied(slot, out);
        else
            endBatch(slot, ItemsFailed::All, Poller::End::SomeFailed, {Why::FunctionRemoved}, out);
        return true;
    }
    if (own.removed || own.reserved == 0U) {
        const Why off = sync ? Why::ThrottledOff : Why::ReservedZero;
        const Reason reason{own.removed ? Why::FunctionRemoved : off};
        unlink(slot);
        sync ? reject(slot, reason, out) : giveUp(slot, reason, out);
        return true;
    }
    const Duration limit = sync ? Duration::zero() : scaled(own.maxEventAge);
    if (limit <= Duration::zero() || now - invocation.acceptedAt <= limit)
        return false;
    unlink(slot);
    giveUpTooOld(slot, out);
    return true;
}

/// Serves the queue of one function from its head until something stands in the way.
void Engine::State::pump(FunctionId function, Actions& out)
{
    Pool& pool = pools[function];
    while (pool.queueHead != kNoSlot) {
        const std::uint32_t slot = pool.queueHead;
        if (pastHope(slot, out))
            continue;
        const auto reason = serve(slot, out);
        if (!reason)
            continue;
        Invocation& head = invocations[slot];
        if (!head.waitSaid) {
            head.waitSaid = true;
            out.emplace_back(Wait{workIdOf(slot), function, *reason});
            const Duration limit = scaled(rulesOf(function).maxEventAge);
            if (limit > Duration::zero() && head.delivery == Delivery::Async)
                invocationDeadlines.arm(slot, head.acceptedAt + limit, ++order);
        }
        if (reason->why == Why::ThrottledScaleUp)
            poolDeadlines.arm(poolId(function), now + std::chrono::milliseconds(reason->b),
                              ++order);
        else if (reason->why == Why::ThrottledAccount)
            accountWaiters.arm(function, head.acceptedAt, ++order);
        else if (reason->why == Why::NoneFree)
            startForWaiting(function, out);
        return;
    }
    accountWaiters.disarm(function);
}

/// Room in the account goes to the event that has waited longest, whichever function's it is.
void Engine::State::pumpAccount(Actions& out)
{
    while (accountInUse < accountCapacity && accountWaiters.next())
        pump(accountWaiters.take(), out);
}

void Engine::State::capacityFreed(FunctionId function, Actions& out)
{
    if (accountWaiters.next())
        pumpAccount(out);
    if (pools[function].queueHead != kNoSlot)
        pump(function, out);
}

/// One instance less: under a cap on instances another may start now. Not again at once a
/// provisioned one whose init has failed.
void Engine::State::instanceGone(FunctionId function, bool initFailed, Actions& out)
{
    if (!rulesOf(function).maxInstances)
        return;
    if (!initFailed)
        startProvisioned(function, out);
    capacityFreed(function, out);
}

void Engine::State::poolDue(std::uint32_t id, Actions& out)
{
    const FunctionId function = id / 4;
    if (id == queueDeadlineId(id / 4))
        return queueDue(id / 4, out);
    if (id == mappingDeadlineId(id / 4))
        return mappingDue(id / 4);
    if (id == tickId(function))
        return tick(function, out);
    startProvisioned(function, out);
    pump(function, out);
}

/// A waiting event grew too old, a call lost patience, or a delayed event is due for its retry.
void Engine::State::invocationDue(std::uint32_t slot, Actions& out)
{
    Invocation& invocation = invocations[slot];
    const FunctionId function = invocation.function;
    if (invocation.phase == Invocation::Phase::Delayed) {
        --pools[function].delayed;
        invocation.dueAt = now;
        enqueue(slot);
        pump(function, out);
    } else if (invocation.phase == Invocation::Phase::Running
               || invocation.phase == Invocation::Phase::Bound) {
        attemptDue(slot, out);
    } else if (invocation.phase == Invocation::Phase::Queued) {
        const bool call = invocation.delivery == Delivery::Sync;
        if (invocation.delivery == Delivery::Batch)
            return batchDue(slot, out);
        const Saturation& saturation = rules->platform.saturation;
        if (call && saturation.startups > 0) { // starts may take longer than it seemed
            const TimePoint due = invocation.dueAt + patience(function);
            if (due > now)
                return invocationDeadlines.arm(slot, due, ++order | kAfterAll);
        }
        unlink(slot);
        if (!call)
            giveUpTooOld(slot, out);
        else
            reject(slot,
                   {Why::QueueDeadline, milliseconds(now - invocation.dueAt),
                    milliseconds(patience(function))},
                   out);
        pump(function, out); // the next in line begins to wait at the head
    }
}

/// After a failed attempt. The age is looked at ahead: an event that would be too old by the time
/// of its next attempt ends now (recorded from AWS Lambda, 2025-11-27).
void Engine::State::retryOrGiveUp(std::uint32_t slot, Actions& out)
{
    Invocation& invocation = invocations[slot];
    const FunctionRules& function = rulesOf(invocation.function);
    const auto& delays = rules->platform.retryDelays;
    if (invocation.attemptsDone > function.retries || delays.empty()) {
        giveUp(slot, {Why::RetriesExhausted, invocation.attemptsDone}, out);
        return;
    }
    const Duration delay
        = delays[std::min<std::size_t>(invocation.attemptsDone, delays.size()) - 1];
    const TimePoint due = now + scaled(delay);
    if (function.maxEventAge > Duration::zero()
        && due - invocation.acceptedAt >= scaled(function.maxEventAge)) {
        giveUpTooOld(slot, out);
        return;
    }
    invocation.phase = Invocation::Phase::Delayed;
    ++pools[invocation.function].delayed;
    invocationDeadlines.arm(slot, due, ++order);
    out.emplace_back(Release{workIdOf(slot),
                             invocation.attemptsDone,
                             due,
                             {Why::RetryAfterError, invocation.attemptsDone, seconds(delay)}});
}

void Engine::State::giveUpTooOld(std::uint32_t slot, Actions& out)
{
    const Invocation& invocation = invocations[slot];
    giveUp(slot,
           {Why::EventTooOld, seconds(now - invocation.acceptedAt),
            seconds(rulesOf(invocation.function).maxEventAge)},
           out);
}

void Engine::State::giveUp(std::uint32_t slot, Reason reason, Actions& out)
{
    const Invocation& invocation = invocations[slot];
    out.emplace_back(
        DeadLetter{workIdOf(slot), invocation.function, invocation.attemptsDone, reason});
    forget(slot);
}

void Engine::State::forget(std::uint32_t slot)
{
    invocationDeadlines.disarm(slot);
    invocations.remove(slot);
}

} // namespace coldframe::engine
