#include "ui/explorer/workspace_folder.h"

#include <QFileInfo>

#include "ui/editor/event_catalog.h"

namespace coldframe::ui {

namespace {

constexpr int kLookAgainMs = 3000;

} // namespace

WorkspaceFolder::WorkspaceFolder(QObject* parent) : QObject(parent)
{
    m_timer.setInterval(kLookAgainMs);
    connect(&m_timer, &QTimer::timeout, this, &WorkspaceFolder::refresh);
}

void WorkspaceFolder::open(const QString& folder, const QString& recordingFolder)
{
    if (folder == m_folder && recordingFolder == m_recordingFolder)
        return;
    m_folder = folder;
    m_recordingFolder = recordingFolder;
    m_timer.start();
    refresh();
}

void WorkspaceFolder::refresh()
{
    QStringList events;
    for (const EventEntry& entry : testEvents(m_folder))
        events << entry.path;
    // Beside the recording being written lie the earlier ones.
    QList<RecordingEntry> recordings
        = recordingsIn(m_recordingFolder.isEmpty() ? recordingsFolder(m_folder)
                                                   : QFileInfo(m_recordingFolder).path());
    QList<ScenarioEntry> scenarios = scenariosOf(m_folder);
    if (events == m_events && scenarios == m_scenarios && recordings == m_recordings)
        return;
    m_events = std::move(events);
    m_scenarios = std::move(scenarios);
    m_recordings = std::move(recordings);
    Q_EMIT changed();
}

} // namespace coldframe::ui
