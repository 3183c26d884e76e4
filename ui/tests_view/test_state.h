#pragma once

#include <QHash>
#include <QString>

#include <memory>
#include <vector>

#include "session/test_run.h"
#include "ui/theme/theme.h"

namespace coldframe::ui {

/// What a test event's line says.
enum class TestState { NotRun, Running, Passed, Failed, Broken, NothingExpected };

/// How test events went last, by their paths, for who shows them elsewhere.
using TestMarks = QHash<QString, TestState>;

QString stateText(TestState state); ///< "passed", "nothing expected"
Tone stateTone(TestState state);

using TestResultPtr = std::shared_ptr<const session::TestResult>;

/// One test event, what is expected of it, and how it went last.
struct TestRow {
    session::TestCase test;
    TestResultPtr result; ///< null: it has not ended since the workspace was opened
    bool running = false;

    TestState state() const;
    bool ran() const; ///< it has ended, and its figures mean something
};

struct TestTally {
    int passed = 0, failed = 0, broken = 0, notRun = 0, nothingExpected = 0;
    int tests() const { return passed + failed + broken + notRun; } ///< that expect something
};
TestTally tallyOf(const std::vector<TestRow>& rows);

/// "4 of 5 passed, 1 failed"; what is zero is left out.
QString summaryText(const TestTally& tally);
/// Its figures, with where they are from; empty before it ran.
QString detailText(const TestRow& row);

} // namespace coldframe::ui
