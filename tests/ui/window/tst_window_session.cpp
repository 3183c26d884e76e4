#include <QDialogButtonBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTest>

#include "process/host.h"
#include "ui/dialogs/send_many_dialog.h"
#include "ui/explorer/explorer_model.h"
#include "window_driver.h"

using namespace coldframe;
using namespace coldframe::ui;
using window_test::kPatienceMs;
using window_test::WindowDriver;

namespace {

const QString kSend = QStringLiteral("run.send");

QJsonDocument json(const QByteArray& text)
{
    return QJsonDocument::fromJson(text);
}

/// What comes to the function's caller for examples/uppercase/events/seed.json.
const char* const kSeedResult = R"(\"5\": \"EDUCATIVE\")";

} // namespace

/// The window over a real session, used from end to end as the README tells a newcomer to.
class TestWindowSession : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_driver.reset(); }
    void sendIsColdThenWarm();
    void whatIsNotTrustedRunsOnlyAfterTheClick();
    void aDroppedFileBecomesAResult();
    void aScheduleFiresNow();
    void manyAtOnceMeetTheLimit();
    void manyToARealAccountAreAskedFor_data();
    void manyToARealAccountAreAskedFor();
    void changedCodeIsColdAndNew();
    void aMistakeInTheFileIsShownUntilItIsPutRight();

private:
    WindowDriver& driver() { return *m_driver; }

    QTemporaryDir m_configuration;
    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<WindowDriver> m_driver;
};

void TestWindowSession::initTestCase()
{
    // Of the user's own settings, trusted folders and accounts nothing is read and nothing written.
    qputenv("XDG_CONFIG_HOME", m_configuration.path().toUtf8());
    qputenv("AWS_CONFIG_FILE", m_configuration.filePath(QStringLiteral("aws")).toUtf8());
    qputenv("AWS_SHARED_CREDENTIALS_FILE", m_configuration.filePath(QStringLiteral("no")).toUtf8());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_window_session"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    m_themes = std::make_unique<ThemeManager>();
}

void TestWindowSession::init()
{
    QSettings().clear();
    m_driver = std::make_unique<WindowDriver>(*m_themes);
}

void TestWindowSession::sendIsColdThenWarm()
{
    QVERIFY(driver().open());
    QVERIFY(driver().chooseEvent(QStringLiteral("seed.json")));
    driver().clickTool("run.send");
    QTRY_VERIFY_WITH_TIMEOUT(driver().output().contains(QLatin1String(kSeedResult)), kPatienceMs);
    QCOMPARE(driver().instance(), QStringLiteral("i-01 · cold"));
    QVERIFY2(driver().log().contains(QStringLiteral("received 5 values\n")),
             qPrintable(driver().log()));
    QVERIFY2(driver().log().contains(QRegularExpression(
                 QStringLiteral("\nREPORT RequestId: [-0-9a-f]{36}\tDuration: .+\tBilled Duration: "
                                "\\d+ ms\tMemory Size: 256 MB\tMax Memory Used: \\d+ MB\tInit "
                                "Duration: .+ ms"))),
             qPrintable(driver().log()));
    QTRY_COMPARE_WITH_TIMEOUT(driver().column(QStringLiteral("Start")),
                              QStringList{QStringLiteral("cold")}, kPatienceMs);
    QCOMPARE(driver().cell(0, QStringLiteral("Status")), QStringLiteral("ok"));
    QCOMPARE(driver().cell(0, QStringLiteral("Trigger")), QStringLiteral("send"));
    // The table and the pane give one reason, with the same measured figures; a busy machine adds
    // that it was short of room.
    QVERIFY2(driver().reason().contains(QRegularExpression(
                 QStringLiteral("^Cold: the function had no instance yet: [0-9.]+ ms spawn \\+ "
                                "[0-9.]+ ms init measured, [0-9.]+ ms sandbox modelled[;.]"))),
             qPrintable(driver().reason()));
    QCOMPARE(driver().cell(0, QStringLiteral("Start"), Qt::ToolTipRole), driver().reason());
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("uppercase")), QStringLiteral("1 idle"),
                              kPatienceMs);

    driver().key(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(driver().instance(), QStringLiteral("i-01 · warm"), kPatienceMs);
    QVERIFY(
        driver().reason().startsWith(QStringLiteral("Warm: the only idle instance, idle for ")));
    QVERIFY(!driver().log().contains(QStringLiteral("Init Duration")));
    QTRY_COMPARE_WITH_TIMEOUT(driver().column(QStringLiteral("Start")),
                              QStringList({QStringLiteral("warm"), QStringLiteral("cold")}),
                              kPatienceMs);
}

