#include <QDockWidget>
#include <QTabBar>
#include <QTreeView>

#include "simulate_fixture.h"
#include "ui/charts/study_card.h"
#include "ui/explorer/explorer_pane.h"
#include "ui/shell/workspace_area.h"
#include "ui/simulate/new_scenario.h"
#include "ui/simulate/new_scenario_dialog.h"
#include "ui/simulate/result_charts.h"
#include "ui/simulate/result_table.h"
#include "ui/simulate/result_view.h"
#include "ui/simulate/scenario_editor.h"

using namespace coldframe;
using namespace coldframe::ui;
using test::kPatienceMs;
using test::typeKey;

/// Scenarios in the whole window: how they are opened, what makes room for them, and their tabs.
class TestSimulateWindow : public test::SimulateFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepare(QStringLiteral("tst_simulate_window")); }
    void init() { makeFolder(); }
    void fromTheKeyboardToAFilledTable();
    void theWindowMakesRoomAndGivesItBack();
    void newScenariosAreOfTheWorkspace();
    void theTabSaysWhatIsNotSaved();
    void aScenarioFileIsKnownByWhatIsInIt_data();
    void aScenarioFileIsKnownByWhatIsInIt();
    void aScenarioFileIsOpenedAsOne();
};

void TestSimulateWindow::fromTheKeyboardToAFilledTable()
{
    write(QStringLiteral("small.json"), sample::smallScenario());
    const auto open = window();
    QVERIFY(open);
    auto* explorer = open->findChild<ExplorerPane*>();
    const QString path = m_folder->filePath(QStringLiteral("scenarios/small.json"));
    explorer->tree()->setFocus();
    explorer->select(Section::Scenarios, path);
    auto* shown = open->findChild<SimulatePage*>();
    QVERIFY(shown);
    QCOMPARE(open->findChild<WorkspaceArea*>()->currentScenario(), shown);
    QVERIFY(!open->actions().action(QStringLiteral("run.send"))->isEnabled());
    typeKey(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(shown->hasResult(), kPatienceMs);
    QCOMPARE(shown->result()->table()->model()->rowCount(),
             static_cast<int>(sim::metrics().size()));
    QVERIFY(shown->result()->state().startsWith(u"Done in"));
    QVERIFY(shown->result()->origins().contains(u"modelled"));
    QCOMPARE(shown->result()->charts()->cards().size(), 2);
    // F5, the habit of the window, runs it again.
    typeKey(Qt::Key_F5);
    QVERIFY(shown->isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(!shown->isRunning(), kPatienceMs);
}

void TestSimulateWindow::theWindowMakesRoomAndGivesItBack()
{
    write(QStringLiteral("small.json"), sample::smallScenario());
    const auto open = window();
    QVERIFY(open);
    const auto* live = open->findChild<QDockWidget*>(QStringLiteral("dock.live"));
    const auto* attempts = open->findChild<QDockWidget*>(QStringLiteral("dock.attempts"));
    auto* area = open->findChild<WorkspaceArea*>();
    const QString function = area->currentFunction();
    QVERIFY(live->isVisible() && attempts->isVisible());
    area->openScenario(m_folder->filePath(QStringLiteral("scenarios/small.json")));
    QVERIFY(!live->isVisible() && !attempts->isVisible());
    QVERIFY(!open->actions().action(QStringLiteral("workspace.remove"))->isEnabled());
    area->openFunction(function);
    QVERIFY(live->isVisible() && attempts->isVisible());
    QVERIFY(open->actions().action(QStringLiteral("run.send"))->isEnabled());
    area->openScenario(m_folder->filePath(QStringLiteral("scenarios/small.json")));
    area->closeCurrentTab();
    QVERIFY(!open->findChild<SimulatePage*>());
    QVERIFY(live->isVisible());
}

void TestSimulateWindow::newScenariosAreOfTheWorkspace()
{
    const auto snapshot = snapshotHere();
    NewScenarioDialog dialog(snapshot->workspace);
    dialog.show();
    QTest::keyClick(&dialog, Qt::Key_Return);
    QVERIFY(!dialog.isVisible());
    QCOMPARE(dialog.path(), m_folder->filePath(QStringLiteral("scenarios/scenario.json")));
    const auto file
        = study::ScenarioFile::open(dialog.path().toStdString(), COLDFRAME_SOURCE_DIR "/resources");
    QVERIFY(file);
    const auto prepared = file->prepare({});
    QVERIFY2(prepared, prepared ? "" : describe(prepared.error()).c_str());
    QCOMPARE(prepared->scenario.functions.size(), snapshot->workspace->functions.size());
    QCOMPARE(prepared->scenario.functions[0].model.rules.memoryMb,
             static_cast<std::uint32_t>(snapshot->workspace->functions[0].memoryMb));
    // A second one does not take the place of the first.
    NewScenarioDialog again(snapshot->workspace);
    again.show();
    QTest::keyClick(&again, Qt::Key_Return);
    QVERIFY(again.path().endsWith(QStringLiteral("scenario-2.json")));
}

void TestSimulateWindow::theTabSaysWhatIsNotSaved()
{
    const QString path = write(QStringLiteral("small.json"), sample::smallScenario());
    const auto open = window();
    QVERIFY(open);
    auto* area = open->findChild<WorkspaceArea*>();
    const auto* tabs = area->findChild<QTabBar*>();
    area->openScenario(path);
    const auto title = [&] { return tabs->tabText(tabs->currentIndex()); };
    QCOMPARE(title(), QStringLiteral("small.json"));
    area->currentScenario()->editor()->setText(QStringLiteral("{}\n"));
    QCOMPARE(title(), QStringLiteral("small.json •"));
    QVERIFY(tabs->tabToolTip(tabs->currentIndex()).endsWith(u"not saved"));
    area->closeCurrentTab();
    area->openScenario(path); // with the draft
    QCOMPARE(title(), QStringLiteral("small.json •"));
    area->currentScenario()->save();
    QCOMPARE(title(), QStringLiteral("small.json"));
}

void TestSimulateWindow::aScenarioFileIsKnownByWhatIsInIt_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("scenario");
    const QByteArray scenario = QByteArray::fromStdString(sample::smallScenario());
    QTest::newRow("anywhere") << "a.json" << scenario << true;
    QTest::newRow("broken, where scenarios lie") << "scenarios/a.json" << QByteArray("{") << true;
    QTest::newRow("broken, elsewhere") << "a.json" << QByteArray("{") << false;
    QTest::newRow("a workspace's file") << "coldframe.json" << scenario << false;
    QTest::newRow("an event") << "event.json" << QByteArray("{\"Records\": []}") << false;
    QTest::newRow("no JSON") << "handler.py" << QByteArray("pass") << false;
}

void TestSimulateWindow::aScenarioFileIsKnownByWhatIsInIt()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, text);
    QFETCH(bool, scenario);
    QDir(m_folder->path()).mkpath(QStringLiteral("scenarios"));
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QFile::WriteOnly) && file.write(text) == text.size());
    file.close();
    QCOMPARE(isScenario(file.fileName()), scenario);
    QVERIFY(!isScenario(m_folder->path()));
    QVERIFY(!isScenario(m_folder->filePath(QStringLiteral("none.json"))));
}

/// The folder of one that was given on the command line or dropped was taken for a workspace.
void TestSimulateWindow::aScenarioFileIsOpenedAsOne()
{
    const QString path = write(QStringLiteral("small.json"), sample::smallScenario());
    MainWindow window(*m_themes, [](const QString&) -> Result<std::unique_ptr<SessionPort>> {
        return tl::unexpected(Error{.message = "no workspace was meant"});
    });
    window.showWelcome();
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.enter(path);
    auto* area = window.findChild<WorkspaceArea*>();
    QVERIFY(area->isVisible() && area->currentScenario());
    QCOMPARE(area->currentScenario()->editor()->path(), path);
    for (const QDockWidget* dock : window.findChildren<QDockWidget*>())
        QVERIFY2(!dock->isVisible(), qPrintable(dock->objectName()));
}

QTEST_MAIN(TestSimulateWindow)
#include "tst_simulate_window.moc"
