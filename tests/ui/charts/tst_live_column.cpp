#include <QChart>
#include <QGraphicsTextItem>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include "chart_of.h"
#include "made_up_moment.h"
#include "ui/charts/lanes_view.h"
#include "ui/charts/live_cards.h"
#include "ui/charts/live_column.h"
#include "ui/charts/mark_lines.h"
#include "ui/charts/time_chart.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;

/// COLDFRAME_PICTURES=<folder> keeps pictures of the column in both themes, for comparing by eye.
class TestLiveColumn : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_themes = std::make_unique<ThemeManager>(); }
    void cleanupTestCase() { m_themes.reset(); }
    void chartsDrawTheBuckets();
    void figuresOfTheMoment();
    void axesStayWhileTheirRoundEndStays();
    void labelsAreWholeWhenTheirRangeGrows();
    void hiddenColumnDrawsNothing();
    void aCardOutOfSightWaits();
    void clickInTheLanesIsPassedOn();
    void emptyRunShowsQuietAxes();
    void marksCrossEveryChart();
    void pictures();

private:
    std::unique_ptr<ThemeManager> m_themes;
};

namespace {

LiveCard* cardOf(LiveColumn& column, const char* title)
{
    for (LiveCard* card : column.findChildren<LiveCard*>())
        if (card->title().startsWith(QString::fromUtf8(title)))
            return card;
    return nullptr;
}

} // namespace

void TestLiveColumn::chartsDrawTheBuckets()
{
    LiveColumn column;
    column.resize(380, 900);
    column.show();
    const auto moment = charts_test::busyMoment();
    column.show(moment);
    TimeChart* cost = chartOf(column, "Cost so far");
    QTRY_COMPARE(cost->areaEdge(2).size(), session::kBuckets); // the last card has had its turn

    const StackPoints pool = concurrencyPoints(*moment);
    for (std::size_t edge = 0; edge < 3; ++edge)
        QCOMPARE(chartOf(column, "Concurrency")->areaEdge(edge), pool.edges[edge]);
    const LinePoints latency = latencyPoints(*moment);
    for (std::size_t line = 0; line < 3; ++line)
        QVERIFY(chartOf(column, "Latency")->line(line) == latency.lines[line]);
    const LinePoints rate = ratePoints(*moment);
    for (std::size_t line = 0; line < 3; ++line)
        QVERIFY(chartOf(column, "Rate")->line(line) == rate.lines[line]);
    // Dollars are drawn in thousandths.
    QCOMPARE(cost->unit().suffix, QStringLiteral(" m$"));
    QCOMPARE(cost->areaEdge(2).back().y(), costPoints(*moment).edges[2].back().y() * 1000.0);
}

void TestLiveColumn::figuresOfTheMoment()
{
    LiveColumn column;
    column.resize(380, 900);
    column.show(charts_test::busyMoment());
    column.show();
    const auto figure = [&](const char* title) {
        const LiveCard* card = cardOf(column, title);
        return card->figure() + QLatin1Char('|') + card->figureOf();
    };
    QCOMPARE(figure("Concurrency"), QStringLiteral("53|of 150 · limit"));
    QCOMPARE(figure("Latency"), QStringLiteral("118|ms p95"));
    QCOMPARE(figure("Instances"), QStringLiteral("14|alive · 3 retired"));
    QVERIFY(figure("Cost").startsWith(QStringLiteral("$0.0418|≈ $")));
    QVERIFY(figure("Rate").endsWith(QStringLiteral("|events/s · 187 throttled")));
    QVERIFY(cardOf(column, "Instances · thumbnails"));
}

void TestLiveColumn::axesStayWhileTheirRoundEndStays()
{
    LiveColumn column;
    column.resize(380, 900);
    column.show(charts_test::busyMoment());
    column.show();
    TimeChart* chart = chartOf(column, "Concurrency");
    const double max = chart->axisMax();
    auto next = charts_test::busyMoment();
    next->buckets.back().busy = static_cast<float>(max - 20.0);
    column.show(next);
    QTRY_COMPARE(chart->areaEdge(0).back().y(), max - 20.0);
    QCOMPARE(chart->axisMax(), max);
    auto higher = charts_test::busyMoment();
    higher->buckets.back().busy = static_cast<float>(max * 2.0);
    column.show(higher);
    QTRY_VERIFY(chart->axisMax() > max);
}

void TestLiveColumn::labelsAreWholeWhenTheirRangeGrows()
{
    LiveColumn column;
    column.resize(376, 860);
    column.show();
    auto empty = std::make_shared<session::Snapshot>();
    empty->startedAt = charts_test::busyMoment()->startedAt; // the same run, card by card
    column.show(empty);
    QVERIFY(QTest::qWaitForWindowExposed(&column));
    auto moment = charts_test::busyMoment();
    moment->buckets[9].busy = 72; // asks for four steps: 0, 20 … 80
    column.show(moment);
    TimeChart* cost = chartOf(column, "Cost so far");
    QTRY_COMPARE(cost->areaEdge(2).size(), session::kBuckets);
    for (const char* title : {"Concurrency", "Rate", "Latency", "Cost so far"})
        for (const QGraphicsItem* item : chartOf(column, title)->scene()->items())
            if (const auto* label = dynamic_cast<const QGraphicsTextItem*>(item))
                QVERIFY2(!label->toPlainText().contains(QStringLiteral("...")), title);
}

