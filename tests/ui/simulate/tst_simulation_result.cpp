#include <QAbstractItemModelTester>
#include <QTest>

#include <cmath>

#include "made_up_scenario.h"
#include "sim/backend_metrics.h"
#include "ui/simulate/backends_model.h"
#include "ui/simulate/figure_text.h"
#include "ui/simulate/figures_model.h"
#include "ui/simulate/queues_model.h"
#include "ui/simulate/result_lines.h"
#include "ui/simulate/scenario_paths.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace coldframe::ui::sample;
using sim::Estimate;

namespace {

QStringList headings(const FiguresModel& model)
{
    QStringList all;
    for (int column = 0; column < model.columnCount(); ++column)
        all << model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    return all;
}

QString cell(const FiguresModel& model, const QString& row, int column)
{
    for (int i = 0; i < model.rowCount(); ++i)
        if (model.index(i, 0).data().toString() == row)
            return model.index(i, column).data().toString();
    return QStringLiteral("no such row");
}

} // namespace

/// From results to what tables and charts show.
class TestSimulationResult : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void figuresReadWell_data();
    void figuresReadWell();
    void differencesSayWhetherChanceExplainsThem_data();
    void differencesSayWhetherChanceExplainsThem();
    void figuresDownAndFunctionsAcross();
    void pointsDownForASweep();
    void aKeptResultAddsDifferences();
    void overTimeThereIsABand();
    void aFamilyHasALineForEachFunction();
    void aSecondSweepMakesTheLines();
    void pathsAreThoseThatCanBeSet();
    void backendsAreTheChosenPoints();
    void queuesHaveATable();
    void queuesHaveLinesOverTime();
    void queuesOverASweep();
    void spansOfTimeAreReadAsTheyAreWritten_data();
    void spansOfTimeAreReadAsTheyAreWritten();
};

void TestSimulationResult::figuresReadWell_data()
{
    QTest::addColumn<QByteArray>("metric");
    QTest::addColumn<double>("mean");
    QTest::addColumn<double>("half"); // below 0: one run only
    QTest::addColumn<QString>("words");
    QTest::newRow("a count") << QByteArray("invocations") << 1203441.25 << 812.4
                             << QStringLiteral("1,203,441 ± 812");
    QTest::newRow("a count of one run")
        << QByteArray("coldStarts") << 17.0 << -1.0 << QStringLiteral("17");
    QTest::newRow("a share") << QByteArray("coldStartProbability") << 0.012345 << 0.0005
                             << QStringLiteral("1.234 % ± 0.050");
    QTest::newRow("milliseconds") << QByteArray("responseS/p50") << 0.2345 << 0.0012
                                  << QStringLiteral("234.5 ms ± 1.2");
    QTest::newRow("seconds") << QByteArray("responseS/p99") << 12.3456 << -1.0
                             << QStringLiteral("12.35 s");
    QTest::newRow("hours") << QByteArray("lifespanS") << 7200.0 << -1.0 << QStringLiteral("2 h");
    QTest::newRow("money") << QByteArray("costUsd") << 0.001234 << 0.00002
                           << QStringLiteral("$0.001234 ± 0.000020");
    QTest::newRow("nothing") << QByteArray("timeouts") << 0.0 << 0.0 << QStringLiteral("0");
}

void TestSimulationResult::figuresReadWell()
{
    QFETCH(QByteArray, metric);
    QFETCH(double, mean);
    QFETCH(double, half);
    QFETCH(QString, words);
    const Estimate figure{mean, half < 0 ? std::nullopt : std::optional(half)};
    QCOMPARE(figureText(*sim::findMetric(metric.constData()), figure), words);
}

void TestSimulationResult::differencesSayWhetherChanceExplainsThem_data()
{
    QTest::addColumn<double>("now");
    QTest::addColumn<double>("before");
    QTest::addColumn<double>("half");
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("beyond");
    QTest::newRow("more") << 112.0 << 100.0 << 1.0 << QStringLiteral("+12 %") << true;
    QTest::newRow("less") << 98.5 << 100.0 << 0.1 << QStringLiteral("−1.5 %") << true;
    QTest::newRow("by chance") << 101.0 << 100.0 << 1.0 << QStringLiteral("+1.0 % · within ±")
                               << false;
    QTest::newRow("the same") << 5.0 << 5.0 << 0.0 << QStringLiteral("same") << false;
    QTest::newRow("many times") << 5000.0 << 100.0 << 0.0 << QStringLiteral("×50.0") << true;
    QTest::newRow("from nothing") << 5.0 << 0.0 << 0.0 << QStringLiteral("from 0") << true;
}

