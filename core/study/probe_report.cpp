#include "study/probe_report.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "study/probe_simulation.h"

namespace coldframe::study {

namespace {

constexpr std::size_t kLeastLevels = 3; ///< for a fit of three parameters
constexpr double kBusy = 0.9; ///< share of all cores

std::vector<LevelPoint> measuredLevels(const std::vector<ProbePoint>& points)
{
    std::vector<LevelPoint> levels;
    for (const ProbePoint& point : points)
        if (point.measured)
            levels.push_back({point.concurrency, point.measured->meanS});
    return levels;
}

bool machineBusy(const std::vector<ProbePoint>& points, const Saturation& fit)
{
    return std::ranges::any_of(points, [&](const ProbePoint& point) {
        return fit.knee() && point.measured && point.concurrency >= *fit.knee()
            && point.deskCpuShare >= kBusy;
    });
}

std::string row(const std::optional<ProbePoint::Figures>& of)
{
    return of ? fmt::format(",{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}", of->perS, of->meanS, of->p50S,
                            of->p95S, of->p99S)
              : std::string(",,,,,");
}

} // namespace

std::optional<std::uint32_t> ProbeReport::proposed() const
{
    const std::optional<double> knee = fit ? fit->knee() : std::nullopt;
    if (!knee)
        return std::nullopt;
    return static_cast<std::uint32_t>(std::max(1.0, std::round(*knee)));
}

ProbeReport analyse(std::vector<ProbePoint> points, std::uint64_t seed,
                    const std::function<bool()>& stopped)
{
    ProbeReport report{.points = std::move(points)};
    const std::vector<LevelPoint> levels = measuredLevels(report.points);
    if (levels.size() < kLeastLevels)
        return report;
    report.fit = fitSaturation(levels);
    report.machineBusy = machineBusy(report.points, *report.fit);
    for (ProbePoint& point : report.points) {
        if (stopped && stopped())
            break;
        point.simulated = simulateLevel(*report.fit, point.concurrency, seed);
    }
    return report;
}

std::string toCsv(const ProbeReport& report)
{
    std::string text
        = "concurrency,measured_per_s,measured_mean_s,measured_p50_s,measured_p95_s,"
          "measured_p99_s,simulated_per_s,simulated_mean_s,simulated_p50_s,"
          "simulated_p95_s,simulated_p99_s,calls,failed,cold_starts,machine_cpu_share\n";
    for (const ProbePoint& point : report.points) {
        text += std::to_string(point.concurrency) + row(point.measured) + row(point.simulated);
        text += point.measured ? fmt::format(",{},{},{},{:.3f}\n", point.calls, point.failed,
                                             point.cold, point.deskCpuShare)
                               : std::string(",,,,\n");
    }
    return text;
}

} // namespace coldframe::study
