#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>

#include "engine/engine.h"
#include "history/recording_reader.h"

namespace coldframe::history {

struct ReplayOptions {
    /// Index into RecordingReader::checkpoints() to start from; the first by default.
    std::size_t checkpoint = 0;
    /// Called after every step, with the actions it gave.
    std::function<void(const RecordedInput&, std::span<const engine::Action>)> onStep{};
    std::stop_token stop{};
};

struct ReplayReport {
    std::uint64_t rows = 0; ///< inputs fed
    std::uint64_t compared = 0; ///< checkpoints whose digest was compared, the end included
    ActionDigest digest; ///< of the whole run, up to where the replay came
    bool complete = false; ///< came to the end of a recording that was closed in order
    /// Where the recorded and the replayed run are known to differ for the first time: between the
    /// checkpoint before this one and this one.
    std::optional<RecordedCheckpoint> firstDifference;

    bool equal() const { return !firstDifference; }
};

/// Feeds the recorded inputs, at their times, to a fresh engine and compares what it decides with
/// what the live run decided. Errors: the recording comes from an engine this program does not
/// know, or refers to something that was not recorded.
Result<ReplayReport> replay(const RecordingReader& recording, const ReplayOptions& options = {});

} // namespace coldframe::history
