#pragma once

#include <QAbstractTableModel>

#include "ui/replay/replay_job.h"

namespace coldframe::ui {

/// The figures of both runs, one a row: recorded, replayed, difference and percent; of one function
/// or of all together. It has the roles of FiguresModel.
class ReplayModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Figure, Recorded, Replayed, Difference, Percent, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// With `played` false only the recorded run is shown.
    void setComparison(std::shared_ptr<const study::Comparison> comparison, bool played);
    /// By its place in the comparison; below zero: all together.
    void setFunction(int function);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const study::ComparedFunction& shown() const;
    QString textAt(const QModelIndex& index) const;
    QString helpAt(const QModelIndex& index) const;

    std::shared_ptr<const study::Comparison> m_comparison;
    bool m_played = false;
    int m_function = -1;
};

} // namespace coldframe::ui
