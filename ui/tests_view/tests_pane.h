#pragma once

#include <QWidget>

#include "ui/tests_view/test_state.h"

class QAction;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace coldframe::ui {

class ExpectationHelp;
class ProblemList;
class StatusDot;
class TestsModel;
class TestsTable;
struct Theme;

/// The test events, how they went, and of the selected one what is not as expected.
class TestsPane : public QWidget {
    Q_OBJECT
public:
    /// The actions become buttons above the list, the first is *Test all*; they outlive the pane.
    TestsPane(TestsModel* model, const QList<QAction*>& actions, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// Why nothing can run, beside the buttons; empty when it can.
    void setRefusal(const QString& refusal);
    /// After a run: shows one that did not pass, unless such a one is shown already.
    void selectTrouble();
    TestsTable* table() const { return m_table; }
    ProblemList* problems() const { return m_problems; }

Q_SIGNALS:
    void eventWanted(const QString& path, const QString& function);
    void placeWanted(const QString& file, int line, int column);
    void testsWanted(const QStringList& names);

private:
    QWidget* buildBar(const QList<QAction*>& actions);
    QWidget* buildDetails();
    void showSelected();
    void showSummary();
    void refresh();
    const TestRow* selected() const;
    QStringList selectedNames() const;
    void openEvent();
    void openExpectation();
    void openMenu(QPoint position);

    TestsModel* m_model;
    TestsTable* m_table;
    StatusDot* m_summary = nullptr;
    QLabel* m_refusal = nullptr;
    QLabel* m_figures = nullptr;
    QLabel* m_message = nullptr;
    QPushButton* m_event = nullptr;
    QPushButton* m_expectation = nullptr;
    ProblemList* m_problems = nullptr;
    ExpectationHelp* m_help = nullptr;
    ExpectationHelp* m_empty = nullptr;
    QStackedWidget* m_details = nullptr;
    QStackedWidget* m_pages = nullptr;
    QAction* m_testAll; ///< can be used whenever any test can run
    QString m_current; ///< the selected test, which stays so over a new list
};

} // namespace coldframe::ui
