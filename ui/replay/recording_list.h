#pragma once

#include <QDateTime>
#include <QList>
#include <QString>

// The recordings that lie in a folder.
namespace coldframe::ui {

struct RecordingEntry {
    QString path;
    QDateTime started;
    qint64 bytes = 0;
    bool operator==(const RecordingEntry&) const = default;
};

/// Newest first; at most some dozens.
QList<RecordingEntry> recordingsIn(const QString& folder);
/// Of a workspace's folder, where its state lies within it.
QString recordingsFolder(const QString& workspaceFolder);
RecordingEntry recordingAt(const QString& path);
/// Whether the folder is one.
bool isRecording(const QString& path);
/// "13:40:22 today", "24 Nov · 13:40:22".
QString recordingTitle(const RecordingEntry& recording);

} // namespace coldframe::ui
