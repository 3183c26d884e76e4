#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "history/attempt_row.h"
#include "history/batch_file.h"
#include "history/input_batch.h"
#include "history/recording_header.h"

namespace coldframe::history {

/// What goes before the engine's state in a batch of checkpoints.cfr.
struct CheckpointHead {
    std::int64_t at = 0; ///< nanoseconds since the epoch
    std::uint64_t digest = 0;
    std::uint64_t actions = 0;
    std::uint64_t isEnd = 0; ///< 1: the recording was closed here; without a state
};

/// What waits to be written.
struct Waiting {
    struct Checkpoint {
        std::uint64_t row = 0;
        CheckpointHead head;
        std::vector<std::byte> state;
    };
    std::vector<RecordedInput> inputs;
    std::vector<AttemptRow> attempts;
    std::vector<std::string> blobs; ///< contiguous pieces, in order
    std::vector<std::string> configurations; ///< lines of JSON
    std::vector<Checkpoint> checkpoints;
    std::size_t bytes = 0;

    bool empty() const { return bytes == 0; }
    void clear(); ///< keeps the memory of rows
};

/// The open files of a recording under way. Used by one thread.
class RecordingFiles {
public:
    static Result<RecordingFiles> create(const std::filesystem::path& folder,
                                         const RecordingHeader& header);

    /// Writes all that is given and clears it; rows that do not fill a batch are kept back unless
    /// `all`, so that without hurry the same rows give the same files.
    Result<void> write(Waiting& waiting, bool all);
    bool keepsRowsBack() const { return !m_inputRows.empty() || !m_attemptRows.empty(); }
    std::uint64_t bytes() const;

private:
    Result<void> writeInputs(bool all);
    Result<void> writeAttempts(bool all);
    Result<void> writeCheckpoints();

    AppendFile m_header, m_configurations, m_inputs, m_attempts, m_checkpoints, m_blobs;
    std::vector<RecordedInput> m_inputRows;
    std::vector<AttemptRow> m_attemptRows;
    std::deque<Waiting::Checkpoint> m_checkpointsHeld;
    std::uint64_t m_inputsWritten = 0, m_attemptsWritten = 0;
    std::vector<std::byte> m_buffer;
};

} // namespace coldframe::history
