#include <QTest>

#include <cmath>
#include <limits>

#include "made_up_moment.h"
#include "ui/charts/series_points.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kStart{494'000h};
constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

/// `count` empty buckets of which the last has filled for `into`.
session::Snapshot empty(std::size_t count, Duration into = session::kBucketLength)
{
    session::Snapshot made;
    made.firstBucketAt = kStart;
    made.startedAt = kStart;
    made.buckets.resize(count);
    made.now = kStart + static_cast<std::int64_t>(count - 1) * session::kBucketLength + into;
    return made;
}

} // namespace

class TestSeriesPoints : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyBucketIsDrawnWhereAndAsItIs();
    void pointsLieAtTheEndOfTheirSlice_data();
    void pointsLieAtTheEndOfTheirSlice();
    void nothingEndedMakesAGap_data();
    void nothingEndedMakesAGap();
    void whatIsNotFiniteNeverReachesTheChart();
    void hugeValuesStayExact();
    void ratesCountTheTrueLengthOfTheFirstSlice();
    void theFillingSliceHasNoRate();
    void limitIsDrawnOnlyWhereThereIsOne();
    void monthFollowsTheShownWindow();
};

void TestSeriesPoints::everyBucketIsDrawnWhereAndAsItIs()
{
    const auto moment = charts_test::busyMoment();
    const StackPoints pool = concurrencyPoints(*moment);
    const LinePoints latency = latencyPoints(*moment);
    const LinePoints rate = ratePoints(*moment);
    const StackPoints cost = costPoints(*moment);
    double highest = 0.0;
    for (std::size_t i = 0; i < moment->buckets.size(); ++i) {
        const session::Bucket& bucket = moment->buckets[i];
        const auto n = static_cast<qsizetype>(i);
        const double x = bucketX(*moment, i);
        QVERIFY(x > -120.001 && x <= 0.0);
        const double busy = bucket.busy, idle = bucket.idle, init = bucket.initialising;
        QCOMPARE(pool.edges[0][n], QPointF(x, busy));
        QCOMPARE(pool.edges[1][n], QPointF(x, busy + idle));
        QCOMPARE(pool.edges[2][n], QPointF(x, busy + idle + init));
        highest = std::max(highest, busy + idle + init);
        QCOMPARE(latency.lines[0][0][n], QPointF(x, static_cast<double>(bucket.p50Ms)));
        QCOMPARE(latency.lines[1][0][n], QPointF(x, static_cast<double>(bucket.p95Ms)));
        QCOMPARE(latency.lines[2][0][n], QPointF(x, static_cast<double>(bucket.p99Ms)));
        if (i + 1 < moment->buckets.size()) {
            QCOMPARE(rate.lines[0][0][n], QPointF(x, bucket.arrived * 2.0));
            QCOMPARE(rate.lines[1][0][n], QPointF(x, bucket.ended * 2.0));
        }
        QCOMPARE(cost.edges[2][n].y(),
                 bucket.requestsUsd + bucket.computeUsd + bucket.provisionedUsd);
    }
    QCOMPARE(pool.highest, highest);
    // Throttles: one run, from the quiet slice before the burst to the one after it.
    QCOMPARE(rate.lines[2].size(), std::size_t(1));
    const QList<QPointF>& throttles = rate.lines[2].front();
    QCOMPARE(throttles.front(), QPointF(bucketX(*moment, 72), 0.0));
    QCOMPARE(throttles[1], QPointF(bucketX(*moment, 73), 34.0));
    QCOMPARE(throttles.back(), QPointF(bucketX(*moment, 84), 0.0));
}

void TestSeriesPoints::pointsLieAtTheEndOfTheirSlice_data()
{
    QTest::addColumn<qint64>("intoMs");
    QTest::addColumn<double>("firstX");
    QTest::addColumn<double>("lastX");

    QTest::newRow("just begun") << qint64(0) << -0.5 << 0.0;
    QTest::newRow("partly filled") << qint64(200) << -0.7 << 0.0;
    QTest::newRow("full") << qint64(500) << -1.0 << 0.0;
}

void TestSeriesPoints::pointsLieAtTheEndOfTheirSlice()
{
    QFETCH(qint64, intoMs);
    QFETCH(double, firstX);
    QFETCH(double, lastX);

    const session::Snapshot moment = empty(3, std::chrono::milliseconds(intoMs));
    QCOMPARE(bucketX(moment, 0), firstX);
    QCOMPARE(bucketX(moment, 2), lastX);
}

