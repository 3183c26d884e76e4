#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "history/attempt_log.h"
#include "history/recording_writer.h"
#include "session/recording_chain.h"

namespace coldframe::session {

/// What one attempt got and gave.
struct AttemptBodies {
    std::string event, result, log, outputs;
};

/// Finds the bodies of a run's attempts in its recordings. A picture of one moment, for any thread.
struct AttemptSource {
    history::AttemptLog::View rows;
    std::vector<RecordingPart> parts; ///< empty when nothing is recorded
    std::shared_ptr<history::RecordingWriter> writer; ///< of the last part

    /// Reads from disk, after the writer has written what waits. What is not recorded, or was
    /// removed since, is empty.
    AttemptBodies load(const history::AttemptRow& row) const;
    /// The events alone, in the same order.
    std::vector<std::string> loadEvents(const std::vector<history::AttemptRow>& attempts) const;

private:
    const std::filesystem::path& folderOf(const history::AttemptRow& row) const;
};

} // namespace coldframe::session
