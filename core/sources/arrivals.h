#pragma once

#include <cstdint>
#include <optional>

#include "model/error.h"
#include "model/time.h"

namespace coldframe::sources {

/// How *Send at rate* spaces its events.
struct ArrivalPlan {
    enum class Shape {
        Constant, ///< `perSecond`, evenly
        Poisson, ///< `perSecond` on average, at random
        Ramp, ///< from `perSecond` to `toPerSecond` over `length`, evenly rising or falling
        Burst, ///< `burstSize` at once, every `burstEvery`
    };
    Shape shape = Shape::Constant;
    double perSecond = 10; ///< 0.000001 … 1,000,000, a ramp may begin at 0; six decimals count
    double toPerSecond = 10; ///< where a ramp ends, 0 … 1,000,000
    std::uint64_t burstSize = 10; ///< 1 … 1,000,000
    Duration burstEvery = std::chrono::seconds(1); ///< from 1 µs
    Duration length{}; ///< no event at or after this; zero: no end in time
    std::uint64_t count = 0; ///< most events; 0: no end in number
};

/// When the events of a plan are due, as offsets from its start, ascending. Reads no clock; the
/// same plan and seed give the same moments.
class Arrivals {
public:
    /// OutOfRange for a rate, size or time out of bounds, Missing when neither `length` nor
    /// `count` ends the plan or a ramp has no length.
    static Result<Arrivals> make(const ArrivalPlan& plan, std::uint64_t seed);

    /// The next offset; none when the plan is over. Constant: the n-th is floor(n / rate), exact.
    std::optional<Duration> next();

private:
    Arrivals(const ArrivalPlan& plan, std::uint64_t seed) : m_plan(plan), m_seed(seed) { }
    std::optional<Duration> offset();
    std::optional<Duration> rampOffset() const;

    ArrivalPlan m_plan;
    std::uint64_t m_seed;
    std::uint64_t m_given = 0;
    double m_poissonSeconds = 0;
};

} // namespace coldframe::sources
