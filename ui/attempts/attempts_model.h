#pragma once

#include <QAbstractTableModel>
#include <QElapsedTimer>

#include <memory>
#include <vector>

#include "session/snapshot.h"
#include "ui/attempts/attempt_filter.h"
#include "ui/attempts/attempt_text.h"
#include "ui/attempts/row_index.h"

class QTimer;

namespace coldframe::ui {

/// How many attempts of the run ended in which way.
struct AttemptTally {
    std::uint64_t failures = 0, throttled = 0, cold = 0;
    bool operator==(const AttemptTally&) const = default;
};

/// The attempts of a run, newest first. It copies no row: it reads them where the log keeps them,
/// through an index of row numbers while a filter is set. New rows come in at most five times a
/// second. A filter searches backwards from now in short slices, so that what it finds first shows
/// at once and the window never waits.
class AttemptsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    /// Newest rows in reach without a filter. A view's bookkeeping grows with its rows; a filter
    /// reaches all that the log holds.
    static constexpr std::uint64_t kMaxRows = 1'048'576;

    explicit AttemptsModel(QObject* parent = nullptr);

    void show(std::shared_ptr<const session::Snapshot> snapshot);
    void setFilter(AttemptFilter filter);
    const AttemptFilter& filter() const { return m_filter; }

    const history::AttemptRow& attempt(int row) const;
    /// Row of the newest attempt at this invocation; -1 when it is not among the rows.
    int rowOf(std::uint32_t invocation) const;
    /// Oldest first; of several failed attempts at one invocation only the last.
    std::vector<history::AttemptRow> failures() const;
    const Workspace* workspace() const { return m_workspace.get(); }
    /// Modelled: what the platform takes to make one, at each cold start.
    Duration sandbox() const { return m_sandbox; }

    /// Attempts of the run, those no longer kept in memory included.
    std::uint64_t total() const { return m_end; }
    AttemptTally tally() const { return m_tally; }
    /// A filter is still searching.
    bool searching() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// Counts changed: total(), tally(), rowCount() or searching().
    void countsChanged();

private:
    void apply();
    void dropBefore(std::uint64_t first);
    void takeNew();
    std::uint64_t firstInReach() const;
    void searchOn();
    void count(const history::AttemptRow& row);
    std::uint64_t logRow(int row) const;
    bool filtered() const { return !m_matcher.matchesAll(); }

    std::shared_ptr<const session::Snapshot> m_pending;
    history::AttemptLog::View m_view;
    std::shared_ptr<const Workspace> m_workspace;
    Duration m_sandbox{};
    TimePoint m_run{}; ///< when the shown run began
    std::uint64_t m_first = 0; ///< oldest row in reach without a filter
    std::uint64_t m_end = 0; ///< one past the newest, as the log numbers them
    AttemptFilter m_filter;
    AttemptMatcher m_matcher;
    RowIndex m_index; ///< only while filtered
    std::uint64_t m_searched = 0; ///< from this row on, what matches is in the index
    std::uint64_t m_counted = 0; ///< from this row on, rows are in the tally
    AttemptTally m_tally;
    QElapsedTimer m_sinceApplied;
    QTimer* m_later;
    QTimer* m_slices;
};

} // namespace coldframe::ui
