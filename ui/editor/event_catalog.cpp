#include "ui/editor/event_catalog.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSaveFile>

namespace coldframe::ui {

namespace {

constexpr qint64 kLargestEvent = 8LL * 1024 * 1024; ///< above the platforms' own limits

QString tr(const char* source)
{
    return QCoreApplication::translate("EventCatalog", source);
}

/// How well an event suits a function, by what `<name>.expect.json` says: 3 it succeeds, 2 nothing
/// is said, 1 it fails, 0 it is another function's.
int rankByExpectation(QString path, const QString& function)
{
    path.replace(QRegularExpression(QStringLiteral("\\.json$")), QStringLiteral(".expect.json"));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return 2;
    const QJsonObject expected = QJsonDocument::fromJson(file.readAll()).object();
    if (expected.value(QStringLiteral("function")).toString(function) != function)
        return 0;
    const QString status = expected.value(QStringLiteral("status")).toString();
    return status == QLatin1String("succeeded") ? 3 : status.isEmpty() ? 2 : 1;
}

} // namespace

QList<EventEntry> testEvents(const QString& workspaceFolder)
{
    QList<EventEntry> entries;
    const QDir folder(workspaceFolder + QStringLiteral("/events"));
    for (const QFileInfo& file : folder.entryInfoList({QStringLiteral("*.json")}, QDir::Files,
                                                      QDir::Name | QDir::LocaleAware))
        // Beside an event may lie what is expected of it.
        if (!file.fileName().endsWith(QStringLiteral(".expect.json")))
            entries.append({file.fileName(), file.absoluteFilePath(), {}, {}});
    return entries;
}

const EventEntry* firstEventFor(const QList<EventEntry>& entries, const QString& function)
{
    const EventEntry* best = nullptr;
    int bestRank = 0;
    for (const EventEntry& entry : entries) {
        const int rank = entry.title == function + QStringLiteral(".json")
            ? 4
            : rankByExpectation(entry.path, function);
        if (rank > bestRank) {
            best = &entry;
            bestRank = rank;
        }
    }
    return best;
}

QList<EventEntry> eventsOf(const QList<EventEntry>& entries, const QString& function)
{
    QList<EventEntry> own;
    for (const EventEntry& entry : entries)
        if (rankByExpectation(entry.path, function) > 0)
            own.append(entry);
    return own;
}

QList<EventEntry> eventTemplates(const QString& resourceFolder)
{
    QFile index(resourceFolder + QStringLiteral("/events/index.json"));
    if (!index.open(QIODevice::ReadOnly))
        return {};
    const QJsonArray list = QJsonDocument::fromJson(index.readAll())
                                .object()
                                .value(QStringLiteral("templates"))
                                .toArray();
    QList<EventEntry> entries;
    for (const QJsonValue& value : list) {
        const QJsonObject entry = value.toObject();
        const QString file = entry.value(QStringLiteral("file")).toString();
        const QString title = entry.value(QStringLiteral("title")).toString(file);
        if (!file.isEmpty())
            entries.append({title, resourceFolder + QStringLiteral("/events/") + file,
                            entry.value(QStringLiteral("group")).toString(),
                            entry.value(QStringLiteral("description")).toString()});
    }
    return entries;
}

bool readEvent(const QString& path, QString& text, QString& problem)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        problem = tr("%1 cannot be read: %2").arg(path, file.errorString());
        return false;
    }
    if (file.size() > kLargestEvent) {
        problem = tr("%1 is larger than 8 MB, more than any platform takes as an event.").arg(path);
        return false;
    }
    text = QString::fromUtf8(file.readAll());
    return true;
}

bool saveTestEvent(const QString& workspaceFolder, const QString& name, const QString& text,
                   QString& problem)
{
    QString fileName = name.trimmed();
    if (!fileName.endsWith(QStringLiteral(".json")))
        fileName += QStringLiteral(".json");
    if (fileName.contains(QLatin1Char('/')) || fileName.startsWith(QLatin1Char('.'))) {
        problem = tr("A test event's name has no slash and does not begin with a dot.");
        return false;
    }
    QDir folder(workspaceFolder);
    QSaveFile file(folder.filePath(QStringLiteral("events/") + fileName));
    if (!folder.mkpath(QStringLiteral("events")) || !file.open(QIODevice::WriteOnly)
        || file.write(text.toUtf8()) < 0 || !file.commit()) {
        problem = tr("%1 cannot be written: %2").arg(file.fileName(), file.errorString());
        return false;
    }
    return true;
}

} // namespace coldframe::ui
