#include "ui/shell/simulate_commands.h"

#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMainWindow>

#include <utility>

#include "ui/shell/action_registry.h"
#include "ui/shell/workspace_area.h"
#include "ui/simulate/new_scenario_dialog.h"
#include "ui/simulate/simulate_page.h"
#include "ui/support/format.h"
#include "ui/support/resources.h"

namespace coldframe::ui {

SimulateCommands::SimulateCommands(ActionRegistry& actions, WorkspaceArea& area,
                                   QMainWindow& window, QList<QDockWidget*> docks)
    : m_actions(actions), m_area(area), m_window(window), m_docks(std::move(docks))
{
    const auto on = [this](const char* id, auto slot) {
        connect(m_actions.action(QLatin1String(id)), &QAction::triggered, this, slot);
    };
    const auto inFront = [this](void (SimulatePage::*command)()) {
        return [this, command] {
            if (SimulatePage* page = m_area.currentScenario())
                (page->*command)();
        };
    };
    on("file.newScenario", &SimulateCommands::newScenario);
    on("file.openScenario", &SimulateCommands::openScenario);
    on("simulate.run", inFront(&SimulatePage::run));
    on("simulate.cancel", inFront(&SimulatePage::cancel));
    on("simulate.keep", inFront(&SimulatePage::keep));
    on("simulate.export", inFront(&SimulatePage::exportResult));
    connect(&area, &WorkspaceArea::currentChanged, this, [this] {
        m_area.currentScenario() ? makeRoom() : giveBackRoom();
        refresh();
    });
    connect(&area, &WorkspaceArea::scenarioChanged, this, &SimulateCommands::refresh);
    refresh();
}

void SimulateCommands::setPort(SessionPort* port)
{
    m_port = port;
    if (!m_area.currentScenario())
        giveBackRoom();
    refresh();
}

void SimulateCommands::refresh()
{
    const SimulatePage* page = m_area.currentScenario();
    const auto enable
        = [this](const char* id, bool on) { m_actions.action(QLatin1String(id))->setEnabled(on); };
    enable("simulate.run", page != nullptr);
    enable("simulate.cancel", page && page->isRunning());
    enable("simulate.keep", page && page->hasResult());
    enable("simulate.export", page && page->hasResult());
    enable("edit.format", page || m_port);
    enable("edit.saveEvent", page || m_port);
    enable("view.closeTab", page || m_port);
    m_actions.action(QStringLiteral("edit.saveEvent"))
        ->setText(page ? tr("&Save scenario") : tr("&Save as test event…"));
    m_actions.action(QStringLiteral("edit.format"))
        ->setText(page ? tr("&Format scenario") : tr("&Format event"));
}

void SimulateCommands::makeRoom()
{
    for (QDockWidget* dock : m_docks) {
        if (!dock->toggleViewAction()->isChecked() || dock->isFloating())
            continue;
        if (!m_window.tabifiedDockWidgets(dock).isEmpty() && !dock->visibleRegion().isEmpty())
            m_raised = dock;
        m_hidden.append(dock);
    }
    for (QDockWidget* dock : m_hidden)
        dock->hide();
}

void SimulateCommands::giveBackRoom()
{
    for (QDockWidget* dock : m_hidden)
        dock->show();
    m_hidden.clear();
    if (QDockWidget* raised = std::exchange(m_raised, nullptr))
        raised->raise();
}

void SimulateCommands::newScenario()
{
    NewScenarioDialog dialog(m_port ? m_port->snapshot()->workspace : nullptr, &m_window);
    if (dialog.exec() != QDialog::Accepted)
        return;
    Q_EMIT scenariosChanged();
    open(dialog.path());
    m_area.currentScenario()->setFocus(Qt::OtherFocusReason);
}

void SimulateCommands::openScenario()
{
    const SnapshotPtr snapshot = m_port ? m_port->snapshot() : nullptr;
    const QString own = snapshot && snapshot->workspace
        ? text(snapshot->workspace->folder.string()) + QStringLiteral("/scenarios")
        : QString();
    const QString folder = !own.isEmpty() && QFileInfo::exists(own)
        ? own
        : examplesFolder() + QStringLiteral("/scenarios");
    const QString path = QFileDialog::getOpenFileName(&m_window, tr("Open scenario"), folder,
                                                      tr("Scenarios (*.json)"));
    if (path.isEmpty())
        return;
    open(path);
    m_area.currentScenario()->setFocus(Qt::OtherFocusReason);
}

void SimulateCommands::open(const QString& path)
{
    Q_EMIT pageWanted();
    m_area.openScenario(QFileInfo(path).absoluteFilePath());
}

} // namespace coldframe::ui
