#include "study/simulation.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "sim/backend_metrics.h"
#include "sim/metrics.h"
#include "sim/queue_metrics.h"
#include "sim/stream_metrics.h"
#include "study/point_run.h"

namespace coldframe::study {

namespace {

std::vector<Setting> settingsOf(const SimulationOptions& options, std::uint64_t index)
{
    std::vector<Setting> all = options.settings;
    for (Setting& swept : pointAt(options.sweeps, index))
        all.push_back(std::move(swept));
    return all;
}

/// Runs items 0 … count - 1 on some threads and waits for them.
template <typename Work>
void inParallel(std::size_t count, unsigned threads, const std::stop_token& stop, Work&& work)
{
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (std::size_t item; (item = next.fetch_add(1)) < count && !stop.stop_requested();)
            work(item);
    };
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < std::min<std::size_t>(threads, count); ++i)
        others.emplace_back(run);
    run();
}

/// Says how far a simulation has come, not more often than a person can read. Told from any thread.
class ProgressTeller {
public:
    ProgressTeller(const SimulationOptions& options, std::uint64_t points)
        : m_options(options), m_points(points)
    { }
    void begin(std::uint64_t point, std::size_t items)
    {
        m_point = point, m_done = 0, m_ended = 0;
        m_shares.assign(items, 0.0);
    }
    void reached(std::size_t item, double share)
    {
        const std::lock_guard lock(m_mutex);
        m_done += share - std::exchange(m_shares[item], share);
        m_ended += share == 1.0;
        const auto now = std::chrono::steady_clock::now();
        if (!m_options.onProgress || now - m_said < std::chrono::milliseconds(50))
            return;
        m_said = now;
        const std::size_t items = m_shares.size();
        m_options.onProgress((static_cast<double>(m_point) + m_done / static_cast<double>(items))
                                 / static_cast<double>(m_points),
                             m_points == 1
                                 ? fmt::format("run {} of {}", std::min(m_ended + 1, items), items)
                                 : fmt::format("point {} of {}", m_point + 1, m_points));
    }

private:
    const SimulationOptions& m_options;
    std::uint64_t m_points, m_point = 0;
    std::mutex m_mutex;
    std::vector<double> m_shares; ///< done of each item of the point, 0 … 1
    double m_done = 0; ///< their sum
    std::size_t m_ended = 0;
    std::chrono::steady_clock::time_point m_said{};
};

/// False when it was stopped before its end.
bool runPoint(PointRun& run, std::uint64_t point, unsigned threads,
              const SimulationOptions& options, ProgressTeller& progress)
{
    do {
        progress.begin(point, run.items());
        inParallel(run.items(), threads, options.stop, [&](std::size_t item) {
            run.runItem(item, options.stop,
                        [&](double share) { progress.reached(item, std::min(share, 0.999)); });
            progress.reached(item, 1.0);
        });
        if (options.stop.stop_requested())
            return false;
    } while (run.nextRound());
    return true;
}

} // namespace

std::optional<sim::Estimate> FunctionResult::figure(std::string_view key) const
{
    const sim::Metric* metric = sim::findMetric(key);
    if (!metric)
        return std::nullopt;
    return figures.at(static_cast<std::size_t>(metric - sim::metrics().data()));
}

std::optional<sim::Estimate> BackendResult::figure(std::string_view key) const
{
    const sim::BackendMetric* metric = sim::findBackendMetric(key);
    if (!metric)
        return std::nullopt;
    return figures.at(static_cast<std::size_t>(metric - sim::backendMetrics().data()));
}

std::optional<sim::Estimate> QueueResult::figure(std::string_view key) const
{
    const sim::QueueMetric* metric = sim::findQueueMetric(key);
    if (!metric)
        return std::nullopt;
    return figures.at(static_cast<std::size_t>(metric - sim::queueMetrics().data()));
}

std::optional<sim::Estimate> StreamResult::figure(std::string_view key) const
{
    const sim::StreamMetric* metric = sim::findStreamMetric(key);
    if (!metric)
        return std::nullopt;
    return figures.at(static_cast<std::size_t>(metric - sim::streamMetrics().data()));
}

std::optional<double> availableMemory()
{
    std::ifstream file("/proc/meminfo");
    for (std::string word; file >> word;)
        if (word == "MemAvailable:") {
            double kilobytes = 0;
            if (file >> kilobytes)
                return kilobytes * 1024;
        }
    return std::nullopt;
}

tl::expected<Plan, std::vector<Error>> plan(const ScenarioFile& file,
                                            const SimulationOptions& options)
{
    Plan made;
    made.points = pointCount(options.sweeps);
    const auto prepared = file.prepare(settingsOf(options, 0));
    if (!prepared)
        return tl::unexpected(prepared.error());
    const sim::Model& model = prepared->model;
    const double replications = prepared->scenario.replications;
    for (const sim::FunctionModel& function : model.functions)
        made.invocations += sim::expectedArrivals(function.arrivals, prepared->scenario.durationS);
    made.invocations *= replications * static_cast<double>(made.points);
    const double each = sizeof(sim::Figures)
        + static_cast<double>(model.window.steps())
            * (sizeof(sim::Step) + 2 * sizeof(std::int64_t));
    made.bytes = (each * static_cast<double>(model.functions.size())
                  + sizeof(sim::BackendFigures) * static_cast<double>(model.backends.size())
                  + (sizeof(sim::QueueFigures)
                     + static_cast<double>(model.window.steps()) * sizeof(std::int64_t))
                      * static_cast<double>(model.queues.size())
                  + sim::StreamFigures::kBytes * static_cast<double>(model.streams.size()))
        * replications;
    return made;
}

tl::expected<SimulationResult, std::vector<Error>> simulate(const ScenarioFile& file,
                                                            const SimulationOptions& options)
{
    const auto began = std::chrono::steady_clock::now();
    const unsigned threads
        = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    SimulationResult result;
    result.wanted = pointCount(options.sweeps);
    ProgressTeller progress(options, result.wanted);
    for (std::uint64_t point = 0; point < result.wanted; ++point) {
        auto prepared = file.prepare(settingsOf(options, point));
        if (!prepared)
            return tl::unexpected(prepared.error());
        if (point == 0) {
            const scenario::Scenario& first = prepared->scenario;
            result.name = first.name, result.platform = first.platform;
            result.seed = first.seed, result.replications = first.replications;
            result.durationS = first.durationS, result.warmUpS = first.warmUpS;
            result.origins = prepared->origins;
        }
        PointRun run(std::move(*prepared), pointAt(options.sweeps, point));
        if (!runPoint(run, point, threads, options, progress))
            break;
        result.points.push_back(run.finish());
    }
    result.tookS = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return result;
}

} // namespace coldframe::study
