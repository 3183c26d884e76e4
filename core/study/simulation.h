#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "sim/estimate.h"
#include "sim/figures.h"
#include "study/scenario_file.h"
#include "study/sweep.h"

namespace coldframe::study {

/// What one function, or all together, came to: one estimate for each of sim::metrics(), in their
/// order; nothing where the runs do not say.
struct FunctionResult {
    std::string name;
    std::vector<std::optional<sim::Estimate>> figures;
    std::optional<sim::Estimate> figure(std::string_view key) const;
};

/// What one backend came to: one estimate for each of sim::backendMetrics(), in their order.
struct BackendResult {
    std::string name;
    std::vector<std::optional<sim::Estimate>> figures;
    std::optional<sim::Estimate> figure(std::string_view key) const;
};

/// A figure over time: the mean over the replications, and the lowest and highest.
struct Series {
    std::vector<double> mean, low, high;
};

/// What one queue came to: one estimate for each of sim::queueMetrics(), in their order.
struct QueueResult {
    std::string name;
    std::vector<std::optional<sim::Estimate>> figures;
    Series depth; ///< mean messages in each step, hidden ones included
    std::optional<sim::Estimate> figure(std::string_view key) const;
};

/// What one stream came to: one estimate for each of sim::streamMetrics(), in their order.
struct StreamResult {
    std::string name;
    std::vector<std::optional<sim::Estimate>> figures;
    std::optional<sim::Estimate> figure(std::string_view key) const;
};

/// One combination of settings.
struct PointResult {
    std::vector<Setting> settings; ///< of the sweeps
    std::vector<FunctionResult> functions;
    FunctionResult total;
    std::vector<BackendResult> backends;
    std::vector<QueueResult> queues;
    std::vector<StreamResult> streams;
    double stepS = 60, fromS = 0; ///< of the series
    Series inUse, alive; ///< mean counts in each step, over all functions
    Series arrivals, coldStarts, rejections; ///< per second
    std::uint64_t byKernel = 0, byEngine = 0; ///< invocations simulated in each way
};

struct SimulationResult {
    std::string name, platform;
    std::uint64_t seed = 1;
    std::uint32_t replications = 1;
    double durationS = 0, warmUpS = 0;
    std::vector<OriginNote> origins; ///< of the first point
    std::vector<PointResult> points; ///< finished ones, in order
    std::uint64_t wanted = 0; ///< points asked for
    double tookS = 0; ///< measured, wall
    bool complete() const { return points.size() == wanted; }
};

struct SimulationOptions {
    std::vector<Setting> settings;
    std::vector<Sweep> sweeps;
    unsigned threads = 0; ///< 0: as many as the machine has
    std::stop_token stop{};
    /// Share done, 0 … 1, and words for it; from one thread at a time.
    std::function<void(double, const std::string&)> onProgress{};
};

/// Most points a sweep may have without being confirmed.
inline constexpr std::uint64_t kMostPoints = 10'000;

/// What a simulation would take, before it is started.
struct Plan {
    std::uint64_t points = 1;
    double invocations = 0; ///< expected, all points and replications
    double bytes = 0; ///< memory at its most
};
tl::expected<Plan, std::vector<Error>> plan(const ScenarioFile& file,
                                            const SimulationOptions& options);

/// Simulates every point. Stopped early, it gives the points that were finished.
///
/// The same file and settings give the same figures, however many threads there are.
tl::expected<SimulationResult, std::vector<Error>> simulate(const ScenarioFile& file,
                                                            const SimulationOptions& options);

/// Bytes this machine could give now; nothing when it does not say.
std::optional<double> availableMemory();

} // namespace coldframe::study
