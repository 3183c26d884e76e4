#include "ui/shell/attempt_commands.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPointer>

#include <set>

#include "session/command_text.h"
#include "ui/attempts/attempts_model.h"
#include "ui/attempts/attempts_pane.h"
#include "ui/attempts/attempts_table.h"
#include "ui/dialogs/confirmations.h"
#include "ui/editor/event_pane.h"
#include "ui/result/result_pane.h"
#include "ui/shell/accepted_watch.h"
#include "ui/shell/action_registry.h"
#include "ui/shell/workspace_area.h"
#include "ui/support/format.h"

namespace coldframe::ui {

AttemptCommands::AttemptCommands(ActionRegistry& actions, WorkspaceArea& area, QWidget& window)
    : m_actions(actions), m_area(area), m_window(window),
      m_accepted(new AcceptedWatch(*area.results(), this))
{
    const auto bind = [this](const char* id, void (AttemptCommands::*command)()) {
        connect(action(id), &QAction::triggered, this, command);
    };
    bind("attempt.sendAgain", &AttemptCommands::sendAgain);
    bind("attempt.rerunFailed", &AttemptCommands::rerunFailed);
    bind("attempt.edit", &AttemptCommands::edit);
    bind("attempt.copyCommand", &AttemptCommands::copyCommand);
    bind("attempt.compare", &AttemptCommands::compare);
    connect(&area, &WorkspaceArea::currentChanged, this, &AttemptCommands::refresh);
    refresh();
}

QAction* AttemptCommands::action(const char* id) const
{
    return m_actions.action(QLatin1String(id));
}

void AttemptCommands::setPort(SessionPort* port, AttemptsPane* pane)
{
    m_port = port;
    m_accepted->setPort(port);
    m_sentAgain.clear();
    if (pane && pane != m_pane) {
        m_pane = pane; // lives as long as the window
        QList<QAction*> menu;
        for (const char* id : kIds)
            menu.append(action(id));
        pane->setActions(menu);
        connect(pane, &AttemptsPane::selectionChanged, this, &AttemptCommands::refresh);
        connect(pane->model(), &AttemptsModel::countsChanged, this, &AttemptCommands::refresh);
    }
    refresh();
}

void AttemptCommands::refresh()
{
    // A scenario has their keys, and the attempts are out of sight.
    const bool open = m_port && m_pane && !m_area.currentStudy();
    const bool trusted = open && m_port->snapshot()->trusted;
    const auto selected = open ? m_pane->table()->selectionModel()->selection() : QItemSelection();
    const bool any = !selected.isEmpty();
    const bool one = any && selected.size() == 1 && selected.first().height() == 1;
    action("attempt.sendAgain")->setEnabled(trusted && any);
    action("attempt.rerunFailed")
        ->setEnabled(trusted && m_pane->model()->tally().failures > 0
                     && !m_pane->model()->searching());
    action("attempt.edit")->setEnabled(one);
    action("attempt.copyCommand")->setEnabled(one);
    action("attempt.compare")->setEnabled(any);
}

const Function* AttemptCommands::functionOf(const history::AttemptRow& attempt) const
{
    const auto workspace = m_port->snapshot()->workspace;
    return workspace && attempt.function < workspace->functions.size()
        ? &workspace->functions[attempt.function]
        : nullptr;
}

void AttemptCommands::sendAgain()
{
    std::vector<history::AttemptRow> attempts = m_pane->selectedAttempts();
    if (attempts.size() == 1)
        if (const Function* function = functionOf(attempts.front())) {
            m_area.openFunction(text(function->name));
            m_area.results()->showRunning(text(function->name));
        }
    sendEvents(std::move(attempts));
}

void AttemptCommands::rerunFailed()
{
    std::vector<history::AttemptRow> failed = m_pane->model()->failures();
    if (failed.empty()) {
        QMessageBox::information(&m_window, tr("Re-run failed"),
                                 tr("No failed attempt matches the filter. Clear the filter (Esc "
                                    "in it) to re-run all that failed."));
        return;
    }
    std::erase_if(failed, [this](const history::AttemptRow& row) {
        return m_sentAgain.contains({row.requestId, row.attempt}); // what came of it counts now
    });
    if (failed.empty()) {
        QMessageBox::information(
            &m_window, tr("Re-run failed"),
            tr("All that failed has been sent again already. Select an attempt "
               "and press F5 to send it once more."));
        return;
    }
    forgetSelection();
    sendEvents(std::move(failed));
}

void AttemptCommands::sendEvents(std::vector<history::AttemptRow> attempts)
{
    const QPointer<SessionPort> port = m_port; // attempts of one session are nothing to another
    if (attempts.empty() || !confirmSendAgain(m_window, attempts.size()) || !port || port != m_port)
        return;
    const SnapshotPtr snapshot = m_port->snapshot();
    std::set<FunctionId> functions;
    for (const history::AttemptRow& attempt : attempts)
        functions.insert(attempt.function);
    for (const FunctionId id : functions)
        if (attempts.size() > 1 && snapshot->workspace && id < snapshot->workspace->functions.size()
            && !confirmRealAccount(m_window, *snapshot, snapshot->workspace->functions[id].name))
            return;
    if (!port || port != m_port)
        return;
    for (const history::AttemptRow& attempt : attempts)
        m_sentAgain.insert({attempt.requestId, attempt.attempt});
    m_port->sendAgain(std::move(attempts), &m_area,
                      [this](const std::string& function, const session::Answer& answer) {
                          m_area.results()->showAnswer(text(function), answer);
                          m_accepted->answered(text(function), answer);
                      });
}

void AttemptCommands::edit()
{
    const auto attempts = m_pane->selectedAttempts();
    if (attempts.size() != 1 || !functionOf(attempts.front()))
        return;
    m_port->loadAttempt(attempts.front(), &m_area,
                        [this, function = text(functionOf(attempts.front())->name)](
                            const session::Answer&, const std::string& event) {
                            m_area.openFunction(function);
                            m_area.events()->replaceEvent(text(event));
                            m_area.events()->focusEditor();
                        });
}

void AttemptCommands::copyCommand()
{
    const auto attempts = m_pane->selectedAttempts();
    const auto workspace = m_port->snapshot()->workspace;
    if (attempts.size() != 1 || !functionOf(attempts.front()))
        return;
    m_port->loadAttempt(attempts.front(), &m_area,
                        [workspace, id = attempts.front().function](const session::Answer&,
                                                                    const std::string& event) {
                            QGuiApplication::clipboard()->setText(text(session::invokeCommand(
                                *workspace, workspace->functions[id], event)));
                        });
}

/// The attempt at the same function that ended before this one.
std::optional<history::AttemptRow> AttemptCommands::before(const history::AttemptRow& attempt) const
{
    const SnapshotPtr snapshot = m_port->snapshot();
    const auto& log = snapshot->attempts;
    bool passed = false;
    for (std::uint64_t row = log.endRow(); row > log.firstRow(); --row) {
        const history::AttemptRow& older = log[row - 1];
        if (passed && older.function == attempt.function
            && older.ending != history::Ending::Rejected)
            return older;
        passed
            = passed || (older.requestId == attempt.requestId && older.attempt == attempt.attempt);
    }
    return std::nullopt;
}

void AttemptCommands::forgetSelection()
{
    if (m_pane)
        m_pane->table()->selectionModel()->clear(); // and what the next arrow key starts from
}

/// One attempt with what is shown, or what is shown with the one before it; of several, the oldest
/// with the newest.
void AttemptCommands::compare()
{
    const auto attempts = m_pane->selectedAttempts();
    if (attempts.empty() || !functionOf(attempts.back()))
        return;
    const auto withOldest = [this, oldest = attempts.front()] {
        m_port->loadAttempt(oldest, &m_area,
                            [this](const session::Answer& answer, const std::string&) {
                                m_area.results()->compareWith(answer);
                            });
    };
    if (attempts.size() == 1) {
        if (!m_area.results()->shows(history::toText(attempts.front().requestId),
                                     attempts.front().attempt))
            return withOldest();
        if (const auto older = before(attempts.front()))
            return m_port->loadAttempt(*older, &m_area,
                                       [this](const session::Answer& answer, const std::string&) {
                                           m_area.results()->compareWith(answer);
                                       });
        return withOldest(); // there is nothing else
    }
    m_port->loadAttempt(attempts.back(), &m_area,
                        [this, withOldest, function = text(functionOf(attempts.back())->name)](
                            const session::Answer& answer, const std::string& event) {
                            m_area.showAttempt(function, answer, text(event));
                            if (m_port)
                                withOldest();
                        });
}

} // namespace coldframe::ui
