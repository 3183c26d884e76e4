#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/attempts/attempts_model.h"
#include "ui/attempts/attempts_pane.h"
#include "ui/attempts/attempts_table.h"
#include "ui/editor/event_pane.h"
#include "ui/result/diff_view.h"
#include "ui/result/result_pane.h"
#include "ui/shell/main_window.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"
#include "ui/theme/theme_manager.h"
#include "ui/widgets/log_view.h"
#include "ui/widgets/status_dot.h"

using namespace coldframe;
using namespace coldframe::ui;

/// What is done with attempts, in the whole window, with keys and clicks.
class TestAttemptCommands : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_window.reset(); }
    void nothingCanBeDoneWithoutASelection();
    void aSelectionIsSentAgainInOrder();
    void failedOnesAreSentOnceEach();
    void manyAreAskedFor();
    void manyOfAnotherSessionAreNotSent();
    void editPutsTheEventIntoTheEditor();
    void copiesACommand();
    void menuComparesWithoutChangingWhatIsShown();
    void twoSelectedAreCompared();
    void theShownOneIsComparedWithTheOneBeforeIt();
    void aSendTakesTheSelectionAway();
    void aRunningOneIsCancelled();
    void aRunningOneShowsItsLog();

private:
    QAction* action(const char* id) { return m_window->actions().action(QLatin1String(id)); }
    WorkspaceArea* area() { return m_window->findChild<WorkspaceArea*>(); }
    AttemptsPane* pane() { return m_window->findChild<AttemptsPane*>(); }
    AttemptsTable* table() { return pane()->table(); }
    void click(int row, Qt::KeyboardModifiers modifiers = {});
    QPoint centre(int row) { return table()->visualRect(pane()->model()->index(row, 1)).center(); }
    QStringList diffCells();

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    sample::MadeUpPort* m_port = nullptr;
};

void TestAttemptCommands::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_attempt_commands"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
}

void TestAttemptCommands::init()
{
    QSettings().clear();
    m_folder = std::make_unique<QTemporaryDir>();
    m_window = std::make_unique<MainWindow>(
        *m_themes, [this](const QString&) -> Result<std::unique_ptr<SessionPort>> {
            auto snapshot = sample::busySnapshot();
            auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
            workspace->folder = m_folder->path().toStdString();
            snapshot->workspace = workspace;
            auto port = std::make_unique<sample::MadeUpPort>(snapshot);
            port->answer = sample::coldAnswer();
            m_port = port.get();
            return port;
        });
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QVERIFY(m_window->openWorkspace(m_folder->path()));
    QTRY_COMPARE(pane()->model()->rowCount(), 400);
}

void TestAttemptCommands::click(int row, Qt::KeyboardModifiers modifiers)
{
    QTest::mouseClick(table()->viewport(), Qt::LeftButton, modifiers, centre(row));
}

QStringList TestAttemptCommands::diffCells()
{
    const auto* cells = area()->results()->findChild<DiffView*>()->findChild<QTableWidget*>();
    QStringList found;
    for (int row = 0; row < cells->rowCount(); ++row)
        for (int column = 0; column < cells->columnCount(); ++column)
            found << cells->item(row, column)->text();
    return found;
}

void TestAttemptCommands::nothingCanBeDoneWithoutASelection()
{
    for (const char* id :
         {"attempt.sendAgain", "attempt.edit", "attempt.copyCommand", "attempt.compare"})
        QVERIFY2(!action(id)->isEnabled(), id);
    QTRY_VERIFY(action("attempt.rerunFailed")->isEnabled());
    click(1);
    for (const char* id :
         {"attempt.sendAgain", "attempt.edit", "attempt.copyCommand", "attempt.compare"})
        QVERIFY2(action(id)->isEnabled(), id);
    click(3, Qt::ShiftModifier);
    QVERIFY(action("attempt.sendAgain")->isEnabled());
    QVERIFY(!action("attempt.edit")->isEnabled());
}

void TestAttemptCommands::aSelectionIsSentAgainInOrder()
{
    click(1);
    click(4, Qt::ControlModifier);
    click(2, Qt::ControlModifier);
    QTest::keyClick(table(), Qt::Key_F5);
    QVERIFY(m_port->asked.contains(QStringLiteral("send again 3")));
    std::vector<std::uint32_t> sent;
    for (const history::AttemptRow& attempt : m_port->again)
        sent.push_back(attempt.invocation);
    QCOMPARE(sent, (std::vector<std::uint32_t>{396, 398, 399})); // the newest of 400 is on top
}

