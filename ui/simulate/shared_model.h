#pragma once

#include <QAbstractTableModel>

#include <optional>
#include <vector>

#include "sim/metrics.h"
#include "ui/simulate/simulation_job.h"

namespace coldframe::ui {

/// The figures of what functions share, of one point of a result, with their confidence: figures
/// down, backends or queues across. Beside a result that was kept each value has a column of how it
/// differs. Roles as of FiguresModel.
class SharedModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /// `point`: of the result's points. A result with nothing shared leaves nothing to show.
    void setPoint(ResultPtr result, ResultPtr kept, std::size_t point);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    using Figures = std::vector<std::optional<sim::Estimate>>;
    struct Shared {
        std::string name;
        Figures figures; ///< in the order of titleOf()
    };
    virtual std::vector<Shared> sharedOf(const study::PointResult& point) const = 0;
    virtual int figureCount() const = 0;
    /// As one of functions: they read alike.
    virtual sim::Metric metricOf(int figure) const = 0;
    virtual QString titleOf(int figure) const = 0;
    virtual QString heading() const = 0; ///< "Queues"

private:
    struct Cell {
        std::optional<sim::Estimate> figure, before;
        bool kept = false; ///< there is something to compare with
    };
    bool isDifference(int column) const
    {
        return m_perShared == 2 && column > 0 && column % 2 == 0;
    }
    Cell cellAt(const QModelIndex& index) const;
    QString textAt(const QModelIndex& index) const;

    std::vector<Shared> m_shared, m_before; ///< of the point, and of its counterpart that was kept
    int m_perShared = 1;
    std::uint32_t m_runs = 1;
};

} // namespace coldframe::ui
