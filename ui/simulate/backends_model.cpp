#include "ui/simulate/backends_model.h"

#include "sim/backend_metrics.h"
#include "ui/simulate/figure_text.h"

namespace coldframe::ui {

std::vector<SharedModel::Shared> BackendsModel::sharedOf(const study::PointResult& point) const
{
    std::vector<Shared> all;
    for (const study::BackendResult& backend : point.backends)
        all.push_back({backend.name, backend.figures});
    return all;
}

int BackendsModel::figureCount() const
{
    return static_cast<int>(sim::backendMetrics().size());
}

sim::Metric BackendsModel::metricOf(int figure) const
{
    const sim::BackendMetric& metric = sim::backendMetrics()[static_cast<std::size_t>(figure)];
    return {.key = metric.key, .unit = metric.unit, .of = nullptr};
}

QString BackendsModel::titleOf(int figure) const
{
    return figureTitle(metricOf(figure));
}

QString BackendsModel::heading() const
{
    return tr("Backends");
}

} // namespace coldframe::ui
