#include "ui/editor/function_templates.h"

#include <QCoreApplication>
#include <QCryptographicHash>

#include <algorithm>
#include <chrono>

#include "model/json_text.h"
#include "sources/file_event.h"
#include "sources/queue_event.h"
#include "sources/scheduled_event.h"
#include "ui/editor/json_format.h"
#include "ui/stores/object_event.h"
#include "ui/stores/store_names.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr std::size_t kMostLookedAt = 2000; ///< objects, for one that fits
constexpr std::uint64_t kMadeUpBytes = 14;

QString tr(const char* source)
{
    return QCoreApplication::translate("FunctionTemplates", source);
}

TimePoint now()
{
    return std::chrono::time_point_cast<TimePoint::duration>(std::chrono::system_clock::now());
}

QString laidOut(const std::string& json)
{
    const auto parsed = parseJson(json, {});
    return text(parsed ? formatJson(*parsed) : json);
}

/// The object that tells the event what to say; without bytes of its own when it is made up.
struct Subject {
    StoreObject object;
    bool there = false;
};

Subject subjectOf(const FileTrigger& trigger, const std::filesystem::path& folder)
{
    for (const stores::Object& object : firstObjects(folder, trigger.prefix, kMostLookedAt))
        if (sources::matches(trigger, object.key))
            return {{object.key, object.bytes, object.modified, false}, true};
    return {{trigger.prefix + "example" + trigger.suffix, kMadeUpBytes, now(), false}, false};
}

std::string madeUp(const Trigger& trigger, const FileTrigger& file,
                   const std::filesystem::path& folder, const StoreObject& object, bool removed)
{
    if (file.shape == EventShape::Content)
        return "{}";
    if (file.shape == EventShape::Body)
        return sources::bodyEvent("");
    sources::FileEventContext context;
    context.trigger = trigger.name;
    context.store = file.store;
    context.folder = folder;
    sources::FileChange change;
    change.kind = removed ? sources::FileChange::Kind::Removed : sources::FileChange::Kind::Created;
    change.key = object.key;
    change.size = object.bytes;
    change.mtimeNs = object.modified.time_since_epoch().count();
    const TimePoint time = now();
    return sources::notificationEvent(file.shape, change, context, time,
                                      static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

Result<QString> fileEventText(const Trigger& trigger, const FileTrigger& file,
                              const std::filesystem::path& folder, bool removed)
{
    const Subject subject = subjectOf(file, folder);
    if (subject.there && !removed)
        return objectEvent({{}, trigger.name, file.shape}, file.store, folder, subject.object);
    return laidOut(madeUp(trigger, file, folder, subject.object, removed));
}

std::string shapeId(EventShape shape)
{
    switch (shape) {
    case EventShape::S3:
        return "s3";
    case EventShape::EventBridge:
        return "eventbridge-s3";
    case EventShape::CloudEvents:
        return "cloudevents";
    case EventShape::Body:
        return "body";
    case EventShape::Content:
        break;
    }
    return {};
}

QString wordsOf(const FileTrigger& file)
{
    const QString store = text(file.store);
    switch (file.shape) {
    case EventShape::S3:
        return tr("An S3 notification of the first file in “%1” that it fires for.").arg(store);
    case EventShape::EventBridge:
        return tr("EventBridge's event of the first file in “%1” that it fires for.").arg(store);
    case EventShape::CloudEvents:
        return tr("A CloudEvent of the first file in “%1” that it fires for.").arg(store);
    case EventShape::Body:
        return tr("The text of the first file in “%1” that it fires for, as body.").arg(store);
    case EventShape::Content:
        break;
    }
    return tr("The event is the file itself: the JSON in the first file of “%1” that it fires for, "
              "{} while there is none.")
        .arg(store);
}

void addFile(QList<FunctionTemplate>& found, const Workspace& workspace, const Trigger& trigger,
             const FileTrigger& file)
{
    const Store* store = workspace.findStore(file.store);
    const auto* folder = store ? std::get_if<FolderStore>(&store->kind) : nullptr;
    if (!folder)
        return;
    const auto add = [&](const QString& title, bool removed) {
        found.append({title.arg(text(trigger.name), text(file.store)), wordsOf(file),
                      shapeId(file.shape), [trigger, file, path = folder->path, removed] {
                          return fileEventText(trigger, file, path, removed);
                      }});
    };
    if (file.onCreated)
        add(tr("%1: new file in “%2”"), false);
    const bool holdsFile = file.shape == EventShape::Content || file.shape == EventShape::Body;
    if (file.onRemoved && !holdsFile) // of a file that is gone there is nothing to hold
        add(tr("%1: file removed from “%2”"), true);
}

/// A batch of one made-up message.
std::string batchOf(const std::string& queue, bool fifo)
{
    const std::string body = R"({"n": 1})";
    const QByteArray sum
        = QCryptographicHash::hash(QByteArray::fromStdString(body), QCryptographicHash::Md5)
              .toHex();
    sources::QueueRecord record;
    record.messageId = "059f36b4-87a3-44ab-83d2-661975830a7d"; // that of the documentation
    record.body = body;
    record.bodyMd5 = std::string_view(sum.constData(), std::size_t(sum.size()));
    record.receiptHandle = "made-up";
    record.queue = queue;
    record.sentAt = record.firstReceivedAt = now();
    record.fifo = fifo;
    record.group = record.deduplication = fifo ? "example" : "";
    record.sequence = fifo ? 1 : 0;
    return sources::queueEvent({&record, 1});
}

void addQueue(QList<FunctionTemplate>& found, const Workspace& workspace, const Trigger& trigger,
              const QueueTrigger& read)
{
    const Store* store = workspace.findStore(read.store);
    const auto* queue = store ? std::get_if<QueueStore>(&store->kind) : nullptr;
    if (!queue)
        return;
    found.append({tr("%1: message in “%2”").arg(text(trigger.name), text(read.store)),
                  tr("A batch of one message of the queue, as the function gets it."), "sqs",
                  [name = read.store, fifo = queue->fifo]() -> Result<QString> {
                      return laidOut(batchOf(name, fifo));
                  }});
}

} // namespace

QList<FunctionTemplate> functionTemplates(const Workspace& workspace, const std::string& function)
{
    QList<FunctionTemplate> found;
    for (const Trigger& trigger : workspace.triggers) {
        if (trigger.function != function)
            continue;
        if (const auto* file = std::get_if<FileTrigger>(&trigger.kind)) {
            addFile(found, workspace, trigger, *file);
        } else if (const auto* queue = std::get_if<QueueTrigger>(&trigger.kind)) {
            addQueue(found, workspace, trigger, *queue);
        } else if (const auto* schedule = std::get_if<ScheduleTrigger>(&trigger.kind)) {
            const bool own = !schedule->event.empty();
            found.append({tr("%1: %2").arg(text(trigger.name), text(schedule->expression)),
                          own ? tr("The event that the schedule is given in the workspace file.")
                              : tr("The platform's Scheduled Event, as of now."),
                          own ? "" : "scheduled",
                          [name = trigger.name, event = schedule->event]() -> Result<QString> {
                              return laidOut(event.empty() ? sources::scheduledEvent(name, now())
                                                           : event);
                          }});
        } else if (const auto* manual = std::get_if<ManualTrigger>(&trigger.kind)) {
            found.append({tr("%1: by hand").arg(text(trigger.name)),
                          tr("The event that the trigger is given in the workspace file."), "",
                          [event = manual->event]() -> Result<QString> {
                              return laidOut(event.empty() ? "{}" : event);
                          }});
        }
    }
    return found;
}

} // namespace coldframe::ui
