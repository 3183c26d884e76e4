#include "ui/attempts/attempts_model.h"

#include <QTimer>

#include <algorithm>
#include <unordered_set>

#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr int kApplyEveryMs = 200;
/// Looked at in one go: about a millisecond of it.
constexpr std::uint64_t kSlice = 32'768;
/// Rows go in blocks: a view pays for its whole length each time.
constexpr std::uint64_t kDropAtLeast = 65'536;

} // namespace

AttemptsModel::AttemptsModel(QObject* parent)
    : QAbstractTableModel(parent), m_later(new QTimer(this)), m_slices(new QTimer(this))
{
    m_later->setSingleShot(true);
    connect(m_later, &QTimer::timeout, this, &AttemptsModel::apply);
    connect(m_slices, &QTimer::timeout, this, &AttemptsModel::searchOn);
}

void AttemptsModel::show(std::shared_ptr<const session::Snapshot> snapshot)
{
    m_pending = std::move(snapshot);
    if (m_later->isActive())
        return;
    const qint64 elapsed = m_sinceApplied.isValid() ? m_sinceApplied.elapsed() : kApplyEveryMs;
    if (elapsed >= kApplyEveryMs || m_pending->startedAt != m_run)
        apply();
    else
        m_later->start(static_cast<int>(kApplyEveryMs - elapsed));
}

void AttemptsModel::setFilter(AttemptFilter filter)
{
    if (filter == m_filter)
        return;
    beginResetModel();
    m_filter = std::move(filter);
    m_matcher = AttemptMatcher(m_filter, m_workspace.get());
    m_index.clear();
    m_searched = m_end;
    m_first = firstInReach();
    endResetModel();
    searchOn(); // the newest show at once
}

void AttemptsModel::apply()
{
    m_sinceApplied.start();
    const auto snapshot = std::move(m_pending);
    const history::AttemptLog::View& next = snapshot->attempts;
    const bool otherWorkspace = snapshot->workspace != m_workspace;
    m_sandbox = snapshot->sandbox;
    if (otherWorkspace) {
        m_workspace = snapshot->workspace;
        m_matcher = AttemptMatcher(m_filter, m_workspace.get());
    }
    if (snapshot->startedAt != m_run || next.endRow() < m_end) {
        beginResetModel();
        m_run = snapshot->startedAt;
        m_view = next;
        m_end = m_searched = m_counted = next.endRow();
        m_first = firstInReach();
        m_index.clear();
        m_tally = {};
        endResetModel();
        searchOn();
        return;
    }
    // Rows that the log has let go leave the table before their memory goes with the old view.
    dropBefore(next.firstRow());
    m_view = next;
    takeNew();
    if (!filtered() && m_end - m_first > kMaxRows + kDropAtLeast)
        dropBefore(m_end - kMaxRows);
    if (otherWorkspace && rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kAttemptColumns - 1));
    Q_EMIT countsChanged();
}

std::uint64_t AttemptsModel::firstInReach() const
{
    return std::max(m_view.firstRow(), m_end > kMaxRows ? m_end - kMaxRows : 0);
}

void AttemptsModel::dropBefore(std::uint64_t first)
{
    m_searched = std::max(m_searched, first);
    m_counted = std::max(m_counted, first);
    const std::uint64_t gone
        = filtered() ? m_index.countBefore(first) : std::max(m_first, first) - m_first;
    if (gone > 0) {
        const int rows = rowCount();
        beginRemoveRows({}, rows - static_cast<int>(gone), rows - 1);
        if (filtered())
            m_index.dropOldest(gone);
        m_first = std::max(m_first, first);
        endRemoveRows();
    }
    m_first = std::max(m_first, first);
}

