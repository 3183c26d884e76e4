#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "made_up_attempts.h"
#include "ui/attempts/attempts_model.h"

using namespace coldframe;
using namespace coldframe::ui;
using attempts_test::MadeUpRun;

namespace {

AttemptFilter filter(const char* text)
{
    return parseAttemptFilter(text).filter;
}

/// Rows 0 … `end` of the made-up run that match, newest first, as invocations.
QList<int> expected(const char* text, std::uint64_t from, std::uint64_t end)
{
    const auto workspace = MadeUpRun::workspace();
    const AttemptMatcher matcher(filter(text), workspace.get());
    QList<int> made;
    for (std::uint64_t row = end; row-- > from;)
        if (matcher(MadeUpRun::row(row)))
            made.append(static_cast<int>(row + 1));
    return made;
}

QList<int> shown(const AttemptsModel& model)
{
    QList<int> made;
    for (int row = 0; row < model.rowCount(); ++row)
        made.append(static_cast<int>(model.attempt(row).invocation));
    return made;
}

} // namespace

class TestAttemptsModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void newestIsOnTopAndNewRowsComeAbove();
    void manySnapshotsAreOneInsertion();
    void filterShowsWhatMatchesAndFollows();
    void filterFindsFarBackInSlices();
    void changingAndClearingTheFilter();
    void anotherRunStartsAnew();
    void rowsThatTheLogLetGoLeave_data();
    void rowsThatTheLogLetGoLeave();
    void tallyCountsWhatWasThereAndWhatComes();
    void cellsSayWhatTheyAre();
    void selectionStaysOnItsAttempt();
    void budgets();
};

void TestAttemptsModel::newestIsOnTopAndNewRowsComeAbove()
{
    MadeUpRun run;
    AttemptsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    model.show(run.snapshot());
    QCOMPARE(model.rowCount(), 0);
    run.append(3);
    model.show(run.snapshot());
    QTRY_COMPARE(shown(model), (QList<int>{3, 2, 1}));
    run.append(2);
    model.show(run.snapshot());
    QTRY_COMPARE(shown(model), (QList<int>{5, 4, 3, 2, 1}));
    QCOMPARE(model.total(), std::uint64_t(5));
}

void TestAttemptsModel::manySnapshotsAreOneInsertion()
{
    MadeUpRun run;
    AttemptsModel model;
    model.show(run.snapshot());
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    for (int i = 0; i < 50; ++i) {
        run.append(10);
        model.show(run.snapshot());
    }
    QTRY_COMPARE(model.rowCount(), 500);
    QVERIFY2(inserted.count() <= 2, "at most five times a second");
}

void TestAttemptsModel::filterShowsWhatMatchesAndFollows()
{
    MadeUpRun run;
    AttemptsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    run.append(300);
    model.show(run.snapshot());
    model.setFilter(filter("status:throttled"));
    QCOMPARE(shown(model), expected("status:throttled", 0, 300));
    run.append(200);
    model.show(run.snapshot());
    QTRY_COMPARE(model.total(), std::uint64_t(500));
    QCOMPARE(shown(model), expected("status:throttled", 0, 500));
}

void TestAttemptsModel::filterFindsFarBackInSlices()
{
    constexpr int kRows = 150'000;
    MadeUpRun run;
    AttemptsModel model;
    run.append(kRows);
    model.show(run.snapshot());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setFilter(filter("cold:yes fn:csv*"));
    QVERIFY(model.searching());
    QVERIFY2(model.rowCount() > 0, "the newest show at once");
    QCOMPARE(shown(model).first(), expected("cold:yes fn:csv*", kRows - 2000, kRows).first());
    run.append(1000); // while it searches
    model.show(run.snapshot());
    QTRY_VERIFY(!model.searching() && model.total() == kRows + 1000);
    QCOMPARE(shown(model), expected("cold:yes fn:csv*", 0, kRows + 1000));
}

