#include "ui/shell/test_commands.h"

#include <QDockWidget>
#include <QEvent>
#include <QMessageBox>
#include <QPointer>

#include <set>

#include "session/trust.h"
#include "ui/dialogs/confirmations.h"
#include "ui/shell/action_registry.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"
#include "ui/tests_view/tests_pane.h"

namespace coldframe::ui {

TestCommands::TestCommands(ActionRegistry& actions, WorkspaceArea& area, QDockWidget& dock,
                           QWidget& window)
    : m_actions(actions), m_area(area), m_dock(dock), m_window(window),
      m_theme(&Theme::lightTheme())
{
    connect(action("test.all"), &QAction::triggered, this, &TestCommands::testAll);
    connect(action("test.failed"), &QAction::triggered, this, &TestCommands::testFailed);
    connect(action("test.stop"), &QAction::triggered, &m_runner, &TestRunner::stop);
    connect(&m_runner, &TestRunner::listed, this,
            [this](const TestCases& tests) { m_model.setTests(*tests); });
    connect(&m_runner, &TestRunner::started, &m_model, &TestsModel::setStarted);
    connect(&m_runner, &TestRunner::ended, &m_model, &TestsModel::setEnded);
    connect(&m_runner, &TestRunner::runningChanged, this, [this](bool running) {
        if (!running && m_pane)
            m_pane->selectTrouble();
        refresh();
    });
    connect(&m_model, &QAbstractItemModel::modelReset, this, &TestCommands::tellMarks);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &TestCommands::tellMarks);
    // Expectations are written in other programs: who comes back from there sees them.
    m_window.installEventFilter(this);
    connect(&m_dock, &QDockWidget::visibilityChanged, this, [this](bool visible) {
        if (visible)
            list();
    });
    refresh();
}

QAction* TestCommands::action(const char* id) const
{
    return m_actions.action(QLatin1String(id));
}

void TestCommands::build()
{
    m_pane = new TestsPane(
        &m_model, {action("test.all"), action("test.failed"), action("test.stop")}, &m_dock);
    m_dock.setWidget(m_pane);
    connect(m_pane, &TestsPane::eventWanted, this, &TestCommands::openEvent);
    connect(m_pane, &TestsPane::placeWanted, this, &TestCommands::placeWanted);
    connect(m_pane, &TestsPane::testsWanted, this,
            [this](const QStringList& names) { test(QSet<QString>(names.begin(), names.end())); });
    setTheme(*m_theme);
}

void TestCommands::setPort(SessionPort* port)
{
    m_runner.setPort(nullptr); // what is under way is the old workspace's
    m_model.clear();
    m_port = port;
    m_workspace = port ? port->snapshot()->workspace : nullptr;
    if (port) {
        if (!m_pane)
            build();
        connect(port, &SessionPort::snapshotChanged, this, &TestCommands::refresh);
    }
    m_runner.setPort(port);
    refresh();
}

void TestCommands::setTheme(const Theme& theme)
{
    m_theme = &theme;
    if (m_pane)
        m_pane->setTheme(theme);
}

bool TestCommands::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &m_window && event->type() == QEvent::WindowActivate && m_dock.isVisible())
        list();
    return QObject::eventFilter(watched, event);
}

void TestCommands::refresh()
{
    const SnapshotPtr snapshot = m_port ? m_port->snapshot() : nullptr;
    const bool trusted = snapshot && snapshot->trusted;
    const bool ready = trusted && snapshot->workspace && !m_runner.isRunning();
    const TestTally tally = tallyOf(m_model.rows());
    action("test.all")->setEnabled(ready && tally.tests() > 0);
    action("test.failed")->setEnabled(ready && tally.failed + tally.broken > 0);
    action("test.stop")->setEnabled(m_runner.isRunning());
    if (m_pane)
        m_pane->setRefusal(trusted ? QString() : text(describe(session::notTrusted())));
    if (snapshot && snapshot->workspace != m_workspace) { // its file was read again
        m_workspace = snapshot->workspace;
        list();
    }
}

void TestCommands::tellMarks()
{
    TestMarks marks;
    for (const TestRow& row : m_model.rows())
        marks.insert(text(row.test.event.string()), row.state());
    refresh();
    if (marks == m_marks)
        return;
    m_marks = std::move(marks);
    Q_EMIT marksChanged(m_marks);
}

void TestCommands::testAll()
{
    test({});
}

QSet<QString> TestCommands::namesOfFailed() const
{
    QSet<QString> names;
    for (const TestRow& row : m_model.rows())
        if (row.state() == TestState::Failed || row.state() == TestState::Broken)
            names.insert(text(row.test.name));
    return names;
}

void TestCommands::testFailed()
{
    if (const QSet<QString> names = namesOfFailed(); !names.isEmpty())
        test(names);
}

/// As for any other events that are sent in numbers.
bool TestCommands::mayReachAccounts(const QSet<QString>& names)
{
    std::set<std::string> functions;
    for (const TestRow& row : m_model.rows())
        if (row.test.expectation && (names.isEmpty() || names.contains(text(row.test.name))))
            functions.insert(row.test.function);
    const QPointer<SessionPort> port = m_port; // another one, or none, once a question is answered
    for (const std::string& function : functions)
        if (!confirmRealAccount(m_window, *port->snapshot(), function) || !port || port != m_port)
            return false;
    return true;
}

void TestCommands::test(const QSet<QString>& names)
{
    if (!m_port || m_runner.isRunning() || !mayReachAccounts(names))
        return;
    m_dock.show();
    m_dock.raise();
    if (const Result<void> begun = m_runner.run(names); !begun)
        QMessageBox::warning(&m_window, tr("Test all"), text(describe(begun.error())));
    else
        m_model.forgetResults(names);
}

void TestCommands::openEvent(const QString& path, const QString& function)
{
    if (!function.isEmpty())
        m_area.openFunction(function);
    m_area.openEvent(path);
}

} // namespace coldframe::ui
