#include <QImage>
#include <QLineEdit>
#include <QSpinBox>

#include "simulate_fixture.h"
#include "study/result_text.h"
#include "ui/charts/study_card.h"
#include "ui/charts/study_chart.h"
#include "ui/simulate/quick_bar.h"
#include "ui/simulate/result_charts.h"
#include "ui/simulate/result_table.h"
#include "ui/simulate/result_view.h"
#include "ui/simulate/scenario_editor.h"
#include "ui/widgets/json_view.h"

using namespace coldframe;
using namespace coldframe::ui;
using test::kPatienceMs;
using test::typeKey;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// The view of a scenario, used from a chair: keys and clicks, and what is then seen.
class TestSimulatePage : public test::SimulateFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepare(QStringLiteral("tst_simulate_page")); }
    void init() { makeFolder(); }
    void errorsStandAtTheirPlaces();
    void theEditorCompletesByTheSchema();
    void quickSettingsChangeTheText();
    void escCancelsAndKeepsTheLastResult();
    void aSweepIsAFamilyOfLines();
    void aWrongSweepIsSaidAndNotRun();
    void whatIsKeptIsDrawnBehind();
    void exportsPicturesDrawingsAndTables();
    void unsavedChangesComeBack();
};

void TestSimulatePage::errorsStandAtTheirPlaces()
{
    const auto open = page(sample::smallScenario());
    QVERIFY(open);
    QTRY_VERIFY_WITH_TIMEOUT(open->editor()->message().contains(u"18,000 invocations"),
                             kPatienceMs);
    QString text = open->editor()->text();
    text.replace(QStringLiteral("\"replications\": 4"), QStringLiteral("\"replications\": 0"));
    open->editor()->setText(text);
    QTRY_VERIFY2_WITH_TIMEOUT(
        open->editor()->message().startsWith(u"Line 5, column 19: replications"),
        qPrintable(open->editor()->message()), kPatienceMs);
    QVERIFY(open->editor()->view()->focusProxy()->accessibleDescription().startsWith(u"Line 5"));
    // The cursor goes to the place when it is run all the same.
    open->run();
    QTRY_COMPARE_WITH_TIMEOUT(open->result()->state(), QStringLiteral("Not run"), kPatienceMs);
    const QByteArray before = open->editor()->view()->utf8().left(open->editor()->view()->cursor());
    QCOMPARE(before.count('\n'), 4);
    text.replace(QStringLiteral("\"replications\": 0"), QStringLiteral("\"replications\": 2"));
    open->editor()->setText(text);
    QTRY_VERIFY_WITH_TIMEOUT(open->editor()->message().contains(u"9,000 invocations"), kPatienceMs);
}

void TestSimulatePage::theEditorCompletesByTheSchema()
{
    const auto open
        = page("{\n  \"functions\": { \"f\": { \"service\": { \"law\": \"\" } } }\n}\n");
    QVERIFY(open);
    const auto complete = [&](const QString& typed) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space, Qt::ControlModifier);
        QTest::keyClicks(QApplication::focusWidget(), typed);
        QCoreApplication::processEvents();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    };
    open->editor()->view()->goTo(2, 46);
    complete(QStringLiteral("logn"));
    QVERIFY2(open->editor()->text().contains(u"\"law\": \"lognormal\""),
             qPrintable(open->editor()->text()));
    open->editor()->view()->goTo(2, 3);
    complete(QStringLiteral("\"dur"));
    QVERIFY2(open->editor()->text().contains(u"\"durationS\""), qPrintable(open->editor()->text()));
}

void TestSimulatePage::quickSettingsChangeTheText()
{
    const auto open = page(sample::smallScenario());
    QVERIFY(open);
    QSpinBox* runs = open->bar()->findChild<QSpinBox*>();
    QCOMPARE(runs->value(), 4);
    runs->setFocus();
    runs->selectAll();
    QTest::keyClicks(runs, QStringLiteral("7"));
    QTest::keyClick(runs, Qt::Key_Return);
    QVERIFY(open->editor()->text().contains(u"\"replications\": 7"));
    for (QLineEdit* field : open->bar()->findChildren<QLineEdit*>())
        if (field->accessibleName() == QStringLiteral("Duration")) {
            QCOMPARE(field->text(), QStringLiteral("30 min"));
            field->setFocus();
            field->selectAll();
            QTest::keyClicks(field, QStringLiteral("2 h"));
            QTest::keyClick(field, Qt::Key_Return);
        }
    QVERIFY(open->editor()->text().contains(u"\"durationS\": 7200"));
    QVERIFY(open->editor()->isModified());
}

void TestSimulatePage::escCancelsAndKeepsTheLastResult()
{
    const auto open = page(sample::smallScenario());
    QVERIFY(open && runToTheEnd(*open));
    const QString before = open->result()->model()->index(0, 1).data().toString();
    open->editor()->setText(QString::fromStdString(sample::longScenario()));
    open->setFocus();
    typeKey(Qt::Key_F5);
    QVERIFY(open->isRunning());
    typeKey(Qt::Key_Escape);
    QTRY_COMPARE_WITH_TIMEOUT(open->result()->state(),
                              QStringLiteral("Cancelled · this is the result before"), kPatienceMs);
    QVERIFY(!open->isRunning());
    QCOMPARE(open->result()->model()->index(0, 1).data().toString(), before);
}

