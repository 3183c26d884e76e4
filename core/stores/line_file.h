#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "model/error.h"
#include "model/time.h"

namespace coldframe::stores {

/// When a file ends and another begins, looked at before each line. Zero: never.
struct Rotation {
    std::uint64_t bytes = 0; ///< before it would become larger; a single line may be
    Duration age{}; ///< since it was made, by the clock on the wall
};

struct Appended {
    std::uint64_t removed = 0; ///< bytes of a torn line, left by a writer that died
};

/// Appends to JSON-lines files of a folder. Each line is locked (flock), written in one go and
/// taken back if it does not fit, so readers and other writers see whole lines. What a killed
/// writer left at the end is removed before the next line: its event is delivered again. A whole
/// object or list that only lacks its newline is kept. Safe to use from any thread.
class LineFiles {
public:
    /// `sync`: append() returns only when the line would survive a loss of power.
    explicit LineFiles(std::filesystem::path folder, bool sync = false)
        : m_folder(std::move(folder)), m_sync(sync)
    {
    }

    /// `line` is JSON in one line, without its end. The file that ends is renamed:
    /// "a/b.jsonl" → "a/b.20260304T091507Z.jsonl".
    /// Errors: a key that is none; Unavailable when another program keeps the file locked;
    /// Conflict when it is no file of lines; what the system refuses.
    Result<Appended> append(const std::string& key, std::string_view line,
                            const Rotation& rotation = {});

private:
    std::filesystem::path m_folder;
    bool m_sync;
    std::mutex m_mutex; ///< flock alone would let two of our threads wait for each other
};

} // namespace coldframe::stores
