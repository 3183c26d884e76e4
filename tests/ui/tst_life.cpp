#include <QFontMetrics>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>

#include "sample_snapshot.h"
#include "ui/result/life_view.h"
#include "ui/result/result_pane.h"
#include "ui/theme/theme_manager.h"

using namespace coldframe;
using namespace coldframe::ui;
using namespace std::chrono_literals;

/// The life of an event: which stages it has, where its bars lie, and that all of it can be read.
class TestLife : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void stagesOf_data();
    void stagesOf();
    void coldStartIsAWaterfall();
    void billedReachesBackOverABilledInit();
    void warmAttemptHasNoInit();
    void throttledEndsAtScaling();
    void refusedHasNoLife();
    void originsAreSaid();
    void whatWasDebuggedIsNeitherModelledNorBilled();
    void everythingFits_data();
    void everythingFits();
    void noteIsWrappedNotCut();
    void isSpoken();
    void liesOnTheCard();

private:
    static const LifeRow* row(const QList<LifeStage>& stages, const QString& name);
    std::unique_ptr<ThemeManager> m_themes;
};

void TestLife::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
    m_themes->setMode(ThemeMode::Light);
}

const LifeRow* TestLife::row(const QList<LifeStage>& stages, const QString& name)
{
    for (const LifeStage& stage : stages)
        for (const LifeRow& found : stage.rows)
            if (found.name == name)
                return &found;
    return nullptr;
}

void TestLife::stagesOf_data()
{
    QTest::addColumn<session::Answer>("answer");
    QTest::addColumn<QStringList>("stages");
    QTest::addColumn<QStringList>("rows");
    const QStringList all{"Trigger", "Scaling", "Processing", "Output", "Billing"};
    session::Answer cold = sample::coldAnswer();
    QTest::newRow("cold, sent by hand")
        << cold << all
        << QStringList{"From",     "Sandbox",      "Spawn",           "Init",
                       "Instance", "On this desk", "On the platform", "Memory",
                       "Outcome",  "Response",     "Billed",          "Cost per million"};
    session::Answer retried = cold;
    retried.cold = false;
    retried.init = {};
    retried.queued = 3ms;
    retried.deskWaited = true;
    retried.deskWait = 20ms;
    retried.attempt = 2;
    retried.outcome = engine::Outcome::TimedOut;
    QTest::newRow("second attempt, waited twice")
        << retried << all
        << QStringList{"From",     "Attempt",        "Queue",           "Desk wait, not billed",
                       "Instance", "On this desk",   "On the platform", "Memory",
                       "Outcome",  "Error document", "Billed",          "Cost per million"};
    session::Answer fetching = cold;
    fetching.stores = {.outputs = {{"results", "a.json", 120}, {"results", "b.json", 80}},
                       .retrieval = 4ms,
                       .storing = 2ms};
    QTest::newRow("reads and writes stores")
        << fetching
        << QStringList{"Trigger", "Scaling", "Retrieval", "Processing", "Output", "Billing"}
        << QStringList{"From",           "Sandbox",        "Spawn",           "Init",
                       "Instance",       "Reading stores", "On this desk",    "On the platform",
                       "Memory",         "Outcome",        "Response",        "Files written",
                       "Writing stores", "Billed",         "Cost per million"};
    session::Answer throttled;
    throttled.throttled = true;
    throttled.reasonText = "Throttled: all 10 reserved instances were busy.";
    QTest::newRow("throttled") << throttled << QStringList{"Trigger", "Scaling"}
                               << QStringList{"From"};
    session::Answer accepted;
    accepted.accepted = true;
    accepted.source = "send";
    QTest::newRow("accepted") << accepted << QStringList{"Trigger"} << QStringList{"From"};
}

void TestLife::stagesOf()
{
    QFETCH(session::Answer, answer);
    QStringList names, rows;
    for (const LifeStage& stage : lifeStages(answer)) {
        names << stage.name;
        for (const LifeRow& found : stage.rows)
            rows << found.name;
    }
    QTEST(names, "stages");
    QTEST(rows, "rows");
}

