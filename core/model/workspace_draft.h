#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/error.h"
#include "model/handler_detection.h"

namespace coldframe {

/// The event a new workspace starts with.
std::string sampleEvent();

/// Text of a `coldframe.json` for these handlers: a function each, a manual trigger each with the
/// sample event. Two-space indent, keys in the order of docs/WORKSPACE.md; it reads without errors.
std::string proposeWorkspace(const std::string& name, const std::vector<DetectedHandler>& handlers);

/// What initWorkspace() made.
struct NewWorkspace {
    std::vector<DetectedHandler> handlers;
    std::vector<std::string> functions; ///< their names, in the order of `handlers`
    std::vector<std::filesystem::path> written;
};

/// Looks for handlers in `folder` and writes coldframe.json and, unless there is one,
/// events/sample.json. Touches nothing else; after an error nothing has changed.
/// Errors: no such folder, coldframe.json already there (Duplicate), no handler found (Missing).
Result<NewWorkspace> initWorkspace(const std::filesystem::path& folder);

} // namespace coldframe
