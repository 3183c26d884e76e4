#pragma once

#include "harness.h"

// Platforms where a timer decides how many instances there are, and a bench for them.
namespace coldframe::engine::test {

inline Configuration knative(std::uint32_t concurrency = 10)
{
    Configuration c = oneFunction();
    c.platform.scaling.decider = Scaling::Decider::Kpa;
    c.platform.keepAlive.survival.clear(); // the autoscaler ends them
    c.platform.saturation.policy = Saturation::Policy::Queue;
    c.functions[0].timeout = 300s;
    c.functions[0].instanceConcurrency = concurrency;
    return c;
}

/// As Cloud Run: instances for calls that wait, a target of 60 %, kept for a while after use.
inline Configuration onDemand(std::uint32_t concurrency = 1)
{
    Configuration c = knative(concurrency);
    c.platform.scaling.decider = Scaling::Decider::Target;
    c.platform.scaling.onDemand = true;
    c.platform.scaling.retires = false;
    c.platform.scaling.tick = 5s;
    c.platform.scaling.targetUse = kWhole * 6 / 10;
    c.platform.keepAlive.survival = {{900s, 0}};
    c.platform.saturation.deadline = 10s;
    c.platform.saturation.startups = kWhole * 7 / 2;
    c.platform.initLimit = 240s;
    return c;
}

/// As Azure Functions: an instance a second, each aims at one request.
inline Configuration oneASecond()
{
    Configuration c = knative(1);
    c.platform.scaling.decider = Scaling::Decider::Target;
    c.platform.scaling.retires = false;
    c.platform.scaling.tick = 1s;
    c.platform.scaling.window = 0s;
    c.platform.scaling.target = 1;
    c.platform.scaling.targetUse = kWhole;
    c.platform.keepAlive.survival = {{20min, 0}};
    c.platform.scaleUp = {.capacity = 1, .refill = 1s, .otherRefill = 30s};
    return c;
}

/// Runs all deadlines until then; the actions of the last call to any step are kept.
class TimedHarness : public Harness {
public:
    using Harness::Harness;
    void until(std::int64_t ms)
    {
        actions.clear();
        engine.advance(at(ms), actions);
    }
    InstanceId makeReady(std::int64_t ms, InstanceId id)
    {
        step(at(ms), InitStarted{id});
        step(at(ms), Ready{id});
        return id;
    }
    InvocationId call(std::int64_t ms)
    {
        const InvocationId id = engine.nextInvocation();
        step(at(ms), Arrived{});
        return id;
    }
    void end(std::int64_t ms, const Dispatch& work)
    {
        step(at(ms),
             WorkFinished{.instance = work.instance, .wall = 10ms, .invocation = work.invocation});
    }
};

} // namespace coldframe::engine::test
