#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <queue>
#include <random>
#include <vector>

#include "harness.h"

// Calls that arrive at random at one function, with exponential service and inits that take no
// time: what queueing theory has closed forms for.
namespace coldframe::engine::test {

class PoissonWorld {
public:
    PoissonWorld(Configuration c, double ratePerS, double meanS, std::uint64_t seed)
        : m_random(seed), m_rate(ratePerS), m_mean(meanS)
    {
        m_harness.configure(at(0), std::move(c));
    }

    std::function<void(const Meter&)> onMeter = [](const Meter&) {};
    std::function<void(const Reject&)> onReject = [](const Reject&) {};

    void run(int arrivals)
    {
        for (int i = 0; i < arrivals; ++i) {
            m_arrival += exponential(1 / m_rate);
            while (!m_running.empty() && m_running.top().at <= m_arrival) {
                const Finish done = m_running.top();
                m_running.pop();
                feed(done.at, finished(done));
            }
            feed(m_arrival, Arrived{});
        }
    }
    Engine& engine() { return m_harness.engine; }

private:
    struct Finish {
        TimePoint at;
        InstanceId instance;
        InvocationId invocation;
        Duration wall;
        bool operator<(const Finish& b) const { return at > b.at; }
    };

    Duration exponential(double mean)
    {
        const double unit = static_cast<double>(m_random() >> 11) * 0x1.0p-53;
        return Duration(static_cast<Duration::rep>(-std::log(1 - unit) * mean * 1e9) + 1);
    }
    static WorkFinished finished(const Finish& done)
    {
        return {.instance = done.instance, .wall = done.wall, .invocation = done.invocation};
    }
    void feed(TimePoint now, const Input& input)
    {
        Actions actions;
        m_harness.engine.step(now, input, actions);
        for (const Action& action : actions) {
            if (const auto* start = std::get_if<Start>(&action)) {
                feed(now, InitStarted{start->instance});
                feed(now, Ready{start->instance});
            } else if (const auto* dispatch = std::get_if<Dispatch>(&action)) {
                begin(now, *dispatch);
            } else if (const auto* meter = std::get_if<Meter>(&action)) {
                onMeter(*meter);
            } else if (const auto* reject = std::get_if<Reject>(&action)) {
                onReject(*reject);
            }
        }
    }
    void begin(TimePoint now, const Dispatch& dispatch)
    {
        feed(now, WorkStarted{dispatch.instance, dispatch.invocation});
        const Duration wall = exponential(m_mean);
        m_running.push({now + wall, dispatch.instance, dispatch.invocation, wall});
    }

    Harness m_harness;
    std::mt19937_64 m_random;
    double m_rate, m_mean;
    TimePoint m_arrival{};
    std::priority_queue<Finish> m_running;
};

/// Means over batches of a run: neighbours in a queue depend on each other, batches hardly.
class BatchMeans {
public:
    explicit BatchMeans(int perBatch) : m_perBatch(perBatch) { }
    void add(double value)
    {
        m_sum += value;
        if (++m_count == m_perBatch) {
            m_means.push_back(m_sum / m_perBatch);
            m_sum = m_count = 0;
        }
    }
    double mean() const
    {
        double sum = 0;
        for (const double one : m_means)
            sum += one;
        return sum / static_cast<double>(m_means.size());
    }
    /// Half width of the 99.9 % confidence interval; 3.496 is Student's t for 49 degrees.
    double halfWidth() const
    {
        double squares = 0;
        for (const double one : m_means)
            squares += (one - mean()) * (one - mean());
        const auto n = static_cast<double>(m_means.size());
        return 3.496 * std::sqrt(squares / (n - 1) / n);
    }
    std::size_t batches() const { return m_means.size(); }

private:
    int m_perBatch;
    int m_count = 0;
    double m_sum = 0;
    std::vector<double> m_means;
};

/// The expected value lies in the interval, and the interval is narrow enough to mean something.
inline void expectWithin(const BatchMeans& measured, double expected, double narrow)
{
    ASSERT_EQ(measured.batches(), 50U);
    EXPECT_NEAR(measured.mean(), expected, measured.halfWidth());
    EXPECT_LT(measured.halfWidth(), narrow * expected);
}

} // namespace coldframe::engine::test
