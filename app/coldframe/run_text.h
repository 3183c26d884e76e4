#pragma once

#include <string>
#include <vector>

#include "exit_code.h"
#include "session/snapshot.h"

// What `coldframe run` says, made from one snapshot.
namespace coldframe::commands {

/// Events that were accepted and have not ended: they wait, run or are due to be retried.
std::uint64_t unfinished(const session::Snapshot& snapshot);

/// "12.4 s  1,204 events, 1,180 succeeded, 0 failed, 24 waiting; 10 instances, 8 busy". Of a run
/// that skips idle time it begins "6 h 12 min in 1.4 s".
std::string progressText(const session::Snapshot& snapshot);

/// "214 files already here: process them with --backfill on-upload", one line per folder.
/// Triggers whose files are being processed are not named.
std::string alreadyHereText(const session::Snapshot& snapshot,
                            const std::vector<std::string>& backfilled);

/// {"events":…,"invocations":…,"succeeded":…,"failed":…,"throttled":…,"coldStarts":…,"costUsd":…}
/// and, of a run that skipped idle time, "livedS", "skippedS", "tookS" and "functionsS"; when a
/// limit was passed, "limitsPassed":["--max-errors"].
std::string summaryJson(const session::Snapshot& snapshot,
                        const std::vector<PassedLimit>& passed = {});

/// The same as a table, with the platform whose prices were used and where the recording lies.
std::string summaryText(const session::Snapshot& snapshot);

} // namespace coldframe::commands
