#include "engine/state.h"

#include <algorithm>

#include "engine/metering.h"

// One attempt: dispatched, working, ended one way or another, metered once.
namespace coldframe::engine {

void Engine::State::takeUse(const Instance& instance)
{
    Pool& pool = pools[instance.function];
    if (timed)
        settleLoad(instance.function);
    if (pool.inUse++ == 0 && pool.lastEnd > TimePoint::min()
        && rules->platform.keepAlive.kind == KeepAlive::Kind::Histogram)
        pool.idleTimes.add(now - pool.lastEnd);
    if (!rulesOf(instance.function).reserved && !instance.provisioned)
        ++accountInUse;
}

void Engine::State::releaseUse(const Instance& instance)
{
    Pool& pool = pools[instance.function];
    if (timed)
        settleLoad(instance.function);
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
    if (invocation.phase != Invocation::Phase::Bound) // else it was when the instance started
        bind(instanceSlot, invocationSlot);
    if (invocation.joined)
        invocation.boundAt = invocation.clockInInit ? invocation.workStartedAt : now;
    if (instance.phase != Instance::Phase::Busy) {
        instance.phase = Instance::Phase::Busy;
        ++pools[instance.function].busy;
        if (!invocation.clockInInit) // else the attempt's own runs already
            instanceDeadlines.disarm(instanceSlot);
    }
    invocation.phase = Invocation::Phase::Running;
    invocation.cold = !instance.coldTold && !instance.provisioned;
    instance.coldTold = true;
    if (invocation.cold && instance.ahead)
        reason = {Why::ColdAhead, milliseconds(now - invocation.dueAt)};
    invocation.deskWaited = instance.deskWaited;
    if (!invocation.clockInInit)
        invocation.workStartedAt = now; // until WorkStarted says better
    list(instanceSlot);
    out.emplace_back(
        Dispatch{.instance = idOf(instanceSlot),
                 .invocation = workIdOf(invocationSlot),
                 .function = instance.function,
                 .attempt = invocation.attemptsDone + 1,
                 .deadline = invocation.workStartedAt + rulesOf(instance.function).timeout,
                 .cold = invocation.cold,
                 .reason = reason});
}

void Engine::State::workStarted(const WorkStarted& in)
{
    const std::uint32_t slot = workOf(in.instance, in.invocation);
    if (slot == kNoSlot || invocations[slot].clockInInit)
        return; // a re-run init started the attempt's clock already
    Invocation& invocation = invocations[slot];
    invocation.workStartedAt = now;
    invocation.pausedFor = {};
    armAttempt(slot, now + rulesOf(invocation.function).timeout);
}

void Engine::State::pause(InstanceId id)
{
    Instance* instance = find(id);
    if (!instance || instance->phase != Instance::Phase::Busy)
        return;
    forEachWork(*instance, [this](std::uint32_t slot) {
        Invocation& invocation = invocations[slot];
        if (invocation.paused)
            return;
        invocation.paused = invocation.debugged = true;
        invocation.pausedAt = now;
        disarmAttempt(slot);
    });
    // What a debugger loads and switches on in a process stays there.
    if (instance->retireWhy == Why::None)
        retireLater(id.slot, Why::DebuggedStop);
}

void Engine::State::resume(InstanceId id)
{
    Instance* instance = find(id);
    if (!instance)
        return;
    const Duration timeout = rulesOf(instance->function).timeout;
    forEachWork(*instance, [&](std::uint32_t slot) {
        Invocation& invocation = invocations[slot];
        if (!invocation.paused)
            return;
        invocation.paused = false;
        invocation.pausedFor += now - invocation.pausedAt;
        // The timeout may have been lowered meanwhile; time does not run backwards for it.
        const TimePoint due = invocation.workStartedAt + timeout + invocation.pausedFor;
        armAttempt(slot, std::max(now, due));
    });
}

/// While it works, the attempts under way have waited; else those that come next.
void Engine::State::deskWaitBegan(InstanceId id)
{
    Instance* instance = find(id);
    if (!instance)
        return;
    if (instance->phase != Instance::Phase::Busy)
        instance->deskWaited = true;
    else
        forEachWork(*instance, [this](std::uint32_t slot) { invocations[slot].deskWaited = true; });
}

void Engine::State::workFinished(const WorkFinished& in, Actions& out)
{
    const std::uint32_t slot = workOf(in.instance, in.invocation);
    if (slot == kNoSlot)
        return; // an answer that came after its timeout
    const Instance& instance = instances[in.instance.slot];
    const Invocation& invocation = invocations[slot];
    Ending ending{.desk = in.wall,
                  // At the platform's share, the time on the CPU is stretched already.
                  .platform = platformTime(
                      in.wall, in.cpu, in.runQueueWait, instance.memoryMb,
                      rules->fidelity == Fidelity::Platform ? 0 : rules->platform.mbPerVcpu),
                  .peakMemoryKb = in.peakMemoryKb,
                  .status = in.status};
    if (invocation.clockInInit) { // the second init is part of the attempt
        const Duration before
            = std::max(now - invocation.workStartedAt - in.wall, Duration::zero());
        ending.desk += before;
        ending.platform += before;
    }
    switch (in.status) {
    case WorkStatus::Succeeded:
    case WorkStatus::SomeItemsFailed:
    case WorkStatus::InvalidBatchAnswer:
        break; // the function did what it should; its batch is another matter
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
    conclude(slot, ending, out);
    afterAttempt(in.instance.slot, out);
}

/// Meters an attempt and settles its event. The instance is still to be dealt with.
void Engine::State::conclude(std::uint32_t slot, const Ending& ending, Actions& out)
{
    Invocation& invocation = invocations[slot];
    const std::uint32_t instanceSlot = invocation.instance.slot;
    Instance& instance = instances[instanceSlot];
    const Platform& platform = rules->platform;
    if (invocation.phase == Invocation::Phase::Bound) { // never dispatched: its init failed
        invocation.cold = !instance.coldTold && !instance.provisioned;
        instance.coldTold = true;
        invocation.deskWaited = instance.deskWaited;
        if (invocation.joined)
            invocation.boundAt = invocation.clockInInit ? invocation.workStartedAt : now;
    }
    const bool debugged = invocation.debugged;
    const Duration init = invocation.cold ? instance.init : Duration::zero();
    const Duration initBilled = platform.initBilled ? init : Duration::zero();
    ++invocation.attemptsDone;
    ++instance.served;
    out.emplace_back(Meter{.invocation = workIdOf(slot),
                           .instance = idOf(instanceSlot),
                           .function = instance.function,
                           .attempt = invocation.attemptsDone,
                           .outcome = ending.outcome,
                           .cold = invocation.cold,
                           .provisioned = instance.provisioned,
                           .deskWaited = invocation.deskWaited,
                           .debugged = debugged,
                           .memoryMb = instance.memoryMb,
                           .peakMemoryKb = ending.peakMemoryKb,
                           .extraRequests = invocation.delivery == Delivery::Async && !debugged
                               ? extraRequests(invocation.bytes, platform)
                               : 0,
                           .init = init,
                           .desk = ending.desk,
                           .platform = debugged ? Duration::zero() : ending.platform,
                           .billed = debugged
                               ? Duration::zero()
                               : billedTime(initBilled, ending.platform, platform.billingStep),
                           .queued = invocation.boundAt - invocation.dueAt});
    if (debugged) // nor does the event grow old meanwhile
        invocation.acceptedAt += invocation.pausedFor
            + (invocation.paused ? now - invocation.pausedAt : Duration::zero());
    unbind(slot);
    settle(slot, ending, out);
}

/// What becomes of the event after an attempt.
void Engine::State::settle(std::uint32_t slot, const Ending& ending, Actions& out)
{
    const Outcome outcome = ending.outcome;
    const Invocation& invocation = invocations[slot];
    const InvocationId id = workIdOf(slot);
    if (invocation.delivery == Delivery::Sync) {
        forget(slot);
    } else if (invocation.delivery == Delivery::Batch) {
        settleBatch(slot, ending, out);
    } else if (outcome == Outcome::Succeeded) {
        out.emplace_back(Deliver{id, invocation.function});
        out.emplace_back(Ack{id});
        forget(slot);
    } else if (outcome == Outcome::Cancelled) {
        out.emplace_back(Ack{id});
        forget(slot);
    } else {
        retryOrGiveUp(slot, out);
    }
}

/// The attempt's clock has run out.
void Engine::State::attemptDue(std::uint32_t slot, Actions& out)
{
    const std::uint32_t instance = invocations[slot].instance.slot;
    const Duration timeout = rulesOf(invocations[slot].function).timeout;
    conclude(slot, {.outcome = Outcome::TimedOut, .desk = timeout, .platform = timeout}, out);
    stopAttempt(instance,
                {Why::AttemptTimedOut, static_cast<std::uint32_t>(toMilliseconds(timeout))}, out);
}

/// An attempt was ended from outside. An instance that serves one at a time is stopped with it, for
/// nobody knows what it is at; so is one that was not even ready and has nobody left who waits for
/// it. Others go on with what else they serve.
void Engine::State::stopAttempt(std::uint32_t instanceSlot, Reason reason, Actions& out)
{
    const Instance& instance = instances[instanceSlot];
    const FunctionId function = instance.function;
    const bool busy = instance.phase == Instance::Phase::Busy;
    if (busy && instance.limit > 1) {
        afterAttempt(instanceSlot, out);
    } else if (!busy && instance.inFlight > 0) {
        list(instanceSlot);
        capacityFreed(function, out);
    } else {
        retire(instanceSlot, reason, out);
        startProvisioned(function, out);
        capacityFreed(function, out);
    }
}

/// An attempt has ended and its instance lives on, unless it was the last and the instance is to be
/// retired; then waiting events get their turn.
void Engine::State::afterAttempt(std::uint32_t instanceSlot, Actions& out)
{
    Instance& instance = instances[instanceSlot];
    const FunctionId function = instance.function;
    if (instance.inFlight > 0) {
        list(instanceSlot); // it has room, and was used just now
        capacityFreed(function, out);
        return;
    }
    unlist(instanceSlot);
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
