#pragma once

#include <map>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "engine/shard.h"

namespace coldframe::engine::test {

/// A source that writes at random, a function that fails at random, and what must hold of what a
/// Shard makes of them, counted record by record and without its notion of batches.
class ShardWorld {
public:
    explicit ShardWorld(std::uint64_t seed)
        : m_random(seed), m_rules(draw()), m_shard(m_rules, m_limits)
    {
        m_lanes.resize(lanes());
    }

    /// Writes, answers and lets time pass until all that was written is done.
    void run()
    {
        const std::size_t records = 50 + below(400);
        for (int step = 0; step < 200'000 && !testing::Test::HasFailure(); ++step) {
            if (m_records.size() < records)
                write(std::min<std::size_t>(below(20), records - m_records.size()));
            m_shard.looked(m_now, m_records.size() < records && below(2) == 0);
            hear();
            take();
            if (m_records.size() == records && m_shard.begin() == m_shard.end()
                && !m_shard.window().open)
                break;
            pass();
        }
        if (testing::Test::HasFailure())
            return;
        EXPECT_EQ(m_shard.begin(), m_records.size()) << "all is done in the end";
        for (const Record& record : m_records)
            EXPECT_EQ(record.ends, 1);
        EXPECT_EQ(m_shard.room().bytes, (lanes() + 1) * m_limits.maxBatchBytes);
        EXPECT_EQ(m_inState, 0) << "every window was closed";
    }
    const ShardRules& rules() const { return m_rules; }
    int succeeded = 0, exhausted = 0, expired = 0, finals = 0,
        early = 0; ///< for the test's own sake

private:
    struct Record {
        TimePoint arrival{};
        std::size_t lane = 0;
        std::uint32_t bytes = 0;
        bool poison = false; ///< what holds it fails
        bool finished = false;
        int ends = 0; ///< succeeded, given up or left out: once
        int runs = 0, alone = 0; ///< attempts that ran; those in a row as the only record
    };
    struct Lane {
        std::optional<Shard::Order> away;
        TimePoint failedAt = TimePoint::min();
    };

    std::size_t below(std::size_t n) { return static_cast<std::size_t>(m_random() % n); }
    std::size_t lanes() const { return static_cast<std::size_t>(m_rules.parallelizationFactor); }
    ShardRules draw()
    {
        ShardRules rules;
        rules.batchSize = static_cast<int>(1 + below(12));
        rules.batchWindowS = below(2) == 0 ? 0 : static_cast<int>(below(5));
        rules.maximumRetryAttempts = below(5) == 0 ? -1 : static_cast<int>(below(4));
        rules.maximumRecordAgeS = below(3) == 0 ? 60 : -1;
        rules.bisectBatchOnFunctionError = below(2) == 0;
        rules.reportBatchItemFailures = below(2) == 0;
        rules.tumblingWindowS = below(3) == 0 ? static_cast<int>(1 + below(10)) : 0;
        if (rules.tumblingWindowS == 0)
            rules.parallelizationFactor = static_cast<int>(1 + below(4));
        m_limits.maxBatchBytes = 200;
        return rules;
    }

    void write(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t key = below(30);
            Record record{.arrival = m_now - std::chrono::milliseconds(below(5)),
                          .lane = key % lanes(),
                          .bytes = static_cast<std::uint32_t>(1 + below(80)),
                          .poison = m_rules.maximumRetryAttempts >= 0 && below(40) == 0};
            const bool leftOut = below(10) == 0;
            m_records.push_back(record);
            m_shard.add(
                m_now,
                {.bytes = record.bytes, .arrival = record.arrival, .key = key, .done = leftOut});
            if (leftOut)
                finish(m_records.size() - 1);
        }
    }

    /// Functions whose time has come answer.
    void hear()
    {
        for (std::size_t lane = 0; lane < lanes(); ++lane)
            if (m_lanes[lane].away && below(3) == 0)
                answer(static_cast<std::uint32_t>(lane));
        check();
    }

