#include "ui/replay/replay_model.h"

#include "ui/replay/replay_text.h"
#include "ui/simulate/figures_model.h"

namespace coldframe::ui {

void ReplayModel::setComparison(std::shared_ptr<const study::Comparison> comparison, bool played)
{
    beginResetModel();
    m_comparison = std::move(comparison);
    m_played = played;
    if (m_comparison && m_function >= static_cast<int>(m_comparison->functions.size()))
        m_function = -1;
    endResetModel();
}

void ReplayModel::setFunction(int function)
{
    if (function == m_function)
        return;
    beginResetModel();
    m_function = function;
    endResetModel();
}

const study::ComparedFunction& ReplayModel::shown() const
{
    return m_function < 0 ? m_comparison->total
                          : m_comparison->functions.at(static_cast<std::size_t>(m_function));
}

int ReplayModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_comparison ? 0 : static_cast<int>(shown().figures.size());
}

int ReplayModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QString ReplayModel::textAt(const QModelIndex& index) const
{
    const study::FigurePair& pair = shown().figures.at(static_cast<std::size_t>(index.row()));
    switch (index.column()) {
    case Figure:
        return pairTitle(pair);
    case Recorded:
        return pairValue(pair, pair.recorded);
    case Replayed:
        return m_played ? pairValue(pair, pair.replayed) : QStringLiteral("–");
    case Difference:
        return m_played ? pairDifference(pair) : QString();
    default:
        return m_played ? pairPercent(pair) : QString();
    }
}

QString ReplayModel::helpAt(const QModelIndex& index) const
{
    const study::FigurePair& pair = shown().figures.at(static_cast<std::size_t>(index.row()));
    return pair.basis == study::Basis::Counted
        ? tr("Counted: decisions of the engine")
        : tr("Modelled: platform time from what was measured, prices from the price book");
}

QVariant ReplayModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool difference = index.column() == Difference || index.column() == Percent;
    switch (role) {
    case Qt::DisplayRole:
        return textAt(index);
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(), textAt(index));
    case Qt::TextAlignmentRole:
        return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole:
        return helpAt(index);
    case FiguresModel::DifferenceRole:
        return difference;
    case FiguresModel::AlikeRole:
        return difference
            && shown().figures.at(static_cast<std::size_t>(index.row())).difference() == 0.0;
    default:
        return {};
    }
}

QVariant ReplayModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == Figure ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Figure:
        return tr("Figure");
    case Recorded:
        return tr("Recorded");
    case Replayed:
        return tr("Replayed");
    case Difference:
        return tr("Difference");
    default:
        return tr("%");
    }
}

} // namespace coldframe::ui