void TestSimulationResult::differencesSayWhetherChanceExplainsThem()
{
    QFETCH(double, now);
    QFETCH(double, before);
    QFETCH(double, half);
    const Difference difference = differenceOf(Estimate{now, half}, Estimate{before, half});
    QTEST(difference.text, "words");
    QTEST(difference.beyondChance, "beyond");
}

void TestSimulationResult::figuresDownAndFunctionsAcross()
{
    FiguresModel model;
    const QAbstractItemModelTester tester(&model);
    QCOMPARE(model.rowCount(), 0);
    const ResultPtr result = resultOf(smallScenario());
    model.setResult(result);
    QCOMPARE(headings(model),
             (QStringList{QStringLiteral("Figure"), QStringLiteral("All functions"),
                          QStringLiteral("orders"), QStringLiteral("mails")}));
    QCOMPARE(model.rowCount(), static_cast<int>(sim::metrics().size()));
    const auto p99 = result->points.front().functions[0].figure("responseS/p99");
    QCOMPARE(cell(model, QStringLiteral("Response p99"), 2),
             figureText(*sim::findMetric("responseS/p99"), p99));
    QVERIFY(cell(model, QStringLiteral("Invocations"), 1).contains(u"±"));
    QCOMPARE(cell(model, QStringLiteral("Throttled"), 2), QStringLiteral("0"));
    model.setResult(nullptr);
    QCOMPARE(model.columnCount(), 0);
}

void TestSimulationResult::pointsDownForASweep()
{
    FiguresModel model;
    const QAbstractItemModelTester tester(&model);
    const ResultPtr result
        = resultOf(smallScenario(), {sweepOf("functions.mails.reservedConcurrency=1,2,4")});
    model.setResult(result);
    model.setFigure(sim::findMetric("rejectedProbability"));
    QCOMPARE(headings(model).front(), QStringLiteral("mails.reservedConcurrency"));
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(2, 0).data().toString(), QStringLiteral("4"));
    QCOMPARE(model.index(0, 3).data().toString(),
             figureText(*sim::findMetric("rejectedProbability"),
                        result->points[0].functions[1].figure("rejectedProbability")));
}

void TestSimulationResult::aKeptResultAddsDifferences()
{
    FiguresModel model;
    const QAbstractItemModelTester tester(&model);
    const ResultPtr before = resultOf(smallScenario());
    std::string changed = smallScenario();
    changed.replace(changed.find("\"reservedConcurrency\": 1"), 24, "\"reservedConcurrency\": 9");
    model.setResult(before);
    model.setKept(before);
    QCOMPARE(headings(model).at(2), QStringLiteral("Δ kept"));
    QCOMPARE(cell(model, QStringLiteral("Throttled"), 6), QStringLiteral("same"));
    model.setResult(resultOf(changed));
    const QString fewer = cell(model, QStringLiteral("Throttled"), 6);
    QVERIFY2(fewer.startsWith(u"−") && !fewer.contains(u"within"), qPrintable(fewer));
    // The other function is as it was: the same draws.
    QCOMPARE(cell(model, QStringLiteral("Invocations"), 4), QStringLiteral("same"));
    QVERIFY(model.index(0, 2).data(FiguresModel::DifferenceRole).toBool());
}

void TestSimulationResult::overTimeThereIsABand()
{
    const ResultPtr result = resultOf(smallScenario());
    const study::PointResult& point = result->points.front();
    const auto lines = concurrencyLines(point, &point);
    QCOMPARE(lines.size(), std::size_t{4});
    QCOMPARE(lines[1].points.size(), 30); // of 1,800 s in steps of 60 s
    QCOMPARE(lines[1].points[3].x, 210.0);
    QCOMPARE(lines[1].points[3].y, point.inUse.mean[3]);
    QCOMPARE(lines[1].points[3].low, point.inUse.low[3]);
    QCOMPARE(lines[1].points[3].high, point.inUse.high[3]);
    QVERIFY(lines[1].spread == StudyLine::Spread::Band);
    QVERIFY(!lines[1].kept && lines[3].kept);
    QCOMPARE(timeAxisOf(point).to, 1800.0);
    QCOMPARE(timeAxisOf(point).marks.front().label, QStringLiteral("0 min"));
}