    void answer(std::uint32_t lane)
    {
        const Shard::Order order = *std::exchange(m_lanes[lane].away, std::nullopt);
        const auto& places = order.records;
        if (order.giveUp) {
            for (const Shard::Place place : places)
                finish(place);
            return m_shard.givenUp(lane);
        }
        const auto poison = std::ranges::find_if(
            places, [&](Shard::Place place) { return m_records[place].poison; });
        Shard::Answer answer;
        if (below(8) == 0)
            answer.end = Shard::End::Throttled;
        else if (poison != places.end() || below(6) == 0)
            answer.end = Shard::End::Failed;
        if (answer.end == Shard::End::Failed && !places.empty() && m_rules.reportBatchItemFailures
            && below(3) > 0) {
            answer.end = Shard::End::SomeFailed;
            answer.firstFailed = poison != places.end()
                ? static_cast<std::size_t>(poison - places.begin())
                : below(places.size());
        }
        const bool ran = answer.end != Shard::End::Throttled;
        if (ran && answer.end != Shard::End::Failed && m_rules.tumblingWindowS > 0
            && !places.empty())
            answer.stateTooLarge = below(10) == 0;
        for (std::size_t i = 0; ran && i < places.size(); ++i) {
            Record& record = m_records[places[i]];
            ++record.runs;
            record.alone = places.size() == 1 ? record.alone + 1 : 0;
            if (answer.end == Shard::End::Succeeded
                || (answer.end == Shard::End::SomeFailed && i < answer.firstFailed)) {
                finish(places[i]);
                m_inState += m_rules.tumblingWindowS > 0 ? 1 : 0;
                ++succeeded;
            }
        }
        m_early = m_early || answer.stateTooLarge;
        if (answer.end == Shard::End::Succeeded && places.empty()) {
            m_closed = order.window->early ? m_closed : order.window->end;
            m_inState = 0;
            m_early = false;
        }
        if (answer.end != Shard::End::Succeeded && !answer.stateTooLarge)
            m_lanes[lane].failedAt = m_now;
        m_shard.ended(m_now, lane, answer);
    }

    void finish(Shard::Place place)
    {
        m_records[place].finished = true;
        ++m_records[place].ends;
    }

    void take()
    {
        while (auto order = m_shard.next(m_now)) {
            Lane& lane = m_lanes[order->lane];
            ASSERT_FALSE(lane.away) << "a lane has one batch at a time";
            if (order->giveUp)
                lookAtGivenUp(*order);
            else
                lookAtBatch(*order, lane);
            lookAtOrder(*order);
            if (order->window)
                lookAtWindow(*order);
            lane.away = std::move(*order);
            lane.failedAt = TimePoint::min();
        }
    }

    void lookAtGivenUp(const Shard::Order& order)
    {
        const int most = m_rules.maximumRetryAttempts;
        for (const Shard::Place place : order.records) {
            const Record& record = m_records[place];
            if (*order.giveUp == Shard::Reason::RecordAgeExceeded) {
                EXPECT_GT(m_now - record.arrival, std::chrono::seconds(m_rules.maximumRecordAgeS));
                ++expired;
                continue;
            }
            ++exhausted;
            ASSERT_GE(most, 0);
            EXPECT_EQ(order.attempts, static_cast<std::uint32_t>(most) + 1);
            if (m_rules.bisectBatchOnFunctionError) {
                EXPECT_EQ(order.records.size(), 1U) << "halved until it was alone";
                EXPECT_EQ(record.alone, most + 1);
            } else {
                EXPECT_EQ(record.runs, most + 1);
            }
        }
    }

