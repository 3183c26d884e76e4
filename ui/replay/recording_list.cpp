#include "ui/replay/recording_list.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QLocale>

#include "history/recording_header.h"

namespace coldframe::ui {

namespace {

constexpr int kMostRecordings = 50;
constexpr int kMostFiles = 500; ///< of one recording: a chunk is large, so they are few

QString tr(const char* source)
{
    return QCoreApplication::translate("Recordings", source);
}

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

RecordingEntry recordingAt(const QString& path)
{
    const QFileInfo folder(path);
    const QDateTime born = folder.birthTime();
    return {folder.absoluteFilePath(), born.isValid() ? born : folder.lastModified(),
            sizeOf(folder.absoluteFilePath())};
}

QList<RecordingEntry> recordingsIn(const QString& folder)
{
    QList<RecordingEntry> recordings;
    if (folder.isEmpty())
        return recordings;
    for (const QFileInfo& each : QDir(folder).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot,
                                                            QDir::Name | QDir::Reversed)) {
        if (recordings.size() == kMostRecordings)
            break;
        recordings.append(recordingAt(each.absoluteFilePath()));
    }
    return recordings;
}

QString recordingsFolder(const QString& workspaceFolder)
{
    return workspaceFolder + QStringLiteral("/.coldframe/recordings");
}

bool isRecording(const QString& path)
{
    return QFileInfo(QDir(path).filePath(QLatin1String(history::kHeaderFile))).isFile();
}

QString recordingTitle(const RecordingEntry& recording)
{
    const QDate day = recording.started.date();
    const QString time = recording.started.toString(QStringLiteral("HH:mm:ss"));
    if (day == QDate::currentDate())
        return tr("%1 today").arg(time);
    return tr("%1 · %2").arg(QLocale().toString(day, QStringLiteral("d MMM")), time);
}

} // namespace coldframe::ui
