#include <QDockWidget>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include <cerrno>
#include <csignal>

#include "process/host.h"
#include "ui/editor/event_pane.h"
#include "ui/shell/settings.h"
#include "ui/shell/workspace_area.h"
#include "ui/tests_view/problem_list.h"
#include "ui/tests_view/tests_pane.h"
#include "ui/tests_view/tests_table.h"
#include "ui/widgets/status_dot.h"
#include "window_driver.h"

using namespace coldframe;
using namespace coldframe::ui;
using window_test::kPatienceMs;
using window_test::WindowDriver;

namespace {

/// Each call leaves its process id in a file; an event may ask it to sleep.
const char* const kWatched = R"(

_original = process_data


def process_data(event, context):
    import os, time
    with open(%s, "a") as calls:
        calls.write("%%d\n" %% os.getpid())
    time.sleep(event.get("sleep", 0))
    return _original(event, context)
)";

const char* const kWrong = R"({
  "function": "uppercase",
  "result": {
    "statusCode": 500
  }
}
)";

} // namespace

/// *Test all* over a real session, with real processes.
class TestWindowTests : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_driver.reset(); }
    void testAllSaysWhatIsNotAsExpected();
    void aPlaceOpensInTheEditor();
    void onlyWhatFailedRunsAgain();
    void stopEndsTheTestUnderWay();
    void closingTheWindowEndsTheTestUnderWay();
    void whatIsNotTrustedIsNotTested();
    void aRealAccountIsAskedFor();

private:
    WindowDriver& driver() { return *m_driver; }
    TestsPane* pane() { return driver().window().findChild<TestsPane*>(); }
    QAction* action(const char* id)
    {
        return driver().window().actions().action(QLatin1String(id));
    }
    QString summary();
    QStringList states();
    QString state(const QString& test);
    void select(const QString& test);
    QStringList calls() const; ///< process ids, oldest first
    bool openOnTests(bool trusted = true);
    bool startSleeper();

    QTemporaryDir m_configuration;
    std::unique_ptr<QTemporaryDir> m_outside;
    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<WindowDriver> m_driver;
};

void TestWindowTests::initTestCase()
{
    // Of the user's own settings and trusted folders nothing is read and nothing written.
    qputenv("XDG_CONFIG_HOME", m_configuration.path().toUtf8());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_window_tests"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    m_themes = std::make_unique<ThemeManager>();
}

/// The example with its three tests, and a fourth that expects what does not happen.
void TestWindowTests::init()
{
    QSettings().clear();
    m_outside = std::make_unique<QTemporaryDir>();
    m_driver = std::make_unique<WindowDriver>(*m_themes);
    const QString code = QStringLiteral("functions/uppercase/app.py");
    const QByteArray file = '"' + m_outside->filePath(QStringLiteral("calls")).toUtf8() + '"';
    driver().write(code,
                   driver().read(code) + QString::asprintf(kWatched, file.constData()).toUtf8());
    driver().write(QStringLiteral("events/wrong.json"),
                   driver().read(QStringLiteral("events/seed.json")));
    driver().write(QStringLiteral("events/wrong.expect.json"), kWrong);
}

QString TestWindowTests::summary()
{
    return pane()->findChild<StatusDot*>(QStringLiteral("testsSummary"))->text();
}

QStringList TestWindowTests::states()
{
    QStringList all;
    const QAbstractItemModel* model = pane()->table()->model();
    for (int row = 0; row < model->rowCount(); ++row)
        all << QStringLiteral("%1 %2").arg(model->index(row, 1).data().toString(),
                                           model->index(row, 0).data().toString());
    return all;
}

QString TestWindowTests::state(const QString& test)
{
    for (const QString& line : states())
        if (line.startsWith(test + QLatin1Char(' ')))
            return line.mid(test.size() + 1);
    return {};
}

void TestWindowTests::select(const QString& test)
{
    TestsTable* table = pane()->table();
    for (int row = 0; row < table->model()->rowCount(); ++row)
        if (const QModelIndex name = table->model()->index(row, 1); name.data() == test) {
            table->scrollTo(name);
            QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                              table->visualRect(name).center());
        }
}

