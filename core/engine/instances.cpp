#include "engine/state.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "engine/metering.h"

// The life of an instance: created, initialising, busy, retired; idle.cpp for
// the time between.
namespace coldframe::engine {

namespace {
/// An init that waited for a core for more than one part in so many is no measure of the platform.
constexpr int kDisturbed = 2;
} // namespace

/// A new instance of the function as its rules are now, in its pool but counted nowhere yet.
std::uint32_t Engine::State::create(FunctionId function, bool provisioned)
{
    const std::uint32_t slot = instances.add();
    const FunctionRules& own = rulesOf(function);
    Instance& instance = instances[slot];
    instance.function = function;
    instance.ordinal = ++pools[function].created;
    instance.provisioned = provisioned;
    instance.key = own.instanceKey;
    instance.memoryMb = own.memoryMb;
    instance.limit = own.instanceConcurrency == 0 ? std::numeric_limits<std::uint32_t>::max()
                                                  : own.instanceConcurrency;
    instance.place = pools[function].setOf(instance).enroll(
        slot, [this](std::uint32_t moved, std::uint32_t place) { instances[moved].place = place; });
    return slot;
}

void Engine::State::start(FunctionId function, std::uint32_t invocationSlot, Reason reason,
                          Actions& out)
{
    const std::uint32_t slot = create(function, false);
    ++pools[function].initialising;
    bind(slot, invocationSlot);
    list(slot);
    out.emplace_back(Start{idOf(slot), function, firstWorkOf(instances[slot]), false, reason});
}

/// For no attempt: to be provisioned, or because the autoscaler wants it.
void Engine::State::startIdle(FunctionId function, bool provisioned, Reason reason, Actions& out)
{
    const std::uint32_t slot = create(function, provisioned);
    Pool& pool = pools[function];
    ++pool.initialising;
    if (provisioned) {
        ++pool.provisionedAlive;
    } else {
        instances[slot].ahead = true;
        instances[slot].idleSince = now;
        scalers[function].starting(now);
    }
    out.emplace_back(Start{idOf(slot), function, {}, false, reason});
}

/// Brings the function's provisioned instances up to the number wanted, or to its cap on instances.
void Engine::State::startProvisioned(FunctionId function, Actions& out)
{
    const FunctionRules& own = rulesOf(function);
    Pool& pool = pools[function];
    while (!own.removed && pool.provisionedAlive < own.provisioned && roomForInstance(function))
        startIdle(function, true, {Why::Provisioned, pool.provisionedAlive, own.provisioned}, out);
}

void Engine::State::initStarted(const InitStarted& in)
{
    Instance* instance = find(in.instance);
    if (!instance || instance->phase != Instance::Phase::Starting)
        return;
    instance->phase = Instance::Phase::Initialising;
    instance->initStartedAt = now;
    const Duration timeout = rulesOf(instance->function).timeout;
    if (instance->reinit) {
        forEachWork(*instance, [this](std::uint32_t work) { startClockInInit(work); });
        guardInit(in.instance.slot);
        return;
    }
    // Provisioned instances may take the longer of 130 s and the function's timeout.
    const Duration limit = instance->provisioned
        ? std::max<Duration>(std::chrono::seconds(130), timeout)
        : rules->platform.initLimit;
    instanceDeadlines.arm(in.instance.slot, now + limit, ++order);
}

/// An init that is run again is bounded by the timeouts of its attempts; by one of its own once the
/// last of them was cancelled.
void Engine::State::guardInit(std::uint32_t slot)
{
    const Instance& instance = instances[slot];
    if (instance.reinit && instance.phase == Instance::Phase::Initialising
        && instance.inFlight == 0)
        instanceDeadlines.arm(slot, now + rulesOf(instance.function).timeout, ++order);
}

void Engine::State::ready(const Ready& in, Actions& out)
{
    Instance* instance = find(in.instance);
    if (!instance || instance->phase != Instance::Phase::Initialising)
        return;
    const std::uint32_t slot = in.instance.slot;
    const FunctionId function = instance->function;
    if (!instance->reinit) {
        const Duration wall = now - instance->initStartedAt;
        instance->init = std::max(wall - in.runQueueWait, Duration::zero());
        // What cannot be told apart any more: caches gone cold, a disk that others read.
        if (in.runQueueWait * kDisturbed > wall)
            instance->deskWaited = true;
    }
    if (instance->provisioned)
        pools[function].provisionFailures = 0;
    if (instance->inFlight > 0)
        letGoEmptied(slot, out);
    if (instance->inFlight > 0) {
        --pools[function].initialising;
        unlist(slot);
        forEachWork(*instance, [&](std::uint32_t work) {
            const Invocation& waited = invocations[work];
            const Reason joined{Why::SharedReady, milliseconds(now - waited.boundAt)};
            dispatch(slot, work, waited.joined ? joined : Reason{Why::ColdReady}, out);
        });
        instance->reinit = instance->deskWaited = false;
        return;
    }
    const bool ahead = instance->ahead;
    if (ahead && timed)
        scalers[function].ready(now, now - instance->idleSince);
    if (ahead)
        instance->init = {}; // nobody's: whoever waits for it waits in line
    Why why = instance->retireWhy;
    if (why == Why::None && instance->provisioned
        && pools[function].provisionedAlive > rulesOf(function).provisioned)
        why = Why::ProvisionedLowered;
    if (why == Why::None && !keepsIdle(*instance) && !(ahead && pools[function].waiting > 0))
        why = Why::KeepAliveExpired; // nobody wants it any more
    if (why != Why::None) {
        retire(slot, {why}, out);
        startProvisioned(function, out);
        instanceGone(function, false, out);
        return;
    }
    --pools[function].initialising;
    makeIdle(slot);
    capacityFreed(function, out);
    if (Instance* idle = ahead ? find(in.instance) : nullptr)
        idle->coldTold = true; // nobody has waited for it
}

/// The first failure of an init is followed by another try inside the attempt, as on AWS Lambda;
/// the second one is the caller's answer.
void Engine::State::initFailed(InstanceId id, InitFailure why, Actions& out)
{
    Instance* instance = find(id);
    if (!instance
        || (instance->phase != Instance::Phase::Starting
            && instance->phase != Instance::Phase::Initialising))
        return;
    const FunctionId function = instance->function;
    if (instance->inFlight == 0) {
        const bool provisioned = instance->provisioned;
        if (provisioned) {
            // Try again with growing pauses: the code may get fixed.
            const auto shift = std::min<std::uint32_t>(pools[function].provisionFailures++, 6);
            poolDeadlines.arm(poolId(function), now + std::chrono::seconds(1 << shift), ++order);
        }
        retire(id.slot, {Why::InitFailedStop}, out);
        instanceGone(function, provisioned, out);
        return;
    }
    if (!instance->reinit && why != InitFailure::NotStartable) {
        if (instance->phase == Instance::Phase::Initialising)
            instance->init = now - instance->initStartedAt;
        instance->phase = Instance::Phase::Starting;
        instance->reinit = true;
        instanceDeadlines.disarm(id.slot);
        out.emplace_back(
            Start{id, function, firstWorkOf(*instance), true, {Why::ReinitAfterFailure}});
        return;
    }
    const Duration init = instance->phase == Instance::Phase::Initialising
        ? now - instance->initStartedAt
        : Duration::zero();
    forEachWork(*instance, [&](std::uint32_t work) {
        const Invocation& waited = invocations[work];
        const Duration own = waited.clockInInit ? now - waited.workStartedAt : Duration::zero();
        const Duration desk = waited.joined ? own : init;
        conclude(work, {.outcome = Outcome::InitError, .desk = desk, .platform = desk}, out);
    });
    retire(id.slot, {Why::InitFailedStop}, out);
    instanceGone(function, false, out);
    capacityFreed(function, out);
}

void Engine::State::died(const InstanceDied& in, Actions& out)
{
    Instance* instance = find(in.instance);
    if (!instance)
        return;
    const FunctionId function = instance->function;
    const std::uint32_t served = instance->served;
    switch (instance->phase) {
    case Instance::Phase::Starting:
    case Instance::Phase::Initialising:
        initFailed(in.instance, InitFailure::Exited, out);
        return;
    case Instance::Phase::Busy: {
        const bool only = instance->inFlight == 1;
        forEachWork(*instance, [&](std::uint32_t work) {
            const Duration wall = only ? in.wall : now - invocations[work].workStartedAt;
            const Duration cpu = only ? in.cpu : Duration::zero(); // whose it was is not known
            conclude(work,
                     {.outcome = in.outOfMemory ? Outcome::OutOfMemory : Outcome::Crashed,
                      .desk = wall,
                      .platform
                      = platformTime(wall, cpu, {}, instance->memoryMb, rules->platform.mbPerVcpu),
                      .peakMemoryKb = in.peakMemoryKb},
                     out);
        });
        break;
    }
    case Instance::Phase::Idle:
        break;
    }
    retire(in.instance.slot, {Why::Crashed, served}, out);
    startProvisioned(function, out);
    capacityFreed(function, out);
}

/// Takes an instance that does no work out of the pool and has its process ended.
void Engine::State::retire(std::uint32_t slot, Reason reason, Actions& out)
{
    Instance& instance = instances[slot];
    Pool& pool = pools[instance.function];
    switch (instance.phase) {
    case Instance::Phase::Starting:
    case Instance::Phase::Initialising:
        --pool.initialising;
        break;
    case Instance::Phase::Busy:
        --pool.busy;
        break;
    case Instance::Phase::Idle:
        pool.setOf(instance).remove(instance.place);
        break;
    }
    unlist(slot);
    pool.setOf(instance).strike(instance.place);
    if (instance.retireWhy != Why::None)
        --pool.leaving;
    if (instance.provisioned)
        --pool.provisionedAlive;
    pool.lastRetired = reason.why;
    pool.retiredAt = now;
    instanceDeadlines.disarm(slot);
    out.emplace_back(Stop{idOf(slot), instance.function, reason});
    instances.remove(slot);
}

/// The deadline of an instance: of its keep-alive, of its init, or of its only attempt.
void Engine::State::instanceDue(std::uint32_t slot, Actions& out)
{
    const Instance& instance = instances[slot];
    const bool first = instance.phase == Instance::Phase::Initialising && !instance.reinit;
    if (instance.limit == 1 && instance.inFlight == 1 && !first)
        return attemptDue(instance.firstWork, out);
    if (instance.phase == Instance::Phase::Initialising)
        return initDue(slot, out);
    assert(instance.phase == Instance::Phase::Idle);
    const FunctionId function = instance.function;
    if (timed && keptAtLeast(function)) {
        if (const auto end = idleEnd(instance)) // once more, a tick later at the earliest
            instanceDeadlines.arm(
                slot, now + std::max(*end - instance.idleSince, rules->platform.scaling.tick),
                ++order);
        return;
    }
    const auto idle = static_cast<std::uint32_t>(toSeconds(now - instance.idleSince));
    retire(slot, {Why::KeepAliveExpired, idle, instance.served}, out);
    instanceGone(function, false, out);
}

/// The first init is run again inside the attempts; the second one ends here when none is left.
void Engine::State::initDue(std::uint32_t slot, Actions& out)
{
    Instance& instance = instances[slot];
    const FunctionId function = instance.function;
    const std::uint32_t took = milliseconds(now - instance.initStartedAt);
    if (!instance.reinit && instance.inFlight == 0)
        return initFailed(idOf(slot), InitFailure::Reported, out);
    if (!instance.reinit) {
        instance.init = now - instance.initStartedAt;
        instance.phase = Instance::Phase::Starting;
        instance.reinit = true;
        out.emplace_back(Start{idOf(slot),
                               function,
                               firstWorkOf(instance),
                               true,
                               {Why::ReinitAfterInitTimeout, took}});
    } else if (instance.inFlight == 0) {
        retire(slot, {Why::InitTimedOut, took}, out);
        instanceGone(function, false, out);
    }
}

/// Idle instances go at once, the others after what they are doing.
void Engine::State::retireStale(FunctionId function, Why why, Actions& out)
{
    for (std::uint32_t slot = 0; slot < instances.capacity(); ++slot) {
        Instance& instance = instances[slot];
        if (instance.serial == 0 || instance.function != function)
            continue;
        if (instance.phase == Instance::Phase::Idle)
            retire(slot, {why, instance.served}, out);
        else
            retireLater(slot, why);
    }
}

} // namespace coldframe::engine
