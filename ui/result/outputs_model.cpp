#include "ui/result/outputs_model.h"

#include "ui/support/format.h"

namespace coldframe::ui {

void OutputsModel::setOutputs(std::vector<Output> outputs)
{
    beginResetModel();
    m_outputs = std::move(outputs);
    endResetModel();
}

bool OutputsModel::isMessage(int row) const
{
    return m_queues.contains(text(output(row).store));
}

int OutputsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_outputs.size());
}

int OutputsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant OutputsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Output& output = this->output(index.row());
    if (role == Qt::TextAlignmentRole && index.column() == Size)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && index.column() == Key)
        return text(output.key);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Key:
        return isMessage(index.row()) ? tr("message %1").arg(text(output.key)) : text(output.key);
    case Store:
        return text(output.store);
    default:
        return bytesText(output.bytes);
    }
}

QVariant OutputsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[Columns] = {tr("Output"), tr("Store"), tr("Size")};
    return section < Columns ? titles[section] : QString();
}

} // namespace coldframe::ui
