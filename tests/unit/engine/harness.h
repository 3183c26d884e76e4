#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "engine/engine.h"

// A bench for engine tests: one function unless told otherwise, times in milliseconds since zero,
// and the actions of each step kept by kind.
namespace coldframe::engine::test {

using namespace std::chrono_literals;

inline TimePoint at(std::int64_t ms)
{
    return TimePoint(std::chrono::milliseconds(ms));
}

inline Configuration oneFunction()
{
    Configuration c;
    c.platform.keepAlive.survival = {{300s, 0}};
    c.platform.accountConcurrency = 1000;
    c.platform.initLimit = 10s;
    c.platform.retryDelays = {60s, 120s};
    c.platform.billingStep = 1ms;
    c.platform.mbPerVcpu = 1769;
    c.functions.resize(1);
    c.functions[0] = {.memoryMb = 1769, .timeout = 3s, .maxEventAge = 6h};
    return c;
}

class Harness {
public:
    explicit Harness(Configuration c = oneFunction()) { configure(at(0), std::move(c)); }

    void configure(TimePoint now, Configuration c)
    {
        step(now, Configured{engine.define(std::move(c))});
    }
    void step(TimePoint now, const Input& input)
    {
        actions.clear();
        engine.step(now, input, actions);
    }
    /// The only action of this kind in the last step; a test that has none or two fails on use.
    template <typename T> T only() const
    {
        std::vector<T> found = all<T>();
        if (found.size() != 1)
            throw std::runtime_error("expected one action of this kind, got "
                                     + std::to_string(found.size()));
        return found.front();
    }
    template <typename T> std::vector<T> all() const
    {
        std::vector<T> found;
        for (const Action& action : actions)
            if (const T* it = std::get_if<T>(&action))
                found.push_back(*it);
        return found;
    }

    /// A synchronous call that finds no idle instance: started, initialised and at work.
    InstanceId callCold(std::int64_t ms, std::int64_t initMs = 100, FunctionId function = 0)
    {
        step(at(ms), Arrived{.function = function});
        const InstanceId id = only<Start>().instance;
        step(at(ms), InitStarted{id});
        step(at(ms + initMs), Ready{id});
        step(at(ms + initMs), WorkStarted{id});
        return id;
    }
    void finish(std::int64_t ms, InstanceId id, std::int64_t wallMs = 10,
                WorkStatus status = WorkStatus::Succeeded)
    {
        step(at(ms),
             WorkFinished{.instance = id,
                          .status = status,
                          .wall = std::chrono::milliseconds(wallMs),
                          .cpu = std::chrono::milliseconds(wallMs)});
    }

    Engine engine;
    Actions actions;
};

} // namespace coldframe::engine::test
