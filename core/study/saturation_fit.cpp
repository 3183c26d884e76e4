#include "study/saturation_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace coldframe::study {

namespace {

using Times = Saturation::Times;

/// Of the shared service's part of a call alone, from a thousandth to all of it.
constexpr int kSteps = 120;
constexpr double kLeastShare = 1e-3;
constexpr double kNearly = 1.15; ///< times the least error
/// Below this a flat line is as good: nothing is shared.
constexpr double kFlat = 0.02;
constexpr double kClearly = 0.5; ///< times the error of the likelier kind of times
constexpr double kWorth = 0.7; ///< a shared resource must bring the error below this part

double shareAt(double step)
{
    return std::pow(kLeastShare, 1 - step / kSteps);
}

/// The time to an answer in units of a call alone, of which `share` is spent at the resource.
double responseOf(Times times, double share, std::uint32_t servers, double callers)
{
    if (times == Times::Constant)
        return std::max(1.0, callers * share / servers);
    const double own = 1 - share;
    if (own <= 0)
        return share * std::max(1.0, callers / servers);
    // Of n callers j are at the resource: a birth and death chain. Weights relative to j = 0.
    const auto n = static_cast<std::uint32_t>(std::lround(callers));
    double weight = 1, sum = 1, leaving = 0;
    for (std::uint32_t j = 1; j <= n; ++j) {
        const double rate = std::min(j, servers) / share;
        weight *= (n - j + 1) / own / rate;
        sum += weight;
        leaving += weight * rate;
        if (sum > 1e200)
            weight *= 1e-200, sum *= 1e-200, leaving *= 1e-200;
    }
    return n * sum / leaving;
}

struct Try {
    double error = std::numeric_limits<double>::infinity();
    double scale = 0; ///< of a call alone, s
    double share = 0;
};

Try tryShare(const std::vector<LevelPoint>& levels, Times times, double share,
             std::uint32_t servers)
{
    double sum = 0, squares = 0;
    for (const LevelPoint& level : levels) {
        const double log
            = std::log(level.responseS / responseOf(times, share, servers, level.concurrency));
        sum += log, squares += log * log;
    }
    const auto n = static_cast<double>(levels.size());
    const double mean = sum / n;
    return {std::sqrt(std::max(0.0, squares / n - mean * mean)), std::exp(mean), share};
}

/// The best share for a number of servers: the best of a grid, then a golden section around it.
Try tryServers(const std::vector<LevelPoint>& levels, Times times, std::uint32_t servers)
{
    Try best;
    int bestStep = 0;
    for (int step = 0; step <= kSteps; ++step) {
        const Try found = tryShare(levels, times, shareAt(step), servers);
        if (found.error < best.error)
            best = found, bestStep = step;
    }
    constexpr double kGolden = 0.6180339887498949;
    double low = std::max(bestStep - 1, 0), high = std::min(bestStep + 1, kSteps);
    for (int i = 0; i < 40; ++i) {
        const double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
        const Try a = tryShare(levels, times, shareAt(left), servers);
        const Try b = tryShare(levels, times, shareAt(right), servers);
        (a.error <= b.error ? high : low) = a.error <= b.error ? right : left;
        const Try& better = a.error <= b.error ? a : b;
        if (better.error < best.error)
            best = better;
    }
    return best;
}

Saturation flatLine(const std::vector<LevelPoint>& levels)
{
    double sum = 0, squares = 0;
    for (const LevelPoint& level : levels) {
        const double log = std::log(level.responseS);
        sum += log, squares += log * log;
    }
    const auto n = static_cast<double>(levels.size());
    Saturation flat;
    flat.ownS = std::exp(sum / n);
    flat.error = std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)));
    return flat;
}

/// The best number of servers; `errors` become the least yet of each number.
Saturation fitTimes(const std::vector<LevelPoint>& levels, Times times, std::vector<double>& errors)
{
    Saturation best;
    best.error = std::numeric_limits<double>::infinity();
    for (std::uint32_t servers = 1; servers <= errors.size(); ++servers) {
        const Try found = tryServers(levels, times, servers);
        errors[servers - 1] = std::min(errors[servers - 1], found.error);
        // The first of those that fit alike: a bend that is sharp is as well one server and much
        // time apart from it as several servers that take all of the call.
        if (found.error < best.error * 0.999)
            best = {.times = times,
                    .ownS = found.scale * (1 - found.share),
                    .serviceS = found.scale * found.share,
                    .servers = servers,
                    .error = found.error};
    }
    return best;
}

} // namespace

double Saturation::responseS(double callers) const
{
    if (servers == 0)
        return ownS;
    const double alone = ownS + serviceS;
    return alone * responseOf(times, serviceS / alone, servers, callers);
}

std::optional<double> Saturation::knee() const
{
    if (servers == 0 || serviceS <= 0)
        return std::nullopt;
    return servers * (ownS + serviceS) / serviceS;
}

double Saturation::mostPerS() const
{
    return servers == 0 || serviceS <= 0 ? 0 : servers / serviceS;
}

Saturation fitSaturation(const std::vector<LevelPoint>& levels, Times likelier)
{
    const Saturation flat = flatLine(levels);
    if (flat.error < kFlat)
        return flat;
    const std::uint32_t most = std::ranges::max(levels, {}, &LevelPoint::concurrency).concurrency;
    const Times unlikelier = likelier == Times::Constant ? Times::Exponential : Times::Constant;
    std::vector<double> errors(most, std::numeric_limits<double>::infinity());
    Saturation best = fitTimes(levels, likelier, errors);
    const Saturation other = fitTimes(levels, unlikelier, errors);
    if (best.error > kFlat && other.error < best.error * kClearly)
        best = other;
    if (best.error > flat.error * kWorth)
        return flat;
    best.leastServers = best.mostServers = best.servers;
    for (std::uint32_t servers = 1; servers <= most; ++servers) {
        if (errors[servers - 1] > std::max(best.error * kNearly, best.error + 0.002))
            continue;
        best.leastServers = std::min(best.leastServers, servers);
        best.mostServers = std::max(best.mostServers, servers);
    }
    return best;
}

} // namespace coldframe::study
