#include "sources/arrivals.h"

#include <cmath>

#include <fmt/format.h>

#include "sources/event_text.h"

namespace coldframe::sources {

namespace {

constexpr double kLeastRate = 0.000'001;
constexpr double kMostRate = 1'000'000;
constexpr std::uint64_t kMostAtOnce = 1'000'000;
/// Offsets stop here (ten years): no plan is that long, and no sum can overflow.
constexpr Duration kMostOffset = std::chrono::hours(24 * 3653);

__extension__ using Wide = __int128;

Error outOfRange(std::string message)
{
    return Error{.code = Error::Code::OutOfRange, .message = std::move(message)};
}

std::optional<Error> checkRate(const char* name, double rate, double least)
{
    if (rate >= least && rate <= kMostRate) // false for NaN
        return std::nullopt;
    return outOfRange(fmt::format("{} must be between {} and 1000000, got {}", name,
                                  least > 0 ? "0.000001" : "0", rate));
}

std::optional<Error> check(const ArrivalPlan& plan)
{
    using Shape = ArrivalPlan::Shape;
    if (plan.length < Duration::zero())
        return outOfRange("the length must not be negative");
    if (plan.length == Duration::zero() && (plan.count == 0 || plan.shape == Shape::Ramp))
        return Error{.code = Error::Code::Missing,
                     .message = plan.shape == Shape::Ramp ? "a ramp needs a length"
                                                          : "nothing ends the plan",
                     .hint = plan.shape == Shape::Ramp ? "say how long it rises or falls"
                                                       : "give a length or a number of events"};
    if (plan.shape == Shape::Burst) {
        if (plan.burstSize < 1 || plan.burstSize > kMostAtOnce)
            return outOfRange(fmt::format("the size of a burst must be between 1 and {}, got {}",
                                          kMostAtOnce, plan.burstSize));
        if (plan.burstEvery < std::chrono::microseconds(1))
            return outOfRange("bursts must lie at least 1 µs apart");
        return std::nullopt;
    }
    const bool ramp = plan.shape == Shape::Ramp;
    if (auto error = checkRate("the rate per second", plan.perSecond, ramp ? 0 : kLeastRate))
        return error;
    if (ramp && plan.perSecond == 0 && plan.toPerSecond == 0)
        return outOfRange("a ramp from 0 to 0 sends nothing");
    return ramp ? checkRate("the rate at the end of the ramp", plan.toPerSecond, 0) : std::nullopt;
}

/// n / rate, in whole nanoseconds, rounded down; the rate counts in millionths.
std::optional<Duration> evenly(std::uint64_t n, double rate)
{
    const auto millionths = static_cast<std::int64_t>(std::llround(rate * 1e6));
    const Wide offset = Wide(n) * 1'000'000'000'000'000 / millionths;
    if (offset > kMostOffset.count())
        return std::nullopt;
    return Duration(static_cast<std::int64_t>(offset));
}

std::optional<Duration> fromSeconds(double seconds)
{
    if (!(seconds < toSeconds(kMostOffset)))
        return std::nullopt;
    return Duration(static_cast<std::int64_t>(seconds * 1e9));
}

/// Above 0, at most 1: the n-th draw of a stream, without a state that could be shared.
double draw(std::uint64_t seed, std::uint64_t n)
{
    const std::uint64_t bits = scatter("arrivals", scatter("seed", seed) + n) >> 11;
    return (static_cast<double>(bits) + 1) * 0x1p-53;
}

} // namespace

Result<Arrivals> Arrivals::make(const ArrivalPlan& plan, std::uint64_t seed)
{
    if (auto error = check(plan))
        return tl::unexpected(*error);
    return Arrivals(plan, seed);
}

std::optional<Duration> Arrivals::next()
{
    if (m_plan.count > 0 && m_given >= m_plan.count)
        return std::nullopt;
    const auto due = offset();
    if (!due || (m_plan.length > Duration::zero() && *due >= m_plan.length))
        return std::nullopt;
    ++m_given;
    return due;
}

std::optional<Duration> Arrivals::offset()
{
    switch (m_plan.shape) {
    case ArrivalPlan::Shape::Constant:
        return evenly(m_given, m_plan.perSecond);
    case ArrivalPlan::Shape::Poisson:
        m_poissonSeconds += -std::log(draw(m_seed, m_given)) / m_plan.perSecond;
        return fromSeconds(m_poissonSeconds);
    case ArrivalPlan::Shape::Ramp:
        return rampOffset();
    case ArrivalPlan::Shape::Burst:
        break;
    }
    const std::uint64_t burst = m_given / m_plan.burstSize;
    if (Wide(burst) * m_plan.burstEvery.count() > kMostOffset.count())
        return std::nullopt;
    return m_plan.burstEvery * static_cast<std::int64_t>(burst);
}

/// n events have come when a·t + (b − a)·t² / 2T = n, solved for t in the form that stays exact
/// when a and b are close. A falling ramp can end before n is reached: then nothing is left.
std::optional<Duration> Arrivals::rampOffset() const
{
    if (m_given == 0)
        return Duration::zero();
    const double a = m_plan.perSecond;
    const double slope = (m_plan.toPerSecond - a) / toSeconds(m_plan.length);
    const double n = static_cast<double>(m_given);
    const double square = a * a + 2 * slope * n;
    if (square < 0)
        return std::nullopt;
    return fromSeconds(2 * n / (a + std::sqrt(square)));
}

} // namespace coldframe::sources
