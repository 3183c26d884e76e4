#include <QTest>

#include <cmath>
#include <limits>

#include "ui/charts/nice_range.h"

using namespace coldframe::ui;

class TestNiceRange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rangeHoldsItsData_data();
    void rangeHoldsItsData();
    void followingRangeDoesNotFlicker();
    void unitsReadWell_data();
    void unitsReadWell();
};

void TestNiceRange::rangeHoldsItsData_data()
{
    QTest::addColumn<double>("highest");
    QTest::addColumn<bool>("whole");
    QTest::addColumn<double>("max");
    QTest::addColumn<int>("steps");

    QTest::newRow("nothing yet") << 0.0 << true << 2.0 << 2;
    QTest::newRow("not a number") << std::nan("") << false << 1.0 << 2;
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << false << 1.0 << 2;
    QTest::newRow("negative") << -3.0 << false << 1.0 << 2;
    QTest::newRow("one instance") << 1.0 << true << 2.0 << 2;
    QTest::newRow("three instances") << 3.0 << true << 3.0 << 3;
    QTest::newRow("ten instances, no half steps") << 10.0 << true << 10.0 << 2;
    QTest::newRow("ten, halves allowed") << 10.0 << false << 10.0 << 4;
    QTest::newRow("as in a busy minute") << 62.0 << true << 80.0 << 4;
    QTest::newRow("exactly round") << 80.0 << true << 80.0 << 4;
    QTest::newRow("a tenth of a cent") << 0.00104 << false << 0.0015 << 3;
    QTest::newRow("huge is bounded") << 1e300 << false << 1e15 << 4;
}

void TestNiceRange::rangeHoldsItsData()
{
    QFETCH(double, highest);
    QFETCH(bool, whole);
    QFETCH(double, max);
    QFETCH(int, steps);

    const NiceRange range = niceRange(highest, whole);
    QCOMPARE(range.max, max);
    QCOMPARE(range.steps, steps);
}

void TestNiceRange::followingRangeDoesNotFlicker()
{
    FollowingRange range(true);
    QVERIFY(range.follow(62.0));
    QCOMPARE(range.range().max, 80.0);
    QVERIFY(!range.follow(79.0));
    QVERIFY2(!range.follow(45.0), "60 would do, but 80 still reads well");
    QVERIFY(range.follow(81.0));
    QCOMPARE(range.range().max, 100.0);
    QVERIFY2(range.follow(20.0), "less than half is needed");
    QCOMPARE(range.range().max, 20.0);
}

void TestNiceRange::unitsReadWell_data()
{
    QTest::addColumn<int>("quantity");
    QTest::addColumn<double>("max");
    QTest::addColumn<double>("factor");
    QTest::addColumn<QString>("suffix");

    const auto row
        = [](const char* name, Quantity quantity, double max, double factor, const char* suffix) {
              QTest::newRow(name) << static_cast<int>(quantity) << max << factor
                                  << QString::fromUtf8(suffix);
          };
    row("instances", Quantity::Count, 80.0, 1.0, "");
    row("microseconds", Quantity::Milliseconds, 0.5, 1e3, " µs");
    row("milliseconds", Quantity::Milliseconds, 480.0, 1.0, " ms");
    row("seconds", Quantity::Milliseconds, 900'000.0, 1e-3, " s");
    row("nanodollars", Quantity::Dollars, 2e-7, 1e9, " n$");
    row("microdollars", Quantity::Dollars, 2e-5, 1e6, " µ$");
    row("millidollars", Quantity::Dollars, 0.06, 1e3, " m$");
    row("dollars", Quantity::Dollars, 40.0, 1.0, " $");
}

void TestNiceRange::unitsReadWell()
{
    QFETCH(int, quantity);
    QFETCH(double, max);
    QFETCH(double, factor);
    QFETCH(QString, suffix);

    const Unit unit = unitFor(static_cast<Quantity>(quantity), max);
    QCOMPARE(unit.factor, factor);
    QCOMPARE(unit.suffix, suffix);
}

QTEST_APPLESS_MAIN(TestNiceRange)
#include "tst_nice_range.moc"
