#pragma once

#include <QListWidget>

#include "ui/tests_view/test_state.h"

namespace coldframe::ui {

/// One thing that is wrong with a test, and where that is written.
struct TestProblem {
    QString sentence, expected, got;
    QString file;
    int line = 0, column = 0; ///< 0: unknown
};
/// Mismatches, or why it could not be judged; empty when nothing is wrong.
QList<TestProblem> problemsOf(const TestRow& row);

/// What is wrong with one test: a sentence each, what was expected and what came. Double click or
/// Enter goes to the line that expects it.
class ProblemList : public QListWidget {
    Q_OBJECT
public:
    explicit ProblemList(QWidget* parent = nullptr);
    void setTheme(const Theme& theme);
    void setProblems(const QList<TestProblem>& problems);
    const QList<TestProblem>& problems() const { return m_problems; }

Q_SIGNALS:
    void placeWanted(const QString& file, int line, int column);

private:
    QList<TestProblem> m_problems;
};

} // namespace coldframe::ui
