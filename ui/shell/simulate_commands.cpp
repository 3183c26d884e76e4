#include "ui/shell/simulate_commands.h"

#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMainWindow>

#include <utility>

#include "ui/replay/recording_dialog.h"
#include "ui/replay/replay_page.h"
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
    const auto inFront = [this](void (StudyPage::*command)()) {
        return [this, command] {
            if (StudyPage* page = m_area.currentStudy())
                (page->*command)();
        };
    };
    on("file.newScenario", &SimulateCommands::newScenario);
    on("file.openScenario", &SimulateCommands::openScenario);
    on("file.replay", &SimulateCommands::chooseRecording);
    on("simulate.run", inFront(&StudyPage::run));
    on("simulate.cancel", inFront(&StudyPage::cancel));
    on("simulate.export", inFront(&StudyPage::exportResult));
    on("simulate.keep", [this] {
        if (SimulatePage* page = m_area.currentScenario())
            page->keep();
    });
    connect(&area, &WorkspaceArea::currentChanged, this, [this] {
        m_area.currentStudy() ? makeRoom() : giveBackRoom();
        refresh();
    });
    connect(&area, &WorkspaceArea::studyChanged, this, &SimulateCommands::refresh);
    refresh();
}

void SimulateCommands::setPort(SessionPort* port)
{
    m_port = port;
    if (!m_area.currentStudy())
        giveBackRoom();
    refresh();
}

void SimulateCommands::refresh()
{
    const StudyPage* page = m_area.currentStudy();
    const SimulatePage* scenario = m_area.currentScenario();
    const auto enable
        = [this](const char* id, bool on) { m_actions.action(QLatin1String(id))->setEnabled(on); };
    enable("simulate.run", page && page->canRun());
    enable("simulate.cancel", page && page->isRunning());
    enable("simulate.keep", scenario && scenario->hasResult());
    enable("simulate.export", page && page->hasResult());
    enable("edit.format", scenario || (m_port && !page));
    enable("edit.saveEvent", scenario || (m_port && !page));
    enable("view.closeTab", page || m_port);
    enable("view.notices", m_port);
    const bool replays = page && !scenario;
    m_actions.action(QStringLiteral("simulate.run"))
        ->setText(replays ? tr("&Replay the recording") : tr("&Run simulation"));
    m_actions.action(QStringLiteral("simulate.cancel"))
        ->setText(replays ? tr("&Cancel replay") : tr("&Cancel simulation"));
    m_actions.action(QStringLiteral("edit.saveEvent"))
        ->setText(scenario ? tr("&Save scenario") : tr("&Save as test event…"));
    m_actions.action(QStringLiteral("edit.format"))
        ->setText(scenario ? tr("&Format scenario") : tr("&Format event"));
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

void SimulateCommands::chooseRecording()
{
    QList<RecordingEntry> recordings;
    if (const SnapshotPtr snapshot = m_port ? m_port->snapshot() : nullptr) {
        const QString written = text(snapshot->recordingFolder);
        if (!written.isEmpty()) // beside it lie the earlier ones
            recordings = recordingsIn(QFileInfo(written).path());
        else if (snapshot->workspace)
            recordings = recordingsIn(recordingsFolder(text(snapshot->workspace->folder.string())));
    }
    RecordingDialog dialog(recordings, &m_window);
    if (dialog.exec() != QDialog::Accepted)
        return;
    replay(dialog.path());
    m_area.currentReplay()->focusForm();
}

void SimulateCommands::replay(const QString& path)
{
    Q_EMIT pageWanted();
    m_area.openRecording(QFileInfo(path).absoluteFilePath());
}

} // namespace coldframe::ui
