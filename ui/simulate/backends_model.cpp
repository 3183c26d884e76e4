#include "ui/simulate/backends_model.h"

#include "sim/backend_metrics.h"
#include "ui/simulate/figure_text.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

/// Figures of backends read like those of functions.
sim::Metric asMetric(const sim::BackendMetric& metric)
{
    return {.key = metric.key, .unit = metric.unit, .of = nullptr};
}

} // namespace

void BackendsModel::setPoint(ResultPtr result, std::size_t point)
{
    beginResetModel();
    m_result = std::move(result);
    m_point = point;
    endResetModel();
}

const std::vector<study::BackendResult>& BackendsModel::backends() const
{
    static const std::vector<study::BackendResult> kNone;
    return m_result && m_point < m_result->points.size() ? m_result->points[m_point].backends
                                                         : kNone;
}

int BackendsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || backends().empty() ? 0
                                                  : static_cast<int>(sim::backendMetrics().size());
}

int BackendsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || backends().empty() ? 0 : 1 + static_cast<int>(backends().size());
}

QVariant BackendsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const sim::Metric metric = asMetric(sim::backendMetrics()[row]);
    const bool head = index.column() == 0;
    const QString shown = head
        ? figureTitle(metric)
        : figureText(metric,
                     backends().at(static_cast<std::size_t>(index.column() - 1)).figures.at(row));
    switch (role) {
    case Qt::DisplayRole:
        return shown;
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(), shown);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((head ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    default:
        return {};
    }
}

QVariant BackendsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Backends")
                        : text(backends().at(static_cast<std::size_t>(section - 1)).name);
}

} // namespace coldframe::ui
