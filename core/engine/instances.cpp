#include "engine/state.h"

#include <algorithm>

#include "engine/draw.h"
#include "engine/metering.h"

// The life of an instance: created, initialising, idle, busy, retired.
namespace coldframe::engine {

namespace {
/// An init that waited for a core for more than one part in so many is no measure of the platform.
constexpr int kDisturbed = 2;
} // namespace

void Engine::State::start(FunctionId function, std::uint32_t invocationSlot, Reason reason,
                          Actions& out)
{
    const std::uint32_t slot = instances.add();
    Instance& instance = instances[slot];
    Pool& pool = pools[function];
    instance.function = function;
    instance.key = rulesOf(function).instanceKey;
    instance.memoryMb = rulesOf(function).memoryMb;
    ++pool.initialising;
    if (invocationSlot != kNoSlot) {
        Invocation& invocation = invocations[invocationSlot];
        invocation.phase = Invocation::Phase::Bound;
        invocation.instance = idOf(slot);
        invocation.boundAt = now;
        instance.work = workIdOf(invocationSlot);
        takeUse(instance);
    } else {
        instance.provisioned = true;
        ++pool.provisionedAlive;
    }
    instance.place = pool.setOf(instance).enroll(
        slot, [this](std::uint32_t moved, std::uint32_t place) { instances[moved].place = place; });
    out.push_back(Start{idOf(slot), function, instance.work, false, reason});
}

/// Brings the function's provisioned instances up to the number wanted, or to its cap on instances.
void Engine::State::startProvisioned(FunctionId function, Actions& out)
{
    const FunctionRules& own = rulesOf(function);
    Pool& pool = pools[function];
    while (!own.removed && pool.provisionedAlive < own.provisioned && roomForInstance(function))
        start(function, kNoSlot, {Why::Provisioned, pool.provisionedAlive, own.provisioned}, out);
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
        instance->workStartedAt = now;
        instanceDeadlines.arm(in.instance.slot, now + timeout, ++order);
        return;
    }
    // Provisioned instances may take the longer of 130 s and the function's timeout.
    const Duration limit = instance->provisioned
        ? std::max<Duration>(std::chrono::seconds(130), timeout)
        : rules->platform.initLimit;
    instanceDeadlines.arm(in.instance.slot, now + limit, ++order);
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
    if (instance->work.serial != 0) {
        --pools[function].initialising;
        dispatch(slot, instance->work.slot, {Why::ColdReady}, out);
        return;
    }
    if (instance->retireWhy == Why::None && instance->provisioned
        && pools[function].provisionedAlive > rulesOf(function).provisioned)
        instance->retireWhy = Why::ProvisionedLowered;
    if (instance->retireWhy == Why::None && !keepsIdle(*instance))
        instance->retireWhy = Why::KeepAliveExpired; // nobody wants it any more
    if (instance->retireWhy != Why::None) {
        retire(slot, {instance->retireWhy}, out);
        startProvisioned(function, out);
        instanceGone(function, false, out);
        return;
    }
    --pools[function].initialising;
    makeIdle(slot);
    capacityFreed(function, out);
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
    if (instance->work.serial == 0) {
        const bool provisioned = instance->provisioned;
        if (provisioned) {
            // Try again with growing pauses: the code may get fixed.
            const auto shift = std::min<std::uint32_t>(pools[function].provisionFailures++, 6);
            poolDeadlines.arm(function, now + std::chrono::seconds(1 << shift), ++order);
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
        out.push_back(Start{id, function, instance->work, true, {Why::ReinitAfterFailure}});
        return;
    }
    const Duration desk = instance->phase == Instance::Phase::Initialising
        ? now - instance->initStartedAt
        : Duration::zero();
    conclude(id.slot, {.outcome = Outcome::InitError, .desk = desk, .platform = desk}, out);
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
        conclude(in.instance.slot,
                 {.outcome = in.outOfMemory ? Outcome::OutOfMemory : Outcome::Crashed,
                  .desk = in.wall,
                  .platform = platformTime(in.wall, in.cpu, {}, instance->memoryMb,
                                           rules->platform.mbPerVcpu),
                  .peakMemoryKb = in.peakMemoryKb},
                 out);
        break;
    }
    case Instance::Phase::Idle:
        break;
    }
    retire(in.instance.slot, {Why::Crashed, served}, out);
    startProvisioned(function, out);
    capacityFreed(function, out);
}

