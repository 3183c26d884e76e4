#include "ui/simulate/queues_model.h"

#include "sim/queue_metrics.h"
#include "ui/simulate/figure_text.h"

namespace coldframe::ui {

std::vector<SharedModel::Shared> QueuesModel::sharedOf(const study::PointResult& point) const
{
    std::vector<Shared> all;
    for (const study::QueueResult& queue : point.queues)
        all.push_back({queue.name, queue.figures});
    return all;
}

int QueuesModel::figureCount() const
{
    return static_cast<int>(sim::queueMetrics().size());
}

sim::Metric QueuesModel::metricOf(int figure) const
{
    return asMetric(sim::queueMetrics()[static_cast<std::size_t>(figure)]);
}

QString QueuesModel::titleOf(int figure) const
{
    return queueFigureTitle(sim::queueMetrics()[static_cast<std::size_t>(figure)]);
}

QString QueuesModel::heading() const
{
    return tr("Queues");
}

} // namespace coldframe::ui
