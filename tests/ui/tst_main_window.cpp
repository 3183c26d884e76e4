#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>

#include "main_window_fixture.h"
#include "ui/dialogs/send_rate_dialog.h"
#include "ui/editor/event_pane.h"
#include "ui/result/result_pane.h"
#include "ui/widgets/stat_box.h"
#include "ui/widgets/status_dot.h"

using namespace coldframe;
using namespace coldframe::ui;

/// Drives the whole window with keys and clicks on a made-up session.
class TestMainWindow : public test::MainWindowFixture {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { prepare(QStringLiteral("tst_main_window")); }
    void init() { openWindow(); }
    void cleanup() { m_window.reset(); }
    void ctrlEnterSendsAndShowsTheAnswer();
    void theEditorLeavesTheWindowItsKeys();
    void tabLeavesTheEditorAndAKeyOfACommandIsNoText();
    void stopSendingIsAtHandWhileSending();
    void brokenJsonCannotBeSent();
    void untrustedFolderRunsNothing();
    void triggersStartAndStop();
    void sendAtRateAsksForThePlan();
    void whatAnotherWorkspaceWasAskedIsNotSent_data();
    void whatAnotherWorkspaceWasAskedIsNotSent();
    void searchRunsTheFirstMatch();
    void eachFunctionKeepsItsText();
    void workspaceThatFailsToOpenSaysWhy();
    void goneFunctionsLoseTheirTabs();
};

void TestMainWindow::ctrlEnterSendsAndShowsTheAnswer()
{
    area()->events()->setEventText(QStringLiteral("{\"n\": 1}"));
    area()->events()->focusEditor();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(m_port->asked, QStringList{QStringLiteral("send thumbnails")});
    QCOMPARE(m_port->lastRequest.event, std::string("{\"n\": 1}"));
    QStringList values;
    for (const StatBox* box : area()->results()->findChildren<StatBox*>())
        values << box->value();
    QCOMPARE(values,
             QStringList({QStringLiteral("412.8 ms"), QStringLiteral("171.3 ms"),
                          QStringLiteral("71.4 ms"), QStringLiteral("187 / 512 MB"),
                          QStringLiteral("$4.23"), QStringLiteral("i-07 · cold")}));
    QCOMPARE(area()->results()->findChild<StatusDot*>()->text(), QStringLiteral("Succeeded"));
}

/// Ctrl+T in the editor swapped two lines of the event instead of starting the triggers.
void TestMainWindow::tabLeavesTheEditorAndAKeyOfACommandIsNoText()
{
    area()->events()->focusEditor();
    QWidget* editor = QApplication::focusWidget();
    QVERIFY(editor);
    const QString before = area()->events()->eventText();
    QVERIFY(!action("run.stopSending")->isEnabled());
    QTest::keyClick(editor, Qt::Key_Period, Qt::ControlModifier); // of "Stop sending"
    QCOMPARE(area()->events()->eventText(), before);
    QTest::keyClick(editor, Qt::Key_Tab);
    QVERIFY(QApplication::focusWidget() && QApplication::focusWidget() != editor);
    area()->events()->focusEditor();
    QTest::keyClick(editor, Qt::Key_Backtab);
    QVERIFY(QApplication::focusWidget() != editor);
    QCOMPARE(area()->events()->eventText(), before);
}

void TestMainWindow::stopSendingIsAtHandWhileSending()
{
    QToolButton* stop = nullptr;
    for (QToolButton* button : m_window->findChildren<QToolButton*>())
        if (button->defaultAction() == action("run.stopSending"))
            stop = button;
    QVERIFY(stop && !stop->isVisible());
    const auto still = m_port->snapshot();
    auto sending = std::make_shared<session::Snapshot>(*still);
    sending->sending = true;
    m_port->publish(sending);
    QTRY_VERIFY(stop->isVisible());
    QTest::mouseClick(stop, Qt::LeftButton);
    QVERIFY(m_port->asked.contains(QStringLiteral("stop sending")));
    m_port->publish(std::make_shared<session::Snapshot>(*still));
    QTRY_VERIFY(!stop->isVisible());
}