void Engine::State::makeIdle(std::uint32_t slot)
{
    Instance& instance = instances[slot];
    Pool& pool = pools[instance.function];
    instance.phase = Instance::Phase::Idle;
    instance.idleSince = now;
    instance.deskWaited = false;
    instance.reinit = false;
    ++instance.idlePeriods;
    instanceDeadlines.disarm(slot); // of the attempt that just ended
    pool.setOf(instance).add(instance.place);
    if (instance.provisioned)
        return;
    const KeepAlive& keepAlive = rules->platform.keepAlive;
    if (keepAlive.kind == KeepAlive::Kind::Histogram) {
        instanceDeadlines.arm(slot, now + pool.idleTimes.keepAlive(keepAlive.fallback), ++order);
        return;
    }
    if (keepAlive.survival.empty())
        return; // kept for ever
    const double unit = keepAlive.survival.size() == 1
        ? 0.0
        : unitDraw(draw(rules->seed, Purpose::KeepAlive, instance.serial, instance.idlePeriods));
    instanceDeadlines.arm(slot, now + keepAliveFor(keepAlive, unit), ++order);
}

/// Whether the platform keeps the instance once its work is done.
bool Engine::State::keepsIdle(const Instance& instance) const
{
    return instance.provisioned || rules->platform.keepAlive.kind != KeepAlive::Kind::None;
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
    pool.setOf(instance).strike(instance.place);
    if (instance.provisioned)
        --pool.provisionedAlive;
    pool.lastRetired = reason.why;
    pool.retiredAt = now;
    instanceDeadlines.disarm(slot);
    out.push_back(Stop{idOf(slot), instance.function, reason});
    instances.remove(slot);
}

/// The deadline of an instance: what it means depends on what the instance is doing.
void Engine::State::instanceDue(std::uint32_t slot, Actions& out)
{
    Instance& instance = instances[slot];
    const FunctionId function = instance.function;
    const auto ms = [](Duration d) { return static_cast<std::uint32_t>(toMilliseconds(d)); };
    if (instance.phase == Instance::Phase::Idle) {
        const auto idle = static_cast<std::uint32_t>(toSeconds(now - instance.idleSince));
        retire(slot, {Why::KeepAliveExpired, idle, instance.served}, out);
        instanceGone(function, false, out);
        return;
    }
    if (instance.phase == Instance::Phase::Initialising && !instance.reinit) {
        const Reason reason{Why::ReinitAfterInitTimeout, ms(now - instance.initStartedAt)};
        if (instance.work.serial == 0) {
            initFailed(idOf(slot), InitFailure::Reported, out);
            return;
        }
        instance.init = now - instance.initStartedAt;
        instance.phase = Instance::Phase::Starting;
        instance.reinit = true;
        out.push_back(Start{idOf(slot), function, instance.work, true, reason});
        return;
    }
    const Duration timeout = rulesOf(function).timeout;
    conclude(slot, {.outcome = Outcome::TimedOut, .desk = timeout, .platform = timeout}, out);
    retire(slot, {Why::AttemptTimedOut, ms(timeout)}, out);
    startProvisioned(function, out);
    capacityFreed(function, out);
}

/// Chooses by the platform's order; provisioned instances go first. Says what the choice was.
std::uint32_t Engine::State::takeIdle(FunctionId function, Reason& reason)
{
    Pool& pool = pools[function];
    IdleSet& set = pool.provisioned.empty() ? pool.onDemand : pool.provisioned;
    const std::uint32_t choices = set.size();
    std::uint32_t chosen = kNoSlot;
    Why why = Why::WarmMostRecentlyUsed;
    switch (rules->platform.dispatch) {
    case DispatchOrder::MostRecentlyUsed:
        chosen = set.takeMostRecent();
        break;
    case DispatchOrder::LeastRecentlyUsed:
        chosen = set.takeLeastRecent();
        why = Why::WarmLeastRecentlyUsed;
        break;
    case DispatchOrder::Newest:
        chosen = set.takeNewest();
        why = Why::WarmNewest;
        break;
    case DispatchOrder::Oldest:
        chosen = set.takeOldest();
        why = Why::WarmOldest;
        break;
    case DispatchOrder::Random: {
        const auto bits = draw(rules->seed, Purpose::ChooseInstance, function, ++pool.choices);
        chosen = set.takeByAge(static_cast<std::uint32_t>(unitDraw(bits) * choices));
        why = Why::WarmRandom;
        break;
    }
    }
    const Duration idle = now - instances[chosen].idleSince;
    reason = {why, choices, static_cast<std::uint32_t>(toMilliseconds(idle))};
    return chosen;
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
            instance.retireWhy = why;
    }
}

} // namespace coldframe::engine
