#include "study/point_run.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/backend_metrics.h"
#include "sim/metrics.h"
#include "sim/pool_kernel.h"
#include "sim/queue_metrics.h"
#include "sim/stream_metrics.h"

namespace coldframe::study {

namespace {

/// `of(replication, step)`: an integral over the step, in seconds, or a count.
template <typename Of>
Series seriesOf(const sim::Window& window, std::size_t replications, const Of& of)
{
    Series made;
    for (std::size_t i = 0; i < window.steps(); ++i) {
        const std::int64_t begin = window.from + static_cast<std::int64_t>(i) * window.step;
        const double length
            = static_cast<double>(window.clipped(begin, begin + window.step)) * 1e-9;
        double sum = 0, low = std::numeric_limits<double>::infinity(), high = 0;
        for (std::size_t r = 0; r < replications; ++r) {
            const double value = of(r, i) / length;
            sum += value, low = std::min(low, value), high = std::max(high, value);
        }
        made.mean.push_back(sum / static_cast<double>(replications));
        made.low.push_back(low), made.high.push_back(high);
    }
    return made;
}

} // namespace

PointRun::PointRun(Prepared prepared, std::vector<Setting> settings)
    : m_prepared(std::move(prepared)), m_settings(std::move(settings)),
      m_functions(m_prepared.model.functions.size()), m_backends(m_prepared.model.backends.size()),
      m_queues(m_prepared.model.queues.size()), m_streams(m_prepared.model.streams.size()),
      m_replications(m_prepared.scenario.replications), m_together(m_replications),
      m_figures(m_functions * m_replications), m_backendFigures(m_backends * m_replications),
      m_queueFigures(m_queues * m_replications), m_streamFigures(m_streams * m_replications),
      m_groups(groupsOf(m_prepared.model)), m_byKernel(m_functions)
{
    for (const FunctionGroup& group : m_groups)
        m_byKernel[group.functions[0]] = group.byKernel;
    m_items = m_groups.size() * m_replications;
}

void PointRun::keep(std::size_t replication, const FunctionGroup& group, sim::SystemFigures figures)
{
    for (std::size_t i = 0; i < group.functions.size(); ++i)
        m_figures[replication * m_functions + group.functions[i]] = std::move(figures.functions[i]);
    for (std::size_t i = 0; i < group.backends.size(); ++i)
        m_backendFigures[replication * m_backends + group.backends[i]]
            = std::move(figures.backends[i]);
    for (std::size_t i = 0; i < group.queues.size(); ++i)
        m_queueFigures[replication * m_queues + group.queues[i]] = std::move(figures.queues[i]);
    for (std::size_t i = 0; i < group.streams.size(); ++i)
        m_streamFigures[replication * m_streams + group.streams[i]] = std::move(figures.streams[i]);
}

void PointRun::runItem(std::size_t item, const std::stop_token& stop,
                       const std::function<void(double)>& onProgress)
{
    std::function<void(std::int64_t)> reached;
    if (onProgress)
        reached = [&](std::int64_t at) {
            onProgress(static_cast<double>(at) / static_cast<double>(m_prepared.model.window.to));
        };
    if (m_second) {
        const std::size_t replication = m_again[item];
        const std::uint64_t seed = sim::replicationSeed(m_prepared.model.seed, replication);
        auto all
            = sim::simulateSystem(m_prepared.model, seed, {.stop = stop, .onProgress = reached});
        std::ranges::move(all.functions,
                          m_figures.begin()
                              + static_cast<std::ptrdiff_t>(replication * m_functions));
        std::ranges::move(all.backends,
                          m_backendFigures.begin()
                              + static_cast<std::ptrdiff_t>(replication * m_backends));
        std::ranges::move(all.queues,
                          m_queueFigures.begin()
                              + static_cast<std::ptrdiff_t>(replication * m_queues));
        std::ranges::move(all.streams,
                          m_streamFigures.begin()
                              + static_cast<std::ptrdiff_t>(replication * m_streams));
        return;
    }
    const std::size_t replication = item / m_groups.size();
    const FunctionGroup& group = m_groups[item % m_groups.size()];
    const sim::Model& model = group.model;
    const std::uint64_t seed = sim::replicationSeed(model.seed, replication);
    if (group.byKernel)
        m_figures[replication * m_functions + group.functions[0]] = sim::simulateKernel(
            model.platform, model.functions[0], seed, model.window, stop, reached);
    else
        keep(replication, group,
             sim::simulateSystem(model, seed, {.stop = stop, .onProgress = reached}));
}

bool PointRun::nextRound()
{
    if (m_second || m_groups.size() == 1
        || m_prepared.model.platform.accountConcurrency == kUnlimited)
        return false;
    const std::uint32_t capacity = openCapacity(m_prepared.model);
    for (std::size_t replication = 0; replication < m_replications; ++replication) {
        std::int64_t peaks = 0;
        for (std::size_t function = 0; function < m_functions; ++function) {
            const engine::FunctionRules& rules = m_prepared.model.functions[function].rules;
            if (!rules.reserved)
                peaks += m_figures[replication * m_functions + function].peakInUse
                    - rules.provisioned;
        }
        if (peaks > std::int64_t{capacity}) {
            m_together[replication] = true;
            m_again.push_back(replication);
        }
    }
    m_second = true;
    m_items = m_again.size();
    return m_items > 0;
}

PointResult PointRun::finish()
{
    PointResult result;
    result.settings = m_settings;
    for (std::size_t i = 0; i < m_figures.size(); ++i) {
        const bool kernel = m_byKernel[i % m_functions] && !together(i / m_functions);
        (kernel ? result.byKernel : result.byEngine) += m_figures[i].arrived;
    }
    estimateAll(result);
    estimateBackends(result);
    estimateQueues(result);
    estimateStreams(result);
    makeSeries(result);
    return result;
}

void PointRun::estimateAll(PointResult& result) const
{
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    const auto all = sim::metrics();
    const auto& functions = m_prepared.model.functions;
    const std::size_t gbS = static_cast<std::size_t>(sim::findMetric("billedGbS") - all.data());
    const std::size_t idleGbS = static_cast<std::size_t>(sim::findMetric("idleGbS") - all.data());
    // values[metric][replication], of a function or of all.
    using Values = std::vector<std::vector<double>>;
    const auto estimated = [&](std::string name, const Values& values) {
        FunctionResult made{std::move(name), {}};
        for (const auto& each : values)
            made.figures.push_back(sim::estimate(each));
        return made;
    };
    Values total(all.size(), std::vector<double>(m_replications));
    std::vector<sim::Figures> sums(m_replications);
    std::vector<double> costs(m_replications);
    for (std::size_t f = 0; f < m_functions; ++f) {
        Values own(all.size(), std::vector<double>(m_replications));
        const double gb = functions[f].rules.memoryMb / 1024.0;
        for (std::size_t r = 0; r < m_replications; ++r) {
            const sim::Figures& figures = m_figures[r * m_functions + f];
            const double cost = m_prepared.prices
                ? sim::costOf(figures, functions[f], m_prepared.model.window, *m_prepared.prices)
                : unknown;
            for (std::size_t m = 0; m < all.size(); ++m)
                own[m][r] = m == gbS && !m_prepared.model.platform.attemptsBilled
                    ? unknown
                    : all[m].of({figures, m_prepared.model.window, gb, cost});
            total[gbS][r] += own[gbS][r], total[idleGbS][r] += own[idleGbS][r];
            costs[r] += cost;
            sums[r].add(figures);
        }
        result.functions.push_back(estimated(functions[f].name, own));
    }
    const auto isPeak = [&](std::size_t m) { return all[m].key.starts_with("peak"); };
    for (std::size_t r = 0; r < m_replications; ++r)
        for (std::size_t m = 0; m < all.size(); ++m)
            if (isPeak(m) && m_functions > 1) // functions peak at different times
                total[m][r] = unknown;
            else if (m != gbS && m != idleGbS)
                total[m][r] = all[m].of({sums[r], m_prepared.model.window, unknown, costs[r]});
    result.total = estimated("total", total);
}

void PointRun::estimateBackends(PointResult& result) const
{
    const sim::Model& model = m_prepared.model;
    for (std::size_t b = 0; b < m_backends; ++b) {
        BackendResult made{model.backends[b].name, {}};
        for (const sim::BackendMetric& metric : sim::backendMetrics()) {
            std::vector<double> values;
            for (std::size_t r = 0; r < m_replications; ++r)
                values.push_back(metric.of(
                    {m_backendFigures[r * m_backends + b], model.window, model.backends[b]}));
            made.figures.push_back(sim::estimate(values));
        }
        result.backends.push_back(std::move(made));
    }
}

void PointRun::estimateQueues(PointResult& result) const
{
    const sim::Model& model = m_prepared.model;
    for (std::size_t q = 0; q < m_queues; ++q) {
        QueueResult made{model.queues[q].name, {}, {}};
        for (const sim::QueueMetric& metric : sim::queueMetrics()) {
            std::vector<double> values;
            for (std::size_t r = 0; r < m_replications; ++r)
                values.push_back(metric.of({m_queueFigures[r * m_queues + q], model.window}));
            made.figures.push_back(sim::estimate(values));
        }
        made.depth = seriesOf(model.window, m_replications, [&](std::size_t r, std::size_t i) {
            const auto& steps = m_queueFigures[r * m_queues + q].stepDepthNs;
            return i < steps.size() ? static_cast<double>(steps[i]) * 1e-9 : 0; // nobody uses it
        });
        result.queues.push_back(std::move(made));
    }
}

void PointRun::estimateStreams(PointResult& result) const
{
    const sim::Model& model = m_prepared.model;
    for (std::size_t s = 0; s < m_streams; ++s) {
        StreamResult made{model.streams[s].name, {}};
        for (const sim::StreamMetric& metric : sim::streamMetrics()) {
            std::vector<double> values;
            for (std::size_t r = 0; r < m_replications; ++r)
                values.push_back(metric.of({m_streamFigures[r * m_streams + s], model.window}));
            made.figures.push_back(sim::estimate(values));
        }
        result.streams.push_back(std::move(made));
    }
}

void PointRun::makeSeries(PointResult& result) const
{
    const sim::Window& window = m_prepared.model.window;
    result.stepS = static_cast<double>(window.step) * 1e-9;
    result.fromS = static_cast<double>(window.from) * 1e-9;
    const auto series = [&](auto&& of) {
        return seriesOf(window, m_replications, [&](std::size_t r, std::size_t i) {
            double value = 0;
            for (std::size_t f = 0; f < m_functions; ++f)
                value += of(m_figures[r * m_functions + f].steps[i]);
            return value;
        });
    };
    using S = const sim::Step&;
    result.inUse = series([](S s) { return static_cast<double>(s.inUseNs) * 1e-9; });
    result.alive = series([](S s) { return static_cast<double>(s.aliveNs) * 1e-9; });
    result.arrivals = series([](S s) { return static_cast<double>(s.arrived); });
    result.coldStarts = series([](S s) { return static_cast<double>(s.cold); });
    result.rejections = series([](S s) { return static_cast<double>(s.rejected); });
}

} // namespace coldframe::study
