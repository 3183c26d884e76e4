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
    std::string handler; ///< "app.process"; empty for a `bootstrap`
    HandlerReading reading{}; ///< what its source shows; of a `bootstrap` nothing is read
};

/// More than a workspace that somebody wrote by hand holds; the search ends there.
inline constexpr std::size_t kMostHandlers = 64;

/// Names of the functions in a Python source that take an event and a context: top level,
/// `def name(event, context)`, also async, annotated, on several lines, or with `_` before them.
std::vector<std::string> pythonHandlers(std::string_view source);

/// Names of the functions that a JavaScript source exports: `exports.name =`,
/// `export const name =`, `export async function name(`, `module.exports = { name`.
/// What is plainly no function (a number, a text, a list) is left out.
std::vector<std::string> nodeHandlers(std::string_view source);

/// All handlers under `folder`, by path; tests and hidden folders are left out.
std::vector<DetectedHandler> detectHandlers(const std::filesystem::path& folder);

} // namespace coldframe
