#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/error.h"
#include "model/time.h"

// A recording is a folder: header.json, configurations.jsonl (one a line, in order of revision),
// inputs.cfr, attempts.cfr, checkpoints.cfr and blobs.bin.
namespace coldframe::history {

inline constexpr const char* kHeaderFile = "header.json";
inline constexpr const char* kConfigurationsFile = "configurations.jsonl";
inline constexpr const char* kInputsFile = "inputs.cfr";
inline constexpr const char* kAttemptsFile = "attempts.cfr";
inline constexpr const char* kCheckpointsFile = "checkpoints.cfr";
inline constexpr const char* kBlobsFile = "blobs.bin";
/// 1: the first. 2: rows of attempts tell what was read from and written into stores; they are
/// longer, and those of format 1 are read as well.
inline constexpr int kRecordingFormat = 3;

/// What a recording says about itself.
struct RecordingHeader {
    std::string program; ///< version of Coldframe that wrote it
    TimePoint startedAt{};
    std::uint64_t seed = 0;
    std::string fidelity; ///< "desk" or "platform"
    std::string workspace; ///< text of coldframe.json
    std::string platform; ///< text of the platform file
    std::string priceBook; ///< text of the price book
    std::vector<std::string> environment; ///< names of variables; values are never recorded
    /// Fingerprint of the engine's inputs as this program lays them out: the writer sets it.
    std::uint64_t inputLayout = 0;
};

/// Of this program.
std::uint64_t inputLayout();

std::string toJson(const RecordingHeader& header);

/// Errors: no such file, not JSON, a key missing, written by a newer version.
Result<RecordingHeader> readHeader(const std::filesystem::path& folder);

} // namespace coldframe::history
