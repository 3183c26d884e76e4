#include "traces/popularity.h"

#include <algorithm>

#include "sim/elementary.h"

namespace coldframe::traces {

namespace {

// M. Shahrad et al., Serverless in the Wild, USENIX ATC 2020, and the data set itself.
constexpr double kInvocationsPerFunction = 892.6e6 / 50'000;
constexpr double kTop = 10, kTopShare = 0.44;
constexpr double kOncePerMinuteShare = 0.19, kOncePerHourShare = 0.55; // of functions, and more
// Assumed: the first of the ten has twice the tenth's; the last of all runs once a day.
constexpr double kFirstOverTenth = 2.0;
constexpr double kMinutesOfDay = 1440, kHoursOfDay = 24, kLeastPopular = 1;

double power(double base, double exponent)
{
    return sim::expOf(sim::logOf(base) * exponent);
}

/// From `high` at `from` to `low` at `to`, straight on a logarithmic scale of rates.
double between(double x, double from, double to, double high, double low)
{
    return high * power(low / high, (x - from) / (to - from));
}

} // namespace

Popularity::Popularity(std::size_t functions)
    : m_functions(static_cast<double>(functions)),
      m_perMinuteRank(m_functions * kOncePerMinuteShare),
      m_perHourRank(m_functions * kOncePerHourShare)
{
    const double total = kInvocationsPerFunction * m_functions;
    m_topSlope = sim::logOf(kFirstOverTenth) / sim::logOf(kTop);
    double tops = 0, tail = 0;
    for (double rank = 1; rank <= kTop; ++rank)
        tops += power(rank, -m_topSlope);
    m_topScale = total * kTopShare / tops;
    for (double rank = m_functions; rank > m_perMinuteRank; --rank)
        tail += invocations(rank);
    // The slope between the tops and one a minute follows from the total.
    const double wanted = total * (1 - kTopShare) - tail;
    double low = 0, high = 5;
    for (int step = 0; step < 40; ++step) {
        m_slope = (low + high) / 2;
        double sum = 0;
        for (double rank = kTop + 1; rank <= m_perMinuteRank; ++rank)
            sum += invocations(rank);
        (sum < wanted ? low : high) = m_slope;
    }
}

double Popularity::invocations(double rank) const
{
    if (rank <= kTop)
        return m_topScale * power(rank, -m_topSlope);
    if (rank <= m_perMinuteRank)
        return kMinutesOfDay * power(rank / m_perMinuteRank, -m_slope);
    if (rank <= m_perHourRank)
        return between(rank, m_perMinuteRank, m_perHourRank, kMinutesOfDay, kHoursOfDay);
    return between(rank, m_perHourRank, m_functions, kHoursOfDay, kLeastPopular);
}

} // namespace coldframe::traces
