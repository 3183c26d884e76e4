#pragma once

#include <QAbstractTableModel>

#include "ui/simulate/simulation_job.h"

namespace coldframe::ui {

/// The figures of the backends of one point, with their confidence: figures down, backends across.
class BackendsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /// `point`: of the result's points. A result without backends leaves nothing to show.
    void setPoint(ResultPtr result, std::size_t point);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const std::vector<study::BackendResult>& backends() const;

    ResultPtr m_result;
    std::size_t m_point = 0;
};

} // namespace coldframe::ui