void TestMainWindow::theEditorLeavesTheWindowItsKeys()
{
    area()->events()->focusEditor();
    QVERIFY(QApplication::focusWidget());
    int keys = 0;
    for (const QAction* action : m_window->actions().all()) {
        for (const QKeySequence& keySequence : action->shortcuts()) {
            const QKeyCombination pressed = keySequence[0];
            // What Qt asks first: does the widget want this key for itself?
            QKeyEvent asked(QEvent::ShortcutOverride, pressed.key(), pressed.keyboardModifiers());
            asked.ignore();
            QApplication::sendEvent(QApplication::focusWidget(), &asked);
            // Undo is the one it keeps: there it takes back typing, not a workspace edit.
            const bool itsOwn = action->objectName() == QStringLiteral("workspace.undo")
                || action->objectName() == QStringLiteral("workspace.redo");
            QVERIFY2(asked.isAccepted() == itsOwn,
                     qPrintable(action->text() + keySequence.toString()));
            ++keys;
        }
    }
    QVERIFY2(keys > 15, QByteArray::number(keys));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(m_port->asked, QStringList{QStringLiteral("stop triggers")});
}

void TestMainWindow::brokenJsonCannotBeSent()
{
    area()->events()->setEventText(QStringLiteral("{\"n\": tru}"));
    QVERIFY(!action("run.send")->isEnabled());
    area()->events()->setEventText(QStringLiteral("{\"n\": true}"));
    QVERIFY(action("run.send")->isEnabled());
}

void TestMainWindow::untrustedFolderRunsNothing()
{
    auto untrusted = snapshotHere();
    untrusted->trusted = false;
    untrusted->triggersRunning = false;
    m_port->publish(untrusted);
    QVERIFY(!action("run.send")->isEnabled());
    QVERIFY(!action("run.triggers")->isEnabled());
    QPushButton* trust = nullptr;
    for (QPushButton* button : m_window->findChildren<QPushButton*>())
        if (button->text() == QStringLiteral("Trust and start"))
            trust = button;
    QVERIFY(trust && trust->isVisible());
    QTest::mouseClick(trust, Qt::LeftButton);
    QCOMPARE(m_port->asked,
             QStringList({QStringLiteral("trust"), QStringLiteral("start triggers")}));
}

void TestMainWindow::triggersStartAndStop()
{
    QCOMPARE(action("run.triggers")->text(), QStringLiteral("Stop &triggers"));
    action("run.triggers")->trigger();
    auto stopped = snapshotHere();
    stopped->triggersRunning = false;
    m_port->publish(stopped);
    QCOMPARE(action("run.triggers")->text(), QStringLiteral("Start &triggers"));
    action("run.triggers")->trigger();
    QCOMPARE(m_port->asked,
             QStringList({QStringLiteral("stop triggers"), QStringLiteral("start triggers")}));
}

void TestMainWindow::sendAtRateAsksForThePlan()
{
    QTimer::singleShot(0, this, [] {
        auto* dialog = qobject_cast<SendRateDialog*>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        session::SendPlan plan;
        plan.shape = session::SendPlan::Shape::Burst;
        plan.perSecond = 2;
        plan.burstSize = 25;
        plan.length = std::chrono::seconds(4);
        dialog->setPlan(plan);
        QVERIFY(!dialog->findChildren<QLabel*>().isEmpty());
        dialog->accept();
    });
    action("run.sendAtRate")->trigger();
    QCOMPARE(m_port->asked, QStringList{QStringLiteral("send at rate to thumbnails")});
    QCOMPARE(m_port->lastPlan.shape, session::SendPlan::Shape::Burst);
    QCOMPARE(m_port->lastPlan.burstSize, 25);
    QVERIFY(action("run.stopSending")->isEnabled());
    action("run.stopSending")->trigger();
    QVERIFY(!action("run.stopSending")->isEnabled());
    QCOMPARE(planSentence(m_port->lastPlan, QStringLiteral("f")),
             QStringLiteral("About 200 events to “f” in 4.00 s: 25 at once, 2.0 /s bursts."));
}

