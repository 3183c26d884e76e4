#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "random_model.h"
#include "sim/engine_run.h"

// What holds for every run of functions that visit backends, on random models.
namespace coldframe::sim {

namespace {

using namespace std::chrono_literals;
using Discipline = BackendRules::Discipline;
using OverLimit = BackendRules::OverLimit;

/// Any rules of the pool, some backends, and functions that visit some of them.
Model anyModelWithBackends(std::uint64_t seed)
{
    Model model = test::RandomModel(seed).kernelModel();
    model.platform.accountConcurrency = 0xffff'ffff;
    model.platform.retryDelays = {2s, 4s};
    std::mt19937_64 random(seed ^ 0xdb);
    const auto pick = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    const std::uint32_t backends = 1 + pick(3), functions = 1 + pick(4);
    for (std::uint32_t i = 0; i < backends; ++i)
        model.backends.push_back({.name = "b" + std::to_string(i),
                                  .servers = 1 + pick(4),
                                  .discipline = pick(2) ? Discipline::Fifo : Discipline::Sharing,
                                  .maxConnections = pick(2) ? 1 + pick(6) : 0,
                                  .overLimit = pick(2) ? OverLimit::Error : OverLimit::Wait});
    for (std::uint32_t i = 1; i < functions; ++i)
        model.functions.push_back(test::RandomModel(seed * 100 + i).kernelModel().functions[0]);
    for (FunctionModel& function : model.functions) {
        function.name += "-" + std::to_string(&function - model.functions.data());
        function.delivery = pick(3) ? engine::Delivery::Sync : engine::Delivery::Async;
        function.rules.maxEventAge = 6h;
        function.rules.instanceConcurrency = pick(3) ? 1 : pick(5);
        if (pick(4) == 0)
            function.arrivals = ClosedLoop{1 + pick(6), Law::exponential(.5)};
        for (std::uint32_t i = pick(4); i > 0; --i)
            function.visits.push_back({.backend = pick(backends),
                                       .service = pick(2) ? Law::exponential(.01 + .1 * pick(9))
                                                          : Law::constant(.1 * pick(9)),
                                       .count = 1 + pick(3)});
        if (function.delivery == engine::Delivery::Async
            && std::holds_alternative<ClosedLoop>(function.arrivals))
            function.delivery = engine::Delivery::Sync;
    }
    return model;
}

bool visits(const FunctionModel& function, std::uint32_t backend)
{
    return std::ranges::any_of(function.visits,
                               [&](const Visits& each) { return each.backend == backend; });
}

} // namespace

TEST(BackendInvariants, NothingIsLostInAnyModel)
{
    std::uint64_t refused = 0, withdrawn = 0, abandoned = 0, answered = 0;
    for (const std::uint64_t seed : test::seedsToRun(400)) {
        const Model model = anyModelWithBackends(seed);
        const SystemFigures run = simulateSystem(model, model.seed);
        ASSERT_TRUE(run == simulateSystem(model, model.seed)) << "SIM_SEED=" << seed;
        for (std::size_t i = 0; i < model.backends.size(); ++i) {
            const BackendFigures& f = run.backends[i];
            const BackendRules& rules = model.backends[i];
            EXPECT_EQ(f.visits, f.answered + f.abandoned + f.refused + f.withdrawn + f.open)
                << "SIM_SEED=" << seed;
            EXPECT_EQ(f.response.count(), f.answered) << "SIM_SEED=" << seed;
            const auto length = static_cast<cost::Wide>(model.window.to - model.window.from);
            EXPECT_LE(f.busyNs, length * rules.servers) << "SIM_SEED=" << seed;
            EXPECT_LE(f.busyNs, f.connectionNs) << "SIM_SEED=" << seed;
            if (rules.maxConnections > 0) {
                EXPECT_LE(f.peakConnections, rules.maxConnections) << "SIM_SEED=" << seed;
            }
            if (rules.maxConnections == 0 || rules.overLimit == OverLimit::Wait) {
                EXPECT_EQ(f.refused, 0U) << "SIM_SEED=" << seed;
            }
            refused += f.refused, withdrawn += f.withdrawn;
            abandoned += f.abandoned, answered += f.answered;
        }
        for (const Figures& f : run.functions)
            EXPECT_EQ(f.arrived, f.cold + f.warm + f.rejected + f.expired + f.waiting)
                << "SIM_SEED=" << seed;
    }
    if (std::getenv("SIM_SEED"))
        return;
    EXPECT_GT(refused, 10'000U);
    EXPECT_GT(withdrawn, 1'000U);
    EXPECT_GT(abandoned, 1'000U);
    EXPECT_GT(answered, 50'000U);
}

/// Functions that share no backend have the same figures alone and with others, to the last bit.
TEST(BackendInvariants, ThoseThatShareNoneDoNotMatterToEachOther)
{
    std::uint64_t compared = 0, disturbed = 0;
    for (const std::uint64_t seed : test::seedsToRun(200)) {
        const Model model = anyModelWithBackends(seed);
        const SystemFigures together = simulateSystem(model, model.seed);
        for (std::size_t f = 0; f < model.functions.size(); ++f) {
            const FunctionModel& function = model.functions[f];
            bool shares = false;
            for (const Visits& each : function.visits)
                shares = shares
                    || std::ranges::count_if(
                           model.functions,
                           [&](const auto& other) { return visits(other, each.backend); })
                        > 1;
            Model alone = model;
            alone.functions = {function};
            const SystemFigures own = simulateSystem(alone, model.seed);
            if (!shares) {
                ASSERT_TRUE(own.functions[0] == together.functions[f]) << "SIM_SEED=" << seed;
                for (const Visits& each : function.visits)
                    ASSERT_TRUE(own.backends[each.backend] == together.backends[each.backend])
                        << "SIM_SEED=" << seed;
                compared += !function.visits.empty();
            } else {
                disturbed += own.functions[0] != together.functions[f];
            }
        }
    }
    if (std::getenv("SIM_SEED"))
        return;
    EXPECT_GT(compared, 50U);
    EXPECT_GT(disturbed, 50U);
}

} // namespace coldframe::sim
