#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/time.h"
#include "sim/stream.h"

namespace coldframe::sim {

/// A distribution of durations. All figures are seconds unless a comment says otherwise.
struct Law {
    enum class Kind : std::uint8_t {
        Constant, ///< a
        Exponential, ///< a: mean
        Uniform, ///< a: least, b: most
        Normal, ///< a: mean, b: standard deviation; numbers below 0 are cut to 0
        Lognormal, ///< a: mu, b: sigma, of the logarithm of seconds
        Weibull, ///< a: scale, b: shape
        Pareto, ///< a: least, b: shape
        Quantiles, ///< a straight line between the points
        Samples, ///< one of them, each as likely
    };
    struct Quantile {
        double share = 0; ///< 0 … 1, ascending, from 0 to 1
        double seconds = 0; ///< never falling
    };
    Kind kind = Kind::Constant;
    double a = 0, b = 0;
    double factor = 1; ///< of every number drawn: the CPU's part at another memory size
    std::vector<Quantile> quantiles;
    std::vector<std::int64_t> samples; ///< ns

    static Law constant(double seconds) { return {Kind::Constant, seconds, 0, 1, {}, {}}; }
    static Law exponential(double mean) { return {Kind::Exponential, mean, 0, 1, {}, {}}; }
    /// Of this mean and standard deviation of the durations themselves.
    static Law lognormalOf(double mean, double deviation);

    /// Exact for the law; of normal, before the cut. Infinite for Pareto with a shape up to 1.
    double mean() const;
};

/// "lognormal, mean 120 ms".
std::string describe(const Law& law);

/// Durations of a law, by number: the n-th is always the same, however many are asked for at once.
class Draws {
public:
    Draws() = default;
    /// The law must outlive this.
    Draws(const Law& law, Stream stream) : m_law(&law), m_stream(stream) { }

    /// Numbers first, first + 1, … in ns, from 0 to kLongestNs.
    void fill(std::uint64_t first, std::span<std::int64_t> out) const;
    std::int64_t at(std::uint64_t n) const
    {
        std::int64_t one;
        fill(n, {&one, 1});
        return one;
    }

private:
    void fillRun(std::uint64_t first, std::span<std::int64_t> out) const;
    const Law* m_law = nullptr;
    Stream m_stream;
};

/// The same, one after the other, drawn in blocks.
class Sequence {
public:
    static constexpr std::size_t kBlock = 256;
    Sequence() = default;
    explicit Sequence(Draws draws, std::uint64_t first = 0) : m_draws(draws), m_next(first) { }

    std::int64_t next()
    {
        if (m_at == m_block.size())
            refill();
        return m_block[m_at++];
    }

private:
    void refill()
    {
        m_block.resize(kBlock);
        m_draws.fill(m_next, m_block);
        m_next += kBlock;
        m_at = 0;
    }
    Draws m_draws;
    std::uint64_t m_next = 0;
    std::size_t m_at = 0;
    std::vector<std::int64_t> m_block;
};

} // namespace coldframe::sim
