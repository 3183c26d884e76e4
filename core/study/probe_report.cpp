#include "study/probe_report.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "study/csv_cell.h"
#include "study/probe_simulation.h"

namespace coldframe::study {

namespace {

constexpr std::size_t kLeastLevels = 3; ///< for a fit of three parameters
constexpr double kBusy = 0.9; ///< share of all cores
constexpr double kMachinePerS = 2'000; ///< from there on the machine itself may be the limit
constexpr double kFew = 0.01; ///< share of calls that may fail without meaning
constexpr double kSteady = 1.5; ///< p95 over p50, below which times are as good as constant

bool fails(const ProbePoint& point)
{
    return static_cast<double>(point.failed) > kFew * static_cast<double>(point.calls);
}

/// Where failing begins. A function that fails at the lowest level does so whatever the level.
std::optional<std::uint32_t> failsFrom(const std::vector<ProbePoint>& points)
{
    const auto first = std::ranges::find_if(points, fails);
    return first == points.end() || first == points.begin() ? std::nullopt
                                                            : std::optional(first->concurrency);
}

std::vector<LevelPoint> measuredLevels(const std::vector<ProbePoint>& points, std::uint32_t before)
{
    std::vector<LevelPoint> levels;
    for (const ProbePoint& point : points)
        if (point.measured && point.concurrency < before)
            levels.push_back({point.concurrency, point.measured->meanS});
    return levels;
}

/// Of the lowest level: with the fewest who wait, times are the function's own.
Saturation::Times likelierTimes(const std::vector<ProbePoint>& points)
{
    for (const ProbePoint& point : points)
        if (point.measured)
            return point.measured->p95S < kSteady * point.measured->p50S
                ? Saturation::Times::Constant
                : Saturation::Times::Exponential;
    return Saturation::Times::Exponential;
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
    std::optional<std::uint32_t> most;
    if (const auto knee = fit && !machineRate ? fit->knee() : std::nullopt)
        most = static_cast<std::uint32_t>(std::max(1.0, std::round(*knee)));
    if (!failsFrom)
        return most;
    std::uint32_t last = 1;
    for (const ProbePoint& point : points)
        if (point.concurrency < *failsFrom)
            last = point.concurrency;
    return std::min(last, most.value_or(last));
}

ProbeReport analyse(std::vector<ProbePoint> points, std::uint64_t seed,
                    const std::function<bool()>& stopped)
{
    ProbeReport report{.points = std::move(points)};
    report.failsFrom = failsFrom(report.points);
    const std::vector<LevelPoint> levels
        = measuredLevels(report.points, report.failsFrom.value_or(0xffff'ffff));
    if (levels.size() < kLeastLevels)
        return report;
    report.fit = fitSaturation(levels, likelierTimes(report.points));
    report.machineRate = report.fit->mostPerS() > kMachinePerS;
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
        = "concurrency,origin,measured_per_s,measured_mean_s,measured_p50_s,measured_p95_s,"
          "measured_p99_s,simulated_per_s,simulated_mean_s,simulated_p50_s,"
          "simulated_p95_s,simulated_p99_s,calls,failed,cold_starts,machine_cpu_share,reason\n";
    for (const ProbePoint& point : report.points) {
        text += fmt::format("{},{}", point.concurrency, point.measured ? "measured" : "modelled");
        text += row(point.measured) + row(point.simulated);
        text += point.measured ? fmt::format(",{},{},{},{:.3f},", point.calls, point.failed,
                                             point.cold, point.deskCpuShare)
                               : ",,,,," + quotedCsv(point.unmeasured);
        text += '\n';
    }
    return text;
}

} // namespace coldframe::study
