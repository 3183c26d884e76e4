#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <cmath>

#include "made_up_port.h"
#include "sample_snapshot.h"
#include "ui/charts/figure_label.h"
#include "ui/dialogs/send_rate_dialog.h"
#include "ui/editor/event_pane.h"
#include "ui/result/result_pane.h"
#include "ui/shell/main_window.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"
#include "ui/theme/theme_manager.h"
#include "ui/widgets/stat_box.h"
#include "ui/widgets/status_dot.h"

using namespace coldframe;
using namespace coldframe::ui;

/// Drives the whole window with keys and clicks on a made-up session.
class TestMainWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
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
    void layoutCanBeReset();
    void iconButtonsHaveNames();
    void switchesThemeLive();
    void goneFunctionsLoseTheirTabs();
    void thePlatformIsTextAndNoControl();
    void figuresAreWholeAt_data();
    void figuresAreWholeAt();

private:
    QAction* action(const char* id) { return m_window->actions().action(QLatin1String(id)); }
    WorkspaceArea* area() { return m_window->findChild<WorkspaceArea*>(); }
    std::shared_ptr<session::Snapshot> snapshotHere() const;

    std::unique_ptr<ThemeManager> m_themes;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    sample::MadeUpPort* m_port = nullptr;
};

void TestMainWindow::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("coldframe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_main_window"));
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_themes = std::make_unique<ThemeManager>();
}

std::shared_ptr<session::Snapshot> TestMainWindow::snapshotHere() const
{
    auto snapshot = sample::busySnapshot();
    auto workspace = std::make_shared<Workspace>(*snapshot->workspace);
    workspace->folder = m_folder->path().toStdString();
    snapshot->workspace = workspace;
    return snapshot;
}

void TestMainWindow::init()
{
    QSettings().clear();
    m_folder = std::make_unique<QTemporaryDir>();
    m_window = std::make_unique<MainWindow>(
        *m_themes, [this](const QString& folder) -> Result<std::unique_ptr<SessionPort>> {
            if (folder != m_folder->path())
                return tl::unexpected(
                    Error{.message = "there is no coldframe.json", .hint = "Make one."});
            auto port = std::make_unique<sample::MadeUpPort>(snapshotHere());
            port->answer = sample::coldAnswer();
            m_port = port.get();
            return port;
        });
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(m_window->openWorkspace(m_folder->path()));
}

void TestMainWindow::cleanup()
{
    m_window.reset();
}

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

void TestMainWindow::layoutCanBeReset()
{
    auto* explorer = m_window->findChild<QDockWidget*>(QStringLiteral("dock.explorer"));
    m_window->addDockWidget(Qt::RightDockWidgetArea, explorer);
    QCOMPARE(m_window->dockWidgetArea(explorer), Qt::RightDockWidgetArea);
    action("view.resetLayout")->trigger();
    QCOMPARE(m_window->dockWidgetArea(explorer), Qt::LeftDockWidgetArea);
    QVERIFY(explorer->isVisible());
}

void TestMainWindow::iconButtonsHaveNames()
{
    for (const QToolButton* button : m_window->findChildren<QToolButton*>()) {
        if (qobject_cast<QLineEdit*>(button->parentWidget()))
            continue; // a field's own icon; the field has the name
        const bool named
            = !button->text().trimmed().isEmpty() || !button->accessibleName().isEmpty();
        QVERIFY2(named || !button->isVisible(), qPrintable(button->objectName()));
    }
    for (const QComboBox* box : m_window->findChildren<QComboBox*>())
        QVERIFY(!box->accessibleName().isEmpty());
}

void TestMainWindow::switchesThemeLive()
{
    m_themes->setMode(ThemeMode::Light);
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::lightTheme().background);
    action("view.toggleTheme")->trigger();
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::darkTheme().background);
    QVERIFY(action("view.themeDark")->isChecked());
    QVERIFY(!qApp->styleSheet().contains(QLatin1Char('@'))); // every role was filled in
    m_themes->setMode(ThemeMode::Light);
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

/// Nothing that looks as if it could be pressed and cannot.
void TestMainWindow::thePlatformIsTextAndNoControl()
{
    m_themes->setMode(ThemeMode::Light);
    const auto* platform = m_window->findChild<QLabel*>(QStringLiteral("platform"));
    QCOMPARE(platform->text(), QStringLiteral("AWS Lambda x86_64 · us-east-1 · 2026-09"));
    QTRY_COMPARE(platform->width(), platform->sizeHint().width()); // laid out
    const QImage picture = m_window->grab().toImage();
    const QRect at(platform->mapTo(m_window.get(), QPoint(0, 0)), platform->size());
    QVERIFY2(picture.rect().contains(at), "it is in sight");
    for (int x = at.left(); x <= at.right(); ++x)
        for (const int y : {at.top(), at.bottom()})
            QCOMPARE(picture.pixelColor(x, y), Theme::lightTheme().background);
}

void TestMainWindow::figuresAreWholeAt_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<double>("factor");
    QTest::newRow("the size it opens with") << QSize(1600, 1000) << 1.0;
    QTest::newRow("a small screen") << QSize(1280, 1000) << 1.0;
    QTest::newRow("a small screen and a large bill") << QSize(1280, 1000) << 10'000.0;
    QTest::newRow("a small screen and the first cents") << QSize(1280, 1000) << 1e-4;
}

void TestMainWindow::figuresAreWholeAt()
{
    QFETCH(QSize, size);
    QFETCH(double, factor);
    auto moment = snapshotHere();
    moment->totals.cost = Money::fromPicodollars(std::llround(41.8e9 * factor));
    for (session::Bucket& bucket : moment->buckets)
        bucket.computeUsd *= factor;
    moment->buckets[200].throttled = 187;
    m_window->resize(size);
    m_port->publish(moment);
    const auto of = [this](const char* part) {
        for (const FigureLabel* label : m_window->findChildren<FigureLabel*>())
            if (label->of().contains(QString::fromUtf8(part)))
                return label;
        return static_cast<const FigureLabel*>(nullptr);
    };
    QTRY_COMPARE(of("/ month") ? of("/ month")->figure() : QString(), // the cards take turns
                 dollarsText(moment->totals.cost.toDollars()));
    QTRY_VERIFY(of("throttled"));
    for (const char* part : {"/ month", "throttled", "limit", "p95", "alive"}) {
        QVERIFY2(of(part), part);
        QCOMPARE(of(part)->shownOf(), of(part)->of());
    }
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