void TestSimulationResult::aFamilyHasALineForEachFunction()
{
    const ResultPtr result
        = resultOf(smallScenario(), {sweepOf("functions.mails.reservedConcurrency=4,1,2")});
    const Family family = familyOf(*result, nullptr, *sim::findMetric("rejectedProbability"));
    QCOMPARE(family.lines.size(), std::size_t{3});
    const StudyLine& mails = family.lines[2];
    QCOMPARE(mails.name, QStringLiteral("mails"));
    QCOMPARE(mails.points.size(), 3);
    QCOMPARE(mails.points[0].x, 1.0); // in order of the value
    QVERIFY(mails.points[0].y > mails.points[1].y && mails.points[1].y > mails.points[2].y);
    const auto figure = result->points[1].functions[1].figure("rejectedProbability");
    QCOMPARE(mails.points[0].high - mails.points[0].y, *figure->ci95);
    QCOMPARE(family.axis.marks.size(), 3);
}

void TestSimulationResult::aSecondSweepMakesTheLines()
{
    const ResultPtr result = resultOf(smallScenario(),
                                      {sweepOf("pool.dispatch=random,newest-created"),
                                       sweepOf("functions.mails.reservedConcurrency=1,2")});
    const Family family = familyOf(*result, result.get(), *sim::findMetric("coldStarts"));
    QCOMPARE(family.lines.size(), std::size_t{4}); // two, and two kept
    QCOMPARE(family.lines[1].name, QStringLiteral("mails.reservedConcurrency = 2"));
    QCOMPARE(family.axis.marks.size(), 2);
    QCOMPARE(family.axis.marks[1].label, QStringLiteral("newest-created"));
    QCOMPARE(family.lines[0].points[1].x, 1.0); // words lie at equal distances
}

void TestSimulationResult::backendsAreTheChosenPoints()
{
    BackendsModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    auto result = std::make_shared<study::SimulationResult>();
    for (const double utilisation : {0.25, 0.75}) {
        study::BackendResult db{.name = "db", .figures = {}};
        for (const sim::BackendMetric& metric : sim::backendMetrics())
            db.figures.push_back(metric.key == "utilisation"
                                     ? std::optional(Estimate{utilisation, 0.01})
                                     : std::nullopt);
        study::PointResult point;
        point.backends = {db, db};
        point.backends.back().name = "api";
        result->points.push_back(point);
    }
    const auto utilisation = [&model] {
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.index(row, 0).data() == QStringLiteral("Utilisation"))
                return model.index(row, 2).data().toString();
        return QString();
    };
    model.setPoint(result, nullptr, 0);
    QCOMPARE(model.columnCount(), 3);
    QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole), QStringLiteral("api"));
    QCOMPARE(utilisation(), QStringLiteral("25 % ± 1"));
    model.setPoint(result, nullptr, 1);
    QCOMPARE(utilisation(), QStringLiteral("75 % ± 1"));
    result->points[1].backends.clear();
    model.setPoint(result, nullptr, 1);
    QCOMPARE(model.columnCount(), 0);
}

void TestSimulationResult::queuesHaveATable()
{
    QueuesModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setPoint(resultOf(smallScenario()), nullptr, 0);
    QCOMPARE(model.rowCount(), 0);
    const ResultPtr result = resultOf(queueScenario());
    model.setPoint(result, nullptr, 0);
    QCOMPARE(model.rowCount(), static_cast<int>(sim::queueMetrics().size()));
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole), QStringLiteral("Queues"));
    QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::DisplayRole), QStringLiteral("parts"));
    const auto cellOf = [&model](const char* title, int column) {
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.index(row, 0).data() == QLatin1String(title))
                return model.index(row, column).data().toString();
        return QStringLiteral("no such row");
    };
    const auto& parts = result->points.front().queues.front();
    QCOMPARE(
        cellOf("Dead letters", 1),
        figureText(asMetric(*sim::findQueueMetric("deadLettered")), parts.figure("deadLettered")));
    QVERIFY2(cellOf("Dead letters", 1).contains(u"±"), qPrintable(cellOf("Dead letters", 1)));
    QVERIFY(parts.figure("deadLettered")->mean > 0);
    QCOMPARE(cellOf("Came as dead letters", 2), cellOf("Dead letters", 1));
    QVERIFY(cellOf("Oldest message, peak", 1).endsWith(u" s")
            || cellOf("Oldest message, peak", 1).contains(u" s ±"));
    // Every figure has a name in words.
    for (int row = 0; row < model.rowCount(); ++row)
        QVERIFY2(model.index(row, 0).data().toString().front().isUpper(),
                 qPrintable(model.index(row, 0).data().toString()));
    std::string changed = queueScenario();
    changed.replace(changed.find("0.3 }"), 3, "0.0");
    model.setPoint(resultOf(changed), result, 0);
    QCOMPARE(model.columnCount(), 5);
    QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole), QStringLiteral("Δ kept"));
    QCOMPARE(cellOf("Dead letters", 2), QStringLiteral("−100 %"));
    QCOMPARE(cellOf("Sent", 2), QStringLiteral("same"));
}

