#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "random_model.h"
#include "sim/engine_run.h"

// What holds for every run with queues: no message is lost or ends twice, and the figures are those
// that somebody finds who looks at each step.
namespace coldframe::sim {

namespace {

using namespace std::chrono_literals;

/// Coarse times, so that many things happen at the same instant.
class RandomQueues {
public:
    explicit RandomQueues(std::uint64_t seed) : m_random(seed) { }

    /// Two functions on one queue, a third on the dead letters of all; tight limits.
    Model model()
    {
        Model model;
        model.seed = m_random();
        model.window = {.from = 0, .to = 400'050'000'000, .step = pick(2) ? 7'000'000'000 : 0};
        model.platform.accountConcurrency = pick(3) ? 1000 : 1 + pick(6);
        model.platform.billingStep = 1ms;
        model.platform.initLimit = 10s;
        const bool fifo = pick(3) == 0;
        model.queues = {{.name = "a", .rules = queue(fifo), .groups = 1 + pick(4)},
                        {.name = "b", .rules = queue(fifo), .groups = 1 + pick(4)},
                        {.name = "dead", .rules = queue(fifo), .groups = 1 + pick(4)}};
        for (const std::size_t each : {std::size_t{0}, std::size_t{1}})
            if (pick(3) != 0)
                model.queues[each].rules.maxReceives = 1 + pick(3),
                model.queues[each].rules.deadLetters = 2;
        for (std::uint32_t i = 0; i < 4; ++i) {
            constexpr std::uint32_t kRead[] = {0, 0, 1, 2};
            model.functions.push_back(function("f" + std::to_string(i), kRead[i], fifo));
        }
        model.functions[3].arrivals
            = GivenArrivals{std::make_shared<const std::vector<std::int64_t>>()};
        return model;
    }

private:
    std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(m_random() % n); }

    engine::QueueRules queue(bool fifo)
    {
        return {.fifo = fifo,
                .visibility = std::chrono::seconds(1 + pick(20)),
                .delay = pick(3) ? 0s : std::chrono::seconds(pick(5)),
                .retention = pick(3) ? Duration(1h) : Duration(60s)};
    }
    FunctionModel function(std::string name, std::uint32_t queue, bool fifo)
    {
        FunctionModel made;
        made.name = std::move(name);
        made.delivery = engine::Delivery::Batch;
        made.rules.timeout = pick(3) ? 0s : Duration(std::chrono::milliseconds(100 * pick(30)));
        if (pick(3) == 0)
            made.rules.reserved = 1;
        made.service
            = pick(2) ? Law::constant(.1 * pick(30)) : Law::exponential(.1 + .1 * pick(30));
        made.failureShare = pick(2) ? 0 : .3;
        if (pick(2) != 0)
            made.coldStart = ColdStart{.law = Law::constant(.1 * pick(30))};
        const double rate = .1 * (1 + pick(40));
        made.arrivals = pick(2) ? ArrivalModel(RandomArrivals{{{{0, rate}}, false}})
                                : ArrivalModel(EvenArrivals{10 / (1.0 + pick(20))});
        engine::MappingRules rules{.reportItemFailures = pick(2) != 0, .batchSize = 1 + pick(10)};
        if (!fifo && pick(2) != 0)
            rules.window = std::chrono::milliseconds(100 * pick(40));
        if (pick(2) != 0)
            rules.maxConcurrency = 2 + pick(4);
        made.reads = QueueReader{.queue = queue,
                                 .rules = rules,
                                 .perMessage = {},
                                 .messageFailureShare = pick(2) ? 0 : .2};
        if (pick(2) != 0)
            made.reads->perMessage = Law::constant(.1 * pick(10));
        return made;
    }
    std::mt19937_64 m_random;
};

/// Follows each message by the actions alone.
class Witness {
public:
    explicit Witness(const Model& model) : m_model(model), m_depths(model.queues.size()) { }