void TestAttemptsModel::changingAndClearingTheFilter()
{
    MadeUpRun run;
    AttemptsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    run.append(100'000);
    model.show(run.snapshot());
    model.setFilter(filter("cold:yes"));
    model.setFilter(filter("status:timeout")); // before the first has ended
    QTRY_VERIFY(!model.searching());
    QCOMPARE(shown(model), expected("status:timeout", 0, 100'000));
    model.setFilter({});
    QCOMPARE(model.rowCount(), 100'000);
    model.setFilter(filter("fn:no-such-function"));
    QTRY_VERIFY(!model.searching());
    QCOMPARE(model.rowCount(), 0);
}

void TestAttemptsModel::anotherRunStartsAnew()
{
    MadeUpRun first;
    first.append(400);
    MadeUpRun second;
    second.append(70);
    AttemptsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.show(first.snapshot());
    model.setFilter(filter("cold:yes"));
    auto snapshot = second.snapshot();
    snapshot->startedAt += std::chrono::hours(1);
    model.show(snapshot);
    QCOMPARE(model.total(), std::uint64_t(70));
    QCOMPARE(shown(model), expected("cold:yes", 0, 70));
    QCOMPARE(model.tally().cold, static_cast<std::uint64_t>(model.rowCount()));
}

void TestAttemptsModel::rowsThatTheLogLetGoLeave_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("unfiltered") << QString();
    QTest::newRow("filtered") << QStringLiteral("status:throttled");
}

void TestAttemptsModel::rowsThatTheLogLetGoLeave()
{
    QFETCH(QString, text);
    constexpr std::uint64_t kChunk = history::AttemptLog::kChunkRows;
    MadeUpRun run(2 * kChunk);
    AttemptsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    run.append(2 * kChunk - 10);
    model.show(run.snapshot());
    model.setFilter(filter(qPrintable(text)));
    QTRY_VERIFY(!model.searching());
    run.append(100); // a third chunk: the first goes
    const auto snapshot = run.snapshot();
    QCOMPARE(snapshot->attempts.firstRow(), kChunk);
    model.show(snapshot);
    QTRY_COMPARE(model.total(), 2 * kChunk + 90);
    QCOMPARE(shown(model), expected(qPrintable(text), kChunk, 2 * kChunk + 90));
}

void TestAttemptsModel::tallyCountsWhatWasThereAndWhatComes()
{
    constexpr std::uint64_t kRows = 100'000;
    MadeUpRun run;
    run.append(kRows);
    AttemptsModel model;
    model.show(run.snapshot());
    run.append(500);
    model.show(run.snapshot());
    AttemptTally all;
    for (std::uint64_t row = 0; row < kRows + 500; ++row) {
        const history::AttemptRow made = MadeUpRun::row(row);
        all.failures += isFailure(statusOf(made)) ? 1 : 0;
        all.throttled += statusOf(made) == AttemptStatus::Throttled ? 1 : 0;
        all.cold += made.start == history::StartKind::Cold ? 1 : 0;
    }
    QTRY_VERIFY(model.tally() == all);
}

void TestAttemptsModel::cellsSayWhatTheyAre()
{
    MadeUpRun run;
    history::AttemptRow row = MadeUpRun::row(0);
    row.ending = history::Ending::Succeeded;
    row.function = 1;
    row.trigger = 0;
    row.start = history::StartKind::Cold;
    row.init = std::chrono::microseconds(312'400);
    row.platform = std::chrono::microseconds(461'400);
    row.peakMemoryKb = 92 * 1024;
    row.costPicodollars = 4'030'000;
    row.requestId = history::parseRequestId("00b2eee0-b834-4f11-9a5e-5c1f0d3f8a77");
    run.append(row);
    row.ending = history::Ending::Rejected;
    row.why = engine::Why::ThrottledReserved;
    row.start = history::StartKind::None;
    row.init = Duration::zero();
    row.peakMemoryKb = 0;
    run.append(row);
    AttemptsModel model;
    model.show(run.snapshot());
    const auto cell = [&](int line, AttemptColumn column, int role = Qt::DisplayRole) {
        return model.index(line, static_cast<int>(column)).data(role).toString();
    };
    QCOMPARE(cell(1, AttemptColumn::Function), QStringLiteral("orders-audit"));
    QCOMPARE(cell(1, AttemptColumn::Start), QStringLiteral("cold"));
    QCOMPARE(cell(1, AttemptColumn::Trigger), QStringLiteral("send"));
    QCOMPARE(cell(1, AttemptColumn::RequestId), QStringLiteral("00b2eee0-b834"));
    QCOMPARE(cell(1, AttemptColumn::RequestId, Qt::ToolTipRole),
             QStringLiteral("00b2eee0-b834-4f11-9a5e-5c1f0d3f8a77"));
    QCOMPARE(cell(1, AttemptColumn::Status), QStringLiteral("ok"));
    QCOMPARE(cell(1, AttemptColumn::Init), QStringLiteral("312.4 ms"));
    QCOMPARE(cell(1, AttemptColumn::Platform), QStringLiteral("461.4 ms"));
    QCOMPARE(cell(1, AttemptColumn::Memory), QStringLiteral("92 MB"));
    QCOMPARE(cell(1, AttemptColumn::Cost), QStringLiteral("4.03"));
    QCOMPARE(cell(0, AttemptColumn::Status), QStringLiteral("throttled"));
    QCOMPARE(cell(0, AttemptColumn::Platform), QStringLiteral("—"));
    QCOMPARE(cell(0, AttemptColumn::Start), QStringLiteral("—"));
    QCOMPARE(cell(0, AttemptColumn::Status, Qt::AccessibleTextRole),
             QStringLiteral("Status: throttled"));
    QVERIFY(!cell(0, AttemptColumn::Status, Qt::ToolTipRole).isEmpty());
}

void TestAttemptsModel::selectionStaysOnItsAttempt()
{
    MadeUpRun run;
    run.append(10);
    AttemptsModel model;
    model.show(run.snapshot());
    const QPersistentModelIndex kept = model.index(4, 0);
    const std::uint32_t invocation = model.attempt(4).invocation;
    run.append(25);
    model.show(run.snapshot());
    QTRY_COMPARE(model.rowCount(), 35);
    QCOMPARE(model.attempt(kept.row()).invocation, invocation);
    QCOMPARE(model.rowOf(invocation), kept.row());
    QCOMPARE(model.rowOf(9999), -1);
}

void TestAttemptsModel::budgets()
{
    MadeUpRun run;
    run.append(1'000'000);
    AttemptsModel model;
    QElapsedTimer timer;
    timer.start();
    model.show(run.snapshot());
    const double first = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    timer.start();
    model.setFilter(filter("status:error cold:yes"));
    const double atOnce = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    QTRY_VERIFY(!model.searching());
    const double all = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    qInfo("a million rows: shown in %.2f ms, filter's first rows in %.2f ms, all in %.0f ms", first,
          atOnce, all);
}

QTEST_GUILESS_MAIN(TestAttemptsModel)
#include "tst_attempts_model.moc"