void TestSeriesPoints::nothingEndedMakesAGap_data()
{
    QTest::addColumn<QList<float>>("p50");
    QTest::addColumn<QList<int>>("runLengths");

    QTest::newRow("no gap") << QList<float>{1, 2, 3} << QList<int>{3};
    QTest::newRow("gap in the middle") << QList<float>{1, kNothing, 3, 4} << QList<int>{1, 2};
    QTest::newRow("gaps at both ends") << QList<float>{kNothing, 2, kNothing} << QList<int>{1};
    QTest::newRow("only gaps") << QList<float>{kNothing, kNothing} << QList<int>{};
    QTest::newRow("zero is a value") << QList<float>{0, 0} << QList<int>{2};
}

void TestSeriesPoints::nothingEndedMakesAGap()
{
    QFETCH(QList<float>, p50);
    QFETCH(QList<int>, runLengths);

    session::Snapshot moment = empty(static_cast<std::size_t>(p50.size()));
    for (qsizetype i = 0; i < p50.size(); ++i)
        moment.buckets[static_cast<std::size_t>(i)].p50Ms = p50[i];
    QList<int> lengths;
    const LinePoints points = latencyPoints(moment);
    for (const QList<QPointF>& run : points.lines[0])
        lengths.append(static_cast<int>(run.size()));
    QCOMPARE(lengths, runLengths);
}

void TestSeriesPoints::whatIsNotFiniteNeverReachesTheChart()
{
    session::Snapshot moment = empty(4);
    const float infinite = std::numeric_limits<float>::infinity();
    moment.buckets[0].busy = kNothing;
    moment.buckets[1].busy = infinite;
    moment.buckets[2].busy = -4.0F;
    moment.buckets[3].busy = 4.0F;
    moment.buckets[1].p99Ms = infinite;
    moment.buckets[2].computeUsd = std::numeric_limits<double>::infinity();
    const StackPoints pool = concurrencyPoints(moment);
    for (const QPointF& point : pool.edges[0])
        QVERIFY(std::isfinite(point.y()) && point.y() >= 0.0);
    QCOMPARE(pool.highest, 4.0);
    QVERIFY(std::isfinite(latencyPoints(moment).highest));
    QVERIFY(std::isfinite(costPoints(moment).highest));
    QVERIFY(std::isfinite(dollarsPerMonth(moment)));
}

void TestSeriesPoints::hugeValuesStayExact()
{
    session::Snapshot moment = empty(2);
    moment.buckets[1].arrived = std::numeric_limits<std::uint32_t>::max();
    moment.buckets[1].busy = 1e9F;
    moment.buckets[1].p99Ms = 900'000.0F;
    QCOMPARE(ratePoints(moment).highest, 4'294'967'295.0 * 2.0);
    QCOMPARE(concurrencyPoints(moment).highest, 1e9);
    QCOMPARE(latencyPoints(moment).highest, 900'000.0);
}

void TestSeriesPoints::ratesCountTheTrueLengthOfTheFirstSlice()
{
    session::Snapshot moment = empty(2);
    moment.startedAt = kStart + 300ms; // the run began within the slice: it has 0.2 s
    moment.buckets[0].arrived = 10;
    moment.buckets[1].arrived = 10;
    const PointRuns arrived = ratePoints(moment).lines[0];
    QCOMPARE(arrived[0][0].y(), 50.0);
    QCOMPARE(arrived[0][1].y(), 20.0);
}

void TestSeriesPoints::theFillingSliceHasNoRate()
{
    session::Snapshot moment = empty(3, 10ms);
    moment.buckets[2].arrived = 1; // 100 per second, if one believed it
    QCOMPARE(ratePoints(moment).lines[0][0].size(), 2);
}

void TestSeriesPoints::limitIsDrawnOnlyWhereThereIsOne()
{
    session::Snapshot moment = empty(3);
    moment.buckets[1].limit = 10;
    moment.buckets[2].limit = 20;
    const PointRuns limit = limitPoints(moment);
    QCOMPARE(limit.size(), std::size_t(1));
    QCOMPARE(limit[0][0].y(), 10.0);
    QCOMPARE(limit[0][1].y(), 20.0);
}

void TestSeriesPoints::monthFollowsTheShownWindow()
{
    session::Snapshot moment = empty(21);
    for (std::size_t i = 0; i < moment.buckets.size(); ++i)
        moment.buckets[i].computeUsd = 0.001 * static_cast<double>(i); // 2 m$ a second
    QVERIFY(std::abs(dollarsPerMonth(moment) - 0.002 * 30 * 86'400) < 1e-6);
    QCOMPARE(dollarsPerMonth(empty(1)), 0.0);
    QCOMPARE(dollarsPerMonth(session::Snapshot{}), 0.0);
}

QTEST_APPLESS_MAIN(TestSeriesPoints)
#include "tst_series_points.moc"
