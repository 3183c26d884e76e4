#pragma once

#include <deque>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "sim/engine_run.h"

namespace coldframe::sim::test {

/// What an order says, all of it.
inline std::string textOf(const engine::Shard::Order& order)
{
    std::string text = fmt::format("lane {}, attempt {}: {}", order.lane, order.attempts,
                                   fmt::join(order.records, " "));
    if (order.giveUp)
        text += *order.giveUp == engine::Shard::Reason::RecordAgeExceeded ? " too old"
                                                                          : " exhausted";
    if (order.window)
        text += fmt::format(" [{} {}]", order.window->start.time_since_epoch().count(),
                            order.window->final);
    return text;
}

/// What came into the shards of a simulation and how their batches ended, told again to a
/// engine::Shard that is driven as session/shard_runner.h does it: read what there is room for, say
/// that it was looked, hand over until there is nothing; again when something ends, when it is
/// given up, and at its deadline. It must hand over the same at the same times.
class ShardScript {
public:
    explicit ShardScript(const Model& model)
    {
        for (const StreamModel& stream : model.streams)
            for (std::uint32_t i = 0; i < stream.shards; ++i)
                m_shards.push_back(
                    {.stream = static_cast<std::uint32_t>(&stream - model.streams.data()),
                     .shard = i,
                     .rules = stream.rules,
                     .lines = {}});
    }

    void note(TimePoint at, const ShardStep& step)
    {
        const auto of = std::ranges::find_if(m_shards, [&](const Script& script) {
            return script.stream == step.stream && script.shard == step.shard;
        });
        of->lines.push_back({.at = at,
                             .what = step.what,
                             .key = step.key,
                             .order = step.order ? textOf(*step.order) : std::string(),
                             .lane = step.order ? step.order->lane : 0,
                             .answer = step.answer});
    }

    /// Plays all of it; gives the number of orders that were the same.
    std::size_t compare(std::int64_t untilNs) const
    {
        std::size_t same = 0;
        for (const Script& script : m_shards)
            same += Player(script).play(TimePoint(Duration(untilNs)));
        return same;
    }

private:
    struct Line {
        TimePoint at{};
        ShardStep::What what = ShardStep::What::Came;
        std::uint64_t key = 0;
        std::string order;
        std::uint32_t lane = 0;
        engine::Shard::Answer answer;
    };
    struct Script {
        std::uint32_t stream = 0, shard = 0;
        ShardRules rules;
        std::vector<Line> lines;
    };

    class Player {
    public:
        explicit Player(const Script& script) : m_script(script), m_shard(script.rules, {}) { }

        std::size_t play(TimePoint until)
        {
            for (const Line& line : m_script.lines) {
                passTo(line.at);
                tell(line);
                if (testing::Test::HasFailure())
                    return m_same;
            }
            passTo(until);
            return m_same;
        }

    private:
        /// Nothing is handed over meanwhile, at no deadline either.
        void passTo(TimePoint at)
        {
            if (at == m_now)
                return;
            expectNothing();
            for (auto due = m_shard.nextDeadline(); due && *due < at;
                 due = m_shard.nextDeadline()) {
                if (*due <= m_now) {
                    ADD_FAILURE() << "a deadline of the past";
                    break;
                }
                m_now = *due;
                expectNothing();
            }
            m_now = at;
        }
        void expectNothing()
        {
            read();
            const auto order = m_shard.next(m_now);
            EXPECT_FALSE(order) << "the simulation does not hand over " << textOf(*order) << " at "
                                << toSeconds(m_now.time_since_epoch());
        }
        void tell(const Line& line)
        {
            switch (line.what) {
            case ShardStep::What::Came:
                m_source.push_back({.arrival = m_now, .key = line.key});
                return;
            case ShardStep::What::Ended:
                m_shard.ended(m_now, line.lane, line.answer);
                return;
            case ShardStep::What::HandedOver:
            case ShardStep::What::GivenUp:
                read();
                const auto order = m_shard.next(m_now);
                ASSERT_TRUE(order) << "only the simulation hands over " << line.order << " at "
                                   << toSeconds(m_now.time_since_epoch());
                EXPECT_EQ(textOf(*order), line.order);
                ++m_same;
                if (order->giveUp)
                    m_shard.givenUp(order->lane);
                return;
            }
        }
        void read()
        {
            while (!m_source.empty() && m_shard.room().records > 0) {
                m_shard.add(m_now, m_source.front());
                m_source.pop_front();
            }
            m_shard.looked(m_now, !m_source.empty());
        }

        const Script& m_script;
        engine::Shard m_shard;
        std::deque<engine::Shard::Record> m_source;
        TimePoint m_now{};
        std::size_t m_same = 0;
    };

    std::vector<Script> m_shards;
};

} // namespace coldframe::sim::test
