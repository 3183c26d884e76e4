#pragma once

#include <QString>

#include <optional>
#include <string>

#include "model/error.h"
#include "model/workspace.h"
#include "ui/stores/store_watch.h"

namespace coldframe::ui {

/// Which function an object would go to, and in what shape.
struct ObjectEventTarget {
    QString function; ///< empty: no function is there
    std::string trigger; ///< empty: no trigger wants the object
    EventShape shape = EventShape::S3;
};

/// That of the first trigger that would fire for the object; else `fallback`, as an S3 event.
ObjectEventTarget eventTarget(const Workspace& workspace, const std::string& store,
                              const std::string& key, const QString& fallback);

/// The event that tells of this object, as its trigger would make it, laid out. Reads the object:
/// for its ETag, or for its content. Errors: the file is gone, too large, or no JSON where its
/// content is the event.
Result<QString> objectEvent(const ObjectEventTarget& target, const std::string& store,
                            const std::filesystem::path& folder, const StoreObject& object);

} // namespace coldframe::ui