void TestAttemptCommands::failedOnesAreSentOnceEach()
{
    QTRY_VERIFY(action("attempt.rerunFailed")->isEnabled());
    std::size_t failed = 0;
    for (int row = 0; row < 400; ++row)
        failed += isFailure(statusOf(pane()->model()->attempt(row))) ? 1 : 0;
    QVERIFY(failed > 5 && failed <= 100);
    // The filter holds.
    auto* filter = pane()->findChild<QLineEdit*>();
    QTest::keyClicks(filter, QStringLiteral("fn:thumb*"));
    QTest::keyClick(filter, Qt::Key_Return);
    QTRY_VERIFY(!pane()->model()->searching());
    action("attempt.rerunFailed")->trigger();
    const std::size_t some = m_port->again.size();
    QVERIFY(some > 0 && some < failed);
    for (const history::AttemptRow& attempt : m_port->again)
        QCOMPARE(attempt.function, FunctionId(0));
    // Without it the others; what has been sent again is not what failed any more.
    QTest::keyClick(filter, Qt::Key_Escape);
    QTRY_COMPARE(pane()->model()->rowCount(), 400);
    m_port->again.clear();
    QTest::keyClick(m_window.get(), Qt::Key_F5, Qt::ShiftModifier);
    QCOMPARE(m_port->again.size(), failed - some);
    QVERIFY(std::ranges::is_sorted(m_port->again, {}, &history::AttemptRow::invocation));
    m_port->again.clear();
    QString said;
    QTimer::singleShot(0, [&said] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY(box);
        said = box->text();
        box->accept();
    });
    action("attempt.rerunFailed")->trigger();
    QVERIFY(m_port->again.empty());
    QVERIFY2(said.startsWith(QStringLiteral("All that failed has been sent again")),
             qPrintable(said));
}

void TestAttemptCommands::manyAreAskedFor()
{
    table()->setFocus();
    const auto answerWith = [](QMessageBox::StandardButton button) {
        QTimer::singleShot(0, [button] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            QVERIFY(box);
            QCOMPARE(box->text(), QStringLiteral("Send 400 recorded events again?"));
            QTest::mouseClick(box->button(button), Qt::LeftButton);
        });
    };
    QTest::keyClick(table(), Qt::Key_A, Qt::ControlModifier);
    answerWith(QMessageBox::Cancel);
    QTest::keyClick(table(), Qt::Key_F5);
    QVERIFY(m_port->again.empty());
    answerWith(QMessageBox::Yes);
    action("attempt.sendAgain")->trigger(); // without a window manager the dialog keeps the focus
    QCOMPARE(m_port->again.size(), std::size_t(400));
}

/// Attempts are known by numbers, which mean others in the session that was opened meanwhile.
void TestAttemptCommands::manyOfAnotherSessionAreNotSent()
{
    table()->setFocus();
    QTest::keyClick(table(), Qt::Key_A, Qt::ControlModifier);
    bool answered = false;
    QTimer::singleShot(0, [this, &answered] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY(box);
        action("file.close")->trigger();
        QVERIFY(m_window->openWorkspace(m_folder->path()));
        answered = true;
        QTest::mouseClick(box->button(QMessageBox::Yes), Qt::LeftButton);
    });
    action("attempt.sendAgain")->trigger();
    QVERIFY(answered);
    QVERIFY(m_port->again.empty());
}

void TestAttemptCommands::editPutsTheEventIntoTheEditor()
{
    m_port->event = R"({"n":7})";
    click(0);
    QTest::keyClick(table(), Qt::Key_F4);
    QCOMPARE(area()->events()->eventText().simplified(), QStringLiteral("{ \"n\": 7 }"));
    QVERIFY(area()->events()->isAncestorOf(QApplication::focusWidget()));
    QCOMPARE(area()->events()->findChild<QComboBox*>()->currentIndex(), 0); // it is none of these
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(area()->events()->eventText().simplified() != QStringLiteral("{ \"n\": 7 }"));
    const auto& row = pane()->model()->attempt(0);
    QCOMPARE(area()->currentFunction().toStdString(),
             m_port->snapshot()->workspace->functions[row.function].name);
}

