#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// The loops in which a simulation spends its draws, compiled once for every kind of processor: the
// same source, so the same bits, several at a time where the processor can.
namespace coldframe::sim {

/// Longest time a law gives: 36 years. Longer than any run, so that what takes as long is under way
/// at the end; and twice the sum of a time, an init and a service fits 64 bits.
inline constexpr double kLongestNs = 0x1p60;

struct Batch {
    const char* name; ///< "baseline", "avx2", "avx512"
    /// u[i] = unitOf(bits of the draw number first + i of the stream with this key)
    void (*units)(std::uint64_t key, std::uint64_t first, double* u, std::size_t n);
    // In place, from units to numbers of a law:
    void (*exponential)(double mean, double* u, std::size_t n);
    /// Mean and standard deviation; may be negative.
    void (*normal)(double mean, double deviation, double* u, std::size_t n);
    void (*lognormal)(double mu, double sigma, double* u, std::size_t n);
    void (*weibull)(double scale, double inverseShape, double* u, std::size_t n);
    void (*pareto)(double scale, double inverseShape, double* u, std::size_t n);
    void (*uniform)(double least, double width, double* u, std::size_t n);
    /// To the nearest whole number, from 0 to kLongestNs.
    void (*rounded)(const double* x, std::int64_t* out, std::size_t n);
};

/// The fastest that this processor can run.
const Batch& batch();
/// All that this processor can run, slowest first.
std::span<const Batch* const> batches();

} // namespace coldframe::sim
