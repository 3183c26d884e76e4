#pragma once

#include <QAbstractTableModel>
#include <QSet>

#include <vector>

#include "model/store_work.h"

namespace coldframe::ui {

/// The objects an attempt wrote and the messages it sent, a row each: key, store, size. Texts are
/// made when they are shown, so that ten thousand take no longer than ten.
class OutputsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Key, Store, Size, Columns };
    using QAbstractTableModel::QAbstractTableModel;

    /// Which stores are queues: outputs of theirs are messages.
    void setQueues(QSet<QString> queues) { m_queues = std::move(queues); }
    void setOutputs(std::vector<Output> outputs);
    bool isMessage(int row) const;
    const Output& output(int row) const { return m_outputs[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<Output> m_outputs;
    QSet<QString> m_queues;
};

} // namespace coldframe::ui