void TestMainWindow::whatAnotherWorkspaceWasAskedIsNotSent_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<bool>("opened");
    for (const char* command : {"run.sendMany", "run.sendAtRate"}) {
        QTest::addRow("%s, closed", command) << command << false;
        QTest::addRow("%s, another", command) << command << true;
    }
}

/// The event was written for the function that was in front when the dialog opened.
void TestMainWindow::whatAnotherWorkspaceWasAskedIsNotSent()
{
    QFETCH(QString, command);
    QFETCH(bool, opened);
    bool accepted = false;
    QTimer look;
    connect(&look, &QTimer::timeout, this, [&] {
        auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
        if (!dialog)
            return;
        look.stop();
        action("file.close")->trigger();
        m_port = nullptr;
        if (opened)
            QVERIFY(m_window->openWorkspace(m_folder->path()));
        accepted = true;
        dialog->accept();
    });
    look.start(10);
    m_window->actions().action(command)->trigger();
    QVERIFY(accepted);
    if (opened)
        QCOMPARE(m_port->asked, QStringList());
}

void TestMainWindow::searchRunsTheFirstMatch()
{
    QLineEdit* search = nullptr;
    for (QLineEdit* edit : m_window->findChildren<QLineEdit*>())
        if (edit->accessibleName() == QStringLiteral("Find"))
            search = edit;
    QVERIFY(search);
    action("view.search")->trigger();
    QTRY_VERIFY(search->hasFocus());
    QTest::keyClicks(search, QStringLiteral("orders-a"));
    QTest::keyClick(search, Qt::Key_Return);
    QTRY_COMPARE(area()->currentFunction(), QStringLiteral("orders-audit"));
    QVERIFY(search->text().isEmpty());
}

void TestMainWindow::eachFunctionKeepsItsText()
{
    area()->events()->setEventText(QStringLiteral("[1]"));
    area()->openFunction(QStringLiteral("csv-etl"));
    area()->events()->setEventText(QStringLiteral("[2]"));
    area()->openFunction(QStringLiteral("thumbnails"));
    QCOMPARE(area()->events()->eventText(), QStringLiteral("[1]"));
    // Over a restart too.
    QVERIFY(m_window->openWorkspace(m_folder->path()));
    QCOMPARE(area()->events()->eventText(), QStringLiteral("[1]"));
    area()->openFunction(QStringLiteral("csv-etl"));
    QCOMPARE(area()->events()->eventText(), QStringLiteral("[2]"));
}

void TestMainWindow::workspaceThatFailsToOpenSaysWhy()
{
    QVERIFY(!m_window->openWorkspace(QStringLiteral("/nowhere")));
    QStringList texts;
    for (const QLabel* label : m_window->findChildren<QLabel*>())
        if (label->isVisible())
            texts << label->text();
    QVERIFY2(texts.join(QLatin1Char('\n')).contains(QStringLiteral("there is no coldframe.json")),
             qPrintable(texts.join(QLatin1Char('\n'))));
    QVERIFY(!action("run.send")->isEnabled());
}

void TestMainWindow::goneFunctionsLoseTheirTabs()
{
    area()->openFunction(QStringLiteral("csv-etl"));
    auto tabs = area()->findChild<QTabBar*>();
    QCOMPARE(tabs->count(), 2);
    auto next = snapshotHere();
    auto workspace = std::make_shared<Workspace>(*next->workspace);
    workspace->functions.erase(workspace->functions.begin() + 1);
    next->workspace = workspace;
    next->functions.erase(next->functions.begin() + 1);
    m_port->publish(next);
    QCOMPARE(tabs->count(), 1);
    QCOMPARE(area()->currentFunction(), QStringLiteral("thumbnails"));
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
