#include "probe_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "amount_text.h"

namespace coldframe::commands {

namespace {

using ProbeJson = nlohmann::ordered_json;
using study::ProbePoint;
using study::ProbeReport;
using study::Saturation;

constexpr int kBarCells = 16;

/// Eighths of a cell, as block characters.
std::string bar(double share)
{
    static constexpr std::array<const char*, 8> kParts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const int eighths = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * kBarCells * 8));
    std::string text;
    for (int i = 0; i < eighths / 8; ++i)
        text += "█";
    text += kParts[static_cast<std::size_t>(eighths % 8)];
    const int cells = eighths / 8 + (eighths % 8 != 0);
    return text + std::string(static_cast<std::size_t>(kBarCells - cells), ' ');
}

std::string timeText(double seconds)
{
    if (seconds < 1e-3)
        return fmt::format("{:.0f} µs", seconds * 1e6);
    return seconds < 1 ? fmt::format("{:.3g} ms", seconds * 1e3) : fmt::format("{:.3g} s", seconds);
}

const ProbePoint::Figures* shown(const ProbePoint& point)
{
    return point.measured ? &*point.measured : point.simulated ? &*point.simulated : nullptr;
}

std::string measuredText(const ProbePoint& point)
{
    std::string text = "measured, " + plural(point.calls, "call");
    if (point.failed > 0)
        text += fmt::format(", {} failed", countText(point.failed));
    if (point.cold > 0)
        text += fmt::format(", {} more cold", countText(point.cold));
    return text;
}

std::string table(const ProbeReport& report)
{
    double mostPerS = 0, mostS = 0;
    for (const ProbePoint& point : report.points)
        if (const auto* figures = shown(point)) {
            mostPerS = std::max(mostPerS, figures->perS);
            mostS = std::max(mostS, figures->meanS);
        }
    std::string text = fmt::format("{:>11}  {:>9}  {:<{}}  {:>8}  {:<{}}  {:>8}  {:>9}  {}\n",
                                   "concurrency", "answers/s", "", kBarCells, "mean", "", kBarCells,
                                   "p95", "simulated", "origin");
    for (const ProbePoint& point : report.points) {
        const auto* figures = shown(point);
        if (!figures) {
            text += fmt::format("{:>11}  not measured: {}\n", point.concurrency, point.unmeasured);
            continue;
        }
        const std::string model
            = point.simulated ? timeText(point.simulated->meanS) : std::string("-");
        const std::string p95 = figures->p95S > 0 ? timeText(figures->p95S) : std::string("-");
        text += fmt::format("{:>11}  {:>9.4g}  {}  {:>8}  {}  {:>8}  {:>9}  {}\n",
                            point.concurrency, figures->perS, bar(figures->perS / mostPerS),
                            timeText(figures->meanS), bar(figures->meanS / mostS), p95, model,
                            point.measured ? measuredText(point) : "modelled: " + point.unmeasured);
    }
    return text;
}

std::string fitText(const Saturation& fit)
{
    if (fit.servers == 0)
        return fmt::format("Fit      {} a call whatever the concurrency (off by {:.1f} %): nothing "
                           "that is shared shows\n",
                           timeText(fit.ownS), fit.error * 100);
    std::string text = fmt::format(
        "Fit      {} alone; together no more than {:.4g} a second, as of {} that {} {} "
        "of each call",
        timeText(fit.ownS + fit.serviceS), fit.mostPerS(), plural(fit.servers, "server"),
        fit.servers == 1 ? "takes" : "take", timeText(fit.serviceS));
    if (fit.leastServers != fit.mostServers) {
        const std::uint32_t other
            = fit.servers == fit.leastServers ? fit.mostServers : fit.leastServers;
        text += fmt::format(" (or {} at {}: this curve does not tell them apart)", other,
                            timeText(other / fit.mostPerS()));
    }
    return text + fmt::format("; off by {:.1f} %\n", fit.error * 100);
}

