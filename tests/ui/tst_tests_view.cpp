#include <QAbstractItemModelTester>
#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "check/expectation.h"
#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/explorer/explorer_pane.h"
#include "ui/shell/main_window.h"
#include "ui/shell/settings.h"
#include "ui/support/format.h"
#include "ui/tests_view/problem_list.h"
#include "ui/tests_view/test_runner.h"
#include "ui/tests_view/tests_model.h"
#include "ui/tests_view/tests_pane.h"
#include "ui/tests_view/tests_table.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;
using session::TestOutcome;

namespace {

constexpr int kPatienceMs = 30'000;
const char* const kRefused
    = "this folder's code has not been allowed to run yet; press Trust and start";

/// One test for each letter; of those in `expecting` something is expected.
std::vector<session::TestCase> testsNamed(const QString& letters, const QString& expecting)
{
    std::vector<session::TestCase> tests;
    for (const QChar letter : letters) {
        session::TestCase test;
        test.name = QString(letter).toStdString();
        if (expecting.contains(letter))
            test.expectation = check::readExpectation(*parseJson("{}", "made up")).expectation;
        tests.push_back(std::move(test));
    }
    return tests;
}

TestResultPtr resultOf(TestOutcome outcome)
{
    session::TestResult result;
    result.outcome = outcome;
    result.took = std::chrono::milliseconds(120);
    return std::make_shared<const session::TestResult>(std::move(result));
}

QStringList states(const TestsModel& model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all << model.index(row, TestsModel::StateColumn).data().toString();
    return all;
}

} // namespace

/// The list of tests and its words, and what does not run; what runs is in tst_window_tests.
class TestTestsView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void linesSayHowItWent();
    void resultsStayOverANewList();
    void summaryCountsWhatExpectsSomething_data();
    void summaryCountsWhatExpectsSomething();
    void mistakesInAnExpectationHaveTheirPlaces();
    void theRunnerRefusesWhatIsNotTrusted();
    void theWindowSaysWhyNothingRuns();
    void withoutEventsItTeaches();
    void aTabbedDockHasNoSecondHeading();

private:
    void write(const QString& name, const QByteArray& text) const;
    std::shared_ptr<session::Snapshot> snapshotHere(bool trusted) const;
    std::unique_ptr<MainWindow> window(bool trusted);

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<QTemporaryDir> m_folder;
    sample::MadeUpPort* m_port = nullptr;
};

void TestTestsView::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_tests_view"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
}

