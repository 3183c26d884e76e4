#pragma once

#include <cstdlib>
#include <random>
#include <vector>

#include "sim/model.h"

namespace coldframe::sim::test {

using namespace std::chrono_literals;

/// Coarse times, so that many things happen at the same instant.
class RandomModel {
public:
    explicit RandomModel(std::uint64_t seed) : m_random(seed) { }

    Model kernelModel()
    {
        Model model;
        model.seed = m_random();
        model.window = {.from = pick(2) ? 0 : 20'000'000'000,
                        .to = 200'000'000'000,
                        .step = pick(4) ? 7'000'000'000 : 0};
        engine::Platform& platform = model.platform;
        platform.accountConcurrency = pick(3) ? 0xffff'ffff : 1 + pick(6);
        platform.billingStep = pick(3) ? 1ms : Duration(100ms);
        platform.initBilled = pick(2) != 0;
        platform.initLimit = 10s;
        if (pick(5) != 0)
            platform.keepAlive.survival = {{std::chrono::milliseconds(100 * pick(80)), 0}};
        if (pick(4) == 0)
            platform.scaleUp = {.capacity = 1 + pick(4), .refill = 10s};
        if (pick(3) == 0) {
            platform.saturation.policy = engine::Saturation::Policy::Queue;
            platform.saturation.maxLength = pick(5);
            platform.saturation.deadline = std::chrono::milliseconds(100 * pick(30));
        }
        FunctionModel function;
        function.name = "f" + std::to_string(pick(1000));
        function.rules.timeout = pick(3) ? 0s : Duration(std::chrono::milliseconds(100 * pick(30)));
        if (pick(3) == 0)
            function.rules.reserved = 1 + pick(5);
        if (pick(4) == 0)
            function.rules.maxInstances = 1 + pick(5);
        function.primed = pick(3) ? 0 : pick(4);
        function.arrivals = arrivals();
        function.service = duration();
        function.failureShare = pick(2) ? 0 : 0.2;
        if (pick(4) != 0) {
            const bool added = pick(2) != 0;
            function.coldStart
                = ColdStart{.mode = added ? ColdStart::Mode::Added : ColdStart::Mode::Replaced,
                            .law = added ? Law::constant(0.1 * pick(30)) : duration(),
                            .sandboxNs = pick(2) ? 0 : 100'000'000};
        }
        model.functions.push_back(std::move(function));
        return model;
    }

private:
    std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(m_random() % n); }

    Law duration()
    {
        switch (pick(4)) {
        case 0:
            return Law::constant(0.1 * pick(20));
        case 1:
            return Law::exponential(0.01 + 0.1 * pick(20));
        case 2:
            return Law::lognormalOf(0.1 + 0.1 * pick(20), 0.1 + 0.1 * pick(20));
        default: {
            Law law;
            law.kind = Law::Kind::Samples;
            for (int i = 0; i < 5; ++i)
                law.samples.push_back(std::int64_t{100'000'000} * pick(30));
            return law;
        }
        }
    }
    ArrivalModel arrivals()
    {
        const double rate = 0.1 * (1 + pick(40));
        switch (pick(5)) {
        case 0:
            return EvenArrivals{10 / (1.0 + pick(20))}; // every some tenths of a second
        case 1:
            return RandomArrivals{{{{0, rate}}, false}};
        case 2:
            return RandomArrivals{{{{0, 0}, {30, rate}, {40, rate / 4}, {50, 0}}, pick(2) != 0}};
        case 3: {
            Law gap = duration();
            if (gap.mean() <= 0.05)
                gap = Law::constant(0.3);
            return GapArrivals{gap};
        }
        default:
            return OnOffArrivals{rate * 3, Law::exponential(2), Law::exponential(9)};
        }
    }
    std::mt19937_64 m_random;
};

/// `count` seeds, or the one that SIM_SEED names.
inline std::vector<std::uint64_t> seedsToRun(std::uint64_t count)
{
    if (const char* only = std::getenv("SIM_SEED"))
        return {std::strtoull(only, nullptr, 10)};
    std::vector<std::uint64_t> seeds(count);
    for (std::uint64_t i = 0; i < count; ++i)
        seeds[i] = i + 1;
    return seeds;
}

} // namespace coldframe::sim::test