void TestWindowSession::whatIsNotTrustedRunsOnlyAfterTheClick()
{
    QVERIFY(driver().open(false));
    QAction* send = driver().window().actions().action(kSend);
    QVERIFY(!send->isEnabled());
    driver().key(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(driver().clickButton(QStringLiteral("Trust and start")));
    QTRY_VERIFY_WITH_TIMEOUT(send->isEnabled(), kPatienceMs);
    driver().clickTool("run.send");
    QTRY_COMPARE_WITH_TIMEOUT(driver().attempts(), 1, kPatienceMs); // the key before did nothing
    QVERIFY(!driver().clickButton(QStringLiteral("Trust and start"))); // it has gone
}

void TestWindowSession::aDroppedFileBecomesAResult()
{
    QVERIFY(driver().open());
    QVERIFY(driver().statusStrip().contains(QStringLiteral("Triggers stopped")));
    driver().key(Qt::Key_T, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("on-upload")),
                              QStringLiteral("listening"), kPatienceMs);
    QVERIFY(driver().statusStrip().contains(QStringLiteral("Triggers running")));

    QVERIFY(QFile::copy(driver().path(QStringLiteral("samples/cities.json")),
                        driver().path(QStringLiteral("data/uploads/cities.json"))));
    QTRY_COMPARE_WITH_TIMEOUT(driver().column(QStringLiteral("Trigger")),
                              QStringList{QStringLiteral("on-upload")}, kPatienceMs);
    QCOMPARE(driver().cell(0, QStringLiteral("Status")), QStringLiteral("ok"));
    const QString result = QStringLiteral("data/results/cities.json");
    QTRY_VERIFY_WITH_TIMEOUT(!driver().read(result).isEmpty(), kPatienceMs);
    const QJsonDocument expected
        = json(driver().read(QStringLiteral("samples/expected/cities.json")));
    QVERIFY(!expected.isNull());
    QCOMPARE(json(driver().read(result)), expected);
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("results")), QStringLiteral("1 file"),
                              kPatienceMs);

    driver().clickTool("run.triggers");
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("on-upload")),
                              QStringLiteral("stopped"), kPatienceMs);
}

