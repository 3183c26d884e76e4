#include "ui/shell/commands.h"

#include <QPointer>

#include <memory>

#include "ui/dialogs/confirmations.h"
#include "ui/dialogs/send_many_dialog.h"
#include "ui/dialogs/send_rate_dialog.h"
#include "ui/editor/event_pane.h"
#include "ui/result/result_pane.h"
#include "ui/shell/action_registry.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"

namespace coldframe::ui {

Commands::Commands(ActionRegistry& actions, WorkspaceArea& area, QWidget& window)
    : m_actions(actions), m_area(area), m_window(window)
{
    const auto bind = [this](const char* id, void (Commands::*command)()) {
        connect(m_actions.action(QLatin1String(id)), &QAction::triggered, this, command);
    };
    bind("run.send", &Commands::send);
    bind("run.sendMany", &Commands::sendMany);
    bind("run.sendAtRate", &Commands::sendAtRate);
    bind("run.stopSending", &Commands::stopSending);
    bind("run.cancel", &Commands::cancel);
    bind("run.triggers", &Commands::toggleTriggers);
    bind("run.fidelity", &Commands::toggleFidelity);
    connect(&area, &WorkspaceArea::currentChanged, this, [this] {
        refresh();
        followNewest();
    });
    connect(area.events(), &EventPane::validityChanged, this, &Commands::refresh);
    refresh();
}

void Commands::setPort(SessionPort* port)
{
    m_port = port;
    m_running.clear();
    if (port)
        connect(port, &SessionPort::snapshotChanged, this, &Commands::refresh);
    refresh();
}

void Commands::refresh()
{
    const SnapshotPtr snapshot = m_port ? m_port->snapshot() : nullptr;
    const bool trusted = snapshot && snapshot->trusted;
    const bool ready = trusted && !m_area.currentFunction().isEmpty() && m_area.events()->isValid();
    for (const char* id : {"run.send", "run.sendMany", "run.sendAtRate"})
        m_actions.action(QLatin1String(id))->setEnabled(ready);
    m_actions.action(QStringLiteral("run.stopSending"))->setEnabled(snapshot && snapshot->sending);
    m_actions.action(QStringLiteral("run.cancel"))
        ->setEnabled(snapshot && !m_running.value(m_area.currentFunction()).isEmpty());

    if (snapshot && snapshot->runningLog)
        showRunningLog(*snapshot->runningLog);

    QAction* fidelity = m_actions.action(QStringLiteral("run.fidelity"));
    fidelity->setEnabled(snapshot != nullptr);
    fidelity->setChecked(snapshot && snapshot->fidelity == Fidelity::Platform);
    fidelity->setToolTip(
        tr("Give functions the platform's share of a core, and really wait for the "
           "modelled sandbox; the instances of now are retired"));

    const bool running = snapshot && snapshot->triggersRunning;
    QAction* triggers = m_actions.action(QStringLiteral("run.triggers"));
    triggers->setEnabled(trusted && snapshot->workspace && !snapshot->workspace->triggers.empty());
    triggers->setText(running ? tr("Stop &triggers") : tr("Start &triggers"));
    triggers->setToolTip(running ? tr("Stop every trigger; what was accepted still ends")
                                 : tr("Let files, schedules and other triggers make events"));
    m_actions.setIcon(QStringLiteral("run.triggers"),
                      running ? QStringLiteral("stop") : QStringLiteral("start"));
}

session::SendRequest Commands::request() const
{
    session::SendRequest request;
    request.function = m_area.currentFunction().toStdString();
    request.event = m_area.events()->eventText().toStdString();
    return request;
}

SessionPort::AnswerHandler Commands::showAnswersOf(const QString& function)
{
    return [this, function](const session::Answer& answer) {
        m_area.results()->showAnswer(function, answer);
    };
}

void Commands::send()
{
    const QString function = m_area.currentFunction();
    m_area.results()->showRunning(function);
    Q_EMIT sent();
    const auto serial = std::make_shared<std::uint32_t>(0);
    m_port->send(
        request(), &m_area,
        [this, function, serial](const session::Answer& answer) {
            m_running[function].removeOne(*serial);
            refresh();
            followNewest();
            m_area.results()->showAnswer(function, answer);
        },
        [this, function, serial](std::uint32_t invocation) {
            *serial = invocation;
            m_running[function].append(invocation);
            refresh();
            followNewest();
        });
}

/// What runs in front of the user is worth its log; nothing is copied for what is not.
void Commands::followNewest()
{
    const QList<std::uint32_t> running = m_running.value(m_area.currentFunction());
    if (m_port)
        m_port->followLog(running.isEmpty() ? 0 : running.last());
}

void Commands::showRunningLog(const session::RunningLog& log)
{
    const QString function = m_area.currentFunction();
    if (m_running.value(function).contains(log.invocation))
        m_area.results()->showRunningLog(function, log.invocation, log.text);
}

void Commands::cancel()
{
    for (const std::uint32_t invocation : m_running.value(m_area.currentFunction()))
        m_port->cancel(invocation);
}

void Commands::sendMany()
{
    const QString function = m_area.currentFunction();
    const SnapshotPtr snapshot = m_port->snapshot();
    const FunctionId id = snapshot->workspace->functionId(function.toStdString());
    const quint32 limit = id < snapshot->functions.size() ? snapshot->functions[id].pool.limit : 0;
    const QPointer<SessionPort> port = m_port; // another one, or none, once the dialogs are closed
    const session::SendRequest asked = request();
    SendManyDialog dialog(function, limit, &m_window);
    if (dialog.exec() != QDialog::Accepted || !port || port != m_port
        || !confirmRealAccount(m_window, *port->snapshot(), asked.function) || !port
        || port != m_port)
        return;
    m_area.results()->showRunning(function);
    port->sendMany(asked, dialog.count(), &m_area, showAnswersOf(function));
}

void Commands::sendAtRate()
{
    const QString function = m_area.currentFunction();
    const QPointer<SessionPort> port = m_port; // as above
    const session::SendRequest asked = request();
    SendRateDialog dialog(function, &m_window);
    dialog.setPlan(m_lastPlan);
    while (dialog.exec() == QDialog::Accepted && port && port == m_port) {
        if (!confirmRealAccount(m_window, *port->snapshot(), asked.function) || !port
            || port != m_port)
            return;
        m_lastPlan = dialog.plan();
        const Result<void> started
            = port->sendAtRate(asked, m_lastPlan, &m_area, showAnswersOf(function));
        if (started) {
            m_area.results()->showRunning(function);
            return;
        }
        dialog.setProblem(text(describe(started.error())));
    }
}

void Commands::stopSending()
{
    m_port->stopSending();
}

void Commands::toggleFidelity()
{
    const bool platform = m_port->snapshot()->fidelity == Fidelity::Platform;
    m_port->setFidelity(platform ? Fidelity::Desk : Fidelity::Platform);
}

void Commands::toggleTriggers()
{
    if (m_port->snapshot()->triggersRunning)
        m_port->stopTriggers();
    else
        m_port->startTriggers();
}

} // namespace coldframe::ui