void TestLife::coldStartIsAWaterfall()
{
    session::Answer answer = sample::coldAnswer();
    answer.queued = 5ms;
    const QList<LifeStage> stages = lifeStages(answer);
    // Each begins where the one before ended; both times of the handler begin together.
    const Duration handler = 5ms + 140ms + 700us + 71'400us;
    QCOMPARE(row(stages, "Queue")->from, Duration(0));
    QCOMPARE(row(stages, "Sandbox")->from, Duration(5ms));
    QCOMPARE(row(stages, "Spawn")->from, Duration(145ms));
    QCOMPARE(row(stages, "Init")->from, Duration(145'700us));
    QCOMPARE(row(stages, "On this desk")->from, handler);
    QCOMPARE(row(stages, "On this desk")->length, Duration(171'300us));
    QCOMPARE(row(stages, "On the platform")->from, handler);
    QCOMPARE(row(stages, "On the platform")->length, Duration(412'800us));
    QCOMPARE(stages[1].note, QString::fromStdString(answer.reasonText));
}

void TestLife::billedReachesBackOverABilledInit()
{
    session::Answer answer = sample::coldAnswer(); // billed 485 ms = init + platform, rounded up
    QCOMPARE(row(lifeStages(answer), "Billed")->from, row(lifeStages(answer), "Init")->from);
    answer.billed = 413ms;
    QCOMPARE(row(lifeStages(answer), "Billed")->from,
             row(lifeStages(answer), "On the platform")->from);
}

void TestLife::warmAttemptHasNoInit()
{
    session::Answer answer = sample::coldAnswer();
    answer.cold = false;
    answer.init = answer.spawn = {};
    const QList<LifeStage> stages = lifeStages(answer);
    QVERIFY(!row(stages, "Sandbox"));
    QVERIFY(!row(stages, "Init"));
    QCOMPARE(row(stages, "Instance")->value, QStringLiteral("i-07 · warm"));
    QCOMPARE(row(stages, "On this desk")->from, Duration(0));
}

void TestLife::throttledEndsAtScaling()
{
    session::Answer answer;
    answer.throttled = true;
    answer.source = "on-upload";
    answer.reasonText = "Throttled: the limit is 10.";
    const QList<LifeStage> stages = lifeStages(answer);
    QCOMPARE(stages.size(), 2);
    QCOMPARE(row(stages, "From")->value, QStringLiteral("on-upload"));
    QCOMPARE(stages[1].note, QStringLiteral("Throttled: the limit is 10."));
}

void TestLife::refusedHasNoLife()
{
    session::Answer answer;
    answer.refused = Error{.message = "the event is not JSON"};
    QVERIFY(lifeStages(answer).isEmpty());
}

void TestLife::originsAreSaid()
{
    for (const LifeStage& stage : lifeStages(sample::coldAnswer()))
        for (const LifeRow& found : stage.rows)
            QVERIFY2(!found.bar || !found.origin.isEmpty(), qPrintable(found.name));
    QCOMPARE(row(lifeStages(sample::coldAnswer()), "Sandbox")->origin, QStringLiteral("modelled"));
    QCOMPARE(row(lifeStages(sample::coldAnswer()), "Init")->origin, QStringLiteral("measured"));
}

void TestLife::whatWasDebuggedIsNeitherModelledNorBilled()
{
    session::Answer answer = sample::coldAnswer();
    answer.debugged = true;
    const QList<LifeStage> stages = lifeStages(answer);
    QVERIFY(row(stages, "On this desk"));
    QVERIFY(!row(stages, "On the platform"));
    QCOMPARE(row(stages, "Billed")->value, QStringLiteral("nothing: held for a debugger"));
    QVERIFY(!row(stages, "Cost per million"));
}

void TestLife::everythingFits_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("stacked");
    QTest::newRow("the smallest result pane") << 270 << true;
    QTest::newRow("400 pixels") << 400 << false;
    QTest::newRow("wide") << 900 << false;
}

void TestLife::everythingFits()
{
    QFETCH(int, width);
    session::Answer answer = sample::coldAnswer();
    answer.deskWaited = true;
    answer.deskWait = 1'234ms;
    const QList<LifeStage> stages = lifeStages(answer);
    const QFontMetrics metrics{uiFont()};
    const LifeColumns columns = lifeColumns(stages, metrics, width);
    for (const LifeStage& stage : stages)
        for (const LifeRow& found : stage.rows) {
            QVERIFY2(metrics.horizontalAdvance(found.name) <= columns.name, qPrintable(found.name));
            QVERIFY(metrics.horizontalAdvance(found.origin) <= columns.origin);
            QVERIFY(!found.bar || metrics.horizontalAdvance(found.value) <= columns.value);
        }
    const int beside = columns.stacked ? 0 : columns.bar;
    QVERIFY(columns.name + columns.value + columns.origin + beside <= width);
    QVERIFY(columns.bar >= 90);
    QTEST(columns.stacked, "stacked");
}

void TestLife::noteIsWrappedNotCut()
{
    LifeView view;
    view.setFont(uiFont());
    view.setStages({{.name = "Scaling", .rows = {}, .note = QStringLiteral("one")}});
    const int one = view.heightForWidth(300);
    view.setStages({{.name = "Scaling",
                     .rows = {},
                     .note = QStringLiteral("many words that go on ").repeated(10)}});
    QVERIFY(view.heightForWidth(300) >= one + 3 * QFontMetrics(uiFont()).height());
    QVERIFY(view.heightForWidth(300) > view.heightForWidth(900));
}

void TestLife::isSpoken()
{
    LifeView view;
    view.setStages(lifeStages(sample::coldAnswer()));
    const QString said = view.accessibleDescription();
    QVERIFY2(said.contains(QStringLiteral("Sandbox 140.0 ms modelled")), qPrintable(said));
    QVERIFY2(said.contains(QStringLiteral("Billing: Billed 485.0 ms modelled")), qPrintable(said));
}

void TestLife::liesOnTheCard()
{
    ResultPane pane;
    pane.resize(420, 700);
    pane.setFunction(QStringLiteral("f"));
    pane.showAnswer(QStringLiteral("f"), sample::coldAnswer());
    pane.show();
    auto* tabs = pane.findChild<QTabWidget*>();
    auto* view = pane.findChild<LifeView*>();
    tabs->setCurrentWidget(pane.findChild<QScrollArea*>());
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    QTRY_VERIFY(view->isVisible());
    const QImage picture = pane.grab().toImage();
    const QPoint corner = view->mapTo(&pane, QPoint(view->width() - 2, 2));
    QCOMPARE(picture.pixelColor(corner), Theme::lightTheme().card);
}

QTEST_MAIN(TestLife)
#include "tst_life.moc"
