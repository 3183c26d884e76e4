#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "session/snapshot.h"
#include "ui/theme/theme.h"

class QButtonGroup;
class QLabel;
class QLineEdit;
class QAction;
class QTimer;

namespace coldframe::ui {

class AttemptsModel;
class AttemptsTable;
class Chip;

/// The attempts of the run: a filter, a few ready ones as chips, and the table.
class AttemptsPane : public QWidget {
    Q_OBJECT
public:
    explicit AttemptsPane(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Selects the newest attempt at an invocation, clearing the filter if it hides it, and
    /// activates it. False when no attempt at it has ended yet.
    bool selectInvocation(std::uint32_t serial);
    void focusFilter();
    /// What can be done with the selected attempts; shown first in their menu.
    void setActions(QList<QAction*> actions) { m_actions = std::move(actions); }
    /// Oldest first.
    std::vector<history::AttemptRow> selectedAttempts() const;
    AttemptsModel* model() const { return m_model; }
    AttemptsTable* table() const { return m_table; }

    using QWidget::show;

public Q_SLOTS:
    /// Never null. While the pane is hidden only the newest is kept.
    void show(std::shared_ptr<const coldframe::session::Snapshot> snapshot);

Q_SIGNALS:
    /// Chosen by click, Enter, or by moving onto it.
    void attemptActivated(const coldframe::history::AttemptRow& attempt);
    void selectionChanged();

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildBar();
    void applyFilter();
    void clearFilter();
    void showProblem(const QString& problem);
    void updateCounts();
    void activateCurrent();
    void openMenu(QPoint position);

    AttemptsModel* m_model;
    AttemptsTable* m_table;
    QLineEdit* m_filter = nullptr;
    QAction* m_searchIcon = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_problem = nullptr;
    QButtonGroup* m_chips = nullptr;
    Chip* m_errors = nullptr;
    Chip* m_throttled = nullptr;
    Chip* m_cold = nullptr;
    QList<QAction*> m_actions;
    QTimer* m_typing;
    QTimer* m_moving;
    std::shared_ptr<const session::Snapshot> m_waiting; ///< while hidden
    const Theme* m_theme = &Theme::lightTheme();
};

} // namespace coldframe::ui
