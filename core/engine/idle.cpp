#include "engine/state.h"

#include <algorithm>

#include "engine/draw.h"
#include "engine/metering.h"

// Instances that do nothing: how long they are kept, and which of them works next.
namespace coldframe::engine {

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
    if (const auto end = idleEnd(instance))
        instanceDeadlines.arm(slot, *end, ++order);
}

/// When an idle instance is to be retired; nothing: never.
std::optional<TimePoint> Engine::State::idleEnd(const Instance& instance) const
{
    const KeepAlive& keepAlive = rules->platform.keepAlive;
    if (instance.provisioned)
        return std::nullopt;
    if (keepAlive.kind == KeepAlive::Kind::Histogram)
        return instance.idleSince
            + pools[instance.function].idleTimes.keepAlive(keepAlive.fallback);
    if (keepAlive.survival.empty())
        return std::nullopt; // kept for ever
    if (keepAlive.survival.size() == 1) // the same for all, as mostly
        return instance.idleSince + keepAliveFor(keepAlive, 0);
    const double unit
        = unitDraw(draw(rules->seed, Purpose::KeepAlive, luckOf(instance.function),
                        std::uint64_t{instance.ordinal} << 32 | instance.idlePeriods));
    return instance.idleSince + keepAliveFor(keepAlive, unit);
}

void Engine::State::prime(const Primed& in, Actions& out)
{
    if (in.function >= pools.size() || rulesOf(in.function).removed || !roomForInstance(in.function)
        || rules->platform.keepAlive.kind == KeepAlive::Kind::None)
        return;
    const std::uint32_t slot = create(in.function, false);
    Instance& instance = instances[slot];
    IdleSet& set = pools[in.function].onDemand;
    instance.phase = Instance::Phase::Idle;
    instance.idleSince = now - std::max(in.idleFor, Duration::zero());
    instance.coldTold = true; // long ago
    instance.idlePeriods = 1;
    const std::optional<TimePoint> end = idleEnd(instance);
    if (end && *end < now) {
        set.strike(instance.place);
        instances.remove(slot);
        return;
    }
    set.addAmong(instance.place, [&](std::uint32_t other) {
        return instances[other].idleSince > instance.idleSince;
    });
    if (end)
        instanceDeadlines.arm(slot, *end, ++order);
    if (timed) {
        wakeScaler(in.function);
        scalers[in.function].found(now, pools[in.function].alive());
    }
    capacityFreed(in.function, out);
}

/// Whether the platform keeps the instance once its work is done.
bool Engine::State::keepsIdle(const Instance& instance) const
{
    return instance.provisioned || rules->platform.keepAlive.kind != KeepAlive::Kind::None;
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
        chosen = set.takeByAge(static_cast<std::uint32_t>(pool.nextChoice * choices));
        ++pool.choices;
        pool.nextChoice = unitDraw(pool.chance.draw(pool.choices + 1)); // nobody waits for it now
        why = Why::WarmRandom;
        break;
    }
    }
    const Duration idle = now - instances[chosen].idleSince;
    reason = {why, choices, milliseconds(idle)};
    return chosen;
}

} // namespace coldframe::engine
