#pragma once

#include <QList>
#include <QString>

namespace coldframe::ui {

/// One event a user can start from.
struct EventEntry {
    QString title; ///< "seed.json", "S3 object created"
    QString path;
    QString group; ///< of a template: "Files"
    QString description; ///< of a template, one or two sentences
};

/// The workspace's own test events, `events/*.json`, by name.
QList<EventEntry> testEvents(const QString& workspaceFolder);
/// The one a function starts with: of its own name, else one that is expected to succeed with it,
/// else the first that is not another function's. Null when there is none.
const EventEntry* firstEventFor(const QList<EventEntry>& entries, const QString& function);
/// Those that are not said to be another function's, by what is expected of them.
QList<EventEntry> eventsOf(const QList<EventEntry>& entries, const QString& function);
/// The shipped templates, as resources/events/index.json lists them.
QList<EventEntry> eventTemplates(const QString& resourceFolder);
/// Text of an event file, or a message; nothing over 8 MB is read.
bool readEvent(const QString& path, QString& text, QString& problem);
/// Writes `events/<name>.json`, wholly or not at all.
bool saveTestEvent(const QString& workspaceFolder, const QString& name, const QString& text,
                   QString& problem);

} // namespace coldframe::ui
