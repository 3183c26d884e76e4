#include <QTest>

#include "ui/charts/lane_layout.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;
using session::Span;

namespace {

constexpr TimePoint kNow{494'000h};
const LaneScale kScale{kNow, 120}; // a pixel a second

Span span(Span::Kind kind, Duration fromBeforeNow, Duration toBeforeNow, std::uint32_t serial = 0)
{
    return {kind, kNow - fromBeforeNow, kNow - toBeforeNow, serial};
}

std::vector<LaneBlock> layOut(const std::vector<Span>& spans)
{
    std::vector<LaneBlock> blocks;
    layOutLane(spans, kScale, blocks);
    return blocks;
}

} // namespace

class TestLaneLayout : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void spansFillTheirPixels();
    void whatLiesBeforeTheWindowIsCut();
    void thinSpansShareAPixelAndTheTellingOneWins();
    void aThousandThinSpansBecomeOneBlock();
    void clickFindsTheSpanUnderThePixel();
    void rowsAreGroupedByFunctionWhenThereAreSeveral();
    void labelsHaveTwoDigitsAtLeast();
};

void TestLaneLayout::spansFillTheirPixels()
{
    const auto blocks = layOut({span(Span::Kind::Initialising, 60s, 50s),
                                span(Span::Kind::Work, 50s, 30s), span(Span::Kind::Idle, 30s, 0s)});
    const std::vector<LaneBlock> expected{{Span::Kind::Initialising, 60, 70},
                                          {Span::Kind::Work, 70, 90},
                                          {Span::Kind::Idle, 90, 120}};
    QVERIFY(blocks == expected);
}

void TestLaneLayout::whatLiesBeforeTheWindowIsCut()
{
    const auto blocks
        = layOut({span(Span::Kind::Work, 300s, 200s), span(Span::Kind::Idle, 200s, 110s)});
    QCOMPARE(blocks.size(), std::size_t(1));
    QVERIFY((blocks.front() == LaneBlock{Span::Kind::Idle, 0, 10}));
}

void TestLaneLayout::thinSpansShareAPixelAndTheTellingOneWins()
{
    const auto blocks = layOut(
        {span(Span::Kind::Idle, 60s, 50s), span(Span::Kind::Work, 49'900ms, 49'800ms),
         span(Span::Kind::Error, 49'700ms, 49'600ms), span(Span::Kind::Idle, 49'500ms, 40s)});
    const std::vector<LaneBlock> expected{
        {Span::Kind::Idle, 60, 70}, {Span::Kind::Error, 70, 71}, {Span::Kind::Idle, 71, 80}};
    QVERIFY(blocks == expected);
}

void TestLaneLayout::aThousandThinSpansBecomeOneBlock()
{
    std::vector<Span> spans;
    for (int i = 0; i < 1000; ++i) {
        const Duration at = 100s - i * 50ms;
        spans.push_back(span(Span::Kind::Work, at, at - 30ms));
        spans.push_back(span(Span::Kind::Idle, at - 30ms, at - 50ms));
    }
    const auto blocks = layOut(spans);
    QCOMPARE(blocks.size(), std::size_t(1));
    QVERIFY((blocks.front() == LaneBlock{Span::Kind::Work, 20, 70}));
}

void TestLaneLayout::clickFindsTheSpanUnderThePixel()
{
    const std::vector<Span> spans{span(Span::Kind::Work, 60s, 50s, 1),
                                  span(Span::Kind::Idle, 50s, 40s),
                                  span(Span::Kind::Work, 39'900ms, 39'800ms, 2),
                                  span(Span::Kind::Error, 39'700ms, 39'600ms, 3)};
    QCOMPARE(spanAt(spans, kScale, 65)->invocation, 1U);
    QVERIFY(spanAt(spans, kScale, 75)->kind == Span::Kind::Idle);
    QCOMPARE(spanAt(spans, kScale, 80)->invocation, 3U);
    QVERIFY(!spanAt(spans, kScale, 30));
    QVERIFY(!spanAt({}, kScale, 30));
}

void TestLaneLayout::rowsAreGroupedByFunctionWhenThereAreSeveral()
{
    auto workspace = std::make_shared<Workspace>();
    workspace->functions.resize(2);
    workspace->functions[0].name = "first";
    workspace->functions[1].name = "second";
    session::Snapshot snapshot;
    snapshot.workspace = workspace;
    snapshot.lanes = {{.serial = 1, .function = 1}, {.serial = 2, .function = 1}};
    QCOMPARE(laneRows(snapshot).size(), std::size_t(2));
    QCOMPARE(laneSummary(snapshot).onlyFunction, QStringLiteral("second"));

    snapshot.lanes.push_back({.serial = 3, .function = 0});
    snapshot.lanes[1].retiredAt = kNow;
    snapshot.lanesHidden = 4;
    const auto rows = laneRows(snapshot);
    QCOMPARE(rows.size(), std::size_t(5));
    QCOMPARE(rows[0].heading, QStringLiteral("first"));
    QCOMPARE(rows[1].lane->serial, 3U);
    QCOMPARE(rows[2].heading, QStringLiteral("second"));
    QCOMPARE(rows[4].lane->serial, 2U);
    const LaneSummary summary = laneSummary(snapshot);
    QCOMPARE(summary.alive, std::uint64_t(6));
    QCOMPARE(summary.retired, std::uint64_t(1));
    QVERIFY(summary.onlyFunction.isEmpty());
}

void TestLaneLayout::labelsHaveTwoDigitsAtLeast()
{
    QCOMPARE(laneLabel(7), QStringLiteral("i-07"));
    QCOMPARE(laneLabel(1234), QStringLiteral("i-1234"));
}

QTEST_APPLESS_MAIN(TestLaneLayout)
#include "tst_lane_layout.moc"
