#include "traces/synthetic_day.h"

#include <algorithm>
#include <array>
#include <cassert>

#include <fmt/format.h>

#include "sim/batch.h"
#include "sim/elementary.h"
#include "sim/stream.h"
#include "traces/popularity.h"

namespace coldframe::traces {

namespace {

constexpr std::size_t kFunctionsOfLaw = 10'000; // fewer: every n-th of so many

// Published: durations of functions, lognormal, in seconds; memory of apps, Burr, in MB.
constexpr double kServiceMu = -0.38, kServiceSigma = 2.36;
constexpr double kBurrC = 11.652, kBurrK = 0.221, kBurrLambda = 107.083;

/// Assumed: how busy each hour of the day is, 1 on average. The published week shows a constant
/// base and a hump in the day that adds about half of it.
constexpr std::array<double, 24> kHours{0.84, 0.81, 0.80, 0.80, 0.81, 0.84, 0.90, 0.97,
                                        1.05, 1.12, 1.17, 1.20, 1.20, 1.20, 1.19, 1.17,
                                        1.14, 1.10, 1.05, 1.00, 0.96, 0.92, 0.89, 0.87};
constexpr std::size_t kMinutesOfHour = 60;

constexpr double kNormalFrom = 64; // from this mean on, a count is drawn from the normal law

/// What is drawn of a function, one stream with a place for each.
enum Place : std::uint64_t { kService, kMemory, kCounts };

double burrQuantile(double u)
{
    const double tail = sim::expOf(-sim::logOf(1 - u) / kBurrK) - 1; // (1-u)^(-1/k) - 1
    return kBurrLambda * sim::expOf(sim::logOf(std::max(tail, 1e-300)) / kBurrC);
}

/// The count below which a Poisson law with this mean lies with probability u: its terms are
/// summed up. `none` is the probability of 0.
std::uint32_t poissonQuantile(double u, double mean, double none)
{
    double term = none, sum = none;
    std::uint32_t count = 0;
    while (u > sum && (count < mean || term > 1e-18)) {
        ++count;
        term *= mean / count;
        sum += term;
    }
    return count;
}

std::uint32_t normalCount(double u, double mean)
{
    const double count = mean + sim::squareRoot(mean) * sim::normalQuantile(u) + 0.5;
    return static_cast<std::uint32_t>(std::clamp(count, 0.0, 4e9));
}

} // namespace

SyntheticDay::SyntheticDay(std::size_t functions, std::uint64_t seed) : m_seed(seed)
{
    assert(functions >= kLeastFunctions && functions <= kMostFunctions);
    const std::size_t ranks = std::max(functions, kFunctionsOfLaw);
    const Popularity popularity(ranks);
    const double step = static_cast<double>(ranks) / static_cast<double>(functions);
    for (std::size_t i = 0; i < functions; ++i) {
        const sim::Stream stream(seed, sim::Draw::Population, entity(i));
        const double service = sim::expOf(
            kServiceMu + kServiceSigma * sim::normalQuantile(sim::unitOf(stream.bits(kService))));
        m_functions.push_back({popularity.invocations(1 + static_cast<double>(i) * step),
                               std::max(kLeastServiceUs, static_cast<std::int64_t>(service * 1e6)),
                               burrQuantile(sim::unitOf(stream.bits(kMemory)))});
    }
}

std::string SyntheticDay::name(std::size_t function) const
{
    return fmt::format("f{:06}", function + 1);
}

Cells SyntheticDay::cells(std::size_t function, std::size_t fromMinute, std::size_t toMinute,
                          CellBuffer& buffer) const
{
    const sim::Stream stream(m_seed, sim::Draw::Population, entity(function));
    const double perMinute = m_functions[function].invocations / static_cast<double>(kMinutes);
    std::array<double, kMinutesOfHour> u;
    buffer.minutes.clear();
    buffer.counts.clear();
    for (std::size_t minute = fromMinute; minute < toMinute;) {
        const std::size_t hour = minute / kMinutesOfHour;
        const std::size_t stop = std::min(toMinute, (hour + 1) * kMinutesOfHour);
        const double mean = perMinute * kHours[hour];
        const double none = mean < kNormalFrom ? sim::expOf(-mean) : 0;
        sim::batch().units(stream.key(), kCounts + minute, u.data(), stop - minute);
        for (std::size_t i = 0; minute < stop; ++minute, ++i) {
            if (u[i] <= none)
                continue;
            const std::uint32_t count
                = mean < kNormalFrom ? poissonQuantile(u[i], mean, none) : normalCount(u[i], mean);
            if (count == 0)
                continue;
            buffer.minutes.push_back(static_cast<std::uint16_t>(minute));
            buffer.counts.push_back(count);
        }
    }
    return {buffer.minutes, buffer.counts};
}

} // namespace coldframe::traces