void AttemptsModel::takeNew()
{
    const std::uint64_t end = m_view.endRow();
    std::vector<std::uint32_t> matching;
    for (std::uint64_t row = m_end; row < end; ++row) {
        count(m_view[row]);
        if (filtered() && m_matcher(m_view[row]))
            matching.push_back(static_cast<std::uint32_t>(row));
    }
    const std::uint64_t added = filtered() ? matching.size() : end - m_end;
    if (added > 0)
        beginInsertRows({}, 0, static_cast<int>(added) - 1);
    m_index.addNewer(matching);
    m_end = end;
    if (added > 0)
        endInsertRows();
}

/// One slice of what lies further back, for the tally and for the filter.
void AttemptsModel::searchOn()
{
    const std::uint64_t first = m_view.firstRow();
    const auto sliceBelow
        = [first](std::uint64_t row) { return std::max(first, row > kSlice ? row - kSlice : 0); };
    if (m_counted > first)
        for (const std::uint64_t to = sliceBelow(m_counted); m_counted > to;)
            count(m_view[--m_counted]);
    if (searching()) {
        std::vector<std::uint32_t> matching;
        for (const std::uint64_t to = sliceBelow(m_searched); m_searched > to;)
            if (m_matcher(m_view[--m_searched]))
                matching.push_back(static_cast<std::uint32_t>(m_searched));
        if (!matching.empty()) {
            const int rows = rowCount();
            beginInsertRows({}, rows, rows + static_cast<int>(matching.size()) - 1);
            m_index.addOlder(matching);
            endInsertRows();
        }
    }
    if (m_counted > first || searching())
        m_slices->start(0);
    else
        m_slices->stop();
    Q_EMIT countsChanged();
}

void AttemptsModel::count(const history::AttemptRow& row)
{
    const AttemptStatus status = statusOf(row);
    m_tally.failures += isFailure(status) ? 1 : 0;
    m_tally.throttled += status == AttemptStatus::Throttled ? 1 : 0;
    m_tally.cold += row.start == history::StartKind::Cold ? 1 : 0;
}

bool AttemptsModel::searching() const
{
    return filtered() && m_searched > m_view.firstRow();
}

std::uint64_t AttemptsModel::logRow(int row) const
{
    const auto index = static_cast<std::uint64_t>(row);
    return filtered() ? m_index.at(index) : m_end - 1 - index;
}

const history::AttemptRow& AttemptsModel::attempt(int row) const
{
    return m_view[logRow(row)];
}

std::vector<history::AttemptRow> AttemptsModel::failures() const
{
    std::vector<history::AttemptRow> failed;
    std::unordered_set<std::uint32_t> known;
    for (int row = 0; row < rowCount(); ++row) {
        const history::AttemptRow& found = attempt(row);
        if (isFailure(statusOf(found)) && known.insert(found.invocation).second)
            failed.push_back(found);
    }
    std::ranges::reverse(failed);
    return failed;
}

int AttemptsModel::rowOf(std::uint32_t invocation) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (attempt(row).invocation == invocation)
            return row;
    return -1;
}

int AttemptsModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid())
        return 0;
    return static_cast<int>(filtered() ? m_index.size() : m_end - m_first);
}

int AttemptsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kAttemptColumns;
}

QVariant AttemptsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto column = static_cast<AttemptColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return attemptText(attempt(index.row()), column, m_workspace.get());
    case Qt::ToolTipRole:
        return attemptDetail(attempt(index.row()), column, m_workspace.get(), m_sandbox);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(column >= AttemptColumn::Init ? Qt::AlignRight : Qt::AlignLeft)
            | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(columnTitle(column),
                                attemptText(attempt(index.row()), column, m_workspace.get()));
    default:
        return {};
    }
}

QVariant AttemptsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kAttemptColumns)
        return {};
    const auto column = static_cast<AttemptColumn>(section);
    switch (role) {
    case Qt::DisplayRole:
        return columnTitle(column);
    case Qt::ToolTipRole:
        return columnHint(column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(column >= AttemptColumn::Init ? Qt::AlignRight : Qt::AlignLeft)
            | Qt::AlignVCenter);
    default:
        return {};
    }
}

} // namespace coldframe::ui
