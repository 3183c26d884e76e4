#include <QGraphicsTextItem>
#include <QTest>

#include "ui/charts/study_chart.h"

using namespace coldframe::ui;

/// Labels of the time axis as they are drawn.
class TestStudyChart : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void labelsAreWhole_data();
    void labelsAreWhole();

private:
    static QStringList times(const StudyChart& chart)
    {
        QStringList labels;
        for (const QGraphicsItem* item : chart.scene()->items())
            if (const auto* text = dynamic_cast<const QGraphicsTextItem*>(item))
                if (text->isVisible() && text->toPlainText().contains(u' '))
                    labels << text->toPlainText();
        labels.removeDuplicates();
        return labels;
    }
};

void TestStudyChart::labelsAreWhole_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("least");
    QTest::newRow("alone") << 900 << 7;
    QTest::newRow("three in a row") << 320 << 3;
    QTest::newRow("as narrow as they become") << 220 << 2;
}

/// Two hours, with a mark for every twenty minutes.
void TestStudyChart::labelsAreWhole()
{
    QFETCH(int, width);
    QFETCH(int, least);
    StudyChart chart;
    chart.resize(width, 160);
    StudyLine line;
    line.role = lineRole(0);
    line.points = {{.x = 0, .y = 1, .low = 1, .high = 1}, {.x = 7200, .y = 5, .low = 5, .high = 5}};
    chart.show(Quantity::Count, timeAxis(0, 7200), {line});
    chart.setVisible(true);
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    QTRY_VERIFY(times(chart).size() >= least);
    for (const QString& label : times(chart))
        QVERIFY2(label.endsWith(QStringLiteral(" min")), qPrintable(times(chart).join(u'|')));
}

QTEST_MAIN(TestStudyChart)
#include "tst_study_chart.moc"