void TestLiveColumn::hiddenColumnDrawsNothing()
{
    LiveColumn column;
    column.resize(380, 900);
    column.show();
    column.hide();
    column.show(charts_test::busyMoment());
    QCoreApplication::processEvents();
    QCOMPARE(chartOf(column, "Concurrency")->areaEdge(0).size(), 0);
    column.show();
    QCOMPARE(chartOf(column, "Concurrency")->areaEdge(0).size(), session::kBuckets);
}

void TestLiveColumn::aCardOutOfSightWaits()
{
    LiveColumn column;
    column.resize(380, 300);
    column.show();
    QVERIFY(QTest::qWaitForWindowExposed(&column));
    auto empty = std::make_shared<session::Snapshot>();
    empty->startedAt = charts_test::busyMoment()->startedAt;
    column.show(empty); // a run's first picture is drawn as a whole
    column.show(charts_test::busyMoment());
    QTRY_COMPARE(chartOf(column, "Concurrency")->areaEdge(0).size(), session::kBuckets);
    TimeChart* cost = chartOf(column, "Cost so far");
    QCOMPARE(cost->areaEdge(0).size(), 0);
    QScrollBar* bar = column.findChild<QScrollArea*>()->verticalScrollBar();
    QVERIFY2(bar->maximum() > 0, "the column scrolls when the window is low");
    bar->setValue(bar->maximum());
    QTRY_COMPARE(cost->areaEdge(0).size(), session::kBuckets);
}

void TestLiveColumn::clickInTheLanesIsPassedOn()
{
    LiveColumn column;
    column.resize(380, 900);
    const auto moment = charts_test::busyMoment();
    column.show(moment);
    column.show();
    QVERIFY(QTest::qWaitForWindowExposed(&column));
    QSignalSpy clicked(&column, &LiveColumn::invocationActivated);
    auto* lanes = column.findChild<LanesView*>();
    const session::Lane& lane = moment->lanes[12]; // the first may be scrolled away
    const session::Span& work = lane.spans[2];
    QTest::mouseClick(lanes->viewport(), Qt::LeftButton, {},
                      lanes->pointOf(lane.serial, work.from + (work.to - work.from) / 2));
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked.front().front().toUInt(), work.invocation);
}

void TestLiveColumn::emptyRunShowsQuietAxes()
{
    LiveColumn column;
    column.resize(380, 900);
    column.show(std::make_shared<session::Snapshot>());
    column.show();
    QVERIFY(!column.grab().isNull());
    QCOMPARE(cardOf(column, "Latency")->figure(), QStringLiteral("—"));
    QCOMPARE(cardOf(column, "Cost")->figure(), QStringLiteral("$0"));
}

void TestLiveColumn::marksCrossEveryChart()
{
    auto moment = std::make_shared<session::Snapshot>(*charts_test::busyMoment());
    const TimePoint at = moment->now - std::chrono::seconds(60);
    moment->marks = {{at, "slow: app.py changed"}};
    LiveColumn column;
    column.resize(380, 1600); // all cards in sight
    column.show();
    column.show(moment);
    int charts = 0;
    for (const LiveCard* card : column.findChildren<LiveCard*>()) {
        TimeChart* chart = card->chart();
        if (!chart)
            continue;
        ++charts;
        QCOMPARE(chart->marks().times(), QList<double>{-60.0});
        const QRectF area = chart->chart()->plotArea();
        const QPoint middle = area.center().toPoint();
        QVERIFY2(chart->markAt(middle).endsWith(QStringLiteral("slow: app.py changed")),
                 qPrintable(card->title()));
        QCOMPARE(chart->markAt(middle + QPoint(12, 0)), QString());
        // The line is there: dots of the accent colour in that column, none beside it.
        const QImage picture = chart->grab().toImage();
        const auto accents = [&](int x) {
            int found = 0;
            for (int y = static_cast<int>(area.top()) + 2; y < static_cast<int>(area.bottom());
                 ++y) {
                const QColor colour = picture.pixelColor(x, y);
                found += colour.blue() > colour.red() + 40 ? 1 : 0;
            }
            return found;
        };
        int most = 0;
        for (int x = middle.x() - 2; x <= middle.x() + 2; ++x)
            most = std::max(most, accents(x));
        QVERIFY2(most > area.height() / 4, qPrintable(card->title()));
    }
    QCOMPARE(charts, 4);
}

void TestLiveColumn::pictures()
{
    const QString folder = qEnvironmentVariable("COLDFRAME_PICTURES");
    if (folder.isEmpty())
        QSKIP("COLDFRAME_PICTURES names no folder");
    LiveColumn column;
    connect(m_themes.get(), &ThemeManager::themeChanged, &column, &LiveColumn::setTheme);
    column.resize(376, 894);
    column.show(charts_test::busyMoment());
    column.show();
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        m_themes->setMode(mode);
        column.setTheme(m_themes->theme());
        QCoreApplication::processEvents();
        const char* name = mode == ThemeMode::Light ? "/live_light.png" : "/live_dark.png";
        QVERIFY(column.grab().save(folder + QLatin1String(name)));
    }
    column.resize(376, 500);
    column.show(std::make_shared<session::Snapshot>());
    QCoreApplication::processEvents();
    QTest::qWait(300); // a picture, not a check: every card gets its turn
    QVERIFY(column.grab().save(folder + QStringLiteral("/live_empty.png")));
}

QTEST_MAIN(TestLiveColumn)
#include "tst_live_column.moc"
