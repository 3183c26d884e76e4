#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include "made_up_moment.h"
#include "ui/charts/lanes_view.h"
#include "ui/support/format.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;
using session::Span;

class TestLanesView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void clickOnWorkNamesItsInvocation();
    void theWorkThatWasPressedCountsThoughLanesMove();
    void idleCannotBeClicked();
    void tooltipNamesInstanceFunctionSpanAndInvocation();
    void theNewestStaysInSightUnlessScrolledAway();
    void emptyViewTeaches();
    void tooltipSaysWhyItStartedAndWhyItWasRetired();
    void twoHundredLanesAreAllDrawn();
    void aMarkSaysWhatTookEffect();
};

void TestLanesView::aMarkSaysWhatTookEffect()
{
    auto moment = std::make_shared<session::Snapshot>(*charts_test::busyMoment());
    const TimePoint at = moment->now - 30s;
    moment->marks = {{at, "slow: memory 128 → 256 MB"}};
    LanesView view;
    view.resize(320, 260);
    view.show();
    view.showSnapshot(moment);
    const QPoint place = view.pointOf(moment->lanes[0].serial, at);
    QVERIFY(view.describe(place).contains(QStringLiteral("slow: memory 128 → 256 MB")));
    QVERIFY(view.describe(place).startsWith(clockText(at)));
    QVERIFY(!view.describe(place + QPoint(30, 0)).contains(QStringLiteral("memory")));
}

void TestLanesView::clickOnWorkNamesItsInvocation()
{
    const auto moment = charts_test::busyMoment();
    LanesView view;
    view.resize(320, 260);
    view.show();
    view.showSnapshot(moment);
    QSignalSpy clicked(&view, &LanesView::invocationActivated);
    const session::Lane& lane = moment->lanes[3];
    const Span& work = lane.spans[2];
    QVERIFY(work.kind == Span::Kind::Work || work.kind == Span::Kind::Error);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                      view.pointOf(lane.serial, work.from + (work.to - work.from) / 2));
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked.front().front().toUInt(), work.invocation);
}

void TestLanesView::theWorkThatWasPressedCountsThoughLanesMove()
{
    const auto moment = charts_test::busyMoment();
    LanesView view;
    view.resize(320, 260);
    view.show();
    view.showSnapshot(moment);
    QSignalSpy clicked(&view, &LanesView::invocationActivated);
    const Span& work = moment->lanes[3].spans[2];
    const QPoint at = view.pointOf(4, work.from + (work.to - work.from) / 2);
    QTest::mousePress(view.viewport(), Qt::LeftButton, {}, at);
    auto later = std::make_shared<session::Snapshot>(*moment);
    later->now += 20s;
    view.showSnapshot(later);
    QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked.front().front().toUInt(), work.invocation);
}

void TestLanesView::idleCannotBeClicked()
{
    auto moment = std::make_shared<session::Snapshot>();
    moment->now = TimePoint(494'000h);
    moment->lanes
        = {{.serial = 1, .spans = {{Span::Kind::Idle, moment->now - 60s, moment->now - 20s, 9}}}};
    LanesView view;
    view.resize(320, 260);
    view.show();
    view.showSnapshot(moment);
    QSignalSpy clicked(&view, &LanesView::invocationActivated);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.pointOf(1, moment->now - 30s));
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.pointOf(1, moment->now - 100s));
    QCOMPARE(clicked.count(), 0);
}

