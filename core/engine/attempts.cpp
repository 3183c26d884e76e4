#include "engine/state.h"

#include <algorithm>

#include "engine/metering.h"

// One attempt: dispatched, working, ended one way or another, metered once.
namespace coldframe::engine {

void Engine::State::takeUse(const Instance& instance)
{
    Pool& pool = pools[instance.function];
    if (pool.inUse++ == 0 && pool.lastEnd > TimePoint::min()
        && rules->platform.keepAlive.kind == KeepAlive::Kind::Histogram)
        pool.idleTimes.add(now - pool.lastEnd);
    if (!rulesOf(instance.function).reserved && !instance.provisioned)
        ++accountInUse;
}

void Engine::State::releaseUse(const Instance& instance)
{
    Pool& pool = pools[instance.function];
    if (--pool.inUse == 0)
        pool.lastEnd = now;
    if (!rulesOf(instance.function).reserved && !instance.provisioned)
        --accountInUse;
}

void Engine::State::dispatch(std::uint32_t instanceSlot, std::uint32_t invocationSlot,
                             Reason reason, Actions& out)
{
    Instance& instance = instances[instanceSlot];
    Invocation& invocation = invocations[invocationSlot];
    const bool waited = invocation.phase != Invocation::Phase::Bound; // else counted at start()
    instance.phase = Instance::Phase::Busy;
    instance.work = workIdOf(invocationSlot);
    invocation.phase = Invocation::Phase::Running;
    invocation.instance = idOf(instanceSlot);
    ++pools[instance.function].busy;
    if (waited) {
        invocation.boundAt = now;
        takeUse(instance);
    }
    if (!instance.reinit)
        instanceDeadlines.disarm(instanceSlot);
    out.push_back(Dispatch{.instance = idOf(instanceSlot),
                           .invocation = instance.work,
                           .function = instance.function,
                           .attempt = invocation.attemptsDone + 1,
                           .deadline = (instance.reinit ? instance.workStartedAt : now)
                               + rulesOf(instance.function).timeout,
                           .cold = instance.served == 0 && !instance.provisioned,
                           .reason = reason});
}

void Engine::State::workStarted(const WorkStarted& in)
{
    Instance* instance = find(in.instance);
    if (!instance || instance->phase != Instance::Phase::Busy || instance->reinit)
        return; // a re-run init started the attempt's clock already
    instance->workStartedAt = now;
    instance->pausedFor = {};
    instanceDeadlines.arm(in.instance.slot, now + rulesOf(instance->function).timeout, ++order);
}

void Engine::State::pause(InstanceId id)
{
    Instance* instance = find(id);
    if (!instance || instance->phase != Instance::Phase::Busy || instance->paused)
        return;
    instance->paused = instance->debugged = true;
    instance->pausedAt = now;
    // What a debugger loads and switches on in a process stays there.
    if (instance->retireWhy == Why::None)
        instance->retireWhy = Why::DebuggedStop;
    instanceDeadlines.disarm(id.slot);
}

void Engine::State::resume(InstanceId id)
{
    Instance* instance = find(id);
    if (!instance || !instance->paused)
        return;
    instance->paused = false;
    instance->pausedFor += now - instance->pausedAt;
    const Duration timeout = rulesOf(instance->function).timeout;
    instanceDeadlines.arm(id.slot, instance->workStartedAt + timeout + instance->pausedFor,
                          ++order);
}

void Engine::State::workFinished(const WorkFinished& in, Actions& out)
{
    Instance* instance = find(in.instance);
    if (!instance || instance->phase != Instance::Phase::Busy)
        return; // an answer that came after its timeout
    Ending ending{.desk = in.wall,
                  // At the platform's share, the time on the CPU is stretched already.
                  .platform = platformTime(
                      in.wall, in.cpu, in.runQueueWait, instance->memoryMb,
                      rules->fidelity == Fidelity::Platform ? 0 : rules->platform.mbPerVcpu),
                  .peakMemoryKb = in.peakMemoryKb};
    if (instance->reinit) { // the second init is part of the attempt
        const Duration before = std::max(now - instance->workStartedAt - in.wall, Duration::zero());
        ending.desk += before;
        ending.platform += before;
    }
    switch (in.status) {
    case WorkStatus::Succeeded:
        break;
    case WorkStatus::FunctionError:
        ending.outcome = Outcome::FunctionError;
        break;
    case WorkStatus::ResponseTooLarge:
        ending.outcome = Outcome::ResponseTooLarge;
        break;
    case WorkStatus::InvalidResponse:
        ending.outcome = Outcome::InvalidResponse;
        break;
    }
    conclude(in.instance.slot, ending, out);
    afterAttempt(in.instance.slot, out);
}

/// Meters the attempt under way and settles its event. The instance is still to be dealt with.
void Engine::State::conclude(std::uint32_t instanceSlot, const Ending& ending, Actions& out)
{
    Instance& instance = instances[instanceSlot];
    const std::uint32_t slot = instance.work.slot;
    Invocation& invocation = invocations[slot];
    const Platform& platform = rules->platform;
    const bool cold = instance.served == 0 && !instance.provisioned;
    const Duration init = cold ? instance.init : Duration::zero();
    const Duration initBilled = platform.initBilled ? init : Duration::zero();
    ++invocation.attemptsDone;
    ++instance.served;
    out.push_back(Meter{
        .invocation = instance.work,
        .instance = idOf(instanceSlot),
        .function = instance.function,
        .attempt = invocation.attemptsDone,
        .outcome = ending.outcome,
        .cold = cold,
        .provisioned = instance.provisioned,
        .deskWaited = instance.deskWaited,
        .debugged = instance.debugged,
        .memoryMb = instance.memoryMb,
        .peakMemoryKb = ending.peakMemoryKb,
        .extraRequests = invocation.delivery == Delivery::Async && !instance.debugged
            ? extraRequests(invocation.bytes, platform)
            : 0,
        .init = init,
        .desk = ending.desk,
        .platform = instance.debugged ? Duration::zero() : ending.platform,
        .billed = instance.debugged ? Duration::zero()
                                    : billedTime(initBilled, ending.platform, platform.billingStep),
        .queued = invocation.boundAt - invocation.dueAt});
    if (instance.debugged) // nor does the event grow old meanwhile
        invocation.acceptedAt
            += instance.pausedFor + (instance.paused ? now - instance.pausedAt : Duration::zero());
    instance.work = {};
    instance.paused = instance.debugged = false;
    releaseUse(instance);

    const InvocationId id = workIdOf(slot);
    invocation.instance = {};
    if (invocation.delivery == Delivery::Sync) {
        forget(slot);
    } else if (ending.outcome == Outcome::Succeeded) {
        out.push_back(Deliver{id, invocation.function});
        out.push_back(Ack{id});
        forget(slot);
    } else if (ending.outcome == Outcome::Cancelled) {
        out.push_back(Ack{id});
        forget(slot);
    } else {
        retryOrGiveUp(slot, out);
    }
}

/// The instance has answered and lives on, unless it is to be retired; then waiting events get
/// their turn.
void Engine::State::afterAttempt(std::uint32_t instanceSlot, Actions& out)
{
    Instance& instance = instances[instanceSlot];
    const FunctionId function = instance.function;
    Pool& pool = pools[function];
    const auto& reserved = rulesOf(function).reserved;
    const auto& most = rulesOf(function).maxInstances;
    Reason retireReason{instance.retireWhy, instance.served};
    if (retireReason.why == Why::None && instance.provisioned
        && pool.provisionedAlive > rulesOf(function).provisioned)
        retireReason = {Why::ProvisionedLowered, rulesOf(function).provisioned};
    else if (retireReason.why == Why::None && !instance.provisioned && reserved
             && pool.alive() > *reserved)
        retireReason = {Why::LimitLowered, *reserved};
    else if (retireReason.why == Why::None && most && pool.alive() > *most)
        retireReason = {Why::LimitLowered, *most};
    else if (retireReason.why == Why::None && !keepsIdle(instance))
        retireReason = {Why::KeepAliveExpired, 0, instance.served};
    if (retireReason.why != Why::None) {
        retire(instanceSlot, retireReason, out);
        startProvisioned(function, out);
    } else {
        --pool.busy;
        makeIdle(instanceSlot);
    }
    capacityFreed(function, out);
}

} // namespace coldframe::engine
