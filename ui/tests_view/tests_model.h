#pragma once

#include <QAbstractTableModel>

#include "ui/tests_view/test_runner.h"
#include "ui/tests_view/test_state.h"

namespace coldframe::ui {

/// The workspace's test events, one line each, by name.
class TestsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { StateColumn, NameColumn, FunctionColumn, TimeColumn, kColumns };
    using QAbstractTableModel::QAbstractTableModel;

    /// What is there now. Results stay with the tests they are of.
    void setTests(const std::vector<session::TestCase>& tests);
    void clear() { setTests({}); }
    /// Of these, or all: they are about to run again.
    void forgetResults(const QSet<QString>& names);
    void setStarted(const QString& name);
    void setEnded(const QString& name, TestResultPtr result);

    const std::vector<TestRow>& rows() const { return m_rows; }
    const TestRow& row(int at) const { return m_rows[static_cast<std::size_t>(at)]; }
    int find(const QString& name) const; ///< -1: there is none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString cell(const TestRow& row, int column) const;
    void changed(int row);

    std::vector<TestRow> m_rows;
};

} // namespace coldframe::ui
