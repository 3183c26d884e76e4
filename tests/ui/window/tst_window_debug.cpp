#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include "process/host.h"
#include "ui/dialogs/debug_bars.h"
#include "ui/widgets/message_bar.h"
#include "window_driver.h"

using namespace coldframe;
using namespace coldframe::ui;
using window_test::kPatienceMs;
using window_test::WindowDriver;

/// *Debug next event* in the window over a real session, with no debugger that comes.
class TestWindowDebug : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_driver.reset(); }
    void theNextEventIsHeldAndGoesOnWithoutADebugger();
    void aHeldEventCanBeCancelled();
    void itCanBeTakenBack();
    void aProgramPerEventHasNone();

private:
    WindowDriver& driver() { return *m_driver; }
    QAction* debug() { return driver().window().actions().action(QStringLiteral("run.debug")); }
    QString bar();
    bool press(const QString& text);

    QTemporaryDir m_configuration;
    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<WindowDriver> m_driver;
};

void TestWindowDebug::initTestCase()
{
    // Of the user's own settings and trusted folders nothing is read and nothing written.
    qputenv("XDG_CONFIG_HOME", m_configuration.path().toUtf8());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_window_debug"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    m_themes = std::make_unique<ThemeManager>();
}

/// Debian's own interpreter is the one that has debugpy.
void TestWindowDebug::init()
{
    QSettings().clear();
    m_driver = std::make_unique<WindowDriver>(*m_themes);
    QByteArray file = driver().read(QStringLiteral("coldframe.json"));
    const QByteArray before = "\"runtime\": \"python\",";
    QVERIFY(file.contains(before));
    file.replace(before, before + " \"interpreter\": \"/usr/bin/python3\",");
    driver().write(QStringLiteral("coldframe.json"), file);
    QVERIFY(driver().open());
    QVERIFY(driver().chooseEvent(QStringLiteral("seed.json")));
}

QString TestWindowDebug::bar()
{
    const auto* bars = driver().window().findChild<DebugBars*>();
    const auto* bar = bars->isVisible() ? bars->findChild<MessageBar*>() : nullptr;
    return bar ? bar->text() : QString();
}

bool TestWindowDebug::press(const QString& text)
{
    for (auto* button : driver().window().findChild<DebugBars*>()->findChildren<QPushButton*>())
        if (button->text() == text && button->isVisible()) {
            QTest::mouseClick(button, Qt::LeftButton);
            return true;
        }
    return false;
}

void TestWindowDebug::theNextEventIsHeldAndGoesOnWithoutADebugger()
{
    driver().key(Qt::Key_F9);
    QTRY_VERIFY_WITH_TIMEOUT(debug()->isChecked(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("uppercase")),
                              QStringLiteral("debug next"), kPatienceMs);
    driver().key(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(bar().contains(QStringLiteral("attach a debugger to 127.0.0.1:")),
                             kPatienceMs);
    QCOMPARE(driver().badge(QStringLiteral("uppercase")), QStringLiteral("held"));
    QVERIFY(!debug()->isChecked());
    QVERIFY(press(QStringLiteral("Run without debugger")));
    QTRY_VERIFY_WITH_TIMEOUT(driver().output().contains(QStringLiteral("EDUCATIVE")), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(bar().isEmpty(), kPatienceMs);
    QVERIFY2(driver().reason().contains(QStringLiteral("It was held for a debugger")),
             qPrintable(driver().reason()));
    QTRY_COMPARE_WITH_TIMEOUT(driver().attempts(), 1, kPatienceMs);
    QCOMPARE(driver().cell(0, QStringLiteral("Platform time")), QStringLiteral("debugged"));
    QCOMPARE(driver().cell(0, QStringLiteral("$ / million")), QStringLiteral("—"));
    driver().key(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(driver().attempts(), 2, kPatienceMs);
    QVERIFY2(driver().cell(0, QStringLiteral("Start")).contains(QStringLiteral("cold")),
             "the instance that was debugged serves no other");
}

void TestWindowDebug::aHeldEventCanBeCancelled()
{
    driver().key(Qt::Key_F9);
    QTRY_VERIFY_WITH_TIMEOUT(debug()->isChecked(), kPatienceMs);
    driver().key(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!bar().isEmpty(), kPatienceMs);
    QVERIFY(press(QStringLiteral("Cancel attempt")));
    QTRY_COMPARE_WITH_TIMEOUT(driver().attempts(), 1, kPatienceMs);
    QCOMPARE(driver().cell(0, QStringLiteral("Status")), QStringLiteral("cancelled"));
    QTRY_VERIFY_WITH_TIMEOUT(bar().isEmpty(), kPatienceMs);
}

void TestWindowDebug::itCanBeTakenBack()
{
    driver().key(Qt::Key_F9);
    QTRY_VERIFY_WITH_TIMEOUT(debug()->isChecked(), kPatienceMs);
    driver().key(Qt::Key_F9);
    QTRY_VERIFY_WITH_TIMEOUT(!debug()->isChecked(), kPatienceMs);
    driver().key(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(driver().output().contains(QStringLiteral("EDUCATIVE")), kPatienceMs);
}

void TestWindowDebug::aProgramPerEventHasNone()
{
    QVERIFY(debug()->isEnabled());
    driver().write(QStringLiteral("coldframe.json"), R"({"format": 1, "functions": {
        "uppercase": {"runtime": "command", "code": "functions/uppercase", "command": ["cat"]}}})");
    QTRY_VERIFY_WITH_TIMEOUT(!debug()->isEnabled(), kPatienceMs);
    QVERIFY2(debug()->toolTip().contains(QStringLiteral("its runtime is `command`")),
             qPrintable(debug()->toolTip()));
}

QTEST_MAIN(TestWindowDebug)
#include "tst_window_debug.moc"
