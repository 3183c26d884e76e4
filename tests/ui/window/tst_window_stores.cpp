#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTest>
#include <QTreeView>

#include "process/host.h"
#include "ui/limits/limit_box.h"
#include "ui/limits/limits_bar.h"
#include "ui/shell/workspace_area.h"
#include "ui/stores/store_page.h"
#include "ui/widgets/json_view.h"
#include "window_driver.h"

using namespace coldframe;
using namespace coldframe::ui;
using window_test::kPatienceMs;
using window_test::WindowDriver;

/// Stores and live limits in the window over a real session.
class TestWindowStores : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_driver.reset(); }
    void aResultIsSeenAsItComes();
    void anObjectIsSentAsItsTriggerWould();
    void aStoreThatIsRemovedIsClosed();
    void aLimitTakesEffectAndIsUndone();
    void aLimitIsWrittenOncePerEntry();
    void whatCoreRefusesIsSaidAtTheField();
    void aFileWithErrorsTakesNoLimits();

private:
    WindowDriver& driver() { return *m_driver; }
    WorkspaceArea& area() { return *driver().window().findChild<WorkspaceArea*>(); }
    StorePage& page() { return *driver().window().findChild<StorePage*>(); }
    LimitBox& box(const char* key)
    {
        return *driver().window().findChild<LimitBox*>(QStringLiteral("limit.")
                                                       + QLatin1String(key));
    }
    QString problem()
    {
        const auto* label = driver().window().findChild<QLabel*>(QStringLiteral("limitProblem"));
        return label->isVisible() ? label->text() : QString();
    }
    QByteArray file() { return driver().read(QStringLiteral("coldframe.json")); }
    QString previewed()
    {
        for (const JsonView* view : page().findChildren<JsonView*>())
            if (view->isVisible())
                return view->text();
        return {};
    }
    void type(LimitBox& field, const QString& text)
    {
        field.setFocus();
        field.selectAll();
        QTest::keyClicks(&field, text);
    }

    QTemporaryDir m_configuration;
    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<WindowDriver> m_driver;
};

void TestWindowStores::initTestCase()
{
    // Of the user's own settings and trusted folders nothing is read and nothing written.
    qputenv("XDG_CONFIG_HOME", m_configuration.path().toUtf8());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_window_stores"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    m_themes = std::make_unique<ThemeManager>();
}

void TestWindowStores::init()
{
    QSettings().clear();
    m_driver = std::make_unique<WindowDriver>(*m_themes);
    QVERIFY(driver().open());
}

/// uppercase writes what it makes of an upload into "results".
void TestWindowStores::aResultIsSeenAsItComes()
{
    driver().clickTool("run.triggers");
    QVERIFY(driver().clickInExplorer(QStringLiteral("results")));
    QCOMPARE(area().currentName(), QStringLiteral("results"));
    QTRY_VERIFY_WITH_TIMEOUT(driver()
                                 .window()
                                 .findChild<QLabel*>(QStringLiteral("storeEmpty"))
                                 ->text()
                                 .contains(QStringLiteral("“results” is empty")),
                             kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(driver().badge(QStringLiteral("on-upload")),
                              QStringLiteral("listening"), kPatienceMs);
    driver().write(QStringLiteral("data/uploads/greeting 1.json"), R"({"body": {"say": "hello"}})");
    QTRY_COMPARE_WITH_TIMEOUT(page().model().rowCount(), 1, kPatienceMs);
    QCOMPARE(page().model().index(0, 0).data().toString(), QStringLiteral("greeting 1.json"));
    QVERIFY(page().model().index(0, 0).data(StoreModel::NewRole).toBool());
    auto* list = page().findChild<QTreeView*>();
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Home);
    QTRY_VERIFY_WITH_TIMEOUT(previewed().contains(QStringLiteral("HELLO")), kPatienceMs);
}

