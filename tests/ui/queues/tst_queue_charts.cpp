#include <QLocale>
#include <QTest>

#include "ui/charts/chart_card.h"
#include "ui/charts/queue_charts.h"
#include "ui/charts/queue_points.h"
#include "ui/charts/time_chart.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;

/// What a queue's samples come to in the charts.
class TestQueueCharts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void partsLieOnOneAnother();
    void whatThereIsNothingOfHasNoEdge();
    void anEmptyQueueHasNoAge();
    void ratesArePerSecond();
    void figuresSayWhereTheyComeFrom();

private:
    static constexpr TimePoint kNow{1'000'000s};
    static session::QueueView queue(std::vector<session::QueueSample> samples)
    {
        session::QueueView made;
        made.samples = std::move(samples);
        made.lastSampleAt = kNow - 200ms;
        return made;
    }
};

void TestQueueCharts::partsLieOnOneAnother()
{
    const auto view = queue({{.visible = 3, .delayed = 1, .inFlight = 2}, {.visible = 7}});
    const StackPoints points = queueDepthPoints(view, kNow);
    QCOMPARE(points.edges[0], (QList<QPointF>{{-0.7, 2}, {-0.2, 0}}));
    QCOMPARE(points.edges[1], (QList<QPointF>{{-0.7, 5}, {-0.2, 7}}));
    QCOMPARE(points.edges[2], (QList<QPointF>{{-0.7, 6}, {-0.2, 7}}));
    QCOMPARE(points.highest, 7.0);
}

void TestQueueCharts::whatThereIsNothingOfHasNoEdge()
{
    const StackPoints points = queueDepthPoints(queue({{.visible = 3}, {.visible = 4}}), kNow);
    QCOMPARE(points.edges[1].size(), 2);
    QVERIFY(points.edges[2].isEmpty());
    QCOMPARE(queueDepthPoints(queue({}), kNow).highest, 0.0);
}

void TestQueueCharts::anEmptyQueueHasNoAge()
{
    const auto view
        = queue({{.visible = 1, .oldestAge = 2s}, {}, {.inFlight = 1, .oldestAge = 1s}});
    const LinePoints points = queueAgePoints(view, kNow);
    QCOMPARE(points.lines[0].size(), 2u);
    QCOMPARE(points.lines[0][0].front().y(), 2'000.0);
    QCOMPARE(points.lines[0][1].front(), QPointF(-0.2, 1'000.0));
    QCOMPARE(points.highest, 2'000.0);
}

void TestQueueCharts::ratesArePerSecond()
{
    const auto view = queue({{.sent = 5, .received = 3}, {.sent = 1}, {}, {.deadLettered = 2}});
    const LinePoints points = queueRatePoints(view, kNow);
    QCOMPARE(points.lines[0][0].front().y(), 10.0);
    QCOMPARE(points.lines[1][0].front().y(), 6.0);
    QCOMPARE(points.lines[2].size(), 1u); // where nothing is given up, there is no red line
    QCOMPARE(points.lines[2][0].size(), 2);
    QCOMPARE(points.lines[2][0].back().y(), 4.0);
    QCOMPARE(receivesPerSecond(view), 1.5); // 3 in 2 s
    QCOMPARE(receivesPerSecond(queue({})), 0.0);
}

void TestQueueCharts::figuresSayWhereTheyComeFrom()
{
    QueueCharts charts;
    charts.resize(320, 420);
    charts.show();
    auto view = queue({{.visible = 3, .received = 1, .oldestAge = 4s}});
    view.now = {.visible = 3, .oldestSentAt = kNow - 4s};
    view.tally.deadLettered = 2;
    charts.showQueue(view, kNow);
    QCOMPARE(charts.depthCard()->figure(), QStringLiteral("3"));
    QVERIFY(charts.depthCard()->figureOf().contains(QStringLiteral("counted")));
    QCOMPARE(charts.ageCard()->figure(), QStringLiteral("4.00 s"));
    QVERIFY(charts.ageCard()->figureOf().contains(QStringLiteral("measured")));
    QCOMPARE(charts.rateCard()->figure(), QStringLiteral("2.0"));
    QVERIFY(charts.rateCard()->figureOf().contains(QStringLiteral("2 given up")));
    QCOMPARE(charts.depthChart()->areaEdge(1).size(), 1);
    QCOMPARE(charts.ageChart()->line(0).front().front().y(), 4.0); // in the axis's seconds
    charts.showQueue(queue({{}}), kNow);
    QCOMPARE(charts.ageCard()->figure(), QStringLiteral("—"));
}

QTEST_MAIN(TestQueueCharts)
#include "tst_queue_charts.moc"
