#pragma once

#include <filesystem>
#include <vector>

#include "model/error.h"
#include "model/new_files.h"
#include "model/time.h"
#include "model/workspace_draft.h"

namespace coldframe::session {

/// How a folder of code becomes a workspace: shown first, written when somebody agrees.
struct BringPlan {
    std::filesystem::path folder; ///< as given
    WorkspaceDraft draft;
    /// coldframe.json last, so that whoever waits for it finds the rest; none of them is there yet.
    std::vector<NewFile> files;
    /// Whether a sample was there already, of which nothing is expected: `test` would not run it.
    bool lacksExpectation = false;
};

/// Looks for handlers in a folder and plans their workspace: coldframe.json; a test event of the
/// shape that each handler takes, with the values that it looks up and an expectation; and a small
/// object for a handler that reads one, unless its store has some. Reads sources as text: nothing
/// runs, nothing is written.
///
/// @param resources  The folder with events/, see findResources().
/// @param now        Goes into the events.
/// Errors: no such folder, coldframe.json already there (Duplicate), no handler found (Missing).
Result<BringPlan> planBring(const std::filesystem::path& folder,
                            const std::filesystem::path& resources, TimePoint now);

/// Writes the planned files, all or none; no file that is there is touched. Tells what was written,
/// coldframe.json first.
Result<std::vector<std::filesystem::path>> bring(const BringPlan& plan);

} // namespace coldframe::session
