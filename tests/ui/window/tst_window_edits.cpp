#include <QDialogButtonBox>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTest>
#include <QTreeView>

#include "process/host.h"
#include "ui/dialogs/function_dialog.h"
#include "ui/dialogs/store_dialog.h"
#include "ui/dialogs/trigger_dialog.h"
#include "ui/editor/event_pane.h"
#include "ui/explorer/explorer_pane.h"
#include "ui/shell/workspace_area.h"
#include "window_driver.h"

using namespace coldframe;
using namespace coldframe::ui;
using window_test::kPatienceMs;
using window_test::WindowDriver;

/// Workspace edits in the window over a real session: file, session, undo.
class TestWindowEdits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_driver.reset(); }
    void memoryChangesInFileAndSessionAndBack();
    void anUndoIsRefusedWhenAnotherChangedTheFile();
    void theEditorKeepsItsUndo();
    void anAddedTriggerIsListedAndOpened();
    void removingAsksAndTakesWhatNamesIt();
    void aRemovalForAClosedWorkspaceIsNotMade();
    void aRemovalThatLeavesAMistakeIsRefused();
    void theExplorerOffersEdits_data();
    void theExplorerOffersEdits();
    void aFileThatIsNoJsonIsSaid();

private:
    WindowDriver& driver() { return *m_driver; }
    QAction* action(const char* id)
    {
        return driver().window().actions().action(QLatin1String(id));
    }
    QByteArray file() { return driver().read(QStringLiteral("coldframe.json")); }
    /// Of the session, by what it shows for it.
    bool hasLine(const char* name)
    {
        return !driver().badge(QLatin1String(name), ExplorerModel::KeyRole).isEmpty();
    }
    /// Presses a button of the next message box and keeps what it said.
    void answer(QString& said, QMessageBox::StandardButton button)
    {
        driver().inDialog<QMessageBox>([&said, button](QMessageBox& box) {
            said = box.text();
            QTest::mouseClick(box.button(button), Qt::LeftButton);
        });
    }
    /// After a dialog, which took the keys.
    bool isActive()
    {
        driver().window().activateWindow();
        return QTest::qWaitForWindowActive(&driver().window());
    }
    void setMemory(const char* megabytes);
    QString shownMemory();

    QTemporaryDir m_configuration;
    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<WindowDriver> m_driver;
};

void TestWindowEdits::initTestCase()
{
    // Of the user's own settings and trusted folders nothing is read and nothing written.
    qputenv("XDG_CONFIG_HOME", m_configuration.path().toUtf8());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_window_edits"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    process::setReaperPath(COLDFRAME_BINARY_DIR "/app/instance/coldframe-instance");
    m_themes = std::make_unique<ThemeManager>();
}

void TestWindowEdits::init()
{
    QSettings().clear();
    m_driver = std::make_unique<WindowDriver>(*m_themes);
    QVERIFY(driver().open());
}

void TestWindowEdits::setMemory(const char* megabytes)
{
    driver().inDialog<FunctionDialog>([megabytes](FunctionDialog& dialog) {
        auto* memory = dialog.findChild<QLineEdit*>(QStringLiteral("field.memoryMb"));
        memory->setFocus();
        memory->selectAll();
        QTest::keyClicks(memory, QLatin1String(megabytes));
        QTest::keyClick(memory, Qt::Key_Return);
    });
    action("workspace.edit")->trigger();
}

/// What an attempt's REPORT line says: the session's own word, not the file's.
QString TestWindowEdits::shownMemory()
{
    const QString log = driver().log();
    const qsizetype at = log.lastIndexOf(QStringLiteral("Memory Size: "));
    return at < 0 ? QString() : log.mid(at + 13).section(QLatin1Char('\t'), 0, 0);
}

