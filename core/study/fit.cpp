#include "study/fit.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/elementary.h"

namespace coldframe::study {

namespace {

constexpr std::size_t kFew = 20, kQuantiles = 100;
/// A smooth law may be a little farther off than the quantiles before it is given up for them.
constexpr double kAsGood = 1.25;

double secondsOf(std::int64_t ns)
{
    return static_cast<double>(ns) * 1e-9;
}

sim::Law lognormalOf(const std::vector<std::int64_t>& sorted)
{
    double sum = 0, squares = 0;
    for (const std::int64_t each : sorted) {
        const double x = sim::logOf(secondsOf(std::max<std::int64_t>(each, 1)));
        sum += x, squares += x * x;
    }
    const auto count = static_cast<double>(sorted.size());
    const double mean = sum / count;
    sim::Law law;
    law.kind = sim::Law::Kind::Lognormal;
    law.a = mean;
    law.b = sim::squareRoot(std::max(squares / count - mean * mean, 0.0));
    return law;
}

sim::Law quantilesOf(const std::vector<std::int64_t>& sorted)
{
    sim::Law law;
    law.kind = sim::Law::Kind::Quantiles;
    const std::size_t points = std::min(kQuantiles, sorted.size() - 1);
    for (std::size_t i = 0; i <= points; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(points);
        const auto at = static_cast<std::size_t>(
            std::llround(share * static_cast<double>(sorted.size() - 1)));
        law.quantiles.push_back({share, secondsOf(sorted[at])});
    }
    return law;
}

/// A large sample of the law stands for its distribution function; the same one each time.
std::vector<std::int64_t> sampleOf(const sim::Law& law)
{
    std::vector<std::int64_t> drawn(20'000);
    sim::Draws(law, sim::Stream(1, sim::Draw::Pick, 1)).fill(0, drawn);
    std::ranges::sort(drawn);
    return drawn;
}

double distanceBetween(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b)
{
    double most = 0;
    for (const auto* sample : {&a, &b})
        for (const std::int64_t at : *sample) {
            const auto share = [at](const std::vector<std::int64_t>& in) {
                const auto end = std::ranges::upper_bound(in, at);
                return static_cast<double>(end - in.begin()) / static_cast<double>(in.size());
            };
            most = std::max(most, std::abs(share(a) - share(b)));
        }
    return most;
}

std::int64_t quantile(const std::vector<std::int64_t>& sorted, double share)
{
    const double rank = std::ceil(share * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

void compare(Fit& fit, const std::vector<std::int64_t>& heldOut)
{
    const auto drawn = sampleOf(fit.law);
    const auto error = [&](double share) {
        const double measured = secondsOf(quantile(heldOut, share));
        return measured > 0 ? secondsOf(quantile(drawn, share)) / measured - 1 : 0;
    };
    fit.p50Error = error(0.5), fit.p95Error = error(0.95);
    fit.distance = distanceBetween(drawn, heldOut);
    fit.heldOut = heldOut.size();
}

} // namespace

Fit fitDurations(const std::vector<std::int64_t>& durations)
{
    Fit fit;
    if (durations.size() <= kFew) {
        fit.law.kind = sim::Law::Kind::Samples;
        fit.law.samples = durations;
        fit.used = durations.size();
        return fit;
    }
    std::vector<std::int64_t> used, heldOut;
    for (std::size_t i = 0; i < durations.size(); ++i)
        (i % 2 == 0 ? used : heldOut).push_back(durations[i]);
    std::ranges::sort(used), std::ranges::sort(heldOut);
    fit.used = used.size();
    Fit smooth = fit, stepped = fit;
    smooth.law = lognormalOf(used), stepped.law = quantilesOf(used);
    compare(smooth, heldOut), compare(stepped, heldOut);
    return smooth.distance <= kAsGood * stepped.distance ? smooth : stepped;
}

std::string describe(const Fit& fit)
{
    std::string text = fmt::format("{}, from {} durations", describe(fit.law), fit.used);
    if (fit.heldOut > 0)
        text += fmt::format("; on {} others: p50 {:+.1f} %, p95 {:+.1f} %, distance {:.3f}",
                            fit.heldOut, fit.p50Error * 100, fit.p95Error * 100, fit.distance);
    return text;
}

} // namespace coldframe::study