QStringList TestWindowTests::calls() const
{
    QFile file(m_outside->filePath(QStringLiteral("calls")));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

bool TestWindowTests::openOnTests(bool trusted)
{
    if (!driver().open(trusted))
        return false;
    driver().window().findChild<QDockWidget*>(QStringLiteral("dock.tests"))->raise();
    return QTest::qWaitFor([this] { return pane()->table()->model()->rowCount() >= 4; },
                           kPatienceMs);
}

void TestWindowTests::testAllSaysWhatIsNotAsExpected()
{
    QVERIFY(openOnTests());
    QCOMPARE(summary(), QStringLiteral("4 tests, not run yet"));
    driver().key(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(summary(), QStringLiteral("3 of 4 passed, 1 failed"), kPatienceMs);
    QCOMPARE(states(),
             QStringList({QStringLiteral("no-body passed"), QStringLiteral("object-body passed"),
                          QStringLiteral("seed passed"), QStringLiteral("wrong failed")}));
    const QStringList processes = calls();
    QCOMPARE(processes.size(), 4);
    QCOMPARE(QSet<QString>(processes.begin(), processes.end()).size(), 4); // each one cold
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("wrong.json")),
                              QStringLiteral("failed"), kPatienceMs);
    QCOMPARE(driver().badge(QStringLiteral("seed.json")), QStringLiteral("passed"));
    QCOMPARE(driver().attempts(), 0); // the open session has nothing to do with it

    // The one that failed is shown by itself.
    QTRY_COMPARE_WITH_TIMEOUT(pane()->problems()->count(), 1, kPatienceMs);
    const TestProblem problem = pane()->problems()->problems().constFirst();
    QCOMPARE(problem.sentence, QStringLiteral("/statusCode of the result is 200 instead of 500"));
    QCOMPARE(problem.expected, QStringLiteral("500"));
    QCOMPARE(problem.got, QStringLiteral("200"));
    QCOMPARE(problem.line, 4);
    QVERIFY(pane()->problems()->isVisible());
    select(QStringLiteral("seed"));
    QVERIFY(!pane()->problems()->isVisible());

    QVERIFY(driver().clickButton(QStringLiteral("Open event")));
    QCOMPARE(driver().window().findChild<EventPane*>()->eventText().toUtf8(),
             driver().read(QStringLiteral("events/seed.json")));
}