    void lookAtBatch(const Shard::Order& order, const Lane& lane)
    {
        EXPECT_LE(order.records.size(), static_cast<std::size_t>(m_rules.batchSize));
        std::uint64_t bytes = 0;
        for (const Shard::Place place : order.records) {
            const Record& record = m_records[place];
            bytes += record.bytes;
            if (m_rules.maximumRetryAttempts >= 0) {
                EXPECT_LE(m_rules.bisectBatchOnFunctionError ? record.alone : record.runs,
                          m_rules.maximumRetryAttempts)
                    << "one more try than there may be";
            }
        }
        EXPECT_LE(bytes, m_limits.maxBatchBytes);
        if (!order.records.empty() && m_rules.maximumRecordAgeS >= 0) {
            EXPECT_LE(m_now - m_records[order.records.front()].arrival,
                      std::chrono::seconds(m_rules.maximumRecordAgeS));
        }
        if (lane.failedAt != TimePoint::min()) {
            EXPECT_GE(m_now - lane.failedAt, std::chrono::milliseconds(200));
        }
    }

    /// All before them in their lane are done: so order per key holds whatever happens.
    void lookAtOrder(const Shard::Order& order)
    {
        std::set<Shard::Place> mine(order.records.begin(), order.records.end());
        EXPECT_TRUE(std::ranges::is_sorted(order.records));
        EXPECT_EQ(mine.size(), order.records.size());
        if (mine.empty())
            return;
        for (Shard::Place place = m_shard.begin(); place <= *mine.rbegin(); ++place) {
            if (mine.contains(place)) {
                EXPECT_EQ(m_records[place].lane, order.lane);
                EXPECT_FALSE(m_records[place].finished);
            } else if (m_records[place].lane == order.lane) {
                EXPECT_TRUE(m_records[place].finished) << place << " was overtaken";
            }
        }
    }

    void lookAtWindow(const Shard::Order& order)
    {
        const Shard::Window& window = *order.window;
        EXPECT_EQ(window.end - window.start, std::chrono::seconds(m_rules.tumblingWindowS));
        EXPECT_GE(window.start, m_closed) << "closed windows stay closed";
        EXPECT_EQ(window.final, order.records.empty());
        EXPECT_EQ(m_early && window.final, window.early);
        EXPECT_TRUE(!m_early || window.final || order.giveUp) << "a large state goes no further";
        finals += window.final ? 1 : 0;
        early += window.early ? 1 : 0;
        if (window.final && !window.early) {
            EXPECT_GE(m_now, window.end);
            const auto left = std::ranges::find(m_records, false, &Record::finished);
            EXPECT_TRUE(left == m_records.end() || left->arrival >= window.end);
        }
        if (order.giveUp)
            return;
        m_opened = std::max(m_opened, window.start);
        // By their arrival, but windows only go forward: late ones are of the open window.
        for (const Shard::Place place : order.records) {
            const Duration arrival = m_records[place].arrival.time_since_epoch();
            const TimePoint own(arrival - arrival % (window.end - window.start));
            EXPECT_EQ(window.start, std::max({own, m_closed, m_opened}));
        }
    }

    /// The checkpoint is the first that is not done, and never goes back.
    void check()
    {
        Shard::Place first = m_checkpoint;
        while (first < m_records.size() && m_records[first].finished)
            ++first;
        ASSERT_EQ(m_shard.begin(), first);
        m_checkpoint = first;
        for (Shard::Place place = first; place < m_records.size(); ++place)
            ASSERT_EQ(m_shard.isDone(place), m_records[place].finished);
    }

    void pass()
    {
        const auto next = m_shard.nextDeadline();
        if (below(4) == 0 && next && *next > m_now)
            m_now = *next;
        else
            m_now += std::chrono::milliseconds(below(below(50) == 0 ? 20'000 : 300));
    }

    std::mt19937_64 m_random;
    ShardLimits m_limits;
    ShardRules m_rules;
    Shard m_shard;
    TimePoint m_now{std::chrono::seconds(1'000'000)};
    std::vector<Record> m_records;
    std::vector<Lane> m_lanes;
    Shard::Place m_checkpoint = 0;
    TimePoint m_closed = TimePoint::min(),
              m_opened = TimePoint::min(); ///< a window: its end, its start
    int m_inState = 0; ///< records in the state of the open window
    bool m_early = false;
};

} // namespace coldframe::engine::test
