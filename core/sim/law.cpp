#include "sim/law.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "sim/batch.h"
#include "sim/elementary.h"
#include "sim/gamma.h"

namespace coldframe::sim {

namespace {

constexpr double kNs = 1e9;
constexpr std::size_t kRun = 256; // what stays in the first cache between the passes

double quantileAt(const std::vector<Law::Quantile>& quantiles, double u)
{
    const auto above = std::upper_bound(
        quantiles.begin() + 1, quantiles.end() - 1, u,
        [](double share, const Law::Quantile& point) { return share < point.share; });
    const Law::Quantile &low = *(above - 1), &high = *above;
    const double width = high.share - low.share;
    if (width <= 0)
        return high.seconds;
    return low.seconds + (high.seconds - low.seconds) * ((u - low.share) / width);
}

const char* nameOf(Law::Kind kind)
{
    switch (kind) {
    case Law::Kind::Constant:
        return "constant";
    case Law::Kind::Exponential:
        return "exponential";
    case Law::Kind::Uniform:
        return "uniform";
    case Law::Kind::Normal:
        return "normal";
    case Law::Kind::Lognormal:
        return "lognormal";
    case Law::Kind::Weibull:
        return "weibull";
    case Law::Kind::Pareto:
        return "pareto";
    case Law::Kind::Quantiles:
        return "empirical";
    case Law::Kind::Samples:
        return "recorded";
    }
    return "";
}

} // namespace

Law Law::lognormalOf(double mean, double deviation)
{
    const double spread = deviation / mean;
    const double variance = logOf(1.0 + spread * spread);
    return {Kind::Lognormal, logOf(mean) - variance / 2, squareRoot(variance), 1, {}, {}};
}

double Law::mean() const
{
    const auto unscaled = [this] {
        switch (kind) {
        case Kind::Constant:
        case Kind::Exponential:
        case Kind::Normal:
            return a;
        case Kind::Uniform:
            return (a + b) / 2;
        case Kind::Lognormal:
            return expOf(a + b * b / 2);
        case Kind::Weibull:
            return a * gammaOf(1 + 1 / b);
        case Kind::Pareto:
            return b > 1 ? a * b / (b - 1) : std::numeric_limits<double>::infinity();
        case Kind::Quantiles: {
            double sum = 0;
            for (std::size_t i = 1; i < quantiles.size(); ++i)
                sum += (quantiles[i].share - quantiles[i - 1].share)
                    * (quantiles[i].seconds + quantiles[i - 1].seconds) / 2;
            return sum;
        }
        case Kind::Samples: {
            double sum = 0;
            for (const std::int64_t sample : samples)
                sum += static_cast<double>(sample);
            return sum / kNs / static_cast<double>(samples.size());
        }
        }
        return 0.0;
    };
    return unscaled() * factor;
}

std::string describe(const Law& law)
{
    const double mean = law.mean();
    if (mean < 1)
        return fmt::format("{}, mean {:.4g} ms", nameOf(law.kind), mean * 1e3);
    return fmt::format("{}, mean {:.4g} s", nameOf(law.kind), mean);
}

void Draws::fill(std::uint64_t first, std::span<std::int64_t> out) const
{
    for (std::size_t from = 0; from < out.size(); from += kRun)
        fillRun(first + from, out.subspan(from, std::min(kRun, out.size() - from)));
}

void Draws::fillRun(std::uint64_t first, std::span<std::int64_t> out) const
{
    const Law& law = *m_law;
    const Batch& loops = batch();
    const std::size_t n = out.size();
    const double scale = kNs * law.factor;
    if (law.kind == Law::Kind::Constant) {
        const double value = law.a * scale;
        std::int64_t one;
        loops.rounded(&value, &one, 1);
        std::ranges::fill(out, one);
        return;
    }
    double u[kRun];
    loops.units(m_stream.key(), first, u, n);
    switch (law.kind) {
    case Law::Kind::Constant:
        break;
    case Law::Kind::Exponential:
        loops.exponential(law.a * scale, u, n);
        break;
    case Law::Kind::Uniform:
        loops.uniform(law.a * scale, (law.b - law.a) * scale, u, n);
        break;
    case Law::Kind::Normal:
        loops.normal(law.a * scale, law.b * scale, u, n);
        break;
    case Law::Kind::Lognormal:
        loops.lognormal(law.a + logOf(scale), law.b, u, n);
        break;
    case Law::Kind::Weibull:
        loops.weibull(law.a * scale, 1 / law.b, u, n);
        break;
    case Law::Kind::Pareto:
        loops.pareto(law.a * scale, 1 / law.b, u, n);
        break;
    case Law::Kind::Quantiles:
        for (std::size_t i = 0; i < n; ++i)
            u[i] = quantileAt(law.quantiles, u[i]) * scale;
        break;
    case Law::Kind::Samples: {
        const auto count = static_cast<double>(law.samples.size());
        for (std::size_t i = 0; i < n; ++i)
            u[i] = static_cast<double>(law.samples[static_cast<std::size_t>(u[i] * count)])
                * law.factor;
        break;
    }
    }
    loops.rounded(u, out.data(), n);
}

} // namespace coldframe::sim