void TestWindowStores::anObjectIsSentAsItsTriggerWould()
{
    driver().write(QStringLiteral("data/uploads/seed+1.json"), R"({"body": {"say": "again"}})");
    QVERIFY(driver().clickInExplorer(QStringLiteral("uploads")));
    QTRY_COMPARE_WITH_TIMEOUT(page().model().rowCount(), 1, kPatienceMs);
    auto* list = page().findChild<QTreeView*>();
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                      list->visualRect(page().model().index(0, 0)).center());
    QTRY_VERIFY(!page().findChild<JsonView*>() || previewed().contains(QStringLiteral("again")));
    driver().key(Qt::Key_E, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(area().currentFunction(), QStringLiteral("uppercase"), kPatienceMs);
    driver().clickTool("run.send");
    QTRY_VERIFY_WITH_TIMEOUT(driver().output().contains(QStringLiteral("AGAIN")), kPatienceMs);
}

void TestWindowStores::aStoreThatIsRemovedIsClosed()
{
    QVERIFY(driver().clickInExplorer(QStringLiteral("results")));
    auto* tabs = driver().window().findChild<QTabBar*>();
    for (QTabBar* each : area().findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly))
        tabs = each;
    QCOMPARE(tabs->count(), 2);
    QByteArray without = file();
    without.replace("\"results\"", "\"outcomes\"");
    driver().write(QStringLiteral("coldframe.json"), without);
    QTRY_COMPARE_WITH_TIMEOUT(tabs->count(), 1, kPatienceMs);
    QCOMPARE(area().currentFunction(), QStringLiteral("uppercase"));
}

void TestWindowStores::aLimitTakesEffectAndIsUndone()
{
    const QByteArray before = file();
    QTRY_COMPARE(box("memoryMb").value(), 256);
    type(box("memoryMb"), QStringLiteral("512"));
    QCOMPARE(file(), before); // not for every digit
    QTest::keyClick(&box("memoryMb"), Qt::Key_Return);
    QCOMPARE(file(), QByteArray(before).replace("\"memoryMb\": 256", "\"memoryMb\": 512"));
    QTRY_VERIFY_WITH_TIMEOUT(!driver().snapshot()->marks.empty(), kPatienceMs);
    QCOMPARE(driver().snapshot()->marks.back().text, "uppercase: memory 256 → 512 MB");
    QVERIFY(driver().chooseEvent(QStringLiteral("seed.json")));
    driver().clickTool("run.send");
    QTRY_VERIFY_WITH_TIMEOUT(driver().log().contains(QStringLiteral("Memory Size: 512 MB")),
                             kPatienceMs);
    box("memoryMb").setFocus();
    driver().key(Qt::Key_Z, Qt::ControlModifier); // nothing is typed: the key is the window's
    QCOMPARE(file(), before);
    QTRY_COMPARE_WITH_TIMEOUT(box("memoryMb").value(), 256, kPatienceMs);
}