void TestWindowEdits::memoryChangesInFileAndSessionAndBack()
{
    const QByteArray before = file();
    QVERIFY(!action("workspace.undo")->isEnabled());
    setMemory("512");
    QCOMPARE(file(), QByteArray(before).replace("\"memoryMb\": 256", "\"memoryMb\": 512"));
    QVERIFY(action("workspace.undo")->isEnabled());
    QCOMPARE(action("workspace.undo")->text(),
             QStringLiteral("&Undo: change function “uppercase”"));
    QTRY_VERIFY_WITH_TIMEOUT(
        driver().bar().contains(QStringLiteral("coldframe.json was read again")), kPatienceMs);
    QVERIFY(driver().chooseEvent(QStringLiteral("seed.json")));
    driver().clickTool("run.send");
    QTRY_COMPARE_WITH_TIMEOUT(shownMemory(), QStringLiteral("512 MB"), kPatienceMs);

    QVERIFY(isActive());
    driver().window().findChild<ExplorerPane*>()->tree()->setFocus();
    driver().key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(file(), before);
    QVERIFY(!action("workspace.undo")->isEnabled());
    // The session takes it up in its time: events until then are of the workspace before.
    QTRY_VERIFY_WITH_TIMEOUT(
        (driver().clickTool("run.send"), shownMemory() == QStringLiteral("256 MB")), kPatienceMs);

    driver().key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(file(), QByteArray(before).replace("\"memoryMb\": 256", "\"memoryMb\": 512"));
}

void TestWindowEdits::anUndoIsRefusedWhenAnotherChangedTheFile()
{
    const QByteArray before = file();
    setMemory("512");
    const QByteArray edited = file();
    const QByteArray others
        = QByteArray(edited).replace("\"timeoutMs\": 3000", "\"timeoutMs\": 4000");
    driver().write(QStringLiteral("coldframe.json"), others);
    QString said;
    answer(said, QMessageBox::Ok);
    action("workspace.undo")->trigger();
    QVERIFY2(said.contains(QStringLiteral("the file was changed meanwhile by another program")),
             qPrintable(said));
    QCOMPARE(file(), others);
    QVERIFY(action("workspace.undo")->isEnabled()); // it can be done once that is taken back
    driver().write(QStringLiteral("coldframe.json"), edited);
    action("workspace.undo")->trigger();
    QCOMPARE(file(), before);
}

void TestWindowEdits::theEditorKeepsItsUndo()
{
    setMemory("512");
    const QByteArray edited = file();
    auto* events = driver().window().findChild<WorkspaceArea*>()->events();
    QVERIFY(isActive());
    events->focusEditor();
    const QString before = events->eventText();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("  "));
    QVERIFY(events->eventText() != before);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(events->eventText(), before);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Z,
                    Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY(events->eventText() != before);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(events->eventText(), before);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(file(), edited); // nothing left to undo there, and it is still the editor's key
}

void TestWindowEdits::anAddedTriggerIsListedAndOpened()
{
    driver().inDialog<TriggerDialog>([](TriggerDialog& dialog) {
        auto* name = dialog.findChild<QLineEdit*>(QStringLiteral("field."));
        QTest::keyClicks(name, QStringLiteral("on-text"));
        auto* suffix = dialog.findChild<QLineEdit*>(QStringLiteral("field.suffix"));
        suffix->setFocus();
        QTest::keyClicks(suffix, QStringLiteral(".txt"));
        QTest::keyClick(suffix, Qt::Key_Return);
    });
    action("workspace.addTrigger")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(hasLine("on-text"), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(driver().window().findChild<WorkspaceArea*>()->currentName(),
                              QStringLiteral("on-text"), kPatienceMs);
    action("workspace.undo")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!hasLine("on-text"), kPatienceMs);
}

void TestWindowEdits::removingAsksAndTakesWhatNamesIt()
{
    const QByteArray before = file();
    QString said;
    auto* explorer = driver().window().findChild<ExplorerPane*>();
    answer(said, QMessageBox::Cancel);
    Q_EMIT explorer->removeWanted(EntryKind::Store, QStringLiteral("uploads"));
    QCOMPARE(said,
             QStringLiteral("Remove the store “uploads” from the workspace file?\n\nWith it goes "
                            "what names it:\n• /triggers/on-upload\n\nCode and data stay where "
                            "they are."));
    QCOMPARE(file(), before);
    answer(said, QMessageBox::Yes);
    Q_EMIT explorer->removeWanted(EntryKind::Store, QStringLiteral("uploads"));
    QVERIFY(!file().contains("uploads"));
    QVERIFY(file().contains("nightly"));
    QTRY_VERIFY_WITH_TIMEOUT(!hasLine("uploads") && !hasLine("on-upload"), kPatienceMs);
    QVERIFY(QFileInfo(driver().path(QStringLiteral("data/uploads"))).isDir());
    action("workspace.undo")->trigger();
    QCOMPARE(file(), before);
    QTRY_VERIFY_WITH_TIMEOUT(hasLine("uploads") && hasLine("on-upload"), kPatienceMs);
}

