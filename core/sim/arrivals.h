#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "sim/law.h"

namespace coldframe::sim {

/// Rate over time: straight lines between points, seconds and arrivals per second. Two points at
/// one time are a jump. After the last point it stays as it was there, or starts again.
struct RateProfile {
    struct Point {
        double at = 0, rate = 0;
    };
    std::vector<Point> points; ///< ascending from 0
    bool repeats = false; ///< every points.back().at seconds
};

// Ways in which events arrive. Rates are per second, times seconds.
struct EvenArrivals {
    double rate = 0; ///< the i-th at i / rate
};
struct RandomArrivals {
    RateProfile profile; ///< a Poisson process of this rate; one point: a constant rate
};
struct GapArrivals {
    Law gap; ///< independent gaps of this law; the first arrival comes after one
};
/// Poisson at `rate` while on, nothing while off; begins off or on as the shares say.
struct OnOffArrivals {
    double rate = 0;
    Law on, off;
};
/// At known times, in ns since the run began; ascending.
struct GivenArrivals {
    std::shared_ptr<const std::vector<std::int64_t>> times;
};
/// Clients that call, wait for the answer and think before they call again.
struct ClosedLoop {
    std::uint32_t clients = 0;
    Law think; ///< before every call, the first included
};
using ArrivalModel = std::variant<EvenArrivals, RandomArrivals, GapArrivals, OnOffArrivals,
                                  GivenArrivals, ClosedLoop>;

/// Expected arrivals in the first `seconds`; of a closed loop an upper bound.
double expectedArrivals(const ArrivalModel& model, double seconds);

/// Times of arrival, ascending, in blocks.
class ArrivalTimes {
public:
    virtual ~ArrivalTimes() = default;
    /// Fills from the front; fewer than asked for only when there are no more.
    virtual std::size_t fill(std::span<std::int64_t> out) = 0;
};

/// Those of a model other than a closed loop, which has no times of its own. The model must outlive
/// what is returned.
std::unique_ptr<ArrivalTimes> arrivalTimes(const ArrivalModel& model, std::uint64_t seed,
                                           std::uint64_t entity);

} // namespace coldframe::sim
