#include <algorithm>
#include <limits>

#include "engine/state.h"

// What the autoscaler's decisions do to a pool. Where a timer decides how many instances there are,
// an event that finds none with room waits in line; instances are started ahead and serve the line
// when they are ready.
namespace coldframe::engine {

/// The rules may have changed: then what was known of the load is forgotten.
void Engine::State::configureScaling(Actions& out)
{
    if (!timed && scalers.empty())
        return;
    scalers.clear();
    for (FunctionId function = 0; function < pools.size(); ++function)
        poolDeadlines.disarm(tickId(function));
    if (!timed)
        return;
    scalers.resize(pools.size());
    for (FunctionId function = 0; function < pools.size(); ++function) {
        const std::uint32_t alive = pools[function].alive();
        const Autoscaler::Counts counts = countsFor(function);
        if (alive == 0 && counts.load == 0 && counts.least == 0)
            continue;
        wakeScaler(function);
        if (alive > 0)
            scalers[function].found(now, alive);
        decideScale(function, counts, out);
    }
}

/// Before the load changes.
void Engine::State::settleLoad(FunctionId function)
{
    const Pool& pool = pools[function];
    if (scalers[function].awake())
        scalers[function].settle(now, pool.inUse + pool.waiting);
}

Autoscaler::Counts Engine::State::countsFor(FunctionId function) const
{
    const Pool& pool = pools[function];
    const FunctionRules& own = rulesOf(function);
    const std::uint32_t working = pool.idle() + pool.busy;
    // More than are let work would be retired again.
    constexpr std::uint32_t kAny = std::numeric_limits<std::uint32_t>::max();
    const std::uint32_t most
        = own.removed ? 0 : std::min(own.maxInstances.value_or(kAny), own.reserved.value_or(kAny));
    return {.ready = working - std::min(pool.leaving, working),
            .alive = pool.alive() - pool.leaving,
            .load = pool.inUse + pool.waiting,
            .least = std::min(own.minInstances, most),
            .most = most};
}

/// An event has found no instance with room: it waits. The first one of a pool scaled to zero does
/// not wait for a tick, too.
Reason Engine::State::askScaler(FunctionId function, Actions& out)
{
    if (!scalers[function].awake()) {
        wakeScaler(function);
        Autoscaler::Counts counts = countsFor(function);
        counts.load = std::max(counts.load, 1U); // this one
        decideScale(function, counts, out);
    }
    const Pool& pool = pools[function];
    return {Why::NoneFree, pool.idle() + pool.busy, pool.initialising};
}

/// Where calls that wait have instances started at once: as many as it takes to serve those who
/// wait beyond what is starting.
void Engine::State::startForWaiting(FunctionId function, Actions& out)
{
    if (!rules->platform.scaling.onDemand)
        return;
    const Pool& pool = pools[function];
    const std::uint32_t each = rulesOf(function).instanceConcurrency;
    const std::uint32_t need = each == 0 ? 1 : (pool.waiting + each - 1) / each;
    if (need <= pool.initialising)
        return;
    const Autoscaler::Counts counts = countsFor(function);
    startAhead(function, std::min(counts.alive + need - pool.initialising, counts.most),
               {Why::ScaledForWaiting, 0, pool.waiting}, out);
}

void Engine::State::wakeScaler(FunctionId function)
{
    Autoscaler& scaler = scalers[function];
    if (scaler.awake())
        return;
    const Scaling& scaling = rules->platform.scaling;
    scaler.wake(now, scaling, countsFor(function).ready);
    poolDeadlines.arm(tickId(function), scaler.nextTick(now, scaling), ++order);
}

/// Once more after `tick`, unless there is nothing left to decide about.
void Engine::State::tick(FunctionId function, Actions& out)
{
    settleLoad(function);
    decideScale(function, countsFor(function), out);
    if (scalers[function].awake())
        poolDeadlines.arm(tickId(function),
                          scalers[function].nextTick(now, rules->platform.scaling), ++order);
}

void Engine::State::decideScale(FunctionId function, const Autoscaler::Counts& counts, Actions& out)
{
    const Scaling& scaling = rules->platform.scaling;
    const Autoscaler::Decision decision
        = scalers[function].decide(now, scaling, rulesOf(function).instanceConcurrency, counts);
    if (decision.wanted > counts.alive)
        startAhead(function, decision.wanted, {decision.why, 0, decision.wanted, decision.load},
                   out);
    else if (decision.wanted < counts.alive)
        shrink(function, decision.wanted, out);
    if (decision.rest)
        scalers[function].rest();
}

void Engine::State::startAhead(FunctionId function, std::uint32_t wanted, Reason reason,
                               Actions& out)
{
    const Pool& pool = pools[function];
    Reason throttled;
    for (; pool.alive() - pool.leaving < wanted && roomForInstance(function)
         && takeToken(function, throttled);) {
        reason.a = pool.alive() - pool.leaving;
        startIdle(function, false, reason, out);
    }
}

/// Idle ones go at once, the longest idle first; then the newest of those at work take no more and
/// go after what they have. One that is starting may be needed by the time it is ready.
void Engine::State::shrink(FunctionId function, std::uint32_t wanted, Actions& out)
{
    Pool& pool = pools[function];
    const auto alive = [&] { return pool.alive() - pool.leaving; };
    while (alive() > wanted && !pool.onDemand.empty()) {
        const std::uint32_t slot = pool.onDemand.leastRecent();
        retire(slot, {Why::ScaledDown, instances[slot].served, alive(), wanted}, out);
    }
    if (alive() <= wanted)
        return;
    std::vector<std::uint32_t> working;
    for (std::uint32_t slot = 0; slot < instances.capacity(); ++slot) {
        const Instance& instance = instances[slot];
        if (instance.serial != 0 && instance.function == function && !instance.provisioned
            && instance.phase == Instance::Phase::Busy && instance.retireWhy == Why::None)
            working.push_back(slot);
    }
    std::ranges::sort(working, std::greater(),
                      [this](std::uint32_t slot) { return instances[slot].ordinal; });
    for (const std::uint32_t slot : working) {
        if (alive() <= wanted)
            return;
        retireLater(slot, Why::ScaledDown);
    }
}

/// Whether the pool may not lose an idle instance to its keep-alive.
bool Engine::State::keptAtLeast(FunctionId function) const
{
    const Autoscaler::Counts counts = countsFor(function);
    return counts.least > 0 && counts.alive <= counts.least;
}

} // namespace coldframe::engine