void TestTestsView::init()
{
    QSettings().clear();
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestTestsView::write(const QString& name, const QByteArray& text) const
{
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("events")));
    QFile file(m_folder->filePath(QStringLiteral("events/") + name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

std::shared_ptr<session::Snapshot> TestTestsView::snapshotHere(bool trusted) const
{
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->folder = m_folder->path().toStdString();
    snapshot->workspace = workspace;
    snapshot->trusted = trusted;
    return snapshot;
}

std::unique_ptr<MainWindow> TestTestsView::window(bool trusted)
{
    auto made = std::make_unique<MainWindow>(
        *m_themes, [this, trusted](const QString&) -> Result<std::unique_ptr<SessionPort>> {
            auto port = std::make_unique<sample::MadeUpPort>(snapshotHere(trusted));
            m_port = port.get();
            return port;
        });
    made->show();
    return QTest::qWaitForWindowExposed(made.get()) && made->openWorkspace(m_folder->path())
        ? std::move(made)
        : nullptr;
}

void TestTestsView::linesSayHowItWent()
{
    TestsModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto tests = testsNamed(QStringLiteral("abcdef"), QStringLiteral("abcde"));
    tests[4].errors = {{.message = "it is wrong"}};
    model.setTests(tests);
    model.setEnded(QStringLiteral("a"), resultOf(TestOutcome::Passed));
    model.setEnded(QStringLiteral("b"), resultOf(TestOutcome::Failed));
    model.setStarted(QStringLiteral("c"));
    model.setEnded(QStringLiteral("d"), resultOf(TestOutcome::NotRun));
    model.setStarted(QStringLiteral("x")); // has gone meanwhile
    QCOMPARE(states(model).join(QLatin1Char('|')),
             QStringLiteral("passed|failed|running|not run|broken|nothing expected"));
    QCOMPARE(model.index(0, TestsModel::TimeColumn).data().toString(), QStringLiteral("120.0 ms"));
    QCOMPARE(model.index(3, TestsModel::TimeColumn).data().toString(), QString());
    QCOMPARE(model.index(1, TestsModel::StateColumn).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("Status: failed"));
    model.forgetResults({QStringLiteral("b")});
    QCOMPARE(states(model).mid(0, 2).join(QLatin1Char('|')), QStringLiteral("passed|not run"));
}

void TestTestsView::resultsStayOverANewList()
{
    TestsModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setTests(testsNamed(QStringLiteral("bd"), QStringLiteral("bd")));
    model.setEnded(QStringLiteral("b"), resultOf(TestOutcome::Passed));
    model.setStarted(QStringLiteral("d"));
    QCOMPARE(resets.size(), 1);
    model.setTests(testsNamed(QStringLiteral("bd"), QStringLiteral("bd")));
    QCOMPARE(resets.size(), 1); // a view keeps its place
    model.setTests(testsNamed(QStringLiteral("abcd"), QStringLiteral("abcd")));
    QCOMPARE(states(model).join(QLatin1Char('|')),
             QStringLiteral("not run|passed|not run|running"));
    model.setTests(testsNamed(QStringLiteral("ab"), QStringLiteral("a")));
    QCOMPARE(states(model).join(QLatin1Char('|')), QStringLiteral("not run|nothing expected"));
    model.clear();
    QCOMPARE(model.rowCount(), 0);
}

void TestTestsView::summaryCountsWhatExpectsSomething_data()
{
    QTest::addColumn<QList<int>>("counts"); // as TestTally has them
    QTest::addColumn<QString>("sentence");
    QTest::newRow("nothing") << QList<int>{0, 0, 0, 0, 0} << "";
    QTest::newRow("nothing expected") << QList<int>{0, 0, 0, 0, 3} << "";
    QTest::newRow("none has run") << QList<int>{0, 0, 0, 4, 1} << "4 tests, not run yet";
    QTest::newRow("one, not run") << QList<int>{0, 0, 0, 1, 0} << "1 test, not run yet";
    QTest::newRow("all is well") << QList<int>{5, 0, 0, 0, 2} << "5 of 5 passed";
    QTest::newRow("one failed") << QList<int>{4, 1, 0, 0, 0} << "4 of 5 passed, 1 failed";
    QTest::newRow("of each") << QList<int>{4, 3, 2, 1, 9}
                             << "4 of 10 passed, 3 failed, 2 could not be judged, 1 not run";
}

void TestTestsView::summaryCountsWhatExpectsSomething()
{
    QFETCH(QList<int>, counts);
    QFETCH(QString, sentence);
    QCOMPARE(summaryText({counts[0], counts[1], counts[2], counts[3], counts[4]}), sentence);
}

void TestTestsView::mistakesInAnExpectationHaveTheirPlaces()
{
    write(QStringLiteral("csv-etl.json"), "{}");
    Settings().setEditor(QStringLiteral("/bin/true")); // it is really opened
    write(QStringLiteral("csv-etl.expect.json"), "{\n  \"statu\": \"succeeded\"\n}\n");
    const auto open = window(true);
    QVERIFY(open);
    open->findChild<QDockWidget*>(QStringLiteral("dock.tests"))->raise();
    auto* pane = open->findChild<TestsPane*>();
    QTRY_COMPARE_WITH_TIMEOUT(pane->problems()->count(), 1, kPatienceMs);
    QSignalSpy places(pane, &TestsPane::placeWanted);
    pane->problems()->setFocus();
    pane->problems()->setCurrentRow(0);
    QTest::keyClick(pane->problems(), Qt::Key_Return);
    QCOMPARE(places.size(), 1);
    const QString file = m_folder->filePath(QStringLiteral("events/csv-etl.expect.json"));
    QCOMPARE(places[0][0].toString(), file);
    QCOMPARE(places[0][1].toInt(), 2);
    QVERIFY2(pane->problems()->problems()[0].sentence.contains(QStringLiteral("\"statu\"")),
             qPrintable(pane->problems()->problems()[0].sentence));
    auto* explorer = open->findChild<ExplorerPane*>();
    const QString event = m_folder->filePath(QStringLiteral("events/csv-etl.json"));
    QTRY_COMPARE_WITH_TIMEOUT(explorer->model()
                                  .find(Section::TestEvents, event)
                                  .data(ExplorerModel::BadgeRole)
                                  .toString(),
                              QStringLiteral("broken"), kPatienceMs);
}

void TestTestsView::theRunnerRefusesWhatIsNotTrusted()
{
    write(QStringLiteral("csv-etl.json"), "{}");
    write(QStringLiteral("csv-etl.expect.json"), "{}");
    sample::MadeUpPort port(snapshotHere(false));
    TestRunner runner;
    QSignalSpy listed(&runner, &TestRunner::listed);
    QSignalSpy running(&runner, &TestRunner::runningChanged);
    runner.setPort(&port);
    QTRY_COMPARE_WITH_TIMEOUT(listed.size(), 1, kPatienceMs); // looking is no running
    const Result<void> begun = runner.run();
    QVERIFY(!begun);
    QCOMPARE(text(describe(begun.error())), QString::fromUtf8(kRefused));
    QVERIFY(!runner.isRunning());
    QCOMPARE(running.size(), 0);
}

void TestTestsView::theWindowSaysWhyNothingRuns()
{
    write(QStringLiteral("csv-etl.json"), "{}");
    write(QStringLiteral("csv-etl.expect.json"), "{}");
    const auto open = window(false);
    QVERIFY(open);
    open->findChild<QDockWidget*>(QStringLiteral("dock.tests"))->raise();
    auto* pane = open->findChild<TestsPane*>();
    QTRY_COMPARE_WITH_TIMEOUT(pane->table()->model()->rowCount(), 1, kPatienceMs);
    const auto says = [pane] {
        for (const QLabel* label : pane->findChildren<QLabel*>())
            if (label->isVisible() && label->text() == QString::fromUtf8(kRefused))
                return true;
        return false;
    };
    QTRY_VERIFY(says());
    QAction* all = open->actions().action(QStringLiteral("test.all"));
    QVERIFY(!all->isEnabled());
    m_port->publish(snapshotHere(true));
    QVERIFY(all->isEnabled());
    QVERIFY(!says());
}

void TestTestsView::withoutEventsItTeaches()
{
    const auto open = window(true);
    QVERIFY(open);
    open->findChild<QDockWidget*>(QStringLiteral("dock.tests"))->raise();
    const auto* pane = open->findChild<TestsPane*>();
    const auto shown = [pane](const char* part) {
        for (const QLabel* label : pane->findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(QLatin1String(part)))
                return true;
        return false;
    };
    QTRY_VERIFY(shown("events/NAME.expect.json"));
    QVERIFY(!open->actions().action(QStringLiteral("test.all"))->isEnabled());
    // An event without an expectation: how this one becomes a test, with its function.
    write(QStringLiteral("csv-etl.json"), "{}");
    QEvent back(QEvent::WindowActivate); // as from the editor it was written in
    QCoreApplication::sendEvent(open.get(), &back);
    QTRY_VERIFY_WITH_TIMEOUT(shown("events/csv-etl.expect.json"), kPatienceMs);
    QVERIFY(shown("\"function\": \"csv-etl\""));
    QVERIFY(!shown("NAME.expect.json"));
}

void TestTestsView::aTabbedDockHasNoSecondHeading()
{
    const auto open = window(true);
    QVERIFY(open);
    auto* tests = open->findChild<QDockWidget*>(QStringLiteral("dock.tests"));
    const auto* invocations = open->findChild<QDockWidget*>(QStringLiteral("dock.attempts"));
    QVERIFY(invocations->widget()->isVisible()); // it is in front at first
    QTRY_COMPARE(invocations->titleBarWidget()->height(), 0);
    open->splitDockWidget(open->findChild<QDockWidget*>(QStringLiteral("dock.live")), tests,
                          Qt::Vertical);
    QTRY_VERIFY(invocations->titleBarWidget()->height() > 10);
    QTRY_VERIFY(tests->titleBarWidget()->height() > 10);
}

QTEST_MAIN(TestTestsView)
#include "tst_tests_view.moc"