void TestSimulationResult::queuesHaveLinesOverTime()
{
    const ResultPtr result = resultOf(queueScenario());
    const study::PointResult& point = result->points.front();
    const auto lines = queueLines(point, &point);
    QCOMPARE(lines.size(), std::size_t{4});
    QCOMPARE(lines[1].name, QStringLiteral("dead"));
    QCOMPARE(lines[3].name, QStringLiteral("dead · kept"));
    QVERIFY(lines[3].kept && lines[1].spread == StudyLine::Spread::Band);
    QCOMPARE(lines[1].points.size(), 30);
    // Nobody takes dead letters away.
    for (qsizetype i = 1; i < 30; ++i)
        QVERIFY(lines[1].points[i].y >= lines[1].points[i - 1].y);
    // The steps are as long as each other: their mean is that of the whole.
    for (const std::size_t queue : {0U, 1U}) {
        double sum = 0;
        for (const SpreadPoint& each : lines[queue].points)
            sum += each.y;
        const double mean = point.queues[queue].figure("depth")->mean;
        QVERIFY2(std::abs(sum / 30 - mean) < 1e-9 * mean, qPrintable(lines[queue].name));
    }
    QVERIFY(queueLines(resultOf(smallScenario())->points.front(), nullptr).empty());
}

void TestSimulationResult::queuesOverASweep()
{
    const ResultPtr result = resultOf(
        queueScenario(), {sweepOf("functions.work.queue.messageFailureShare=0,0.2,0.4")});
    const Family family = familyOf(*result, nullptr, *sim::findQueueMetric("deadLettered"));
    QCOMPARE(family.lines.size(), std::size_t{2});
    QCOMPARE(family.lines[0].name, QStringLiteral("parts"));
    QCOMPARE(family.lines[0].points.size(), 3);
    QCOMPARE(family.lines[0].points[0].y, 0.0);
    QVERIFY(family.lines[0].points[2].y > family.lines[0].points[1].y);
    const auto figure = result->points[2].queues[0].figure("deadLettered");
    QCOMPARE(family.lines[0].points[2].high - family.lines[0].points[2].y, *figure->ci95);
}

void TestSimulationResult::pathsAreThoseThatCanBeSet()
{
    const QStringList paths = settablePaths(smallScenario());
    for (const char* path : {"functions.orders.memoryMb", "functions.mails.service.meanS",
                             "functions.orders.arrivals.ratePerS", "pool.keepAliveS", "durationS"})
        QVERIFY2(paths.contains(QLatin1String(path)), path);
    QVERIFY(!paths.contains(QStringLiteral("format")));
    QVERIFY(settablePaths("{").isEmpty());
    // Every proposal is one the simulator takes.
    for (const QString& path : {QStringLiteral("functions.orders.memoryMb"),
                                QStringLiteral("functions.orders.arrivals.ratePerS"),
                                QStringLiteral("pool.dispatch"), QStringLiteral("platform")}) {
        const QString sweep = path + QLatin1Char('=') + valuesToTry(path, smallScenario());
        QVERIFY2(resultOf(smallScenario(), {sweepOf(qPrintable(sweep))}), qPrintable(sweep));
    }
}

void TestSimulationResult::spansOfTimeAreReadAsTheyAreWritten_data()
{
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("words");
    QTest::newRow("a day") << 86400.0 << QStringLiteral("24 h");
    QTest::newRow("days") << 604800.0 << QStringLiteral("7 d");
    QTest::newRow("half an hour") << 1800.0 << QStringLiteral("30 min");
    QTest::newRow("seconds") << 90.0 << QStringLiteral("90 s");
    QTest::newRow("less than one") << 0.25 << QStringLiteral("0.25 s");
}

void TestSimulationResult::spansOfTimeAreReadAsTheyAreWritten()
{
    QFETCH(double, seconds);
    QFETCH(QString, words);
    QCOMPARE(spanText(seconds), words);
    QCOMPARE(spanOf(words), std::optional(seconds));
    QVERIFY(!spanOf(QStringLiteral("soon")) && !spanOf(QStringLiteral("-5 h")));
}

QTEST_GUILESS_MAIN(TestSimulationResult)
#include "tst_simulation_result.moc"