void TestWindowEdits::aRemovalForAClosedWorkspaceIsNotMade()
{
    const QByteArray before = file();
    QString said;
    driver().inDialog<QMessageBox>([this, &said](QMessageBox& question) {
        action("file.close")->trigger();
        answer(said, QMessageBox::Ok);
        QTest::mouseClick(question.button(QMessageBox::Yes), Qt::LeftButton);
    });
    Q_EMIT driver().window().findChild<ExplorerPane*>()->removeWanted(EntryKind::Store,
                                                                      QStringLiteral("uploads"));
    QCOMPARE(said,
             QStringLiteral("Nothing was removed: the workspace was closed while it was asked."));
    QCOMPARE(file(), before);
    QVERIFY(!action("workspace.undo")->isEnabled());
}

void TestWindowEdits::aRemovalThatLeavesAMistakeIsRefused()
{
    const QByteArray wrong = file().replace("\"store\": \"failed\"", "\"store\": \"fialed\"");
    driver().write(QStringLiteral("coldframe.json"), wrong);
    QString said;
    answer(said, QMessageBox::Ok);
    Q_EMIT driver().window().findChild<ExplorerPane*>()->removeWanted(EntryKind::Trigger,
                                                                      QStringLiteral("nightly"));
    QVERIFY2(said.startsWith(QStringLiteral(
                 "Without the trigger “nightly” the workspace file would be wrong:\n"))
                 && said.contains(QStringLiteral("/functions/uppercase/onFailure/store: there is "
                                                 "no store \"fialed\"")),
             qPrintable(said));
    QCOMPARE(file(), wrong);
}

void TestWindowEdits::theExplorerOffersEdits_data()
{
    QTest::addColumn<int>("section");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QStringList>("offered");
    const auto row = [](const char* name, Section section, const char* key, QStringList offered) {
        QTest::newRow(name) << static_cast<int>(section) << QString::fromLatin1(key) << offered;
    };
    row("a function", Section::Functions, "uppercase", {"Edit…", "Remove…", "Add function…"});
    row("a trigger", Section::Triggers, "nightly", {"Edit…", "Remove…", "Add trigger…"});
    row("a store", Section::Stores, "failed", {"Edit…", "Remove…", "Add store…"});
    row("the heading of the stores", Section::Stores, "", {"Add store…"});
    row("the heading of the recordings", Section::Recordings, "", {});
}

void TestWindowEdits::theExplorerOffersEdits()
{
    QFETCH(int, section);
    QFETCH(QString, key);
    QFETCH(QStringList, offered);
    auto* explorer = driver().window().findChild<ExplorerPane*>();
    const ExplorerModel& model = explorer->model();
    const auto in = static_cast<Section>(section);
    QMenu menu;
    explorer->fillMenu(menu, key.isEmpty() ? model.sectionIndex(in) : model.find(in, key));
    QStringList found;
    for (const QAction* action : menu.actions())
        for (const char* word : {"Edit", "Remove", "Add"})
            if (action->text().startsWith(QLatin1String(word)))
                found << action->text();
    QCOMPARE(found, offered);
    QString title;
    for (QAction* choice : menu.actions())
        if (choice->text() == QStringLiteral("Edit…")) {
            driver().inDialog<EntryDialog>([&title](EntryDialog& dialog) {
                title = dialog.windowTitle();
                dialog.reject();
            });
            choice->trigger();
            QVERIFY2(title.contains(QStringLiteral("“%1”").arg(key)), qPrintable(title));
        }
}

void TestWindowEdits::aFileThatIsNoJsonIsSaid()
{
    driver().write(QStringLiteral("coldframe.json"), "{\n  \"format\": 1,,\n");
    QString said;
    answer(said, QMessageBox::Ok);
    action("workspace.addStore")->trigger();
    QVERIFY2(said.contains(QStringLiteral("coldframe.json:2:15: ")), qPrintable(said));
}

QTEST_MAIN(TestWindowEdits)
#include "tst_window_edits.moc"