void TestWindowSession::aScheduleFiresNow()
{
    QVERIFY(driver().open());
    QVERIFY(driver().clickInExplorer(QStringLiteral("nightly")));
    QVERIFY(driver().clickButton(QStringLiteral("Fire now")));
    QTRY_COMPARE_WITH_TIMEOUT(driver().column(QStringLiteral("Trigger")),
                              QStringList{QStringLiteral("nightly")}, kPatienceMs);
    const QDir results(driver().path(QStringLiteral("data/results")));
    QTRY_COMPARE_WITH_TIMEOUT(results.entryList({QStringLiteral("*.json")}).size(), 1, kPatienceMs);
    const QString written = QStringLiteral("data/results/")
        + results.entryList({QStringLiteral("*.json")}).constFirst();
    QCOMPARE(json(driver().read(written)).object().value(QStringLiteral("body")).toString(),
             QStringLiteral("{\"report\": \"NIGHTLY\"}"));

    // Sent again it is accepted first; the pane goes on to what came of it.
    driver().clickRow(0);
    driver().key(Qt::Key_F5);
    QTRY_COMPARE_WITH_TIMEOUT(driver().attempts(), 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(driver().instance().endsWith(QStringLiteral("warm")), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(driver().output().contains(QStringLiteral("NIGHTLY")), kPatienceMs);
}

void TestWindowSession::manyAtOnceMeetTheLimit()
{
    // Long enough that all are there before the first has ended, however slow the machine is.
    driver().write(
        QStringLiteral("functions/uppercase/app.py"),
        "import time\ndef process_data(event, context):\n    time.sleep(1)\n    return 1\n");
    QVERIFY(driver().open());
    QString preview;
    driver().inDialog<SendManyDialog>([&](SendManyDialog& dialog) {
        auto* count = dialog.findChild<QSpinBox*>();
        QTest::keyClicks(count, QStringLiteral("25"));
        for (const QLabel* label : dialog.findChildren<QLabel*>())
            preview += label->text() + QLatin1Char('\n');
        QTest::keyClick(count, Qt::Key_Return);
    });
    driver().key(Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY2(preview.contains(
                 QStringLiteral("25 events go to “uppercase” at once. Its limit is 10 at a time: "
                                "the calls above that are throttled.\n")),
             qPrintable(preview));
    QTRY_COMPARE_WITH_TIMEOUT(driver().attempts(), 25, kPatienceMs);
    QCOMPARE(driver().column(QStringLiteral("Status")).count(QStringLiteral("throttled")), 15);
    QCOMPARE(driver().column(QStringLiteral("Status")).count(QStringLiteral("ok")), 10);
    QCOMPARE(driver().column(QStringLiteral("Start")).count(QStringLiteral("cold")), 10);
    const qsizetype throttled
        = driver().column(QStringLiteral("Status")).indexOf(QStringLiteral("throttled"));
    QCOMPARE(driver().cell(static_cast<int>(throttled), QStringLiteral("Status"), Qt::ToolTipRole),
             QStringLiteral("Throttled: reserved concurrency 10, 10 in use."));
}

void TestWindowSession::manyToARealAccountAreAskedFor_data()
{
    QTest::addColumn<bool>("agreed");
    QTest::newRow("cancelled: nothing is sent") << false;
    QTest::newRow("agreed: all are sent") << true;
}

void TestWindowSession::manyToARealAccountAreAskedFor()
{
    QFETCH(bool, agreed);
    driver().write(
        QStringLiteral("coldframe.json"),
        driver()
            .read(QStringLiteral("coldframe.json"))
            .replace("\"memoryMb\": 256,", "\"memoryMb\": 256, \"inheritAws\": \"work\","));
    QVERIFY(driver().open());
    QCOMPARE(driver().badge(QStringLiteral("uppercase"), ExplorerModel::AccountRole),
             QStringLiteral("AWS: work"));
    QString question;
    driver().inDialog<SendManyDialog>([&](SendManyDialog& dialog) {
        driver().inDialog<QMessageBox>([&](QMessageBox& asks) {
            question = asks.text();
            QCOMPARE(asks.defaultButton(), asks.button(QMessageBox::Cancel));
            QTest::mouseClick(asks.button(agreed ? QMessageBox::Yes : QMessageBox::Cancel),
                              Qt::LeftButton);
        });
        QTest::keyClicks(dialog.findChild<QSpinBox*>(), QStringLiteral("3"));
        QTest::mouseClick(dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok),
                          Qt::LeftButton);
    });
    driver().key(Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(question,
             QStringLiteral("“uppercase” runs with the AWS profile “work” and can change what is "
                            "really there. Send many events?"));
    // One more, which is not asked for, comes after those: none is on its way then.
    driver().clickTool("run.send");
    QTRY_COMPARE_WITH_TIMEOUT(driver().attempts(), agreed ? 4 : 1, kPatienceMs);
}

void TestWindowSession::changedCodeIsColdAndNew()
{
    QVERIFY(driver().open());
    QVERIFY(driver().chooseEvent(QStringLiteral("seed.json")));
    driver().clickTool("run.send");
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("uppercase")), QStringLiteral("1 idle"),
                              kPatienceMs);
    const QString code = QStringLiteral("functions/uppercase/app.py");
    driver().write(code, driver().read(code).replace("value.upper()", "value.upper() + '!'"));
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("uppercase")), QStringLiteral("idle"),
                              kPatienceMs);
    driver().clickTool("run.send");
    QTRY_VERIFY_WITH_TIMEOUT(driver().output().contains(QStringLiteral("EDUCATIVE!")), kPatienceMs);
    QCOMPARE(driver().instance(), QStringLiteral("i-02 · cold"));
    QVERIFY2(driver().reason().contains(QRegularExpression(QStringLiteral(
                 "^Cold: the code changed \\d+ s ago, which retired the instances: "))),
             qPrintable(driver().reason()));
}

void TestWindowSession::aMistakeInTheFileIsShownUntilItIsPutRight()
{
    QVERIFY(driver().open());
    QCOMPARE(driver().bar(), QString());
    const QString file = QStringLiteral("coldframe.json");
    const QByteArray sound = driver().read(file);
    driver().write(file, QByteArray(sound).replace("\"memoryMb\": 256", "\"memroyMb\": 256"));
    QTRY_VERIFY_WITH_TIMEOUT(
        driver().bar().startsWith(
            QStringLiteral("The workspace file has mistakes; the last good one stays in force.\n")),
        kPatienceMs);
    QVERIFY2(driver().bar().contains(QStringLiteral("coldframe.json:11:")),
             qPrintable(driver().bar()));
    QVERIFY2(driver().bar().contains(QStringLiteral("memroyMb")), qPrintable(driver().bar()));
    driver().clickTool("run.send"); // what was good goes on
    QTRY_COMPARE_WITH_TIMEOUT(driver().column(QStringLiteral("Status")),
                              QStringList{QStringLiteral("ok")}, kPatienceMs);
    driver().write(file, sound);
    QTRY_VERIFY_WITH_TIMEOUT(
        driver().bar().contains(QStringLiteral("coldframe.json was read again")), kPatienceMs);
    QVERIFY2(!driver().bar().contains(QStringLiteral("mistakes")), qPrintable(driver().bar()));
}

QTEST_MAIN(TestWindowSession)
#include "tst_window_session.moc"
