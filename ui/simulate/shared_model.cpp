#include "ui/simulate/shared_model.h"

#include <algorithm>

#include "ui/simulate/figure_text.h"
#include "ui/simulate/figures_model.h"
#include "ui/support/format.h"

namespace coldframe::ui {

void SharedModel::setPoint(ResultPtr result, ResultPtr kept, std::size_t point)
{
    beginResetModel();
    m_shared.clear();
    m_before.clear();
    m_perShared = kept ? 2 : 1;
    if (result && point < result->points.size()) {
        m_shared = sharedOf(result->points[point]);
        m_runs = result->replications;
        if (const auto* other = kept ? counterpart(result->points[point], *kept) : nullptr)
            m_before = sharedOf(*other);
    }
    endResetModel();
}

int SharedModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_shared.empty() ? 0 : figureCount();
}

int SharedModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_shared.empty()
        ? 0
        : 1 + static_cast<int>(m_shared.size()) * m_perShared;
}

SharedModel::Cell SharedModel::cellAt(const QModelIndex& index) const
{
    const auto row = static_cast<std::size_t>(index.row());
    const Shared& shared
        = m_shared.at(static_cast<std::size_t>((index.column() - 1) / m_perShared));
    const auto before = std::ranges::find(m_before, shared.name, &Shared::name);
    Cell cell{.figure = shared.figures.at(row), .before = {}, .kept = before != m_before.end()};
    if (cell.kept)
        cell.before = before->figures.at(row);
    return cell;
}

QString SharedModel::textAt(const QModelIndex& index) const
{
    if (index.column() == 0)
        return titleOf(index.row());
    const Cell cell = cellAt(index);
    if (isDifference(index.column()))
        return cell.kept ? differenceOf(cell.figure, cell.before).text : QString();
    return figureText(metricOf(index.row()), cell.figure);
}

QVariant SharedModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool head = index.column() == 0, difference = isDifference(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return textAt(index);
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(), textAt(index));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((head ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case Qt::ToolTipRole: {
        if (head)
            return {};
        const Cell cell = cellAt(index);
        if (difference)
            return cell.kept ? tr("Kept: %1").arg(figureText(metricOf(index.row()), cell.before))
                             : tr("The kept result has none of this name");
        return cell.figure && m_runs > 1
            ? tr("Simulated. Mean of %n runs and half the width of its 95 % confidence interval",
                 nullptr, static_cast<int>(m_runs))
            : QVariant();
    }
    case FiguresModel::DifferenceRole:
        return difference;
    case FiguresModel::AlikeRole: {
        if (!difference)
            return false;
        const Cell cell = cellAt(index);
        return !cell.kept || !differenceOf(cell.figure, cell.before).beyondChance;
    }
    default:
        return {};
    }
}

QVariant SharedModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    if (section == 0)
        return heading();
    return isDifference(section)
        ? tr("Δ kept")
        : text(m_shared.at(static_cast<std::size_t>((section - 1) / m_perShared)).name);
}

} // namespace coldframe::ui