void TestWindowTests::aPlaceOpensInTheEditor()
{
    const QString opened = m_outside->filePath(QStringLiteral("opened"));
    QFile editor(m_outside->filePath(QStringLiteral("code"))); // which is told lines as file:line
    QVERIFY(editor.open(QIODevice::WriteOnly));
    editor.write("#!/bin/sh\necho \"$@\" > " + opened.toUtf8() + ".new && mv " + opened.toUtf8()
                 + ".new " + opened.toUtf8() + "\n");
    editor.close();
    QVERIFY(editor.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    Settings().setEditor(editor.fileName());
    QVERIFY(openOnTests());
    driver().key(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(pane()->problems()->count(), 1, kPatienceMs);
    QTRY_VERIFY(pane()->problems()->isVisible());
    const QPoint first = pane()->problems()->visualItemRect(pane()->problems()->item(0)).center();
    QTest::mouseClick(pane()->problems()->viewport(), Qt::LeftButton, {}, first);
    QVERIFY(!QFile::exists(opened)); // one click selects
    QTest::mouseDClick(pane()->problems()->viewport(), Qt::LeftButton, {}, first);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(opened), kPatienceMs);
    QFile said(opened);
    QVERIFY(said.open(QIODevice::ReadOnly));
    const QByteArray arguments = said.readAll();
    QVERIFY2(arguments.contains(driver().path(QStringLiteral("events/wrong.expect.json")).toUtf8()
                                + ":4"),
             arguments);
}

void TestWindowTests::onlyWhatFailedRunsAgain()
{
    QVERIFY(openOnTests());
    QVERIFY(!action("test.failed")->isEnabled());
    QVERIFY(driver().clickButton(QStringLiteral("Test all")));
    QTRY_COMPARE_WITH_TIMEOUT(summary(), QStringLiteral("3 of 4 passed, 1 failed"), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(action("test.failed")->isEnabled(), kPatienceMs);
    driver().write(QStringLiteral("events/wrong.expect.json"),
                   QByteArray(kWrong).replace("500", "200"));
    QVERIFY(driver().clickButton(QStringLiteral("Test failed")));
    QTRY_COMPARE_WITH_TIMEOUT(summary(), QStringLiteral("4 of 4 passed"), kPatienceMs);
    QCOMPARE(calls().size(), 5);
    QTRY_VERIFY_WITH_TIMEOUT(action("test.all")->isEnabled(), kPatienceMs);
    QVERIFY(!action("test.failed")->isEnabled());
}

/// A test that would run for ten minutes is under way when this returns.
bool TestWindowTests::startSleeper()
{
    const QString file = QStringLiteral("coldframe.json");
    driver().write(file,
                   driver().read(file).replace("\"timeoutMs\": 3000", "\"timeoutMs\": 600000"));
    driver().write(QStringLiteral("events/object-body.json"), R"({"sleep": 590, "body": {}})");
    if (!openOnTests())
        return false;
    driver().key(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    return QTest::qWaitFor(
        [this] {
            return state(QStringLiteral("object-body")) == QStringLiteral("running")
                && calls().size() == 2;
        },
        kPatienceMs);
}

void TestWindowTests::stopEndsTheTestUnderWay()
{
    QVERIFY(startSleeper());
    QCOMPARE(driver().badge(QStringLiteral("object-body.json")), QStringLiteral("running"));
    QVERIFY(!action("test.all")->isEnabled());
    const pid_t sleeper = static_cast<pid_t>(calls().last().toInt());
    QCOMPARE(kill(sleeper, 0), 0);
    QVERIFY(driver().clickButton(QStringLiteral("Stop")));
    QTRY_VERIFY_WITH_TIMEOUT(action("test.all")->isEnabled(), kPatienceMs);
    QCOMPARE(states(),
             QStringList({QStringLiteral("no-body passed"), QStringLiteral("object-body not run"),
                          QStringLiteral("seed not run"), QStringLiteral("wrong not run")}));
    QCOMPARE(summary(), QStringLiteral("1 of 4 passed, 3 not run"));
    QTRY_VERIFY_WITH_TIMEOUT(kill(sleeper, 0) != 0 && errno == ESRCH, kPatienceMs);
    QCOMPARE(calls().size(), 2);
    QVERIFY(!action("test.stop")->isEnabled());
}

void TestWindowTests::closingTheWindowEndsTheTestUnderWay()
{
    QVERIFY(startSleeper());
    const pid_t sleeper = static_cast<pid_t>(calls().last().toInt());
    QCOMPARE(kill(sleeper, 0), 0);
    driver().window().close();
    QTRY_VERIFY_WITH_TIMEOUT(kill(sleeper, 0) != 0 && errno == ESRCH, kPatienceMs);
    QCOMPARE(calls().size(), 2);
}

void TestWindowTests::whatIsNotTrustedIsNotTested()
{
    QVERIFY(openOnTests(false));
    QVERIFY(!action("test.all")->isEnabled());
    driver().key(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(driver().clickButton(QStringLiteral("Trust and start")));
    QTRY_VERIFY_WITH_TIMEOUT(action("test.all")->isEnabled(), kPatienceMs);
    QVERIFY(calls().isEmpty());
    QVERIFY(driver().clickButton(QStringLiteral("Test all")));
    QTRY_COMPARE_WITH_TIMEOUT(summary(), QStringLiteral("3 of 4 passed, 1 failed"), kPatienceMs);
    QCOMPARE(calls().size(), 4); // the key before did nothing
}

void TestWindowTests::aRealAccountIsAskedFor()
{
    const QString file = QStringLiteral("coldframe.json");
    driver().write(file,
                   driver().read(file).replace("\"memoryMb\": 256,",
                                               "\"memoryMb\": 256, \"inheritAws\": \"work\","));
    QVERIFY(openOnTests());
    QString question;
    driver().inDialog<QMessageBox>([&question](QMessageBox& asks) {
        question = asks.text();
        QTest::mouseClick(asks.button(QMessageBox::Cancel), Qt::LeftButton);
    });
    QVERIFY(driver().clickButton(QStringLiteral("Test all")));
    QVERIFY2(question.contains(QStringLiteral("AWS profile “work”")), qPrintable(question));
    QVERIFY(action("test.all")->isEnabled()); // none is under way
    QCOMPARE(summary(), QStringLiteral("4 tests, not run yet"));
    QVERIFY(calls().isEmpty());
}

QTEST_MAIN(TestWindowTests)
#include "tst_window_tests.moc"
