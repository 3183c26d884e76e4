#include "ui/explorer/workspace_folder.h"

#include <QDir>
#include <QDirIterator>

#include <algorithm>

#include "ui/editor/event_catalog.h"

namespace coldframe::ui {

namespace {

constexpr int kLookAgainMs = 3000;
constexpr int kMostRecordings = 50;
constexpr int kMostFiles = 500; ///< of one recording: a chunk is large, so they are few

qint64 sizeOf(const QString& folder)
{
    qint64 bytes = 0;
    int files = 0;
    for (QDirIterator it(folder, QDir::Files, QDirIterator::Subdirectories);
         it.hasNext() && files < kMostFiles; ++files) {
        it.next();
        bytes += it.fileInfo().size();
    }
    return bytes;
}

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
    const QString home = m_recordingFolder.isEmpty()
        ? m_folder + QStringLiteral("/.coldframe/recordings")
        : QFileInfo(m_recordingFolder).path();
    QList<RecordingEntry> recordings;
    for (const QFileInfo& folder :
         QDir(home).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed)) {
        if (recordings.size() == kMostRecordings)
            break;
        const QDateTime born = folder.birthTime();
        recordings.append({folder.absoluteFilePath(), born.isValid() ? born : folder.lastModified(),
                           sizeOf(folder.absoluteFilePath())});
    }
    QList<ScenarioEntry> scenarios = scenariosOf(m_folder);
    if (events == m_events && scenarios == m_scenarios && recordings == m_recordings)
        return;
    m_events = std::move(events);
    m_scenarios = std::move(scenarios);
    m_recordings = std::move(recordings);
    Q_EMIT changed();
}

} // namespace coldframe::ui