void TestLanesView::tooltipNamesInstanceFunctionSpanAndInvocation()
{
    auto moment = charts_test::busyMoment();
    moment->lanes.resize(7);
    moment->lanes[6].spans
        = {{Span::Kind::Error, moment->now - 60s, moment->now - 59s + 500ms, 1204}};
    LanesView view;
    view.resize(600, 260);
    view.show();
    view.showSnapshot(moment);
    const QString about = view.describe(view.pointOf(7, moment->now - 59'500ms));
    QVERIFY2(about.startsWith(QStringLiteral("i-07 · thumbnails\n")), qPrintable(about));
    QVERIFY2(about.contains(QStringLiteral("work, ended in an error, 1.50 s")), qPrintable(about));
    QVERIFY2(about.contains(QStringLiteral("1,204")), qPrintable(about));
    QVERIFY(view.describe({300, 250}).isEmpty());
}

void TestLanesView::theNewestStaysInSightUnlessScrolledAway()
{
    auto moment = charts_test::busyMoment();
    moment->lanes = charts_test::manyLanes(60, moment->now, 2s, 500ms);
    LanesView view;
    view.resize(320, 160);
    view.show();
    view.showSnapshot(moment);
    QScrollBar* bar = view.verticalScrollBar();
    QVERIFY(bar->maximum() > 0);
    QCOMPARE(bar->value(), bar->maximum());

    auto more = std::make_shared<session::Snapshot>(*moment);
    more->lanes = charts_test::manyLanes(80, moment->now, 2s, 500ms);
    view.showSnapshot(more);
    QCOMPARE(bar->value(), bar->maximum());

    bar->setValue(5);
    view.showSnapshot(moment);
    view.showSnapshot(more);
    QCOMPARE(bar->value(), 5);
}

void TestLanesView::emptyViewTeaches()
{
    LanesView view;
    view.resize(320, 160);
    view.show();
    QVERIFY(!view.grab().isNull());
    QCOMPARE(view.accessibleName(), QStringLiteral("Instance lanes"));
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("No instances")));
    view.showSnapshot(charts_test::busyMoment());
    QCOMPARE(view.accessibleDescription(),
             QStringLiteral("14 instances alive, 3 retired in the last 120 s"));
}

void TestLanesView::tooltipSaysWhyItStartedAndWhyItWasRetired()
{
    using engine::Why;
    auto moment = charts_test::busyMoment();
    moment->lanes.resize(4);
    session::Lane& lane = moment->lanes[3];
    lane.spans = {{Span::Kind::Idle, moment->now - 60s, moment->now - 20s, 0}};
    lane.started = {Why::ColdAllBusy, 3, 0, 4};
    LanesView view;
    view.resize(600, 260);
    view.show();
    view.showSnapshot(moment);
    const QPoint idle = view.pointOf(4, moment->now - 30s);
    QCOMPARE(view.describe(idle).section(QLatin1Char('\n'), 0, 1),
             QStringLiteral("i-04 · thumbnails\n"
                            "Cold: all 3 instances were busy, a 4th was started"));
    QVERIFY(!view.describe(idle).contains(QStringLiteral("etired")));

    lane.started = {Why::Provisioned, 0, 1};
    lane.initAgain = {Why::ReinitAfterFailure};
    lane.retiredAt = moment->now - 20s;
    lane.stopped = {Why::KeepAliveExpired, 300, 12};
    view.showSnapshot(moment);
    QCOMPARE(view.describe(idle).section(QLatin1Char('\n'), 1, 3),
             QStringLiteral("Provisioned: 0 of 1 instances were there, one was started\n"
                            "The init failed and is run once more, inside the attempt\n"
                            "Retired after 300 s idle, having served 12 requests · ")
                 + clockText(*lane.retiredAt));
    lane.stopped = {}; // no reason is known
    view.showSnapshot(moment);
    QVERIFY(
        view.describe(idle).contains(QStringLiteral("\nRetired at ") + clockText(*lane.retiredAt)));
}

/// Each lane has its work where the layout says it is; how long that takes is bench_painting's.
void TestLanesView::twoHundredLanesAreAllDrawn()
{
    auto moment = charts_test::busyMoment();
    moment->lanes = charts_test::manyLanes(200, moment->now, 2600ms, 520ms);
    LanesView view;
    view.resize(420, 3000);
    view.setTheme(Theme::lightTheme());
    view.show();
    view.showSnapshot(moment);
    QCOMPARE(view.verticalScrollBar()->maximum(), 0); // all of them are in sight
    QPixmap pixmap(view.viewport()->size());
    pixmap.fill(Theme::lightTheme().card);
    view.viewport()->render(&pixmap);
    const QImage picture = pixmap.toImage();
    int works = 0;
    for (const session::Lane& lane : moment->lanes)
        for (const Span& span : lane.spans)
            if (span.kind == Span::Kind::Work && span.to - span.from > 2s) { // some pixels wide
                const QPoint at = view.pointOf(lane.serial, span.from + (span.to - span.from) / 2);
                QCOMPARE(picture.pixelColor(at), Theme::lightTheme().busy);
                ++works;
            }
    QVERIFY2(works > 1000, QByteArray::number(works));
}

QTEST_MAIN(TestLanesView)
#include "tst_lanes_view.moc"