/// Typed, left by Tab, stepped: each is one entry of the undo list, however many keys it took.
void TestWindowStores::aLimitIsWrittenOncePerEntry()
{
    const QByteArray before = file();
    QAction* undo = driver().window().actions().action(QStringLiteral("workspace.undo"));
    const auto inForce
        = [this] { return driver().snapshot()->workspace->functions.front().reservedConcurrency; };
    LimitBox& reserved = box("reservedConcurrency");
    QTRY_COMPARE(reserved.value(), 10);
    type(reserved, QStringLiteral("none"));
    QTest::keyClick(&reserved, Qt::Key_Tab);
    QVERIFY(!file().contains("reservedConcurrency"));
    QTRY_VERIFY_WITH_TIMEOUT(!inForce(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!driver().snapshot()->marks.empty(), kPatienceMs);
    QCOMPARE(driver().snapshot()->marks.back().text, "uppercase: reserved concurrency 10 → none");

    LimitBox& account = box("accountConcurrency");
    QCOMPARE(account.text(), QStringLiteral("default"));
    type(account, QStringLiteral("500"));
    QTest::keyClick(&account, Qt::Key_Return);
    QVERIFY(file().contains("\"accountConcurrency\": 500"));
    QTRY_COMPARE_WITH_TIMEOUT(driver().snapshot()->workspace->accountConcurrency, 500, kPatienceMs);
    account.setFocus();
    for (int step = 0; step < 5; ++step)
        QTest::keyClick(&account, Qt::Key_Up);
    QVERIFY(file().contains("\"accountConcurrency\": 500"));
    QTRY_VERIFY_WITH_TIMEOUT(file().contains("\"accountConcurrency\": 505"), kPatienceMs);
    QTest::keyClick(&account, Qt::Key_Return); // nothing is left to tell
    QTRY_COMPARE_WITH_TIMEOUT(driver().snapshot()->workspace->accountConcurrency, 505, kPatienceMs);

    undo->trigger();
    QVERIFY(file().contains("\"accountConcurrency\": 500"));
    undo->trigger();
    QVERIFY(!file().contains("accountConcurrency"));
    QTRY_COMPARE_WITH_TIMEOUT(account.text(), QStringLiteral("default"), kPatienceMs);
    undo->trigger();
    QCOMPARE(file(), before);
    QTRY_COMPARE_WITH_TIMEOUT(reserved.value(), 10, kPatienceMs);
    QVERIFY(!undo->isEnabled());
}

void TestWindowStores::whatCoreRefusesIsSaidAtTheField()
{
    const QByteArray before = file();
    LimitBox& memory = box("memoryMb");
    type(memory, QStringLiteral("64"));
    QTest::keyClick(&memory, Qt::Key_Return);
    QVERIFY2(
        problem().contains(QStringLiteral("must be a whole number between 128 and 10240, got 64")),
        qPrintable(problem()));
    QCOMPARE(memory.accessibleDescription(), problem());
    QVERIFY(memory.property("problem").toBool());
    QCOMPARE(file(), before);
    QTest::keyClick(&memory, Qt::Key_Escape);
    QCOMPARE(memory.value(), 256);
    QCOMPARE(problem(), QString());

    LimitBox& reserved = box("reservedConcurrency");
    type(reserved, QStringLiteral("950"));
    QTest::keyClick(&reserved, Qt::Key_Return);
    QVERIFY2(problem().contains(QStringLiteral("below its minimum value of [100]")),
             qPrintable(problem()));
    QCOMPARE(file(), before);
    // What makes room for it: then Enter tries again.
    LimitBox& account = box("accountConcurrency");
    type(account, QStringLiteral("2000"));
    QTest::keyClick(&account, Qt::Key_Return);
    QVERIFY(file().contains("\"accountConcurrency\": 2000"));
    QTRY_COMPARE_WITH_TIMEOUT(driver().snapshot()->workspace->accountConcurrency, 2000,
                              kPatienceMs);
    QCOMPARE(reserved.value(), 950);
    reserved.setFocus();
    QTest::keyClick(&reserved, Qt::Key_Return);
    QVERIFY(file().contains("\"reservedConcurrency\": 950"));
    QCOMPARE(problem(), QString());
}

void TestWindowStores::aFileWithErrorsTakesNoLimits()
{
    const QByteArray before = file();
    QVERIFY(box("memoryMb").isEnabled());
    driver().write(QStringLiteral("coldframe.json"), "{ \"format\": 1,, }");
    QTRY_VERIFY_WITH_TIMEOUT(!box("memoryMb").isEnabled(), kPatienceMs);
    QVERIFY2(problem().startsWith(QStringLiteral("coldframe.json has errors.")),
             qPrintable(problem()));
    driver().write(QStringLiteral("coldframe.json"), before);
    QTRY_VERIFY_WITH_TIMEOUT(box("memoryMb").isEnabled(), kPatienceMs);
    QCOMPARE(problem(), QString());
}

QTEST_MAIN(TestWindowStores)
#include "tst_window_stores.moc"
