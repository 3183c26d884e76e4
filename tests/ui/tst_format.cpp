#include <QLocale>
#include <QTest>

#include "engine/action.h"
#include "ui/support/format.h"

using namespace coldframe;
using namespace std::chrono_literals;

class TestFormat : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void numbers_data();
    void numbers();
};

void TestFormat::numbers_data()
{
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("expected");
    QTest::newRow("part of a millisecond") << ui::durationText(310us) << "0.31 ms";
    QTest::newRow("milliseconds") << ui::durationText(412'800us) << "412.8 ms";
    QTest::newRow("seconds") << ui::durationText(1'240ms) << "1.24 s";
    QTest::newRow("minutes") << ui::durationText(125s) << "2 min 5 s";
    QTest::newRow("next fire soon") << ui::untilText(20s) << "in 20 s";
    QTest::newRow("next fire today") << ui::untilText(3h) << "in 3 h";
    QTest::newRow("next fire passed") << ui::untilText(-1s) << "now";
    QTest::newRow("kilobytes") << ui::bytesText(14 * 1024) << "14 KB";
    QTest::newRow("gigabytes") << ui::bytesText(1'992'000ULL * 1024) << "1.9 GB";
    QTest::newRow("slow rate") << ui::rateText(0.4) << "0.4 /s";
    QTest::newRow("fast rate") << ui::rateText(93.2) << "93 /s";
    QTest::newRow("dollars") << ui::dollarsText(4.23) << "$4.23";
    QTest::newRow("cents") << ui::dollarsText(0.0418) << "$0.0418";
    QTest::newRow("no money") << ui::dollarsText(0.0) << "$0";
    QTest::newRow("outcome") << ui::outcomeText(engine::Outcome::TimedOut) << "Timed out";
}

void TestFormat::numbers()
{
    QFETCH(QString, shown);
    QFETCH(QString, expected);
    QCOMPARE(shown, expected);
}

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
