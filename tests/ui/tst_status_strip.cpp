#include <QLabel>
#include <QTest>

#include "sample_snapshot.h"
#include "ui/shell/status_strip.h"
#include "ui/support/format.h"
#include "ui/theme/theme_manager.h"
#include "ui/widgets/status_dot.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;
using SnapshotChange = void (*)(session::Snapshot&);
Q_DECLARE_METATYPE(SnapshotChange)

/// The strip along the lower edge: each of its figures, for one moment each.
class TestStatusStrip : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void saysTheMoment_data();
    void saysTheMoment();
    void beingBehindSaysSinceWhenAndWhatItMeans();
    void aClosedWorkspaceLeavesNothing();
    void aSmallWindowIsNoWiderForIt();

private:
    static QStringList texts(const StatusStrip& strip);
    std::unique_ptr<ThemeManager> m_themes;
};

void TestStatusStrip::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
}

QStringList TestStatusStrip::texts(const StatusStrip& strip)
{
    QStringList said;
    for (const StatusDot* dot : strip.findChildren<StatusDot*>())
        said << dot->text();
    for (const QLabel* label : strip.findChildren<QLabel*>())
        said << label->text();
    said.removeAll(QString());
    return said;
}

void TestStatusStrip::saysTheMoment_data()
{
    QTest::addColumn<SnapshotChange>("change");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* name, const char* said, SnapshotChange change) {
        QTest::newRow(name) << change << QString::fromUtf8(said);
    };
    row("triggers run", "Triggers running", [](session::Snapshot&) {});
    row("triggers stand", "Triggers stopped",
        [](session::Snapshot& s) { s.triggersRunning = false; });
    row("all pools together", "Pool: 35 instances · 0 cold in the last minute",
        [](session::Snapshot&) {});
    row("one instance", "Pool: 1 instance · 0 cold in the last minute", [](session::Snapshot& s) {
        s.functions.resize(1);
        s.functions[0].pool = {.initialising = 1};
    });
    row("cold starts of 60 s, not of more", "Pool: 35 instances · 8 cold in the last minute",
        [](session::Snapshot& s) {
            s.buckets[119].cold = 100; // one slice too old
            s.buckets[120].cold = 5;
            s.buckets[239].cold = 3;
        });
    row("mean of 5 s", "108 events/s", [](session::Snapshot&) {});
    row("a quiet run's decimals", "0.2 events/s", [](session::Snapshot& s) {
        for (session::Bucket& bucket : s.buckets)
            bucket.arrived = 0;
        s.buckets[230].arrived = 1;
        s.buckets[229].arrived = 50; // too old
    });
    row("a run that has just begun", "0.4 events/s", [](session::Snapshot& s) {
        s.buckets.resize(1);
        s.buckets[0].arrived = 2;
    });
    row("the desk", "Desk: 53 processes · 1.9 GB · CPU 61 %", [](session::Snapshot&) {});
    row("one process", "Desk: 1 process · 48 MB · CPU 4 %", [](session::Snapshot& s) {
        s.desk = {.processes = 1, .memoryKb = 48 * 1024, .cpuShare = 0.04};
    });
    row("keeping up", "keeping up", [](session::Snapshot&) {});
    row("the desk's pace", "Fidelity: desk", [](session::Snapshot&) {});
    row("the platform's pace", "Fidelity: platform",
        [](session::Snapshot& s) { s.fidelity = Fidelity::Platform; });
}

void TestStatusStrip::saysTheMoment()
{
    QFETCH(SnapshotChange, change);
    QFETCH(QString, said);
    auto snapshot = sample::busySnapshot();
    change(*snapshot);
    StatusStrip strip;
    strip.show(*snapshot);
    QVERIFY2(texts(strip).contains(said), qPrintable(texts(strip).join(QLatin1Char('\n'))));
}

void TestStatusStrip::beingBehindSaysSinceWhenAndWhatItMeans()
{
    auto snapshot = sample::busySnapshot();
    snapshot->desk.behindSince = snapshot->now - 30s;
    StatusStrip strip;
    strip.show(*snapshot);
    const QString said
        = QStringLiteral("behind since %1").arg(clockText(*snapshot->desk.behindSince));
    const StatusDot* pace = nullptr;
    for (const StatusDot* dot : strip.findChildren<StatusDot*>())
        if (dot->text() == said)
            pace = dot;
    QVERIFY2(pace, qPrintable(texts(strip).join(QLatin1Char('\n'))));
    QCOMPARE(pace->toolTip(),
             QStringLiteral("Timing after that is not the platform's: the machine was short of "
                            "room for real processes."));
}

void TestStatusStrip::aClosedWorkspaceLeavesNothing()
{
    StatusStrip strip;
    strip.show(*sample::busySnapshot());
    QCOMPARE(texts(strip).size(), 6);
    strip.clear();
    QCOMPARE(texts(strip), QStringList());
}

/// What stands elsewhere, too, gives way; how the machine keeps up and the fidelity stay.
void TestStatusStrip::aSmallWindowIsNoWiderForIt()
{
    QWidget window; // a window of its own would not get smaller than its texts
    window.resize(1600, 100);
    StatusStrip strip(&window);
    strip.show(*sample::busySnapshot());
    const auto seen = [&] {
        QStringList words;
        for (const QLabel* label : strip.findChildren<QLabel*>())
            if (label->isVisible())
                words << label->text();
        return words.join(QLatin1Char('\n'));
    };
    strip.resize(1600, 30);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QTRY_VERIFY(seen().contains(u"events/s"));
    strip.resize(420, 30);
    QTRY_VERIFY2(!seen().contains(u"events/s"), qPrintable(seen()));
    QVERIFY2(seen().contains(u"Fidelity"), qPrintable(seen()));
    strip.resize(1600, 30);
    QTRY_VERIFY(seen().contains(u"events/s") && seen().contains(u"Desk"));
}

QTEST_MAIN(TestStatusStrip)
#include "tst_status_strip.moc"