    void look(TimePoint time, std::span<const engine::Action> actions)
    {
        const std::int64_t at = time.time_since_epoch().count();
        for (const engine::Action& action : actions) {
            if (const auto* in = std::get_if<engine::Enqueue>(&action)) {
                EXPECT_TRUE(m_all.try_emplace(in->message, There{in->queue, at, at}).second);
            } else if (const auto* out = std::get_if<engine::Drop>(&action)) {
                leave(at, out->message, out->queue);
                m_all.erase(out->message);
                ++m_ended;
            } else if (const auto* moved = std::get_if<engine::Move>(&action)) {
                leave(at, moved->message, moved->from);
                There& there = m_all.at(moved->message);
                const std::int64_t sentAt
                    = m_model.queues[moved->to].rules.fifo ? at : there.sentAt;
                there = {moved->to, at, sentAt};
            }
        }
    }
    void end()
    {
        for (const auto& [message, there] : m_all)
            count(m_model.window.to, there);
    }
    struct Depth {
        cost::Wide ns = 0;
        std::int64_t oldest = 0;
    };
    const Depth& of(std::size_t queue) const { return m_depths[queue]; }
    std::uint64_t there() const { return m_all.size(); }
    std::uint64_t ended() const { return m_ended; }

private:
    struct There {
        QueueId queue = 0;
        std::int64_t cameAt = 0, sentAt = 0;
    };
    void leave(std::int64_t at, MessageId message, QueueId queue)
    {
        ASSERT_TRUE(m_all.contains(message)) << "a message that is gone ended again";
        EXPECT_EQ(m_all[message].queue, queue);
        count(at, m_all[message]);
    }
    void count(std::int64_t at, const There& there)
    {
        Depth& depth = m_depths[there.queue];
        depth.ns += static_cast<std::uint64_t>(at - there.cameAt);
        depth.oldest = std::max(depth.oldest, at - there.sentAt);
    }
    const Model& m_model;
    std::map<MessageId, There> m_all;
    std::vector<Depth> m_depths;
    std::uint64_t m_ended = 0;
};

} // namespace

TEST(QueueInvariants, EveryMessageEndsOnce)
{
    std::uint64_t dead = 0, expired = 0, unserved = 0, timeouts = 0, returned = 0;
    for (const std::uint64_t seed : test::seedsToRun(300)) {
        SCOPED_TRACE("SIM_SEED=" + std::to_string(seed));
        const Model model = RandomQueues(seed).model();
        Witness witness(model);
        const EngineRunOptions watched{
            .onStep = [&](TimePoint at, const engine::Input&,
                          std::span<const engine::Action> actions) { witness.look(at, actions); }};
        const SystemFigures run = simulateSystem(model, model.seed, watched);
        witness.end();
        std::uint64_t sent = 0, left = 0, moved = 0, away = 0, ended = 0, batches = 0;
        for (std::size_t q = 0; q < run.queues.size(); ++q) {
            const QueueFigures& queue = run.queues[q];
            EXPECT_EQ(queue.sent + queue.movedIn,
                      queue.deleted + queue.deadLettered + queue.expired + queue.left);
            EXPECT_EQ(queue.batched, queue.received); // no warm-up here, and an end off the grid
            EXPECT_EQ(queue.wait.count(), queue.begun);
            EXPECT_EQ(queue.done.count(), queue.deleted);
            sent += queue.sent, left += queue.left, moved += queue.movedIn;
            away += queue.deadLettered, ended += queue.deleted + queue.expired;
            dead += queue.deadLettered, expired += queue.expired, returned += queue.returned;
            batches += queue.batches;
        }
        EXPECT_EQ(moved, away);
        EXPECT_EQ(sent, ended + left);
        std::uint64_t arrived = 0;
        for (const Figures& function : run.functions) {
            EXPECT_EQ(function.arrived,
                      function.cold + function.warm + function.expired + function.waiting);
            arrived += function.arrived;
            unserved += function.expired, timeouts += function.timeouts;
        }
        EXPECT_EQ(batches, arrived);
        EXPECT_EQ(witness.there(), left);
        EXPECT_EQ(witness.ended(), ended);
        for (std::size_t q = 0; q < run.queues.size(); ++q) {
            EXPECT_TRUE(run.queues[q].depthNs == witness.of(q).ns);
            const auto& steps = run.queues[q].stepDepthNs;
            ASSERT_EQ(steps.size(), model.window.steps());
            const auto sum = std::accumulate(steps.begin(), steps.end(), std::int64_t{0});
            EXPECT_TRUE(steps.empty() || run.queues[q].depthNs == static_cast<cost::Wide>(sum));
            for (const std::int64_t step : steps)
                EXPECT_LE(step, run.queues[q].peakDepth * model.window.step);
            EXPECT_EQ(run.queues[q].peakAgeNs, witness.of(q).oldest);
        }
        // Nobody looking, and a second time: the same to the last bit.
        EXPECT_TRUE(run == simulateSystem(model, model.seed));
        if (testing::Test::HasFailure())
            return;
    }
    // The models are not too tame to tell.
    for (const std::uint64_t count : {dead, expired, unserved, timeouts, returned})
        EXPECT_GT(count, 100U);
}

} // namespace coldframe::sim
