#include "ui/stores/object_event.h"

#include <QCryptographicHash>
#include <QFile>

#include "model/json_text.h"
#include "sources/file_event.h"
#include "ui/editor/json_format.h"
#include "ui/support/format.h"

namespace coldframe::ui {

namespace {

constexpr std::uint64_t kMostContent = 6u << 20; ///< of a synchronous call, as on the platform
constexpr qint64 kLargestSummed = 8 << 20; ///< bytes; larger ones have a stand-in, docs/STORES.md

/// MD5 of the bytes; empty of a large file or one that cannot be read.
std::string etagOf(const std::filesystem::path& path)
{
    QFile file(text(path.string()));
    QCryptographicHash sum(QCryptographicHash::Md5);
    if (!file.open(QFile::ReadOnly) || file.size() > kLargestSummed || !sum.addData(&file))
        return {};
    return sum.result().toHex().toStdString();
}

} // namespace

ObjectEventTarget eventTarget(const Workspace& workspace, const std::string& store,
                              const std::string& key, const QString& fallback)
{
    for (const Trigger& trigger : workspace.triggers) {
        const auto* file = std::get_if<FileTrigger>(&trigger.kind);
        if (file && file->store == store && sources::matches(*file, key))
            return {text(trigger.function), trigger.name, file->shape};
    }
    return {fallback, {}, EventShape::S3};
}

Result<QString> objectEvent(const ObjectEventTarget& target, const std::string& store,
                            const std::filesystem::path& folder, const StoreObject& object)
{
    sources::FileEventContext context;
    context.trigger = target.trigger;
    context.store = store;
    context.folder = folder;
    context.etag = [&folder](const std::string& key) { return etagOf(folder / key); };
    sources::FileChange change;
    change.key = object.key;
    change.size = object.bytes;
    change.mtimeNs = object.modified.time_since_epoch().count();
    // As if it had just been written: the event's time and number are those of the object.
    const auto event = sources::fileEvent(target.shape, change, context, object.modified,
                                          static_cast<std::uint64_t>(change.mtimeNs), kMostContent);
    if (!event)
        return tl::unexpected(event.error());
    const auto parsed = parseJson(*event, {});
    return parsed ? text(formatJson(*parsed)) : text(*event);
}

} // namespace coldframe::ui