void TestAttemptCommands::copiesACommand()
{
    m_port->event = R"({"n":7})";
    click(0);
    QTest::keyClick(table(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const std::string function
        = m_port->snapshot()->workspace->functions[pane()->model()->attempt(0).function].name;
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QStringLiteral("coldframe invoke %1 %2 --event - <<'EVENT'\n{\"n\":7}\nEVENT\n")
                 .arg(m_folder->path(), QString::fromStdString(function)));
}

void TestAttemptCommands::menuComparesWithoutChangingWhatIsShown()
{
    action("run.send")->trigger();
    m_port->answer.requestId = "another";
    m_port->answer.payload = R"({"statusCode":200,"thumbnails":[]})";
    QTest::mouseClick(table()->viewport(), Qt::RightButton, {}, centre(2));
    QContextMenuEvent asks(QContextMenuEvent::Mouse, centre(2),
                           table()->viewport()->mapToGlobal(centre(2)));
    QApplication::sendEvent(table()->viewport(), &asks);
    auto* menu = pane()->findChild<QMenu*>();
    QVERIFY(menu && menu->actions().contains(action("attempt.compare")));
    QTRY_VERIFY(menu->isVisible());
    QTest::mouseClick(menu, Qt::LeftButton, {},
                      menu->actionGeometry(action("attempt.compare")).center());
    QTRY_VERIFY(!diffCells().isEmpty());
    // Both thumbnails of the result that is shown are not in the attempt's.
    QCOMPARE(diffCells().size(), 6);
    QVERIFY(diffCells()[0].startsWith(QStringLiteral("+ /thumbnails/0")));
}

void TestAttemptCommands::twoSelectedAreCompared()
{
    m_port->numbersAsOutput = true;
    click(1);
    click(2, Qt::ControlModifier);
    QTest::keyClick(table(), Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(diffCells(), QStringList({"~ the whole output", "398", "399"}));
}

void TestAttemptCommands::theShownOneIsComparedWithTheOneBeforeIt()
{
    m_port->numbersAsOutput = true;
    click(0);
    const auto shown = pane()->model()->attempt(0);
    std::uint32_t before = 0;
    for (int row = 1; before == 0; ++row)
        if (const auto& older = pane()->model()->attempt(row);
            older.function == shown.function && older.ending != history::Ending::Rejected)
            before = older.invocation;
    QTest::keyClick(table(), Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(diffCells(),
             QStringList({"~ the whole output", QString::number(before),
                          QString::number(shown.invocation)}));
}

void TestAttemptCommands::aSendTakesTheSelectionAway()
{
    click(0);
    QVERIFY(action("attempt.edit")->isEnabled());
    action("run.send")->trigger();
    QVERIFY(table()->selectionModel()->selection().isEmpty());
    QVERIFY(!action("attempt.edit")->isEnabled());
}

void TestAttemptCommands::aRunningOneIsCancelled()
{
    QVERIFY(!action("run.cancel")->isEnabled());
    m_port->answers = false;
    action("run.send")->trigger();
    const auto* state = area()->results()->findChild<StatusDot*>();
    QCOMPARE(state->text(), QStringLiteral("Running"));
    QVERIFY(action("run.cancel")->isEnabled());
    m_port->answer.outcome = engine::Outcome::Cancelled;
    QTest::keyClick(m_window.get(), Qt::Key_Escape, Qt::ShiftModifier);
    QCOMPARE(m_port->asked.last(), QStringLiteral("cancel 41"));
    QVERIFY(!action("run.cancel")->isEnabled());
    QCOMPARE(state->text(), QStringLiteral("Cancelled"));
}

void TestAttemptCommands::aRunningOneShowsItsLog()
{
    m_port->answers = false;
    action("run.send")->trigger();
    QCOMPARE(m_port->followed, 41U);
    const auto publish = [&](std::uint32_t invocation, const char* log) {
        auto next = std::make_shared<session::Snapshot>(*m_port->snapshot());
        next->runningLog
            = std::make_shared<const session::RunningLog>(session::RunningLog{invocation, log, 0});
        m_port->publish(next);
    };
    const auto* shown = area()->results()->findChild<LogView*>();
    publish(41, "one\ntw");
    QVERIFY(shown->isVisible()); // there is nothing else yet
    QCOMPARE(shown->toPlainText(), QStringLiteral("one\n"));
    publish(41, "one\ntwo\nthree\n");
    QCOMPARE(shown->toPlainText(), QStringLiteral("one\ntwo\nthree\n"));
    publish(7, "another's\n");
    QCOMPARE(shown->toPlainText(), QStringLiteral("one\ntwo\nthree\n"));
    action("run.cancel")->trigger();
    QCOMPARE(m_port->followed, 0U);
    QCOMPARE(shown->toPlainText(), text(m_port->answer.log));
}

QTEST_MAIN(TestAttemptCommands)
#include "tst_attempt_commands.moc"