std::uint32_t highestMeasured(const ProbeReport& report)
{
    std::uint32_t highest = 0;
    for (const ProbePoint& point : report.points)
        if (point.measured)
            highest = point.concurrency;
    return highest;
}

std::string kneeText(const ProbeReport& report, const std::string& function)
{
    std::string text;
    if (const auto knee = report.fit ? report.fit->knee() : std::nullopt)
        text += fmt::format("Knee     {:.1f} at once: up to there more concurrency answers more, "
                            "beyond it only waits\n",
                            *knee);
    else if (report.fit)
        text += fmt::format("Knee     none up to {} at once: probe higher levels to find it\n",
                            highestMeasured(report));
    if (report.failsFrom)
        text += fmt::format(
            "Errors   from {} at once calls fail that do not below; those levels are "
            "no part of the fit\n",
            *report.failsFrom);
    if (report.machineRate)
        text += "Note     so many calls a second are near what this machine hands out at all: no "
                "limit of the function is to be seen\n";
    else if (report.machineBusy)
        text += "Note     the cores of this machine were busy from the knee on: it may be their "
                "limit, which a cloud's instances do not share\n";
    if (const auto proposed = report.proposed())
        text += fmt::format("Propose  \"reservedConcurrency\": {} for '{}'\n", *proposed, function);
    return text;
}

ProbeJson figuresJson(const ProbePoint::Figures& of)
{
    ProbeJson response{{"mean", of.meanS}};
    if (of.p95S > 0)
        response.update({{"p50", of.p50S}, {"p95", of.p95S}, {"p99", of.p99S}});
    return {{"perS", of.perS}, {"responseS", response}};
}

} // namespace

std::string probeText(const ProbeReport& report, const std::string& function)
{
    std::string text = table(report) + '\n';
    text += report.fit ? fitText(*report.fit)
                       : "Fit      needs three levels that could be measured\n";
    return text + kneeText(report, function);
}

std::string probeJson(const ProbeReport& report, const std::string& function)
{
    ProbeJson document{{"function", function}, {"levels", ProbeJson::array()}};
    for (const ProbePoint& point : report.points) {
        ProbeJson level{{"concurrency", point.concurrency},
                        {"origin", point.measured ? "measured" : "modelled"}};
        if (point.measured) {
            level["measured"] = figuresJson(*point.measured);
            level["calls"] = point.calls;
            level["failed"] = point.failed;
            level["coldStarts"] = point.cold;
            level["machineCpuShare"] = point.deskCpuShare;
        } else {
            level["reason"] = point.unmeasured;
        }
        if (point.simulated)
            level["simulated"] = figuresJson(*point.simulated);
        document["levels"].push_back(std::move(level));
    }
    document["fit"] = nullptr;
    document["knee"] = nullptr;
    document["proposedConcurrency"] = nullptr;
    if (report.fit) {
        const Saturation& fit = *report.fit;
        document["fit"]
            = {{"times", fit.times == Saturation::Times::Exponential ? "exponential" : "constant"},
               {"ownS", fit.ownS},
               {"serviceS", fit.serviceS},
               {"servers", fit.servers},
               {"serversFrom", fit.leastServers},
               {"serversTo", fit.mostServers},
               {"error", fit.error},
               {"mostPerS", fit.mostPerS()}};
        if (const auto knee = fit.knee())
            document["knee"] = *knee;
    }
    if (const auto proposed = report.proposed())
        document["proposedConcurrency"] = *proposed;
    document["failsFrom"] = report.failsFrom ? ProbeJson(*report.failsFrom) : ProbeJson(nullptr);
    document["machineBusy"] = report.machineBusy || report.machineRate;
    // A function's error may hold any bytes, and is cut where it is long.
    return document.dump(-1, ' ', false, ProbeJson::error_handler_t::replace) + '\n';
}

} // namespace coldframe::commands