void TestSimulatePage::aSweepIsAFamilyOfLines()
{
    const auto open = page(sample::smallScenario());
    QVERIFY(open);
    open->bar()->setSweep(0, QStringLiteral("functions.mails.reservedConcurrency"),
                          QStringLiteral("1,2,4"));
    QVERIFY(runToTheEnd(*open));
    const ResultCharts& charts = *open->result()->charts();
    QVERIFY(!charts.family()->isHidden());
    QCOMPARE(charts.family()->chart()->lines().size(), std::size_t{3});
    QCOMPARE(open->result()->table()->model()->rowCount(), 3);
    // Another point's course over time, with the keyboard.
    const SpreadPoint first = charts.cards()[1]->chart()->lines()[1].points[5];
    open->result()->table()->setFocus();
    typeKey(Qt::Key_Down);
    typeKey(Qt::Key_Down);
    QVERIFY(charts.cards()[1]->figureOf().endsWith(u"= 4"));
    QVERIFY(charts.cards()[1]->chart()->lines()[1].points[5] != first);
    const QString said
        = charts.family()->chart()->describe(charts.family()->chart()->rect().center());
    QVERIFY2(said.contains(u"mails: "), qPrintable(said));
}

void TestSimulatePage::aWrongSweepIsSaidAndNotRun()
{
    const auto open = page(sample::smallScenario());
    QVERIFY(open);
    open->bar()->setSweep(0, QStringLiteral("pool.keepAliveS"), QStringLiteral("60..3600"));
    open->run();
    QVERIFY(!open->isRunning());
    QVERIFY(!open->bar()->problem().isEmpty());
    open->bar()->setSweep(0, QStringLiteral("functions.mial.memoryMb"), QStringLiteral("1,2"));
    QTRY_VERIFY_WITH_TIMEOUT(open->bar()->problem().contains(u"mial"), kPatienceMs);
    open->bar()->setSweep(0, QString(), QString());
    QTRY_VERIFY_WITH_TIMEOUT(open->bar()->problem().isEmpty(), kPatienceMs);
}

void TestSimulatePage::whatIsKeptIsDrawnBehind()
{
    const auto open = page(sample::smallScenario());
    QVERIFY(open && runToTheEnd(*open));
    open->keep();
    QString text = open->editor()->text();
    text.replace(QStringLiteral("\"reservedConcurrency\": 1"),
                 QStringLiteral("\"reservedConcurrency\": 9"));
    open->editor()->setText(text);
    QVERIFY(runToTheEnd(*open));
    const auto& lines = open->result()->charts()->cards().front()->chart()->lines();
    QCOMPARE(lines.size(), std::size_t{4});
    QVERIFY(!lines[0].kept && lines[2].kept);
    QVERIFY(lines[2].points != lines[0].points);
    QCOMPARE(open->result()->model()->columnCount(), 7);
    open->keep();
    QCOMPARE(open->result()->model()->columnCount(), 4);
    QCOMPARE(open->result()->charts()->cards().front()->chart()->lines().size(), std::size_t{2});
}

void TestSimulatePage::exportsPicturesDrawingsAndTables()
{
    const auto open = page(sample::smallScenario());
    QVERIFY(open);
    const ResultView& view = *open->result();
    QVERIFY(!view.exportTo(m_folder->filePath(QStringLiteral("early.png"))).isEmpty());
    QVERIFY(runToTheEnd(*open));
    const auto exported = [&](const char* name) {
        const QString path = m_folder->filePath(QLatin1String(name));
        const QString problem = view.exportTo(path);
        if (!problem.isEmpty())
            qWarning("%s", qPrintable(problem));
        return contentOf(path);
    };
    const QImage picture = QImage::fromData(exported("a.png"));
    QVERIFY(picture.width() > 2 * view.charts()->cards().front()->chart()->width());
    const QByteArray drawing = exported("a.svg");
    QVERIFY(drawing.contains("<svg") && drawing.contains("Concurrency"));
    QVERIFY(drawing.contains("<polyline") || drawing.contains("<path"));
    QVERIFY2(!drawing.contains("<image"), "the drawing holds a picture");
    const ResultPtr same = sample::resultOf(sample::smallScenario());
    QCOMPARE(exported("a.csv"), QByteArray::fromStdString(study::toCsv(*same)));
    QCOMPARE(exported("a.series.csv"),
             QByteArray::fromStdString(study::seriesToCsv(same->points.front())));
    QVERIFY(view.exportTo(QStringLiteral("/nowhere/at/all.svg")).contains(u"/nowhere/at/all.svg"));
}

void TestSimulatePage::unsavedChangesComeBack()
{
    auto open = page(sample::smallScenario());
    QVERIFY(open);
    const QString path = open->editor()->path();
    QString changed = open->editor()->text();
    changed.replace(QStringLiteral("\"seed\": 5"), QStringLiteral("\"seed\": 6"));
    open->editor()->setText(changed);
    open.reset();
    QVERIFY(contentOf(path).contains("\"seed\": 5"));
    open = std::make_unique<SimulatePage>(path, QString());
    QCOMPARE(open->editor()->text(), changed);
    QVERIFY(open->editor()->isModified());
    open->save();
    QVERIFY(!open->editor()->isModified());
    QVERIFY(contentOf(path).contains("\"seed\": 6"));
}

QTEST_MAIN(TestSimulatePage)
#include "tst_simulate_page.moc"
