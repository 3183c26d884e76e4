#include "ui/simulate/figures_model.h"

#include <algorithm>

#include "ui/simulate/figure_text.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

const std::optional<sim::Estimate>& figureOf(const study::FunctionResult& function,
                                             const sim::Metric& metric)
{
    return function.figures.at(static_cast<std::size_t>(&metric - sim::metrics().data()));
}

const study::FunctionResult* named(const study::PointResult& point, const std::string& name,
                                   bool total)
{
    if (total)
        return &point.total;
    const auto found = std::ranges::find(point.functions, name, &study::FunctionResult::name);
    return found == point.functions.end() ? nullptr : &*found;
}

} // namespace

bool isSweep(const study::SimulationResult& result)
{
    return !result.points.empty() && !result.points.front().settings.empty();
}

const study::PointResult* counterpart(const study::PointResult& point,
                                      const study::SimulationResult& other)
{
    const auto found
        = std::ranges::find(other.points, point.settings, &study::PointResult::settings);
    if (found != other.points.end())
        return &*found;
    return other.points.size() == 1 && !isSweep(other) ? &other.points.front() : nullptr;
}

FiguresModel::FiguresModel(QObject* parent)
    : QAbstractTableModel(parent), m_figure(&sim::metrics().front())
{ }

void FiguresModel::setResult(ResultPtr result)
{
    beginResetModel();
    m_result = result && !result->points.empty() ? std::move(result) : nullptr;
    endResetModel();
}

void FiguresModel::setKept(ResultPtr kept)
{
    beginResetModel();
    m_kept = std::move(kept);
    endResetModel();
}

void FiguresModel::setFigure(const sim::Metric* metric)
{
    if (!metric || metric == m_figure)
        return;
    beginResetModel();
    m_figure = metric;
    endResetModel();
}

bool FiguresModel::swept() const
{
    return isSweep(*m_result);
}

int FiguresModel::headColumns() const
{
    return swept() ? static_cast<int>(m_result->points.front().settings.size()) : 1;
}

int FiguresModel::functionCount() const
{
    const std::size_t count = m_result->points.front().functions.size();
    return static_cast<int>(count == 1 ? 1 : count + 1);
}

const study::FunctionResult* FiguresModel::functionOf(const study::PointResult& point,
                                                      int function) const
{
    if (functionCount() == 1)
        return &point.functions.front();
    return function == 0 ? &point.total
                         : &point.functions.at(static_cast<std::size_t>(function - 1));
}

int FiguresModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_result)
        return 0;
    return static_cast<int>(swept() ? m_result->points.size() : sim::metrics().size());
}

int FiguresModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_result ? 0 : headColumns() + functionCount() * perFunction();
}

FiguresModel::Cell FiguresModel::cellAt(const QModelIndex& index) const
{
    const auto row = static_cast<std::size_t>(index.row());
    const study::PointResult& point = m_result->points.at(swept() ? row : 0);
    const int function = (index.column() - headColumns()) / perFunction();
    Cell cell{swept() ? m_figure : &sim::metrics()[row], functionOf(point, function), nullptr};
    if (m_kept)
        if (const study::PointResult* other = counterpart(point, *m_kept))
            cell.before = named(*other, cell.function->name, cell.function == &point.total);
    return cell;
}

QString FiguresModel::headText(const QModelIndex& index) const
{
    const auto row = static_cast<std::size_t>(index.row());
    return swept() ? plainValue(
               m_result->points.at(row).settings.at(static_cast<std::size_t>(index.column())).value)
                   : figureTitle(sim::metrics()[row]);
}

QString FiguresModel::textAt(const QModelIndex& index) const
{
    if (index.column() < headColumns())
        return headText(index);
    const Cell cell = cellAt(index);
    const auto& figure = figureOf(*cell.function, *cell.metric);
    if ((index.column() - headColumns()) % perFunction() == 0)
        return figureText(*cell.metric, figure);
    return cell.before ? differenceOf(figure, figureOf(*cell.before, *cell.metric)).text
                       : QString();
}

QVariant FiguresModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool head = index.column() < headColumns();
    const bool difference = !head && (index.column() - headColumns()) % perFunction() == 1;
    switch (role) {
    case Qt::DisplayRole:
        return textAt(index);
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(), textAt(index));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((head && !swept() ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    case Qt::ToolTipRole: {
        if (head)
            return {};
        const Cell cell = cellAt(index);
        if (difference)
            return cell.before
                ? tr("Kept: %1").arg(figureText(*cell.metric, figureOf(*cell.before, *cell.metric)))
                : tr("The kept result has no such function or point");
        return figureOf(*cell.function, *cell.metric) && m_result->replications > 1
            ? tr("Mean of %n runs and half the width of its 95 % confidence interval", nullptr,
                 static_cast<int>(m_result->replications))
            : QVariant();
    }
    case DifferenceRole:
        return difference;
    case AlikeRole: {
        if (!difference)
            return false;
        const Cell cell = cellAt(index);
        return !cell.before
            || !differenceOf(figureOf(*cell.function, *cell.metric),
                             figureOf(*cell.before, *cell.metric))
                    .beyondChance;
    }
    default:
        return {};
    }
}

QVariant FiguresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || !m_result || section < 0 || section >= columnCount())
        return {};
    const bool head = section < headColumns();
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((head && !swept() ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    const study::PointResult& first = m_result->points.front();
    if (head)
        return swept() ? shortPath(first.settings.at(static_cast<std::size_t>(section)).path)
                       : tr("Figure");
    const int function = (section - headColumns()) / perFunction();
    if ((section - headColumns()) % perFunction() == 1)
        return tr("Δ kept");
    const study::FunctionResult* result = functionOf(first, function);
    return result == &first.total ? tr("All functions") : text(result->name);
}

} // namespace coldframe::ui
