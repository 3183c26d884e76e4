#include "engine/state.h"

#include <algorithm>

// Changed settings and changed code, while things run.
namespace coldframe::engine {

/// Counts anew what limits depend on: reservations may have come or gone under running attempts.
void Engine::State::recountAccount()
{
    std::uint32_t taken = 0;
    for (const FunctionRules& function : rules->functions)
        if (!function.removed)
            taken += function.reserved ? *function.reserved : function.provisioned;
    const std::uint32_t account = rules->platform.accountConcurrency;
    accountCapacity = account > taken ? account - taken : 0;

    accountInUse = 0;
    for (std::uint32_t slot = 0; slot < instances.capacity(); ++slot) {
        const Instance& instance = instances[slot];
        if (instance.serial != 0 && !instance.provisioned && !rulesOf(instance.function).reserved)
            accountInUse += instance.inFlight;
    }
}

/// The configuration of `revision` rules from now on.
void Engine::State::putInForce()
{
    rules = &configurations.at(revision);
    pools.resize(std::max(pools.size(), rules->functions.size()));
    for (FunctionId function = 0; function < rules->functions.size(); ++function) {
        Pool& pool = pools[function];
        pool.chance = {rules->seed, Purpose::ChooseInstance, luckOf(function)};
        pool.nextChoice = unitDraw(pool.chance.draw(pool.choices + 1));
    }
    queuesInForce();
}

void Engine::State::configure(const Configured& in, Actions& out)
{
    revision = in.revision;
    putInForce();
    timed = rules->platform.scaling.byTimer();
    recountAccount();
    for (std::uint32_t slot = 0; slot < instances.capacity(); ++slot) {
        Instance& instance = instances[slot];
        if (instance.serial == 0)
            continue;
        const FunctionRules& own = rulesOf(instance.function);
        if (!own.removed && instance.key == own.instanceKey)
            continue;
        const Why why = own.removed ? Why::FunctionRemoved : Why::SettingsChangedStop;
        if (instance.phase == Instance::Phase::Idle)
            retire(slot, {why, instance.served}, out);
        else if (instance.retireWhy == Why::None)
            retireLater(slot, why);
    }
    for (FunctionId function = 0; function < rules->functions.size(); ++function) {
        const FunctionRules& own = rulesOf(function);
        Pool& pool = pools[function];
        while (pool.provisionedAlive > own.provisioned && !pool.provisioned.empty())
            retire(pool.provisioned.leastRecent(), {Why::ProvisionedLowered, own.provisioned}, out);
        // A lowered limit is reached by retiring: idle instances now, busy ones as they finish.
        while (own.reserved && pool.alive() > *own.reserved && !pool.onDemand.empty())
            retire(pool.onDemand.leastRecent(), {Why::LimitLowered, *own.reserved}, out);
        while (own.maxInstances && pool.alive() > *own.maxInstances && !pool.onDemand.empty())
            retire(pool.onDemand.leastRecent(), {Why::LimitLowered, *own.maxInstances}, out);
        startProvisioned(function, out);
    }
    configureScaling(out);
    for (FunctionId function = 0; function < rules->functions.size(); ++function)
        capacityFreed(function, out);
    for (QueueId queue = 0; queue < queues.size(); ++queue)
        touch(queue);
}

void Engine::State::codeChanged(const CodeChanged& in, Actions& out)
{
    if (in.function >= pools.size())
        return;
    retireStale(in.function, Why::CodeChangedStop, out);
    startProvisioned(in.function, out);
    capacityFreed(in.function, out);
}

} // namespace coldframe::engine
