#include "engine/state.h"

// Which attempts an instance has, and which instances have room for more.
//
// An arrival goes to a busy instance with room, the most recently used first (so that the others
// may grow idle and go); then to an idle one by the platform's order; then it joins one that is
// starting, the earliest first; only then is another started. Provisioned instances come before
// on-demand ones as ever, and are joined only once they are ready.
//
// The start is the cold start of one attempt, the first that is dispatched to the instance. One
// that joined it is not cold and bears no init: its wait for the instance counts as queued.
namespace coldframe::engine {

/// The instance takes the attempt upon itself.
void Engine::State::bind(std::uint32_t instanceSlot, std::uint32_t invocationSlot)
{
    Instance& instance = instances[instanceSlot];
    Invocation& invocation = invocations[invocationSlot];
    invocation.phase = Invocation::Phase::Bound;
    invocation.instance = idOf(instanceSlot);
    invocation.boundAt = now;
    invocation.joined = invocation.cold = invocation.clockInInit = false;
    invocation.deskWaited = invocation.paused = invocation.debugged = false;
    invocation.pausedFor = {};
    invocation.previous = instance.lastWork;
    invocation.next = kNoSlot;
    (instance.lastWork == kNoSlot ? instance.firstWork : invocations[instance.lastWork].next)
        = invocationSlot;
    instance.lastWork = invocationSlot;
    ++instance.inFlight;
    takeUse(instance);
}

void Engine::State::unbind(std::uint32_t invocationSlot)
{
    Invocation& invocation = invocations[invocationSlot];
    Instance& instance = instances[invocation.instance.slot];
    (invocation.previous == kNoSlot ? instance.firstWork : invocations[invocation.previous].next)
        = invocation.next;
    (invocation.next == kNoSlot ? instance.lastWork : invocations[invocation.next].previous)
        = invocation.previous;
    disarmAttempt(invocationSlot);
    invocation.instance = {};
    --instance.inFlight;
    releaseUse(instance);
}

/// Waits for the instance that has been starting longest and has room.
void Engine::State::join(std::uint32_t invocationSlot, Actions& out)
{
    const FunctionId function = invocations[invocationSlot].function;
    const std::uint32_t slot = pools[function].joinable.head;
    bind(slot, invocationSlot);
    invocations[invocationSlot].joined = true;
    const Instance& instance = instances[slot];
    if (instance.reinit && instance.phase == Instance::Phase::Initialising)
        startClockInInit(invocationSlot);
    if (instance.inFlight >= instance.limit)
        unlist(slot);
    out.emplace_back(
        Join{idOf(slot),
             workIdOf(invocationSlot),
             function,
             {Why::JoinsStarting, instance.inFlight, rulesOf(function).instanceConcurrency}});
}

/// Where an instance serves one at a time, its one deadline does for keep-alive and attempts: it
/// mostly moves later, which costs Deadlines next to nothing.
void Engine::State::armAttempt(std::uint32_t invocationSlot, TimePoint at)
{
    const std::uint32_t instance = invocations[invocationSlot].instance.slot;
    if (instances[instance].limit == 1)
        instanceDeadlines.arm(instance, at, ++order);
    else
        invocationDeadlines.arm(invocationSlot, at, ++order);
}

void Engine::State::disarmAttempt(std::uint32_t invocationSlot)
{
    const Invocation& invocation = invocations[invocationSlot];
    const std::uint32_t instance = invocation.instance.slot;
    if (instances[instance].limit > 1)
        invocationDeadlines.disarm(invocationSlot);
    else if (invocation.phase == Invocation::Phase::Running || invocation.clockInInit)
        instanceDeadlines.disarm(instance); // else it is that of the first init
}

/// An init that is run again counts as the time of the attempts that wait for it.
void Engine::State::startClockInInit(std::uint32_t invocationSlot)
{
    Invocation& invocation = invocations[invocationSlot];
    invocation.workStartedAt = now;
    invocation.clockInInit = true;
    armAttempt(invocationSlot, now + rulesOf(invocation.function).timeout);
}

/// The slot of the running attempt that an input speaks of, or kNoSlot: late answers are ignored.
std::uint32_t Engine::State::workOf(InstanceId id, InvocationId named)
{
    const Instance* instance = find(id);
    if (!instance || instance->phase != Instance::Phase::Busy)
        return kNoSlot;
    if (named.serial == 0)
        return instance->inFlight == 1 ? instance->firstWork : kNoSlot;
    const Invocation* invocation = find(named);
    return invocation && invocation->instance == id ? named.slot : kNoSlot;
}

/// A busy instance with room that comes before all idle ones, or kNoSlot.
std::uint32_t Engine::State::sharingInstance(const Pool& pool) const
{
    const std::uint32_t provisioned = pool.sharing[1].head;
    return provisioned != kNoSlot || !pool.provisioned.empty() ? provisioned : pool.sharing[0].head;
}

/// Puts an instance that has work into the list it belongs to now, if any: busy ones to the front.
void Engine::State::list(std::uint32_t slot)
{
    Instance& instance = instances[slot];
    if (instance.limit == 1)
        return;
    const bool busy = instance.phase == Instance::Phase::Busy;
    if (instance.listed == Instance::Listed::Joinable && !busy)
        return; // keeps its turn
    unlist(slot);
    if (instance.inFlight >= instance.limit || instance.retireWhy != Why::None
        || (!busy && instance.provisioned))
        return;
    Pool& pool = pools[instance.function];
    if (busy) {
        Pool::List& sharing = pool.sharing[instance.provisioned ? 1 : 0];
        instance.listed = Instance::Listed::Sharing;
        instance.after = sharing.head;
        (sharing.head == kNoSlot ? sharing.tail : instances[sharing.head].before) = slot;
        sharing.head = slot;
    } else {
        instance.listed = Instance::Listed::Joinable;
        instance.before = pool.joinable.tail;
        (pool.joinable.tail == kNoSlot ? pool.joinable.head : instances[pool.joinable.tail].after)
            = slot;
        pool.joinable.tail = slot;
    }
}

void Engine::State::unlist(std::uint32_t slot)
{
    Instance& instance = instances[slot];
    if (instance.listed == Instance::Listed::No)
        return;
    Pool& pool = pools[instance.function];
    Pool::List& in = instance.listed == Instance::Listed::Joinable
        ? pool.joinable
        : pool.sharing[instance.provisioned ? 1 : 0];
    (instance.before == kNoSlot ? in.head : instances[instance.before].after) = instance.after;
    (instance.after == kNoSlot ? in.tail : instances[instance.after].before) = instance.before;
    instance.before = instance.after = kNoSlot;
    instance.listed = Instance::Listed::No;
}

/// Takes no more work and goes after what it has.
void Engine::State::retireLater(std::uint32_t slot, Why why)
{
    Instance& instance = instances[slot];
    if (instance.retireWhy == Why::None)
        ++pools[instance.function].leaving;
    instance.retireWhy = why;
    unlist(slot);
}

} // namespace coldframe::engine
