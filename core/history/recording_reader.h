#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/configuration.h"
#include "history/action_digest.h"
#include "history/attempt_log.h"
#include "history/batch_file.h"
#include "history/input_batch.h"
#include "history/recording_header.h"

namespace coldframe::history {

/// The engine between two inputs: after `row` of them.
struct RecordedCheckpoint {
    std::uint64_t row = 0;
    TimePoint at{};
    ActionDigest digest;
    bool isEnd = false; ///< the recording was closed here; no state
    std::span<const std::byte> state; ///< lives as long as the reader
};

/// Rows of inputs.cfr, one by one.
class InputCursor {
public:
    InputCursor(std::span<const Batch> batches, std::uint64_t from);
    /// Nothing at the end, and where a batch cannot be read: then damaged() is true.
    std::optional<RecordedInput> next();
    bool damaged() const { return m_damaged; }

private:
    std::span<const Batch> m_rest;
    std::optional<InputDecoder> m_decoder;
    bool m_damaged = false;
};

/// A finished recording, or what has been written of one under way. Files are mapped, not loaded.
class RecordingReader {
public:
    /// Errors: a file is missing, the recording was written by a newer version, the header cannot
    /// be read. A torn or damaged tail is no error: see warnings().
    static Result<RecordingReader> open(const std::filesystem::path& folder);

    const RecordingHeader& header() const { return m_header; }
    const std::vector<engine::Configuration>& configurations() const { return m_configurations; }
    const std::vector<RecordedCheckpoint>& checkpoints() const { return m_checkpoints; }
    bool closedInOrder() const; ///< false: interrupted, stopped, or still under way
    const std::vector<Error>& warnings() const { return m_warnings; }

    std::uint64_t inputCount() const { return m_inputs.rows(); }
    /// Errors: the program that recorded them knew other inputs.
    Result<InputCursor> inputs(std::uint64_t from = 0) const;

    std::uint64_t attemptCount() const { return m_attempts.rows(); }
    /// Appends all rows, oldest first.
    void readAttempts(AttemptLog& log) const;
    /// Errors: not recorded, or lost with a torn tail.
    Result<std::string> blob(BlobRef ref) const;

private:
    Result<void> readConfigurations(const std::filesystem::path& folder);
    void readCheckpoints();

    std::filesystem::path m_folder;
    RecordingHeader m_header;
    std::vector<engine::Configuration> m_configurations;
    std::vector<RecordedCheckpoint> m_checkpoints;
    std::vector<Error> m_warnings;
    BatchFile m_inputs, m_attempts, m_checkpointFile;
    MappedFile m_blobs;
};

} // namespace coldframe::history
