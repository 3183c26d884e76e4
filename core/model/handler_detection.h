#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/handler_reading.h"
#include "model/workspace.h"

namespace coldframe {

/// A handler that was found in a folder of code.
struct DetectedHandler {
    Runtime runtime = Runtime::Python;
    std::string code; ///< folder, relative to where the search began; "." for that one itself
    /// "app.process", or "orders/create.process" where the module's package lies below `code`;
    /// empty for a `bootstrap`
    std::string handler;
    HandlerReading reading{}; ///< what its source shows; of a `bootstrap` nothing is read
};

/// More than a workspace that somebody wrote by hand holds; the search ends there.
inline constexpr std::size_t kMostHandlers = 64;

/// Names of the functions in a Python source that take an event and a context: top level,
/// `def name(event, context)`, also async, annotated, on several lines, or with `_` before them.
std::vector<std::string> pythonHandlers(std::string_view source);

/// All handlers under `folder`, by path; tests and hidden folders are left out. Exported functions
/// that take neither event nor context count where the whole folder has nothing better.
std::vector<DetectedHandler> detectHandlers(const std::filesystem::path& folder);

} // namespace coldframe
