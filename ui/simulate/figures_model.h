#pragma once

#include <QAbstractTableModel>

#include "sim/metrics.h"
#include "ui/simulate/simulation_job.h"

namespace coldframe::ui {

/// The figures of a result with their confidence: figures down and functions across; of a sweep,
/// its points down and, of one chosen figure, functions across. Beside a result that was kept each
/// value has a column of how it differs.
class FiguresModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        AlikeRole = Qt::UserRole, ///< bool: a difference that chance explains
        DifferenceRole
    }; ///< bool: the cell is a difference

    explicit FiguresModel(QObject* parent = nullptr);

    void setResult(ResultPtr result);
    void setKept(ResultPtr kept);
    /// Of a sweep.
    void setFigure(const sim::Metric* metric);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Cell {
        const sim::Metric* metric = nullptr;
        const study::FunctionResult* function = nullptr;
        const study::FunctionResult* before = nullptr; ///< of the kept result
    };
    bool swept() const;
    int headColumns() const; ///< before the values: the figure's name, or the swept settings
    int perFunction() const { return m_kept ? 2 : 1; }
    int functionCount() const; ///< shown: all together first, when there are several
    const study::FunctionResult* functionOf(const study::PointResult& point, int function) const;
    Cell cellAt(const QModelIndex& index) const;
    QString headText(const QModelIndex& index) const;
    QString textAt(const QModelIndex& index) const;

    ResultPtr m_result, m_kept;
    const sim::Metric* m_figure;
};

/// Whether several points were asked for, of one setting or more.
bool isSweep(const study::SimulationResult& result);
/// The point of another result with the same settings; its only one when it was no sweep. Null when
/// there is none.
const study::PointResult* counterpart(const study::PointResult& point,
                                      const study::SimulationResult& other);

} // namespace coldframe::ui
