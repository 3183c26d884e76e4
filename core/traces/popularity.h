#pragma once

#include <cstddef>

namespace coldframe::traces {

/// How often the function of each rank is invoked in a day. Published for Azure Functions in 2019:
/// all invocations, the share of the ten most popular functions, and at which shares of the
/// functions their rate falls to one a minute and one an hour. Assumed: power laws in between.
class Popularity {
public:
    /// Of `functions` functions, 10,000 or more. The total is in proportion: 892.6 million for
    /// 50,000.
    explicit Popularity(std::size_t functions);

    /// Of rank 1 to `functions`; a fraction lies between its neighbours.
    double invocations(double rank) const;

private:
    double m_functions;
    double m_perMinuteRank, m_perHourRank; ///< below which rates fall under these
    double m_topScale = 0, m_topSlope = 0; ///< of the first ten
    double m_slope = 0; ///< from there to one a minute
};

} // namespace coldframe::traces
