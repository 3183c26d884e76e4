#include "ui/tests_view/tests_model.h"

#include <algorithm>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

bool sameNames(const std::vector<TestRow>& rows, const std::vector<session::TestCase>& tests)
{
    return std::ranges::equal(
        rows, tests, {}, [](const TestRow& row) { return row.test.name; },
        &session::TestCase::name);
}

/// Rows are in the order of their names' bytes, as findTests() gives them.
int rowNamed(const std::vector<TestRow>& rows, const std::string& name)
{
    const auto at = std::ranges::lower_bound(
        rows, name, {}, [](const TestRow& row) -> const std::string& { return row.test.name; });
    return at != rows.end() && at->test.name == name ? static_cast<int>(at - rows.begin()) : -1;
}

} // namespace

void TestsModel::setTests(const std::vector<session::TestCase>& tests)
{
    if (sameNames(m_rows, tests)) { // the usual case: a view keeps its place
        for (std::size_t at = 0; at < tests.size(); ++at)
            m_rows[at].test = tests[at];
        if (!tests.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
        return;
    }
    beginResetModel();
    const std::vector<TestRow> before = std::move(m_rows);
    m_rows.clear();
    for (const session::TestCase& test : tests) {
        TestRow row{.test = test, .result = nullptr};
        if (const int old = rowNamed(before, test.name); old >= 0) {
            row.result = before[static_cast<std::size_t>(old)].result;
            row.running = before[static_cast<std::size_t>(old)].running;
        }
        m_rows.push_back(std::move(row));
    }
    endResetModel();
}

int TestsModel::find(const QString& name) const
{
    return rowNamed(m_rows, name.toStdString());
}

void TestsModel::forgetResults(const QSet<QString>& names)
{
    for (TestRow& row : m_rows)
        if (names.isEmpty() || names.contains(text(row.test.name)))
            row.result.reset();
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

void TestsModel::setStarted(const QString& name)
{
    const int at = find(name);
    if (at < 0)
        return;
    m_rows[static_cast<std::size_t>(at)].running = true;
    changed(at);
}

void TestsModel::setEnded(const QString& name, TestResultPtr result)
{
    const int at = find(name);
    if (at < 0)
        return;
    TestRow& row = m_rows[static_cast<std::size_t>(at)];
    row.running = false;
    row.result = std::move(result);
    changed(at);
}

void TestsModel::changed(int row)
{
    Q_EMIT dataChanged(index(row, 0), index(row, kColumns - 1));
}

int TestsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int TestsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(kColumns);
}

QVariant TestsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TestRow& of = row(index.row());
    const QString text = cell(of, index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text;
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(headerData(index.column(), Qt::Horizontal, role).toString(), text);
    case Qt::ToolTipRole:
        return index.column() == TimeColumn ? detailText(of) : text;
    default:
        return {};
    }
}

QString TestsModel::cell(const TestRow& row, int column) const
{
    switch (column) {
    case StateColumn:
        return stateText(row.state());
    case NameColumn:
        return text(row.test.name);
    case FunctionColumn:
        return text(row.test.function);
    default:
        return row.ran() ? durationText(row.result->took) : QString();
    }
}

QVariant TestsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns)
        return {};
    const bool number = section == TimeColumn;
    if (role == Qt::TextAlignmentRole)
        return QVariant((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && number)
        return tr("All of the test on this machine: stores copied, process started, judged");
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    const QString titles[kColumns] = {tr("Status"), tr("Test event"), tr("Function"), tr("Time")};
    return titles[section];
}

} // namespace coldframe::ui
